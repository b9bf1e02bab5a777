"""Small pictures, cleaned before anything else: single wrong pixels, and parts in negative."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from cnn.vision.morphology import neighbours

__all__ = ["level_panels", "remove_impulses"]

Array = npt.NDArray[Any]

_ALONE = 70  # levels: a pixel so far from all its neighbours does not belong
_RARE = 0.015  # of the pixels: so few are a dotted drawing, not a fault
_STEP = 77  # levels between the paper of a part and of its negative


def remove_impulses(grey: Image.Image) -> Image.Image:
    """Mend single black and white pixels (salt and pepper), if there are many.

    Parameters
    ----------
    grey : PIL.Image.Image
        Of mode L, dark ink on light paper.

    Returns
    -------
    PIL.Image.Image
        The same picture where few pixels stand alone. Otherwise a black pixel with
        fewer than two dark neighbours becomes paper, and a white one within ink becomes
        as dark as the ink around it.
    """
    levels = np.asarray(grey).astype(np.int16)
    around = neighbours(levels)
    alone = (np.abs(around - levels) > _ALONE).all(axis=0)
    if np.count_nonzero(alone) <= _RARE * levels.size:
        return grey
    for _ in range(2):
        around = neighbours(levels)
        dark = np.count_nonzero(around < 128, axis=0)
        median = np.median(around, axis=0).astype(np.int16)
        salt, pepper = (levels >= 250) & (dark >= 6), (levels <= 5) & (dark < 2)
        levels = np.where(salt | pepper, median, levels)
    return Image.fromarray(levels.astype(np.uint8))


def level_panels(image: Image.Image) -> Image.Image:
    """Turn back what is in negative beside a straight edge from side to side.

    Parameters
    ----------
    image : PIL.Image.Image
        Of mode L or RGB.

    Returns
    -------
    PIL.Image.Image
        The same picture where there is no such edge; otherwise of mode L, and all of
        it as its middle is.
    """
    levels = np.asarray(image.convert("L"))
    turned = _turn(_turn(levels).T).T
    return image if turned is levels or np.array_equal(turned, levels) else Image.fromarray(turned)


def _turn(levels: Array) -> Array:
    """Look for edges between columns."""
    width = levels.shape[1]
    left, right = levels[:, :-1].astype(np.int16), levels[:, 1:].astype(np.int16)
    steps = np.abs(right - left)
    # As a negative, what is on one side must go on better on the other.
    better = np.abs(right + left - 255).sum(axis=0) < steps.sum(axis=0)
    through = (steps[[0, 1, -2, -1]] > _STEP).all(axis=0)
    edges = np.flatnonzero(better & through)
    if not len(edges):
        return levels
    flips = np.zeros(width, np.int64)
    flips[edges + 1] = 1
    side = np.cumsum(flips) % 2
    negative = side != side[width // 2]
    return np.where(negative, 255 - levels, levels)
