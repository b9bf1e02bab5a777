"""2×2 max-pooling on arrays that have the pixels of a cell apart, forward and back."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from cnn.engine.memory import Call, Scratch

__all__ = ["pool_cells"]

Array = npt.NDArray[Any]


def pool_cells(
    y: Array, d: Array, g: Array, kept: Scratch, key: object
) -> tuple[list[Call], list[Call]]:
    """Return the calls that pool, and those that spread the gradient over the cells again.

    Parameters
    ----------
    y : ndarray, (2, 2, ..., C)
        By place in the cell; the largest of each cell will be in y[0, 0].
    d : ndarray, (..., C)
        Where the gradient of what was pooled will be.
    g : ndarray, (2, 2, ..., C)
        Where the gradient of `y` is wanted.
    kept : Scratch
        For what is kept until then: which pixels were largest.
    key : object
        What the buffers are named after.
    """
    beside = kept.get((key, "beside"), y.shape[1:], np.bool_)
    above = kept.get((key, "above"), y.shape[2:], np.bool_)
    forward: list[Call] = []
    for won, first, second in ((beside, y[:, 0], y[:, 1]), (above, y[0, 0], y[1, 0])):
        forward.append(partial(np.greater_equal, first, second, out=won))
        forward.append(partial(np.maximum, first, second, out=first))
    backward: list[Call] = [
        partial(np.multiply, d, above, out=g[0, 1]),
        partial(np.subtract, d, g[0, 1], out=g[1, 1]),
        partial(np.multiply, g[:, 1], beside, out=g[:, 0]),
        partial(np.subtract, g[:, 1], g[:, 0], out=g[:, 1]),
    ]
    return forward, backward
