"""Framing: a digit's ink as a picture of 28×28 pixels.

The steps are those by which MNIST was made, as reconstructed by Yadav & Bottou,
"Cold Case: The Lost MNIST Digits", 2019.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from cnn.vision.morphology import slide

__all__ = ["SIDE", "frame_digit"]

Array = npt.NDArray[Any]

#: Side in pixels of the picture to which every digit is brought, as MNIST's.
SIDE = 28

_BOX = 20  # the longer side of a digit in its picture of SIDE × SIDE
_THINNEST_STROKE = 1.8  # pixels at the final scale


def frame_digit(ink: Array) -> tuple[Array, Array]:
    """Scale ink to 20×20 and put it into 28×28 by its centre of mass.

    Parameters
    ----------
    ink : ndarray of float, (H, W)
        One digit, 0 where there is no ink.

    Returns
    -------
    scaled : ndarray of float32, at most (20, 20)
        The bounding box, scaled by area, with a maximum of 1.
    pixels : ndarray of float32, (28, 28)
        The same, centred by whole pixels.

    Raises
    ------
    ValueError
        If there is no ink.
    """
    rows, columns = np.nonzero(ink.any(axis=1))[0], np.nonzero(ink.any(axis=0))[0]
    if not len(rows):
        raise ValueError("there is no ink to frame")
    tight = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].astype(np.float32)
    height, width = tight.shape
    scale = _BOX / max(height, width)
    image = Image.fromarray(_thicken(tight, scale))
    scale = _BOX / max(image.size)
    size = [max(1, round(side * scale)) for side in image.size]
    filter_ = Image.Resampling.BOX if scale < 1 else Image.Resampling.BILINEAR
    scaled: Array = np.asarray(image if scale == 1 else image.resize(size, filter_)).copy()
    np.clip(scaled, 0, None, out=scaled)
    scaled /= scaled.max()
    return scaled, _centre(scaled)


def _thicken(ink: Array, scale: float) -> Array:
    """Thicken strokes that scaling would make thinner than a pen's."""
    solid = ink > 0.5 * ink.max()
    inner = np.pad(solid, 1)
    inner = inner[1:-1, :-2] & inner[1:-1, 2:] & inner[:-2, 1:-1] & inner[2:, 1:-1]
    edge = int(np.count_nonzero(solid & ~inner))
    # A stroke of width w and length l has about w·l pixels and 2·l on its edge.
    width = max(1.0, 2 * np.count_nonzero(solid) / max(edge, 1))
    grow = round((_THINNEST_STROKE / scale - width) / 2)
    if grow < 1:
        return ink
    wide = np.pad(ink, grow)
    for axis in (0, 1):
        wide = slide(wide, 2 * grow + 1, np.maximum, axis=axis)
    return np.ascontiguousarray(wide)


def _centre(scaled: Array) -> Array:
    height, width = scaled.shape
    total = float(scaled.sum())
    middle_row = float(scaled.sum(axis=1) @ np.arange(height)) / total
    middle_column = float(scaled.sum(axis=0) @ np.arange(width)) / total
    # MNIST's centres of mass lie between pixel 13.5 and 14.5.
    top = min(max(round(SIDE / 2 - middle_row), 0), SIDE - height)
    left = min(max(round(SIDE / 2 - middle_column), 0), SIDE - width)
    pixels = np.zeros((SIDE, SIDE), np.float32)
    pixels[top : top + height, left : left + width] = scaled
    return pixels
