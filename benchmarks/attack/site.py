"""A site under attack: a server of its own, people who use it, and how long they wait."""

from __future__ import annotations

import argparse
import io
import json
import math
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import numpy as np
from PIL import Image, ImageDraw

__all__ = [
    "HOST",
    "PASSWORD",
    "ROOT",
    "Answer",
    "Person",
    "Reader",
    "Site",
    "Visitor",
    "ask",
    "child_of",
    "drawing",
    "encode",
    "free_port",
    "photograph",
    "program_argument",
    "running",
    "send",
]

ROOT = Path(__file__).resolve().parents[2]
HOST = "127.0.0.1"
PASSWORD = "correct horse"

_OWN = ("wsgi.py",)
_STARTING = 60  # seconds that a server may take until it serves
_FORM = "application/x-www-form-urlencoded"


def program_argument(description: str | None, **numbers: float) -> argparse.ArgumentParser:
    """Return a parser that knows `--program`, and an option for each number with its default."""
    parser = argparse.ArgumentParser(description=(description or "").partition("\n")[0])
    parser.add_argument(
        "--program", type=Path, default=ROOT, metavar="FOLDER", help="whose wsgi.py is attacked"
    )
    for name, number in numbers.items():
        parser.add_argument(f"--{name}", type=type(number), default=number, metavar=name.upper())
    return parser


@dataclass(frozen=True)
class Site:
    """A program that serves, and what can be seen of it; `native_port` is 0 without that door."""

    program: Path
    environment: Mapping[str, str]
    log: Path
    process: subprocess.Popen[bytes]
    port: int
    native_port: int

    def run(self, *command: str) -> None:
        """Run Python in the program's folder, with the settings that the site has."""
        _run(self.program, self.environment, *command)

    def memory(self, what: str) -> float:
        """Return VmRSS (memory in use) or VmHWM (its peak), in MB; Linux only."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith(f"{what}:"):
                return int(line.split()[1]) / 1000
        raise LookupError(what)

    def stop(self) -> float:
        """Send SIGTERM; return how many seconds the end took."""
        begin = time.perf_counter()
        self.process.terminate()
        self.process.wait(600)
        taken = time.perf_counter() - begin
        self.kill()
        return taken

    def kill(self) -> None:
        """End the program at once, and what it has started or left behind."""
        with suppress(AttributeError, ProcessLookupError):  # Windows knows no groups
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.kill()
        self.process.wait()


@contextmanager
def running(
    program: Path,
    *,
    instance: Path | None = None,
    command: tuple[str, ...] = _OWN,
    **settings: object,
) -> Iterator[Site]:
    """Start the program in a folder, with a new database unless told, until the block ends.

    `command` is what Python runs. Another server than the program's own takes its factory, so
    that the database is prepared before. NATIVE_PORT="" leaves the native door shut. Raises
    RuntimeError, with the log, if it does not serve.
    """
    # Its process group is its own: whoever ends this program would leave it running.
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        chosen = {
            "INSTANCE_PATH": instance or folder / "instance",
            "PORT": free_port(),
            "NATIVE_PORT": free_port(),
        } | settings
        environment = {k: v for k, v in os.environ.items() if not k.startswith("DIGITNET_")}
        environment |= {f"DIGITNET_{name}": str(value) for name, value in chosen.items()}
        if command != _OWN:
            _run(program, environment, "-m", "flask", "--app", "wsgi", "db", "upgrade")
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, *command],
                cwd=program,
                env=environment,
                stdout=log,
                stderr=log,
                process_group=0,
            )
        native_port = int(str(chosen["NATIVE_PORT"] or 0)) if command == _OWN else 0
        site = Site(
            program, environment, folder / "log", process, int(str(chosen["PORT"])), native_port
        )
        try:
            _wait_for(site)
            yield site
        finally:
            site.kill()
            signal.signal(signal.SIGTERM, before)


def _run(program: Path, environment: Mapping[str, str], *command: str) -> None:
    subprocess.run(
        [sys.executable, *command], cwd=program, env=environment, check=True, stdout=sys.stderr
    )


def child_of(pid: int) -> int | None:
    """Return the process that another one started, if it runs; Linux only."""
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                return int(child)
    return None


def free_port() -> int:
    """Return a port that nobody has at the moment."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(site: Site) -> None:
    end = time.monotonic() + _STARTING
    while ask(site.port, "GET", "/status", timeout=5).status != 200:
        if site.process.poll() is not None or time.monotonic() > end:
            raise RuntimeError(f"the server does not serve:\n{site.log.read_text()}")
        time.sleep(0.02)
    if site.native_port:
        with socket.create_connection((HOST, site.native_port), _STARTING) as door:
            if not door.recv(1):  # it begins with its key, once that is made
                raise RuntimeError("the native door is shut")


@dataclass(frozen=True)
class Answer:
    """What came of a request, after how long: `status` 0 if no whole answer came."""

    status: int
    content: bytes
    headers: Mapping[str, str]
    seconds: float


def ask(
    port: int,
    method: str,
    path: str,
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
    *,
    timeout: float = 30,
) -> Answer:
    """Send one request on a connection of its own."""
    begin = time.perf_counter()
    connection = HTTPConnection(HOST, port, timeout=timeout)
    try:
        connection.request(method, path, body or None, headers or {})
        answer = connection.getresponse()
        content = answer.read()
    except (OSError, HTTPException):
        return Answer(0, b"", {}, time.perf_counter() - begin)
    finally:
        connection.close()
    names = {name.lower(): value for name, value in answer.headers.items()}
    return Answer(answer.status, content, names, time.perf_counter() - begin)


def send(port: int, picture: bytes, path: str = "/predict", *, timeout: float = 30) -> Answer:
    """Send a picture to be read."""
    return ask(port, "POST", path, picture, {"Content-Type": "image/png"}, timeout=timeout)


class Visitor:
    """A browser, which keeps its cookie."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookie = ""

    def ask(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send one request, as `ask` does."""
        own = {"Cookie": self.cookie} if self.cookie else {}
        answer = ask(self.port, method, path, body, {**own, **(headers or {})})
        if "set-cookie" in answer.headers:
            self.cookie = answer.headers["set-cookie"].partition(";")[0]
        return answer

    def form_token(self, page: str) -> str:
        """Return what the site wants back from the forms that it gave this browser."""
        answer = self.ask("GET", page)
        found = re.search(r'name="csrf_token" value="([^"]+)"', answer.content.decode())
        if found is None:
            raise RuntimeError(f"{page} has no form: {answer.status}")
        return found[1]

    def submit(self, page: str, fields: Mapping[str, str]) -> Answer:
        """Fill in a page's form."""
        body = urlencode({"csrf_token": self.form_token(page), **fields}).encode()
        return self.ask("POST", page, body, {"Content-Type": _FORM})

    def log_in(self, name: str, password: str = PASSWORD) -> Answer:
        return self.submit("/login", {"username": name, "password": password})


class Person(Visitor):
    """Somebody who is logged in, and has signed up if there was no such account."""

    def __init__(self, port: int, name: str) -> None:
        super().__init__(port)
        fields = {"username": name, "password": PASSWORD, "again": PASSWORD}
        if self.log_in(name).status != 302:
            signed_up = self.submit("/signup", fields)
            if signed_up.status != 302:
                raise RuntimeError(f"{name} is not let in: {signed_up.content.decode()}")
        self.token = self.form_token("/account")

    def store(self, picture: bytes) -> Answer:
        """Send a picture that is to be kept."""
        headers = {"Content-Type": "image/png", "X-CSRFToken": self.token}
        return self.ask("POST", "/predict?store=1", picture, headers)

    def keep(self, picture: bytes) -> str | None:
        """Store a picture; return its id once the server has acknowledged it."""
        answer = self.store(picture)
        found: str | None = json.loads(answer.content)["image_id"] if answer.status == 200 else None
        return found


def drawing(number: int = 0) -> bytes:
    """Return a PNG of a seven, as drawn on the page; each number gives another."""
    image = Image.new("L", (280 + number, 280), 255)
    points = [(60, 60), (210, 60), (110 + number % 40, 230)]
    ImageDraw.Draw(image).line(points, 0, 22, "curve")
    return encode(image)


def photograph(seed: int) -> bytes:
    """Return a PNG of a seven on rough paper, which hardly packs: some 150 kB."""
    paper = np.random.default_rng(seed).integers(225, 256, (256, 256, 3), np.uint8)
    image = Image.fromarray(paper)
    ImageDraw.Draw(image).line([(60, 60), (200, 60), (110, 210)], (20, 20, 60), 20, "curve")
    return encode(image)


def encode(image: Image.Image, format: str = "PNG", **options: Any) -> bytes:
    """Return a picture as a file's bytes."""
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


class Reader:
    """Somebody who draws digits all the while, each answer on a connection of its own."""

    def __init__(self, port: int, *, pause: float = 0.05) -> None:
        self.waits: list[float] = []
        self.failures = 0
        self._port = port
        self._pause = pause

    def read_for(self, seconds: float) -> None:
        """Read, and note how long each answer took."""
        picture, end = drawing(), time.monotonic() + seconds
        while time.monotonic() < end:
            answer = send(self._port, picture)
            self.failures += answer.status != 200
            self.waits.append(answer.seconds)
            time.sleep(self._pause)

    def __str__(self) -> str:
        waits = sorted(self.waits)
        p99 = waits[math.ceil(len(waits) * 0.99) - 1]
        return (
            f"median {self.median * 1000:6.0f} ms   p99 {p99 * 1000:6.0f} ms   "
            f"{self.failures} of {len(waits)} failed"
        )

    @property
    def median(self) -> float:
        return statistics.median(self.waits)
