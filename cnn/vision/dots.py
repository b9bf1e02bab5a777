"""Dots: what a click, a few that touch, or a full stop leaves, which no digit looks like."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFilter

__all__ = ["is_dot"]

Array = npt.NDArray[Any]

_INK = 0.3  # darkness from which a pixel belongs to the shape
_LONGEST = 2.2  # longer axis by the shorter one: what is longer may be a one
# Of MNIST's 70,000 digits none is as much like an ellipse and as dark inside at once.
_LIKE_ELLIPSE = 0.84
_DARK = 0.5
# Nor is any of them, as dark inside and no longer, covered so far by so few discs, of which the
# smallest has so much of the largest one's radius.
_MOST_DISCS = 4
_COVERED = 0.93
_EQUAL = 0.8
# A heap of discs is at least so much like an ellipse; most digits are less, and soon done with.
_LIKE_HEAP = 0.5


def is_dot(pixels: Array) -> bool:
    """Say whether a shape is a filled ellipse, in any direction, or a few discs in a heap.

    It is compared with the ellipse that has the same centre and second moments, and with the
    discs that fit into it.

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
    likeness = (shape & ellipse).sum() / (shape | ellipse).sum()
    if likeness < _LIKE_HEAP or (likeness < _LIKE_ELLIPSE and not _is_heap(pixels)):
        return False
    inside = _inside(shape)
    return not inside.any() or bool(pixels[inside].min() >= _DARK)


def _is_heap(pixels: Array) -> bool:
    """Say whether a few discs of nearly one size, within a shape, cover it.

    The discs are chosen one after the other, each as that which covers most of what is left.
    """
    height, width = pixels.shape
    grey = Image.fromarray(np.pad(pixels.astype(np.float32), 1))
    shape = np.asarray(grey.resize((2 * width + 4, 2 * height + 4), Image.Resampling.BILINEAR))
    ink = Image.fromarray((shape > 0.5).astype(np.uint8))
    around = np.asarray(ink.filter(ImageFilter.MaxFilter(3))) - np.asarray(ink)
    # Places as complex numbers, whose difference has the distance as its magnitude.
    places, edge = (np.argwhere(mask) @ (1j, 1) for mask in (np.asarray(ink), around))
    if not len(places):
        return False
    radii = np.abs(places[:, None] - edge).min(axis=1)
    large = radii >= _EQUAL * radii.max()
    discs = np.abs(places[large, None] - places) <= radii[large, None]  # (centres, places)
    left = np.ones(len(places), bool)
    for _ in range(_MOST_DISCS):
        left &= ~discs[(discs & left).sum(axis=1).argmax()]
    return bool(left.mean() <= 1 - _COVERED)


def _inside(shape: Array) -> Array:
    """Return a shape with its holes, and without the pixels at its edge."""
    image = Image.fromarray(np.pad(shape, 1).astype(np.uint8)).copy()
    ImageDraw.floodfill(image, (0, 0), 2)
    filled: Array = np.asarray(image) != 2
    inner: Array = filled[:-2, 1:-1] & filled[2:, 1:-1] & filled[1:-1, :-2] & filled[1:-1, 2:]
    return inner & filled[1:-1, 1:-1]
