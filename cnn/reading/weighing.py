"""Weighing: whether a page map is needed, and whether digits found by it are better."""

from __future__ import annotations

import numpy as np

from cnn.reading.results import Reading
from cnn.reading.sifting import LEAST_SIDE, is_beyond_doubt
from cnn.vision.normalise import Normalised
from cnn.vision.page_map import PageMap

__all__ = ["is_better", "is_settled"]

_AGREEMENT = 5.0  # what agreeing with the page counts beside the log-odds of the answers
_LEAST_LEAD = 0.6  # by which the reading by a page map must be better
# Of digits that are found by a page map alone: recall × precision, and what that counts beside the
# mean likeness to digits.
_LEAST_AGREEMENT, _BESIDE_LIKENESS, _LEAST_EVIDENCE = 0.4, 25.0, 20.75
# Several digits, beside which there is hardly any other ink, are certain from these on.
_CLEAR_CONFIDENCE, _CLEAR_LIKENESS = 0.9, 6.0
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
    clear = all(
        digit.confidence >= _CLEAR_CONFIDENCE
        and (digit.likeness is None or digit.likeness >= _CLEAR_LIKENESS)
        for digit in reading.digits
    )
    return bool(reading.digits) and clear and is_beyond_doubt(reading)


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
    if not new.digits or _are_dots(before):
        return False
    recall, precision = page.agreement([digit.box for digit in new.digits], size)
    if not before.digits:
        # A part of a letter or of a drawing often looks like a digit.
        likeness = [digit.likeness for digit in new.digits if digit.likeness is not None]
        agreement = recall * precision
        clear = not likeness or (
            float(np.mean(likeness)) + _BESIDE_LIKENESS * agreement >= _LEAST_EVIDENCE
        )
        return clear and agreement >= _LEAST_AGREEMENT
    old = sum(page.agreement([digit.box for digit in before.digits], size))
    lead = _log_odds(new) - _log_odds(before) + _AGREEMENT * (recall + precision - old)
    return lead > _LEAST_LEAD


def _are_dots(reading: Reading) -> bool:
    return reading.refusal is not None and reading.refusal.reason == "dots"


def _log_odds(reading: Reading) -> float:
    """Return the mean log-odds of a reading's answers."""
    confidence = np.array([digit.confidence for digit in reading.digits])
    return float(np.mean(np.log(confidence / (1 - confidence + 1e-6))))
