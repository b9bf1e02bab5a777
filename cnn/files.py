"""Atomic files: whole or absent, whenever the program or the machine stops."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

__all__ = ["atomic_file", "write_atomically", "write_many_atomically"]

_WAITING = 8  # files that are waited for at once


@contextmanager
def atomic_file(
    path: str | os.PathLike[str],
    *,
    overwrite: bool = True,
    mode: int = 0o644,
    prefix: str | None = None,
) -> Iterator[IO[bytes]]:
    """Open a temporary file that is synced to the disk and renamed when the block ends.

    Parameters
    ----------
    path : path
        In a folder that is there.
    overwrite : bool
        Whether it replaces a file that has the name; at every moment either the old or the
        whole new one is there.
    mode : int
        The file's permissions.
    prefix : str or None
        Prefix of the temporary file's name; by default a dot and the file's name.

    Yields
    ------
    binary file
        To be written to.

    Raises
    ------
    FileExistsError
        If the file exists and must not be overwritten.
    OSError
        If the file cannot be written. Then, as after any error within the block, nothing
        that is new is left behind.
    """
    path = Path(path)
    is_new = not path.exists()
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=prefix or f".{path.name}-")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(mode)
        if overwrite:
            temporary.replace(path)
        else:
            _publish(temporary, path)
        _sync_folder(path.parent, undo=path if is_new else None)
    finally:
        with suppress(OSError):
            temporary.unlink()


def write_atomically(
    path: str | os.PathLike[str],
    content: bytes,
    *,
    overwrite: bool = True,
    mode: int = 0o644,
    prefix: str | None = None,
) -> None:
    """Write a whole file with `atomic_file`."""
    with atomic_file(path, overwrite=overwrite, mode=mode, prefix=prefix) as file:
        file.write(content)


def write_many_atomically(
    folder: str | os.PathLike[str],
    contents: Mapping[str, bytes],
    *,
    mode: int = 0o644,
    prefix: str = ".part-",
) -> None:
    """Write many whole files into a folder, and wait for the disk as if for a few of them.

    Parameters
    ----------
    folder : path
        It is there.
    contents : mapping of str to bytes
        The content of each file by its name; one that is there is replaced.
    mode : int
        The files' permissions.
    prefix : str
        Prefix of the temporary files' names.

    Raises
    ------
    OSError
        A file cannot be written. Each file is then there whole, or as it was before.
    """
    written: list[tuple[Path, Path, int]] = []
    try:
        for name, content in contents.items():
            handle, temporary = tempfile.mkstemp(dir=folder, prefix=prefix)
            written.append((Path(temporary), Path(folder) / name, handle))
            with os.fdopen(os.dup(handle), "wb") as file:
                file.write(content)
            written[-1][0].chmod(mode)
        # Those who wait together wait for one entry in the file system's journal.
        with ThreadPoolExecutor(_WAITING) as executor:
            for _ in executor.map(os.fsync, [handle for _, _, handle in written]):
                pass
        for temporary_path, path, _ in written:
            temporary_path.replace(path)
        _sync_folder(Path(folder), undo=None)
    finally:
        for temporary_path, _, handle in written:
            os.close(handle)
            with suppress(OSError):
                temporary_path.unlink()


def _publish(temporary: Path, path: Path) -> None:
    """Rename a file, unless the new name exists."""
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise
    except OSError:
        # A file system without links. Windows does not rename over what is there.
        if path.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from None
        temporary.rename(path)


def _sync_folder(folder: Path, *, undo: Path | None) -> None:
    """Sync a folder's entries to the disk; remove the file if that fails."""
    if not hasattr(os, "O_DIRECTORY"):  # Windows cannot open a folder, and does not need to
        return
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    except BaseException:
        if undo is not None:
            with suppress(OSError):
                undo.unlink()
        raise
