"""Rows of small writing: what is no piece of the large digits above or below it."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["find_small_rows"]

Array = npt.NDArray[Any]

# Of the tallest component: heights of a small digit.
_LEAST, _MOST = 0.22, 0.75
_ALIKE = 0.6  # least height of one beside another of a row, by the higher of both
_LEVEL = 0.5  # of the lower one's height: what two of a row have in common
_GAP = 1.2  # of the row's height: widest room between two
_LARGER = 1.3  # times the row's height: least height of what it may be a piece of
_BELOW = 0.25  # of the row's height: how far it may reach up beside large digits, or down
_FLAT = 1.2  # width by height: a bar, no digit


def find_small_rows(boxes: Array, *, least: int = 2) -> Array:
    """Find components that stand in a row of small digits above or below larger ones.

    Parameters
    ----------
    boxes : ndarray of int, (N, 4)
        Left, top, right and bottom of each component.
    least : int
        Digits of a row.

    Returns
    -------
    ndarray of bool, (N,)
        Those in a row of so many of about one height, beside which no larger one stands.
    """
    found = np.zeros(len(boxes), bool)
    if len(boxes) <= least:
        return found
    heights = boxes[:, 3] - boxes[:, 1]
    widths = boxes[:, 2] - boxes[:, 0]
    tallest = int(heights.max())
    fits = (heights >= _LEAST * tallest) & (heights <= _MOST * tallest)
    small = np.flatnonzero(fits & (widths <= _FLAT * heights))
    for row in _rows(boxes, small[np.argsort(boxes[small, 0], kind="stable")]):
        if len(row) >= least and not _has_larger_beside(boxes, row):
            found[row] = True
    return found


def _rows(boxes: Array, ordered: Array) -> list[list[int]]:
    """Divide components, from the left, into rows of neighbours that are alike."""
    rows: list[list[int]] = []
    for one in ordered:
        fitting = [row for row in rows if _follows(boxes[one], boxes[row[-1]])]
        if fitting:
            max(fitting, key=lambda row: int(boxes[row[-1], 2])).append(int(one))
        else:
            rows.append([int(one)])
    return rows


def _follows(box: Array, before: Array) -> bool:
    low, high = sorted((box[3] - box[1], before[3] - before[1]))
    level = min(box[3], before[3]) - max(box[1], before[1])
    gap = box[0] - before[2]
    return bool(
        low >= _ALIKE * high and level >= _LEVEL * low and -_BELOW * high <= gap <= _GAP * high
    )


def _has_larger_beside(boxes: Array, row: list[int]) -> bool:
    """Say whether something larger shares the row's height, or there is nothing larger near."""
    left, top = boxes[row, :2].min(axis=0)
    right, bottom = boxes[row, 2:].max(axis=0)
    height = float(np.median(boxes[row, 3] - boxes[row, 1]))
    near = (boxes[:, 0] < right + height) & (boxes[:, 2] > left - height)
    large = boxes[near & (boxes[:, 3] - boxes[:, 1] >= _LARGER * height)]
    common = np.minimum(large[:, 3], bottom) - np.maximum(large[:, 1], top)
    return len(large) == 0 or bool((common > _BELOW * height).any())
