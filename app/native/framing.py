"""Frames: the length as seven ASCII digits, then the payload."""

from __future__ import annotations

from dataclasses import dataclass

from app.native.errors import FramingError

__all__ = ["Frame", "FrameReader", "TooLarge", "encode_frame"]

_DIGITS = 7
_LARGEST = 10**_DIGITS - 1


@dataclass(frozen=True)
class Frame:
    """A whole frame's payload."""

    payload: bytes


@dataclass(frozen=True)
class TooLarge:
    """A frame whose payload was read and discarded."""

    size: int


def encode_frame(payload: bytes) -> bytes:
    """Prefix a payload with its length; raises ValueError if that exceeds seven digits."""
    if len(payload) > _LARGEST:
        raise ValueError(f"a frame holds at most {_LARGEST} bytes, got {len(payload)}")
    return b"%07d" % len(payload) + payload


class FrameReader:
    """Assembles frames from pieces of any size.

    A payload beyond `limit` is never stored: it is an error or, if `lenient`, discarded.
    """

    def __init__(self, limit: int, *, lenient: bool = False) -> None:
        self.limit = limit
        self.lenient = lenient
        #: Number of complete frames so far.
        self.count = 0
        self._head = b""
        self._size: int | None = None
        self._body = bytearray()
        self._skipped = 0

    @property
    def inside(self) -> bool:
        """Whether a frame is incomplete."""
        return bool(self._head) or self._size is not None

    @property
    def kept(self) -> int:
        """Bytes of memory that the incomplete frame needs."""
        return 0 if self._size is None or self._size > self.limit else self._size

    def feed(self, data: bytes) -> tuple[Frame | TooLarge | None, bytes]:
        """Add bytes; return the frame that they complete, if any, and the bytes after it.

        Raises FramingError if the length is not seven digits, or more than is allowed.
        """
        if self._size is None:
            data = self._feed_head(data)
            if self._size is None:
                return None, b""
        missing = self._size - len(self._body) - self._skipped
        piece, rest = data[:missing], data[missing:]
        if self._size > self.limit:
            self._skipped += len(piece)
        else:
            self._body += piece
        if len(piece) < missing:
            return None, b""
        frame = TooLarge(self._size) if self._size > self.limit else Frame(bytes(self._body))
        self._head, self._size, self._body, self._skipped = b"", None, bytearray(), 0
        self.count += 1
        return frame, rest

    def _feed_head(self, data: bytes) -> bytes:
        """Add the bytes that belong to the length, and return the rest."""
        missing = _DIGITS - len(self._head)
        self._head += data[:missing]
        # int() would also take signs, spaces, underscores and other scripts' digits.
        if self._head and not (self._head.isascii() and self._head.isdigit()):
            raise FramingError(f"{_DIGITS} digits expected, got {self._head!r}")
        if len(self._head) == _DIGITS:
            self._size = int(self._head)
            if self._size > self.limit and not self.lenient:
                raise FramingError(f"at most {self.limit} bytes expected, {self._size} announced")
        return data[missing:]
