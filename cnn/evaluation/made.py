"""How good made pictures are: like real ones, as different as these, and no copies of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from cnn.models.network import Network

__all__ = ["class_distances", "features_of", "frechet_distance", "nearest_distances"]

Array = npt.NDArray[Any]

_BATCH = 500


def features_of(network: Network, pictures: Array) -> Array:
    """Return what the last layer but one of a classifier sees: the numbers before its scores.

    Parameters
    ----------
    network : Network
        Ends in a dense layer and an activation, such as softmax.
    pictures : ndarray of uint8 or float, (N, C, H, W)
        Its inputs.

    Returns
    -------
    ndarray of float64, (N, D)
    """
    parts = [network.forward(pictures[part], depth=-2)[0] for part in _parts(len(pictures))]
    return np.concatenate(parts).astype(np.float64)


def frechet_distance(one: Array, other: Array) -> float:
    """Return how far two sets of features are from one another, each as a normal distribution.

    |m - m'|² + trace(C + C' - 2 (C C')^½), of their means and covariances. Small sets are
    further apart than large ones of the same kind.

    Parameters
    ----------
    one, other : ndarray of float, (N, D)
        N may differ.

    References
    ----------
    Heusel et al., "GANs Trained by a Two Time-Scale Update Rule Converge to a Local Nash
    Equilibrium", 2017, with the features of another network.
    """
    means = one.mean(axis=0) - other.mean(axis=0)
    first, second = np.cov(one, rowvar=False), np.cov(other, rowvar=False)
    values, vectors = np.linalg.eigh(first)
    root = (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T
    # The eigenvalues of C C' are those of C^½ C' C^½, which is symmetric.
    products = np.linalg.eigvalsh(root @ second @ root)
    between = np.sqrt(np.maximum(products, 0)).sum()
    return float(means @ means + np.trace(first) + np.trace(second) - 2 * between)


def class_distances(pictures: Array, labels: Array, classes: int) -> Array:
    """Return how far two pictures of a class are apart on average, as a sum over all pixels.

    Parameters
    ----------
    pictures : ndarray of uint8, (N, C, H, W)
        Two of each class at least, in any order of which nothing is known.
    labels : ndarray of int, (N,)
        Their classes.
    classes : int
        How many there are.

    Returns
    -------
    ndarray of float64, (classes,)
        Mean Euclidean distance, of values from 0 to 1, of each picture and the next of its class.
    """
    distances = np.empty(classes)
    for label in range(classes):
        own = pictures[labels == label].reshape(np.count_nonzero(labels == label), -1)
        rows = own.astype(np.float32) / np.float32(255)
        distances[label] = np.linalg.norm(rows - np.roll(rows, 1, axis=0), axis=1).mean()
    return distances


def nearest_distances(pictures: Array, others: Array) -> tuple[Array, Array]:
    """Return which of other pictures is nearest to each, and how far it is.

    Parameters
    ----------
    pictures : ndarray of uint8, (N, C, H, W)
        Those that are looked for.
    others : ndarray of uint8, (M, C, H, W)
        Those that are looked among.

    Returns
    -------
    places : ndarray of int, (N,)
        Which of `others`.
    distances : ndarray of float32, (N,)
        Euclidean, of values from 0 to 1: 0 for an exact copy.
    """
    rows = _flat(others)
    squares = np.square(rows).sum(axis=1)
    places: list[Array] = []
    distances: list[Array] = []
    for part in _parts(len(pictures)):
        some = _flat(pictures[part])
        near = (squares - 2 * (some @ rows.T)).argmin(axis=1)
        places.append(near)
        # Once more for the nearest alone: an exact copy is at 0, without rounding.
        distances.append(np.linalg.norm(some - rows[near], axis=1))
    return np.concatenate(places), np.concatenate(distances)


def _flat(pictures: Array) -> Array:
    return pictures.reshape(len(pictures), -1).astype(np.float32) / np.float32(255)


def _parts(count: int) -> Iterator[slice]:
    for start in range(0, count, _BATCH):
        yield slice(start, start + _BATCH)
