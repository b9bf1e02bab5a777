"""People: signing up, logging in, changing a password, leaving."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Select, Update, delete, exists, func, select, update
from sqlalchemy.orm import Session

from app.addresses import client_network
from app.errors import AccountError, AccountField, StorageError
from app.services.accounts.attempts import Attempts, Counter, Throttle, Throttled
from app.services.accounts.names import check_name, name_key, name_shapes
from app.services.accounts.passwords import Passwords, check_password
from app.services.pictures.labels import labelled_by
from app.storage.database import Database, insert_missing, utc_now
from app.storage.models import Holding, NameShape, Picture, User

__all__ = ["Accounts", "Farewell", "NameTaken", "Person", "Throttled", "add_user"]

# A pupil who guesses a friend's password is slowed down; the friend, elsewhere, is not.
_LOG_IN = Throttle("log-in", free=5, first=2, most=60, memory=900)
# One network that tries many names. Thirty pupils who mistype six times each in a lesson,
# and a school that does so 240 times an hour, are not slowed down. The longest wait is
# short, since it is everybody's there but theirs who have logged in from there before.
_GUESSING = Throttle("guessing", free=200, first=1, most=30, memory=3600, forgiven=15)
_AT_HOME = Throttle("at home", free=1, first=0, most=0, memory=30 * 86_400)
# A whole class behind one address signs up in one lesson, and the next in the next; a
# program does not stop at that.
_SIGN_UP = Throttle("sign-up", free=60, first=15, most=600, memory=3600, forgiven=60)
# "Already taken" tells who has an account. A class tries four taken names each.
_TAKEN = Throttle("taken", free=120, first=1, most=60, memory=3600, forgiven=30)


class NameTaken(AccountError):
    """Somebody has this name, or one that looks the same."""

    def __init__(self) -> None:
        super().__init__(
            "This name is already taken, or looks like one that is.", field=AccountField.NAME
        )


@dataclass(frozen=True)
class Person:
    """Somebody with an account, as the rest of the program knows them."""

    id: UUID
    username: str
    is_admin: bool
    session_epoch: int
    password_hash: str
    created_at: datetime


@dataclass(frozen=True)
class Farewell:
    """What the end of an account means: pictures that go, and labelled ones that stay."""

    deleted: int
    kept: int


class Accounts:
    """Everything about accounts, for all entrances."""

    def __init__(self, database: Database, passwords: Passwords, attempts: Attempts) -> None:
        self._database = database
        self._passwords = passwords
        self._attempts = attempts

    def sign_up(self, name: str, password: str, *, address: str) -> Person:
        """Make an account.

        Raises AccountError for a name or password that cannot be taken, NameTaken,
        Throttled, StorageError.
        """
        check_name(name)
        check_password(password)
        network = client_network(address)
        made, taken = Counter(_SIGN_UP, (network,)), Counter(_TAKEN, (network,))
        with self._attempts.trying(made, taken) as trial:
            try:
                person = self._add(name, password)
            except NameTaken:
                trial.count(taken)
                raise
            trial.count(made)
            return person

    def log_in(self, name: str, password: str, *, address: str) -> Person | None:
        """Return the person, or None if name and password do not belong together.

        Takes the same time whichever of them is wrong. Raises Throttled, StorageError.
        """
        key, network = name_key(name), client_network(address)
        here, home = Counter(_LOG_IN, (key, network)), Counter(_AT_HOME, (key, network))
        is_at_home = self._attempts.remembers(home)
        counters = (here,) if is_at_home else (here, Counter(_GUESSING, (network,)))
        with self._attempts.trying(*counters) as trial:
            with self._database.reading() as session:
                user = session.scalar(select(User).where(User.username_key == key))
            kept = user.password_hash if user is not None else None
            if not self._passwords.verify(kept, password) or user is None:
                trial.count(*counters)
                return None
            trial.clear(here)
        if not is_at_home:
            self._attempts.remember(home)
        if user.leaving:  # the end was interrupted
            with self._database.writing() as session:
                session.execute(_leaving(user.id, False))
        if self._passwords.is_outdated(user.password_hash):
            with suppress(StorageError):  # the next log-in tries again
                return self._rehash(user, password)
        return _person(user)

    def find(self, user_id: UUID) -> Person | None:
        """Return a person by id."""
        with self._database.reading() as session:
            user = session.get(User, user_id)
        return None if user is None else _person(user)

    def password_hashes(self, user_ids: Collection[UUID]) -> dict[UUID, str]:
        """Return what is kept of these people's passwords, by id; those who left are missing."""
        with self._database.reading() as session:
            rows = session.execute(select(User.id, User.password_hash).where(User.id.in_(user_ids)))
            return {user_id: kept for user_id, kept in rows}

    def end_sessions(self, user_id: UUID) -> None:
        """End all of a person's sessions on the site."""
        with self._database.writing() as session:
            _next_epoch(session, user_id)

    def change_password(self, person: Person, old: str, new: str, *, address: str) -> Person:
        """Change a password, which ends all sessions; raises AccountError, Throttled."""
        check_password(new)
        self._check(person, old, address)
        hashed = self._passwords.hash(new)
        with self._database.writing() as session:
            _next_epoch(session, person.id)
            user = session.get_one(User, person.id)
            user.password_hash = hashed
            session.flush()
            return _person(user)

    def farewell(self, user_id: UUID) -> Farewell:
        """Return what the end of an account would mean for its pictures."""
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

    def check(self, person: Person, password: str, *, address: str) -> None:
        """Raise AccountError if this is not the person's password; raises Throttled."""
        self._check(person, password, address)

    def end(self, user_id: UUID) -> bool:
        """End an account whose holdings are gone already; False if it still has some.

        From then on nothing more is stored for it, until its owner logs in again. What the
        person said of pictures stays, without the person.
        """
        with self._database.writing() as session:
            # Pictures before people, as whoever stores or labels one locks them.
            labelled = session.scalars(labelled_by(user_id).with_for_update()).all()
            # Whoever is about to store a picture for this person has finished, or fails.
            session.execute(select(User.id).where(User.id == user_id).with_for_update())
            held = session.scalar(select(exists().where(Holding.user_id == user_id)))
            if held or session.scalars(labelled_by(user_id)).all() != labelled:
                session.execute(_leaving(user_id, True))
                return False
            session.execute(delete(User).where(User.id == user_id))
        return True

    def make_admin(self, name: str) -> bool:
        """Make a person an administrator; False if there is none of this name."""
        with self._database.writing() as session:
            found = update(User).where(User.username_key == name_key(name))
            changed = session.execute(found.values(is_admin=True).returning(User.id))
            return changed.first() is not None

    def count(self) -> int:
        """Return how many people have an account."""
        with self._database.reading() as session:
            return session.scalar(select(func.count()).select_from(User)) or 0

    def _add(self, name: str, password: str) -> Person:
        with self._database.reading() as session:
            if session.scalar(_alike(name)) is not None:
                raise NameTaken
        hashed = self._passwords.hash(password)
        with self._database.writing() as session:
            return _person(add_user(session, name=name, password_hash=hashed))

    def _check(self, person: Person, password: str, address: str) -> None:
        here = Counter(_LOG_IN, (name_key(person.username), client_network(address)))
        with self._attempts.trying(here) as trial:
            if not self._passwords.verify(person.password_hash, password):
                trial.count(here)
                raise AccountError(
                    "The present password is not right.", field=AccountField.PRESENT_PASSWORD
                )
            trial.clear(here)

    def _rehash(self, user: User, password: str) -> Person:
        hashed = self._passwords.hash(password)
        same = update(User).where(User.id == user.id, User.password_hash == user.password_hash)
        with self._database.writing() as session:
            session.execute(same.values(password_hash=hashed))
            return _person(session.get_one(User, user.id))


def add_user(
    session: Session, *, name: str, password_hash: str, user_id: UUID | None = None
) -> User:
    """Add a person within a transaction, which fails with NameTaken."""
    own = user_id or uuid4()
    values = {
        "id": own,
        "username": name,
        "username_key": name_key(name),
        "password_hash": password_hash,
        "is_admin": False,
        "session_epoch": 0,
        "created_at": utc_now(),
    }
    if not insert_missing(session, User, **values):
        raise NameTaken
    # In one order, so that of two who sign up at once none waits for the other.
    for shape in sorted(name_shapes(name)):
        if not insert_missing(session, NameShape, shape=shape, user_id=own):
            raise NameTaken
    return session.get_one(User, own)


def _alike(name: str) -> Select[Any]:
    """Select the people whose names are the same or look alike."""
    shapes = select(NameShape.user_id).where(NameShape.shape.in_(name_shapes(name)))
    same = User.username_key == name_key(name)
    return select(User.id).where(same | User.id.in_(shapes)).limit(1)


def _leaving(user_id: UUID, leaving: bool) -> Update:
    return update(User).where(User.id == user_id).values(leaving=leaving)


def _next_epoch(session: Session, user_id: UUID) -> None:
    found = update(User).where(User.id == user_id)
    session.execute(found.values(session_epoch=User.session_epoch + 1))


def _person(user: User) -> Person:
    return Person(
        user.id,
        user.username,
        user.is_admin,
        user.session_epoch,
        user.password_hash,
        user.created_at,
    )
