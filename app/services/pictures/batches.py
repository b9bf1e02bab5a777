"""Storing of many labelled pictures at once: files first, then all rows in one transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.errors import PersonGone
from app.services.pictures.images import NewPicture, picture_row
from app.services.pictures.labels import check_label, derive, present
from app.storage.database import Base, Database, chunks
from app.storage.files import PictureFiles
from app.storage.models import Holding, Labelling, Picture

__all__ = ["BatchStore", "LabelledPicture", "Stored"]


@dataclass(frozen=True)
class LabelledPicture:
    """A picture to be stored, what it shows, and who wrote it, where that is known.

    Its id must be the same whenever the batch is tried again: so a file that a killed process
    left behind is overwritten rather than lost.
    """

    new: NewPicture
    label: str
    writer: str | None = None


@dataclass(frozen=True)
class Stored:
    """What became of a batch: places of its pictures, in their order."""

    stored: tuple[int, ...]
    #: There already; labelled now, unless the person had labelled them before.
    known: tuple[int, ...]
    #: Beyond the number of pictures that one person may label.
    beyond_limit: tuple[int, ...]


Finish = Callable[[Session, Stored], None]


class BatchStore:
    """Stores pictures with a person's labels, a batch at a time."""

    def __init__(self, database: Database, files: PictureFiles, *, limit: int) -> None:
        self._database = database
        self._files = files
        #: Pictures that one person may label.
        self.limit = limit

    def find(self, digests: Sequence[str]) -> set[str]:
        """Return which pictures are stored, by the SHA-256 of their files."""
        found: set[str] = set()
        with self._database.reading() as session:
            for some in chunks(digests):
                found.update(
                    session.scalars(select(Picture.sha256).where(Picture.sha256.in_(some)))
                )
        return found

    def room(self, user_id: UUID) -> int:
        """Return how many pictures a person may still label."""
        with self._database.reading() as session:
            return max(0, self.limit - _labelled(session, user_id))

    def keep(
        self,
        user_id: UUID,
        batch: Sequence[LabelledPicture],
        *,
        as_admin: bool,
        finish: Finish,
    ) -> Stored:
        """Store a batch of different pictures, and do `finish` in the same transaction.

        A label that the person gave before stays. After an error no row is there; new files may
        be, which the next try overwrites. Raises PersonGone, StorageError, UnknownLabel, and
        what `finish` raises.
        """
        digests = [hashlib.sha256(one.new.png).hexdigest() for one in batch]
        for one in batch:
            check_label(one.label)
        known = self.find(digests)
        fresh = {
            one.new.id: one.new.png
            for one, digest in zip(batch, digests, strict=True)
            if digest not in known
        }
        self._files.write_many(fresh)
        with self._database.writing() as session:
            work = _Batch(session, user_id, batch, digests)
            work.insert_pictures()
            self._restore_files(work, written=fresh)
            stored = work.label(self.limit, as_admin=as_admin)
            finish(session, stored)
            own = {batch[place].new.id for place in stored.stored}
        for picture_id in fresh.keys() - own:  # another process was faster, or the limit is reached
            self._files.delete(picture_id)
        return stored

    def discard(self, ids: Sequence[UUID]) -> None:
        """Delete the files of a batch that was given up, but those that have a row."""
        with self._database.reading() as session:
            rows = set(session.scalars(select(Picture.id).where(Picture.id.in_(ids))))
        for picture_id in set(ids) - rows:
            self._files.delete(picture_id)

    def _restore_files(self, work: _Batch, *, written: Collection[UUID]) -> None:
        """Write the files again that were lost or damaged, while their rows are locked."""
        for place, picture_id in work.ids.items():
            if (
                picture_id not in written
                and self._files.read(picture_id, work.digests[place]) is None
            ):
                self._files.set_aside(picture_id)
                self._files.write(picture_id, work.batch[place].new.png)


class _Batch:
    """The rows of a batch, within its transaction."""

    def __init__(
        self,
        session: Session,
        user_id: UUID,
        batch: Sequence[LabelledPicture],
        digests: Sequence[str],
    ) -> None:
        self.session, self.user_id = session, user_id
        self.batch, self.digests = batch, digests
        #: The id of each picture's row, by its place in the batch.
        self.ids: dict[int, UUID] = {}
        self._new: set[UUID] = set()

    def insert_pictures(self) -> None:
        """Insert the rows that are missing, and lock all."""
        rows = [
            picture_row(digest, one.new) | {"writer": one.writer}
            for one, digest in zip(self.batch, self.digests, strict=True)
        ]
        # In one order, so that no two batches wait for each other.
        self._insert(Picture, sorted(rows, key=lambda row: str(row["sha256"])))
        places = {digest: place for place, digest in enumerate(self.digests)}
        for some in chunks(sorted(places)):
            chosen = select(Picture.id, Picture.sha256).where(Picture.sha256.in_(some))
            locked = chosen.order_by(Picture.id).with_for_update()
            for picture_id, digest in self.session.execute(locked):
                self.ids[places[digest]] = picture_id
        self._new = {one.new.id for one in self.batch} & set(self.ids.values())

    def label(self, limit: int, *, as_admin: bool) -> Stored:
        """Let the person hold and label all that the limit permits."""
        # As in Labels.set: pictures are locked before people.
        if self.session.scalar(present(self.user_id).with_for_update(key_share=True)) is None:
            raise PersonGone("account_gone")
        mine = self._own_labels()
        room = limit - _labelled(self.session, self.user_id)
        labelled: list[int] = []
        beyond: list[int] = []
        for place, picture_id in sorted(self.ids.items()):
            if picture_id not in mine and room <= len(labelled):
                beyond.append(place)
            elif picture_id not in mine:
                labelled.append(place)
        self._write(labelled, as_admin=as_admin)
        surplus = [self.ids[place] for place in beyond if self.ids[place] in self._new]
        self.session.execute(delete(Picture).where(Picture.id.in_(surplus)))
        kept = [place for place in sorted(self.ids) if place not in set(beyond)]
        return Stored(
            tuple(place for place in kept if self.ids[place] in self._new),
            tuple(place for place in kept if self.ids[place] not in self._new),
            tuple(beyond),
        )

    def _own_labels(self) -> set[UUID]:
        found: set[UUID] = set()
        for some in chunks(sorted(self.ids.values())):
            chosen = select(Labelling.picture_id).where(
                Labelling.user_id == self.user_id, Labelling.picture_id.in_(some)
            )
            found.update(self.session.scalars(chosen))
        return found

    def _write(self, places: Sequence[int], *, as_admin: bool) -> None:
        common = {"user_id": self.user_id}
        holdings, labellings = [], []
        for place in places:
            one, picture_id = self.batch[place], self.ids[place]
            at = one.new.created_at
            row = common | {"picture_id": picture_id}
            holdings.append(row | {"created_at": at, "exempt": False})
            said = {"id": uuid4(), "label": one.label, "at": at, "since": at, "by_admin": as_admin}
            labellings.append(row | said)
        self._insert(Holding, holdings)
        self._insert(Labelling, labellings)
        for some in chunks([self.ids[place] for place in places]):
            derive(self.session, some)

    def _insert(self, table: type[Base], rows: Sequence[dict[str, Any]]) -> None:
        if rows:
            lite = self.session.get_bind().dialect.name == "sqlite"
            insert = sqlite.insert if lite else postgresql.insert
            self.session.execute(insert(table).on_conflict_do_nothing(), rows)


def _labelled(session: Session, user_id: UUID) -> int:
    count = select(func.count()).select_from(Labelling).where(Labelling.user_id == user_id)
    return session.scalar(count) or 0
