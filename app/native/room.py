"""Admission of native clients: which connection is closed when there are too many.

A connection of the largest group is closed first, so that nobody can shut others out:
neither with silent connections, nor with slow ones, nor with those of one account.
Decisions only, without sockets, threads and clock.
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
    "ClientState",
    "ConnectedClient",
    "Displace",
    "Refuse",
    "Wait",
    "find_place",
]


#: Seconds for which a handshake or a request is never interrupted.
GRACE = 1.0


class ClientState(IntEnum):
    """The state of a client; of groups of equal size, one in an earlier state is closed first."""

    HANDSHAKE = 0
    ANONYMOUS = 1
    LOGGED_IN = 2


@dataclass(frozen=True)
class ConnectedClient:
    """A connection; `since` is when it became busy or idle."""

    id: UUID
    network: str
    state: ClientState
    person: UUID | None
    busy: bool
    since: float

    @property
    def group(self) -> Hashable:
        """A key that is equal for all connections that seem to be one client's."""
        return self.network, self.state, self.person


@dataclass(frozen=True)
class Caps:
    """Limits on connections; this machine's own are exempt from `network`."""

    total: int
    network: int

    @property
    def handshakes(self) -> int:
        """The limit on connections in their handshake."""
        return (self.total + 1) // 2


@dataclass(frozen=True)
class Admit:
    """Admit the new connection."""


@dataclass(frozen=True)
class Displace:
    """Close this connection to make room."""

    client: UUID


@dataclass(frozen=True)
class Wait:
    """Wait: there will be room when a `GRACE` ends."""


@dataclass(frozen=True)
class Refuse:
    """Close the new connection."""


Admission = Admit | Displace | Wait | Refuse


def find_place(
    network: str, clients: Sequence[ConnectedClient], caps: Caps, now: float
) -> Admission:
    """Decide about a new connection from a network."""
    own = [client for client in clients if client.network == network]
    if network != THIS_MACHINE and len(own) >= caps.network:
        # A network beyond its limit makes room among its own connections.
        return _make_room(own, now) or Refuse()
    shaking = [client for client in clients if client.state is ClientState.HANDSHAKE]
    if len(shaking) >= caps.handshakes:
        return _make_room(shaking, now) or Wait()
    if len(clients) >= caps.total:
        return _make_room(clients, now) or Wait()
    return Admit()


def _make_room(clients: Sequence[ConnectedClient], now: float) -> Displace | None:
    """Choose the connection of the largest group that has been idle or, if none, busy longest.

    None if all of that group are within their grace.
    """
    sizes = Counter(client.group for client in clients)
    largest = max(sizes.values())
    candidates = [
        client
        for client in clients
        if sizes[client.group] == largest and not (client.busy and now < client.since + GRACE)
    ]
    if not candidates:
        return None
    return Displace(
        min(candidates, key=lambda client: (client.state, client.busy, client.since)).id
    )
