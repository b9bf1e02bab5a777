"""A server to be attacked: the program of any checkout, with a new database."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["ask", "running"]


@contextmanager
def running(program: Path) -> Iterator[tuple[int, int]]:
    """Start the `wsgi.py` of a folder; give its port and its process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        settings = {"INSTANCE_PATH": folder, "PORT": str(port), "NATIVE_PORT": ""}
        process = subprocess.Popen(
            [sys.executable, "wsgi.py"],
            cwd=program,
            env=os.environ | {f"DIGITNET_{name}": value for name, value in settings.items()},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait(port)
            yield port, process.pid
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def ask(
    port: int, picture: bytes | None = None, path: str = "/predict", timeout: float = 60
) -> tuple[int, float]:
    """Send a picture, or get a page; return the answer's code, 0 if none came, and seconds."""
    begin = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        if picture is None:
            connection.request("GET", path)
        else:
            connection.request("POST", path, picture, {"Content-Type": "image/png"})
        answer = connection.getresponse()
        answer.read()
        return answer.status, time.perf_counter() - begin
    except OSError:
        return 0, time.perf_counter() - begin
    finally:
        connection.close()


def _wait(port: int) -> None:
    for _ in range(300):
        if ask(port, path="/status", timeout=5)[0] == 200:
            return
        time.sleep(0.1)
    raise RuntimeError("the server did not start")
