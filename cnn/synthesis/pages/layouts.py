"""Layouts: one digit, rows, columns, and what people do that is neither."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from cnn.synthesis.pages.draft import Item
from cnn.synthesis.pages.scribe import Scribe

__all__ = ["LAYOUTS", "join", "write_row"]

Array = npt.NDArray[Any]


def write_row(scribe: Scribe, count: int, left: float, foot: float, *, line: int) -> int:
    """Write a row of digits; return where its right edge is."""
    spacing = scribe.rng.uniform(0.12, 0.4)
    right = round(left)
    for place in range(count):
        right = scribe.digit(right + (scribe.gap(spacing) if place else 0), foot, line=line)
    return right


def _single(scribe: Scribe) -> None:
    scribe.digit(0, scribe.height, line=0)


def _tight(scribe: Scribe) -> None:
    """Write one digit that fills the picture nearly or quite."""
    _single(scribe)
    side = scribe.height
    room = [int(side * share) for share in scribe.rng.uniform(0.0, 0.25, 4)]
    scribe.margin = (room[0], room[1], room[2], room[3])


def _lost(scribe: Scribe) -> None:
    """Write one digit or two on a page of ten to forty times their height."""
    rng = scribe.rng
    write_row(scribe, int(rng.choice([1, 1, 1, 2])), 0, scribe.height, line=0)
    side = scribe.height * rng.uniform(10, 40, 2)
    x, y = rng.uniform(0.1, 0.9, 2)
    scribe.margin = (
        round(side[0] * x),
        round(side[1] * y),
        round(side[0] * (1 - x)),
        round(side[1] * (1 - y)),
    )


def _row(scribe: Scribe) -> None:
    write_row(scribe, int(scribe.rng.integers(2, 9)), 0, scribe.height, line=0)


def _rows(scribe: Scribe) -> None:
    rng = scribe.rng
    pitch = scribe.height * rng.uniform(1.35, 2.2)
    even = rng.random() < 0.3
    count = int(rng.integers(2, 7))
    for line in range(int(rng.integers(2, 6))):
        left = 0 if even else scribe.height * rng.uniform(0, 0.8)
        digits = count if even else int(rng.integers(1, 7))
        right = write_row(scribe, digits, left, scribe.height + line * pitch, line=line)
        if rng.random() < 0.15:
            right += round(scribe.height * rng.uniform(0.8, 1.6))
            write_row(scribe, 2, right, scribe.height + line * pitch, line=line)


def _column(scribe: Scribe) -> None:
    rng = scribe.rng
    pitch = scribe.height * rng.uniform(1.2, 1.9)
    for line in range(int(rng.integers(2, 7))):
        left = rng.normal(0, 0.12) * scribe.height
        scribe.digit(left, scribe.height + line * pitch, line=line)


def _heading(scribe: Scribe) -> None:
    """Write a large row with a small one under it, or the other way round."""
    rng = scribe.rng
    small = rng.uniform(0.35, 0.65)
    sizes = (1.0, small) if rng.random() < 0.75 else (small, 1.0)
    foot = 0.0
    for line, size in enumerate(sizes):
        foot += size * scribe.height * (1.0 if line == 0 else rng.uniform(1.3, 1.8))
        right = rng.uniform(0, 0.5) * scribe.height
        for _ in range(int(rng.integers(1, 5)) + 2 * (size < 1)):
            right = scribe.digit(right, foot, line=line, size=size) + size * scribe.gap()


def _beside(scribe: Scribe) -> None:
    """Write a large digit and a small number beside it."""
    rng = scribe.rng
    small = rng.uniform(0.35, 0.65)
    parts = [(1.0, int(rng.integers(1, 3))), (small, int(rng.integers(1, 5)))]
    if rng.random() < 0.3:
        parts.reverse()
    right = 0
    raised = rng.uniform(0, 0.5) * (1 - small) * scribe.height
    for size, count in parts:
        for _ in range(count):
            foot = scribe.height - (raised if size < 1 else 0)
            right = scribe.digit(right, foot, line=0, size=size) + round(size * scribe.gap(0.3))
        right += scribe.gap(0.2)


def _superscript(scribe: Scribe) -> None:
    rng = scribe.rng
    right = write_row(scribe, int(rng.integers(1, 4)), 0, scribe.height, line=0)
    size = rng.uniform(0.4, 0.6)
    for _ in range(int(rng.choice([1, 1, 2]))):
        right += round(0.4 * scribe.gap())
        right = scribe.digit(right, scribe.height * rng.uniform(0.3, 0.45), line=0, size=size)


def _rising(scribe: Scribe) -> None:
    slope = np.tan(np.deg2rad(scribe.rng.uniform(4, 12) * scribe.rng.choice([-1, 1, 1])))
    scribe.rise = lambda place: float(slope * place)
    (_row if scribe.rng.random() < 0.5 else _rows)(scribe)


def _bent(scribe: Scribe) -> None:
    rng = scribe.rng
    bow = rng.uniform(0.3, 1.0) * scribe.height * rng.choice([-1, 1])
    length = scribe.height * rng.uniform(4, 7)
    phase = rng.uniform(0, np.pi)
    scribe.rise = lambda place: float(bow * np.sin(np.pi * place / length + phase))
    write_row(scribe, int(rng.integers(4, 9)), 0, scribe.height, line=0)


def _uneven(scribe: Scribe) -> None:
    """Write small noughts between large digits, or digits whose tails hang low."""
    rng = scribe.rng
    noughts, tails = (0.45, 1.0) if rng.random() < 0.5 else (1.0, rng.uniform(1.3, 1.7))
    right = 0
    for _ in range(int(rng.integers(3, 8))):
        digit = int(rng.integers(10)) if rng.random() < 0.6 else int(rng.choice([0, 7, 9, 4]))
        size = noughts * rng.uniform(0.85, 1.2) if digit == 0 else 1.0
        foot = float(scribe.height)
        if digit in (0,) and noughts < 1 and rng.random() < 0.4:
            foot -= scribe.height * rng.uniform(0.1, 0.4)
        if digit in (7, 9, 4) and tails > 1:
            size, foot = tails, scribe.height * (tails - rng.uniform(0, 0.25))
        right = scribe.digit(right, foot, line=0, digit=digit, size=size) + scribe.gap()


def join(before: Item, digit: Array, top: int, overlap: int) -> int:
    """Return the left edge at which a digit's ink overlaps that of the one before it.

    Parameters
    ----------
    before : Item
        The digit before, at its place.
    digit : ndarray of uint8, (h, w)
        The ink of the one that follows.
    top : int
        Its place.
    overlap : int
        Pixels by which both overlap where they are nearest.
    """
    high, low = max(before.top, top), min(before.foot, top + len(digit))
    if low <= high:
        return before.right
    one = before.cover[high - before.top : low - before.top] > 127
    two = digit[high - top : low - top] > 127
    both = one.any(axis=1) & two.any(axis=1)
    if not both.any():
        return before.right - overlap
    ends = one.shape[1] - np.argmax(one[:, ::-1], axis=1)
    starts = np.argmax(two, axis=1)
    return before.left + int((ends - starts)[both].max()) - overlap


def _touch(scribe: Scribe, digits: list[int | None], overlap: float) -> None:
    """Write digits each of which touches the one before."""
    before: Item | None = None
    for digit in digits:
        drawn = scribe.draw(digit)
        top = scribe.height - len(drawn.cover) + round(0.05 * scribe.height * scribe.rng.normal())
        reach = max(2, round(overlap * scribe.height))
        left = 0 if before is None else join(before, drawn.cover, top, reach)
        before = replace(drawn, left=left, top=top)
        scribe.draft.add(before)


def _touching_pair(scribe: Scribe) -> None:
    _touch(scribe, [None, None], scribe.rng.uniform(0.01, 0.06))


def _touching_three(scribe: Scribe) -> None:
    rng = scribe.rng
    _touch(scribe, [None] * int(rng.choice([3, 3, 4])), rng.uniform(0.01, 0.06))


def _joined_noughts(scribe: Scribe) -> None:
    """Write a digit and noughts that overlap, as in 6000."""
    rng = scribe.rng
    first: list[int | None] = [int(rng.integers(1, 10))]
    _touch(scribe, first + [0] * int(rng.integers(2, 4)), rng.uniform(0.05, 0.16))


def _at_edge(scribe: Scribe) -> None:
    """Write so that the picture ends on a digit, or cuts a little of it off."""
    rng = scribe.rng
    (_row if rng.random() < 0.7 else _single)(scribe)
    room = [round(scribe.height * share) for share in rng.uniform(0.2, 1.0, 4)]
    for side in rng.choice(4, int(rng.choice([1, 1, 2])), replace=False):
        room[side] = -round(scribe.height * rng.uniform(0, 0.1))
    scribe.margin = (room[0], room[1], room[2], room[3])


#: Layouts by name: each writes on a scribe's draft.
LAYOUTS: dict[str, Callable[[Scribe], None]] = {
    "single": _single,
    "tight": _tight,
    "lost": _lost,
    "row": _row,
    "rows": _rows,
    "column": _column,
    "heading": _heading,
    "beside": _beside,
    "superscript": _superscript,
    "rising": _rising,
    "bent": _bent,
    "uneven": _uneven,
    "touching pair": _touching_pair,
    "touching three": _touching_three,
    "joined noughts": _joined_noughts,
    "at edge": _at_edge,
}
