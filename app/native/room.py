"""Who may come in, and who gives way, when there are as many connections as there may be.

Whoever holds most gives way first, so that nobody can shut the others out: neither with
connections that say nothing, nor with those that drip, nor with those of one account.
Only decisions are made here: no sockets, no threads, no clock.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from uuid import UUID

from app.addresses import THIS_MACHINE

__all__ = [
    "GRACE",
    "Admission",
    "Admit",
    "Caps",
    "Displace",
    "Guest",
    "Refuse",
    "Stage",
    "Wait",
    "find_place",
]


#: Seconds for which a handshake, or a request, is in any case left alone.
GRACE = 1.0


class Stage(IntEnum):
    """How far a client has come; of two that could give way, the one that has come less far."""

    HANDSHAKE = 0
    ANONYMOUS = 1
    LOGGED_IN = 2


@dataclass(frozen=True)
class Guest:
    """A connection. `since`: when it began what it is busy with, or to be idle."""

    id: UUID
    network: str
    stage: Stage
    person: UUID | None
    busy: bool
    since: float

    @property
    def group(self) -> Hashable:
        """What is the same for all connections that look like one client's."""
        return self.network, self.stage, self.person


@dataclass(frozen=True)
class Caps:
    """How many connections there may be; this machine's own are not bound to `network`."""

    total: int
    network: int

    @property
    def handshakes(self) -> int:
        """How many connections may be in their handshake."""
        return (self.total + 1) // 2


@dataclass(frozen=True)
class Admit:
    """There is room."""


@dataclass(frozen=True)
class Displace:
    """There will be room when this connection is closed."""

    guest: UUID


@dataclass(frozen=True)
class Wait:
    """There is no room, but there will be within the grace."""


@dataclass(frozen=True)
class Refuse:
    """There is no room."""


Admission = Admit | Displace | Wait | Refuse


def find_place(network: str, guests: Sequence[Guest], caps: Caps, now: float) -> Admission:
    """Decide about a newcomer from a network."""
    own = [guest for guest in guests if guest.network == network]
    if network != THIS_MACHINE and len(own) >= caps.network:
        # Nobody else waits for what one network has to settle with itself.
        return _make_room(own, now) or Refuse()
    shaking = [guest for guest in guests if guest.stage is Stage.HANDSHAKE]
    if len(shaking) >= caps.handshakes:
        return _make_room(shaking, now) or Wait()
    if len(guests) >= caps.total:
        return _make_room(guests, now) or Wait()
    return Admit()


def _make_room(guests: Sequence[Guest], now: float) -> Displace | None:
    """Choose of the largest group the one that has been idle longest, or else busy longest.

    If all of them are left alone for now, nobody else gives way in their place.
    """
    sizes = Counter(guest.group for guest in guests)
    largest = max(sizes.values())
    candidates = [
        guest
        for guest in guests
        if sizes[guest.group] == largest and not (guest.busy and now < guest.since + GRACE)
    ]
    if not candidates:
        return None
    return Displace(min(candidates, key=lambda guest: (guest.stage, guest.busy, guest.since)).id)
