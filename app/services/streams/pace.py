"""The pace of frames: as many as the server can read, each soon after it was taken.

Of cameras that send as fast as they can, all but a few wait in a queue, and what is read is then
old. So each answer says when the next frame may come, and these moments lie as far apart as the
server takes for a frame.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from app.errors import BusyError
from app.services.streams.spacing import Spacing

__all__ = ["LONGEST_WAIT", "FrameDropped", "Pace"]

#: Seconds that a frame may have waited to be read: by then its camera has a newer one.
LONGEST_WAIT = 0.2

_FIRST_GUESS = 0.015  # seconds from one frame's end to the next one's, before any was read
_WEIGHT = 0.1  # of the newest measurement in an average
_WANTED_WAIT = 0.05  # seconds: enough that there is always a frame to be read
_EAGERNESS = 0.1  # how much closer frames come when none waits
_LATEST = 3.0  # seconds to the next frame, at most


class FrameDropped(BusyError):
    """A frame waited too long and was not read; a newer one may come."""


class Pace:
    """Measures how fast frames are read, and spreads those that come by it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._spacing = Spacing(latest=_LATEST, clock=clock)
        self._lock = threading.Lock()
        self._at_work = 0
        #: When the last frame was done, or the first of those at work was begun.
        self._mark = 0.0
        self._apart = _FIRST_GUESS
        self._waited = 0.0

    @contextmanager
    def reading(self, waited: float) -> Iterator[None]:
        """Read a frame that has waited for so many seconds. Raises FrameDropped if too long."""
        with self._lock:
            self._waited += _WEIGHT * (min(waited, LONGEST_WAIT) - self._waited)
            if waited > LONGEST_WAIT:
                raise FrameDropped("frames_waiting")
            if self._at_work == 0:
                self._mark = self._clock()
            self._at_work += 1
        try:
            yield
        finally:
            with self._lock:
                now = self._clock()
                # From one end to the next while there is work: several may be read at once.
                self._apart += _WEIGHT * (now - self._mark - self._apart)
                self._mark = now
                self._at_work -= 1

    def again_ms(self) -> int:
        """Return in how many milliseconds the camera that was answered may send its next frame.

        The gap from one camera to the next is the time of a frame, if frames wait as long as they
        should: longer if they wait longer, and a little shorter if they do not wait, since only
        then is it seen that the server has nothing to do.
        """
        gap = self._apart * (1 - _EAGERNESS + _EAGERNESS * self._waited / _WANTED_WAIT)
        return round(1000 * self._spacing.book(gap))
