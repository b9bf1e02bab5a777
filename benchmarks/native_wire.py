"""The native protocol byte by byte, for misbehaving clients."""

from __future__ import annotations

import os
import socket

from Crypto.Cipher import PKCS1_OAEP
from Crypto.PublicKey import RSA

from app.native.crypto import IV_SIZE, KEY_SIZE, Session
from app.native.framing import encode_frame
from app.native.messages import Message, encode_message

__all__ = ["connect", "open_session", "read_frame", "request", "shake_hands"]


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


def open_session(port: int) -> tuple[socket.socket, Session]:
    """Connect, and shake hands."""
    connection = connect(port)
    return connection, shake_hands(connection)


def request(session: Session, code: str, *fields: str | bytes) -> bytes:
    """Return a request as it goes over the wire."""
    return encode_frame(session.encrypt(encode_message(Message.of(code, *fields))))


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
