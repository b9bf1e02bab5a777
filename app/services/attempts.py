"""Slowing down those who try again and again, without ever locking anybody out.

Counters live in the database, so that all entrances and processes see them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.database import insert_missing, reading, utc_now, writing
from app.models import Attempt

__all__ = ["Attempts", "Throttle"]

_MOST_DELETED = 1000


@dataclass(frozen=True)
class Throttle:
    """How something is slowed down.

    After `free` attempts each further one is waited for: `first` seconds, doubled each
    time up to `most`; all is forgotten `memory` seconds after the last.
    """

    name: str
    free: int
    first: float
    most: float
    memory: float


class Attempts:
    """Counts attempts by a key, such as an account and an address together."""

    def __init__(self, clock: Callable[[], datetime] = utc_now) -> None:
        self._clock = clock

    def wait(self, throttle: Throttle, *key: str) -> int:
        """Return how many seconds are still to be waited; 0: go ahead.

        Once attempts are slowed down, only one at a time goes ahead.
        """
        now, digest = self._clock(), _digest(throttle, key)
        with reading() as session:
            attempt = session.get(Attempt, digest)
        if attempt is None or attempt.count < throttle.free or attempt.expires_at < now:
            return 0
        early = ceil((attempt.wait_until - now).total_seconds())
        # A longer wait was set by a clock that was wrong.
        if 0 < early <= throttle.most:
            return early
        until = now + _delay(throttle, attempt.count)
        turn = update(Attempt).where(
            Attempt.key == digest, Attempt.wait_until == attempt.wait_until
        )
        with writing() as session:
            taken = session.execute(turn.values(wait_until=until).returning(Attempt.key)).first()
        return 0 if taken is not None else self.wait(throttle, *key)

    def count(self, throttle: Throttle, *key: str) -> None:
        """Remember one more attempt."""
        now, digest = self._clock(), _digest(throttle, key)
        with writing() as session:
            _delete_expired(session, now)
            attempt = _locked(session, digest, now)
            attempt.count = 1 if attempt.expires_at < now else attempt.count + 1
            attempt.wait_until = now + _delay(throttle, attempt.count)
            attempt.expires_at = attempt.wait_until + timedelta(seconds=throttle.memory)

    def forget(self, throttle: Throttle, *key: str) -> None:
        """Begin to count anew."""
        with writing() as session:
            session.execute(delete(Attempt).where(Attempt.key == _digest(throttle, key)))


def _delay(throttle: Throttle, count: int) -> timedelta:
    over = count - throttle.free
    seconds = min(throttle.first * 2 ** min(over, 30), throttle.most) if over >= 0 else 0.0
    return timedelta(seconds=seconds)


def _delete_expired(session: Session, now: datetime) -> None:
    # Rows that another transaction is at work on are left to it: waiting could be for ever.
    expired = select(Attempt.key).where(Attempt.expires_at < now)
    found = expired.limit(_MOST_DELETED).with_for_update(skip_locked=True)
    session.execute(delete(Attempt).where(Attempt.key.in_(found.scalar_subquery())))


def _locked(session: Session, digest: str, now: datetime) -> Attempt:
    found = select(Attempt).where(Attempt.key == digest).with_for_update()
    while True:
        insert_missing(session, Attempt, key=digest, count=0, wait_until=now, expires_at=now)
        attempt = session.scalars(found).first()
        # A log-in that went well may have deleted it in between.
        if attempt is not None:
            return attempt


def _digest(throttle: Throttle, key: tuple[str, ...]) -> str:
    text = "\0".join((throttle.name, *key))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
