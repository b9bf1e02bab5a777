"""The file of what an upload was found to hold: pictures that are ready to be stored."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import IO

from app.services.pictures.images import NewPicture

__all__ = ["Record", "read_records", "write_record"]

_LENGTHS = struct.Struct(">III")


@dataclass(frozen=True)
class Record:
    """A picture as it will be stored, its label, and what the network read in it.

    `model` is empty for one that was stored already when it was checked, and not read again.
    """

    name: str
    label: str
    writer: str | None
    sha256: str
    png: bytes
    #: Whether a generator made it.
    made: bool = False
    model: str = ""
    digit: int | None = None
    confidence: float | None = None
    probabilities: tuple[float, ...] | None = None
    pixels: bytes | None = None

    def with_reading(self, new: NewPicture) -> Record:
        """Return the record with what the network read."""
        return replace(
            self,
            model=new.model,
            digit=new.digit,
            confidence=new.confidence,
            probabilities=new.probabilities,
            pixels=new.pixels,
        )


def write_record(file: IO[bytes], record: Record) -> None:
    """Append a picture."""
    facts = {
        "name": record.name,
        "label": record.label,
        "writer": record.writer,
        "sha256": record.sha256,
        "made": record.made,
        "model": record.model,
        "digit": record.digit,
        "confidence": record.confidence,
        "probabilities": record.probabilities,
    }
    head = json.dumps(facts).encode()
    pixels = record.pixels or b""
    file.write(_LENGTHS.pack(len(head), len(record.png), len(pixels)))
    file.writelines((head, record.png, pixels))


def read_records(file: IO[bytes], *, skip: int = 0) -> Iterator[Record]:
    """Yield the pictures of a file, without the first ones."""
    while lengths := file.read(_LENGTHS.size):
        head, png, pixels = _LENGTHS.unpack(lengths)
        if skip:
            skip -= 1
            file.seek(head + png + pixels, 1)
            continue
        facts = json.loads(file.read(head))
        given = facts.pop("probabilities")
        yield Record(
            **facts,
            probabilities=None if given is None else tuple(given),
            png=file.read(png),
            pixels=file.read(pixels) or None,
        )
