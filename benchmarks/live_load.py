"""Cameras of a whole class at once, and people who watch them.

    python -m benchmarks.live_load [--clients 30] [--rate 5] [--seconds 60] [--viewers 40]
                                   [--processes 1]

DIGITNET_MNIST_DIR names the folder of MNIST's files. CLIENTS take part in a wall and send RATE
frames a second each, the next one when the answer to the last is in and the server wants it, as the
page Live does: what is due before that is dropped, and counted. Beside them somebody draws on the
start page. After SECONDS, VIEWERS of the monitor join for as long. Prints answers a second, times
from a frame to its answer, dropped frames, how long a drawing's answer took, and the server's
memory. All of it runs on this machine, so the clients take their share of its cores. With several
PROCESSES, they serve the same wall by Redis (DIGITNET_TEST_REDIS_URL) and PostgreSQL
(DIGITNET_TEST_DATABASE_URL).
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

from sqlalchemy import create_engine, make_url, text

from benchmarks.attack.site import HOST, ROOT, Person, Reader, Site, Visitor, running
from benchmarks.frames import encode, make_frames

_SIDE = 480  # pixels, as the page Live sends
_FRAMES = 60
_DRAWN = 0.5  # seconds between two drawings
_TIMEOUT = 30.0
_REFUSED = 1.0  # seconds that a camera waits whose frame was not read


def main() -> int:
    """Load, measure, print; 1 if a request failed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--clients", type=int, default=30)
    parser.add_argument("--rate", type=float, default=5, help="frames a second of each client")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--viewers", type=int, default=40)
    parser.add_argument("--processes", type=int, default=1)
    options = parser.parse_args()
    frames = [encode(frame, _SIDE) for _, frame in make_frames(_FRAMES, 1)]
    failed = 0
    with ExitStack() as stack:
        sites = _start(stack, options.processes)
        ports = [site.port for site in sites]
        owner = Person(ports[0], "owner")
        sites[0].run("-m", "flask", "--app", "wsgi", "make-admin", "owner")
        code = _make_wall(owner)
        keys = [_join(ports[0], code, f"Pupil {n}") for n in range(options.clients)]
        for viewers in dict.fromkeys((0, options.viewers)):
            before = sum(site.memory("VmRSS") for site in sites)
            load = _run(ports, keys, frames, owner, viewers, options)
            after = sum(site.memory("VmRSS") for site in sites)
            load.tell(viewers, options.seconds)
            print(f"    memory of the server {before:.0f} MB before, {after:.0f} MB after")
            failed += load.failed
    return 1 if failed else 0


@dataclass
class _Load:
    """What was seen of all clients, in seconds."""

    waits: list[float] = field(default_factory=list)
    looks: list[float] = field(default_factory=list)
    dropped: int = 0
    failed: int = 0
    drawn: list[float] = field(default_factory=list)

    def tell(self, viewers: int, seconds: float) -> None:
        print(
            f"{viewers} viewers: {len(self.waits) / seconds:.0f} answers a second, frame to answer "
            f"median {_ms(self.waits, 0.5):.0f} ms, p95 {_ms(self.waits, 0.95):.0f} ms, "
            f"{self.dropped} frames dropped, {self.failed} requests failed"
        )
        print(
            f"    a drawing: median {_ms(self.drawn, 0.5):.0f}, p95 {_ms(self.drawn, 0.95):.0f} ms"
        )
        if self.looks:
            rate, median = len(self.looks) / seconds, _ms(self.looks, 0.5)
            print(f"    {rate:.0f} looks a second, median {median:.0f} ms")


def _ms(seconds: list[float], share: float) -> float:
    return 1000 * statistics.quantiles(seconds, n=100)[round(100 * share) - 1]


def _start(stack: ExitStack, processes: int) -> list[Site]:
    if processes == 1:
        return [stack.enter_context(running(ROOT, NATIVE_PORT=""))]
    instance = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "instance"
    url = stack.enter_context(_schema(os.environ["DIGITNET_TEST_DATABASE_URL"]))
    redis = os.environ.get("DIGITNET_TEST_REDIS_URL", "redis://127.0.0.1:6379/9")
    return [
        stack.enter_context(
            running(
                ROOT, instance=instance, DATABASE_URL=url, REDIS_URL=redis, NATIVE_PORT="", WORKER=0
            )
        )
        for _ in range(processes)
    ]


@contextmanager
def _schema(given: str) -> Iterator[str]:
    """Make a schema of its own in a PostgreSQL database, and return the URL that leads there."""
    engine, name = create_engine(given), f"live_load_{uuid4().hex}"
    with engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {name}"))
    try:
        own = make_url(given).update_query_dict({"options": f"-csearch_path={name}"})
        yield own.render_as_string(hide_password=False)
    finally:
        with engine.begin() as connection:
            connection.execute(text(f"DROP SCHEMA {name} CASCADE"))
        engine.dispose()


def _make_wall(owner: Person) -> str:
    made = owner.submit("/walls", {"title": "Class 5b"})
    return made.headers["location"].rpartition("/")[2]


def _join(port: int, code: str, name: str) -> str:
    """Take part in the wall, and return the key with which frames are sent."""
    visitor = Visitor(port)
    token = visitor.form_token(f"/walls/{code}")
    body = urlencode({"csrf_token": token, "name": name}).encode()
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    visitor.ask("POST", f"/walls/{code}/join", body, kind)
    page = visitor.ask("GET", "/live").content.decode()
    found = re.search(r'data-key="([^"]+)"', page)
    if found is None:
        raise RuntimeError(f"{name} is not let in")
    return found[1]


def _run(
    ports: list[int],
    keys: list[str],
    frames: list[bytes],
    owner: Person,
    viewers: int,
    options: argparse.Namespace,
) -> _Load:
    """Let everybody do their part for some seconds."""
    load, end = _Load(), time.monotonic() + options.seconds
    reader = Reader(ports[0], pause=_DRAWN)
    works: list[Callable[[], None]] = [partial(reader.read_for, options.seconds)]
    for number, key in enumerate(keys):
        camera = _Camera(ports[number % len(ports)], key, frames, load, 1 / options.rate)
        works.append(partial(camera.send_until, end))
    for number in range(viewers):
        port = ports[number % len(ports)]
        works.append(partial(_watch, port, owner.cookie, load, end))
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    load.drawn, load.failed = reader.waits, load.failed + reader.failures
    return load


@dataclass
class _Camera:
    port: int
    key: str
    frames: list[bytes]
    load: _Load
    gap: float

    def send_until(self, end: float) -> None:
        connection = HTTPConnection(HOST, self.port, timeout=_TIMEOUT)
        # They do not begin at the same moment.
        due = time.monotonic() + self.gap * (hash(self.key) % 100) / 100
        number = hash(self.key) % len(self.frames)
        query = urlencode({"stream": self.key})
        while due < end:
            time.sleep(max(0.0, due - time.monotonic()))
            begin = time.monotonic()
            wanted = self._send(connection, f"/predict?{query}", number)
            if wanted is not None:
                self.load.waits.append(time.monotonic() - begin)
            number += 1
            due += self.gap
            next_one = time.monotonic() + (_REFUSED if wanted is None else wanted)
            late = max(0.0, next_one - due)
            self.load.dropped += int(late / self.gap)
            due += late
        connection.close()

    def _send(self, connection: HTTPConnection, path: str, number: int) -> float | None:
        """Send a frame; return for how many seconds the server wants no other one, if it says."""
        frame = self.frames[number % len(self.frames)]
        try:
            connection.request("POST", path, frame, {"Content-Type": "image/jpeg"})
            answer = connection.getresponse()
            content = answer.read()
        except (OSError, HTTPException):
            connection.close()
            self.load.failed += 1
            return None
        if answer.status == 200:
            return float(json.loads(content).get("again_ms", 0)) / 1000
        if answer.status == 503:
            self.load.dropped += 1
        else:
            self.load.failed += 1
        return None


def _watch(port: int, cookie: str, load: _Load, end: float) -> None:
    """Look at the monitor as its page does."""
    connection = HTTPConnection(HOST, port, timeout=_TIMEOUT)
    since = 0
    while time.monotonic() < end:
        begin = time.monotonic()
        with suppress(OSError, HTTPException):
            headers = {"Accept": "application/json", "Cookie": cookie}
            connection.request("GET", f"/streams?frames_since={since}", headers=headers)
            answer = connection.getresponse()
            content = answer.read()
            load.looks.append(time.monotonic() - begin)
            if answer.status == 200:
                told = json.loads(content)
                since = told["now"]
                time.sleep(told["again_ms"] / 1000)
                continue
        load.failed += 1
        time.sleep(0.25)
    connection.close()


if __name__ == "__main__":
    sys.exit(main())
