"""Shares of memory for large frames, allotted fairly to clients."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from uuid import UUID

__all__ = ["Memory"]

_TOTAL = 64_000_000  # bytes
_STEP = 0.25  # seconds between checks whether a waiting client is still there
_PATIENCE = 5.0  # seconds for which a share may be held while others wait


@dataclass(eq=False)
class _Claim:
    owner: UUID
    network: str
    size: int
    number: int
    granted: threading.Event = field(default_factory=threading.Event)
    since: float = 0.0


class Memory:
    """Allots shares, each at once and in full, so that its owner can finish.

    The next share goes to the network that holds least, then to the smallest request, so
    that large frames do not delay small ones.
    """

    def __init__(self, total: int = _TOTAL, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._free = total
        self._clock = clock
        self._numbers = count()
        self._lock = threading.Lock()
        self._waiting: list[_Claim] = []
        self._held: dict[UUID, _Claim] = {}

    def take(
        self, owner: UUID, network: str, size: int, *, seconds: float, is_over: Callable[[], bool]
    ) -> bool:
        """Wait for a share; False if there was none in time, or the owner has ended."""
        claim = _Claim(owner, network, size, next(self._numbers))
        with self._lock:
            self._waiting.append(claim)
            self._grant()
        end = self._clock() + seconds
        while not claim.granted.wait(_STEP):
            if is_over() or self._clock() >= end:
                return self._withdraw(claim)
        return True

    def give_back(self, owner: UUID) -> None:
        """Return an owner's share, if there is one."""
        with self._lock:
            claim = self._held.pop(owner, None)
            if claim is not None:
                self._free += claim.size
                self._grant()

    def overdue(self) -> list[UUID]:
        """Return the owners who have held a share too long, if others wait."""
        with self._lock:
            if not self._waiting:
                return []
            latest = self._clock() - _PATIENCE
            return [owner for owner, claim in self._held.items() if claim.since <= latest]

    def _withdraw(self, claim: _Claim) -> bool:
        """Stop waiting; return whether the share was granted at the last moment."""
        with self._lock:
            if claim in self._waiting:
                self._waiting.remove(claim)
                self._grant()
        return claim.granted.is_set()

    def _grant(self) -> None:
        held: Counter[str] = Counter()
        for claim in self._held.values():
            held[claim.network] += claim.size
        while self._waiting:
            first = min(self._waiting, key=lambda c: (held[c.network], c.size, c.number))
            if first.size > self._free:
                # No overtaking: otherwise large requests would wait for ever.
                return
            self._waiting.remove(first)
            self._free -= first.size
            held[first.network] += first.size
            first.since = self._clock()
            self._held[first.owner] = first
            first.granted.set()
