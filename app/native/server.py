"""The native clients' server: accepts, supervises and closes connections.

One thread accepts, one for each client reads, and one supervises all of them. Requests are
answered by a few workers, so that a client can be told in time that its answer is late.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from uuid import UUID, uuid4

from app.addresses import client_network, is_loopback
from app.config import NativeLimits
from app.errors import StartError, StorageError
from app.native.conversation import Conversation, Facilities
from app.native.handlers import Handler
from app.native.keys import KeyRing
from app.native.memory import Memory
from app.native.protocol import Connection, State
from app.native.room import GRACE, Admit, Caps, Displace, Wait, find_place
from app.native.workers import Workers
from app.services import Services
from app.services.clients import ConnectedClient

__all__ = ["NativeServer"]

_log = logging.getLogger(__name__)

_TICK = 1.0  # seconds between rounds of supervision
_HEARTBEAT = 5.0  # seconds between heartbeats in the database
_BACKLOG = 512
_RECEIVED = 262_144  # bytes of the system's receive buffer for each client
_POLL = 0.05  # seconds between checks whether there is room for a new connection
_LAST = 1.0  # seconds that threads have to end after everything is closed
_END = "the server ends"


class NativeServer:
    """Serves native clients until it is stopped."""

    def __init__(
        self,
        services: Services,
        *,
        host: str,
        port: int,
        limits: NativeLimits,
        anonymous_browse: bool,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._services = services
        self._limits = limits
        self._clock = clock
        # As in the original, anybody may list pictures, but only from this machine.
        self._anonymous_browsing = anonymous_browse or is_loopback(host)
        self._id = uuid4()
        self._clients: dict[UUID, Conversation] = {}
        self._lock = threading.Lock()
        self._published: list[ConnectedClient] = []
        self._published_at = 0.0
        self._stopping = threading.Event()
        self._caps = Caps(limits.connections, limits.connections_per_address)
        cores = os.cpu_count() or 1
        self._shared = Facilities(
            limits,
            Memory(clock=clock),
            Workers(2 * cores, "native-worker"),
            Workers(cores, "native-password"),
            threading.Semaphore(max(1, cores // 2)),
            clock,
        )
        self._socket = _listen(host, port)
        self.port: int = self._socket.getsockname()[1]
        self._threads = [
            threading.Thread(target=target, name=f"native-{name}", daemon=True)
            for name, target in (("accept", self._accept), ("care", self._look_after))
        ]

    def start(self) -> None:
        """Begin to accept clients."""
        self._publish()
        self._shared.workers.start()
        self._shared.password_workers.start()
        for thread in self._threads:
            thread.start()
        _log.info("native clients are served on port %d", self.port)

    def stop(self, within: float = 5.0) -> bool:
        """Close every connection and end every thread.

        Requests in progress have `within` seconds, all together, to be answered, and every
        thread a second more to end; then this returns in any case. False means that some
        thread is still running. Threads are daemons, but one within a library may crash while
        the interpreter shuts down, so the program should then end with os._exit.
        """
        latest = time.monotonic() + within
        self._stopping.set()
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        clients = self._snapshot()
        for client in clients:
            client.finish(_END)
        _end_by((client.thread for client in clients), latest)
        for client in self._snapshot():
            client.close(_END)
        workers = (self._shared.workers, self._shared.password_workers)
        for some in workers:
            some.close()
        threads = [*self._threads, *(client.thread for client in clients)]
        for some in workers:
            threads += some.threads
        return _end_by(threads, latest + _LAST)

    def _accept(self) -> None:
        # Generating a key takes a second or two, during which the first clients wait.
        self._keys = KeyRing()
        while not self._stopping.is_set():
            try:
                connection, address = self._socket.accept()
            except OSError as problem:
                if self._stopping.is_set():
                    return
                # For instance, no file descriptors are left until clients leave.
                _log.error("a native client could not be accepted: %s", problem)
                self._stopping.wait(0.1)
                continue
            try:
                self._admit(connection, address[0])
            except Exception:
                _log.exception("%s: could not be admitted", address[0])
                connection.close()

    def _admit(self, connection: socket.socket, address: str) -> None:
        if not self._find_place(address):
            _log.warning("%s: refused, too many native clients", address)
            connection.close()
            return
        client = Conversation(
            connection,
            address,
            protocol=Connection(self._keys.current()),
            handler=self._make_handler(address),
            shared=self._shared,
            on_end=self._forget,
        )
        with self._lock:
            self._clients[client.id] = client
        try:
            client.thread.start()
        except RuntimeError:
            self._forget(client)
            raise
        if self._stopping.is_set():
            client.close(_END)

    def _find_place(self, address: str) -> bool:
        """Make room for a new connection, and say whether there is some."""
        network, latest = client_network(address), self._clock() + GRACE
        while not self._stopping.is_set():
            now = self._clock()
            clients = {client.id: client for client in self._snapshot() if not client.is_over}
            known = [client.as_client() for client in clients.values()]
            match find_place(network, known, self._caps, now):
                case Admit():
                    return True
                case Displace(displaced):
                    clients[displaced].close("gave way to a newcomer")
                case Wait() if now < latest:
                    self._stopping.wait(_POLL)
                case _:
                    break
        return False

    def _make_handler(self, address: str) -> Handler:
        return Handler(
            self._services,
            address=address,
            list_limit=self._limits.listed,
            anonymous_browsing=self._anonymous_browsing,
        )

    def _look_after(self) -> None:
        """Publish who is connected, and close connections that others have ended."""
        while not self._stopping.wait(_TICK):
            try:
                self._end_hoarders()
                self._end_revoked()
                self._publish()
                self._end_disconnected()
            except StorageError as problem:
                _log.error("native clients could not be looked after: %s", problem)
            except Exception:
                _log.exception("native clients could not be looked after")
        with suppress(StorageError):
            self._services.clients.leave(self._id)

    def _end_hoarders(self) -> None:
        """Close clients that hold memory for frames too long while others wait."""
        overdue = set(self._shared.memory.overdue())
        for client in self._snapshot():
            if client.id in overdue and not client.is_worked_for:
                client.close("took too long for a large frame while others waited")

    def _end_revoked(self) -> None:
        known = [(c, c.login) for c in self._snapshot()]
        people = {login.person.id for _, login in known if login is not None}
        if not people:
            return
        credentials = self._services.accounts.credentials(people)
        for client, login in known:
            if login is not None and credentials.get(login.person.id) != login.credential:
                # The account may be deleted, and must not be referred to any more.
                client.login = None
                client.close("the account was changed or ended")

    def _end_disconnected(self) -> None:
        """Close clients whose stream somebody has ended who may."""
        streams = {client.stream_id: client for client in self._snapshot()}
        for stream_id in self._services.streams.ended_among(streams):
            streams[stream_id].close("somebody who watches the streams disconnected it")

    def _publish(self) -> None:
        clients = [
            ConnectedClient(c.id, c.address, None if c.person is None else c.person.id, c.since)
            for c in self._snapshot()
            if c.protocol.state is State.READY
        ]
        now = time.monotonic()
        if clients == self._published and now < self._published_at + _HEARTBEAT:
            return
        self._services.clients.publish(self._id, self.port, clients)
        self._published, self._published_at = clients, now

    def _snapshot(self) -> list[Conversation]:
        with self._lock:
            return list(self._clients.values())

    def _forget(self, client: Conversation) -> None:
        with self._lock:
            self._clients.pop(client.id, None)


def _listen(host: str, port: int) -> socket.socket:
    """Return a socket that is bound to its port; raises StartError."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listening = socket.create_server((host, port), family=family, backlog=_BACKLOG)
        # Accepted sockets inherit it.
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVED)
    except OSError as problem:
        raise StartError(
            f"native clients cannot be served on {host}:{port}: {problem.strerror}. "
            "Choose another address with DIGITNET_NATIVE_HOST and DIGITNET_NATIVE_PORT."
        ) from problem
    return listening


def _end_by(threads: Iterable[threading.Thread], latest: float) -> bool:
    """Wait for threads until a time; return whether all have ended."""
    ended = True
    for thread in threads:
        if thread.ident is not None:
            thread.join(max(0.0, latest - time.monotonic()))
            ended = ended and not thread.is_alive()
    return ended
