"""Throttling in memory, for times when the database cannot be written."""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from app.errors import StorageError
from app.services.accounts.attempts import Attempts, Counter, Throttled, Trial, delay
from app.storage.database import Database, utc_now

__all__ = ["SpareAttempts"]

_log = logging.getLogger(__name__)

_MOST = 10_000  # counters; the oldest are forgotten


@dataclass(frozen=True)
class _Counted:
    count: int
    wait_until: datetime
    expires_at: datetime


class SpareAttempts(Attempts):
    """Attempts that are counted and delayed even while the disk is full.

    A right password then still logs in, and guessing stays slow. Counters begin anew, in this
    process's memory.
    """

    def __init__(
        self,
        database: Database,
        clock: Callable[[], datetime] = utc_now,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        super().__init__(database, clock, sleep)
        self._now = clock
        self._guard = threading.Lock()
        self._unwritten: OrderedDict[Counter, _Counted] = OrderedDict()

    def begin(self, counters: tuple[Counter, ...]) -> set[Counter]:
        """Record a pending attempt, or none if the database cannot be written."""
        with self._guard:
            waits = [self._wait_here(counter) for counter in counters]
        if longest := max(waits, default=0):
            raise Throttled(longest)
        try:
            return super().begin(counters)
        except StorageError:
            return set()

    def settle(self, counters: tuple[Counter, ...], trial: Trial, pending: set[Counter]) -> None:
        """Record the outcome of an attempt, in memory if the database cannot be written."""
        with self._guard:
            for counter in trial.cleared:
                self._unwritten.pop(counter, None)
        try:
            super().settle(counters, trial, pending)
        except StorageError:
            _log.exception("an attempt is counted in memory only")
            with self._guard:
                for counter in trial.counted:
                    self._count_here(counter)

    def _wait_here(self, counter: Counter) -> int:
        now, throttle = self._now(), counter.throttle
        known = self._unwritten.get(counter)
        if known is None or known.count < throttle.free or known.expires_at < now:
            return 0
        early = ceil((known.wait_until - now).total_seconds())
        if 0 < early <= throttle.most:
            return early
        self._unwritten[counter] = self._counted(counter, known.count)
        return 0

    def _count_here(self, counter: Counter) -> None:
        known = self._unwritten.pop(counter, None)
        before = 0 if known is None or known.expires_at < self._now() else known.count
        self._unwritten[counter] = self._counted(counter, before + 1)
        while len(self._unwritten) > _MOST:
            self._unwritten.popitem(last=False)

    def _counted(self, counter: Counter, count: int) -> _Counted:
        until = self._now() + delay(counter.throttle, count)
        return _Counted(count, until, until + timedelta(seconds=counter.throttle.memory))
