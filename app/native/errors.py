"""Errors of the other side."""

from __future__ import annotations

from app.errors import DigitNetError

__all__ = ["FramingError", "HandshakeError", "PayloadError", "ProtocolError"]


class ProtocolError(DigitNetError):
    """The other side broke the protocol; the connection is closed."""


class FramingError(ProtocolError):
    """The length of a frame is not seven digits."""


class HandshakeError(ProtocolError):
    """A session key that cannot be decrypted or was used before, or a wrong size."""


class PayloadError(ProtocolError):
    """A payload that cannot be decrypted, unpadded or decoded; the client is not told which."""
