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
    middle = places.mean(axis=0)
    centred = places - middle
    moments = centred.T @ centred / len(places) + np.eye(2) / 12
    values, axes = np.linalg.eigh(moments)
    if values[1] > _LONGEST**2 * values[0]:
        return False
    everywhere = np.moveaxis(np.indices(pixels.shape), 0, -1) - middle
    first, second = np.moveaxis((everywhere @ axes) ** 2 / (4 * values), -1, 0)
    ellipse = first + second <= 1
    likeness = np.count_nonzero(shape & ellipse) / np.count_nonzero(shape | ellipse)
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
    # Whole numbers: float32 holds them, and the squares of their distances, exactly.
    places, edge = (np.argwhere(mask).astype(np.float32) for mask in (np.asarray(ink), around))
    if not len(places):
        return False
    radii = _squared_distances(places, edge).min(axis=1)
    # A disc with a radius of √r² covers 4·r² + 1 places at most: most digits are done with here.
    if _MOST_DISCS * (4 * radii.max() + 1) < _COVERED * len(places):
        return False
    large = radii >= _EQUAL**2 * radii.max()
    discs = _squared_distances(places[large], places) <= radii[large, None]  # (centres, places)
    left = np.ones(len(places), bool)
    for _ in range(_MOST_DISCS):
        left &= ~discs[(discs & left).sum(axis=1).argmax()]
    return bool(left.mean() <= 1 - _COVERED)


def _squared_distances(a: Array, b: Array) -> Array:
    """Return the squares of the distances of each of some places (N, 2) from others, (N, M)."""
    squares: Array = (a**2).sum(axis=1)[:, None] + (b**2).sum(axis=1) - 2 * a @ b.T
    return squares


def _inside(shape: Array) -> Array:
    """Return a shape with its holes, and without the pixels at its edge."""
    image = Image.fromarray(np.pad(shape, 1).astype(np.uint8)).copy()
    ImageDraw.floodfill(image, (0, 0), 2)
    filled: Array = np.asarray(image) != 2
    inner: Array = filled[:-2, 1:-1] & filled[2:, 1:-1] & filled[1:-1, :-2] & filled[1:-1, 2:]
    return inner & filled[1:-1, 1:-1]
