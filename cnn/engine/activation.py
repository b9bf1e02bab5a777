"""ReLU and leaky ReLU as calls on buffers; a slope is what `Group.slope` says."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from cnn.engine.memory import Call, row_of_zeros

__all__ = ["activate", "differentiate", "gradient_dtype"]

Array = npt.NDArray[Any]


def activate(y: Array, view: Array, slope: float | None) -> Iterator[Call]:
    """Put numbers into a view of other memory, through the activation if there is one."""
    if slope is None:
        yield partial(np.copyto, view, y)
    elif slope == 0:
        yield partial(np.maximum, y, row_of_zeros(view), out=view)
    else:
        yield partial(np.multiply, y, np.float32(slope), out=view)
        yield partial(np.maximum, y, view, out=view)


def gradient_dtype(slope: float) -> type:
    """Return the dtype of the buffer that `differentiate` fills."""
    return np.float32 if slope else np.bool_


def differentiate(y: Array, derivative: Array, slope: float, mask: Array) -> Iterator[Call]:
    """Compute the activation's derivative from its results `y`.

    `mask`, of bool, is a buffer of the same shape, and `derivative` itself for ReLU.
    """
    yield partial(np.greater, y, np.float32(0), out=mask)
    if slope:
        yield partial(np.multiply, mask, np.float32(1 - slope), out=derivative)
        yield partial(np.add, derivative, np.float32(slope), out=derivative)
