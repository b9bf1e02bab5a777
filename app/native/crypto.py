"""Encryption: the server's RSA key, and the AES key of a session.

The clients dictate the scheme: AES-256-CBC with the same key and IV for all messages of
a session, without authentication. By today's standards it is weak against an active
attacker.
"""

from __future__ import annotations

import hashlib

from Crypto.Cipher import AES, PKCS1_OAEP
from Crypto.PublicKey import RSA

from app.native.errors import HandshakeError, PayloadError

__all__ = ["IV_SIZE", "KEY_SIZE", "ServerKey", "Session"]

KEY_SIZE = 32
IV_SIZE = AES.block_size

_RSA_BITS = 3072


class ServerKey:
    """An RSA key that accepts each encrypted session key only once."""

    def __init__(self, key: RSA.RsaKey) -> None:
        self._key = key
        self.public_pem: bytes = key.public_key().export_key("PEM")
        self.blob_size = key.size_in_bytes()
        self._seen: dict[bytes, object] = {}

    @classmethod
    def generate(cls) -> ServerKey:
        """Make a new key, which takes a second or two."""
        return cls(RSA.generate(_RSA_BITS))

    def open(self, blob: bytes) -> bytes:
        """Return the session key that a client has encrypted; raises HandshakeError."""
        if len(blob) != self.blob_size:
            raise HandshakeError(f"an encrypted key has {self.blob_size} bytes, not {len(blob)}")
        # setdefault lets only one of several threads with the same key succeed.
        mine = object()
        if self._seen.setdefault(hashlib.sha256(blob).digest(), mine) is not mine:
            raise HandshakeError("this encrypted key was sent before")
        try:
            key = PKCS1_OAEP.new(self._key).decrypt(blob)
        except (ValueError, TypeError) as error:
            raise HandshakeError("the encrypted key cannot be decrypted") from error
        if len(key) != KEY_SIZE:
            raise HandshakeError(f"a session key has {KEY_SIZE} bytes, not {len(key)}")
        return key


class Session:
    """Encrypts and decrypts one connection's payloads, each with a cipher of its own."""

    def __init__(self, key: bytes, iv: bytes) -> None:
        if len(key) != KEY_SIZE or len(iv) != IV_SIZE:
            raise HandshakeError(
                f"a key has {KEY_SIZE} bytes and an IV {IV_SIZE}, not {len(key)} and {len(iv)}"
            )
        self._key = key
        self._iv = iv

    def encrypt(self, text: bytes) -> bytes:
        """Pad (PKCS#7) and encrypt."""
        count = AES.block_size - len(text) % AES.block_size
        cipher = AES.new(self._key, AES.MODE_CBC, self._iv)
        return bytes(cipher.encrypt(text + bytes([count]) * count))

    def decrypt(self, payload: bytes) -> tuple[bytes, bool]:
        """Decrypt; return the text, and whether its padding is valid.

        Invalid padding raises nothing, so that the caller takes the same steps, and the same
        time, as for valid padding (no padding oracle). Raises PayloadError if the length is
        not a multiple of the block size, which is no secret.
        """
        if not payload or len(payload) % AES.block_size:
            raise PayloadError("a payload is made of whole blocks")
        text = AES.new(self._key, AES.MODE_CBC, self._iv).decrypt(payload)
        count = text[-1]
        wrong = (count == 0) | (count > AES.block_size)
        for place in range(1, AES.block_size + 1):
            wrong |= (place <= count) & (text[-place] != count)
        return bytes(text[: len(text) - min(count, AES.block_size)]), not wrong
