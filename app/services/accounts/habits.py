"""How people write: what they say of themselves, and what their labelled drawings show."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import get_args
from uuid import UUID

import numpy as np
import numpy.typing as npt
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.errors import DigitNetError, PersonGone, StorageError
from app.services.pictures.labels import present
from app.storage.database import Database, insert_missing
from app.storage.models import Habit, Holding, Labelling, Picture, User
from cnn.reading.habits import Four, Habits, Nine, One, Seven, form_of

__all__ = ["FORMS", "KnownHabits", "UnknownForm", "WritingHabits"]

_log = logging.getLogger(__name__)

#: The forms of each digit of which there are two.
FORMS: Mapping[str, tuple[str, ...]] = {
    "1": get_args(One),
    "4": get_args(Four),
    "7": get_args(Seven),
    "9": get_args(Nine),
}
_FIELDS = {"1": "one", "4": "four", "7": "seven", "9": "nine"}

_LATEST = 8  # labelled drawings of a digit that are looked at
_CLEAR = 5  # of them, those with a clear form that count
_ALIKE = 3  # with the same form: fewer may be chance
_TO_ONE = 4  # times as many as with the other: a bar, say, is not seen in every crossed 7


class UnknownForm(DigitNetError, ValueError):
    """A digit has no such form."""


@dataclass(frozen=True)
class KnownHabits:
    """What a person says of how they write, and what was learned: forms by digits.

    `learns` is whether anything is learned.
    """

    said: Mapping[str, str]
    learned: Mapping[str, str]
    learns: bool = True


class WritingHabits:
    """The habits of the people with an account, each for their own pictures alone."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, user_id: UUID) -> Habits | None:
        """Return what is known of how a person writes; what they say comes before what is learned.

        None if nothing is known, or the database fails: their pictures are read without it.
        """
        try:
            known = self.find(user_id)
        except StorageError:
            _log.warning("a picture is read without its writer's habits", exc_info=True)
            return None
        forms = {**known.learned, **known.said}
        return _habits(forms) if forms else None

    def find(self, user_id: UUID) -> KnownHabits:
        """Return what a person says and what was learned; raises StorageError."""
        with self._database.reading() as session:
            rows = session.scalars(select(Habit).where(Habit.user_id == user_id)).all()
            learns = session.scalar(select(User.learns_habits).where(User.id == user_id))
        return KnownHabits(
            said={row.digit: row.said for row in rows if row.said is not None},
            learned={row.digit: row.learned for row in rows if row.learned is not None},
            learns=learns is not False,
        )

    def say(self, user_id: UUID, said: Mapping[str, str], *, learns: bool = True) -> None:
        """Set what a person says: forms by digits; of a digit that is left out they say nothing.

        `learns` is whether the rest is learned from their drawings. What was learned is forgotten
        when it ends, and learned again when it begins. Raises UnknownForm, PersonGone,
        StorageError.
        """
        for digit, form in said.items():
            if form not in FORMS.get(digit, ()):
                raise UnknownForm(f"a {digit} has no form {form!r}")
        with self._database.writing() as session:
            if session.scalar(present(user_id).with_for_update(key_share=True)) is None:
                raise PersonGone("account_gone")
            session.execute(update(User).where(User.id == user_id).values(learns_habits=learns))
            learned = _learn(session, user_id, FORMS)
            for digit in FORMS:
                row = _row(session, user_id, digit)
                row.said, row.learned = said.get(digit), learned[digit]
            _forget_empty(session, user_id)

    def learn(self, user_id: UUID, labels: Iterable[str | None]) -> None:
        """Learn from a person's drawings with these labels, after they were given or taken back.

        Only from drawings that they were the first to send: what they sent otherwise may be
        another's writing. If the database fails, the next label does it.
        """
        digits = set(FORMS).intersection(labels)
        if not digits:
            return
        try:
            known = self.find(user_id).learned
            with self._database.reading() as session:
                learned = _learn(session, user_id, digits)
            if all(known.get(digit) == form for digit, form in learned.items()):
                return
            with self._database.writing() as session:
                if session.scalar(present(user_id).with_for_update(key_share=True)) is None:
                    return
                # Once more: what two requests have read must not be written in the wrong order.
                for digit, form in _learn(session, user_id, digits).items():
                    _row(session, user_id, digit).learned = form
                _forget_empty(session, user_id)
        except StorageError:
            _log.warning("nothing is learned of how somebody writes", exc_info=True)


def _habits(forms: Mapping[str, str]) -> Habits:
    return Habits(**{_FIELDS[digit]: form for digit, form in forms.items()})  # type: ignore[arg-type]


def _row(session: Session, user_id: UUID, digit: str) -> Habit:
    """Return a person's row of a digit, which is made if it is missing."""
    insert_missing(session, Habit, user_id=user_id, digit=digit)
    return session.get_one(Habit, (user_id, digit))


def _forget_empty(session: Session, user_id: UUID) -> None:
    """Remove the rows of a person in which nothing is said and nothing learned."""
    empty = Habit.said.is_(None) & Habit.learned.is_(None)
    session.execute(delete(Habit).where(Habit.user_id == user_id, empty))


def _learn(session: Session, user_id: UUID, digits: Iterable[str]) -> dict[str, str | None]:
    """Return what a person's labelled drawings of each digit agree on, if they may be asked."""
    if not session.scalar(select(User.learns_habits).where(User.id == user_id)):
        return dict.fromkeys(digits)
    return {digit: _agree(digit, _drawings(session, user_id, digit)) for digit in digits}


def _drawings(session: Session, user_id: UUID, digit: str) -> list[bytes]:
    """Return a person's newest drawings with a label of theirs, as the network's input."""
    chosen = (
        select(Picture.pixels)
        .join(Labelling, Labelling.picture_id == Picture.id)
        .join(Holding, Holding.picture_id == Picture.id)
        .where(
            Labelling.user_id == user_id,
            Labelling.label == digit,
            Holding.user_id == user_id,
            Holding.created_at == Picture.created_at,  # nobody sent it before them
            Picture.source == "draw",
            Picture.pixels.is_not(None),
        )
        .order_by(Labelling.at.desc(), Labelling.id)
        .limit(_LATEST)
    )
    return [pixels for pixels in session.scalars(chosen) if pixels is not None]


def _agree(digit: str, drawings: Iterable[bytes]) -> str | None:
    """Return the form that drawings of a digit, newest first, agree on; None if they do not."""
    forms = (form_of(digit, _as_input(pixels)) for pixels in drawings)
    counts = Counter(islice((form for form in forms if form is not None), _CLEAR))
    if not counts:
        return None
    form, count = counts.most_common(1)[0]
    others = counts.total() - count
    return form if count >= max(_ALIKE, _TO_ONE * others) else None


def _as_input(pixels: bytes) -> npt.NDArray[np.float32]:
    """Return stored pixels as the network's input, float32 (28, 28), 0 to 1."""
    return np.frombuffer(pixels, np.uint8).reshape(28, 28).astype(np.float32) / np.float32(255)
