"""The audience: when each of those who watch may look again, so that watching takes little."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from app.services.streams.spacing import Spacing

__all__ = ["Audience"]

_SHARE = 0.02  # of a process's time, for all looks together
_SOONEST, _LATEST = 0.25, 5.0  # seconds between two looks of one who watches
_FIRST_GUESS = 0.004  # seconds that a look takes, before any was measured
_WEIGHT = 0.1  # of the newest look in the average
_BESIDE, _SENDING = 1e-3, 2e-9  # seconds for a request besides its view, and for a byte of it


class Audience:
    """Spreads those who watch by the time that their looks take."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._spacing = Spacing(latest=_LATEST, clock=clock)
        self._lock = threading.Lock()
        self._cost = _FIRST_GUESS

    def note(self, seconds: float, size: int) -> None:
        """Note how long a thread worked for a look, and how many bytes it sends."""
        cost = seconds + _BESIDE + _SENDING * size
        with self._lock:
            self._cost += _WEIGHT * (cost - self._cost)

    def again_ms(self) -> int:
        """Return in how many milliseconds the one who is answered may look again."""
        return round(1000 * self._spacing.book(self._cost / _SHARE, soonest=_SOONEST))
