"""Sifting: what speaks against digits that were read where a page map was asked.

A map, the rejector, and the digits beside it: the sides of boxes, slashes, brackets and plus signs
look like a 1, but are thinner, more slender, or of another height.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from cnn.reading.results import LeftOut, ReadDigit, Reading
from cnn.vision.normalise import Refusal
from cnn.vision.page_map import PageMap

__all__ = ["sift"]

_DISAGREEMENT = 0.2  # recall × precision of a reading below which there are no digits
_LEAST_SIDE = 60  # pixels of a picture: in smaller ones a map hardly sees digits under noise
_LEAST_ODDS = -0.75  # log-odds that something is a digit: below, it is left out
_BESIDE = 4  # digits that are nearest: something is compared with them

# Bounds of what is said: a map that is wrong, or a rejector that is sure, does not decide alone.
_SHARE, _LIKENESS, _HEIGHT, _PEN, _SLENDER = -0.3, (-6.0, 10.0), 1.0, -1.2, (-1.2, 0.12)


@dataclass(frozen=True)
class _Weights:
    """What counts, as log-odds: the map's and the rejector's word, height, pen, and slenderness.

    Fitted by logistic regression to 3,850 digits, read rightly or wrongly on made pages.
    """

    base: float
    share: float
    likeness: float
    height: float
    pen: float
    slender: float


_ONE = _Weights(-1.0, 1.6, 0.2, -4.0, 1.8, 6.25)
_OTHER = _Weights(1.4, 1.4, 0.31, -4.3, 2.3, 0.0)


def sift(reading: Reading, page: PageMap, size: tuple[int, int]) -> Reading:
    """Leave out of a reading what is a line, a sign or a letter rather than a digit.

    It is refused if the picture is not small, and the map sees digits hardly anywhere where they
    were read.

    Parameters
    ----------
    reading : Reading
        What was read.
    page : PageMap
        The map of the picture.
    size : (int, int)
        Width and height of the picture, of which the digits' boxes are.
    """
    told = [(one, _odds(one, reading.digits, page, size) < _LEAST_ODDS) for one in reading.digits]
    if len({strange for _, strange in told}) > 1:
        out = (LeftOut(one.box, "not_a_digit") for one, strange in told if strange)
        digits = tuple(one for one, strange in told if not strange)
        reading = replace(reading, digits=digits, left_out=(*reading.left_out, *out))
    if reading.digits and min(size) >= _LEAST_SIDE:
        recall, precision = page.agreement([digit.box for digit in reading.digits], size)
        if recall * precision < _DISAGREEMENT:
            return Reading((), Refusal("not_a_digit", "something_else"), reading.guess)
    return reading


def _odds(
    digit: ReadDigit, digits: Sequence[ReadDigit], page: PageMap, size: tuple[int, int]
) -> float:
    """Return the log-odds that it is a digit: infinity where nothing can speak against it."""
    if len(digits) < 2 or digit.likeness is None or not digit.stages:
        return float("inf")
    weights = _ONE if digit.digit == 1 else _OTHER
    share = page.share_of_digit(digit.box, size, digit.stages[0].image)
    odds = weights.base
    odds += weights.share * max(_SHARE, float(np.log((share + 0.05) / (1.05 - share))))
    odds += weights.likeness * float(np.clip(digit.likeness, *_LIKENESS))
    bound, slender = _SLENDER
    shape = digit.box[2] / digit.box[3]
    odds += weights.slender * float(np.clip(np.log(shape / slender), bound, 0))
    beside = _nearest(digit, [one for one in digits if one is not digit and one.digit != 1])
    if beside:
        taller = np.log(digit.box[3] / np.median([one.box[3] for one in beside]))
        thicker = np.log(digit.pen / np.median([one.pen for one in beside]))
        odds += weights.height * min(abs(float(taller)), _HEIGHT)
        odds += weights.pen * float(np.clip(thicker, _PEN, 0))
    return odds


def _nearest(digit: ReadDigit, others: Sequence[ReadDigit]) -> list[ReadDigit]:
    left, top = digit.box[:2]
    away = sorted(others, key=lambda one: abs(one.box[0] - left) + abs(one.box[1] - top))
    return away[:_BESIDE]
