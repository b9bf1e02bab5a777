"""Is a gradient right? Compare it with the slope found by taking tiny steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["numerical_gradient", "relative_error"]

Array = npt.NDArray[Any]


def numerical_gradient(function: Callable[[], float], array: Array, *, step: float = 1e-6) -> Array:
    """Return the gradient of a function with respect to an array that it reads.

    Parameters
    ----------
    function : callable
        Returns one number that depends on `array`.
    array : ndarray of float64
        Changed in place by ± `step`, one number at a time, and put back.
    step : float
        Size of the steps; central differences are right to its square.

    Returns
    -------
    ndarray of float64, shape of `array`

    Raises
    ------
    ValueError
        If `array` is not float64: with float32 the steps drown in rounding.
    """
    if array.dtype != np.float64:
        raise ValueError(f"gradients are checked in float64, got {array.dtype}")
    gradient = np.empty_like(array)
    for index in np.ndindex(array.shape):
        before = array[index]
        array[index] = before + step
        above = function()
        array[index] = before - step
        gradient[index] = (above - function()) / (2 * step)
        array[index] = before
    return gradient


def relative_error(a: Array, b: Array) -> float:
    """Return the largest difference of two arrays, relative to their largest number."""
    scale = max(np.abs(a).max(initial=0.0), np.abs(b).max(initial=0.0), 1e-8)
    return float(np.abs(a - b).max(initial=0.0) / scale)
