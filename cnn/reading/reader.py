"""The reader: from a picture to its digits with their confidence, or a refusal."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from cnn.models.model import Model, Rejector, as_model
from cnn.models.network import Network
from cnn.reading.rejector import likeness
from cnn.vision.dots import is_dot
from cnn.vision.normalise import (
    Digit,
    Normalised,
    Refusal,
    Stage,
    cut_stages,
    frame_digit,
    normalise,
)
from cnn.vision.split import MOST_PIECES, Piece, may_be_several, split

__all__ = [
    "LEAST_CONFIDENCE",
    "NEAR",
    "ReadDigit",
    "Reading",
    "read",
    "read_all",
    "read_all_pixels",
    "read_normalised",
    "read_pixels",
]

Array = npt.NDArray[Any]

#: Below this confidence an answer is refused.
LEAST_CONFIDENCE = 0.5
#: From this probability on, another digit is named beside the answer.
NEAR = 0.1

# Weight of the rejector beside the network in judging pieces of touching digits.
_ALIKE, _LEAST_ALIKE = 1.0, 1e-4

_BLANK = 0.06  # difference of lightest and darkest pixel below which nothing is there

_LEFT_OUT = Refusal("runs_together", "rest_runs_together")

# Of the tallest digit's height: a dot below it is a full stop, one above may be a filled zero.
_FULL_STOP = 0.5


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

    @property
    def alternatives(self) -> tuple[int, ...]:
        """The classes, by their places, that it may be as well: the likeliest first."""
        near = [c for c, p in enumerate(self.probabilities) if p >= NEAR and c != self.digit]
        return tuple(sorted(near, key=lambda c: -self.probabilities[c]))


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
    left_out : Refusal or None
        Why only the first digits are given, if all would have taken too long.
    """

    digits: tuple[ReadDigit, ...]
    refusal: Refusal | None
    guess: ReadDigit | None
    left_out: Refusal | None = None

    @property
    def only(self) -> ReadDigit | None:
        """The digit, if the picture shows exactly one."""
        return self.digits[0] if len(self.digits) == 1 and self.left_out is None else None

    @property
    def text(self) -> str:
        """The digits as text, with a line break for each line of writing."""
        lines = groupby(self.digits, key=lambda digit: digit.line)
        return "\n".join("".join(item.text for item in line) for _, line in lines)


@dataclass(frozen=True)
class _Answers:
    """The network's answers for a picture, before any refusal.

    If there were too many pieces, `digits` are the first ones, and `unread` is the answer for
    the component that could not be split to its end.
    """

    digits: tuple[ReadDigit, ...]
    unread: ReadDigit | None = None


def read(model: Model | Network, source: Image.Image | bytes | str | os.PathLike[str]) -> Reading:
    """Read the digits in a picture.

    Parameters
    ----------
    model : Model or Network
        A model for digits; a bare network that takes (N, 1, 28, 28) and ends in softmax
        is one without a rejector.
    source : PIL.Image.Image, bytes or path
        The picture, as for `cnn.vision.normalise.normalise`.

    Raises
    ------
    PictureError
        If it is no picture that can be opened.
    ValueError
        If the model is for something else.
    """
    return read_all(model, [source])[0]


def read_all(
    model: Model | Network, sources: Iterable[Image.Image | bytes | str | os.PathLike[str]]
) -> list[Reading]:
    """Read many pictures as `read` does, with one call of the network for all digits."""
    model = _for_digits(model)
    return read_normalised(model, [normalise(source, stages=False) for source in sources])


def read_normalised(model: Model | Network, found: Sequence[Normalised]) -> list[Reading]:
    """Read normalised pictures as `read_all` does."""
    model = _for_digits(model)
    digits = [digit for one in found for digit in one.digits]
    if not digits:
        return [Reading((), one.refusal, None) for one in found]
    answers = iter(model.predict(np.stack([digit.pixels for digit in digits])[:, None]))
    return _judge_all(
        model,
        [
            one.refusal or _answers(model, one, list(islice(answers, len(one.digits))))
            for one in found
        ],
    )


def read_pixels(model: Model | Network, pixels: Array) -> Reading:
    """Read one picture that is normalised already.

    Parameters
    ----------
    model : Model or Network
        As for `read`.
    pixels : ndarray of float, (28, 28)
        White ink (1) on black (0).

    Raises
    ------
    ValueError
        If the shape is another, or the model is for something else.
    """
    model = _for_digits(model)
    if pixels.shape != model.input_shape[1:]:
        raise ValueError(f"expected pixels of shape {model.input_shape[1:]}, got {pixels.shape}")
    return read_all_pixels(model, pixels[None])[0]


def read_all_pixels(model: Model | Network, pixels: Array) -> list[Reading]:
    """Read many pictures as `read_pixels` does, with one call of the network.

    Parameters
    ----------
    model : Model or Network
        As for `read`.
    pixels : ndarray of float, (N, 28, 28)
        White ink (1) on black (0).

    Raises
    ------
    ValueError
        As `read_pixels`.
    """
    model = _for_digits(model)
    height, width = model.input_shape[1:]
    if pixels.shape[1:] != (height, width):
        raise ValueError(f"expected pixels of shape (N, {height}, {width}), got {pixels.shape}")
    if not len(pixels):
        return []
    answers: list[_Answers | Refusal] = []
    predicted = model.predict(pixels[:, None].astype(np.float32))
    for one, row in zip(pixels, predicted, strict=True):
        blank = float(np.ptp(one)) < _BLANK
        read = _Answers((_answer(model, row, (0, 0, width, height), 0, one),))
        answers.append(Refusal("blank", "blank") if blank else read)
    return _judge_all(model, answers)


def _answers(model: Model, found: Normalised, probabilities: list[Array]) -> _Answers:
    """Return the digits of a picture, with touching ones split."""
    answers: list[ReadDigit] = []
    room = MOST_PIECES
    alone = len(found.digits) == 1
    for row, digit in zip(probabilities, found.digits, strict=True):
        answer = _answer(model, row, digit.box, digit.line, digit.pixels, stages=digit.stages)
        _, _, width, height = digit.box
        if not may_be_several(width, height, answer.confidence, alone=alone):
            answers.append(answer)
            continue
        parts, asked, is_all = _split(model, digit, room)
        if not is_all:
            return _Answers((*answers, *parts), answer)
        room -= asked
        answers += parts or [answer]
    return _Answers(tuple(answers))


def _split(model: Model, digit: Digit, room: int) -> tuple[list[ReadDigit], int, bool]:
    """Read a component that may be several touching digits, as one or as several.

    Returns also how many pieces were tried, and whether `room` was enough for all.
    """
    cut_out = digit.stages[0].image
    asked: dict[tuple[int, int], tuple[Array, Array]] = {}

    def judge(pieces: list[Piece]) -> Array:
        pixels = [frame_digit(piece.ink / np.float32(255))[1] for piece in pieces]
        batch = np.stack(pixels)[:, None]
        answers = model.predict(batch)
        for piece, seen, probabilities in zip(pieces, pixels, answers, strict=True):
            asked[piece.first, piece.last] = (seen, probabilities)
        sure: Array = np.log(answers.max(axis=1))
        if model.rejector is not None:
            alike = model.rejector.network.predict(batch)[:, 0]
            sure = sure + _ALIKE * np.log(np.maximum(alike, _LEAST_ALIKE))
        return sure

    left, top, width, height = digit.box
    across, down = width / cut_out.shape[1], height / cut_out.shape[0]
    pieces, is_all = split(cut_out, judge, most=room)
    read = []
    for piece in pieces:
        seen, probabilities = asked[piece.first, piece.last]
        box = (
            left + round(piece.left * across),
            top + round(piece.top * down),
            max(1, round(piece.ink.shape[1] * across)),
            max(1, round(piece.ink.shape[0] * down)),
        )
        stages, joined = cut_stages(piece.ink), len(pieces) > 1 or not is_all
        answer = _answer(model, probabilities, box, digit.line, seen, stages=stages, joined=joined)
        read.append(answer)
    return read, len(asked), is_all


def _for_digits(model: Model | Network) -> Model:
    model = as_model(model)
    if model.normalisation != "digits":
        raise ValueError(
            f"the model {model.name!r} does not read digits: it takes inputs of {model.input_shape}"
        )
    return model


def _answer(
    model: Model,
    probabilities: Array,
    box: tuple[int, int, int, int],
    line: int,
    pixels: Array,
    *,
    stages: tuple[Stage, ...] = (),
    joined: bool = False,
) -> ReadDigit:
    best = int(probabilities.argmax())
    return ReadDigit(
        best,
        model.classes[best],
        float(probabilities[best]),
        tuple(float(p) for p in probabilities),
        box,
        line,
        pixels,
        stages,
        joined,
    )


def _judge_all(model: Model, found: Sequence[_Answers | Refusal]) -> list[Reading]:
    """Drop dots and digits of low confidence; refuse the pictures where none or hardly any remain.

    The rejector is asked once for all of them.
    """
    marked = [() if isinstance(one, Refusal) else _drop_dots(one.digits) for one in found]
    written = [tuple(digit for digit, _ in some) for some in marked]
    sure = [tuple(one for one in some if one.confidence >= LEAST_CONFIDENCE) for some in written]
    # A dot, which may be a filled zero, speaks for none of the others: two that touch are no digit.
    clear = [
        [one for one, dot in some if not dot and one.confidence >= LEAST_CONFIDENCE]
        for some in marked
    ]
    alike = iter(_look_like_digits(model.rejector, [one for some in clear for one in some]))
    return [
        Reading((), one, None)
        if isinstance(one, Refusal)
        else _judge(one, some, digits, list(islice(alike, len(speaking))))
        for one, some, digits, speaking in zip(found, written, sure, clear, strict=True)
    ]


def _judge(
    answers: _Answers,
    written: tuple[ReadDigit, ...],
    digits: tuple[ReadDigit, ...],
    alike: list[bool],
) -> Reading:
    """Judge a picture by what is written on it, and by which digits but dots look like digits."""
    unread = answers.unread
    seen = answers.digits if unread is None else (*answers.digits, unread)
    guess = max(seen, key=lambda answer: answer.box[2] * answer.box[3])
    if answers.digits and not written and unread is None:
        return Reading((), Refusal("not_a_digit", "dots"), guess)
    mostly_dots = len(alike) < len(digits) / 2 and not unread
    # Zeros that are filled in stand in a line with other digits; dots lie anywhere.
    scattered = mostly_dots and len({one.line for one in digits}) > 1
    # In a number, a digit in an odd hand is kept if the others are clear.
    if alike and np.mean(alike) >= 0.5 and not scattered:
        return Reading(digits, None, guess, _LEFT_OUT if unread else None)
    if mostly_dots:
        return Reading((), Refusal("not_a_digit", "dots"), guess)
    refusal = Refusal("not_a_digit", "runs_together" if unread else "something_else")
    return Reading((), refusal, guess)


def _drop_dots(digits: tuple[ReadDigit, ...]) -> tuple[tuple[ReadDigit, bool], ...]:
    """Return the digits without dots; all are dots if nothing else is there.

    With each goes whether it is like a dot, and kept for its height.
    """
    marked = [(digit, is_dot(digit.pixels)) for digit in digits]
    heights = [digit.box[3] for digit, dot in marked if not dot]
    if not heights:
        return ()
    least = _FULL_STOP * max(heights)
    return tuple((digit, dot) for digit, dot in marked if not dot or digit.box[3] >= least)


def _look_like_digits(rejector: Rejector | None, digits: Sequence[ReadDigit]) -> Array:
    """Return for each digit, (N,), whether the rejector accepts it."""
    if rejector is None or not digits:
        return np.ones(len(digits), bool)
    pixels = np.stack([digit.pixels for digit in digits])
    confidence = np.array([digit.confidence for digit in digits])
    alike: Array = likeness(rejector.network, pixels, confidence) >= rejector.threshold
    return alike
