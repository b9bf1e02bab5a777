"""Weighing: whether a page map is needed, and whether digits found by it are better."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cnn.reading.results import Reading
from cnn.reading.sifting import LEAST_SIDE, is_beyond_doubt, odds_of
from cnn.vision.normalise import Normalised
from cnn.vision.page_map import PageMap

__all__ = ["is_better", "is_clear", "is_settled"]

# What counts for the reading by a page map, and by how much it must be better. Fitted by logistic
# regression to 131 made pages of which only one of two readings is right.
_RECALL, _PRECISION, _LIKENESS, _ODDS, _DIGITS, _LEAST_LEAD = 7.0, 7.2, 0.5, 1.4, 2.3, 1.1
_LIKENESSES, _HIGHEST_ODDS, _LONE_ODDS = (-6.0, 14.0), 8.0, 5.5
# Of digits that are found by a page map alone: what its recall and precision count beside the mean
# likeness to digits, and the least of all three; of one digit less is enough, but where there seem
# to be dots. Where each was seen among others, the mean log-odds of that count, too.
_MAP_RECALL, _MAP_PRECISION, _LEAST_EVIDENCE, _LEAST_OF_ONE = 25.0, 12.0, 39.0, 36.0
_LEAST_IN_CONTEXT = 42.0
# Recall where there may be more than can be read; precision where there are, as some run together.
# So it is where there is too much ink, if less than a share of all that the map sees was read: of a
# full page it hardly sees the digits.
_LEAST_OF_MANY, _LEAST_INK = 0.8, 0.2
# Several digits, beside which there is hardly any other ink, are certain from these on.
_CLEAR_CONFIDENCE, _CLEAR_LIKENESS = 0.9, 6.0
# What else was seen may be a digit: it was taken for one, or is so large beside the smallest digit.
_DOUBTFUL, _LARGE = ("not_a_digit", "unsure"), 0.5
# A digit alone may be a strange one, and is in doubt only below this likeness.
_LONE_LIKENESS = 3.5


def is_settled(reading: Reading, found: Normalised) -> bool:
    """Say whether a reading without a page map needs no other.

    Parameters
    ----------
    reading : Reading
        What was read.
    found : Normalised
        What was found in the picture for it.
    """
    if reading.unfinished is not None:
        return True  # there was too much to read: there is no time for more
    if not found.alone:
        return False
    if reading.only is not None:
        likeness = reading.only.likeness
        return likeness is None or likeness >= _LONE_LIKENESS or min(found.size) < LEAST_SIDE
    return is_clear(reading, found) and is_beyond_doubt(reading)


def _leaves_out_digits(reading: Reading, found: Normalised) -> bool:
    """Say whether something as large as the digits was seen and not read."""
    if any(one.why in _DOUBTFUL for one in reading.left_out):
        return True
    least = _LARGE * min(digit.box[3] for digit in reading.digits)
    return any(max(one.box[2:]) >= least for one in found.dropped if one.why != "ruling")


def is_clear(reading: Reading, found: Normalised) -> bool:
    """Say whether several digits were read, all of them clear, beside hardly any other ink.

    Parameters are those of `is_settled`.
    """
    return (
        found.alone
        and len(reading.digits) > 1
        and not _leaves_out_digits(reading, found)
        and all(
            digit.confidence >= _CLEAR_CONFIDENCE
            and (digit.likeness is None or digit.likeness >= _CLEAR_LIKENESS)
            for digit in reading.digits
        )
    )


def is_better(new: Reading, before: Reading, page: PageMap, size: tuple[int, int]) -> bool:
    """Say whether a reading by a page map is better than the one without it.

    Parameters
    ----------
    new, before : Reading
        The reading by the map, and the other one.
    page : PageMap
        The map of the picture.
    size : (int, int)
        Width and height of the picture, of which the digits' boxes are.
    """
    if not new.digits:
        return False
    if not before.digits:
        boxes = [digit.box for digit in new.digits]
        recall, precision = page.agreement(boxes, size)
        why = "" if before.refusal is None else before.refusal.reason
        if why in ("too_many", "too_much") and recall < _LEAST_OF_MANY:
            return False
        is_part = why == "too_many" or (
            why == "too_much" and page.share_of_ink(boxes, size) < _LEAST_INK
        )
        if is_part and precision < _LEAST_OF_MANY:
            return False
        # A part of a letter or of a drawing often looks like a digit.
        likeness = [digit.likeness for digit in new.digits if digit.likeness is not None]
        if not likeness:
            return True
        evidence = float(np.mean(likeness)) + _MAP_RECALL * recall + _MAP_PRECISION * precision
        context = [digit.in_context for digit in new.digits if digit.in_context is not None]
        if context:
            return evidence + float(np.mean(context)) >= _LEAST_IN_CONTEXT
        is_one = new.only is not None and not _are_dots(before)
        return evidence >= (_LEAST_OF_ONE if is_one else _LEAST_EVIDENCE)
    after, ago = (_Evidence.of(reading, page, size) for reading in (new, before))
    return (
        _RECALL * (after.recall - ago.recall)
        + _PRECISION * (after.precision - ago.precision)
        + _LIKENESS * (after.likeness - ago.likeness)
        + _ODDS * (after.odds - ago.odds)
        + _DIGITS * (len(new.digits) - len(before.digits))
        > _LEAST_LEAD
    )


@dataclass(frozen=True)
class _Evidence:
    """What speaks for a reading: how it agrees with a page, and the means over its digits."""

    recall: float
    precision: float
    likeness: float
    odds: float

    @classmethod
    def of(cls, reading: Reading, page: PageMap, size: tuple[int, int]) -> _Evidence:
        likeness = [digit.likeness for digit in reading.digits if digit.likeness is not None]
        odds = np.minimum(odds_of(reading, page, size), _HIGHEST_ODDS)
        if reading.only is not None:
            odds = np.array([_LONE_ODDS])  # there is nothing to compare it with
        return cls(
            *page.agreement([digit.box for digit in reading.digits], size),
            float(np.mean(np.clip(likeness, *_LIKENESSES))) if likeness else 0.0,
            float(np.mean(odds)),
        )


def _are_dots(reading: Reading) -> bool:
    return reading.refusal is not None and reading.refusal.reason == "dots"
