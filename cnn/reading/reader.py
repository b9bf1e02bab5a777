"""Reading: a picture in, digits out, with how sure the network is, or why there are none."""

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
from cnn.models.sequential import Sequential
from cnn.reading.rejector import likeness
from cnn.vision.normalise import Digit, Normalised, Refusal, frame_digit, normalise
from cnn.vision.split import MOST_PIECES, Piece, may_be_several, split

__all__ = [
    "LEAST_CONFIDENCE",
    "ReadDigit",
    "Reading",
    "read",
    "read_all",
    "read_normalised",
    "read_pixels",
]

Array = npt.NDArray[Any]

#: Below this confidence the honest answer is that there is no digit.
LEAST_CONFIDENCE = 0.5

# What it weighs, beside what it reads, whether a piece of touching digits looks like one.
_ALIKE, _LEAST_ALIKE = 1.0, 1e-4

_LEFT_OUT = Refusal("runs_together", "rest_runs_together")


@dataclass(frozen=True)
class ReadDigit:
    """One digit and what the network says of it.

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
        What the network saw.
    """

    digit: int
    text: str
    confidence: float
    probabilities: tuple[float, ...]
    box: tuple[int, int, int, int]
    line: int
    pixels: Array


@dataclass(frozen=True)
class Reading:
    """What was read in a picture.

    Attributes
    ----------
    digits : tuple of ReadDigit
        In reading order; empty after a refusal.
    refusal : Refusal or None
        Why there is no digit.
    guess : ReadDigit or None
        The network's answer for the largest thing in the picture, be it a digit or not;
        None where there is nothing at all.
    left_out : Refusal or None
        Why the digits are only the first ones, where all would have taken too long.
    joined : frozenset of int
        Which of `Normalised.digits` were taken for several digits that touch.
    """

    digits: tuple[ReadDigit, ...]
    refusal: Refusal | None
    guess: ReadDigit | None
    left_out: Refusal | None = None
    joined: frozenset[int] = frozenset()

    @property
    def only(self) -> ReadDigit | None:
        """The digit, if the picture shows exactly one."""
        return self.digits[0] if len(self.digits) == 1 and self.left_out is None else None

    @property
    def text(self) -> str:
        """What the digits spell, with a new line for every new line of writing."""
        lines = groupby(self.digits, key=lambda digit: digit.line)
        return "\n".join("".join(item.text for item in line) for _, line in lines)


@dataclass(frozen=True)
class _Answers:
    """What the network says of a picture, before anything is refused.

    Where there was no room to cut all, `digits` are the first ones, and `unread` is, as if
    it were one digit, what could not be read to its end.
    """

    digits: tuple[ReadDigit, ...]
    unread: ReadDigit | None = None
    joined: frozenset[int] = frozenset()


def read(
    model: Model | Sequential, source: Image.Image | bytes | str | os.PathLike[str]
) -> Reading:
    """Read the digits in a picture.

    Parameters
    ----------
    model : Model or Sequential
        A model for digits; a bare network that takes (N, 1, 28, 28) and ends in softmax
        is one without a rejector.
    source : PIL.Image.Image, bytes or path
        See `cnn.vision.normalise.normalise`.

    Raises
    ------
    PictureError
        If it is no picture that can be opened.
    ValueError
        If the model is for something else.
    """
    return read_all(model, [source])[0]


def read_all(
    model: Model | Sequential, sources: Iterable[Image.Image | bytes | str | os.PathLike[str]]
) -> list[Reading]:
    """Read many pictures, as `read` does, but ask the network only once about all digits."""
    model = _for_digits(model)
    return read_normalised(model, [normalise(source) for source in sources])


def read_normalised(model: Model | Sequential, found: Sequence[Normalised]) -> list[Reading]:
    """Read pictures that are made ready, as `read_all` does."""
    model = _for_digits(model)
    digits = [digit for one in found for digit in one.digits]
    if not digits:
        return [Reading((), one.refusal, None) for one in found]
    answers = iter(model.predict(np.stack([digit.pixels for digit in digits])[:, None]))
    return [
        Reading((), one.refusal, None)
        if one.refusal is not None
        else _judge(model, _answers(model, one, list(islice(answers, len(one.digits)))))
        for one in found
    ]


def read_pixels(model: Model | Sequential, pixels: Array) -> Reading:
    """Read one picture that is already as MNIST's are.

    Parameters
    ----------
    model : Model or Sequential
        As for `read`.
    pixels : ndarray of float, (28, 28)
        White ink (1) on black (0).

    Raises
    ------
    ValueError
        If the shape is another, or the model is for something else.
    """
    model = _for_digits(model)
    height, width = model.input_shape[1:]
    if pixels.shape != (height, width):
        raise ValueError(f"expected pixels of shape {(height, width)}, got {pixels.shape}")
    if float(np.ptp(pixels)) < 0.06:
        return Reading((), Refusal("blank", "blank"), None)
    probabilities = model.predict(pixels[None, None].astype(np.float32))[0]
    return _judge(
        model, _Answers((_answer(model, probabilities, (0, 0, width, height), 0, pixels),))
    )


def _answers(model: Model, found: Normalised, probabilities: list[Array]) -> _Answers:
    """Say what the digits of a picture are, those that touch one another apart."""
    answers: list[ReadDigit] = []
    joined: set[int] = set()
    room = MOST_PIECES
    alone = len(found.digits) == 1
    for index, (row, digit) in enumerate(zip(probabilities, found.digits, strict=True)):
        answer = _answer(model, row, digit.box, digit.line, digit.pixels)
        _, _, width, height = digit.box
        if not may_be_several(width, height, answer.confidence, alone=alone):
            answers.append(answer)
            continue
        parts, asked, is_all = _split(model, digit, room)
        if not is_all or len(parts) > 1:
            joined.add(index)
        if not is_all:
            return _Answers((*answers, *parts), answer, frozenset(joined))
        room -= asked
        answers += parts or [answer]
    return _Answers(tuple(answers), None, frozenset(joined))


def _split(model: Model, digit: Digit, room: int) -> tuple[list[ReadDigit], int, bool]:
    """Read what may be several digits that touch, as one or as several.

    Returns beside them how many pieces were asked, and whether `room` was enough for all.
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
        read.append(_answer(model, probabilities, box, digit.line, seen))
    return read, len(asked), is_all


def _for_digits(model: Model | Sequential) -> Model:
    model = as_model(model)
    if model.normalisation != "digits":
        raise ValueError(
            f"the model {model.name!r} does not read digits: it takes inputs of {model.input_shape}"
        )
    return model


def _answer(
    model: Model, probabilities: Array, box: tuple[int, int, int, int], line: int, pixels: Array
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
    )


def _judge(model: Model, answers: _Answers) -> Reading:
    """Keep what is taken for digits; refuse where that is nothing, or hardly anything."""
    unread = answers.unread
    seen = answers.digits if unread is None else (*answers.digits, unread)
    guess = max(seen, key=lambda answer: answer.box[2] * answer.box[3])
    digits = tuple(answer for answer in answers.digits if answer.confidence >= LEAST_CONFIDENCE)
    # In a number one digit in an odd hand is kept if the others are plain.
    if digits and np.mean(_look_like_digits(model.rejector, digits)) >= 0.5:
        return Reading(digits, None, guess, _LEFT_OUT if unread else None, answers.joined)
    refusal = Refusal("not_a_digit", "runs_together" if unread else "something_else")
    return Reading((), refusal, guess, joined=answers.joined)


def _look_like_digits(rejector: Rejector | None, digits: tuple[ReadDigit, ...]) -> Array:
    """Say of each, (N,), whether it looks like a digit at all."""
    if rejector is None:
        return np.ones(len(digits), bool)
    pixels = np.stack([digit.pixels for digit in digits])
    confidence = np.array([digit.confidence for digit in digits])
    alike: Array = likeness(rejector.network, pixels, confidence) >= rejector.threshold
    return alike
