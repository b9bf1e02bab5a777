"""Heavy work, and how long somebody who draws a digit waits beside it.

30 clients guess names and passwords, 10 ask for explanations, 6 download everything again and
again; the reader's median during each is compared with that of a quiet server.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from itertools import count
from urllib.parse import urlencode

from benchmarks.attack.site import (
    HOST,
    Person,
    Reader,
    Visitor,
    drawing,
    photograph,
    program_argument,
    running,
    send,
)


def main() -> None:
    options = program_argument(__doc__, seconds=15.0).parse_args()
    with running(options.program, NATIVE_PORT="") as site:
        port = site.port
        people = [Person(port, name) for name in ("ann", "bob")]
        for number in range(60):
            people[0].store(photograph(number))
        quiet = Reader(port)
        quiet.read_for(options.seconds)
        print(f"{'nobody else':24} {quiet}", flush=True)
        numbers = count()
        attacks: dict[str, tuple[Callable[[threading.Event], None], int]] = {
            "30 guess passwords": (lambda end: _guess(port, end, next(numbers)), 30),
            "10 explanations": (lambda end: _explain(port, end), 10),
            "6 downloads": (lambda end: _download(end, people[next(numbers) % 2]), 6),
        }
        for name, (work, clients) in attacks.items():
            reader = Reader(port)
            with _in_background(work, clients):
                reader.read_for(options.seconds)
            ratio = reader.median / quiet.median
            print(f"{name:24} {reader}   {ratio:.2f} x", flush=True)


def _guess(port: int, end: threading.Event, number: int) -> None:
    visitor = Visitor(port)
    token = visitor.form_token("/login")
    headers = {"Cookie": visitor.cookie, "Content-Type": "application/x-www-form-urlencoded"}
    connection = HTTPConnection(HOST, port, timeout=60)
    for turn in count():
        if end.is_set():
            return
        # Always another name, since each is slowed down by itself.
        fields = {"csrf_token": token, "username": f"name {number} {turn}", "password": "a guess"}
        with suppress(OSError, HTTPException):
            connection.request("POST", "/login", urlencode(fields), headers)
            connection.getresponse().read()


def _explain(port: int, end: threading.Event) -> None:
    while not end.is_set():
        send(port, drawing(), "/explain")


def _download(end: threading.Event, person: Person) -> None:
    while not end.is_set():
        for ending in (".zip", ".npz", "-idx.zip"):
            person.ask("GET", f"/gallery/download{ending}")


@contextmanager
def _in_background(work: Callable[[threading.Event], None], count: int) -> Iterator[None]:
    """Let so many threads work, each until it sees the event, while the block runs."""
    end = threading.Event()
    threads = [threading.Thread(target=work, args=(end,), daemon=True) for _ in range(count)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        end.set()
        for thread in threads:
            thread.join(60)


if __name__ == "__main__":
    main()
