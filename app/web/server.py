"""The web server: Tornado's HTTP/1 connections for the Flask application.

One event loop reads and writes all connections, so that a slow one occupies no thread;
threads, in lanes, only work. Every wait for a client has a deadline.
"""

from __future__ import annotations

import asyncio
import io
import logging
import socket
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import Future
from email.utils import formatdate
from typing import IO, TYPE_CHECKING

from flask import Flask
from tornado.http1connection import (
    HTTP1Connection,
    HTTP1ConnectionParameters,
    HTTP1ServerConnection,
)
from tornado.httputil import (
    HTTPConnection,
    HTTPHeaders,
    HTTPInputError,
    HTTPMessageDelegate,
    HTTPServerConnectionDelegate,
    RequestStartLine,
    ResponseStartLine,
)
from tornado.iostream import IOStream, StreamClosedError
from tornado.tcpserver import TCPServer
from werkzeug.wrappers import Response

from app.addresses import EVERY_ADDRESS, client_network, parse_address
from app.config import Settings
from app.errors import StartError
from app.languages import mark
from app.web.admission import Admission
from app.web.gateway import ARRIVED, Call, Ends, make_environment
from app.web.lanes import Lane, Lanes
from app.web.language import languages_of, preferred_language
from app.web.problems import make_problem
from app.web.tls import make_tls_context
from app.web.uploads import largest_body

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

__all__ = ["WebServer"]

_log = logging.getLogger(__name__)

_BACKLOG = 1024
_IN_MEMORY = 65_536  # bytes of a body in memory; the rest is on the disk
_MOST_KEPT = 400_000_000  # bytes of all bodies together: about a hundred of the largest
_PIECE = 65_536  # bytes that a client must take within a deadline
_LARGEST_HEADER = 32_768  # bytes
_MOST_AHEAD = 1_000_000  # bytes that a client may send before they are asked for
_UNBOUNDED = 1 << 62  # bytes: what is too large is thrown away, and then answered
_SILENCE = 10.0  # seconds between two lines about too many connections
_SLOWEST_UPLOAD = 100_000  # bytes a second, of a body that is larger than usual
_FINISHING = 4.0  # seconds that requests have to end when the server does


_NO_ROOM = mark("There is no room for what was sent just now. Try again in a minute.")


class WebServer(TCPServer, HTTPServerConnectionDelegate):
    """Serves an application until it is stopped; it binds its port when it is created."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        tls = make_tls_context(*settings.tls) if settings.tls else None
        super().__init__(max_buffer_size=_MOST_AHEAD, ssl_options=tls)
        self._scheme = settings.scheme
        self.app = app
        self.limits = settings.web_limits
        self.lanes = Lanes(app, threads=settings.threads)
        self.admission: Admission[HTTP1ServerConnection] = Admission(
            total=self.limits.connections, per_origin=self.limits.connections_per_address
        )
        self.answers: set[asyncio.Task[None]] = set()
        self._trusted = settings.trusted_proxies
        self._parameters = HTTP1ConnectionParameters(
            chunk_size=_PIECE,
            max_header_size=_LARGEST_HEADER,
            header_timeout=self.limits.header,
            body_timeout=self.limits.body,
            max_body_size=_UNBOUNDED,
        )
        self.kept = 0  # bytes of bodies
        self._halted = False
        self._told = -_SILENCE
        try:
            family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
            self._socket = socket.create_server(
                (settings.host, settings.port),
                family=family,
                backlog=_BACKLOG,
                dualstack_ipv6=settings.host == EVERY_ADDRESS and socket.has_dualstack_ipv6(),
            )
        except (OSError, ValueError) as error:
            raise StartError(
                f"cannot serve on {settings.host}:{settings.port}: {error}. "
                "Choose another address with DIGITNET_HOST and DIGITNET_PORT."
            ) from error
        self._socket.setblocking(False)
        self.port: int = self._socket.getsockname()[1]

    def run(self) -> None:
        """Serve until `halt`; then requests in progress have a few seconds to end."""
        asyncio.run(self._run())

    def halt(self) -> None:
        """End `run`; may be called by a signal handler or another thread."""
        self._halted = True

    async def _run(self) -> None:
        self.add_socket(self._socket)
        while not self._halted:
            # On Windows, Ctrl-C is noticed only between two waits.
            await asyncio.sleep(0.2)
        self.stop()
        if self.answers:
            await asyncio.wait(self.answers, timeout=_FINISHING)
        await asyncio.gather(*(one.close() for one in self.admission.connections()))
        self.lanes.close()

    # What follows is called by Tornado.

    def handle_stream(self, stream: IOStream, address: tuple[str, int]) -> None:
        """Admit a new connection; close another one if there are too many."""
        origin = address[0]
        try:
            server = stream.socket.getsockname()
        except OSError:  # gone already
            stream.close()
            return
        ends = Ends((origin, address[1]), (server[0], server[1]), self._scheme)
        newcomer = HTTP1ServerConnection(stream, self._parameters, ends)
        limited = not self._is_trusted(origin)
        victim = self.admission.admit(newcomer, client_network(origin), limited=limited)
        if victim is not None:
            self._log_displacement(origin)
            victim.stream.close()
        if victim is not newcomer:
            newcomer.start_serving(self)

    def start_request(self, server_conn: object, request_conn: HTTPConnection) -> _Exchange:
        """Return the delegate for the next request of a connection."""
        place, connection = _expect_http1(server_conn, request_conn)
        self.admission.wait(place)
        return _Exchange(self, place, connection)

    def on_close(self, server_conn: object) -> None:
        """Forget a connection."""
        if isinstance(server_conn, HTTP1ServerConnection):
            self.admission.leave(server_conn)

    def _log_displacement(self, origin: str) -> None:
        now = asyncio.get_running_loop().time()
        if now >= self._told + _SILENCE:
            self._told = now
            _log.warning("%s: too many connections, others give way", origin)

    def _is_trusted(self, origin: str) -> bool:
        """Say whether an origin may serve many people: this machine or a reverse proxy."""
        address = parse_address(origin)
        if address is None:
            return False
        return address.is_loopback or any(address in network for network in self._trusted)


def _expect_http1(
    place: object, connection: HTTPConnection
) -> tuple[HTTP1ServerConnection, HTTP1Connection]:
    """Return Tornado's objects with the types that they have in this server."""
    if not isinstance(place, HTTP1ServerConnection) or not isinstance(connection, HTTP1Connection):
        raise TypeError(f"a connection of HTTP/1 expected, got {connection!r}")
    return place, connection


class _Exchange(HTTPMessageDelegate):
    """One request and its answer."""

    def __init__(
        self, server: WebServer, place: HTTP1ServerConnection, connection: HTTP1Connection
    ) -> None:
        self._server = server
        self._place = place
        self._connection = connection
        self._largest = int(server.app.config["MAX_CONTENT_LENGTH"])
        self._body: IO[bytes] = io.BytesIO()
        self._size = self._kept = 0
        self._received = asyncio.get_running_loop().create_future()
        self._task: asyncio.Task[None] | None = None
        self._step: Future[bytes] = Future()

    def headers_received(
        self, start_line: RequestStartLine | ResponseStartLine, headers: HTTPHeaders
    ) -> None:
        """Receive the head of the request."""
        if not isinstance(start_line, RequestStartLine):
            raise HTTPInputError("a request expected")
        self._line = start_line
        declared = headers.get("Content-Length", "0").partition(",")[0]
        if declared.isascii() and declared.isdigit() and len(declared) < 19:
            self._size = int(declared)
        # Made now, so that what cannot be understood is refused before its body comes.
        ends: Ends = self._connection.context  # type: ignore[assignment]
        self._environment = make_environment(start_line, headers, ends)
        if self._size > self._largest or "Transfer-Encoding" in headers:
            self._allow_more(start_line.method, self._environment["PATH_INFO"])
        if self._size > self._largest:
            self._answer_without_body()
        elif self._size > _IN_MEMORY or "Transfer-Encoding" in headers:
            self._body = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115

    def _allow_more(self, method: str, path: str) -> None:
        """Give an upload the room, and the time for it, that its view allows."""
        most = largest_body(self._server.app, method, path)
        if most > self._largest:
            self._largest = most
            seconds = self._server.limits.body + min(self._size or most, most) // _SLOWEST_UPLOAD
            self._connection.set_body_timeout(seconds)

    def data_received(self, chunk: bytes) -> None:
        """Receive a part of the body; discard it if the body is too large."""
        if self._task is not None:
            return
        self._keep(len(chunk))
        try:
            if self._server.kept > _MOST_KEPT:
                raise OSError("too many uploads at once")
            self._body.write(chunk)
        except OSError as error:
            _log.error("a request's body cannot be kept: %s", error)
            self._answer_without_body(self._no_room())
            return
        if self._body.tell() > self._largest:
            self._size = self._body.tell()
            self._answer_without_body()

    def finish(self) -> None:
        """Start the answer to the complete request."""
        self._received.set_result(None)
        if self._task is None:
            self._size = self._body.tell()
            self._body.seek(0)
            self._begin_answer()

    def on_connection_close(self) -> None:
        """Clean up after a connection that was closed in the middle of a request."""
        self._close_body()
        self._give_up()

    def _give_up(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def _keep(self, size: int) -> None:
        self._kept += size
        self._server.kept += size

    def _close_body(self) -> None:
        self._body.close()
        self._keep(-self._kept)

    def _no_room(self) -> Response:
        language = preferred_language(languages_of(self._server.app), self._environment)
        return make_problem(503, language.say(_NO_ROOM), {"Retry-After": "60"}, language)

    def _answer_without_body(self, refusal: WSGIApplication | None = None) -> None:
        """Answer without waiting for the body, which the application refuses by its length."""
        self._close_body()
        self._body = io.BytesIO()
        self._begin_answer(refusal)

    def _begin_answer(self, application: WSGIApplication | None = None) -> None:
        answer = self._answer(application or self._server.app)
        self._task = asyncio.get_running_loop().create_task(answer)
        self._server.answers.add(self._task)
        self._task.add_done_callback(self._server.answers.discard)
        self._connection.set_close_callback(self._give_up)

    async def _answer(self, application: WSGIApplication) -> None:
        more = {
            "wsgi.input": self._body,
            "CONTENT_LENGTH": str(self._size),
            ARRIVED: time.monotonic(),
        }
        call = Call(application, self._environment | more)
        path, query = self._environment["PATH_INFO"], self._environment["QUERY_STRING"]
        lane = self._server.lanes.find(self._line.method, path, query)
        try:
            block = await self._work(lane, call.start)
            await self._send_head(call, block)
            while not call.ended:
                await self._send(await self._work(lane, call.block))
            await self._received
            self._connection.finish()
            if self._line.version == "HTTP/1.0":
                self._connection.close()
        except (StreamClosedError, TimeoutError):
            self._connection.close()
        except asyncio.CancelledError:
            self._connection.close()
            raise
        except Exception:
            # The application answers its own errors; this one came in the middle of an answer.
            _log.exception("%s %s failed", self._line.method, path)
            self._connection.close()
        finally:
            self._put_away(lane, call)

    async def _work(self, lane: Lane, step: Callable[[], bytes]) -> bytes:
        """Run a step of the call in a thread of the lane."""
        if self._place.stream.closed():
            raise StreamClosedError
        self._server.admission.work(self._place)
        self._step = future = self._server.lanes.submit(lane, step)
        return await asyncio.wrap_future(future)

    def _put_away(self, lane: Lane, call: Call) -> None:
        """Close the call as soon as no thread works for it."""

        def close(step: object) -> None:
            self._body.close()
            if not call.ended:
                try:
                    self._server.lanes.submit(lane, call.close)
                except RuntimeError:  # the lanes have ended with the server
                    call.close()

        self._keep(-self._kept)
        self._step.add_done_callback(close)

    async def _send_head(self, call: Call, block: bytes) -> None:
        headers = HTTPHeaders()
        for name, value in call.headers:
            headers.add(name, value)
        bodiless = self._line.method == "HEAD" or call.status in (204, 304)
        headers.setdefault("Date", formatdate(usegmt=True))
        if call.ended and not bodiless and "Content-Length" not in headers:
            headers["Content-Length"] = str(len(block))
        line = ResponseStartLine("HTTP/1.1", call.status, call.reason)
        self._server.admission.wait(self._place)
        await self._sent(self._connection.write_headers(line, headers, block[:_PIECE]))
        await self._send(block, first=_PIECE)

    async def _send(self, block: bytes, *, first: int = 0) -> None:
        self._server.admission.wait(self._place)
        for start in range(first, len(block), _PIECE):
            await self._sent(self._connection.write(block[start : start + _PIECE]))

    async def _sent(self, written: asyncio.Future[None]) -> None:
        await asyncio.wait_for(written, self._server.limits.send)
        if self._place.stream.closed():
            raise StreamClosedError
