"""Grey-scale morphology: dilation, erosion, opening and closing with line windows."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import numpy.typing as npt

__all__ = ["close", "neighbours", "open_runs", "pen_width", "slide"]

Array = npt.NDArray[Any]


def slide(a: Array, length: int, choose: np.ufunc, *, axis: int) -> Array:
    """Dilate or erode along one axis.

    The window doubles with every step, so the number of steps is the logarithm of its
    length.

    Parameters
    ----------
    a : ndarray, (H, W)
        The picture, continued beyond its edges by their pixels.
    length : int
        Length of the window, odd.
    choose : numpy.ufunc
        `numpy.maximum` or `numpy.minimum`.
    axis : {0, 1}
        Along columns or along rows.
    """
    if axis == 0:
        return _slide_down(_continued(a, length // 2), length, choose)
    return _slide_down(_continued(a.T, length // 2, order="C"), length, choose).T


def _slide_down(wide: Array, length: int, choose: np.ufunc) -> Array:
    reached = 1
    while reached < length:
        step = min(reached, length - reached)
        wide = choose(wide[:-step], wide[step:])
        reached += step
    return wide


def close(a: Array, length: int) -> Array:
    """Close, (H, W), with a square window: fill what is darker and narrower than it."""
    # Padded first: otherwise a shaded edge would become as light as the inside.
    wide = _framed(a, length)
    for choose in (np.maximum, np.minimum):
        for axis in (0, 1):
            wide = slide(wide, length, choose, axis=axis)
    return np.ascontiguousarray(wide[length:-length, length:-length])


def open_runs(mask: Array, length: int, *, axis: int) -> Array:
    """Open a mask, bool (H, W), along one axis: keep runs of at least `length`, odd."""
    pad = [(0, 0), (0, 0)]
    pad[axis] = (length, length)
    inner = slide(np.pad(mask, pad), length, np.logical_and, axis=axis)
    kept = slide(inner, length, np.logical_or, axis=axis)
    return kept[:, length:-length] if axis else kept[length:-length]


def neighbours(a: Array) -> Array:
    """Return the eight neighbours of each pixel, (8, H, W); edges are continued."""
    height, width = a.shape
    wide = _framed(a, 1)
    around = [(y, x) for y in range(3) for x in range(3) if (y, x) != (1, 1)]
    return np.stack([wide[y : y + height, x : x + width] for y, x in around])


def pen_width(mask: Array) -> float:
    """Return the width of the strokes of ink, in pixels: 1 at least.

    A stroke of width w and length l has about w·l pixels, and 2·l of them on its edge.

    Parameters
    ----------
    mask : ndarray of bool, (H, W)
        The ink.
    """
    solid = np.pad(mask, 1)
    inner = solid[1:-1, :-2] & solid[1:-1, 2:] & solid[:-2, 1:-1] & solid[2:, 1:-1]
    edge = int(np.count_nonzero(mask & ~inner))
    return max(1.0, 2 * int(np.count_nonzero(mask)) / max(edge, 1))


def _framed(a: Array, width: int) -> Array:
    """Continue a picture beyond all its edges."""
    return _continued(_continued(a, width).T, width).T


def _continued(a: Array, width: int, *, order: Literal["C", "F"] | None = None) -> Array:
    """Continue a picture above and below by its first and last row, in its own order.

    As `numpy.pad` does, which takes much longer for a small picture.
    """
    height = len(a)
    order = order or ("F" if a.flags.fnc else "C")
    wide = np.empty((height + 2 * width, *a.shape[1:]), a.dtype, order)
    wide[:width] = a[0]
    wide[width : width + height] = a
    wide[width + height :] = a[-1]
    return wide
