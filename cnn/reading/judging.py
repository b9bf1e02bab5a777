"""Which of the digits that a network sees are given as the answer, and what is refused."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt

from cnn.models.model import Model, Rejector
from cnn.reading.rejector import likeness
from cnn.reading.results import Answers, ReadDigit, Reading
from cnn.vision.dots import is_dot
from cnn.vision.normalise import Refusal

__all__ = ["LEAST_CONFIDENCE", "judge_all"]

Array = npt.NDArray[Any]

#: Below this confidence an answer is refused.
LEAST_CONFIDENCE = 0.5

# Beside others, what the rejector refuses is kept from this confidence on.
_ODD_HAND = 0.8

_LEFT_OUT = Refusal("runs_together", "rest_runs_together")

# Of the tallest digit's height: a dot below it is a full stop, one above may be a filled zero.
_FULL_STOP = 0.5


def judge_all(model: Model, found: Sequence[Answers | Refusal]) -> list[Reading]:
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
        else _judge(one, some, digits, speaking, list(islice(alike, len(speaking))))
        for one, some, digits, speaking in zip(found, written, sure, clear, strict=True)
    ]


def _judge(
    answers: Answers,
    written: tuple[ReadDigit, ...],
    digits: tuple[ReadDigit, ...],
    speaking: list[ReadDigit],
    alike: list[bool],
) -> Reading:
    """Judge a picture by what is written on it: `speaking`, all but dots, `alike` or not."""
    unread = answers.unread
    seen = answers.digits if unread is None else (*answers.digits, unread)
    guess = max(seen, key=lambda answer: answer.box[2] * answer.box[3])
    if answers.digits and not written and unread is None:
        return Reading((), Refusal("not_a_digit", "dots"), guess)
    mostly_dots = len(alike) < len(digits) / 2 and not unread
    # Zeros that are filled in stand in a line with other digits; dots lie anywhere.
    scattered = mostly_dots and len({one.line for one in digits}) > 1
    # In a number, a digit in an odd hand is kept if the others are clear, and it is, too.
    if alike and np.mean(alike) >= 0.5 and not scattered:
        doubtful = [
            one
            for one, fine in zip(speaking, alike, strict=True)
            if not fine and one.confidence < _ODD_HAND
        ]
        kept = tuple(one for one in digits if not any(one is other for other in doubtful))
        return Reading(kept, None, guess, _LEFT_OUT if unread else None)
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
