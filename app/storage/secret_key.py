"""The secret key that signs sessions, created once and atomically."""

from __future__ import annotations

import secrets
from contextlib import suppress
from pathlib import Path

from app.errors import StartError
from cnn.files import write_atomically

__all__ = ["SecretKey"]

_SHORTEST = 32


class SecretKey:
    """The file with the key; it is neither read nor created before the first use."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._key: str | None = None

    def get(self) -> str:
        """Return the key, creating it if there is none; raises StartError."""
        if self._key is None:
            try:
                self._key = self._read()
            except FileNotFoundError:
                self._make()
                # Another process may have been first: what lies there is everybody's.
                self._key = self._read()
        return self._key

    def _read(self) -> str:
        try:
            key = self._path.read_text("utf-8").strip()
        except FileNotFoundError:
            raise
        except ValueError:
            key = ""
        except OSError as error:
            raise StartError(
                f"the secret key {self._path} cannot be read: {error.strerror}. "
                "Let the program read it, or move it away, and a new one is made."
            ) from error
        if len(key) < _SHORTEST or not key.isprintable():
            raise StartError(
                f"{self._path} holds no secret key. Delete it, and a new one is made; "
                "then everybody logs in again."
            )
        return key

    def _make(self) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            key = secrets.token_hex(32).encode()
            with suppress(FileExistsError):  # another process has been first
                write_atomically(self._path, key, overwrite=False, mode=0o600, prefix=".secret-")
        except OSError as error:
            raise StartError(
                f"cannot write the secret key {self._path}: {error.strerror}. Make room or let "
                "the program write there, or name another folder with DIGITNET_INSTANCE_PATH."
            ) from error
