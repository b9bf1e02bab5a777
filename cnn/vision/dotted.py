"""Dotted digits: the dots of a digit that is to be traced become strokes."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from cnn.vision.components import find_components

__all__ = ["join_dots"]

Array = npt.NDArray[Any]

_FEWEST, _MOST = 7, 1000  # dots
_LEAST_SIZE, _GREATEST_SIZE = 0.5, 1.8  # of the median
_FILLED, _ROUND = 0.55, 0.72  # of its box: a dot's ink; the median, where a disc has 0.79
_LONG = 1.8  # longer by shorter side: what is longer is no dot
_MOSTLY = 0.75  # of the ink: it is dots
_NEAR = 4.0  # sizes of a dot: at most so far apart are two of one line
_NEXT, _REACH = 1.3, 2.2  # usual distances: all so near are joined; the tree of the nearest
_WIDTH = 0.8  # of a dot's size


def join_dots(ink: Array) -> Array | None:
    """Return the ink with strokes between dots, if that is what it is.

    Neighbours are joined, and what the shortest tree through all dots joins (Prim, 1957).

    Parameters
    ----------
    ink : ndarray of bool, (H, W)
        The ink of digits.

    Returns
    -------
    ndarray of bool, (H, W), or None
        None if it is not dots.
    """
    components = find_components(ink)
    wide, high = (components.boxes[:, 2:] - components.boxes[:, :2]).T
    size, fill = np.maximum(wide, high), components.area / (wide * high)
    is_dot = (size <= _LONG * np.minimum(wide, high)) & (fill >= _FILLED)
    if not _FEWEST <= np.count_nonzero(is_dot) <= _MOST:
        return None
    usual = float(np.median(size[is_dot]))
    is_dot &= (size >= _LEAST_SIZE * usual) & (size <= _GREATEST_SIZE * usual)
    dots = np.flatnonzero(is_dot)
    if len(dots) < _FEWEST or components.area[dots].sum() < _MOSTLY * components.area.sum():
        return None
    if np.median(fill[dots]) < _ROUND:
        return None
    middles = (components.boxes[dots, :2] + components.boxes[dots, 2:] - 1) / 2
    apart = np.hypot(*(middles[:, None] - middles[None]).transpose(2, 0, 1))
    np.fill_diagonal(apart, np.inf)
    usual_distance = float(np.median(apart.min(axis=1)))
    if usual_distance > _NEAR * usual:
        return None
    drawn = Image.fromarray(ink.view(np.uint8) * 255)
    pen = ImageDraw.Draw(drawn)
    near = np.argwhere(np.triu(apart <= _NEXT * usual_distance))
    for one, other in [*map(tuple, near), *_shortest_tree(apart, _REACH * usual_distance)]:
        ends = [tuple(middles[one]), tuple(middles[other])]
        pen.line(ends, fill=255, width=max(1, round(_WIDTH * usual)))
    return np.asarray(drawn) > 0


def _shortest_tree(apart: Array, reach: float) -> list[tuple[int, int]]:
    """Return the pairs that the shortest tree through all points joins, none beyond `reach`."""
    nearest = np.zeros(len(apart), np.intp)
    distance = apart[0].copy()
    is_left = np.ones(len(apart), np.bool_)
    is_left[0] = False
    pairs: list[tuple[int, int]] = []
    while is_left.any():
        one = int(np.argmin(np.where(is_left, distance, np.inf)))
        if distance[one] <= reach:
            pairs.append((int(nearest[one]), one))
        is_left[one] = False
        closer = apart[one] < distance
        distance[closer], nearest[closer] = apart[one][closer], one
    return pairs
