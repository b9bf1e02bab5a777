"""A native client made from the specification alone: nothing of app.native is used."""

import base64
import os
import socket
import struct

from Crypto.Cipher import AES, PKCS1_OAEP
from Crypto.PublicKey import RSA
from Crypto.Util.Padding import pad, unpad

KEY = bytes(range(32))
IV = bytes(range(100, 116))


def message(code, *fields):
    """Return a message's text."""
    parts = [code, *fields]
    return b"~".join(
        base64.b64encode(part if isinstance(part, bytes) else str(part).encode()) for part in parts
    )


def fields_of(text):
    code, *fields = (base64.b64decode(part, validate=True) for part in text.split(b"~"))
    return (code.decode("ascii"), *fields)


def encrypt(text, key=KEY, iv=IV):
    return AES.new(key, AES.MODE_CBC, iv).encrypt(pad(text, 16))


def decrypt(payload, key=KEY, iv=IV):
    return unpad(AES.new(key, AES.MODE_CBC, iv).decrypt(payload), 16)


def frame(payload):
    return str(len(payload)).zfill(7).encode() + payload


def request(code, *fields):
    """Return a whole request, as it goes over the wire in the session of KEY and IV."""
    return frame(encrypt(message(code, *fields)))


def handshake(public_key, key=KEY, iv=IV):
    """Return what a client sends before its first request."""
    return frame(PKCS1_OAEP.new(public_key).encrypt(key)) + frame(iv)


class Peer:
    """A connection; `shake` it hands, and ask."""

    def __init__(self, port, *, host="127.0.0.1", timeout=60, shake=True):
        self.socket = socket.create_connection((host, port), timeout)
        self.key, self.iv = os.urandom(32), os.urandom(16)
        self.sent = b""
        if shake:
            try:
                self.shake()
            except BaseException:
                self.close()
                raise

    def __enter__(self):
        return self

    def __exit__(self, *problem):
        self.close()

    def shake(self):
        self.public_key = RSA.import_key(self.read_frame())
        self.write(handshake(self.public_key, self.key, self.iv))
        assert self.receive() == ("GKSC",)

    def ask(self, code, *fields):
        """Send a request and return the reply: its code and its fields, as bytes."""
        self.send(code, *fields)
        return self.receive()

    def browse(self, code="RIHP", *fields):
        """Return the count that is announced, and the pictures' fields."""
        first, count = self.ask(code, *fields)
        assert first == "RIHL"
        pictures = []
        while (reply := self.receive())[0] == "RILF":
            pictures.append(reply[1:])
        assert reply == ("RIHE",)
        return int(count), pictures

    def send(self, code, *fields):
        self.write(frame(encrypt(message(code, *fields), self.key, self.iv)))

    def receive(self):
        return fields_of(decrypt(self.read_frame(), self.key, self.iv))

    def write(self, data):
        self.sent += data
        for start in range(0, len(data), 4096):
            self.socket.sendall(data[start : start + 4096])

    def read_frame(self):
        return self.read(int(self.read(7)))

    def read(self, count):
        data = b""
        while len(data) < count:
            piece = self.socket.recv(count - len(data))
            if not piece:
                raise ConnectionError(f"closed after {data!r}")
            data += piece
        return data

    def last_words(self):
        """Wait until the server closes, and return what it said before."""
        words = b""
        try:
            while piece := self.socket.recv(65_536):
                words += piece
        except ConnectionResetError:
            pass
        return words

    def close(self):
        self.socket.close()

    def vanish(self):
        """End the connection with a reset, as a program that is killed may."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()
