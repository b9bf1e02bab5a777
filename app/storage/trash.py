"""The trash: what the program removes by itself, in a folder for each day, for 30 days."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from app.storage.database import utc_now

__all__ = ["Trash"]

_log = logging.getLogger(__name__)

_KEPT = timedelta(days=30)


class Trash:
    """Folders named by dates; files can be taken out by hand."""

    def __init__(self, folder: Path, clock: Callable[[], datetime] = utc_now) -> None:
        self.folder = folder
        self._clock = clock

    def put(self, path: Path) -> Path:
        """Move a file or folder into the trash and return its new path; raises OSError."""
        day = self.folder / self._clock().date().isoformat()
        day.mkdir(parents=True, exist_ok=True)
        target = day / path.name
        if target.exists():
            target = day / f"{path.stem}-{uuid4().hex[:8]}{path.suffix}"
        shutil.move(path, target)
        return target

    def write_down(self, name: str, line: str) -> Path:
        """Append a line to a file in the trash, sync it, and return its path.

        Raises OSError.
        """
        path = self.folder / self._clock().date().isoformat() / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")
            file.flush()
            os.fsync(file.fileno())
        return path

    def copies(self, picture_id: UUID) -> Iterator[Path]:
        """Yield the copies of a picture's file."""
        for _, day in self._days():
            yield from day.glob(f"{picture_id}*")

    def forget(self, picture_id: UUID) -> None:
        """Delete all copies of a picture for good, because its owner deleted it."""
        for path in self.copies(picture_id):
            _delete(path)

    def files(self) -> Iterator[Path]:
        """Yield all files in the trash."""
        for _, day in self._days():
            yield from (path for path in day.iterdir() if path.is_file())

    def empty(self) -> None:
        """Delete what has been in the trash for more than 30 days."""
        latest = self._clock().date() - _KEPT
        for thrown, day in self._days():
            if thrown < latest:
                _delete(day)

    def _days(self) -> Iterator[tuple[date, Path]]:
        with suppress(FileNotFoundError, NotADirectoryError):
            for path in sorted(self.folder.iterdir()):
                with suppress(ValueError):
                    yield date.fromisoformat(path.name), path


def _delete(path: Path) -> None:
    try:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
    except OSError as error:
        _log.warning("%s cannot be deleted: %s", path, error.strerror)
