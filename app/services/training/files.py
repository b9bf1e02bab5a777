"""What runs have on the disk: an archive that was sent, and a folder while they are at work."""

from __future__ import annotations

import shutil
import time
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from typing import Protocol
from uuid import UUID

from app.errors import StorageError
from cnn.files import atomic_file

__all__ = ["Readable", "RunFiles"]

_ARCHIVE = ".zip"
_BLOCK = 1 << 16
#: An archive is there before its run is; what is older belongs to none.
_RECENT = 3600.0


class Readable(Protocol):
    """What an archive is read from."""

    def read(self, size: int, /) -> bytes:
        """Return at most so many bytes; none at the end."""


class RunFiles:
    """The folder of runs.

    Parameters
    ----------
    folder : Path
        Where the runs that are at work have a folder each.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def folder(self, run_id: UUID) -> Path:
        """Return where a run's folder is, or would be."""
        return self._folder / str(run_id)

    def unfinished(self, run_id: UUID) -> Path:
        """Return where a run's folder is until all that it needs is in it."""
        return self._folder / f"{run_id}.new"

    def archive(self, run_id: UUID) -> Path:
        """Return where the archive is that a run learns from, or would be."""
        return self._folder / f"{run_id}{_ARCHIVE}"

    def count_archives(self) -> int:
        """Return how many archives wait for their runs."""
        return sum(path.suffix == _ARCHIVE for path in self.names())

    def keep_archive(self, run_id: UUID, content: Readable) -> Path:
        """Keep an archive until its run has ended, and return where. Raises StorageError."""
        path = self.archive(run_id)
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with atomic_file(path, mode=0o600) as file:
                while block := content.read(_BLOCK):
                    file.write(block)
        except OSError as error:
            raise StorageError("run_unwritable", problem=error.strerror or str(error)) from error
        return path

    def drop_archive(self, run_id: UUID) -> None:
        """Delete a run's archive, if there is one."""
        with suppress(OSError):
            self.archive(run_id).unlink(missing_ok=True)

    def forget(self, run_id: UUID) -> None:
        """Delete all that a run has."""
        for folder in (self.folder(run_id), self.unfinished(run_id)):
            shutil.rmtree(folder, ignore_errors=True)
        self.drop_archive(run_id)

    def names(self) -> list[Path]:
        """Return all that is there."""
        return list(self._folder.iterdir()) if self._folder.is_dir() else []

    def sweep(self, found: Collection[Path], at_work: Collection[str]) -> None:
        """Delete what was found unless it belongs to a run that is at work, by its id.

        An archive is left for an hour, as its run may be about to begin.
        """
        for path in found:
            if path.stem in at_work or path.name.partition(".")[0] in at_work:
                continue
            with suppress(OSError):
                if path.is_dir():
                    shutil.rmtree(path, ignore_errors=True)
                elif time.time() - path.stat().st_mtime > _RECENT:
                    path.unlink()
