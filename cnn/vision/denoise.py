"""Denoising of small pictures: salt-and-pepper noise, and inverted panels."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from cnn.vision.morphology import neighbours

__all__ = ["level_panels", "remove_impulses"]

Array = npt.NDArray[Any]

_ALONE = 70  # grey levels between an impulse and all its neighbours
_RARE = 0.015  # of the pixels: fewer are part of a drawing, not noise
_STEP = 77  # grey levels between the paper of a panel and of its negative


def remove_impulses(grey: Image.Image) -> Image.Image:
    """Remove salt-and-pepper noise, if there is much of it.

    Parameters
    ----------
    grey : PIL.Image.Image
        Of mode L, dark ink on light paper.

    Returns
    -------
    PIL.Image.Image
        The same picture if few pixels are impulses. Otherwise black pixels with fewer than
        two dark neighbours become paper, and white ones within ink become as dark as the
        ink around them.
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
    """Invert panels that are negatives, beside a straight edge from side to side.

    Parameters
    ----------
    image : PIL.Image.Image
        Of mode L or RGB.

    Returns
    -------
    PIL.Image.Image
        The same picture if there is no such edge; otherwise of mode L, with all panels
        like the one in the middle.
    """
    levels = np.asarray(image.convert("L"))
    turned = _turn(_turn(levels).T).T
    return image if turned is levels or np.array_equal(turned, levels) else Image.fromarray(turned)


def _turn(levels: Array) -> Array:
    """Look for edges between columns."""
    width = levels.shape[1]
    left, right = levels[:, :-1].astype(np.int16), levels[:, 1:].astype(np.int16)
    steps = np.abs(right - left)
    # Inverted, one side must continue the other better than as it is.
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
