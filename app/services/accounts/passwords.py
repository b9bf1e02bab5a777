"""Passwords: rules, hashing and verification."""

from __future__ import annotations

import hashlib
import hmac
import os
import threading
from contextlib import suppress

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.errors import AccountError, AccountField, ErrorCode

__all__ = ["PASSWORD_LENGTHS", "Passwords", "check_password", "original_hash"]

#: How many characters a password must and may have.
PASSWORD_LENGTHS = (8, 128)
_ORIGINAL = "sha256"


def check_password(password: str) -> None:
    """Raise AccountError if a password cannot be taken."""
    least, most = PASSWORD_LENGTHS
    if not least <= len(password) <= most:
        raise _refusal("password_length", least=least, most=most)
    if password != password.strip():
        raise _refusal("password_spaces")


def original_hash(digest: str, salt: bytes) -> str:
    """Return the stored form of a password of the original program, until the first log-in.

    `digest` is the SHA-256 of password and salt, in hexadecimal.
    """
    return f"{_ORIGINAL}${digest.lower()}${salt.hex()}"


class Passwords:
    """Hashes with argon2id, never more at once than there are cores.

    One object for the whole program bounds the memory.
    """

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        # 19 MiB, two passes, one lane (OWASP, Password Storage Cheat Sheet).
        self._hasher = hasher or PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
        self._turn = threading.BoundedSemaphore(os.cpu_count() or 1)
        self._nobody = self._hasher.hash("nobody has this password")

    def hash(self, password: str) -> str:
        """Return the hash of a password."""
        with self._turn:
            return self._hasher.hash(_bytes(password))

    def verify(self, kept: str | None, password: str) -> bool:
        """Compare with a hash, in the same time if there is none (`kept` is None)."""
        original = kept is not None and kept.startswith(f"{_ORIGINAL}$")
        argon2 = self._nobody if kept is None or original else kept
        right = False
        with self._turn, suppress(VerificationError, InvalidHashError):
            right = self._hasher.verify(argon2, _bytes(password))
        if kept is not None and original:
            return _is_original(kept, password)
        return right and kept is not None

    def is_outdated(self, kept: str) -> bool:
        """Say whether a password, just entered and right, should be hashed again."""
        return kept.startswith(f"{_ORIGINAL}$") or self._hasher.check_needs_rehash(kept)


def _refusal(code: ErrorCode, **values: int) -> AccountError:
    return AccountError(code, field=AccountField.PASSWORD, **values)


def _bytes(password: str) -> bytes:
    # Lone surrogates can come in JSON or forms; they must fail, not crash.
    return password.encode("utf-8", "surrogatepass")


def _is_original(kept: str, password: str) -> bool:
    _, digest, salt = kept.split("$", 2)
    own = hashlib.sha256(_bytes(password) + bytes.fromhex(salt)).hexdigest()
    return hmac.compare_digest(own.encode(), digest.encode())
