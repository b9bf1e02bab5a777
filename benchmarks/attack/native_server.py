"""A running program to be attacked through its native door, and what can be seen of it."""

from __future__ import annotations

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.native.client import NativeClient
from app.native.crypto import Session
from app.native.framing import encode_frame
from app.native.messages import Message, encode_message
from benchmarks.server import connect, shake_hands

ROOT = Path(__file__).resolve().parents[2]
HOST = "127.0.0.1"


@dataclass(frozen=True)
class Target:
    """A running program: its process and its port for native clients."""

    process: subprocess.Popen[bytes]
    port: int

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
        return time.perf_counter() - begin


@contextmanager
def running(program: Path, **settings: object) -> Iterator[Target]:
    """Start the program in a folder, with a new database, until the block ends."""
    web, native = _free_port(), _free_port()
    with tempfile.TemporaryDirectory() as folder:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("DIGITNET_")}
        environment |= {
            "DIGITNET_INSTANCE_PATH": folder,
            "DIGITNET_PORT": str(web),
            "DIGITNET_NATIVE_PORT": str(native),
            **{f"DIGITNET_{name}": str(value) for name, value in settings.items()},
        }
        process = subprocess.Popen(
            [sys.executable, "wsgi.py"],
            cwd=program,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        try:
            if process.stdout is not None:
                process.stdout.readline()
            with NativeClient(HOST, native, timeout=60):  # its key is made, too
                yield Target(process, native)
        finally:
            process.kill()
            process.communicate()


def parse_options(description: str | None, **counts: int) -> argparse.Namespace:
    """Read the command line: the program to attack, and numbers with their defaults."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument(
        "--program", type=Path, default=ROOT, metavar="FOLDER", help="whose wsgi.py is started"
    )
    for name, default in counts.items():
        parser.add_argument(f"--{name}", type=int, default=default, metavar="COUNT")
    return parser.parse_args()


def open_session(port: int) -> tuple[socket.socket, Session]:
    """Connect, and shake hands."""
    connection = connect(port)
    return connection, shake_hands(connection)


def request(session: Session, code: str, *fields: str | bytes) -> bytes:
    """Return a request as it goes over the wire."""
    return encode_frame(session.encrypt(encode_message(Message.of(code, *fields))))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
