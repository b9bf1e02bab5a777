"""Where the files of a data set lie, and how they come there."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cnn.data.download import cache_folder, download_file
from cnn.errors import DataError

__all__ = ["Home", "check_digest"]


@dataclass(frozen=True)
class Home:
    """The folder of a data set's files.

    Attributes
    ----------
    path : Path
        The folder, which need not exist.
    may_download : bool
        Whether files that are missing may be fetched.
    """

    path: Path
    may_download: bool

    @classmethod
    def choose(
        cls, name: str, folder: str | os.PathLike[str] | None, download: bool | None
    ) -> Home:
        """Return the folder that was named, or the data set's own in the person's cache.

        Parameters
        ----------
        name : str
            The data set's name in the cache, such as ``"mnist"``.
        folder : path or None
            The folder that was named.
        download : bool or None
            Whether files may be fetched. None: into the cache only; nothing is put into a
            folder that was named.
        """
        path = cache_folder(name) if folder is None else Path(folder)
        return cls(path, folder is None if download is None else download)

    def fetch(
        self,
        digests: Mapping[Path, str],
        mirrors: Sequence[str],
        *,
        missing: str,
        gzipped: bool = False,
        progress: bool = True,
    ) -> None:
        """Download files that are not there.

        Parameters
        ----------
        digests : mapping of Path to str
            Where each goes, under its name at the mirrors, and its SHA-256.
        mirrors : sequence of str
            URLs that the names are put behind.
        missing : str
            What is said to be missing where nothing may be downloaded.
        gzipped, progress : bool
            As for `download_file`.

        Raises
        ------
        DataError
            A file may not or cannot be downloaded.
        """
        if not self.may_download:
            raise DataError(
                f"{missing}. Put what is missing there, name another folder, or allow the download."
            )
        for path, sha256 in digests.items():
            urls = [mirror + path.name for mirror in mirrors]
            download_file(path, urls, sha256=sha256, gzipped=gzipped, progress=progress)


def check_digest(data: bytes | bytearray, sha256: str, *, name: str, owner: str) -> None:
    """Raise a DataError unless the bytes of a file of a data set are the right ones.

    Parameters
    ----------
    data : bytes or bytearray
        The file's contents, unpacked.
    sha256 : str
        The digest expected, in lower-case hexadecimal.
    name, owner : str
        What to call the file, and the data set, in the message.
    """
    found = hashlib.sha256(data).hexdigest()
    if found != sha256:
        raise DataError(
            f"{name} is damaged or not {owner}'s: the SHA-256 of its unpacked bytes is {found}, "
            f"not {sha256}. Delete it and run again, or replace it."
        )
