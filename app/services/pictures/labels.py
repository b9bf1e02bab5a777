"""Labels that people give to pictures, and which of them counts.

Everybody who may label a picture has a label of their own. Shown, filtered and exported is
one of them: the latest of an administrator; else that of the first holder who gave one; only
if none did, that of the first former holder. So nobody who has left overrules a holder.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Select, case, delete, func, select, update
from sqlalchemy.orm import Session

from app.errors import CodedError, DigitNetError, PersonGone
from app.services.pictures.attention import refresh
from app.storage.database import chunks, utc_now
from app.storage.models import Holding, Labelling, Picture, User

__all__ = [
    "LABELS",
    "LabelLimit",
    "Labels",
    "UnknownLabel",
    "check_label",
    "derive",
    "derive_all",
    "labelled_by",
    "present",
]

#: The possible labels.
LABELS = (*map(str, range(10)), "none")


class LabelLimit(CodedError):
    """The person has labelled as many pictures as one person may."""


class UnknownLabel(DigitNetError, ValueError):
    """There is no such label."""


def check_label(label: str) -> None:
    """Raise UnknownLabel unless it is one of `LABELS`."""
    if label not in LABELS:
        raise UnknownLabel(f"a label is one of {', '.join(LABELS)}, not {label!r}")


@dataclass(frozen=True)
class Labels:
    """Sets and removes labels, up to `limit` for each person."""

    limit: int

    def set(
        self, session: Session, picture_id: UUID, label: str | None, *, by: UUID, as_admin: bool
    ) -> bool:
        """Set a person's label of a picture, or remove it with None.

        Called within a writing transaction. False if there is no such picture. Raises
        LabelLimit, PersonGone, UnknownLabel.
        """
        if label is not None:
            check_label(label)
        # Lock the picture before the person, as everywhere.
        picture = select(Picture.id).where(Picture.id == picture_id).with_for_update()
        if session.scalar(picture) is None:
            return False
        # This serialises the labels of a person, without blocking pictures being stored.
        if session.scalar(present(by).with_for_update(key_share=True)) is None:
            raise PersonGone("account_gone")
        own = (Labelling.picture_id == picture_id) & (Labelling.user_id == by)
        if label is None:
            session.execute(delete(Labelling).where(own))
            unlabelled = {"label": None, "labelled_by": None, "labelled_at": None}
            session.execute(update(Picture).where(Picture.id == picture_id).values(unlabelled))
        else:
            at = utc_now()
            since = _held_since(session, picture_id, by) or at
            values = {"label": label, "at": at, "since": since, "by_admin": as_admin}
            changed = update(Labelling).where(own).values(values).returning(Labelling.id)
            if session.execute(changed).first() is None:
                self._add(session, picture_id, by, values)
        derive(session, [picture_id])
        return True

    def _add(self, session: Session, picture_id: UUID, by: UUID, values: dict[str, object]) -> None:
        count = select(func.count()).select_from(Labelling).where(Labelling.user_id == by)
        if (session.scalar(count) or 0) >= self.limit:
            raise LabelLimit("label_limit", count=self.limit)
        session.add(Labelling(id=uuid4(), picture_id=picture_id, user_id=by, **values))
        session.flush()


def present(user_id: UUID) -> Select[UUID]:
    """Select a person's id, unless the account has ended or is about to."""
    return select(User.id).where(User.id == user_id, ~User.leaving)


def labelled_by(user_id: UUID) -> Select[UUID]:
    """Select the ids of the pictures that a person has labelled, in their order."""
    labelled = select(Labelling.picture_id).where(Labelling.user_id == user_id)
    return select(Picture.id).where(Picture.id.in_(labelled)).order_by(Picture.id)


def derive(session: Session, picture_ids: Sequence[UUID]) -> None:
    """Derive `picture.label` of some pictures, which are locked, from their labels.

    Called whenever a label or a holding of a labelled picture comes or goes.
    """
    theirs = (Holding.picture_id == Labelling.picture_id) & (Holding.user_id == Labelling.user_id)
    ranked = (
        select(Labelling.picture_id, Labelling.label, Labelling.user_id, Labelling.at)
        .outerjoin(Holding, theirs)
        .where(Labelling.picture_id.in_(picture_ids))
        .order_by(
            Labelling.by_admin.desc(),
            case((Labelling.by_admin, Labelling.at)).desc(),
            Holding.created_at.is_(None),
            Holding.created_at,
            Holding.user_id,
            Labelling.since,
            Labelling.at,
            Labelling.id,
        )
    )
    first: dict[UUID, dict[str, Any]] = {}
    for picture_id, label, by, at in session.execute(ranked):
        values = {"id": picture_id, "label": label, "labelled_by": by, "labelled_at": at}
        first.setdefault(picture_id, values)
    if first:
        session.execute(update(Picture), list(first.values()))
    refresh(session, picture_ids)


def derive_all(session: Session) -> None:
    """Derive `picture.label` of all labelled pictures."""
    labelled = select(Picture.id).where(Picture.label.is_not(None)).order_by(Picture.id)
    ids = session.scalars(labelled.with_for_update()).all()
    for chunk in chunks(ids):
        derive(session, chunk)


def _held_since(session: Session, picture_id: UUID, user_id: UUID) -> datetime | None:
    held = (Holding.picture_id == picture_id) & (Holding.user_id == user_id)
    return session.scalar(select(Holding.created_at).where(held))
