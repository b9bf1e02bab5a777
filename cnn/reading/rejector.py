"""Rejecting what is no digit: how a second network, the rejector, is asked.

The network that tells the digits apart must choose one, and is often sure of it. The
rejector has learnt what a digit looks like, and what does not (`cnn.recipes.rejector`). How
sure the other network is of its answer counts as well: neither alone sees as much as both
together.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from cnn.models.sequential import Sequential

__all__ = ["likeness"]

Array = npt.NDArray[Any]

_SURENESS = 0.5  # how much the answer's confidence counts
_TURNS = (-12, -8, 8, 12)  # degrees: so a picture is looked at beside upright


def likeness(rejector: Sequential, pixels: Array, confidence: Array) -> Array:
    """Say how much pictures look like digits.

    Parameters
    ----------
    rejector : Sequential
        The rejector's network, see `cnn.models.model.Rejector`; what does not reach its
        threshold is none.
    pixels : ndarray of float, (N, 28, 28)
        As the network for digits sees them.
    confidence : ndarray of float, (N,)
        The probability of its answers.

    Returns
    -------
    ndarray of float, (N,)
        The logarithm of the odds, with those of the answer for half as much. It is the mean
        over a picture and the same turned a little to both sides: a digit stays one.
    """
    upright = pixels.astype(np.float32, copy=False)
    views = np.concatenate([upright, *(_turn(upright, degrees) for degrees in _TURNS)])
    seen = _odds(rejector.predict(views[:, None])[:, 0]).reshape(-1, len(pixels))
    both: Array = seen.mean(axis=0) + _SURENESS * _odds(confidence)
    return both


def _turn(pixels: Array, degrees: float) -> Array:
    """Turn pictures (N, H, W) about their middle."""
    turned = [
        Image.fromarray(picture).rotate(degrees, Image.Resampling.BILINEAR) for picture in pixels
    ]
    sheet: Array = np.stack([np.asarray(picture) for picture in turned])
    return sheet


def _odds(probability: Array) -> Array:
    kept = np.clip(probability.astype(np.float64), 1e-6, 1 - 1e-6)
    odds: Array = np.log(kept / (1 - kept))
    return odds
