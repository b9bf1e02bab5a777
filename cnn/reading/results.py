"""What was read in a picture, before and after it was judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any, Literal, TypeAlias, TypedDict

import numpy.typing as npt

from cnn.vision.morphology import pen_width
from cnn.vision.normalise import Refusal, Stage
from cnn.vision.row_reading import InRow

__all__ = [
    "NEAR",
    "Answers",
    "Because",
    "LeftOut",
    "ReadDigit",
    "Reading",
    "WhyLeftOut",
    "answer_of",
]

Array = npt.NDArray[Any]

#: What decided between two readings that are near, see `cnn.reading.habits`.
Because: TypeAlias = Literal["crossed_seven_beside", "bare_one_beside", "own_habit"]

#: What is left out, or why: a sign that is known by its shape and place; something that holds
#: digits; a line; the printed lines of the paper; what is no digit, or unsure; what is much smaller
#: than the digits, pale, or at the edge of a photograph; what runs together, or what there was no
#: time for.
WhyLeftOut: TypeAlias = Literal[
    "point",
    "comma",
    "minus",
    "dot",
    "frame",
    "line",
    "ruling",
    "not_a_digit",
    "unsure",
    "small",
    "faint",
    "cut_off",
    "runs_together",
    "too_much",
]

_SIGNS: dict[WhyLeftOut, str] = {"point": ".", "minus": "-"}

#: From this probability on, another digit is named beside the answer.
NEAR = 0.1


class _Answer(TypedDict):
    digit: int
    text: str
    confidence: float
    probabilities: tuple[float, ...]


def answer_of(probabilities: Array, classes: Sequence[str]) -> _Answer:
    """Return what a `ReadDigit` says, by the probabilities of all classes, (10,)."""
    best = int(probabilities.argmax())
    return {
        "digit": best,
        "text": classes[best],
        "confidence": float(probabilities[best]),
        "probabilities": tuple(float(p) for p in probabilities),
    }


@dataclass(frozen=True)
class ReadDigit:
    """One digit and the network's answer.

    Attributes
    ----------
    digit : int
        The likeliest class, by its place among the model's.
    text : str
        That class's name, "0" to "9".
    confidence : float
        Its probability.
    probabilities : tuple of float
        Of all classes.
    box : (int, int, int, int)
        Left, top, width, height in pixels of the picture, upright.
    line : int
        The line of writing that it stands on, from 0.
    pixels : ndarray of float32, (28, 28)
        The network's input.
    stages : tuple of Stage
        Cut out, scaled, centred; empty for pixels that were normalised already.
    joined : bool
        Whether it was cut from others that touch it.
    in_row : InRow or None
        What the row network says that stands there; None if it was not asked.
    in_context : float or None
        The log-odds that it is a digit to the network that sees it among the others; None where
        none is near, or it was not asked.
    because : str or None
        How the writer's habits decided between two readings; None if nothing was to be decided
        by them. Digit and probabilities are those after it.
    likeness : float or None
        How much it looks like a digit, see `cnn.reading.rejector.likeness`; None if the rejector
        was not asked.
    """

    digit: int
    text: str
    confidence: float
    probabilities: tuple[float, ...]
    box: tuple[int, int, int, int]
    line: int
    pixels: Array
    stages: tuple[Stage, ...] = ()
    joined: bool = False
    in_row: InRow | None = None
    in_context: float | None = None
    because: Because | None = None
    likeness: float | None = None

    @cached_property
    def pen(self) -> float:
        """The width of its strokes in pixels of the picture."""
        ink = self.stages[0].image if self.stages else self.pixels
        return float(pen_width(ink > 0.5 * ink.max()) * self.box[3] / ink.shape[0])

    @property
    def alternatives(self) -> tuple[int, ...]:
        """The classes, by their places, that it may be as well: the likeliest first."""
        near = [c for c, p in enumerate(self.probabilities) if p >= NEAR and c != self.digit]
        return tuple(sorted(near, key=lambda c: -self.probabilities[c]))


@dataclass(frozen=True)
class LeftOut:
    """Something that was seen and not read.

    Attributes
    ----------
    box : (int, int, int, int)
        Left, top, width, height in pixels of the picture, upright.
    why : str
        What it is, or why it was not read.
    before : int or None
        For a point or a minus that is certain: the place, among the digits, of the one that
        follows.
    """

    box: tuple[int, int, int, int]
    why: WhyLeftOut
    before: int | None = None


@dataclass(frozen=True)
class Reading:
    """The answer for a picture.

    Attributes
    ----------
    digits : tuple of ReadDigit
        In reading order; empty after a refusal.
    refusal : Refusal or None
        Why no digit is given.
    guess : ReadDigit or None
        The network's answer for the largest candidate, digit or not; None if there is no
        candidate.
    unfinished : Refusal or None
        Why only the first digits are given, if all would have taken too long.
    left_out : tuple of LeftOut
        What was seen beside the digits and not read; empty after a refusal.
    """

    digits: tuple[ReadDigit, ...]
    refusal: Refusal | None
    guess: ReadDigit | None
    unfinished: Refusal | None = None
    left_out: tuple[LeftOut, ...] = ()

    @property
    def only(self) -> ReadDigit | None:
        """The digit, if the picture shows exactly one."""
        return self.digits[0] if len(self.digits) == 1 and self.unfinished is None else None

    @property
    def text(self) -> str:
        """The digits as text, with a line break for each line of writing."""
        lines = groupby(self.digits, key=lambda digit: digit.line)
        return "\n".join("".join(item.text for item in line) for _, line in lines)

    @property
    def text_with_signs(self) -> str:
        """The same with the points and minus signs that are certain: "5.99", "-3"."""
        signs = {one.before: _SIGNS[one.why] for one in self.left_out if one.before is not None}
        lines = groupby(enumerate(self.digits), key=lambda item: item[1].line)
        return "\n".join(
            "".join(signs.get(place, "") + item.text for place, item in line) for _, line in lines
        )


@dataclass(frozen=True)
class Answers:
    """The network's answers for a picture, before any refusal.

    If there were too many pieces, `digits` are the first ones, and `unread` is the answer for
    the component that could not be split to its end.
    """

    digits: tuple[ReadDigit, ...]
    unread: ReadDigit | None = None
