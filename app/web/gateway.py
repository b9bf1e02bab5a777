"""The WSGI gateway: the environment of a request, and its answer in blocks.

A thread works only while the application makes the next block, which the event loop
sends, so a slow client occupies no thread.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextvars import copy_context
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes, urlsplit

from tornado.httputil import HTTPHeaders, HTTPInputError, RequestStartLine

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

__all__ = ["ARRIVED", "Call", "Ends", "make_environment"]

#: In an environment: when the whole request was there, by the monotonic clock.
ARRIVED = "digitnet.arrived"

_BLOCK = 65_536  # bytes sent at a time
_PATIENCE = 0.02  # seconds: pieces that come more slowly are sent one by one


@dataclass(frozen=True)
class Ends:
    """The two ends of a connection, (address, port), and what is spoken over it."""

    client: tuple[str, int]
    server: tuple[str, int]
    scheme: str = "http"


def make_environment(line: RequestStartLine, headers: HTTPHeaders, ends: Ends) -> WSGIEnvironment:
    """Return the environment of PEP 3333, without the body.

    Raises HTTPInputError for an ambiguous request.
    """
    hosts = headers.get_list("Host")
    if len(hosts) > 1 or (not hosts and line.version == "HTTP/1.1"):
        raise HTTPInputError(f"one Host header expected, got {len(hosts)}")
    try:
        target = urlsplit(line.path if not line.path.startswith("//") else f"/.{line.path}")
    except ValueError as error:
        raise HTTPInputError(f"an address expected, got {line.path[:100]!r}") from error
    path = target.path.removeprefix("/.") if line.path.startswith("//") else target.path
    environment: WSGIEnvironment = {
        "REQUEST_METHOD": line.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path.encode("latin-1")).decode("latin-1"),
        "QUERY_STRING": target.query,
        "REMOTE_ADDR": ends.client[0],
        "REMOTE_PORT": str(ends.client[1]),
        "SERVER_NAME": f"[{ends.server[0]}]" if ":" in ends.server[0] else ends.server[0],
        "SERVER_PORT": str(ends.server[1]),
        "SERVER_ADDR": ends.server[0],
        "SERVER_PROTOCOL": line.version,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": ends.scheme,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name in headers:
        # With an underscore it could pass for another that a proxy has checked.
        if "_" in name or name in ("Content-Length", "Transfer-Encoding"):
            continue
        key = name.upper().replace("-", "_")
        separator = "; " if name == "Cookie" else ","
        value = separator.join(headers.get_list(name))
        environment["CONTENT_TYPE" if key == "CONTENT_TYPE" else f"HTTP_{key}"] = value
    return environment


class Call:
    """A call of the application: `start` it, get each `block`, `close` it.

    The steps may run in different threads, one after the other, in one context.
    """

    def __init__(self, application: WSGIApplication, environment: WSGIEnvironment) -> None:
        self.status = 500
        self.reason = "Internal Server Error"
        self.headers: list[tuple[str, str]] = []
        #: Whether the last block was taken.
        self.ended = False
        self._application = application
        self._environment = environment
        self._context = copy_context()
        self._answer: Iterable[bytes] = ()
        self._pieces: Iterator[bytes] = iter(())

    def start(self) -> bytes:
        """Call the application and return the first block of its answer."""
        return self._context.run(self._start)

    def block(self) -> bytes:
        """Return the next block; empty at the end."""
        return self._context.run(self._block)

    def close(self) -> None:
        """Close the application's answer, sent or not."""
        self._context.run(self._close)

    def _start(self) -> bytes:
        self._answer = self._application(self._environment, self._begin)
        self._pieces = iter(self._answer)
        return self._block()

    def _begin(
        self, status: str, headers: list[tuple[str, str]], error: Any = None
    ) -> Callable[[bytes], object]:
        code, _, self.reason = status.partition(" ")
        self.status, self.headers = int(code), headers
        return _refuse_to_write

    def _block(self) -> bytes:
        begun, block = time.monotonic(), bytearray()
        for piece in self._pieces:
            block += piece
            if len(block) >= _BLOCK or (block and time.monotonic() - begun > _PATIENCE):
                return bytes(block)
        self._close()
        return bytes(block)

    def _close(self) -> None:
        self.ended = True
        answer, self._answer = self._answer, ()
        if hasattr(answer, "close"):
            answer.close()


def _refuse_to_write(data: bytes) -> None:
    raise NotImplementedError("an answer is returned, not written")
