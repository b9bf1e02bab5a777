"""The key that signs sessions: made once, whole or not at all, and kept."""

from __future__ import annotations

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

from app.errors import StartError

__all__ = ["SecretKey"]

_SHORTEST = 32


class SecretKey:
    """The file that holds the key; nothing is read or made before it is asked for."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._key: str | None = None

    def get(self) -> str:
        """Return the key, made if there is none yet; raises StartError."""
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
        folder = self._path.parent
        try:
            folder.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=folder, prefix=".secret-")
            try:
                with os.fdopen(handle, "w") as file:
                    file.write(secrets.token_hex(32))
                    file.flush()
                    os.fsync(file.fileno())
                self._publish(Path(name))
            finally:
                with suppress(FileNotFoundError):
                    os.unlink(name)
        except OSError as error:
            raise StartError(
                f"cannot write the secret key {self._path}: {error.strerror}. Make room or let "
                "the program write there, or name another folder with DIGITNET_INSTANCE_PATH."
            ) from error

    def _publish(self, made: Path) -> None:
        """Give the file its name, unless another process has been first."""
        try:
            os.link(made, self._path)
        except FileExistsError:
            return
        except OSError:
            # A file system without links. Windows does not rename over what is there.
            with suppress(FileExistsError):
                made.rename(self._path)
