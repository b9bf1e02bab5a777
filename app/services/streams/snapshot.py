"""Snapshots: what all who watch the same are to get is made once, and handed to each of them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

__all__ = ["Part", "Snapshot", "Snapshots"]

_LEAST = 0.25  # seconds that a snapshot serves whoever comes
_SHARE = 0.02  # of a process's time, for making those of one kind
_LONGEST = 1.0  # seconds that a snapshot serves, at most
_FORGOTTEN = 5.0  # seconds after which what nobody asks for is forgotten, and the frames in it

# Several processes may write: what was just being written by another one is sent again.
_OVERLAP = 100  # milliseconds


@dataclass(frozen=True)
class Part:
    """One stream, encoded: with its picture, for whom that is new, and without."""

    #: When its picture came, in milliseconds of the epoch; None if it has none.
    changed: float | None
    whole: bytes
    without_picture: bytes


@dataclass(frozen=True)
class Snapshot:
    """All streams at one time, in milliseconds of the epoch, encoded, with what stands before."""

    now: int
    parts: tuple[Part, ...]
    head: bytes = b""
    #: What was joined already, by which parts are whole.
    _joined: dict[tuple[bool, ...], bytes] = field(default_factory=dict)

    def since(self, moment: int) -> bytes:
        """Return the parts, with commas between them, for who has seen what came before."""
        is_new = tuple(
            part.changed is not None and part.changed > moment - _OVERLAP for part in self.parts
        )
        joined = self._joined.get(is_new)
        if joined is None:
            pairs = zip(self.parts, is_new, strict=True)
            joined = b",".join(one.whole if new else one.without_picture for one, new in pairs)
            self._joined.clear()  # the newest serves most
            self._joined[is_new] = joined
        return joined


@dataclass
class _Shelf:
    """The last snapshot of a kind."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    snapshot: Snapshot | None = None
    #: When it was asked for, and until when it serves, by the monotonic clock.
    asked: float = 0.0
    until: float = 0.0


class Snapshots:
    """Makes a snapshot of each kind four times a second at most, or less often if it takes long."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        thread_time: Callable[[], float] = time.thread_time,
    ) -> None:
        self._clock, self._thread_time = clock, thread_time
        self._lock = threading.Lock()
        self._shelves: dict[Hashable, _Shelf] = {}

    def __len__(self) -> int:
        """How many kinds are kept."""
        return len(self._shelves)

    def get(self, kind: Hashable, since: int, make: Callable[[], Snapshot]) -> Snapshot:
        """Return the snapshot of a kind: the last one, or a new one, which all wait for together.

        Nobody gets one twice: `since` is when the one was made that was seen last. What `make`
        raises is raised.
        """
        shelf = self._shelf(kind)
        with shelf.lock:
            last = shelf.snapshot
            if last is not None and self._clock() < shelf.until and since < last.now:
                return last
            begun, worked = self._clock(), self._thread_time()
            snapshot = make()
            took = self._thread_time() - worked
            shelf.snapshot = snapshot
            shelf.until = begun + min(_LONGEST, max(_LEAST, took / _SHARE))
            return snapshot

    def forget(self) -> None:
        """Make all anew when they are asked for, since something was changed."""
        with self._lock:
            self._shelves.clear()

    def tidy(self) -> None:
        """Forget what nobody asks for any more."""
        since = self._clock() - _FORGOTTEN
        with self._lock:
            if any(shelf.asked <= since for shelf in self._shelves.values()):
                kept = self._shelves.items()
                self._shelves = {kind: one for kind, one in kept if one.asked > since}

    def _shelf(self, kind: Hashable) -> _Shelf:
        self.tidy()
        with self._lock:
            shelf = self._shelves.setdefault(kind, _Shelf())
            shelf.asked = self._clock()
        return shelf
