"""Dots: what a click or a full stop leaves, which no digit looks like."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["is_dot"]

Array = npt.NDArray[Any]

_INK = 0.3  # darkness from which a pixel belongs to the shape
_LONGEST = 1.5  # longer side by the shorter one: what is longer may be a one
_INNER = 0.85  # of the ellipse that fills the box: its edge is soft
_FILLED = 0.6  # darkness: in none of MNIST's 70,000 digits, everything in there is over 0.2


def is_dot(pixels: Array) -> bool:
    """Say whether a shape is a filled ellipse about as wide as high.

    Parameters
    ----------
    pixels : ndarray of float, (H, W)
        One shape in any place, ink (1) on 0.
    """
    shape = pixels > _INK
    rows, columns = np.flatnonzero(shape.any(axis=1)), np.flatnonzero(shape.any(axis=0))
    if not len(rows):
        return False
    tight = pixels[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    height, width = tight.shape
    if max(height, width) > _LONGEST * min(height, width):
        return False
    # From -1 at one side to 1 at the other.
    down = (2 * np.arange(height)[:, None] + 1 - height) / height
    across = (2 * np.arange(width) + 1 - width) / width
    inner = down**2 + across**2 <= _INNER**2
    return bool(tight[inner].min() >= _FILLED)
