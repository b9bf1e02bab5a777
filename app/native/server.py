"""The listener: the only file here with sockets and threads.

One thread accepts, one for each client reads, and one looks after all of them. Requests
are answered by a few workers, so that a client can be told in time that its answer is
late.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from ipaddress import IPv6Address, ip_address
from uuid import UUID, uuid4

from flask import Flask

from app.config import NativeLimits
from app.errors import StartError, StorageError
from app.native.crypto import ServerKey
from app.native.handlers import Answer, Handler, error
from app.native.messages import Message
from app.native.protocol import (
    Close,
    Connection,
    ErrorCode,
    LogIn,
    Request,
    Send,
    SignUp,
    State,
)
from app.services import get_services
from app.services.accounts import Person
from app.services.clients import ConnectedClient

__all__ = ["NativeServer"]

_log = logging.getLogger(__name__)

_PIECE = 65_536  # bytes read at a time
_TICK = 1.0  # seconds between looking after the clients
_HEARTBEAT = 5.0  # seconds between two signs of life in the database
_SECRET_CLOSE = 0.02  # seconds from a breach to its answer, whatever it was
_BACKLOG = 512
_HANDSHAKES = 100_000  # that one server key is used for


class KeyRing:
    """Gives out the server's key, and renews it after so many handshakes."""

    def __init__(self, *, handshakes: int = _HANDSHAKES) -> None:
        self._current = ServerKey.generate()
        self._limit = handshakes
        self._given = 0
        self._lock = threading.Lock()
        self._renewing = False

    def current(self) -> ServerKey:
        """Return the key for one more handshake."""
        with self._lock:
            self._given += 1
            if self._given >= self._limit and not self._renewing:
                self._renewing = True
                # Clients go on with the old key for the second or two that this takes.
                threading.Thread(target=self._renew, name="native-key", daemon=True).start()
            return self._current

    def _renew(self) -> None:
        fresh = ServerKey.generate()
        with self._lock:
            self._current, self._given, self._renewing = fresh, 0, False


class NativeServer:
    """Serves native clients until it is stopped."""

    def __init__(
        self, app: Flask, *, host: str, port: int, limits: NativeLimits, anonymous_browse: bool
    ) -> None:
        self._app = app
        self._limits = limits
        # What the original let anybody do stays, but on this machine only.
        self._anonymous_browsing = anonymous_browse or is_loopback(host)
        self._id = uuid4()
        self._clients: dict[UUID, _Client] = {}
        self._lock = threading.Lock()
        self._published: list[ConnectedClient] = []
        self._published_at = 0.0
        self._stopping = threading.Event()
        cores = os.cpu_count() or 1
        self._workers = ThreadPoolExecutor(4 * cores, "native-worker")
        # So many passwords are hashed at once; pictures do not wait behind those in the queue.
        self._password_workers = ThreadPoolExecutor(cores, "native-password")
        try:
            family = socket.AF_INET6 if ":" in host else socket.AF_INET
            self._socket = socket.create_server((host, port), family=family, backlog=_BACKLOG)
        except OSError as problem:
            raise StartError(
                f"native clients cannot be served on {host}:{port}: {problem.strerror}. "
                "Choose another address with DIGITNET_NATIVE_HOST and DIGITNET_NATIVE_PORT."
            ) from problem
        self.port: int = self._socket.getsockname()[1]
        self._threads = [
            threading.Thread(target=target, name=f"native-{name}", daemon=True)
            for name, target in (("accept", self._accept), ("care", self._look_after))
        ]

    def start(self) -> None:
        """Begin to accept clients."""
        self._publish()
        for thread in self._threads:
            thread.start()
        _log.info("native clients are served on port %d", self.port)

    def stop(self) -> None:
        """Close every connection and end every thread."""
        self._stopping.set()
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for client in self._snapshot():
            client.close("the server ends")
        for thread in (*self._threads, *(client.thread for client in self._snapshot())):
            if thread.ident is not None:
                thread.join(self._limits.answer + 2)
        for workers in (self._workers, self._password_workers):
            workers.shutdown(wait=True, cancel_futures=True)
        with self._app.app_context(), suppress(StorageError):
            get_services().clients.leave(self._id)

    def _accept(self) -> None:
        # Making a key takes a second or two, for which the first clients wait.
        self._keys = KeyRing()
        while not self._stopping.is_set():
            try:
                connection, address = self._socket.accept()
            except OSError as problem:
                if self._stopping.is_set():
                    return
                # Out of file descriptors, say: clients that leave will free some.
                _log.error("a native client could not be accepted: %s", problem)
                self._stopping.wait(0.1)
                continue
            try:
                self._admit(connection, address[0])
            except Exception:
                _log.exception("%s: could not be admitted", address[0])
                connection.close()

    def _admit(self, connection: socket.socket, address: str) -> None:
        others = [client.address for client in self._snapshot()]
        crowded = others.count(address) >= self._limits.connections_per_address
        if len(others) >= self._limits.connections or (crowded and not is_loopback(address)):
            _log.warning("%s: refused, too many native clients", address)
            connection.close()
            return
        client = _Client(self, connection, address)
        with self._lock:
            self._clients[client.id] = client
        try:
            client.thread.start()
        except RuntimeError:
            self.forget(client)
            raise
        if self._stopping.is_set():
            client.close("the server ends")

    def _look_after(self) -> None:
        """Tell the database who is there, and end connections of accounts that changed."""
        while not self._stopping.wait(_TICK):
            try:
                self._end_revoked()
                self._publish()
            except StorageError as problem:
                _log.error("native clients could not be looked after: %s", problem)
            except Exception:
                _log.exception("native clients could not be looked after")

    def _end_revoked(self) -> None:
        known = [(client, client.person) for client in self._snapshot()]
        people = {person.id for _, person in known if person is not None}
        if not people:
            return
        with self._app.app_context():
            hashes = get_services().accounts.password_hashes(people)
        for client, person in known:
            if person is not None and hashes.get(person.id) != person.password_hash:
                # The account may be gone, and nothing may name it any more.
                client.person = None
                client.close("the account was changed or ended")

    def _publish(self) -> None:
        clients = [
            ConnectedClient(c.id, c.address, None if c.person is None else c.person.id, c.since)
            for c in self._snapshot()
            if c.protocol.state is State.READY
        ]
        now = time.monotonic()
        if clients == self._published and now < self._published_at + _HEARTBEAT:
            return
        with self._app.app_context():
            get_services().clients.publish(self._id, self.port, clients)
        self._published, self._published_at = clients, now

    def _snapshot(self) -> list[_Client]:
        with self._lock:
            return list(self._clients.values())

    # What follows is for the clients' threads.

    @property
    def limits(self) -> NativeLimits:
        """The deadlines."""
        return self._limits

    def make_handler(self, address: str) -> Handler:
        """Return what answers a client."""
        with self._app.app_context():
            services = get_services()
        return Handler(
            services,
            address=address,
            list_limit=self._limits.listed,
            anonymous_browsing=self._anonymous_browsing,
        )

    def make_protocol(self) -> Connection:
        """Return a connection's protocol, with the present key."""
        return Connection(self._keys.current())

    def answer(self, client: _Client, request: Request) -> Iterator[Message]:
        """Yield the answer to a request: in time, or the message that it was not."""
        person = client.person

        def work() -> Answer:
            with self._app.app_context():
                return client.handler.answer(request, person)

        hashes = isinstance(request, LogIn | SignUp)
        future = (self._password_workers if hashes else self._workers).submit(work)
        try:
            answer = future.result(self._limits.answer)
        except TimeoutError:
            # What has not begun is not done any more: the client was told so.
            future.cancel()
            _log.error("%s: %s took too long", client.address, type(request).__name__)
            answer = Answer(error(ErrorCode.GENERAL), person)
        except Exception:
            _log.exception("%s: %s failed", client.address, type(request).__name__)
            answer = Answer(error(ErrorCode.GENERAL), person)
        if answer.person is not None and answer.person is not person:
            client.person = answer.person
            _log.info("%s: logged in as %r", client.address, answer.person.username)
        if isinstance(answer.content, Message):
            yield answer.content
            return
        with self._app.app_context():
            yield from client.handler.send_pictures(answer.content)

    def forget(self, client: _Client) -> None:
        """Hear that a client's thread ends."""
        with self._lock:
            self._clients.pop(client.id, None)


class _Client:
    """One client's connection and the thread that reads it."""

    def __init__(self, server: NativeServer, connection: socket.socket, address: str) -> None:
        self.id = uuid4()
        self.address = address
        self.since = time.time()
        self.person: Person | None = None
        self.handler = server.make_handler(address)
        self.protocol = server.make_protocol()
        self.thread = threading.Thread(target=self._run, name=f"native-{address}", daemon=True)
        self._server = server
        self._socket = connection
        self._end = "the client left"

    def close(self, reason: str) -> None:
        """End the connection from another thread."""
        self._end = reason
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def _run(self) -> None:
        _log.info("%s: connected", self.address)
        try:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            self._serve()
        except TimeoutError:
            self._end = "a deadline passed"
        except OSError as problem:
            self._end = problem.strerror or str(problem)
        except Exception:
            _log.exception("%s: failed", self.address)
            self._end = "an error, see above"
        finally:
            self._socket.close()
            self._server.forget(self)
            _log.info("%s: disconnected: %s", self.address, self._end)

    def _serve(self) -> None:
        limits = self._server.limits
        begun = last = frame_begun = time.monotonic()
        frame: int | None = None
        self._send(self.protocol.greet())
        while True:
            if self.protocol.open_frame != frame:
                frame, frame_begun = self.protocol.open_frame, last
            deadline = None
            if self.protocol.state is not State.READY:
                deadline = begun + limits.handshake
            elif frame is not None:
                deadline = min(last + limits.silence, frame_begun + limits.frame)
            left = None if deadline is None else deadline - time.monotonic()
            # Bytes that keep coming do not put the end off.
            if left is not None and left <= 0:
                raise TimeoutError
            self._socket.settimeout(left)
            data = self._socket.recv(_PIECE)
            if not data or not self._take(data):
                return
            # The client does not answer for the time that its answers took.
            last = time.monotonic()

    def _take(self, data: bytes) -> bool:
        """Deal with what arrived; return whether the connection goes on."""
        begun = time.monotonic()
        for event in self.protocol.receive(data):
            match event:
                case Send():
                    self._send(event)
                case Close():
                    self._end = event.reason
                    if event.secret:
                        time.sleep(max(0.0, begun + _SECRET_CLOSE - time.monotonic()))
                    return False
                case _:
                    for message in self._server.answer(self, event):
                        self._send(self.protocol.send(message))
                    begun = time.monotonic()
        return True

    def _send(self, event: Send) -> None:
        self._socket.settimeout(self._server.limits.send)
        self._socket.sendall(event.data)


def is_loopback(address: str) -> bool:
    """Say whether an address is this machine's own."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address == "localhost"
    mapped = parsed.ipv4_mapped if isinstance(parsed, IPv6Address) else None
    return (mapped or parsed).is_loopback
