"""Admission of connections within limits: which one is closed when there are too many.

Decisions only, without sockets.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

__all__ = ["Admission"]

_Connection = TypeVar("_Connection", bound=Hashable)


@dataclass
class _Guest:
    """A connection: its origin, and since when the server has been waiting for it, if so."""

    origin: str
    waiting_since: float | None


class Admission(Generic[_Connection]):
    """Keeps connections within two limits: of all together, and of one origin."""

    def __init__(
        self, *, total: int, per_origin: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._total = total
        self._per_origin = per_origin
        self._clock = clock
        self._guests: dict[_Connection, _Guest] = {}
        self._origins: Counter[str] = Counter()

    def admit(
        self, connection: _Connection, origin: str, *, limited: bool = True
    ) -> _Connection | None:
        """Take a connection in, and return which must be closed for it, if one must.

        It is the one of the most crowded origin for which the server has waited longest;
        the newcomer itself, if the server is at work for all the others. An origin that
        is not `limited` may have all the room that there is.
        """
        self._guests[connection] = _Guest(origin, self._clock())
        self._origins[origin] += 1
        if limited and self._origins[origin] > self._per_origin:
            crowded = origin
        elif len(self._guests) > self._total:
            crowded = self._origins.most_common(1)[0][0]
        else:
            return None
        waiting = [
            (guest.waiting_since, other)
            for other, guest in self._guests.items()
            if guest.origin == crowded and guest.waiting_since is not None and other != connection
        ]
        victim = min(waiting, key=lambda pair: pair[0])[1] if waiting else connection
        self.leave(victim)
        return victim

    def work(self, connection: _Connection) -> None:
        """Note that the server is working for a connection, which must not be closed."""
        self._set(connection, None)

    def wait(self, connection: _Connection) -> None:
        """Note that the server waits for a connection to send or to receive."""
        self._set(connection, self._clock())

    def leave(self, connection: _Connection) -> None:
        """Note that a connection has ended."""
        guest = self._guests.pop(connection, None)
        if guest is not None:
            self._origins[guest.origin] -= 1
            self._origins += Counter()  # forgets those of whom nobody is left

    def connections(self) -> list[_Connection]:
        """Return all connections, oldest first."""
        return list(self._guests)

    def _set(self, connection: _Connection, moment: float | None) -> None:
        if connection in self._guests:
            self._guests[connection].waiting_since = moment
