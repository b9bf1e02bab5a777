"""A bound on the memory that large pictures take at once; further ones wait."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from app.errors import BusyError
from cnn.vision.decode import memory_needed

__all__ = ["WorkRoom"]

_SIZE = 320_000_000  # bytes: the largest picture that may be sent takes 296 million
_READING = 30_000_000  # bytes: what reading takes, whatever the picture
_SMALL = 24_000_000  # bytes: a drawing, or a photograph, never waits
_PATIENCE = 15.0  # seconds, after which the client is asked to come again


class WorkRoom:
    """Admits pictures, large ones in order of arrival, within a bound on their memory.

    Parameters
    ----------
    size : int
        Bytes for all large pictures in progress together.
    small : int
        Bytes; a picture that takes no more never waits.
    patience : float
        Longest wait in seconds.
    tidy : callable
        Called after each large picture, to return its memory to the system.
    """

    def __init__(
        self,
        size: int = _SIZE,
        *,
        small: int = _SMALL,
        patience: float = _PATIENCE,
        tidy: Callable[[], object] = lambda: None,
    ) -> None:
        self._size, self._small, self._patience = size, small, patience
        self._tidy = tidy
        self._taken = 0
        self._queue: deque[object] = deque()
        self._changed = threading.Condition()

    @contextmanager
    def open_for(self, picture: bytes) -> Iterator[None]:
        """Reserve the memory for a picture, for the duration of the block.

        Raises PictureError if it is no picture, and BusyError after too long a wait.
        """
        needed = memory_needed(picture)
        if needed <= self._small:
            yield
            return
        needed = min(needed + _READING, self._size)
        self._enter(needed)
        try:
            yield
        finally:
            self._tidy()
            with self._changed:
                self._taken -= needed
                self._changed.notify_all()

    def _enter(self, needed: int) -> None:
        ticket = object()

        def is_next() -> bool:
            return self._queue[0] is ticket and self._taken + needed <= self._size

        with self._changed:
            self._queue.append(ticket)
            try:
                if not self._changed.wait_for(is_next, self._patience):
                    raise BusyError("pictures_waiting")
                self._taken += needed
            finally:
                self._queue.remove(ticket)
                self._changed.notify_all()
