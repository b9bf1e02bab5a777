"""How weights start.

Both methods keep the size of the numbers the same from layer to layer, so that
neither the activations nor the gradients of a deep network vanish or explode.
"""

from __future__ import annotations

from collections.abc import Callable
from math import prod, sqrt
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["INITIALISERS", "Initialiser", "check_initialiser", "he", "standard", "xavier"]

Array = npt.NDArray[Any]
Initialiser = Callable[[np.random.Generator, tuple[int, ...]], Array]


def fans(shape: tuple[int, ...]) -> tuple[int, int]:
    """Return how many numbers go into one output, and how many outputs one number goes into."""
    window = prod(shape[:-2])
    return window * shape[-2], window * shape[-1]


def he(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Draw from a normal distribution of variance 2 / fan-in, right for ReLU.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of the numbers.
    shape : tuple of int
        (..., inputs, outputs): (D, F) of a dense layer, (K, K, C, F) of a convolution.

    Returns
    -------
    ndarray of float64, `shape`

    References
    ----------
    He et al., "Delving Deep into Rectifiers", 2015.
    """
    return rng.normal(0, sqrt(2 / fans(shape)[0]), shape)


def xavier(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Draw evenly with variance 2 / (fan-in + fan-out), right for tanh, sigmoid and softmax.

    Parameters and result are those of `he`.

    References
    ----------
    Glorot & Bengio, "Understanding the difficulty of training deep feedforward
    neural networks", 2010.
    """
    limit = sqrt(6 / sum(fans(shape)))
    return rng.uniform(-limit, limit, shape)


def standard(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Draw from the standard normal distribution, right for embeddings: a row is that of a class.

    Parameters and result are those of `he`.
    """
    return rng.normal(0, 1, shape)


INITIALISERS: dict[str, Initialiser] = {"he": he, "xavier": xavier, "standard": standard}


def check_initialiser(name: str) -> str:
    """Return a name of `INITIALISERS`; raise a `ValueError` for any other."""
    if name not in INITIALISERS:
        raise ValueError(f"initialiser must be one of {sorted(INITIALISERS)}, got {name!r}")
    return name
