"""The sweep at every start: cleaning up after killed processes."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.errors import StorageError
from app.services.maintenance.identity import MOST_MISSING
from app.services.maintenance.rows import read_ids
from app.services.pictures.images import ImageStore
from app.storage.database import Database, chunks, utc_now
from app.storage.models import Picture
from app.wording import counted

__all__ = ["YOUNG", "Sweeper", "most_orphans"]

_log = logging.getLogger(__name__)

#: Seconds; a younger file's row may be about to be written by another process.
YOUNG = 3600

_ALWAYS_SWEPT = 16  # files, which two kills can leave with eight threads
_LOOK = "Nothing was changed. See what is wrong with: flask --app wsgi check."
_MANY = "flask --app wsgi check --repair --many"


def most_orphans(files: int) -> int:
    """Return how many of `files` files without rows are moved to the trash unasked.

    Repeated kills can leave one for every few pictures; more means that rows are lost.
    """
    return max(_ALWAYS_SWEPT, files // 4)


class Sweeper:
    """Moves files without a row to the trash, and removes rows without a file."""

    def __init__(
        self,
        database: Database,
        images: ImageStore,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._database = database
        self._images = images
        self._files = images.files
        self._clock = clock

    def sweep(self) -> str:
        """Clean up and return a sentence on what was done; raises StorageError.

        Files younger than an hour and labelled rows are left alone. If more than a small
        share of files or rows would be removed, nothing is changed. Labelled pictures
        without files do not count, as no sweep removes them.
        """
        old = self._clock().timestamp() - YOUNG
        files = self._files.listed()
        with self._database.reading() as session:
            rows = read_ids(session)
            count = session.scalar(select(func.count()).select_from(Picture)) or 0
            missing = rows - files.keys()
            labelled = _labelled(session, missing)
        orphans = [i for i in files.keys() - rows if files[i] < old]
        if count > len(rows):
            _log.error(
                "%d rows of pictures cannot be read, so files without a row stay. "
                "See which: flask --app wsgi check.",
                count - len(rows),
            )
            orphans = []  # one of them may be the file of such a row
        refused = _too_many_orphans(len(orphans), len(files))
        if missing > labelled:
            refused = self._too_many_missing(len(missing), len(rows)) or refused
        if refused is not None:
            _log.error(refused)
            return refused
        moved = self._set_aside(orphans)
        self._files.delete_temporary(old)
        self._files.trash.empty()
        removed = self._images.delete_vanished(missing)
        words = self._told(moved, len(removed), len(labelled))
        if moved or removed or labelled:
            _log.warning(words)
        return words

    def _told(self, moved: int, removed: int, labelled: int) -> str:
        words = (
            f"{counted(moved, 'file')} without a row moved to the trash, "
            f"{counted(removed, 'row')} without a file removed."
        )
        if not labelled:
            return words
        kept = counted(labelled, "labelled picture is", "labelled pictures are")
        return f"{words} {kept} kept without a file. {self._files.advice}"

    def _too_many_missing(self, missing: int, rows: int) -> str | None:
        if missing <= MOST_MISSING * rows:
            return None
        lost = counted(
            missing,
            f"of {rows:,} picture files is missing",
            f"of {rows:,} picture files are missing",
        )
        return (
            f"{lost}: is the folder of saved images in its place? {_LOOK} {self._files.advice} "
            f"Only then: {_MANY} takes what the trash still has, and removes all other "
            "pictures without a file from the database, but those with a label."
        )

    def _set_aside(self, orphans: Collection[UUID]) -> int:
        moved = 0
        for picture_id in orphans:
            try:
                self._files.set_aside(picture_id)
                moved += 1
            except StorageError as error:
                _log.warning("%s: %s", picture_id, error)
        return moved


def _labelled(session: Session, picture_ids: Collection[UUID]) -> set[UUID]:
    labelled = select(Picture.id).where(Picture.label.is_not(None))
    found: set[UUID] = set()
    for ids in chunks(sorted(picture_ids)):
        found.update(session.scalars(labelled.where(Picture.id.in_(ids))))
    return found


def _too_many_orphans(orphans: int, files: int) -> str | None:
    if orphans <= most_orphans(files):
        return None
    return (
        f"{orphans:,} of {files:,} picture files have no row in the database. {_LOOK} "
        f"A backup may have the rows. If the files shall go: {_MANY} moves them to the trash."
    )
