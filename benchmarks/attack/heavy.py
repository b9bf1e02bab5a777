"""Heavy work, and how long somebody who draws a digit waits beside it.

30 clients guess names and passwords, 10 ask for explanations, 6 download everything again and
again; the reader's median during each is compared with that of a quiet server.
"""

from __future__ import annotations

import http.client
import re
import threading
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from urllib.parse import urlencode

from benchmarks.attack.site import (
    Person,
    Reader,
    ask,
    drawing,
    in_background,
    program_argument,
    running,
)


def main() -> None:
    parser = program_argument(__doc__)
    parser.add_argument("--seconds", type=float, default=15)
    options = parser.parse_args()
    with running(options.program) as (port, _):
        people = [Person(port, name) for name in ("ann", "bob")]
        people[0].fill(60)
        quiet = Reader(port)
        quiet.read_for(options.seconds)
        print(f"{'nobody else':24} {quiet}", flush=True)
        numbers = count()
        attacks: dict[str, tuple[Callable[[threading.Event], None], int]] = {
            "30 guess passwords": (lambda end: _guess(port, end, next(numbers)), 30),
            "10 explanations": (lambda end: _explain(port, end), 10),
            "6 downloads": (lambda end: _download(port, end, people[next(numbers) % 2]), 6),
        }
        for name, (work, clients) in attacks.items():
            reader = Reader(port)
            with in_background(work, clients):
                reader.read_for(options.seconds)
            ratio = reader.median / quiet.median
            print(f"{name:24} {reader}   {ratio:.2f} x", flush=True)


def _guess(port: int, end: threading.Event, number: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", "/login")
    page = connection.getresponse()
    cookie = (page.getheader("Set-Cookie") or "").partition(";")[0]
    found = re.search(r'name="csrf_token" value="([^"]+)"', page.read().decode())
    token = found[1] if found else ""
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    for turn in count():
        if end.is_set():
            return
        # Always another name, since each is slowed down by itself.
        fields = {"csrf_token": token, "username": f"name {number} {turn}", "password": "a guess"}
        with suppress(OSError, http.client.HTTPException):
            connection.request("POST", "/login", urlencode(fields), headers)
            connection.getresponse().read()


def _explain(port: int, end: threading.Event) -> None:
    while not end.is_set():
        with suppress(OSError):
            ask(port, "POST", "/explain", drawing(), {"Content-Type": "image/png"})


def _download(port: int, end: threading.Event, person: Person) -> None:
    while not end.is_set():
        for ending in (".zip", ".npz", "-idx.zip"):
            with suppress(OSError):
                ask(port, "GET", f"/gallery/download{ending}", headers=person.cookie)


if __name__ == "__main__":
    main()
