"""Throttling of repeated attempts, which delays but never locks anybody out.

Counters are in the database, for all processes. An attempt is recorded before it is made,
so that many at once count like one after the other.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.errors import CodedError
from app.storage.database import Database, insert_missing, utc_now
from app.storage.models import Attempt

__all__ = ["Attempts", "Counter", "Throttle", "Throttled", "Trial", "delay"]

_MOST_DELETED = 1000
# After that an attempt no longer counts as in progress: its process may have died.
_LEASE = timedelta(seconds=30)
_LOOK_AGAIN = 0.05  # seconds
_PATIENCE = timedelta(seconds=5)


class Throttled(CodedError):
    """Too many attempts: wait for `seconds`."""

    def __init__(self, seconds: int) -> None:
        super().__init__("throttled", count=seconds)
        self.seconds = seconds


@dataclass(frozen=True)
class Throttle:
    """The parameters of a throttle.

    After `free` attempts each further one is delayed: by `first` seconds, doubled each time
    up to `most`. One attempt is forgiven every `forgiven` seconds, unless that is 0, and all
    are forgotten `memory` seconds after the last.
    """

    name: str
    free: int
    first: float
    most: float
    memory: float
    forgiven: float = 0


@dataclass(frozen=True)
class Counter:
    """A counter: its throttle and its key."""

    throttle: Throttle
    key: tuple[str, ...]

    @property
    def digest(self) -> str:
        """The key of its row in the database."""
        text = "\0".join((self.throttle.name, *self.key))
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass
class Trial:
    """An attempt in progress, and its outcome: not counted, unless `count` is called."""

    counted: set[Counter] = field(default_factory=set)
    cleared: set[Counter] = field(default_factory=set)

    def count(self, *counters: Counter) -> None:
        """Count it."""
        self.counted.update(counters)

    def clear(self, counter: Counter) -> None:
        """Reset a counter when the attempt ends."""
        self.cleared.add(counter)


class Attempts:
    """Counts attempts, and refuses those that come too soon."""

    def __init__(
        self,
        database: Database,
        clock: Callable[[], datetime] = utc_now,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._database = database
        self._clock = clock
        self._sleep = sleep

    @contextmanager
    def trying(self, *counters: Counter) -> Iterator[Trial]:
        """Make an attempt in the block, recorded as pending in all counters meanwhile.

        If as many as are free are pending, wait for their outcomes.
        Raises Throttled, StorageError.
        """
        pending = self.begin(counters)
        trial = Trial()
        try:
            yield trial
        finally:
            self.settle(counters, trial, pending)

    def remember(self, counter: Counter) -> None:
        """Note an event for `memory` seconds; see `remembers`."""
        with self._database.writing() as session:
            now = self._clock()
            attempt = _locked(session, counter, now)
            attempt.count = 1
            attempt.expires_at = now + timedelta(seconds=counter.throttle.memory)

    def remembers(self, counter: Counter) -> bool:
        """Say whether an event was noted by `remember`."""
        with self._database.reading() as session:
            attempt = session.get(Attempt, counter.digest)
            return attempt is not None and attempt.count > 0 and attempt.expires_at >= self._clock()

    def begin(self, counters: tuple[Counter, ...]) -> set[Counter]:
        """Record a pending attempt in all counters; return those in which it is pending."""
        begun = self._clock()
        while True:
            placed = self._place(counters)
            if isinstance(placed, set):
                return placed
            now = self._clock()
            if now >= begun + _PATIENCE:
                raise Throttled(max(1, _seconds(placed - now)))
            self._sleep(_LOOK_AGAIN)

    def _place(self, counters: tuple[Counter, ...]) -> set[Counter] | datetime:
        """Record a pending attempt in all counters, or in none.

        Return those in which it is pending or, if as many as are free are pending already,
        when they expire.
        """
        with self._database.writing() as session:
            rows, now = self._lock(session, counters)
            early = [row.wait_until - now for counter, row in rows if _is_slowed(counter, row)]
            if (wait := max(early, default=timedelta())) > timedelta():
                raise Throttled(_seconds(wait))
            pending = [(counter, row) for counter, row in rows if not _is_slowed(counter, row)]
            for counter, row in pending:
                if row.count + row.pending >= counter.throttle.free:
                    return row.pending_until or now
            for counter, row in rows:
                if _is_slowed(counter, row):
                    # Now it is one's turn, and the next one's is later.
                    row.wait_until = now + delay(counter.throttle, row.count)
                else:
                    row.pending, row.pending_until = row.pending + 1, now + _LEASE
                row.expires_at = max(row.expires_at, now + _LEASE)
            return {counter for counter, _ in pending}

    def settle(self, counters: tuple[Counter, ...], trial: Trial, pending: set[Counter]) -> None:
        """End a pending attempt and record its outcome."""
        with self._database.writing() as session:
            rows, now = self._lock(session, counters)
            for counter, row in rows:
                if counter in pending:
                    row.pending = max(0, row.pending - 1)
                if counter in trial.counted:
                    _count(counter.throttle, row, now)
                elif counter in trial.cleared or not (row.count or row.pending):
                    session.delete(row)
            _delete_expired(session, now)

    def _lock(
        self, session: Session, counters: tuple[Counter, ...]
    ) -> tuple[list[tuple[Counter, Attempt]], datetime]:
        """Lock the counters' rows, in the order of their keys, as they stand now."""
        ordered = sorted(counters, key=lambda counter: counter.digest)
        rows = [(counter, _locked(session, counter, self._clock())) for counter in ordered]
        # Not before: the others, for whom the locks were waited for, have set later times.
        now = self._clock()
        for counter, row in rows:
            _bring_up_to_date(counter.throttle, row, now)
        return rows, now


def _is_slowed(counter: Counter, row: Attempt) -> bool:
    return row.count >= counter.throttle.free


def _count(throttle: Throttle, row: Attempt, now: datetime) -> None:
    row.count += 1
    if wait := delay(throttle, row.count):
        row.wait_until = now + wait
    elif not throttle.forgiven or row.count == 1:
        row.wait_until = now
    row.expires_at = max(row.wait_until, now) + timedelta(seconds=throttle.memory)


def delay(throttle: Throttle, count: int) -> timedelta:
    """Return the delay of the attempt after `count` others."""
    over = count - throttle.free
    seconds = min(throttle.first * 2 ** min(over, 30), throttle.most) if over >= 0 else 0.0
    return timedelta(seconds=seconds)


def _seconds(wait: timedelta) -> int:
    return ceil(wait.total_seconds())


def _delete_expired(session: Session, now: datetime) -> None:
    # Skip rows that another transaction has locked: it may wait for this one's.
    expired = select(Attempt.key).where(Attempt.expires_at < now)
    found = expired.limit(_MOST_DELETED).with_for_update(skip_locked=True)
    session.execute(delete(Attempt).where(Attempt.key.in_(found.scalar_subquery())))


def _bring_up_to_date(throttle: Throttle, row: Attempt, now: datetime) -> None:
    if row.expires_at < now:
        row.count, row.pending, row.wait_until = 0, 0, now
    # A longer wait was set by a clock that was wrong.
    if row.wait_until > now + timedelta(seconds=throttle.most):
        row.wait_until = now
    if row.pending_until is None or not now < row.pending_until <= now + 2 * _LEASE:
        row.pending = 0
    if throttle.forgiven and row.wait_until < now:
        one = timedelta(seconds=throttle.forgiven)
        times = (now - row.wait_until) // one
        # The rest of the time goes on counting.
        row.count, row.wait_until = max(0, row.count - times), row.wait_until + times * one


def _locked(session: Session, counter: Counter, now: datetime) -> Attempt:
    digest = counter.digest
    found = select(Attempt).where(Attempt.key == digest).with_for_update()
    values = {"count": 0, "pending": 0, "wait_until": now, "expires_at": now}
    while True:
        row = session.scalars(found).first()
        # An attempt that went well may have deleted it in between.
        if row is not None:
            return row
        insert_missing(session, Attempt, key=digest, **values)
