"""Messages: a four-letter code and fields, as text that is encrypted later."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

from app.native.errors import PayloadError

__all__ = ["Message", "decode_message", "encode_message"]

_SEPARATOR = b"~"


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
    """Read what `encode_message` wrote; raises PayloadError for anything else."""
    try:
        code, *fields = (
            binascii.a2b_base64(part, strict_mode=True) for part in text.split(_SEPARATOR)
        )
        name = code.decode("ascii")
    except (binascii.Error, ValueError) as error:
        raise PayloadError("the text is no message") from error
    if len(name) != 4:
        raise PayloadError("a code has four letters")
    return Message(name, tuple(fields))
