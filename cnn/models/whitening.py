"""Whitening: codes of real pictures, of whatever class, as standard normal numbers.

An autoencoder's codes should be distributed as those from which it makes pictures, and are not
quite: every class has a place and a shape of its own. Pictures that are made where no real one's
code lies are often no digit. So the distribution of each class is measured after the training
(Ghosh et al., "From Variational to Deterministic Autoencoders", 2020), as a normal one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["Whitening", "measure_whitening"]

Array = npt.NDArray[Any]

_LEAST_VARIANCE = 1e-4


@dataclass(frozen=True, eq=False)
class Whitening:
    """The normal distribution of the codes of each class.

    Attributes
    ----------
    means : ndarray of float32, (classes, D)
    roots : ndarray of float32, (classes, D, D)
        The symmetric square roots of the covariances.

    Raises
    ------
    ValueError
        If the shapes do not fit together, or a root cannot be inverted.
    """

    means: Array
    roots: Array

    def __post_init__(self) -> None:
        if self.means.ndim != 2 or self.roots.shape != (*self.means.shape, self.means.shape[1]):
            raise ValueError(f"means {self.means.shape} do not fit roots {self.roots.shape}")
        if not (np.isfinite(self.means).all() and np.isfinite(self.roots).all()):
            raise ValueError("means and roots must be finite")
        if np.linalg.eigvalsh(self.roots.astype(np.float64)).min() <= 0:
            raise ValueError("every root must be positive definite")

    def colour(self, codes: Array, parts: Array) -> Array:
        """Return the network's codes, float32 (N, D), of standard ones.

        Parameters
        ----------
        codes : ndarray of float, (N, D)
            Standard codes.
        parts : ndarray of float, (N, classes)
            Of each class how much: one-hot rows, or between them.
        """
        every = np.einsum("cij,nj->nci", self.roots, codes) + self.means  # (N, classes, D)
        coloured: Array = np.einsum("nc,nci->ni", parts, every)
        return coloured.astype(np.float32)

    def whiten(self, codes: Array, labels: Array) -> Array:
        """Return the standard codes, float32 (N, D), of the network's; `labels` is (N,) of int."""
        inverse = np.linalg.inv(self.roots.astype(np.float64))
        whitened: Array = np.einsum("nij,nj->ni", inverse[labels], codes - self.means[labels])
        return whitened.astype(np.float32)


def measure_whitening(
    means: Array, variances: Array, labels: Array, classes: Sequence[str]
) -> Whitening:
    """Measure the distribution of the codes of each class.

    Parameters
    ----------
    means, variances : ndarray of float, (N, D)
        Of the encoder's distributions, one for each picture.
    labels : ndarray of int, (N,)
        The pictures' classes.
    classes : sequence of str
        Their names. One of which there are no pictures has the distribution of all.
    """
    dimensions = means.shape[1]
    middles, roots = [], []
    for number in range(len(classes)):
        chosen = labels == number
        if not chosen.any():
            chosen = np.ones(len(labels), bool)
        own = means[chosen].astype(np.float64)
        covariance = np.atleast_2d(np.cov(own, rowvar=False, bias=True))
        # Few pictures say little of how the numbers of a code depend on one another.
        share = len(own) / (len(own) + dimensions)
        covariance = share * covariance + (1 - share) * np.diag(np.diag(covariance))
        covariance += np.diag(variances[chosen].mean(axis=0))
        values, vectors = np.linalg.eigh(covariance)
        roots.append((vectors * np.sqrt(np.maximum(values, _LEAST_VARIANCE))) @ vectors.T)
        middles.append(own.mean(axis=0))
    return Whitening(np.array(middles, np.float32), np.array(roots, np.float32))
