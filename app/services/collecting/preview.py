"""What a check found: counts for each class, what will be left out and why, a few samples."""

from __future__ import annotations

import base64
import io
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from PIL import Image

from app.errors import ErrorCode
from app.services.pictures.labels import LABELS

__all__ = ["MOST_NAMED", "LeftOut", "Preview"]

_SAMPLES = 4  # of each class
_SAMPLE_SIDE = 56  # pixels
#: Files that are left out and named.
MOST_NAMED = 1000


@dataclass(frozen=True)
class LeftOut:
    """A file that is not imported, and why."""

    name: str
    code: ErrorCode
    values: Mapping[str, str | int] = field(default_factory=dict)

    def dump(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {"name": self.name, "code": self.code, "values": dict(self.values)}


@dataclass
class Preview:
    """What is counted during a check."""

    new: Counter[str] = field(default_factory=Counter)
    known: Counter[str] = field(default_factory=Counter)
    #: New pictures in which the network reads something else than their label.
    differing: int = 0
    left_out: list[LeftOut] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)
    samples: dict[str, list[str]] = field(default_factory=dict)

    def leave_out(self, name: str, code: ErrorCode, **values: str | int) -> None:
        """Count a file that is left out."""
        self.reasons[code] += 1
        if len(self.left_out) < MOST_NAMED:
            self.left_out.append(LeftOut(name, code, values))

    def accept(self, label: str, png: bytes, *, is_known: bool, differs: bool = False) -> None:
        """Count a picture that will be imported."""
        (self.known if is_known else self.new)[label] += 1
        self.differing += differs
        some = self.samples.setdefault(label, [])
        if len(some) < _SAMPLES:
            some.append(_thumbnail(png))

    @property
    def count(self) -> int:
        """Number of pictures that will be imported."""
        return self.new.total() + self.known.total()

    def dump(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {
            "classes": {
                label: {
                    "new": self.new[label],
                    "known": self.known[label],
                    "samples": self.samples.get(label, []),
                }
                for label in LABELS
                if self.new[label] or self.known[label]
            },
            "new": self.new.total(),
            "known": self.known.total(),
            "differing": self.differing,
            "left_out": [one.dump() for one in self.left_out],
            "reasons": dict(self.reasons),
        }


def _thumbnail(png: bytes) -> str:
    with Image.open(io.BytesIO(png)) as image:
        small = image.convert("RGB")
    small.thumbnail((_SAMPLE_SIDE, _SAMPLE_SIDE))
    file = io.BytesIO()
    small.save(file, "PNG")
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"
