"""Spacing: telling many who ask again and again when to come back, one after the other."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

__all__ = ["Spacing"]


class Spacing:
    """Hands out moments that lie a gap apart, so that those who keep to them never come at once."""

    def __init__(self, *, latest: float, clock: Callable[[], float] = time.monotonic) -> None:
        """`latest` is how many seconds ahead a moment may lie: then several may share one."""
        self._latest = latest
        self._clock = clock
        self._lock = threading.Lock()
        self._booked = clock()

    def book(self, gap: float, *, soonest: float = 0.0) -> float:
        """Return in how many seconds somebody may come: a gap after the one before, or later."""
        with self._lock:
            now = self._clock()
            moment = max(now + soonest, min(self._booked + gap, now + self._latest))
            self._booked = moment
        return moment - now
