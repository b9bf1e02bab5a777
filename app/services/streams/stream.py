"""What is known of a stream, and what was read in its newest frame."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from cnn.reading.reader import ReadDigit, Reading

__all__ = ["Kind", "Mark", "Seen", "Stream"]

Kind = Literal["browser", "native"]

_WINDOW = 3.0  # seconds whose answers make the rate
_MOST_TIMES = 64  # answers in that window, at most


@dataclass(frozen=True)
class Mark:
    """One digit in a frame: its box (left, top, width, height) in pixels, upright."""

    box: tuple[int, int, int, int]
    text: str
    confidence: float


@dataclass(frozen=True)
class Seen:
    """What was read in a frame: the text, or "", how sure, and where each digit is."""

    text: str
    confidence: float | None
    marks: tuple[Mark, ...] = ()
    #: The digit as the network saw it, for walls: uint8 (28, 28), white ink on black, in base64.
    ink: str = ""

    @classmethod
    def digits(cls, reading: Reading, *, with_ink: bool = False) -> Seen:
        """Return the digits that were read, as sure as the least sure of them.

        With ink, what the network saw of the largest, or of what was refused, is there too.
        """
        marks = tuple(Mark(one.box, one.text, one.confidence) for one in reading.digits)
        sure = min((one.confidence for one in marks), default=None)
        largest = max(reading.digits, key=_size, default=reading.guess) if with_ink else None
        return cls(reading.text, sure, marks, "" if largest is None else _ink(largest))


@dataclass(frozen=True)
class Stream:
    """A client, as of its newest frame; times in seconds of the epoch."""

    id: str
    name: str
    kind: Kind
    since: float
    seen: Seen = Seen("", None)
    #: From a frame to its answer, as the client measured it; None if it does not say.
    latency_ms: float | None = None
    #: Frames that the client did not send, or that were not answered, because of the server.
    dropped: int = 0
    #: When the last frames were answered.
    times: tuple[float, ...] = field(default=())
    #: When its newest frame was kept; None if there is none, as nobody looks.
    frame_at: float | None = None
    #: The id of the wall that it takes part in.
    wall: str | None = None

    @property
    def last(self) -> float:
        """When it was heard last."""
        return self.times[-1] if self.times else self.since

    @property
    def frames_per_second(self) -> float:
        """How many frames a second were answered lately."""
        span = self.last - self.times[0] if self.times else 0.0
        return (len(self.times) - 1) / span if span > 0 else 0.0

    def times_with(self, now: float) -> tuple[float, ...]:
        """Return the times of the last frames, with one that is answered now."""
        recent = (time for time in self.times if now - _WINDOW < time <= now)
        return (*recent, now)[-_MOST_TIMES:]

    def to_json(self) -> str:
        """Return all of it as JSON, for other processes."""
        # What `dataclasses.asdict` does with a copy of each value, several times as fast.
        marks = [vars(mark) for mark in self.seen.marks]
        return json.dumps(vars(self) | {"seen": vars(self.seen) | {"marks": marks}})

    @classmethod
    def from_json(cls, text: str | bytes) -> Stream:
        """Return what `to_json` gave."""
        given = json.loads(text)
        seen = given.pop("seen")
        marks = tuple(Mark(tuple(one.pop("box")), **one) for one in seen.pop("marks"))
        times = tuple(given.pop("times"))
        return cls(**given, times=times, seen=Seen(**seen, marks=marks))


def _size(digit: ReadDigit) -> int:
    return digit.box[2] * digit.box[3]


def _ink(digit: ReadDigit) -> str:
    levels = np.rint(255 * np.clip(digit.pixels, 0, 1)).astype(np.uint8)
    return base64.b64encode(levels.tobytes()).decode()
