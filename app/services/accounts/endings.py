"""Deletion of accounts: their holdings first, then the people."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, exists, func, select, update

from app.services.pictures.images import ImageStore
from app.services.pictures.labels import labelled_by
from app.storage.database import Database
from app.storage.models import Holding, Picture, User

__all__ = ["Endings", "Farewell"]


@dataclass(frozen=True)
class Farewell:
    """The effect of deleting an account: pictures that go, and labelled ones that stay."""

    deleted: int
    kept: int


class Endings:
    """Deletes accounts, even while something is stored for them."""

    def __init__(self, database: Database, images: ImageStore) -> None:
        self._database = database
        self._images = images

    def foresee(self, user_id: UUID) -> Farewell:
        """Return the effect that deleting an account would have on its pictures."""
        held = select(Holding.picture_id).where(Holding.user_id == user_id)
        shared = select(Holding.picture_id).where(Holding.user_id != user_id)
        mine = select(func.count()).select_from(Picture).where(Picture.id.in_(held))
        with self._database.reading() as session:
            ours = (Picture.source != "import") | Picture.id.in_(held.where(Holding.exempt))
            gone = mine.where(Picture.label.is_(None), Picture.id.not_in(shared), ours)
            return Farewell(
                deleted=session.scalar(gone) or 0,
                kept=session.scalar(mine.where(Picture.label.is_not(None))) or 0,
            )

    def end(self, user_id: UUID) -> None:
        """Delete an account, its holdings first; raises StorageError.

        The person's labels stay, without their name.
        """
        while not self._remove(user_id):
            self._images.let_go_of_all(user_id)

    def _remove(self, user_id: UUID) -> bool:
        """Remove the person whose holdings are gone already; False if there still are some.

        From then on nothing more is stored for the account, until its owner logs in again.
        """
        with self._database.writing() as session:
            # Pictures before people, as whoever stores or labels one locks them.
            labelled = session.scalars(labelled_by(user_id).with_for_update()).all()
            # Whoever is about to store a picture for this person has finished, or fails.
            session.execute(select(User.id).where(User.id == user_id).with_for_update())
            held = session.scalar(select(exists().where(Holding.user_id == user_id)))
            if held or session.scalars(labelled_by(user_id)).all() != labelled:
                session.execute(update(User).where(User.id == user_id).values(leaving=True))
                return False
            session.execute(delete(User).where(User.id == user_id))
        return True
