"""Deadlines by which a client must have sent what it began."""

from __future__ import annotations

from app.config import NativeLimits

__all__ = ["Deadlines"]


class Deadlines:
    """The deadlines of one connection; times are of one clock, in seconds."""

    def __init__(self, limits: NativeLimits, now: float) -> None:
        self._limits = limits
        self._begun = self._last = self._frame_begun = now
        self._frame: int | None = None

    @property
    def since(self) -> float:
        """When the open frame began or, without one, when the last bytes came."""
        return self._last if self._frame is None else self._frame_begun

    def see(self, frame: int | None) -> None:
        """Note which frame is open; called after each piece that arrives."""
        if frame != self._frame:
            self._frame, self._frame_begun = frame, self._last

    def excuse(self, begin: float, end: float) -> None:
        """Exclude a time during which the client waited for the server."""
        self._begun += end - begin
        self._frame_begun += end - begin
        self._last = end

    def next(self, *, ready: bool) -> float | None:
        """Return the next deadline, or None if there is none."""
        if not ready:
            return self._begun + self._limits.handshake
        if self._frame is None:
            return None
        # The deadline of the frame stays, however many bytes arrive.
        silent = self._last + self._limits.silence
        return min(silent, self._frame_begun + self._limits.frame)
