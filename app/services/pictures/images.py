"""The picture store: files and rows, holders and labels."""

from __future__ import annotations

import hashlib
import io
import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import numpy as np
from PIL import Image
from sqlalchemy import Select, delete, exists, func, select
from sqlalchemy.orm import Session

from app.errors import PersonGone, StorageError
from app.services.pictures.attention import refresh
from app.services.pictures.labels import Labels, derive, present
from app.storage.database import Database, chunks, insert_missing, utc_now
from app.storage.files import PictureFiles
from app.storage.models import Holding, Labelling, Picture
from cnn.data.made import is_made
from cnn.reading.reader import Reading
from cnn.vision.binarise import flatten
from cnn.vision.decode import open_picture

__all__ = [
    "ImageStore",
    "Kept",
    "Limits",
    "NewPicture",
    "encode_for_store",
    "picture_row",
]

_log = logging.getLogger(__name__)

_SIDE = 256  # pixels: the most that is stored of a picture, each way

_Finish = Callable[[Session, UUID], None]


@dataclass(frozen=True)
class Limits:
    """Limits for each person: unlabelled pictures, and labelled ones."""

    images: int = 100
    labels: int = 10_000


@dataclass(frozen=True)
class NewPicture:
    """A picture to be stored, with what the network read in it."""

    png: bytes
    #: The network's answer; None if it refused the picture.
    digit: int | None
    confidence: float | None
    probabilities: tuple[float, ...] | None
    pixels: bytes | None
    model: str
    source: str
    #: For imports: id, time, and exemption from the history's limit.
    id: UUID = field(default_factory=uuid4)
    created_at: datetime = field(default_factory=utc_now)
    exempt: bool = False
    made: bool = False  # by a generator

    @classmethod
    def from_reading(
        cls, picture: bytes, reading: Reading, *, model: str, source: str
    ) -> NewPicture:
        """Make one of a picture file in which one digit was read, or none.

        Of a refused picture, the pixels and probabilities are those of what looked most like
        a digit, if anything did.
        """
        png, made = encode_for_store(picture), is_made(picture)
        return cls.from_png(png, reading, model=model, source=source, made=made)

    @classmethod
    def from_png(
        cls, png: bytes, reading: Reading, *, model: str, source: str, made: bool = False
    ) -> NewPicture:
        """Make one of a file that is encoded for the store already."""
        only, seen = reading.only, reading.only or reading.guess
        return cls(
            png,
            None if only is None else only.digit,
            None if only is None else only.confidence,
            None if seen is None else seen.probabilities,
            None if seen is None else np.rint(seen.pixels * 255).astype(np.uint8).tobytes(),
            model,
            source,
            made=made,
        )


@dataclass(frozen=True)
class Kept:
    """A picture that is stored: what it was to the person before, and their own label of it."""

    id: UUID
    was_held: bool
    label_before: str | None
    label: str | None


def encode_for_store(picture: bytes) -> bytes:
    """Return a picture's file for the store: PNG, at most 256×256, opaque, upright."""
    image = flatten(open_picture(picture, longest=_SIDE))
    image.thumbnail((_SIDE, _SIDE), Image.Resampling.BOX)
    file = io.BytesIO()
    # Made from the pixels alone, so that no comment or profile is stored.
    Image.fromarray(np.asarray(image)).save(file, "PNG")
    return file.getvalue()


class ImageStore:
    """Keeps files and rows consistent: files are written before rows, and deleted after them."""

    def __init__(self, database: Database, files: PictureFiles, limits: Limits) -> None:
        self._database = database
        self.files = files
        #: Of each person.
        self.limits = limits
        self._labels = Labels(limits.labels)

    def keep(self, user_id: UUID | None, new: NewPicture) -> UUID:
        """Store a picture for a person and return its id, which is the old one if it was stored.

        When this returns, file and row are on the disk. Raises StorageError, or PersonGone
        if the account has ended meanwhile; then nothing was stored.
        """
        return self._keep(user_id, new, lambda session, picture_id: None).id

    def keep_labelled(
        self, user_id: UUID, new: NewPicture, label: str | None, *, as_admin: bool = False
    ) -> Kept:
        """Store a picture with a person's label, if there is one: both, or nothing.

        Raises as `keep` and `label` do.
        """

        def finish(session: Session, picture_id: UUID) -> None:
            if label is not None:
                self._labels.set(session, picture_id, label, by=user_id, as_admin=as_admin)

        return self._keep(user_id, new, finish)

    def take_back(self, user_id: UUID, picture_id: UUID) -> bool:
        """Remove a person's label and holding, as if they had never kept the picture.

        False if they do not hold it. Raises PersonGone, StorageError.
        """
        mine = (Holding.user_id == user_id) & (Holding.picture_id == picture_id)
        with self._database.writing() as session:
            session.execute(_locked([picture_id]))
            left = session.scalars(delete(Holding).where(mine).returning(Holding.exempt)).all()
            if not left:
                return False
            self._labels.set(session, picture_id, None, by=user_id, as_admin=False)
            imported = [picture_id] if any(left) else []
            gone = _delete_unheld(session, [picture_id], imported=imported)
        self.delete_files(gone)
        return True

    def label(
        self, picture_id: UUID, label: str | None, *, by: UUID, as_admin: bool = False
    ) -> bool:
        """Set a person's label of a picture, or remove it with None.

        The caller has checked the permission. False if there is no such picture. Raises
        LabelLimit, PersonGone, UnknownLabel, StorageError.
        """
        with self._database.writing() as session:
            there, gone = self.label_within(session, picture_id, label, by=by, as_admin=as_admin)
        self.delete_files(gone)
        return there

    def label_within(
        self, session: Session, picture_id: UUID, label: str | None, *, by: UUID, as_admin: bool
    ) -> tuple[bool, Sequence[UUID]]:
        """Do what `label` does, within a writing transaction.

        Returns whether there is such a picture, and the ids of those whose rows are gone with
        their last label: `delete_files` follows when the transaction is committed.
        """
        there = self._labels.set(session, picture_id, label, by=by, as_admin=as_admin)
        return there, _delete_unheld(session, [picture_id], imported=[]) if there else []

    def let_go(self, user_id: UUID, picture_id: UUID) -> bool:
        """Remove a person's holding; False if there was none.

        The picture is deleted with its last holding, unless it has a label.
        """
        return bool(self._release(user_id, [picture_id]))

    def let_go_of_all(self, user_id: UUID) -> None:
        """Remove all of a person's holdings."""
        with self._database.reading() as session:
            held = select(Holding.picture_id).where(Holding.user_id == user_id)
            ids = session.scalars(held).all()
        self._release(user_id, ids)

    def count(self) -> int:
        """Return how many pictures are stored."""
        with self._database.reading() as session:
            return session.scalar(select(func.count()).select_from(Picture)) or 0

    def delete_vanished(self, missing: Collection[UUID]) -> set[UUID]:
        """Remove unlabelled rows whose files are missing; return which."""
        removed: set[UUID] = set()
        for ids in chunks(sorted(missing)):
            with self._database.writing() as session:
                session.execute(_locked(ids))
                # Check again: another process may have stored one meanwhile.
                gone = [i for i in ids if not self.files.path(i).exists()]
                chosen = select(Picture.id).where(Picture.id.in_(gone), Picture.label.is_(None))
                unlabelled = session.scalars(chosen).all()
                session.execute(delete(Holding).where(Holding.picture_id.in_(unlabelled)))
                session.execute(delete(Picture).where(Picture.id.in_(unlabelled)))
            removed |= set(unlabelled)
        return removed

    def _keep(self, user_id: UUID | None, new: NewPicture, finish: _Finish) -> Kept:
        """Store a picture; `finish` is the last thing that its transaction does."""
        digest = hashlib.sha256(new.png).hexdigest()
        for _ in range(5):
            for hold in (self._hold_existing, self._hold_new):
                kept = hold(user_id, digest, new, finish)
                if kept is not None:
                    self._evict(user_id)
                    return kept
        raise StorageError("picture_not_saved")

    def _hold_existing(
        self, user_id: UUID | None, digest: str, new: NewPicture, finish: _Finish
    ) -> Kept | None:
        with self._database.writing() as session:
            found = _lock_picture(session, digest)
            if found is None:
                return None
            kept = _hold(session, user_id, found, new, finish)
            # Locked, so that nobody deletes the row and leaves this file behind.
            if self.files.read(found, digest) is None:
                self.files.set_aside(found)
                self.files.write(found, new.png)
        return kept

    def _hold_new(
        self, user_id: UUID | None, digest: str, new: NewPicture, finish: _Finish
    ) -> Kept | None:
        own, kept = new.id, None
        self.files.write(own, new.png)
        try:
            with self._database.writing() as session:
                insert_missing(session, Picture, **picture_row(digest, new))
                found = _lock_picture(session, digest)
                held = None if found is None else _hold(session, user_id, found, new, finish)
            kept = held
        finally:
            if kept is None or kept.id != own:
                self._delete_stray(own)
        return kept

    def _evict(self, user_id: UUID | None) -> None:
        """Remove the holdings beyond the limit of a person's history."""
        history = (
            select(Holding.picture_id)
            .join(Picture, Picture.id == Holding.picture_id)
            .where(Holding.user_id == user_id, ~Holding.exempt, Picture.label.is_(None))
            .order_by(Holding.created_at.desc(), Holding.picture_id.desc())
            .offset(self.limits.images)
        )
        if user_id is None:
            return
        try:
            with self._database.reading() as session:
                old = session.scalars(history).all()
            if old:
                self._release(user_id, old, labelled=False)
        except StorageError:
            _log.warning("a history stays too long until the next picture", exc_info=True)

    def _release(
        self, user_id: UUID, picture_ids: Sequence[UUID], *, labelled: bool = True
    ) -> list[UUID]:
        """Remove holdings, and pictures that nobody holds any more; return their ids.

        Rows go in one transaction, files after it: the sweep deletes what a kill leaves.
        """
        released: list[UUID] = []
        gone: list[UUID] = []
        with self._database.writing() as session:
            for ids in chunks(sorted(picture_ids)):
                session.execute(_locked(ids))
                leave = delete(Holding).where(
                    Holding.user_id == user_id, Holding.picture_id.in_(ids)
                )
                if not labelled:  # a label may have been set in between
                    unlabelled = Picture.id.in_(ids) & Picture.label.is_(None)
                    leave = leave.where(
                        Holding.picture_id.in_(select(Picture.id).where(unlabelled))
                    )
                left = session.execute(leave.returning(Holding.picture_id, Holding.exempt)).all()
                released += [picture_id for picture_id, _ in left]
                imported = [picture_id for picture_id, exempt in left if exempt]
                derive(session, [picture_id for picture_id, _ in left])
                gone += _delete_unheld(session, ids, imported=imported)
        self.delete_files(gone)
        return released

    def delete_files(self, picture_ids: Sequence[UUID]) -> None:
        """Delete the files of pictures whose rows are gone."""
        for picture_id in picture_ids:
            self.files.delete(picture_id)

    def _delete_stray(self, picture_id: UUID) -> None:
        """Delete a file unless it has a row: a commit may succeed without being reported."""
        try:
            with self._database.reading() as session:
                if session.get(Picture, picture_id) is not None:
                    return
        except StorageError:
            return
        self.files.delete(picture_id)


def _delete_unheld(
    session: Session, picture_ids: Sequence[UUID], *, imported: Sequence[UUID]
) -> Sequence[UUID]:
    """Delete the rows, which are locked, without holders and labels; return their ids.

    Of imported pictures, only those in `imported`: the others came without holders.
    Transactions that add a holder lock the row first, so this statement sees their holdings.
    """
    held = exists().where(Holding.picture_id == Picture.id)
    ours = (Picture.source != "import") | Picture.id.in_(imported)
    unheld = delete(Picture).where(
        Picture.id.in_(picture_ids), Picture.label.is_(None), ours, ~held
    )
    return session.scalars(unheld.returning(Picture.id)).all()


def _lock_picture(session: Session, digest: str) -> UUID | None:
    found: UUID | None = session.scalar(
        select(Picture.id).where(Picture.sha256 == digest).with_for_update()
    )
    return found


def _locked(picture_ids: Sequence[UUID]) -> Select[UUID]:
    """Lock pictures in the order of their ids, so that no two transactions block each other."""
    chosen = select(Picture.id).where(Picture.id.in_(picture_ids))
    return chosen.order_by(Picture.id).with_for_update()


def _hold(
    session: Session, user_id: UUID | None, picture_id: UUID, new: NewPicture, finish: _Finish
) -> Kept:
    if user_id is None:
        refresh(session, [picture_id])
        return Kept(picture_id, was_held=False, label_before=None, label=None)
    person = present(user_id).with_for_update(read=True, key_share=True)
    if session.scalar(person) is None:
        raise PersonGone("account_gone")
    is_new = insert_missing(
        session,
        Holding,
        user_id=user_id,
        picture_id=picture_id,
        created_at=new.created_at,
        exempt=new.exempt,
    )
    derive(session, [picture_id])
    mine = (Labelling.picture_id == picture_id) & (Labelling.user_id == user_id)
    own_label = select(Labelling.label).where(mine)
    before = session.scalar(own_label)
    finish(session, picture_id)
    return Kept(picture_id, not is_new, before, session.scalar(own_label))


def picture_row(digest: str, new: NewPicture) -> dict[str, Any]:
    """Return the values of a new picture's row, whose file has this SHA-256."""
    return {
        "id": new.id,
        "sha256": digest,
        "digit": new.digit,
        "confidence": new.confidence,
        "probabilities": new.probabilities,
        "pixels": new.pixels,
        "model": new.model,
        "source": new.source,
        "made": new.made,
        "created_at": new.created_at,
    }
