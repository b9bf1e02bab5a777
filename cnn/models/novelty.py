"""Novelty detection: whether an input resembles what a network was trained on at all.

A classifier must choose one of its classes, and is often confident about pictures of something
else. How unusual the inside of the network finds a picture tells more: the mean and standard
deviation of each channel halfway through, compared with those of the training pictures.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from cnn.models.network import Network

__all__ = ["NoveltyDetector", "channel_statistics"]

Array = npt.NDArray[Any]

_BATCH = 64


@dataclass(frozen=True, eq=False)
class NoveltyDetector:
    """The distribution of a network's features for its training pictures.

    Attributes
    ----------
    depth : int
        After how many layers the features are taken, see `channel_statistics`.
    threshold : float
        The distance above which an input is novel: none of the classes.
    mean, scale : ndarray of float, (D,)
        Mean and standard deviation of each feature.
    whitening : ndarray of float, (D, D)
        Decorrelates the standardised features.

    Raises
    ------
    ValueError
        If the shapes do not fit together, or a scale or the threshold is not positive.

    References
    ----------
    Lee et al., "A Simple Unified Framework for Detecting Out-of-Distribution Samples and
    Adversarial Attacks", 2018: the Mahalanobis distance, here without regard to the class.
    """

    depth: int
    threshold: float
    mean: Array
    scale: Array
    whitening: Array

    def __post_init__(self) -> None:
        size = self.mean.size
        shapes = [array.shape for array in self.arrays().values()]
        if shapes != [(size,), (size,), (size, size)]:
            raise ValueError(f"expected arrays of (D,), (D,) and (D, D), got {shapes}")
        if self.depth < 1 or not self.threshold > 0 or not (self.scale > 0).all():
            raise ValueError(
                "the depth must be 1 or more, the threshold and every scale above 0, not "
                f"{self.depth}, {self.threshold} and {self.scale.min(initial=0)}"
            )

    def arrays(self) -> Mapping[str, Array]:
        """Return the arrays by name, as they are stored."""
        return {"mean": self.mean, "scale": self.scale, "whitening": self.whitening}

    def distance(self, network: Network, x: Array) -> Array:
        """Return how far inputs are from the training pictures.

        Parameters
        ----------
        network : Network
            The one whose features were measured.
        x : ndarray of float or uint8, (N, C, H, W)
            Its inputs.

        Returns
        -------
        ndarray of float64, (N,)
            The Mahalanobis distance: about the square root of D for what is familiar.
        """
        return self.distance_of(channel_statistics(network, x, self.depth))

    def distance_of(self, features: Array) -> Array:
        """Return the distance, (N,), of features, (N, D), that are known already."""
        standard = (features - self.mean) / self.scale
        distance: Array = np.linalg.norm(standard @ self.whitening.astype(np.float64), axis=1)
        return distance


def channel_statistics(network: Network, x: Array, depth: int) -> Array:
    """Return the mean and standard deviation of each channel after so many layers.

    Parameters
    ----------
    network : Network
        Any network of pictures.
    x : ndarray of float or uint8, (N, C, H, W)
        Its inputs.
    depth : int
        How many layers are run; what comes out may also be a vector, whose elements are then
        the features.

    Returns
    -------
    ndarray of float64, (N, 2C) or (N, D)
    """
    parts = []
    for start in range(0, len(x), _BATCH):
        y = network.forward(x[start : start + _BATCH], depth=depth)[0].astype(np.float64)
        if y.ndim == 4:
            y = np.concatenate([y.mean(axis=(2, 3)), y.std(axis=(2, 3))], axis=1)
        parts.append(y)
    return np.concatenate(parts)
