"""What the other side can do wrong."""

from __future__ import annotations

from app.errors import DigitNetError

__all__ = ["FramingError", "HandshakeError", "PayloadError", "ProtocolError"]


class ProtocolError(DigitNetError):
    """The other side broke the protocol: the connection ends."""


class FramingError(ProtocolError):
    """Seven digits were expected, and something else came."""


class HandshakeError(ProtocolError):
    """A key that cannot be decrypted or was used before, or a size that cannot be."""


class PayloadError(ProtocolError):
    """A payload that does not decrypt, unpad or decode; nobody is told which."""
