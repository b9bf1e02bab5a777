"""Accounts: sign-up, log-in, change of password."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.orm import Session

from app.addresses import client_network
from app.errors import AccountError, AccountField, PersonGone, StorageError
from app.services.accounts.attempts import Attempts, Counter, Throttle, Throttled
from app.services.accounts.keeping_rules import KeepingRule
from app.services.accounts.names import check_name
from app.services.accounts.passwords import Passwords, check_password
from app.storage.database import Database, insert_missing, utc_now
from app.storage.models import ApiToken, NameShape, User
from app.storage.name_forms import name_key, name_shapes

__all__ = ["Accounts", "Login", "NameTaken", "Person", "Throttled", "add_user", "person_of"]

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
# Sessions that were ended: as long as a cookie lasts.
_ENDED = Throttle("ended session", free=1, first=0, most=0, memory=31 * 86_400)


class NameTaken(AccountError):
    """Somebody has this name, or one that looks the same."""

    def __init__(self) -> None:
        super().__init__("name_taken", field=AccountField.NAME)


@dataclass(frozen=True)
class Person:
    """Somebody with an account, as the rest of the program knows them."""

    id: UUID
    username: str
    is_admin: bool
    session_epoch: int
    created_at: datetime
    #: The default until they have chosen.
    keeping: KeepingRule = KeepingRule.CONFIRMED
    has_chosen_keeping: bool = False


@dataclass(frozen=True)
class Login:
    """Somebody who has just logged in."""

    person: Person
    #: Changes with the password; compare it with `Accounts.credentials`.
    credential: str


class Accounts:
    """The accounts, for the site and the native clients."""

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

    def find_faults(self, name: str, password: str, *, address: str) -> list[AccountError]:
        """Return all that is wrong with a name and a password before anybody signs up with them.

        Whether the name is taken is said no more often than a sign-up would: raises Throttled,
        StorageError.
        """
        faults = _faults(partial(check_name, name), partial(check_password, password))
        if any(fault.field is AccountField.NAME for fault in faults):
            return faults
        taken = Counter(_TAKEN, (client_network(address),))
        with self._attempts.trying(taken) as trial, self._database.reading() as session:
            if session.scalar(_alike(name)) is not None:
                trial.count(taken)
                faults.insert(0, NameTaken())
        return faults

    def log_in(self, name: str, password: str, *, address: str) -> Login | None:
        """Return who it is, or None if name or password are wrong.

        Takes the same time whichever is wrong. Raises Throttled, StorageError.
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
            with suppress(StorageError):  # only a later log-in from here may be slower
                self._attempts.remember(home)
        if user.leaving:  # the end was interrupted
            with self._database.writing() as session:
                found = update(User).where(User.id == user.id)
                session.execute(found.values(leaving=False))
        if self._passwords.is_outdated(user.password_hash):
            with suppress(StorageError):  # the next log-in tries again
                user = self._rehash(user, password)
        return Login(person_of(user), _credential(user.password_hash))

    def find(self, user_id: UUID) -> Person | None:
        """Return a person by id."""
        with self._database.reading() as session:
            user = session.get(User, user_id)
        return None if user is None else person_of(user)

    def names(self, user_ids: Collection[UUID]) -> dict[UUID, str]:
        """Return the names of those of these people who are still there."""
        with self._database.reading() as session:
            rows = session.execute(select(User.id, User.username).where(User.id.in_(user_ids)))
            return {user_id: name for user_id, name in rows}

    def credentials(self, user_ids: Collection[UUID]) -> dict[UUID, str]:
        """Return for each person who is still there a value that changes with the password."""
        with self._database.reading() as session:
            rows = session.execute(select(User.id, User.password_hash).where(User.id.in_(user_ids)))
            return {user_id: _credential(kept) for user_id, kept in rows}

    def end_session(self, session_id: str) -> None:
        """End one session on the site."""
        self._attempts.remember(Counter(_ENDED, (session_id,)))

    def has_ended(self, session_id: str) -> bool:
        """Say whether a session was ended."""
        return self._attempts.remembers(Counter(_ENDED, (session_id,)))

    def end_sessions(self, user_id: UUID) -> None:
        """End all of a person's sessions on the site."""
        with self._database.writing() as session:
            _next_epoch(session, user_id)

    def change_password(self, person: Person, old: str, new: str, *, address: str) -> Person:
        """Change a password, which ends all sessions and API tokens.

        Whoever knew the old one may have made a token.

        Raises AccountError, Throttled, PersonGone, StorageError.
        """
        check_password(new)
        self.check(person, old, address=address)
        hashed = self._passwords.hash(new)
        with self._database.writing() as session:
            _next_epoch(session, person.id)
            user = session.get(User, person.id)
            if user is None:
                raise PersonGone("account_gone")
            user.password_hash = hashed
            session.execute(delete(ApiToken).where(ApiToken.user_id == person.id))
            session.flush()
            return person_of(user)

    def find_change_faults(
        self, person: Person, old: str, new: str, *, address: str
    ) -> list[AccountError]:
        """Return all that is wrong with the passwords for a change, which it does not make.

        An empty `old` is not compared. Raises Throttled, PersonGone, StorageError.
        """
        checks = [partial(check_password, new)]
        if old:
            checks.append(partial(self.check, person, old, address=address))
        return _faults(*checks)

    def check(self, person: Person, password: str, *, address: str) -> None:
        """Raise AccountError if this is not the person's password.

        Raises Throttled, PersonGone, StorageError.
        """
        here = Counter(_LOG_IN, (name_key(person.username), client_network(address)))
        with self._attempts.trying(here) as trial:
            with self._database.reading() as session:
                kept = session.scalar(select(User.password_hash).where(User.id == person.id))
            if kept is None:
                raise PersonGone("account_gone")
            if not self._passwords.verify(kept, password):
                trial.count(here)
                raise AccountError("password_wrong", field=AccountField.PRESENT_PASSWORD)
            trial.clear(here)

    def choose_keeping(self, user_id: UUID, rule: KeepingRule) -> None:
        """Set what is kept for a person; raises PersonGone, StorageError."""
        found = update(User).where(User.id == user_id).values(keeping=rule.value)
        with self._database.writing() as session:
            if session.execute(found.returning(User.id)).first() is None:
                raise PersonGone("account_gone")

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
            return person_of(add_user(session, name=name, password_hash=hashed))

    def _rehash(self, user: User, password: str) -> User:
        hashed = self._passwords.hash(password)
        same = update(User).where(User.id == user.id, User.password_hash == user.password_hash)
        with self._database.writing() as session:
            session.execute(same.values(password_hash=hashed))
            return session.get_one(User, user.id)


def _faults(*checks: Callable[[], None]) -> list[AccountError]:
    faults = []
    for check in checks:
        try:
            check()
        except AccountError as fault:
            faults.append(fault)
    return faults


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
    # In a fixed order, so that two simultaneous sign-ups do not deadlock.
    for shape in sorted(name_shapes(name)):
        if not insert_missing(session, NameShape, shape=shape, user_id=own):
            raise NameTaken
    return session.get_one(User, own)


def _alike(name: str) -> Select[Any]:
    """Select the people whose names are the same or look alike."""
    shapes = select(NameShape.user_id).where(NameShape.shape.in_(name_shapes(name)))
    same = User.username_key == name_key(name)
    return select(User.id).where(same | User.id.in_(shapes)).limit(1)


def _next_epoch(session: Session, user_id: UUID) -> None:
    found = update(User).where(User.id == user_id)
    session.execute(found.values(session_epoch=User.session_epoch + 1))


def person_of(user: User) -> Person:
    """Return the person of a row."""
    return Person(
        user.id,
        user.username,
        user.is_admin,
        user.session_epoch,
        user.created_at,
        KeepingRule(user.keeping or KeepingRule.CONFIRMED),
        user.keeping is not None,
    )


def _credential(password_hash: str) -> str:
    return hashlib.sha256(password_hash.encode()).hexdigest()
