"""When a client must have sent what it began."""

from __future__ import annotations

from app.config import NativeLimits

__all__ = ["Deadlines"]


class Deadlines:
    """One connection's; all moments are those of one clock, in seconds."""

    def __init__(self, limits: NativeLimits, now: float) -> None:
        self._limits = limits
        self._begun = self._last = self._frame_begun = now
        self._frame: int | None = None

    @property
    def since(self) -> float:
        """When the open frame began, or else the last bytes came."""
        return self._last if self._frame is None else self._frame_begun

    def see(self, frame: int | None) -> None:
        """Hear which frame is open, after each piece that came."""
        if frame != self._frame:
            self._frame, self._frame_begun = frame, self._last

    def excuse(self, begin: float, end: float) -> None:
        """Count a time that the client was kept waiting as none."""
        self._begun += end - begin
        self._frame_begun += end - begin
        self._last = end

    def next(self, *, ready: bool) -> float | None:
        """Return until when more must come; None: whenever the client likes."""
        if not ready:
            return self._begun + self._limits.handshake
        if self._frame is None:
            return None
        # Bytes that keep coming do not put the end off.
        silent = self._last + self._limits.silence
        return min(silent, self._frame_begun + self._limits.frame)
