"""Leaving out: what was seen in a picture and not read, with the name of what it is.

Size, shape and place say that something is a point, a comma, a minus or a line: measured against
the digits beside it, their pen and the line of writing that they stand on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from cnn.reading.results import LeftOut, ReadDigit, Reading, WhyLeftOut
from cnn.vision.normalise import Normalised

__all__ = ["MOST_LEFT_OUT", "list_left_out", "with_left_out"]

Array = npt.NDArray[Any]
Box = tuple[int, int, int, int]

#: Most pieces that are listed, the largest and those that have a name.
MOST_LEFT_OUT = 50

# Of the height of the digits beside: the smallest piece that is no dust, if it has no name.
_SPECK = 0.25
_CREASE, _CRACK = 0.5, 0.12  # the same for what is pale, and the least of its shorter side
_ROUND, _SQUARE = 0.6, 1.6  # least share of its box that a point fills, and its longest shape
_SMALLEST_POINT, _LARGEST_POINT = 0.5, 3.5  # in widths of the pen
_NEAREST = 2  # lines of writing, to which a sign may belong
_THINNEST_COMMA = 0.3  # widths of the pen: thinner are ends of the paper's lines
_HIGHEST_POINT = 0.4  # of the height of the digits: a larger blob is no point
_BASE = 0.2  # of the height: how far a point may lie from the base line
_GAP = 0.8  # of the height: widest room between a point and a digit
_FLAT, _SOLID = 1.7, 0.25  # least width by height of a dash, and share of its box that it fills
_SHORTEST, _LONGEST = 0.2, 1.2  # of the height: a dash
_MIDDLE = (0.25, 0.75)  # of the height: where a dash lies
_CLEAR, _FAR = 0.12, 1.6  # of the height: room between a certain minus and its digit
_COLON = 0.7  # of the height: widest room between the parts of a colon or an equals sign
_THIN, _LINE = 5.0, 0.6  # width by height, or the other way round, of a line; its least length
_SINGLE = 0.3  # of the height of the digits: what is ruled in less room is one line
_PALE = 0.7  # of the width of the pen: a thinner line may be printed
_NO_NAME: frozenset[WhyLeftOut] = frozenset({"small", "faint", "not_a_digit"})


@dataclass(frozen=True)
class _Piece:
    """Something that was not read: its box, why so far, and how much of its box it fills."""

    box: Box
    why: WhyLeftOut
    fill: float


@dataclass(frozen=True)
class _Line:
    """A line of writing: its digits from the left, with their places in the reading."""

    digits: tuple[tuple[int, ReadDigit], ...]

    @cached_property
    def height(self) -> float:
        return float(np.median([digit.box[3] for _, digit in self.digits]))

    @cached_property
    def pen(self) -> float:
        return float(np.median([digit.pen for _, digit in self.digits]))


def list_left_out(reading: Reading, found: Normalised) -> tuple[LeftOut, ...]:
    """List what was seen in a picture and not read, at most `MOST_LEFT_OUT` pieces.

    Parameters
    ----------
    reading : Reading
        What was read; its `left_out` says what was refused beside the digits.
    found : Normalised
        What it was read from.

    Returns
    -------
    tuple of LeftOut
        From the top, each line from the left; none if no digit was read.
    """
    if not reading.digits:
        return ()
    pieces = [
        *(_Piece(one.box, one.why, 0.8) for one in reading.left_out),
        *(
            _Piece(one.box, "not_a_digit" if one.why == "other_ink" else one.why, one.fill)
            for one in found.dropped
        ),
        *_unread(reading, found),
    ]
    boxes = [digit.box for digit in reading.digits]
    pieces = [one for one in pieces if one.why == "ruling" or not _lies_within(one.box, boxes)]
    lines = _lines_of(reading.digits)
    named = [_name(one, pieces, lines, boxes) for one in pieces]
    listed = sorted((one for one in named if one), key=lambda one: one.why in _NO_NAME)
    return tuple(sorted(listed[:MOST_LEFT_OUT], key=lambda one: (one.box[1], one.box[0])))


def _unread(reading: Reading, found: Normalised) -> list[_Piece]:
    """Return the candidates that there was no time for, if so."""
    if reading.unfinished is None:
        return []
    last = reading.digits[-1].box
    read = [*(one.box for one in reading.digits), *(one.box for one in reading.left_out)]
    pieces = []
    for candidate in found.digits:
        left, top, width, height = candidate.box
        if _holds(candidate.box, last):
            rest = left + width - (last[0] + last[2])
            if rest > 0:
                box = (last[0] + last[2], top, rest, height)
                pieces.append(_Piece(box, "runs_together", 0.5))
        elif not any(_holds(candidate.box, box) for box in read):
            pieces.append(_Piece(candidate.box, "too_much", 0.5))
    return pieces


def _name(
    piece: _Piece, pieces: Sequence[_Piece], lines: Sequence[_Line], boxes: Sequence[Box]
) -> LeftOut | None:
    """Say what a piece is; None for dust."""
    if piece.why == "ruling" and min(piece.box[2:]) < _SINGLE * lines[0].height:
        return LeftOut(piece.box, "line")
    if piece.why in ("ruling", "runs_together", "too_much", "unsure"):
        return LeftOut(piece.box, piece.why)
    # A point may be nearer to the digits below than to those beside it.
    nearest = sorted(lines, key=lambda line: _distance(piece.box, line))[:_NEAREST]
    line = nearest[0]
    for near in nearest if piece.why != "faint" else ():
        sign = _point(piece, pieces, near) or _dash(piece, pieces, near)
        if sign is not None:
            return sign
    shortest, longest = sorted(piece.box[2:])
    if piece.why in ("faint", "cut_off") and shortest < _CRACK * line.height:
        return None
    if longest < (_CREASE if piece.why == "faint" else _SPECK) * line.height:
        return LeftOut(piece.box, "dot") if piece.why == "dot" else None
    if piece.why == "dot":
        return LeftOut(piece.box, "dot")
    if any(_holds(piece.box, box) for box in boxes):
        return LeftOut(piece.box, "frame")
    if longest >= max(_THIN * shortest, _LINE * line.height):
        # Where the paper has lines, pieces of them are left beside them.
        is_ruling = shortest < _PALE * line.pen and any(one.why == "ruling" for one in pieces)
        return None if is_ruling else LeftOut(piece.box, "line")
    return LeftOut(piece.box, piece.why)


def _point(piece: _Piece, pieces: Sequence[_Piece], line: _Line) -> LeftOut | None:
    """Say that a piece is a point or comma, if it lies beside a digit on its base line."""
    _, top, width, height = piece.box
    size, tall = max(width, height), line.height
    beside = _beside(piece.box, line)
    if (
        not beside
        or size > _HIGHEST_POINT * tall
        or size < _SMALLEST_POINT * line.pen
        or min(width, height) > _LARGEST_POINT * line.pen
        or _has_company(piece, pieces, line)
    ):
        return None
    base = float(np.mean([_bottom(digit.box) for _, digit in beside]))
    if top + height / 2 < base - 1.5 * _BASE * tall:
        return None
    is_round = size <= _SQUARE * min(width, height) and piece.fill >= _ROUND
    if is_round and abs(_bottom(piece.box) - base) <= _BASE * tall:
        # Before the first digit or after the last one it may be a full stop, or dirt.
        return LeftOut(piece.box, "point", beside[1][0] if len(beside) == 2 else None)
    is_comma = height > width >= _THINNEST_COMMA * line.pen
    if is_comma and _bottom(piece.box) > base and abs(top - base) < _HIGHEST_POINT * tall:
        return LeftOut(piece.box, "comma")
    return None


def _beside(box: Box, line: _Line) -> list[tuple[int, ReadDigit]]:
    """Return the digits next to a box, on the left and on the right, as far as they are near."""
    middle = box[0] + box[2] / 2
    before = [one for one in line.digits if one[1].box[0] + one[1].box[2] / 2 < middle]
    after = line.digits[len(before) :]
    near = []
    for place, digit in (*before[-1:], *after[:1]):
        room = max(digit.box[0] - (box[0] + box[2]), box[0] - (digit.box[0] + digit.box[2]))
        if room <= _GAP * line.height:
            near.append((place, digit))
    return near


def _dash(piece: _Piece, pieces: Sequence[_Piece], line: _Line) -> LeftOut | None:
    """Say that a piece is a minus, or a dash between digits."""
    left, top, width, height = piece.box
    tall = line.height
    if (
        width < _FLAT * height
        or piece.fill < _SOLID
        or not _SHORTEST * tall <= width <= _LONGEST * tall
        or height > _LARGEST_POINT * line.pen
        or _has_company(piece, pieces, line)
    ):
        return None
    place, beside = next(
        (one for one in line.digits if one[1].box[0] + one[1].box[2] / 2 > left + width / 2),
        line.digits[-1],
    )
    level = (top + height / 2 - beside.box[1]) / beside.box[3]
    gap = beside.box[0] - (left + width)
    if not _MIDDLE[0] <= level <= _MIDDLE[1] or gap > _FAR * tall:
        return None
    is_first = place == line.digits[0][0] and _CLEAR * tall <= gap
    beyond = [
        other
        for other in pieces
        if other is not piece
        and other.why not in ("ruling", "faint")
        and -(width + gap) <= left - (other.box[0] + other.box[2]) < _FAR * tall
        and max(other.box[2:]) >= _SPECK * tall
        and other.box[1] < beside.box[1] + beside.box[3]
        and beside.box[1] < other.box[1] + other.box[3]
    ]
    return LeftOut(piece.box, "minus", place if is_first and not beyond else None)


def _has_company(piece: _Piece, pieces: Sequence[_Piece], line: _Line) -> bool:
    """Say whether another piece of its size stands above or below: a colon, an equals sign."""
    left, _, width, height = piece.box
    size = max(width, height)
    return any(
        other is not piece
        and other.why not in ("ruling", "faint")
        and max(other.box[2:]) >= 0.5 * size
        and min(left + width, other.box[0] + other.box[2]) > max(left, other.box[0])
        and _apart(piece.box, other.box) < _COLON * line.height
        for other in pieces
    )


def _apart(a: Box, b: Box) -> int:
    """Return the room between two boxes of which one is above the other."""
    return max(a[1], b[1]) - min(_bottom(a), _bottom(b))


def _bottom(box: Box) -> int:
    return box[1] + box[3]


def _holds(outer: Box, inner: Box) -> bool:
    """Say whether the middle of a box lies within another."""
    across, down = inner[0] + inner[2] / 2, inner[1] + inner[3] / 2
    return outer[0] <= across <= outer[0] + outer[2] and outer[1] <= down <= outer[1] + outer[3]


def _lies_within(inner: Box, boxes: Sequence[Box]) -> bool:
    """Say whether a box lies within one of a digit: it is a part of what was read."""
    return any(
        box[0] <= inner[0]
        and box[1] <= inner[1]
        and inner[0] + inner[2] <= box[0] + box[2]
        and _bottom(inner) <= _bottom(box)
        for box in boxes
    )


def _lines_of(digits: Sequence[ReadDigit]) -> list[_Line]:
    numbers = sorted({digit.line for digit in digits})
    return [
        _Line(tuple(one for one in enumerate(digits) if one[1].line == number))
        for number in numbers
    ]


def _distance(box: Box, line: _Line) -> float:
    """Return how far a box is from the nearest digit of a line, in heights of that digit."""
    away = []
    for _, digit in line.digits:
        left, top, width, height = digit.box
        across = max(0, left - (box[0] + box[2]), box[0] - (left + width))
        down = max(0, top - _bottom(box), box[1] - (top + height))
        away.append(float(np.hypot(across, down)) / height)
    return min(away)


def with_left_out(reading: Reading, found: Normalised) -> Reading:
    """Return a reading with all that was left out, see `list_left_out`."""
    return replace(reading, left_out=list_left_out(reading, found))
