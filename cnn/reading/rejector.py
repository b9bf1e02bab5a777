"""Rejecting non-digits by a second network, the rejector.

The classifier must choose a digit, and is often confident. The rejector was trained to tell
digits from non-digits (`cnn.recipes.rejector`). The classifier's confidence counts as well:
both together reject more than either alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from cnn.models.model import Rejector
from cnn.models.network import Network
from cnn.reading.results import ReadDigit

__all__ = ["likeness", "likeness_of"]

Array = npt.NDArray[Any]

_SURENESS = 0.5  # weight of the classifier's confidence
_TURNS = (-12, -8, 8, 12)  # degrees by which a picture is rotated, besides upright


def likeness(rejector: Network, pixels: Array, confidence: Array) -> Array:
    """Return how much pictures look like digits.

    Parameters
    ----------
    rejector : Network
        The rejector's network, see `cnn.models.model.Rejector`; what does not reach its
        threshold is none.
    pixels : ndarray of float, (N, 28, 28)
        The classifier's inputs.
    confidence : ndarray of float, (N,)
        The probabilities of its answers.

    Returns
    -------
    ndarray of float, (N,)
        Log-odds of the rejector plus half the log-odds of the classifier's answer. The
        rejector's are the mean over the picture upright and slightly rotated to both sides.
    """
    upright = pixels.astype(np.float32, copy=False)
    views = np.concatenate([upright[:, None], _turn(upright)], axis=1)
    seen = _odds(rejector.predict(views.reshape(-1, 1, *pixels.shape[1:]))).reshape(len(pixels), -1)
    both: Array = seen.mean(axis=1) + _SURENESS * _odds(confidence)
    return both


def likeness_of(rejector: Rejector, digits: Sequence[ReadDigit]) -> Array:
    """Return the `likeness` of digits that were read, at least one, (N,)."""
    pixels = np.stack([digit.pixels for digit in digits])
    confidence = np.array([digit.confidence for digit in digits])
    return likeness(rejector.network, pixels, confidence)


def _turn(pixels: Array) -> Array:
    """Rotate pictures (N, H, W) about their centre by each of `_TURNS`, (N, 4, H, W)."""
    height, width = pixels.shape[1:]
    flat = pixels.reshape(len(pixels), -1)
    turned = np.zeros((len(pixels), len(_TURNS) * height * width), np.float32)
    for place, weight in _corners(height, width):
        turned += flat[:, place] * weight
    return turned.reshape(len(pixels), len(_TURNS), height, width)


@cache
def _corners(height: int, width: int) -> list[tuple[Array, Array]]:
    """Return which pixels are mixed into each of the turned ones, and with which weights.

    The four lists, of 4·H·W places and weights, are those of bilinear interpolation.
    """
    turns = np.deg2rad(_TURNS)[:, None, None]
    y, x = np.mgrid[:height, :width] + 0.5 - np.array([height, width])[:, None, None] / 2
    rows = np.sin(turns) * x + np.cos(turns) * y + height / 2
    columns = np.cos(turns) * x - np.sin(turns) * y + width / 2
    inside = (rows >= 0) & (rows < height) & (columns >= 0) & (columns < width)
    corners = []
    for down in (0, 1):
        for right in (0, 1):
            row, column = np.floor(rows - 0.5) + down, np.floor(columns - 0.5) + right
            weight = (1 - abs(rows - 0.5 - row)) * (1 - abs(columns - 0.5 - column)) * inside
            place = np.clip(row, 0, height - 1) * width + np.clip(column, 0, width - 1)
            corners.append((place.astype(np.intp).ravel(), weight.astype(np.float32).ravel()))
    return corners


def _odds(probability: Array) -> Array:
    kept = np.clip(probability.astype(np.float64), 1e-6, 1 - 1e-6)
    odds: Array = np.log(kept / (1 - kept))
    return odds
