"""Dots: what a click, two that touch, or a full stop leaves, which no digit looks like."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

__all__ = ["is_dot"]

Array = npt.NDArray[Any]

_INK = 0.3  # darkness from which a pixel belongs to the shape
_LONGEST = 2.2  # longer axis by the shorter one: what is longer may be a one
# Of MNIST's 70,000 digits none is as much like an ellipse and as dark inside at once.
_LIKE_ELLIPSE = 0.84
_DARK = 0.5


def is_dot(pixels: Array) -> bool:
    """Say whether a shape is a filled ellipse, in any direction, or two discs that touch.

    It is compared with the ellipse that has the same centre and second moments.

    Parameters
    ----------
    pixels : ndarray of float, (H, W)
        One shape in any place, ink (1) on 0.
    """
    shape = pixels > _INK
    places = np.argwhere(shape)
    if len(places) < 2:
        return len(places) == 1
    # A pixel is a square, with moments of its own.
    moments = np.cov(places, rowvar=False, bias=True) + np.eye(2) / 12
    values, axes = np.linalg.eigh(moments)
    if values[1] > _LONGEST**2 * values[0]:
        return False
    everywhere = np.moveaxis(np.indices(pixels.shape), 0, -1) - places.mean(axis=0)
    ellipse = ((everywhere @ axes) ** 2 / (4 * values)).sum(axis=-1) <= 1
    if (shape & ellipse).sum() < _LIKE_ELLIPSE * (shape | ellipse).sum():
        return False
    inside = _inside(shape)
    return not inside.any() or bool(pixels[inside].min() >= _DARK)


def _inside(shape: Array) -> Array:
    """Return a shape with its holes, and without the pixels at its edge."""
    image = Image.fromarray(np.pad(shape, 1).astype(np.uint8)).copy()
    ImageDraw.floodfill(image, (0, 0), 2)
    filled: Array = np.asarray(image) != 2
    inner: Array = filled[:-2, 1:-1] & filled[2:, 1:-1] & filled[1:-1, :-2] & filled[1:-1, 2:]
    return inner & filled[1:-1, 1:-1]
