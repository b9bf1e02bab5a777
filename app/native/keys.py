"""The server's RSA key, renewed from time to time."""

from __future__ import annotations

import threading

from app.native.crypto import ServerKey

__all__ = ["KeyRing"]

_HANDSHAKES = 100_000  # for which one key is used


class KeyRing:
    """Provides the server's key, and renews it after a number of handshakes."""

    def __init__(self, *, handshakes: int = _HANDSHAKES) -> None:
        self._current = ServerKey.generate()
        self._limit = handshakes
        self._given = 0
        self._lock = threading.Lock()
        self._renewing = False

    def current(self) -> ServerKey:
        """Return the key for one more handshake."""
        with self._lock:
            self._given += 1
            if self._given >= self._limit and not self._renewing:
                self._renewing = True
                # Handshakes use the old key for the second or two that this takes.
                threading.Thread(target=self._renew, name="native-key", daemon=True).start()
            return self._current

    def _renew(self) -> None:
        fresh = ServerKey.generate()
        with self._lock:
            self._current, self._given, self._renewing = fresh, 0, False
