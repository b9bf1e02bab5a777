"""The connection of one client, and the thread that reads it."""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from enum import Enum, auto
from uuid import uuid4

from app.addresses import client_network
from app.config import NativeLimits
from app.native.deadlines import Deadlines
from app.native.handlers import Answer, Handler, error
from app.native.memory import Memory
from app.native.messages import Message
from app.native.protocol import (
    Close,
    Connection,
    ErrorCode,
    Event,
    LogIn,
    Request,
    Send,
    SignUp,
    State,
)
from app.native.room import ClientState, ConnectedClient
from app.native.workers import Workers
from app.services.accounts import Login, Person

__all__ = ["Conversation", "Facilities"]

_log = logging.getLogger(__name__)

_PIECE = 65_536  # bytes read at a time
_SMALL = 65_536  # bytes: a frame that every client may keep without a share of the memory
_SECRET_CLOSE = 0.02  # seconds from a breach to its answer, whatever it was
_STEP = 0.5  # seconds between looking whether the client is still there


@dataclass(frozen=True)
class Facilities:
    """What all conversations share."""

    limits: NativeLimits
    memory: Memory
    workers: Workers
    #: Threads for passwords, of their own so that pictures do not wait behind them.
    password_workers: Workers
    #: Bounds the keys and large messages that are decrypted at once: each takes time on a
    #: core, or several times its size in memory.
    decrypting: threading.Semaphore
    #: Seconds of a clock that only goes forward: what deadlines are reckoned by.
    clock: Callable[[], float] = time.monotonic


class _Activity(Enum):
    IDLE = auto()
    RECEIVING = auto()
    WORKING = auto()
    SENDING = auto()


class _ClientGoneError(Exception):
    """The client has gone and no longer waits for its answer."""


class Conversation:
    """Reads requests, has workers answer them, and sends the answers, until either side closes."""

    def __init__(
        self,
        connection: socket.socket,
        address: str,
        *,
        protocol: Connection,
        handler: Handler,
        shared: Facilities,
        on_end: Callable[[Conversation], None],
    ) -> None:
        self.id = uuid4()
        self.address = address
        self.since = time.time()
        self.login: Login | None = None
        self.protocol = protocol
        self.thread = threading.Thread(target=self._run, name=f"native-{address}", daemon=True)
        self._network = client_network(address)
        self._handler = handler
        self._shared = shared
        self._clock = shared.clock
        self._on_end = on_end
        self._socket = connection
        self._end = "the client left"
        self._over = False
        self._last_request = False
        self._has_share = False
        self._activity, self._since = _Activity.IDLE, shared.clock()

    @property
    def person(self) -> Person | None:
        """Who is logged in."""
        login = self.login
        return None if login is None else login.person

    @property
    def stream_id(self) -> str:
        """What it is called among the streams."""
        return self._handler.stream_id

    @property
    def is_over(self) -> bool:
        """Whether the server has closed the connection, whose thread is about to end."""
        return self._over

    @property
    def is_worked_for(self) -> bool:
        """Whether a request of the client is being answered."""
        return self._activity is _Activity.WORKING

    def as_client(self) -> ConnectedClient:
        """Return the properties by which it is decided which connection is closed."""
        person = self.person
        if self.protocol.state is not State.READY:
            state = ClientState.HANDSHAKE
        else:
            state = ClientState.ANONYMOUS if person is None else ClientState.LOGGED_IN
        return ConnectedClient(
            self.id,
            self._network,
            state,
            None if person is None else person.id,
            busy=state is ClientState.HANDSHAKE or self._activity is not _Activity.IDLE,
            since=self._since,
        )

    def close(self, reason: str) -> None:
        """Close the connection; called from another thread."""
        if not self._over:
            self._end, self._over = reason, True
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def finish(self, reason: str) -> None:
        """Close the connection, after the answer to a request in progress."""
        self._last_request = True
        if self._activity in (_Activity.IDLE, _Activity.RECEIVING):
            self.close(reason)
        else:
            self._end = reason

    def _run(self) -> None:
        _log.info("%s: connected", self.address)
        try:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            self._serve()
        except TimeoutError:
            self._set_end("a deadline passed")
        except _ClientGoneError:
            pass
        except OSError as problem:
            self._set_end(problem.strerror or str(problem))
        except Exception:
            _log.exception("%s: failed", self.address)
            self._set_end("an error, see above")
        finally:
            self._shared.memory.give_back(self.id)
            self._socket.close()
            self._on_end(self)
            _log.info("%s: disconnected: %s", self.address, self._end)

    def _set_end(self, reason: str) -> None:
        if not self._over:
            self._end = reason

    def _serve(self) -> None:
        deadlines = Deadlines(self._shared.limits, self._clock())
        self._send(self.protocol.greet())
        while not self._last_request:
            frame, ready = self.protocol.open_frame, self.protocol.state is State.READY
            deadlines.see(frame)
            if ready:
                self._note(
                    _Activity.IDLE if frame is None else _Activity.RECEIVING, deadlines.since
                )
            begin = self._clock()
            self._wait_for_memory()
            deadlines.excuse(begin, self._clock())
            data = self._receive(deadlines.next(ready=ready))
            begin = self._clock()
            if not data or not self._take(data):
                return
            deadlines.excuse(begin, self._clock())

    def _note(self, activity: _Activity, since: float) -> None:
        self._activity, self._since = activity, since

    def _wait_for_memory(self) -> None:
        """Wait, before reading more of a large frame, until there is memory for all of it."""
        size = self.protocol.kept
        if size <= _SMALL or self._has_share:
            return
        self._has_share = self._shared.memory.take(
            self.id,
            self._network,
            size,
            seconds=self._shared.limits.frame,
            is_over=lambda: self._over,
        )
        if not self._has_share:
            raise TimeoutError

    def _receive(self, deadline: float | None) -> bytes:
        left = None if deadline is None else deadline - self._clock()
        if left is not None and left <= 0:
            raise TimeoutError
        self._socket.settimeout(left)
        return self._socket.recv(_PIECE)

    def _take(self, data: bytes) -> bool:
        """Process received bytes; return whether the connection continues."""
        came = begun = self._clock()
        for event in self._events(data):
            match event:
                case Send():
                    self._note(_Activity.SENDING, came)
                    self._send(event)
                case Close():
                    self._set_end(event.reason)
                    if event.secret:
                        time.sleep(max(0.0, begun + _SECRET_CLOSE - self._clock()))
                    return False
                case _:
                    # Requests that arrived together count as one.
                    self._reply(event, came)
                    if self._last_request:
                        return False
                    begun = self._clock()
        return True

    def _events(self, data: bytes) -> Iterator[Event]:
        events = self.protocol.receive(data)
        while True:
            costly = self._has_share or self.protocol.state is State.AWAIT_KEY
            with self._shared.decrypting if costly else nullcontext():
                event = next(events, None)
            if event is None:
                return
            yield event

    def _reply(self, request: Request, came: float) -> None:
        self._note(_Activity.WORKING, came)
        answer = self._answer(request)
        if answer.login is not None:
            self.login = answer.login
            _log.info("%s: logged in as %r", self.address, answer.login.person.username)
        self._note(_Activity.SENDING, came)
        if isinstance(answer.content, Message):
            self._send(self.protocol.send(answer.content))
        else:
            for message in self._handler.send_pictures(answer.content):
                self._send(self.protocol.send(message))
        self._shared.memory.give_back(self.id)
        self._has_share = False

    def _answer(self, request: Request) -> Answer:
        """Return the answer to a request, or an error if it is not ready in time."""
        person, kind = self.person, type(request).__name__

        hashes = isinstance(request, LogIn | SignUp)
        workers = self._shared.password_workers if hashes else self._shared.workers
        future = workers.submit(lambda: self._handler.answer(request, person))
        try:
            if self._is_done_in_time(future):
                return future.result()
            _log.error("%s: %s took too long", self.address, kind)
        except _ClientGoneError:
            raise
        except Exception:
            _log.exception("%s: %s failed", self.address, kind)
        return Answer(error(ErrorCode.GENERAL))

    def _is_done_in_time(self, future: Future[Answer]) -> bool:
        """Wait for an answer as long as the client does; cancel it if it has not begun."""
        end = self._clock() + self._shared.limits.answer
        try:
            while (left := end - self._clock()) > 0:
                try:
                    future.exception(min(left, _STEP))
                except FutureTimeoutError:
                    if self._is_client_gone():
                        raise _ClientGoneError from None
                except CancelledError:  # the server cancels what has not begun when it ends
                    raise _ClientGoneError from None
                else:
                    return True
        finally:
            future.cancel()
        return False

    def _is_client_gone(self) -> bool:
        """Say whether the client has closed its side."""
        if self._over:
            return True
        self._socket.settimeout(0)
        try:
            return not self._socket.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return False
        except OSError:
            return True

    def _send(self, event: Send) -> None:
        self._socket.settimeout(self._shared.limits.send)
        self._socket.sendall(event.data)
