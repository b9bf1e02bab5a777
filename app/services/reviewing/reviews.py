"""Reviews: who is shown which picture, what they say of it, and how to take that back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, delete, exists, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.errors import CodedError
from app.services.pictures.attention import refresh_urgency, urgency
from app.services.pictures.images import ImageStore
from app.services.pictures.labels import check_label
from app.services.reviewing.twins import Twins
from app.services.reviewing.views import ReviewView, view_reviews
from app.storage.database import Database, utc_now
from app.storage.models import Holding, Labelling, Picture, Review, ReviewClaim

__all__ = ["LONGEST_CLAIM", "Answered", "NotYours", "Overtaken", "ReviewError", "Reviews", "Turn"]

#: How long a picture stays with whom it was given to, unless they ask again.
LONGEST_CLAIM = timedelta(minutes=5)

_COMPARED = 200  # pictures in one turn, see Twins
_LOOKED_AT = 500  # most urgent pictures of all, for those of one person
_TRIES = 5  # to find pictures that nobody else has just taken


class ReviewError(CodedError):
    """An answer that cannot be taken; nothing was changed."""


class NotYours(ReviewError):
    """The person may not say what this picture shows."""


class Overtaken(ReviewError):
    """Somebody else has looked at the picture meanwhile, and says something else."""


@dataclass(frozen=True)
class Turn:
    """Pictures given to one person, how many are left, and how many of those others have."""

    pictures: tuple[ReviewView, ...]
    left: int
    elsewhere: int


@dataclass(frozen=True)
class Answered:
    """What became of an answer: the label that counts now, and whether somebody was faster."""

    label: str | None
    is_late: bool = False
    #: The person's own label, before and after, if the answer changed it.
    changed: frozenset[str | None] = frozenset()


class Reviews:
    """Gives out pictures for review, each to one person at a time, and takes the answers.

    Administrators review all pictures; others those that they hold.
    """

    def __init__(
        self,
        database: Database,
        images: ImageStore,
        *,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._database = database
        self._images = images
        self._twins = Twins(database)
        self._clock = clock

    def count(self, person: UUID, *, is_admin: bool) -> int:
        """Return how many pictures need a person's look."""
        with self._database.reading() as session:
            return _count(session, None if is_admin else person)

    def next(self, person: UUID, claim: UUID, *, is_admin: bool, count: int) -> Turn:
        """Give a person up to `count` more pictures, and renew those that `claim` has already.

        What the person has by another claim, as before a page was loaded anew, may be among them.
        Raises StorageError.
        """
        self._twins.compare(_COMPARED)
        self._renew(person, claim)
        given: list[ReviewView] = []
        for _ in range(_TRIES):
            wanted = count - len(given)
            taken = self._take(person, claim, is_admin=is_admin, count=wanted) if wanted else []
            if not taken:
                break
            given += self._still_urgent(taken)
        with self._database.reading() as session:
            holder = None if is_admin else person
            theirs = _count_elsewhere(session, holder, _is_of_others(person, self._clock()))
            return Turn(tuple(given), _count(session, holder), theirs)

    def release(self, person: UUID, claim: UUID) -> None:
        """Give back what a claim has, so that others may have it at once."""
        mine = (ReviewClaim.user_id == person) & (ReviewClaim.claim == claim)
        with self._database.writing() as session:
            session.execute(delete(ReviewClaim).where(mine))

    def answer(
        self, picture_id: UUID, label: str | None, *, by: UUID, is_admin: bool
    ) -> Answered | None:
        """Take what a person says of a picture; None says that they cannot tell.

        The same answer may come again. To confirm the label that counts labels nothing. None if
        the picture is gone. Raises NotYours, Overtaken, LabelLimit, PersonGone, UnknownLabel,
        StorageError.
        """
        if label is not None:
            check_label(label)
        with self._database.writing() as session:
            found = _find(session, picture_id, by, is_admin=is_admin)
            if found is None:
                return None
            picture, review = found
            is_others = review.reviewed_at is not None and review.reviewed_by != by
            is_change = label is not None and label != picture.label
            if is_others and is_change and not review.unsure:
                raise _overtaken(picture.label)
            is_late = is_others or _is_with_others(session, picture_id, by, self._clock())
            former = review.former if review.reviewed_by == by else None
            changed: frozenset[str | None] = frozenset()
            if is_change:
                before = _own_label(session, picture_id, by)
                changed = frozenset((before, label))
                former = before or "" if former is None else former
                self._images.label_within(session, picture_id, label, by=by, as_admin=is_admin)
            if not is_others or is_change:
                _close(session, picture_id, by, self._clock(), former, unsure=label is None)
            _forget_claim(session, picture_id, by)
            return Answered(_label_of(session, picture_id), is_late, changed)

    def undo(self, picture_id: UUID, claim: UUID, *, by: UUID, is_admin: bool) -> Answered | None:
        """Take a person's answer back, and give them the picture again.

        None if the picture is gone. Raises NotYours, Overtaken, PersonGone, StorageError.
        """
        with self._database.writing() as session:
            found = _find(session, picture_id, by, is_admin=is_admin)
            if found is None:
                return None
            picture, review = found
            gone: Sequence[UUID] = []
            changed: frozenset[str | None] = frozenset()
            if review.reviewed_at is not None:
                if review.reviewed_by != by:
                    raise _overtaken(picture.label)
                if review.former is not None:
                    changed = frozenset((_own_label(session, picture_id, by), review.former))
                    _, gone = self._images.label_within(
                        session, picture_id, review.former or None, by=by, as_admin=is_admin
                    )
                _reopen(session, picture_id)
            taken = () if gone else _claim(session, [picture_id], by, claim, self._clock())
            label = _label_of(session, picture_id)
        self._images.delete_files(gone)
        return None if gone else Answered(label, is_late=not taken, changed=changed)

    def _renew(self, person: UUID, claim: UUID) -> None:
        """Renew the claims of a page that did not run out, and forget all that did."""
        now = self._clock()
        mine = (ReviewClaim.user_id == person) & (ReviewClaim.claim == claim)
        with self._database.writing() as session:
            session.execute(delete(ReviewClaim).where(ReviewClaim.until <= now))
            until = {"until": now + LONGEST_CLAIM}
            session.execute(update(ReviewClaim).where(mine).values(until))

    def _take(self, person: UUID, claim: UUID, *, is_admin: bool, count: int) -> list[UUID]:
        """Claim the most urgent pictures that nobody has."""
        now = self._clock()
        taken_by_others = exists().where(
            ReviewClaim.picture_id == Review.picture_id, _is_of_others(person, now)
        )
        mine = exists().where(
            ReviewClaim.picture_id == Review.picture_id, ReviewClaim.claim == claim
        )
        holder = None if is_admin else person
        with self._database.writing() as session:
            ids = _most_urgent(session, holder, ~taken_by_others & ~mine, count)
            taken = _claim(session, ids, person, claim, now)
        return [own for own in ids if own in taken]

    def _still_urgent(self, ids: Sequence[UUID]) -> list[ReviewView]:
        """Return what is shown of pictures, but those that nobody needs to look at any more.

        So it is when a twin's label was changed, or the twin is gone.
        """
        present = select(Picture.id, urgency().label("urgency")).join(
            Review, Review.picture_id == Picture.id
        )
        with self._database.reading() as session:
            rows = session.execute(present.where(Picture.id.in_(ids))).all()
            urgent = {own for own, value in rows if value is not None}
            views = list(view_reviews(session, [own for own in ids if own in urgent]))
        calm = sorted(set(ids) - urgent)
        if calm:
            with self._database.writing() as session:
                locked = select(Review.picture_id).where(Review.picture_id.in_(calm))
                refresh_urgency(session, session.scalars(locked.with_for_update()).all())
                session.execute(delete(ReviewClaim).where(ReviewClaim.picture_id.in_(calm)))
        return views


def _most_urgent(
    session: Session, holder: UUID | None, condition: ColumnElement[bool], count: int
) -> Sequence[UUID]:
    """Return the most urgent pictures under a condition, of all or of a holder, in order.

    Who holds many pictures has some of the most urgent of all: to look at those is enough.
    """
    if holder is not None:
        most = _urgent(None).add_columns(Review.urgency).where(condition).limit(_LOOKED_AT)
        own = most.subquery().c
        held = select(own.picture_id).where(_is_held(own.picture_id, holder))
        held = held.order_by(own.urgency.desc(), own.picture_id.desc())
        found = session.scalars(held.limit(count)).all()
        if len(found) == count:
            return found
    return session.scalars(_urgent(holder).where(condition).limit(count)).all()


def _urgent(holder: UUID | None) -> Select[UUID]:
    """Select the pictures that need a look, of all or of a holder, the most urgent first."""
    if holder is None:
        urgent = select(Review.picture_id).where(Review.urgency >= 0)
        return urgent.order_by(Review.urgency.desc(), Review.picture_id.desc())
    # Adding nothing keeps the index of all pictures out: a person holds few of them.
    own = Review.urgency + 0.0
    urgent = (
        select(Review.picture_id)
        .join(Holding, Holding.picture_id == Review.picture_id)
        .where(Holding.user_id == holder, own >= 0)
    )
    return urgent.order_by(own.desc(), Review.picture_id.desc())


def _is_held(
    picture_id: ColumnElement[UUID] | InstrumentedAttribute[UUID], holder: UUID
) -> ColumnElement[bool]:
    return exists().where(Holding.user_id == holder, Holding.picture_id == picture_id)


def _count(session: Session, holder: UUID | None) -> int:
    urgent = _urgent(holder).with_only_columns(func.count()).order_by(None)
    return session.scalar(urgent) or 0


def _count_elsewhere(session: Session, holder: UUID | None, others: ColumnElement[bool]) -> int:
    """Return how many urgent pictures, of all or of a holder, others are looking at."""
    counted = (
        select(func.count())
        .select_from(ReviewClaim)
        .join(Review, Review.picture_id == ReviewClaim.picture_id)
        .where(others, Review.urgency >= 0)
    )
    if holder is not None:
        counted = counted.where(_is_held(ReviewClaim.picture_id, holder))
    return session.scalar(counted) or 0


def _is_of_others(person: UUID, now: datetime) -> ColumnElement[bool]:
    return (ReviewClaim.user_id != person) & (ReviewClaim.until > now)


def _claim(
    session: Session, ids: Sequence[UUID], person: UUID, claim: UUID, now: datetime
) -> set[UUID]:
    """Claim pictures that nobody else has; return which. Two who ask at once never get the same."""
    if not ids:
        return set()
    lite = session.get_bind().dialect.name == "sqlite"
    insert: Any = sqlite.insert if lite else postgresql.insert
    values = {"user_id": person, "claim": claim, "until": now + LONGEST_CLAIM}
    # In one order, so that no two wait for each other.
    rows = [{"picture_id": own, **values} for own in sorted(ids)]
    free = or_(ReviewClaim.user_id == person, ReviewClaim.until <= now)
    taken = insert(ReviewClaim).values(rows)
    taken = taken.on_conflict_do_update(index_elements=["picture_id"], set_=values, where=free)
    return set(session.scalars(taken.returning(ReviewClaim.picture_id)))


def _find(
    session: Session, picture_id: UUID, by: UUID, *, is_admin: bool
) -> tuple[Picture, Review] | None:
    """Return a picture and its review, locked; None if it is gone. Raises NotYours."""
    picture = session.scalar(select(Picture).where(Picture.id == picture_id).with_for_update())
    if picture is None:
        return None
    held = (Holding.picture_id == picture_id) & (Holding.user_id == by)
    if not is_admin and session.scalar(select(Holding.user_id).where(held)) is None:
        raise NotYours("review_not_yours")
    review = session.scalar(select(Review).where(Review.picture_id == picture_id).with_for_update())
    return None if review is None else (picture, review)


def _overtaken(label: str | None) -> Overtaken:
    if label in (None, "none"):
        return Overtaken("review_overtaken_none")
    return Overtaken("review_overtaken", label=label or "")


def _is_with_others(session: Session, picture_id: UUID, by: UUID, now: datetime) -> bool:
    theirs = (ReviewClaim.picture_id == picture_id) & _is_of_others(by, now)
    return session.scalar(select(ReviewClaim.user_id).where(theirs)) is not None


def _own_label(session: Session, picture_id: UUID, by: UUID) -> str | None:
    own = (Labelling.picture_id == picture_id) & (Labelling.user_id == by)
    return session.scalar(select(Labelling.label).where(own))


def _label_of(session: Session, picture_id: UUID) -> str | None:
    return session.scalar(select(Picture.label).where(Picture.id == picture_id))


def _close(
    session: Session,
    picture_id: UUID,
    by: UUID,
    now: datetime,
    former: str | None,
    *,
    unsure: bool,
) -> None:
    """Note that a person has looked at a picture, and what undoing that would restore."""
    values = {
        "reviewed_at": now,
        "reviewed_by": by,
        "former": former,
        "unsure": unsure,
        "urgency": None,
    }
    _write(session, picture_id, values)


def _reopen(session: Session, picture_id: UUID) -> None:
    """Note that nobody has looked at a picture."""
    values = {"reviewed_at": None, "reviewed_by": None, "former": None, "unsure": False}
    _write(session, picture_id, values)
    refresh_urgency(session, [picture_id])


def _write(session: Session, picture_id: UUID, values: dict[str, Any]) -> None:
    chosen = update(Review).where(Review.picture_id == picture_id).values(values)
    session.execute(chosen.execution_options(synchronize_session=False))


def _forget_claim(session: Session, picture_id: UUID, by: UUID) -> None:
    mine = (ReviewClaim.picture_id == picture_id) & (ReviewClaim.user_id == by)
    session.execute(delete(ReviewClaim).where(mine))
