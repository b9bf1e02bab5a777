"""Convolutions of few channels, by patches of neighbouring windows.

With few channels a window is too short a row for a fast matrix product. Neighbouring
windows are therefore taken as one wider patch, and the kernel stands several times in
the matrix that multiplies it, each time in its place among zeros.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from cnn.engine.memory import Call, fitted, in_memory
from cnn.engine.windows import copy_windows, wide_windows
from cnn.layers import Conv2D

__all__ = ["Patches"]

Array = npt.NDArray[Any]


class Patches:
    """A convolution of stride 1.

    Parameters
    ----------
    layer : Conv2D
        Shapes.
    pooled : bool
        Whether 2×2 cells are wanted, for a pooling; else windows of a row stand together.

    Attributes
    ----------
    size, step : (int, int)
        Rows and columns of a patch, and from one patch to the next.
    matrices : ndarray of float32, (windows of a patch, size, F)
        One for each window of the patch: all windows of the first row, then of the second.
    """

    def __init__(self, layer: Conv2D, pooled: bool) -> None:
        height, width, _ = layer.output_shape
        self.step = (2, 2) if pooled else (1, next(k for k in (4, 2, 1) if width % k == 0))
        (kh, kw), (down, across) = layer.kernel_size, self.step
        self.size = kh + down - 1, kw + across - 1
        self._each = (height // down) * (width // across)
        shape = (down, across, *self.size, layer.input_shape[2], layer.filters)
        self._spread = np.zeros(shape, np.float32)
        self.matrices = self._spread.reshape(down * across, -1, layer.filters)
        self._beside = np.empty((self.matrices.shape[1], down * across, layer.filters), np.float32)

    def set_weight(self, weight: Array) -> None:
        """Take over kernels (K, K, C, F)."""
        for row, column, place in self._places(weight.shape):
            self._spread[row, column][place] = weight
        self._beside[...] = self.matrices.transpose(1, 0, 2)

    def weight_gradient(self, gradient: Array) -> Array:
        """Return the gradient of the kernels (K, K, C, F), given that of `matrices`."""
        spread = gradient.reshape(self._spread.shape)
        kh, kw = (size - step + 1 for size, step in zip(self.size, self.step, strict=True))
        total = np.zeros((kh, kw, *spread.shape[4:]), np.float32)
        for row, column, place in self._places(total.shape):
            total += spread[row, column][place]
        return total

    def _places(self, shape: tuple[int, ...]) -> Iterator[tuple[int, int, tuple[slice, slice]]]:
        """Yield each window of a patch, and where it lies."""
        for row in range(self.step[0]):
            for column in range(self.step[1]):
                rows, columns = slice(row, row + shape[0]), slice(column, column + shape[1])
                yield row, column, (rows, columns)

    def count(self, n: int) -> int:
        """Return how many patches `n` pictures have."""
        return n * self._each

    def gather(self, x: Array, columns: Array, like: Array | None = None) -> Call:
        """Fill `columns` (patches, size) from framed pictures (n, rows, columns, C).

        The patches come in the order in which the pixels of `like` lie in memory, a view of
        (N, H, W, C) or (N, H, 2, W / 2, C), one pixel for each patch.
        """
        rows = wide_windows(x, self.size, self.step)
        if like is not None:
            rows = fitted(rows, ..., like).transpose(*in_memory(like), -2, -1)
        return copy_windows(rows, columns)

    def arrange(self, y: Array, like: Array) -> Array:
        """Show one row for each patch (patches, F) as pictures, if gathered in that order."""
        order = in_memory(like)
        pixels = y.reshape(*(like.shape[axis] for axis in order), -1)
        return np.moveaxis(pixels, range(len(order)), order)

    def multiply(self, columns: Array, y: Array) -> Call:
        """Compute (windows of a patch, patches, F) from patches (patches, size)."""
        return partial(np.matmul, columns, self.matrices, out=y)

    def multiply_beside(self, columns: Array, y: Array) -> Call:
        """Compute (patches, windows of a patch · F) from patches (patches, size)."""
        return partial(np.matmul, columns, self._beside.reshape(len(self._beside), -1), out=y)
