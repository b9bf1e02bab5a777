"""Putting right, at every start, what a killed process left of pictures."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from app.database import reading, utc_now
from app.errors import StorageError
from app.models import Picture
from app.services.identity import MOST_MISSING
from app.services.images import ImageStore
from app.services.rows import read_ids

__all__ = ["YOUNG", "Sweeper", "most_orphans"]

_log = logging.getLogger(__name__)

#: Seconds: another process may be about to write the row of a file that is younger.
YOUNG = 3600

_ALWAYS_SWEPT = 16  # files: what being killed twice can leave with eight threads
_REMEDY = (
    "Nothing was changed. See what is wrong with: flask --app wsgi check. "
    "If all of it shall go: flask --app wsgi check --repair --many."
)


def most_orphans(files: int) -> int:
    """Return how many of so many files the program throws away without being told to.

    Being killed again and again can leave one for every few pictures; more means that
    the rows have gone, not that the files are too many.
    """
    return max(_ALWAYS_SWEPT, files // 4)


class Sweeper:
    """Moves files without a row to the trash, and removes rows without a file."""

    def __init__(self, images: ImageStore, clock: Callable[[], datetime] = utc_now) -> None:
        self._images = images
        self._files = images.files
        self._clock = clock

    def sweep(self) -> str:
        """Put things right and return what was done, in words; raises StorageError.

        Files younger than an hour and labelled rows are left alone. Where more than a
        small share would go, in either direction, nothing is changed.
        """
        old = self._clock().timestamp() - YOUNG
        files = self._files.listed()
        with reading() as session:
            rows = read_ids(session)
            count = session.scalar(select(func.count()).select_from(Picture)) or 0
        missing = rows - files.keys()
        orphans = [i for i in files.keys() - rows if files[i] < old]
        if count > len(rows):
            _log.error(
                "%d rows of pictures cannot be read, so files without a row stay. "
                "See which: flask --app wsgi check.",
                count - len(rows),
            )
            orphans = []  # one of them may be the file of such a row
        refused = _too_many(len(missing), len(orphans), len(rows), len(files))
        if refused is not None:
            _log.error(refused)
            return refused
        moved = self._set_aside(orphans)
        self._files.delete_temporary(old)
        self._files.trash.empty()
        removed = self._images.delete_vanished(missing)
        words = (
            f"{moved} files without a row moved to the trash, "
            f"{len(removed)} rows without a file removed."
        )
        if moved or removed:
            _log.warning(words)
        return words

    def _set_aside(self, orphans: Collection[UUID]) -> int:
        moved = 0
        for picture_id in orphans:
            try:
                self._files.set_aside(picture_id)
                moved += 1
            except StorageError as error:
                _log.warning("%s: %s", picture_id, error)
        return moved


def _too_many(missing: int, orphans: int, rows: int, files: int) -> str | None:
    if missing > MOST_MISSING * rows:
        return (
            f"{missing} of {rows} picture files are missing: "
            f"is the folder of saved images in its place? {_REMEDY}"
        )
    if orphans > most_orphans(files):
        return f"{orphans} of {files} picture files have no row in the database. {_REMEDY}"
    return None
