"""Sifting: what speaks against digits that were read where a page map was asked.

A map, the rejector, and the digits beside it: the sides of boxes, slashes, brackets and plus signs
look like a 1, but are thinner, narrower, straighter, of another height, or go beyond a neighbour;
slashes and the walls of windows part a line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from statistics import median
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from cnn.reading.results import LeftOut, ReadDigit, Reading
from cnn.vision.crosses import is_cross
from cnn.vision.normalise import Refusal
from cnn.vision.page_map import PageMap

__all__ = ["DOUBTED_SLASH", "LEAST_SIDE", "is_beyond_doubt", "lone_slashes", "odds_of", "sift"]

Array = npt.NDArray[Any]
_Look: TypeAlias = tuple[float, float, float]

#: Pixels of a picture: in smaller ones a map hardly sees digits under noise.
LEAST_SIDE = 60

_DISAGREEMENT = 0.2  # recall × precision of a reading below which there are no digits
# Log-odds that something is a digit: below, it is left out; the same where all is clear anyway.
_LEAST_ODDS, _LEAST_CLEAR = -1.25, -3.0
_BESIDE = 4  # digits that are nearest: something is compared with them

# Bounds of what is said: a map that is wrong, or a rejector that is sure, does not decide alone.
_LIKENESS, _HEIGHT, _PEN, _SLENDER, _AWAY, _BEYOND = (-6.0, 10.0), 1.0, -1.2, -1.2, 2.0, 0.4
_USUAL_HEIGHT = 0.3  # difference of logarithms, below which a map's "no" counts only so far
_USUAL_PEN = 0.1  # of the height: a pen, but for a finer one of the digits beside it
_WIDTH = 1.2  # of a pen: what is narrower is slender
_INK = 0.3  # of the darkest: what is as dark is ink
_TWINS = (0.06, 0.08, 0.3)  # by how much two strokes that look alike differ: `_look`
_DATES = ((2, 2, 2), (2, 2, 4), (4, 2, 2))  # digits of a date, parted by slashes
# Log-odds that it is one: so rarely do two 1s that lean so far stand there, just alike.
_DATE, _LEANING = 8.0, 0.15
_SLASHES_ALIKE = (0.15, 0.25, 0.6)  # by how much they differ if there is such a day: `_look`
# The same for one that leans so much more than the digits beside it, and is so straight.
_LONE, _LEANS_MORE, _STRAIGHT = 4.0, 0.3, 0.15
#: Log-odds in context below which such a one rather is a slash.
DOUBTED_SLASH = 0.5
_DAYS, _MONTHS, _MILLENNIA = 31, 12, ("1", "20")  # the most in a date; how its year begins
# Log-odds that strokes are digits, if so many, and so large a share of the gaps of a line, are
# strokes between others: rarely do 1s stand so.
_WALLS, _FEWEST_WALLS, _PARTED = 2.0, 3, 0.5
_WALLS_ALIKE = (0.12, 0.16, 0.6)  # by how much they differ: `_look`
_SAME_LINE = 0.5  # of the lower one's height: so much have two of one line in common


@dataclass(frozen=True)
class _Weights:
    """What counts, as log-odds.

    The map's and the rejector's word, the height and the pen beside those of other digits, how
    narrow it is and how far its ink is from a straight line, by their pens, and how far it goes
    beyond a neighbour above and below. Fitted by logistic regression to what was read, rightly or
    wrongly, on made pages: 2,414 times a 1, and 12,640 times another digit.
    """

    least_share: float
    base: float
    share: float
    likeness: float
    height: float
    pen: float
    slender: float = 0.0
    away: float = 0.0
    beyond: float = 0.0


# A little more than was fitted speaks for digits: a lost one is worse than a line that is kept.
_ONE = _Weights(-0.3, -5.5, 1.3, 0.36, -4.0, 1.8, 12.1, 2.4, -24.4)
_OTHER = _Weights(-1.5, 1.6, 1.65, 0.32, -4.5, 1.0)
# Log-odds that what is so low, beside the other digits' height, and looks like a plus or a times
# sign is one: no digit looks the same when it is turned by a right angle.
_CROSS, _LOW = 20.0, 0.85
# How these log-odds and those of the network that sees it among the others count together, for a
# 1 and for the rest: a constant and two weights, fitted in the same way.
_TOGETHER = {True: (-1.44, 0.77, 0.57), False: (-0.13, 0.5, 0.48)}
_SUREST = 15.0  # log-odds that count at most
_SURE_IN_CONTEXT = 4.0  # mean log-odds from which on a map that sees no digits is not believed


def sift(reading: Reading, page: PageMap, size: tuple[int, int], *, clear: bool = False) -> Reading:
    """Leave out of a reading what is a line, a sign or a letter rather than a digit.

    It is refused if the picture is not small, the map sees digits hardly anywhere where they
    were read, and the network that sees each among the others is not sure of them, either.

    Parameters
    ----------
    reading : Reading
        What was read.
    page : PageMap
        The map of the picture.
    size : (int, int)
        Width and height of the picture, of which the digits' boxes are.
    clear : bool
        Whether all that was read is clear, with hardly any other ink beside it: then far more must
        speak against a digit.
    """
    least = _LEAST_CLEAR if clear else _LEAST_ODDS
    odds = _of_twins(reading.digits, odds_of(reading, page, size))
    odds = _of_rows(reading.digits, odds)
    told = [(one, odd < least) for one, odd in zip(reading.digits, odds, strict=True)]
    if len({strange for _, strange in told}) > 1:
        out = (LeftOut(one.box, "not_a_digit") for one, strange in told if strange)
        digits = tuple(one for one, strange in told if not strange)
        reading = replace(reading, digits=digits, left_out=(*reading.left_out, *out))
    if reading.digits and min(size) >= LEAST_SIDE:
        recall, precision = page.agreement([digit.box for digit in reading.digits], size)
        if recall * precision < _DISAGREEMENT and not _are_digits_in_context(reading.digits):
            return Reading((), Refusal("not_a_digit", "something_else"), reading.guess)
    return reading


def odds_of(reading: Reading, page: PageMap, size: tuple[int, int]) -> list[float]:
    """Return for each digit of a reading the log-odds that it is one.

    Infinity where nothing can speak against it. Parameters are those of `sift`.
    """
    return [_odds(one, reading.digits, _share(one, page, size)) for one in reading.digits]


def _are_digits_in_context(digits: Sequence[ReadDigit]) -> bool:
    """Say whether the network that sees each among the others is sure of them, on average."""
    seen = [one.in_context for one in digits if one.in_context is not None]
    return bool(seen) and float(np.mean(seen)) >= _SURE_IN_CONTEXT


def is_beyond_doubt(reading: Reading) -> bool:
    """Say whether all digits of a clear reading would stay, whatever a page map said of them."""
    odds = [_odds(one, reading.digits, 0.0) for one in reading.digits]
    return all(odd >= _LEAST_CLEAR for odd in _of_rows(reading.digits, odds))


def _share(digit: ReadDigit, page: PageMap, size: tuple[int, int]) -> float:
    return page.share_of_digit(digit.box, size, digit.stages[0].image) if digit.stages else 0.0


def _odds(digit: ReadDigit, digits: Sequence[ReadDigit], share: float) -> float:
    """Return the log-odds that it is a digit: infinity where nothing can speak against it."""
    if len(digits) < 2 or digit.likeness is None or not digit.stages:
        return float("inf")
    odds = _own_odds(digit, digit.likeness, digits, share)
    height = np.median([one.box[3] for one in digits if one is not digit])
    if digit.box[3] <= _LOW * height and is_cross(digit.stages[0].image):
        odds -= _CROSS
    if digit.in_context is None:
        return odds
    base, own, context = _TOGETHER[digit.digit == 1]
    return base + own * min(odds, _SUREST) + context * digit.in_context


def _own_odds(
    digit: ReadDigit, likeness: float, digits: Sequence[ReadDigit], share: float
) -> float:
    """Return the log-odds by what is measured of it."""
    weights = _ONE if digit.digit == 1 else _OTHER
    beside = _nearest(digit, [one for one in digits if one is not digit and one.digit != 1])
    height, pen = (
        (np.median([one.box[3] for one in beside]), np.median([one.pen for one in beside]))
        if beside
        else (digit.box[3], _USUAL_PEN * digit.box[3])
    )
    taller = abs(float(np.log(digit.box[3] / height)))
    thicker = float(np.log(digit.pen / pen)) if beside else 0.0
    least = weights.least_share if taller < _USUAL_HEIGHT else -np.inf
    odds = weights.base
    odds += weights.share * max(least, float(np.log((share + 0.05) / (1.05 - share))))
    odds += weights.likeness * float(np.clip(likeness, *_LIKENESS))
    odds += weights.height * min(taller, _HEIGHT)
    odds += weights.pen * float(np.clip(thicker, _PEN, 0))
    if digit.digit != 1:
        return odds
    thin = min(pen / height, _USUAL_PEN) * digit.box[3]
    odds += weights.slender * float(np.clip(np.log(digit.box[2] / thin / _WIDTH), _SLENDER, 0))
    away = _line(digit.stages[0].image)[1] * digit.box[3]
    odds += weights.away * min(float(away / thin), _AWAY)
    odds += weights.beyond * min(max(_beyond(digit, beside), 0), _BEYOND)
    return odds


def _of_twins(digits: Sequence[ReadDigit], odds: Sequence[float]) -> list[float]:
    """Return for each digit its odds; for a stroke the mean over all that look just like it.

    The sides of boxes look like one another: all of them stay, or none.
    """
    strokes = [place for place, one in enumerate(digits) if one.digit == 1 and one.stages]
    looks = np.array([_look(digits[place]) for place in strokes]).reshape(-1, len(_TWINS))
    told = list(odds)
    for place, look in zip(strokes, looks, strict=True):
        alike = (np.abs(looks - look) < _TWINS).all(axis=1)
        told[place] = float(np.mean([odds[strokes[other]] for other in np.flatnonzero(alike)]))
    return told


def _of_rows(digits: Sequence[ReadDigit], odds: Sequence[float]) -> list[float]:
    """Return for each digit its odds, less for strokes that part their line of writing."""
    told = list(odds)
    for _, line in groupby(range(len(digits)), key=lambda place: digits[place].line):
        places = np.array(list(line))
        strokes = [digits[at].digit == 1 and bool(digits[at].stages) for at in places]
        looks = {at: _look(digits[places[at]]) for at in np.flatnonzero(strokes).tolist()}
        text = "".join(str(digits[at].digit) for at in places)
        _lower_slashes(told, places, looks, text)
        _lower_walls(told, places, looks)
    for place in lone_slashes(digits):
        in_context = digits[place].in_context
        if in_context is not None and in_context < DOUBTED_SLASH:
            told[place] -= _LONE
    return told


def lone_slashes(digits: Sequence[ReadDigit]) -> list[int]:
    """Return the places of 1s that lean as a fraction's slash does: the only one of their line.

    Such a stroke is straight, stands between others, and leans much more than they do. 1s are
    among them, of which the network that sees them beside the others is sure.
    """
    found = []
    for _, group in groupby(range(len(digits)), key=lambda place: digits[place].line):
        line = list(group)
        leaning = [place for place in line[1:-1] if _leans_more(digits, place, line)]
        found += leaning if len(leaning) == 1 else []
    return found


def _leans_more(digits: Sequence[ReadDigit], place: int, line: Sequence[int]) -> bool:
    if digits[place].digit != 1 or not all(digits[at].stages for at in line):
        return False
    lean, away = _line(digits[place].stages[0].image)
    if lean < _LEANS_MORE or away >= _STRAIGHT:
        return False
    beside = [_line(digits[at].stages[0].image)[0] for at in line if at != place]
    return lean >= max(0.0, median(beside)) + _LEANS_MORE


def _lower_slashes(odds: list[float], places: Array, looks: dict[int, _Look], text: str) -> None:
    """Lower the odds of the two strokes that lean most, if they are alike and part a date."""
    leaning = sorted((at for at in looks if looks[at][0] > _LEANING), key=lambda at: -looks[at][0])
    if len(leaning) < 2:
        return
    first, second = sorted(leaning[:2])
    parts = text[:first], text[first + 1 : second], text[second + 1 :]
    if _is_day(*parts):
        most = _SLASHES_ALIKE
    elif tuple(map(len, parts)) in _DATES:
        most = _TWINS
    else:
        return
    if (np.abs(np.subtract(looks[first], looks[second])) < most).all():
        for at in (first, second):
            odds[places[at]] -= _DATE


def _is_day(first: str, middle: str, last: str) -> bool:
    """Say whether three numbers are a day, a month and a year, in one of the usual orders."""
    for year, *others in ((last, first, middle), (first, middle, last)):
        is_year = len(year) == 2 or (len(year) == 4 and year.startswith(_MILLENNIA))
        if is_year and all(len(one) in (1, 2) for one in others):
            low, high = sorted(int(one) for one in others)
            if 0 < low <= _MONTHS and high <= _DAYS:
                return True
    return False


def _lower_walls(odds: list[float], places: Array, looks: dict[int, _Look]) -> None:
    """Lower the odds of strokes between others, as a meter's windows have: those that look alike.

    They have the same then, and stay or go together.
    """
    before = list(odds)
    for look in looks.values():
        off = {at: np.abs(np.subtract(other, look)) for at, other in looks.items()}
        walls = [at for at, apart in off.items() if (apart < _WALLS_ALIKE).all()]
        gaps = len(places) - len(walls) - 1
        between = np.diff([-1, *walls, len(places)]).min() > 1
        if between and len(walls) >= max(_FEWEST_WALLS, _PARTED * gaps):
            mean = float(np.mean([before[places[at]] for at in walls])) - _WALLS
            for at in walls:
                odds[places[at]] = min(odds[places[at]], mean)


def _look(stroke: ReadDigit) -> _Look:
    """Return how far a stroke leans, and the logarithms of its height and of its pen."""
    lean, _ = _line(stroke.stages[0].image)
    return lean, float(np.log(stroke.box[3])), float(np.log(stroke.pen))


def _line(ink: Array) -> tuple[float, float]:
    """Return the line through a piece of ink: how far it leans, and how far the ink is from it.

    The first is to the right, the second a standard deviation, both beside the height: of a
    straight line the second is its width / height.
    """
    rows, columns = np.nonzero(ink > _INK * ink.max())
    shares = np.cov(rows, columns, bias=True) + 1e-3 * np.eye(2)
    slope = shares[0, 1] / shares[0, 0]
    away = np.sqrt(max(shares[1, 1] - slope * shares[0, 1], 0) / shares[0, 0])
    return -float(slope), float(away)


def _beyond(digit: ReadDigit, beside: Sequence[ReadDigit]) -> float:
    """Return how far it goes beyond its neighbour both above and below, beside a height."""
    _, top, _, tall = digit.box
    near = [
        (abs(_middle(one) - _middle(digit)), one.box)
        for one in beside
        if min(one.box[1] + one.box[3], top + tall) - max(one.box[1], top)
        > _SAME_LINE * min(one.box[3], tall)
    ]
    if not near:
        return 0.0
    _, (_, begin, _, height) = min(near)
    usual = np.median([one.box[3] for one in beside])
    return float(min(begin - top, top + tall - begin - height) / usual)


def _middle(digit: ReadDigit) -> float:
    return digit.box[0] + digit.box[2] / 2


def _nearest(digit: ReadDigit, others: Sequence[ReadDigit]) -> list[ReadDigit]:
    left, top = digit.box[:2]
    away = sorted(others, key=lambda one: abs(one.box[0] - left) + abs(one.box[1] - top))
    return away[:_BESIDE]
