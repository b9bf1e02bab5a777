"""API tokens: what programs show instead of a person's name and password.

A token is 256 random bits, and kept is its SHA-256. A slow hash, as of passwords, slows down
who tries likely values; of 2 to the power of 256 equally likely ones nobody tries enough, and
each request of a program would pay for it.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from app.errors import CodedError, PersonGone, StorageError
from app.services.accounts.accounts import Person, person_of
from app.storage.database import Database, utc_now
from app.storage.models import ApiToken, User
from app.storage.name_forms import name_key

__all__ = [
    "EXPIRY_DAYS",
    "LONGEST_NAME",
    "MOST_TOKENS",
    "Bearer",
    "NewToken",
    "TokenError",
    "TokenView",
    "Tokens",
    "check_token_name",
]

#: How many tokens a person may have.
MOST_TOKENS = 20
LONGEST_NAME = 64
#: What a person may choose from; 0 is never.
EXPIRY_DAYS = (30, 90, 365, 0)

# By the prefix, programs that look for secrets in public code find tokens.
_PREFIX = "dn_"
_FORM = re.compile(_PREFIX + "[0-9a-f]{64}")
_BYTES = 32
_USE_NOTED = timedelta(minutes=1)


class TokenError(CodedError, ValueError):
    """A token cannot be made."""


@dataclass(frozen=True)
class TokenView:
    """A token, as its owner sees it."""

    id: UUID
    name: str
    created_at: datetime
    used_at: datetime | None
    expires_at: datetime | None
    has_expired: bool


@dataclass(frozen=True)
class NewToken:
    """A token that was just made, and its text, which is known at no other time."""

    token: TokenView
    text: str


@dataclass(frozen=True)
class Bearer:
    """Who sent a token, and which."""

    person: Person
    token_id: UUID


class Tokens:
    """The API tokens of all people."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = utc_now) -> None:
        self._database = database
        self._clock = clock

    def make(self, user_id: UUID, name: str, *, days: int = 0) -> NewToken:
        """Make a token that expires after some days, or, with 0, never.

        Tokens of the person that have expired are deleted. Raises TokenError for a name that
        cannot be, or if there are as many as one person may have; PersonGone, StorageError.
        """
        check_token_name(name)
        name = name.strip()
        text, now = _PREFIX + secrets.token_hex(_BYTES), self._clock()
        with self._database.writing() as session:
            # Locked, so that several at once are counted one after the other.
            owner = select(User.id).where(User.id == user_id).with_for_update()
            if session.scalar(owner) is None:
                raise PersonGone("account_gone")
            own = ApiToken.user_id == user_id
            session.execute(delete(ApiToken).where(own, ApiToken.expires_at <= now))
            count = session.scalar(select(func.count()).select_from(ApiToken).where(own)) or 0
            if count >= MOST_TOKENS:
                raise TokenError("token_limit", count=MOST_TOKENS)
            row = ApiToken(
                user_id=user_id,
                name=name,
                sha256=_digest(text),
                created_at=now,
                expires_at=now + timedelta(days=days) if days else None,
            )
            session.add(row)
            session.flush()
            return NewToken(_view(row, now), text)

    def make_for(self, username: str, name: str, *, days: int = 0) -> NewToken | None:
        """Make a token for a person by name; None if there is nobody of this name."""
        with self._database.reading() as session:
            user_id = session.scalar(select(User.id).where(User.username_key == name_key(username)))
        return None if user_id is None else self.make(user_id, name, days=days)

    def list(self, user_id: UUID) -> list[TokenView]:
        """Return a person's tokens, newest first."""
        now = self._clock()
        own = select(ApiToken).where(ApiToken.user_id == user_id)
        with self._database.reading() as session:
            rows = session.scalars(own.order_by(ApiToken.created_at.desc(), ApiToken.id))
            return [_view(row, now) for row in rows]

    def revoke(self, user_id: UUID, token_id: UUID) -> bool:
        """Delete one of a person's tokens; False if they have no such token."""
        found = delete(ApiToken).where(ApiToken.id == token_id, ApiToken.user_id == user_id)
        with self._database.writing() as session:
            return session.execute(found.returning(ApiToken.id)).first() is not None

    def revoke_all(self, username: str | None = None) -> int | None:
        """Delete all tokens of a person, or of everybody, and return how many they were.

        None if there is nobody of this name.
        """
        with self._database.writing() as session:
            found = delete(ApiToken)
            if username is not None:
                key = name_key(username)
                user_id = session.scalar(select(User.id).where(User.username_key == key))
                if user_id is None:
                    return None
                found = found.where(ApiToken.user_id == user_id)
            return len(session.execute(found.returning(ApiToken.id)).all())

    def find(self, text: str) -> Bearer | None:
        """Return whose token this is; None if it is none, has expired or was revoked."""
        if not _FORM.fullmatch(text):
            return None
        now = self._clock()
        with self._database.reading() as session:
            found = _find(session, ApiToken.sha256 == _digest(text))
        if found is None:
            return None
        token, user = found
        if not _is_good(token, user, now):
            return None
        if token.used_at is None or token.used_at <= now - _USE_NOTED:
            with suppress(StorageError):  # who only reads need not wait for a full disk
                self._note_use(token.id, now)
        return Bearer(person_of(user), token.id)

    def bearer_of(self, token_id: UUID) -> Person | None:
        """Return whose token it is, as long as it is good. Raises StorageError."""
        now = self._clock()
        with self._database.reading() as session:
            found = _find(session, ApiToken.id == token_id)
        return person_of(found[1]) if found is not None and _is_good(*found, now) else None

    def _note_use(self, token_id: UUID, now: datetime) -> None:
        with self._database.writing() as session:
            found = update(ApiToken).where(ApiToken.id == token_id)
            session.execute(found.values(used_at=now))


def _find(session: Session, which: ColumnElement[bool]) -> tuple[ApiToken, User] | None:
    row = session.execute(select(ApiToken, User).join(User).where(which)).first()
    return None if row is None else (row[0], row[1])


def _is_good(token: ApiToken, user: User, now: datetime) -> bool:
    return not user.leaving and (token.expires_at is None or token.expires_at > now)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def check_token_name(name: str) -> None:
    """Raise TokenError if a token cannot be called this."""
    name = name.strip()
    # Whatever cannot be seen: control characters, surrogates, unassigned.
    unseen = any(unicodedata.category(char) in ("Cc", "Cs", "Cn", "Zl", "Zp") for char in name)
    if unseen or not 1 <= len(name) <= LONGEST_NAME:
        raise TokenError("token_name", most=LONGEST_NAME)


def _view(row: ApiToken, now: datetime) -> TokenView:
    has_expired = row.expires_at is not None and row.expires_at <= now
    return TokenView(row.id, row.name, row.created_at, row.used_at, row.expires_at, has_expired)
