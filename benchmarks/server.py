"""A server of its own for the benchmarks, and hands shaken with it as native clients do."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from Crypto.Cipher import PKCS1_OAEP
from Crypto.PublicKey import RSA

from app.native.crypto import IV_SIZE, KEY_SIZE, Session
from app.native.framing import encode_frame

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def running(**settings: object) -> Iterator[tuple[int, int]]:
    """Start the program with a new database; give its ports, for the web and for native clients."""
    web, native = _free_port(), _free_port()
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {
            "DIGITNET_INSTANCE_PATH": folder,
            "DIGITNET_PORT": str(web),
            "DIGITNET_NATIVE_PORT": str(native),
            **{f"DIGITNET_{name}": str(value) for name, value in settings.items()},
        }
        process = subprocess.Popen(
            [sys.executable, "wsgi.py"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        if process.stdout is not None:
            process.stdout.readline()
        try:
            yield web, native
        finally:
            process.terminate()
            process.communicate()


def connect(port: int) -> socket.socket:
    """Open a connection that sends without delay."""
    connection = socket.create_connection(("127.0.0.1", port), 60)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def shake_hands(connection: socket.socket) -> Session:
    """Agree on a key with the server."""
    key, iv = os.urandom(KEY_SIZE), os.urandom(IV_SIZE)
    server_key = RSA.import_key(read_frame(connection))
    blob = PKCS1_OAEP.new(server_key).encrypt(key)
    connection.sendall(encode_frame(blob) + encode_frame(iv))
    read_frame(connection)
    return Session(key, iv)


def read_frame(connection: socket.socket) -> bytes:
    """Read one frame's payload."""
    return _read(connection, int(_read(connection, 7)))


def _read(connection: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        piece = connection.recv(count - len(data))
        if not piece:
            raise ConnectionError("the server closed the connection")
        data += piece
    return data


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
