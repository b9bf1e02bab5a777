"""Messages: a four-letter code and fields, as the text that is encrypted."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

from app.native.errors import PayloadError

__all__ = ["Message", "decode_message", "encode_message"]

_SEPARATOR = b"~"
_MOST_FIELDS = 4  # RILF has the most

_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
#: Maps every letter of base64 to A, and every character that is invalid to an exclamation mark.
_SHAPES = bytes(
    ord("A") if byte in _LETTERS else byte if byte in b"=~" else ord("!") for byte in range(256)
)


@dataclass(frozen=True)
class Message:
    """A code and its fields; text is UTF-8, numbers are decimal text."""

    code: str
    fields: tuple[bytes, ...] = ()

    @classmethod
    def of(cls, code: str, *fields: str | bytes | int) -> Message:
        """Make a message of texts, bytes and numbers."""
        return cls(code, tuple(f if isinstance(f, bytes) else str(f).encode() for f in fields))


def encode_message(message: Message) -> bytes:
    """Return a message's text: all in base64, the code first, with ~ between."""
    parts = (message.code.encode("ascii"), *message.fields)
    return _SEPARATOR.join(base64.b64encode(part) for part in parts)


def decode_message(text: bytes) -> Message:
    """Read what `encode_message` wrote; raises PayloadError for anything else.

    Of fields beyond the most that any message has, one is kept, empty.
    """
    parts = text.split(_SEPARATOR, 1 + _MOST_FIELDS)
    if len(parts) > 1 + _MOST_FIELDS:
        # Decoding a million fields would take a second, for a message that is invalid anyway.
        _check_fields(parts.pop())
        parts.append(b"")
    try:
        code, *fields = (binascii.a2b_base64(part, strict_mode=True) for part in parts)
        name = code.decode("ascii")
    except (binascii.Error, ValueError) as error:
        raise PayloadError("the text is no message") from error
    if len(name) != 4:
        raise PayloadError("a code has four letters")
    return Message(name, tuple(fields))


def _check_fields(text: bytes) -> None:
    """Raise PayloadError unless all fields are base64, however many they are."""
    shapes = text.translate(_SHAPES)
    wrong = b"!" in shapes or b"=A" in shapes
    # Remove the last group of each field, with its padding; nothing may be left.
    for group in (b"AAAA", b"AA==", b"AAA="):
        shapes = shapes.replace(group, b"")
    if wrong or shapes.strip(_SEPARATOR):
        raise PayloadError("the text is no message")
