"""The spool: what was uploaded, on the disk until it is imported or given up.

An upload is a folder of pieces. A piece is a file that comes in slices, or many small files
in an archive of the server's own. Pieces have numbers, so that one can be sent again after a
lost line. What files are called never becomes a path.
"""

from __future__ import annotations

import os
import shutil
import zipfile
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from app.errors import StorageError, UploadError
from cnn.files import atomic_file, write_atomically

__all__ = ["LONGEST_NAME", "FileSink", "Piece", "Spool"]

#: Characters of a file's name that are kept, the last ones.
LONGEST_NAME = 200

_MOST_PIECES = 100_000
_BATCH, _FILE, _NAME, _SIZE = ".batch", ".file", ".name", ".size"
_ACCEPTED = "accepted"
_BLOCK = 1 << 16


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True)
class Piece:
    """A piece of an upload: a file with its name, or a batch of files, which has none."""

    number: int
    path: Path
    name: str | None
    #: How many bytes the file has where it comes from, if that was said.
    size: int | None = None

    @property
    def is_whole(self) -> bool:
        """Whether all of it has come, as far as that is known."""
        return self.size is None or self.path.stat().st_size == self.size


class FileSink:
    """Takes the files of a batch, one after the other."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.count = 0

    @contextmanager
    def file(self, name: str) -> Iterator[Callable[[bytes], Any]]:
        """Open the next file, whose content the function takes."""
        # The name of an entry is its number: a person's may be anything, and twice the same.
        entry = zipfile.ZipInfo(str(self.count))
        entry.comment = name[-LONGEST_NAME:].encode("utf-8", "replace")
        with self._archive.open(entry, "w", force_zip64=True) as file:
            yield file.write
        self.count += 1


class Spool:
    """The folder of uploads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def batch(self, upload_id: UUID, number: int) -> Iterator[FileSink]:
        """Store a batch of files as a piece, or nothing after an error.

        One of the same number is replaced. Raises StorageError.
        """
        path = self._piece(upload_id, number, _BATCH)
        with (
            _reported(),
            atomic_file(path, mode=0o600) as file,
            zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive,
        ):
            yield FileSink(archive)

    def write_slice(
        self,
        upload_id: UUID,
        number: int,
        name: str,
        offset: int,
        content: _Readable,
        *,
        size: int | None = None,
    ) -> int:
        """Store a slice of a file, and return how much of the file is there.

        A slice that was there already is written again; `size` is that of the whole file. Raises
        UploadError if an earlier one is missing; StorageError.
        """
        path = self._piece(upload_id, number, _FILE)
        with _reported():
            if offset == 0:
                shown = name[-LONGEST_NAME:].encode("utf-8", "replace")
                write_atomically(path.with_suffix(_NAME), shown, mode=0o600)
            if size is not None:
                write_atomically(path.with_suffix(_SIZE), b"%d" % size, mode=0o600)
            path.touch(mode=0o600)
            with path.open("r+b") as file:
                if offset > file.seek(0, os.SEEK_END):
                    raise UploadError("upload_slice_missing", offset=path.stat().st_size)
                file.seek(offset)
                while block := content.read(_BLOCK):
                    file.write(block)
                file.flush()
                os.fsync(file.fileno())
                return file.seek(0, os.SEEK_END)

    def pieces(self, upload_id: UUID) -> list[Piece]:
        """Return the pieces of an upload in the order of their numbers; raises StorageError."""
        found: list[Piece] = []
        folder = self._path(upload_id)
        if not folder.is_dir():
            return found  # nothing has come yet
        with _reported():
            for path in folder.iterdir():
                if path.stem.isdigit() and path.suffix == _BATCH:
                    found.append(Piece(int(path.stem), path, None))
                elif path.stem.isdigit() and path.suffix == _FILE:
                    name = path.with_suffix(_NAME).read_text("utf-8")
                    told = path.with_suffix(_SIZE)
                    size = int(told.read_bytes()) if told.exists() else None
                    found.append(Piece(int(path.stem), path, name, size))
        return sorted(found, key=lambda piece: (piece.number, piece.path.suffix))

    def size(self, upload_id: UUID) -> int:
        """Return how many bytes were uploaded."""
        with suppress(OSError):
            paths = list(self._path(upload_id).iterdir())
            return sum(path.stat().st_size for path in paths if path.suffix in (_BATCH, _FILE))
        return 0

    def accepted(self, upload_id: UUID) -> Path:
        """Return where the file of what will be imported is, or would be."""
        return self._path(upload_id) / _ACCEPTED

    def drop_pieces(self, upload_id: UUID) -> None:
        """Delete what was uploaded, once it has been checked."""
        with suppress(OSError):
            for path in self._path(upload_id).iterdir():
                if path.name != _ACCEPTED:
                    path.unlink(missing_ok=True)

    def delete(self, upload_id: UUID) -> None:
        """Delete all of an upload."""
        shutil.rmtree(self._path(upload_id), ignore_errors=True)

    def sweep(self, known: Collection[UUID], *, before: float) -> None:
        """Delete the folders of uploads that are not known and that nobody touched lately."""
        with suppress(OSError):
            for path in list(self._folder.iterdir()):
                with suppress(ValueError, OSError):
                    if UUID(path.name) not in known and path.stat().st_mtime < before:
                        shutil.rmtree(path, ignore_errors=True)

    def _piece(self, upload_id: UUID, number: int, suffix: str) -> Path:
        if not 0 <= number < _MOST_PIECES:
            raise UploadError("upload_piece_number", most=_MOST_PIECES - 1)
        folder = self._path(upload_id)
        with _reported():
            folder.mkdir(parents=True, exist_ok=True)
        return folder / f"{number}{suffix}"

    def _path(self, upload_id: UUID) -> Path:
        return self._folder / str(upload_id)


@contextmanager
def _reported() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageError("upload_unwritable", problem=error.strerror or str(error)) from error
