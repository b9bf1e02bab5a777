"""A site under attack: a server of its own, people who use it, and how long they wait."""

from __future__ import annotations

import argparse
import io
import math
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlencode

import numpy as np
from PIL import Image, ImageDraw

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "correct horse"


def program_argument(description: str | None) -> argparse.ArgumentParser:
    """Return a parser that knows `--program`."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument(
        "--program", type=Path, default=ROOT, help="the folder whose wsgi.py is attacked"
    )
    return parser


@contextmanager
def running(
    program: Path, *, command: tuple[str, ...] = ("wsgi.py",), **settings: object
) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """Start a server with a new database; give its port and its process."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        chosen = {"INSTANCE_PATH": folder, "PORT": port, "NATIVE_PORT": ""} | settings
        environment = os.environ | {f"DIGITNET_{name}": str(v) for name, v in chosen.items()}
        subprocess.run(
            [sys.executable, "-m", "flask", "--app", "wsgi", "db", "upgrade"],
            cwd=program,
            env=environment,
            check=True,
            capture_output=True,
        )
        process = subprocess.Popen(
            [sys.executable, *command],
            cwd=program,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait_for(port)
            yield port, process
        finally:
            process.kill()
            process.communicate()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(port: int) -> None:
    for _ in range(300):
        try:
            ask(port, "GET", "/status", timeout=5)
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the server does not answer")


def ask(
    port: int,
    method: str,
    path: str,
    body: bytes = b"",
    headers: dict[str, str] | None = None,
    timeout: float = 30,
) -> tuple[int, bytes, dict[str, str]]:
    """Send one request on a connection of its own."""
    connection = HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request(method, path, body or None, headers or {})
        answer = connection.getresponse()
        names = {name.lower(): value for name, value in answer.headers.items()}
        return answer.status, answer.read(), names
    except HTTPException as error:
        raise ConnectionError(str(error)) from error
    finally:
        connection.close()


class Person:
    """Somebody with an account, logged in."""

    def __init__(self, port: int, name: str) -> None:
        self._port = port
        self._cookie = ""
        fields = {"username": name, "password": PASSWORD, "again": PASSWORD}
        status, page, _ = self.post("/signup", fields)
        if status != 302:
            raise RuntimeError(f"{name} could not sign up: {status} {page.decode()}")

    @property
    def cookie(self) -> dict[str, str]:
        """The header that says who it is."""
        return {"Cookie": self._cookie}

    def ask(
        self, method: str, path: str, body: bytes = b"", **headers: str
    ) -> tuple[int, bytes, dict[str, str]]:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        status, content, answered = ask(self._port, method, path, body, names | self.cookie)
        if "set-cookie" in answered:
            self._cookie = answered["set-cookie"].partition(";")[0]
        return status, content, answered

    def token(self, page: str = "/signup") -> str:
        content = self.ask("GET", page)[1].decode()
        found = re.search(r'name="csrf_token" value="([^"]+)"', content)
        if found is None:
            raise RuntimeError(f"{page} has no form")
        return found[1]

    def post(self, page: str, fields: dict[str, str]) -> tuple[int, bytes, dict[str, str]]:
        body = urlencode({"csrf_token": self.token(page), **fields}).encode()
        return self.ask("POST", page, body, Content_Type="application/x-www-form-urlencoded")

    def fill(self, count: int) -> None:
        """Store pictures of some 150 kB each."""
        token = self.token("/account")
        for number in range(count):
            self.ask(
                "POST",
                "/predict?store=1",
                photograph(number),
                Content_Type="image/png",
                X_CSRFToken=token,
            )


def drawing() -> bytes:
    """Return a PNG of a seven, as somebody draws it on the page."""
    image = Image.new("L", (280, 280), 255)
    ImageDraw.Draw(image).line([(60, 60), (210, 60), (110, 230)], 0, 22, "curve")
    return _encode(image)


def photograph(seed: int) -> bytes:
    """Return a PNG of a seven on rough paper, which hardly packs."""
    paper = np.random.default_rng(seed).integers(225, 256, (256, 256, 3), np.uint8)
    image = Image.fromarray(paper)
    ImageDraw.Draw(image).line([(60, 60), (200, 60), (110, 210)], (20, 20, 60), 20, "curve")
    return _encode(image)


def _encode(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG")
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
        body, end = drawing(), time.monotonic() + seconds
        while time.monotonic() < end:
            begun = time.monotonic()
            try:
                status, _, _ = ask(
                    self._port, "POST", "/predict", body, {"Content-Type": "image/png"}
                )
                self.failures += status != 200
            except OSError:
                self.failures += 1
            self.waits.append(time.monotonic() - begun)
            time.sleep(self._pause)

    def __str__(self) -> str:
        waits = sorted(self.waits)
        p99 = waits[math.ceil(len(waits) * 0.99) - 1]
        return (
            f"median {statistics.median(waits) * 1000:6.0f} ms   p99 {p99 * 1000:6.0f} ms   "
            f"{self.failures} of {len(waits)} failed"
        )

    @property
    def median(self) -> float:
        return statistics.median(self.waits)


@contextmanager
def in_background(work: Callable[[threading.Event], None], count: int) -> Iterator[None]:
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
