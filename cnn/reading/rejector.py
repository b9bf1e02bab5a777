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
# From this likeness on, upright, the mean over all views is not measured but estimated, by a line
# that was fitted to 3,500 digits. Of 5,000 others, and of 41 pictures of none that come so far, all
# have 6.5 at least by all views; what is decided by this value is decided below 6.
_CLEAR, _BASE, _SLOPE = 8.0, 0.59, 0.87


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
        rejector's are the mean over the picture upright and slightly rotated to both sides,
        which is estimated where the picture is clear as it is.
    """
    pixels = pixels.astype(np.float32, copy=False)
    sure = _SURENESS * _odds(confidence)
    upright = _look(rejector, pixels[:, None])
    mean = _BASE + _SLOPE * upright[:, 0]
    doubtful = np.flatnonzero(upright[:, 0] + sure < _CLEAR)
    if len(doubtful):
        turned = _look(rejector, _turn(pixels[doubtful]))
        mean[doubtful] = np.hstack([upright[doubtful], turned]).mean(axis=1)
    values: Array = mean + sure
    return values


def likeness_of(rejector: Rejector, digits: Sequence[ReadDigit]) -> Array:
    """Return the `likeness` of digits that were read, at least one, (N,)."""
    pixels = np.stack([digit.pixels for digit in digits])
    confidence = np.array([digit.confidence for digit in digits])
    return likeness(rejector.network, pixels, confidence)


def _look(rejector: Network, views: Array) -> Array:
    """Return the rejector's log-odds for views (N, M, H, W) of pictures, (N, M)."""
    probabilities = rejector.predict(views.reshape(-1, 1, *views.shape[2:]))
    return _odds(probabilities).reshape(views.shape[:2])


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
