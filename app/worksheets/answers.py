"""Reading answers with the network, and how certain each reading is.

What is expected is not known here: it cannot change what is read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from app.worksheets.doubts import Doubt
from app.worksheets.ink import AnswerInk
from cnn.models.model import Model
from cnn.reading.rejector import likeness
from cnn.vision.dots import is_dot
from cnn.vision.framing import frame_digit
from cnn.vision.morphology import slide
from cnn.vision.segment import Glyph, find_glyphs

__all__ = ["ReadAnswer", "read_answers"]

Array = npt.NDArray[Any]

# Log-odds that a digit is read rightly: by those of its probability, the mean of its views; by how
# far the rejector is above its threshold, up to a bound; and by what it is read as, since a 1 with
# a flag is often read as a 7. Fitted by logistic regression to 23,294 digits of made pages, of
# which 118 were misread.
_BASE, _MEAN, _LIKENESS = -0.54, 1.12, 0.09
_READ_AS = {"1": 0.75, "7": -2.44}
_SURE = 2.6  # log-odds from which on a reading is certain
_HIGHEST = 1e-4  # from 1: no probability counts for more
_ALIKE, _CLEARLY = 1.0, 8.0  # above the rejector's threshold: log-odds that it is a digit, or clear
_TURNS = (-8, 8)  # degrees
_WIDE, _WIDEST = 1.25, 2.3  # width by height: what is wider may be, and is, two that touch
_WIDE_ALIKE = 4.0  # of what is wide
_OVERLAP = 0.6  # of the narrower one's width: two that are one digit, one above the other
_LOWEST = 0.35  # of the tallest digit's height: what is lower is none
_LEFT_OUT = 0.04  # of the ink: more was left out of the digits
_APART = 0.55  # of a digit's height: two strokes beside each other that both reach so far


@dataclass(frozen=True)
class ReadAnswer:
    """What was read in an answer's boxes.

    Attributes
    ----------
    text : str
        Its digits; empty if there are none.
    confidence : float
        Probability that it is right, as far as the network can tell: the product of its digits'.
    doubts : frozenset of Doubt
        Why a person must look at it; empty if the reading may count without.
    """

    text: str
    confidence: float
    doubts: frozenset[Doubt] = frozenset()


@dataclass(frozen=True, eq=False)
class _Writing:
    """The digits of an answer.

    Attributes
    ----------
    digits : tuple of ndarray of float, (28, 28)
        As inputs of the network.
    wide : tuple of bool
        Which of them are as wide as two that touch.
    doubts : frozenset of Doubt
        What speaks against them, before they are read.
    """

    digits: tuple[Array, ...]
    wide: tuple[bool, ...]
    doubts: frozenset[Doubt]


def read_answers(model: Model, inks: Sequence[AnswerInk]) -> list[ReadAnswer]:
    """Read the answers of a page, with one call of the network for each way of looking at them."""
    written = [_writing(ink) for ink in inks]
    pixels = [digit for one in written for digit in one.digits]
    if not pixels:
        return [_blank(one) for one in written]
    seen = _look(model, np.stack(pixels))
    answers, start = [], 0
    for one in written:
        stop = start + len(one.digits)
        answers.append(
            _answer(model, one, [part[start:stop] for part in seen]) if one.digits else _blank(one)
        )
        start = stop
    return answers


def _blank(one: _Writing) -> ReadAnswer:
    return ReadAnswer("", 0.0 if one.doubts else 1.0, one.doubts)


def _answer(model: Model, one: _Writing, seen: list[Array]) -> ReadAnswer:
    probabilities, alike = seen
    read = [model.classes[digit] for digit in probabilities.argmax(axis=1)]
    highest = probabilities.max(axis=1)
    doubts = set(one.doubts)
    if (_odds_of(read, highest, alike) < _SURE).any():
        doubts.add("unsure")
    if (alike < np.where(one.wide, _WIDE_ALIKE, _ALIKE)).any():
        doubts.add("unlike")
    return ReadAnswer("".join(read), float(np.prod(highest)), frozenset(doubts))


def _odds_of(read: Sequence[str], highest: Array, alike: Array) -> Array:
    """Return the log-odds that digits are read rightly, (N,)."""
    kept = np.clip(highest, _HIGHEST, 1 - _HIGHEST)
    likeness = np.minimum(alike, _CLEARLY)
    own = np.array([_READ_AS.get(digit, 0.0) for digit in read])
    odds: Array = _BASE + _MEAN * np.log(kept / (1 - kept)) + _LIKENESS * likeness + own
    return odds


def _look(model: Model, pixels: Array) -> list[Array]:
    """Look at digits, (N, 28, 28), in several ways.

    Returns
    -------
    probabilities : ndarray of float, (N, 10)
        The mean over the views.
    alike : ndarray of float, (N,)
        How far the rejector is above its threshold.
    """
    views = [pixels, *(_turned(pixels, degrees) for degrees in _TURNS), _thicker(pixels)]
    answers = model.predict(np.concatenate(views)[:, None].astype(np.float32))
    each = answers.reshape(len(views), len(pixels), -1)
    if model.rejector is None:
        alike = np.full(len(pixels), np.inf)
    else:
        confidence = each[0].max(axis=1)
        alike = likeness(model.rejector.network, pixels, confidence) - model.rejector.threshold
    return [each.mean(axis=0), alike]


def _turned(pixels: Array, degrees: float) -> Array:
    bilinear = Image.Resampling.BILINEAR
    turned: Array = np.stack(
        [np.asarray(Image.fromarray(one).rotate(degrees, bilinear)) for one in pixels]
    )
    return turned


def _thicker(pixels: Array) -> Array:
    thick: Array = np.stack(
        [slide(slide(one, 3, np.maximum, axis=0), 3, np.maximum, axis=1) for one in pixels]
    )
    return (pixels + thick) / 2


def _writing(ink: AnswerInk) -> _Writing:
    if len(ink.boxes) == 1:
        return _number(ink)
    filled = [place for place, box in enumerate(ink.boxes) if box.size]
    # Between two digits no box is left free.
    doubts = set(ink.doubts)
    if filled and filled[-1] - filled[0] + 1 > len(filled):
        doubts.add("gap")
    digits = []
    for place in filled:
        pixels = frame_digit(ink.boxes[place])[1]
        if is_dot(pixels):
            doubts.add("dot")
        if _is_two(ink.boxes[place]):
            doubts.add("two")
        digits.append(pixels)
    wide = tuple(_width(ink.boxes[place]) > _WIDE for place in filled)
    return _Writing(tuple(digits), wide, frozenset(doubts))


def _width(ink: Array) -> float:
    height, width = ink.shape
    return float(width / height)


def _number(ink: AnswerInk) -> _Writing:
    """Return the digits of a box for a whole number."""
    (box,) = ink.boxes
    if not box.size:
        return _Writing((), (), ink.doubts)
    padded = np.pad(box, 3)
    glyphs, components, _ = find_glyphs(padded > 0.3, padded, photograph=False, small=False)
    groups = _above_each_other(glyphs)
    doubts = set(ink.doubts)
    if not groups:
        doubts.add("left out")
    left_out = int(components.area.sum())
    digits, wide = [], []
    for parts in groups:
        boxes = components.boxes[list(parts)]
        left, top = boxes[:, :2].min(axis=0)
        right, bottom = boxes[:, 2:].max(axis=0)
        rows, columns = slice(int(top), int(bottom)), slice(int(left), int(right))
        own = components.draw(np.array(parts), rows, columns)
        digit = np.where(own, padded[rows, columns], 0)
        pixels = frame_digit(digit)[1]
        if _is_two(digit):
            doubts.add("two")
        if is_dot(pixels) or len(digit) <= _LOWEST * len(box):
            doubts.add("dot")
        left_out -= int(components.area[list(parts)].sum())
        digits.append(pixels)
        wide.append(_width(digit) > _WIDE)
    # What was left out of all digits is no dust: that was dropped before.
    if left_out > _LEFT_OUT * (box > 0.3).sum():
        doubts.add("left out")
    return _Writing(tuple(digits), tuple(wide), frozenset(doubts))


def _above_each_other(glyphs: Sequence[Glyph]) -> list[tuple[int, ...]]:
    """Return the parts of each digit from the left: a box has one line, and digits one place."""
    groups: list[tuple[int, int, tuple[int, ...]]] = []
    for glyph in sorted(glyphs, key=lambda one: one.box[0]):
        left, _, right, _ = glyph.box
        parts = tuple(glyph.parts)
        if groups:
            start, end, before = groups[-1]
            if end - left > _OVERLAP * min(end - start, right - left):
                groups[-1] = (start, max(end, right), (*before, *parts))
                continue
        groups.append((left, right, parts))
    return [parts for _, _, parts in groups]


def _is_two(box: Array) -> bool:
    """Say whether the ink of one digit may be two: side by side, or wide."""
    height, width = box.shape
    if width > _WIDEST * height:
        return True
    columns = (box > 0.3).any(axis=0)
    gaps = np.flatnonzero(~columns)
    for gap in gaps:
        sides = box[:, :gap] > 0.3, box[:, gap:] > 0.3
        if all(np.count_nonzero(side.any(axis=1)) > _APART * height for side in sides):
            return True
    return False
