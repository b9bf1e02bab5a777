"""Picture files: written so that a crash leaves either nothing or the whole file."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import UUID

from app.errors import StorageError

__all__ = ["PictureFiles"]

_TEMPORARY = ".part-"


class PictureFiles:
    """The folder of files named <uuid>.png."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, picture_id: UUID) -> Path:
        """Return where a picture's file is, or would be."""
        return self.folder / f"{picture_id}.png"

    def read(self, picture_id: UUID) -> bytes | None:
        """Return a file's bytes, or None if it has vanished."""
        try:
            return self.path(picture_id).read_bytes()
        except OSError:
            return None

    def write(self, picture_id: UUID, content: bytes) -> None:
        """Write a file and wait until it is on the disk; raises StorageError."""
        with _reported("The picture could not be saved"):
            self.folder.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self.folder, prefix=_TEMPORARY)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                Path(name).replace(self.path(picture_id))
                self._sync_folder()
            except BaseException:
                for path in (Path(name), self.path(picture_id)):
                    with suppress(OSError):
                        path.unlink()
                raise

    def delete(self, picture_id: UUID) -> None:
        """Delete a file; what cannot be deleted now, the sweep at the next start will."""
        with suppress(OSError):
            self.path(picture_id).unlink()

    def listed(self) -> dict[UUID, float]:
        """Return all pictures' ids with the time of each file's last change.

        Raises StorageError if the folder cannot be read.
        """
        found: dict[UUID, float] = {}
        for entry in self._entries():
            with suppress(ValueError, OSError):
                if entry.name.endswith(".png"):
                    found[UUID(entry.name.removesuffix(".png"))] = entry.stat().st_mtime
        return found

    def delete_temporary(self, before: float) -> None:
        """Delete what a killed process left half-written before a moment."""
        for entry in self._entries():
            with suppress(OSError):
                if entry.name.startswith(_TEMPORARY) and entry.stat().st_mtime < before:
                    Path(entry.path).unlink()

    def _entries(self) -> list[os.DirEntry[str]]:
        with (
            _reported("The folder of saved images cannot be read"),
            suppress(FileNotFoundError),
            os.scandir(self.folder) as entries,
        ):
            return list(entries)
        return []

    def _sync_folder(self) -> None:
        # Windows cannot open a folder, and does not need to.
        if hasattr(os, "O_DIRECTORY"):
            handle = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


@contextmanager
def _reported(what: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageError(
            f"{what}: {error.strerror}. Nothing was changed; try again later."
        ) from error
