"""What people say that a picture shows, and what of it counts.

Everybody who may label a picture has a label of his own, and nobody's is in the way of
another's. Shown, filtered and exported is one of them: the latest that an administrator
gave; else the one of whoever held the picture first. That order stays when somebody lets
the picture go or ends the account: otherwise whoever sent a picture from the gallery
again could overrule all who have left.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy import Select, case, delete, func, select, update
from sqlalchemy.orm import Session

from app.database import utc_now
from app.errors import DigitNetError
from app.models import Holding, Labelling, Picture, User

__all__ = ["LABELS", "LabelLimit", "Labels", "labelled_by"]

#: What a person can say that a picture shows.
LABELS = (*map(str, range(10)), "none")


class LabelLimit(DigitNetError):
    """The person has labelled as many pictures as one person may."""


@dataclass(frozen=True)
class Labels:
    """Sets and takes back labels, up to `limit` of each person."""

    limit: int

    def set(
        self, session: Session, picture_id: UUID, label: str | None, *, by: UUID, as_admin: bool
    ) -> bool:
        """Set a person's label of a picture, or take it back with None.

        Within a transaction that writes. False if there is no such picture. Raises
        LabelLimit, ValueError for another label.
        """
        if label is not None and label not in LABELS:
            raise ValueError(f"a label is one of {', '.join(LABELS)}, not {label!r}")
        # The picture before the person, here and wherever both are locked.
        picture = select(Picture.id).where(Picture.id == picture_id).with_for_update()
        if session.scalar(picture) is None:
            return False
        # Labels of one person come one after the other, and block no picture being kept.
        session.execute(select(User.id).where(User.id == by).with_for_update(key_share=True))
        own = (Labelling.picture_id == picture_id) & (Labelling.user_id == by)
        if label is None:
            session.execute(delete(Labelling).where(own))
        else:
            values = {"label": label, "at": utc_now(), "by_admin": as_admin}
            changed = update(Labelling).where(own).values(values).returning(Labelling.id)
            if session.execute(changed).first() is None:
                self._add(session, picture_id, by, values)
        _derive(session, picture_id)
        return True

    def _add(self, session: Session, picture_id: UUID, by: UUID, values: dict[str, object]) -> None:
        count = select(func.count()).select_from(Labelling).where(Labelling.user_id == by)
        if (session.scalar(count) or 0) >= self.limit:
            raise LabelLimit(
                f"You have labelled {self.limit:,} pictures, the most for one "
                "person. Thank you! Ask an administrator to raise the limit."
            )
        held = select(Holding.created_at).where(
            Holding.picture_id == picture_id, Holding.user_id == by
        )
        since = session.scalar(held) or values["at"]
        session.add(Labelling(id=uuid4(), picture_id=picture_id, user_id=by, since=since, **values))
        session.flush()


def labelled_by(user_id: UUID) -> Select[UUID]:
    """Select the ids of the pictures that a person has labelled, in their order."""
    labelled = select(Labelling.picture_id).where(Labelling.user_id == user_id)
    return select(Picture.id).where(Picture.id.in_(labelled)).order_by(Picture.id)


def _derive(session: Session, picture_id: UUID) -> None:
    """Write what counts of a picture's labels, which is locked, into its row."""
    ranked = (
        select(Labelling.label, Labelling.user_id, Labelling.at)
        .where(Labelling.picture_id == picture_id)
        .order_by(
            Labelling.by_admin.desc(),
            case((Labelling.by_admin, Labelling.at)).desc(),
            Labelling.since,
            Labelling.at,
            Labelling.id,
        )
    )
    label, by, at = session.execute(ranked.limit(1)).first() or (None, None, None)
    found = update(Picture).where(Picture.id == picture_id)
    session.execute(found.values(label=label, labelled_by=by, labelled_at=at))
