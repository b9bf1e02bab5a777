"""Largest and smallest in windows, and what is built of them: opening, closing, clean-up."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["close", "neighbours", "open_runs", "slide"]

Array = npt.NDArray[Any]


def slide(a: Array, length: int, choose: np.ufunc, *, axis: int) -> Array:
    """Take the largest or smallest number of a window around each cell, along one axis.

    The window doubles with every step, so it takes as many steps as the logarithm of
    its length.

    Parameters
    ----------
    a : ndarray, (H, W)
        The cells; beyond the edge, the last one counts.
    length : int
        Cells in the window, odd.
    choose : numpy.ufunc
        `numpy.maximum` or `numpy.minimum`.
    axis : {0, 1}
        Along columns or along rows.
    """
    pad = [(0, 0), (0, 0)]
    pad[axis] = (length // 2, length // 2)
    wide = np.pad(a, pad, "edge")
    if axis == 0:
        return _slide_down(wide, length, choose)
    return _slide_down(wide.T.copy(), length, choose).T


def _slide_down(wide: Array, length: int, choose: np.ufunc) -> Array:
    reached = 1
    while reached < length:
        step = min(reached, length - reached)
        wide = choose(wide[:-step], wide[step:])
        reached += step
    return wide


def close(a: Array, length: int) -> Array:
    """Fill what is darker and narrower than a window, (H, W): the largest, then the smallest."""
    # Widened first: closed within the picture, a shaded edge would become as light as its inside.
    wide = np.pad(a, length, "edge")
    for choose in (np.maximum, np.minimum):
        for axis in (0, 1):
            wide = slide(wide, length, choose, axis=axis)
    return np.ascontiguousarray(wide[length:-length, length:-length])


def open_runs(mask: Array, length: int, *, axis: int) -> Array:
    """Keep the runs of a mask, bool (H, W), that are at least `length` long, an odd number."""
    pad = [(0, 0), (0, 0)]
    pad[axis] = (length, length)
    inner = slide(np.pad(mask, pad), length, np.logical_and, axis=axis)
    kept = slide(inner, length, np.logical_or, axis=axis)
    return kept[:, length:-length] if axis else kept[length:-length]


def neighbours(a: Array) -> Array:
    """Return the eight cells around each, (8, H, W); beyond the edge, the last one counts."""
    height, width = a.shape
    wide = np.pad(a, 1, "edge")
    around = [(y, x) for y in range(3) for x in range(3) if (y, x) != (1, 1)]
    return np.stack([wide[y : y + height, x : x + width] for y, x in around])
