"""Lines of writing: which boxes stand on one line, though it rises, falls or bends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

__all__ = ["divide_lines"]

Box: TypeAlias = tuple[int, int, int, int]

_LAST, _SAME_LINE = 2, 0.5  # last boxes of a line, and the share of a height in common with one
_BENT, _OVERLAPS, _CLOSE = 0.2, 0.2, 0.7  # the same close behind the last one; heights between
_RAISED, _LEAST_RAISED = 0.65, 0.1  # height of an exponent, and the same of it
_PER_GAP, _FARTHEST = 0.15, 4.0  # what a height of room between costs; no more than so many


def divide_lines(items: Sequence[tuple[Box, list[int]]]) -> list[list[tuple[Box, list[int]]]]:
    """Divide boxes into lines from left to right, which may rise, fall or bend.

    A box joins the line with whose last boxes it shares most of its height, the nearest first, or
    begins a new one. Close behind the last box of a line, less in common is enough.

    Parameters
    ----------
    items : sequence of (box, parts)
        Left, top, right and bottom of what is written, and the numbers of its components.

    Returns
    -------
    list of list of (box, parts)
        The lines from the top; those of a line are in order of their left edges.
    """
    lines: list[list[tuple[Box, list[int]]]] = []
    for item in sorted(items, key=lambda item: item[0]):
        fits = [_fit(item[0], [box for box, _ in line[-_LAST:]]) for line in lines]
        best = int(np.argmax(fits)) if fits else 0
        if fits and fits[best] > -np.inf:
            lines[best].append(item)
        else:
            lines.append([item])
    return sorted(lines, key=lambda line: float(np.mean([box[1] + box[3] for box, _ in line])))


def _fit(box: Box, last: list[Box]) -> float:
    """Say how well a box goes on a line with these last boxes: minus infinity if not at all."""
    gap = (box[0] - last[-1][2]) / max(box[3] - box[1], last[-1][3] - last[-1][1])
    share = max(_shared(box, other) for other in last)
    is_next = -_OVERLAPS < gap < _CLOSE and _shared(box, last[-1]) >= _BENT
    if share < _SAME_LINE and not is_next and not (gap < _CLOSE and _is_raised(box, last[-1])):
        return -np.inf
    return share - _PER_GAP * min(max(gap, 0), _FARTHEST)


def _is_raised(box: Box, last: Box) -> bool:
    """Say whether a box may be an exponent of the one before it."""
    return (
        box[3] - box[1] <= _RAISED * (last[3] - last[1])
        and box[0] >= last[2]
        and box[1] < last[1]
        and _shared(box, last) >= _LEAST_RAISED
    )


def _shared(a: Box, b: Box) -> float:
    """Return the share of the lower one's height that two boxes have in common."""
    return (min(a[3], b[3]) - max(a[1], b[1])) / min(a[3] - a[1], b[3] - b[1])
