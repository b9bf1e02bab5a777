"""Counting attempts while the database cannot be written to: in this process's memory."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from app.database import utc_now
from app.errors import StorageError
from app.services.attempts import Attempts, Throttle

__all__ = ["SpareAttempts"]

_log = logging.getLogger(__name__)

_MOST = 10_000  # keys; the oldest are forgotten


@dataclass(frozen=True)
class _Counted:
    count: int
    wait_until: datetime
    expires_at: datetime


class SpareAttempts(Attempts):
    """Attempts that go on being counted, and slowed down, on a full disk.

    So a wrong password is told as such, a right one logs in, and guessing stays slow.
    """

    def __init__(self, clock: Callable[[], datetime] = utc_now) -> None:
        super().__init__(clock)
        self._now = clock
        self._lock = threading.Lock()
        self._unwritten: OrderedDict[tuple[str, ...], _Counted] = OrderedDict()

    def wait(self, throttle: Throttle, *key: str) -> int:
        """Return how many seconds are still to be waited; 0: go ahead."""
        early = self._wait_here(throttle, key)
        if early:
            return early
        try:
            return super().wait(throttle, *key)
        except StorageError:
            return 0  # what was counted before cannot be gone on with: it begins anew, here

    def count(self, throttle: Throttle, *key: str) -> None:
        """Remember one more attempt, here if the database cannot."""
        try:
            super().count(throttle, *key)
        except StorageError:
            _log.exception("an attempt is counted in memory only")
            self._count_here(throttle, key)

    def forget(self, throttle: Throttle, *key: str) -> None:
        """Begin to count anew; what cannot be deleted is forgotten in its time."""
        with self._lock:
            self._unwritten.pop((throttle.name, *key), None)
        with suppress(StorageError):
            super().forget(throttle, *key)

    def _wait_here(self, throttle: Throttle, key: tuple[str, ...]) -> int:
        now, place = self._now(), (throttle.name, *key)
        with self._lock:
            known = self._unwritten.get(place)
            if known is None or known.count < throttle.free or known.expires_at < now:
                return 0
            early = ceil((known.wait_until - now).total_seconds())
            if 0 < early <= throttle.most:
                return early
            self._unwritten[place] = _counted(throttle, known.count, now)
            return 0

    def _count_here(self, throttle: Throttle, key: tuple[str, ...]) -> None:
        now, place = self._now(), (throttle.name, *key)
        with self._lock:
            known = self._unwritten.pop(place, None)
            before = 0 if known is None or known.expires_at < now else known.count
            self._unwritten[place] = _counted(throttle, before + 1, now)
            while len(self._unwritten) > _MOST:
                self._unwritten.popitem(last=False)


def _counted(throttle: Throttle, count: int, now: datetime) -> _Counted:
    over = count - throttle.free
    seconds = min(throttle.first * 2 ** min(over, 30), throttle.most) if over >= 0 else 0.0
    until = now + timedelta(seconds=seconds)
    return _Counted(count, until, until + timedelta(seconds=throttle.memory))
