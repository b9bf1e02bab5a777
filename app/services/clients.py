"""The native clients that are connected, in the database for all processes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, insert, select

from app.storage.database import Database, insert_missing, utc_now
from app.storage.models import NativeClient, NativeListener, User

__all__ = ["ConnectedClient", "Listening", "NativeClients"]

_STALE = timedelta(seconds=15)


@dataclass(frozen=True)
class ConnectedClient:
    """A client after its handshake; times in seconds of the epoch."""

    id: UUID
    address: str
    user_id: UUID | None
    since: float


@dataclass(frozen=True)
class Listening:
    """Whether a listener is up, where, and how many clients it has."""

    listening: bool
    port: int | None
    connected: int


class NativeClients:
    """The listeners of this installation and their clients, kept in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def publish(self, listener_id: UUID, port: int, clients: Sequence[ConnectedClient]) -> None:
        """Record a listener's heartbeat and its clients; who has no account any more is nobody."""
        now = utc_now()
        people = {client.user_id for client in clients if client.user_id is not None}
        with self._database.writing() as session:
            session.execute(
                delete(NativeListener).where(
                    (NativeListener.id == listener_id) | (NativeListener.seen_at < now - _STALE)
                )
            )
            insert_missing(session, NativeListener, id=listener_id, port=port, seen_at=now)
            chosen = select(User.id).where(User.id.in_(people))
            # An account may end at any moment: until this is written, it must not.
            there = set(session.scalars(chosen.with_for_update(read=True, key_share=True)))
            rows = [
                {
                    "id": client.id,
                    "listener_id": listener_id,
                    "address": client.address,
                    "user_id": client.user_id if client.user_id in there else None,
                    "since": datetime.fromtimestamp(client.since, UTC),
                }
                for client in clients
            ]
            if rows:
                session.execute(insert(NativeClient), rows)

    def leave(self, listener_id: UUID) -> None:
        """Remove a listener that has ended."""
        with self._database.writing() as session:
            session.execute(delete(NativeListener).where(NativeListener.id == listener_id))

    def status(self) -> Listening:
        """Return the state of the listener."""
        alive = NativeListener.seen_at > utc_now() - _STALE
        count = select(func.count()).select_from(NativeClient).join(NativeListener).where(alive)
        with self._database.reading() as session:
            port = session.scalar(select(NativeListener.port).where(alive).limit(1))
            connected = session.scalar(count) or 0
        return Listening(port is not None, port, connected)
