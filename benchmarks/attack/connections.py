"""Hundreds of slow connections at once, and how long somebody who draws a digit waits.

500 that send a byte of their head every five seconds, 51 that ask for a ZIP of 20 MB and do
not read, 50 that begin an upload and stop. `--server` attacks the application under another
server (which must be installed): that is how the one that it has was chosen.
"""

from __future__ import annotations

import socket
import threading
from contextlib import suppress

from benchmarks.attack.site import Person, Reader, photograph, program_argument, running

_PORT = "int(os.environ['DIGITNET_PORT'])"
_SERVERS = {
    "waitress": f"import waitress; waitress.serve(app, port={_PORT}, threads=8, "
    "connection_limit=2000, asyncore_use_poll=True)",
    "cheroot": "from cheroot.wsgi import Server; "
    f"Server(('127.0.0.1', {_PORT}), app, numthreads=8).start()",
    "gunicorn": "import sys; from gunicorn.app.wsgiapp import run; "
    f"sys.argv = ['x', '-k', 'gthread', '--threads', '8', '-b', '127.0.0.1:' + str({_PORT}), "
    "'wsgi:create_app()']; run()",
    "granian": "from granian import Granian; "
    f"Granian('wsgi:create_app', factory=True, interface='wsgi', port={_PORT}, "
    "blocking_threads=8, backpressure=2000).serve()",
}


def main() -> None:
    parser = program_argument(__doc__, seconds=30.0)
    parser.add_argument("--server", choices=("own", *_SERVERS), default="own")
    options = parser.parse_args()
    command: tuple[str, ...] = ("wsgi.py",)
    if options.server != "own":
        setup = "import os; from wsgi import create_app; "
        if options.server in ("waitress", "cheroot"):
            setup += "app = create_app(); "
        command = ("-c", setup + _SERVERS[options.server])
    with running(options.program, command=command, NATIVE_PORT="", IMAGE_LIMIT=200) as site:
        attack(site.port, options.seconds)


def attack(port: int, seconds: float) -> None:
    """Print how long a reader waits before the attacks, and during each and all of them."""
    # Each may have three downloads under way.
    people = [Person(port, f"person {number}") for number in range(17)]
    for number in range(150):  # more than Waitress would take over from a thread
        people[0].store(photograph(number))
    quiet = Reader(port)
    quiet.read_for(5)
    print(f"{'nobody else':24} {quiet}", flush=True)
    attacks = {
        "500 dripping heads": [_Slow(port, b"GET / HTTP/1.1\r\nHost: localhost\r\n", 500)],
        "51 stalled downloads": [_Slow(port, _download(person), 3) for person in people],
        "50 stalled uploads": [_Slow(port, _UPLOAD, 50)],
    }
    attacks["all of them"] = [one for some in attacks.values() for one in some]
    for name, some in attacks.items():
        for slow in some:
            slow.open()
        reader = Reader(port)
        reader.read_for(seconds)
        print(f"{name:24} {reader}", flush=True)
        for slow in some:
            slow.end()
        for slow in some:
            slow.close()


_UPLOAD = (
    b"POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/png\r\n"
    b"Content-Length: 2000000\r\n\r\n" + b"0" * 100_000
)


def _download(person: Person) -> bytes:
    lines = ("GET /gallery/download.zip HTTP/1.1", "Host: localhost", f"Cookie: {person.cookie}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


class _Slow:
    """Connections that say something, and then a byte every five seconds; and that never read."""

    def __init__(self, port: int, words: bytes, count: int) -> None:
        self._port = port
        self._words = words
        self._count = count
        self._end = threading.Event()

    def open(self) -> None:
        self._end.clear()
        self._sockets = [self._connect() for _ in range(self._count)]
        self._thread = threading.Thread(target=self._drip, daemon=True)
        self._thread.start()

    def end(self) -> None:
        self._end.set()

    def close(self) -> None:
        self._thread.join()
        for connection in self._sockets:
            connection.close()

    def _connect(self) -> socket.socket:
        connection = socket.socket()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(5)
        with suppress(OSError):
            connection.connect(("127.0.0.1", self._port))
            connection.sendall(self._words)
        return connection

    def _drip(self) -> None:
        while not self._end.wait(5):
            for place, connection in enumerate(self._sockets):
                try:
                    connection.sendall(b"x")
                except OSError:
                    # Whom the server sends away comes back.
                    connection.close()
                    self._sockets[place] = self._connect()


if __name__ == "__main__":
    main()
