"""Fitting a novelty detector to what a network makes of pictures of its classes."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from cnn.layers import AveragePool2D, MaxPool2D
from cnn.models.novelty import NoveltyDetector, channel_statistics
from cnn.models.sequential import Sequential

__all__ = ["fit_novelty"]

Array = npt.NDArray[Any]

_SHRINKAGE = 0.01  # of the correlations, towards none
_FOLDS = 5
_MOST = 20_000  # pictures


def fit_novelty(network: Sequential, *images: Array, refused: float = 0.02) -> NoveltyDetector:
    """Measure the features of pictures, and how far from them others of their kind are.

    How far is measured by cross-validation, so that a few pictures are enough: each fifth of them
    by its distance from the rest. The features are those of an early layer, which memorises no
    picture.

    Parameters
    ----------
    network : Sequential
        Trained.
    images : ndarrays of float or uint8, (N, C, H, W)
        Pictures of its classes, in any order; two or more in all.
    refused : float
        The share of such pictures that is to be beyond the threshold.
    """
    depth = _halfway(network)
    step = -(-sum(map(len, images)) // _MOST)
    features = np.concatenate([channel_statistics(network, x[::step], depth) for x in images])
    folds = np.arange(len(features)) % _FOLDS
    distances = [
        _fit(features[folds != fold], depth).distance_of(features[folds == fold])
        for fold in range(min(_FOLDS, len(features)))
    ]
    threshold = float(np.quantile(np.concatenate(distances), 1 - refused, method="higher"))
    # Above 0 even where the layer gives the same for every picture.
    return _fit(features, depth, threshold=max(threshold, 1e-6))


def _fit(features: Array, depth: int, *, threshold: float = np.inf) -> NoveltyDetector:
    mean, scale = features.mean(axis=0), features.std(axis=0)
    scale[scale < 1e-6 * max(1.0, scale.max())] = 1  # a channel that is always the same
    standard = (features - mean) / scale
    correlation = standard.T @ standard / len(standard)
    correlation = (1 - _SHRINKAGE) * correlation + _SHRINKAGE * np.eye(len(correlation))
    values, vectors = np.linalg.eigh(correlation)
    arrays = (mean, scale, vectors / np.sqrt(values))
    mean, scale, whitening = (array.astype(np.float32) for array in arrays)
    return NoveltyDetector(depth, threshold, mean, scale, whitening)


def _halfway(network: Sequential) -> int:
    """Return a depth: after the second pooling, or the last one, or the first layer.

    There, channels stand for textures and colours of a few pixels. What comes later keeps only
    what tells the classes apart.
    """
    pools = [
        depth
        for depth, layer in enumerate(network.layers, start=1)
        if isinstance(layer, MaxPool2D | AveragePool2D)
    ]
    return pools[min(1, len(pools) - 1)] if pools else 1
