"""Rejecting non-digits by a second network, the rejector.

The classifier must choose a digit, and is often confident. The rejector was trained to tell
digits from non-digits (`cnn.recipes.rejector`). The classifier's confidence counts as well:
both together reject more than either alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

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
    views = np.concatenate([upright, *(_turn(upright, degrees) for degrees in _TURNS)])
    seen = _odds(rejector.predict(views[:, None])[:, 0]).reshape(-1, len(pixels))
    both: Array = seen.mean(axis=0) + _SURENESS * _odds(confidence)
    return both


def likeness_of(rejector: Rejector, digits: Sequence[ReadDigit]) -> Array:
    """Return the `likeness` of digits that were read, at least one, (N,)."""
    pixels = np.stack([digit.pixels for digit in digits])
    confidence = np.array([digit.confidence for digit in digits])
    return likeness(rejector.network, pixels, confidence)


def _turn(pixels: Array, degrees: float) -> Array:
    """Rotate pictures (N, H, W) about their centre."""
    turned = [
        Image.fromarray(picture).rotate(degrees, Image.Resampling.BILINEAR) for picture in pixels
    ]
    sheet: Array = np.stack([np.asarray(picture) for picture in turned])
    return sheet


def _odds(probability: Array) -> Array:
    kept = np.clip(probability.astype(np.float64), 1e-6, 1 - 1e-6)
    odds: Array = np.log(kept / (1 - kept))
    return odds
