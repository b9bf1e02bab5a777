"""Convolutions by the matrix of all windows (im2col), and their gradients.

    Chellapilla et al., "High Performance Convolutional Neural Networks for Document
    Processing", 2006.

The input's gradient needs no sums over overlapping windows: the pixels of the input fall
into phases, by their place within the stride. Those of a phase are a convolution of stride
1 of the output's gradient, with every stride-th line and column of the kernel; so each is a
product with windows again. A transposed convolution is computed by the same products.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from cnn.engine.memory import Call, Layout, Scratch
from cnn.layers import Conv2D
from cnn.layers.functional import windows

__all__ = ["Phases", "copy_windows", "gather_cells", "wide_windows"]

Array = npt.NDArray[Any]
Pair = tuple[int, int]


def wide_windows(x: Array, size: Pair, stride: Pair) -> Array:
    """Show windows (n, H', W', K, numbers) of pictures (n, H, W, C) with few, wide numbers.

    It is the number of numbers that takes a copy's time, not how wide they are.
    """
    view = windows(x, size, stride)
    run = view.shape[4] * view.strides[4]  # bytes of a window's row, which lie together
    kind: np.dtype[Any] = np.dtype(np.float32)
    if all(stride % 8 == 0 for stride in (run, *view.strides[:4])):
        kind = np.dtype(np.float64 if run % 16 else np.complex128)
    shape = (*view.shape[:4], run // kind.itemsize)
    return np.ndarray(shape, kind, x, strides=(*view.strides[:4], kind.itemsize))


def copy_windows(view: Array, columns: Array) -> Call:
    """Copy what `wide_windows` shows to rows (windows, K·K·C)."""
    return partial(np.copyto, columns.view(view.dtype).reshape(view.shape), view)


def gather_cells(x: Array, size: Pair, stride: Pair, columns: Array) -> Iterator[Call]:
    """Copy windows to rows in the order of 2×2 pooling: first those of all cells' first pixels."""
    view = wide_windows(x, size, stride)
    for place, rows in enumerate(columns.reshape(4, -1, columns.shape[-1])):
        row, column = divmod(place, 2)
        yield copy_windows(view[:, row::2, column::2], rows)


class Phases:
    """The transposed map of a convolution: from its output's gradient to its input's.

    Parameters
    ----------
    input_shape, output_shape : (int, int, int)
        (H, W, C) and (H', W', F) of the convolution.
    kernel_size, stride, corner : (int, int)
        Of the convolution; `corner` is its padding at the top and on the left.
    """

    def __init__(
        self,
        input_shape: tuple[int, ...],
        output_shape: tuple[int, ...],
        kernel_size: Pair,
        stride: Pair,
        corner: Pair,
    ) -> None:
        self.stride = stride
        self._channels, self._filters = input_shape[2], output_shape[2]
        self._kernel_size = kernel_size
        #: How many pixels of a phase reach an output along each axis, at most.
        self._taps = down, across = (
            -(-kernel_size[0] // stride[0]),
            -(-kernel_size[1] // stride[1]),
        )
        first = [pad // step for pad, step in zip(corner, stride, strict=True)]
        last = [
            (pad + length - 1) // step
            for pad, length, step in zip(corner, input_shape[:2], stride, strict=True)
        ]
        #: Pixels of each phase.
        self.cells = last[0] - first[0] + 1, last[1] - first[1] + 1
        #: Where the picture begins among the pixels of all phases.
        self._start = corner[0] - first[0] * stride[0], corner[1] - first[1] * stride[1]
        self._size = input_shape[:2]
        before = [place - taps + 1 for place, taps in zip(first, self._taps, strict=True)]
        frame = [
            (max(0, -start), max(0, end + 1 - length))
            for start, end, length in zip(before, last, output_shape[:2], strict=True)
        ]
        self._offset = max(0, before[0]), max(0, before[1])
        self.layout = Layout((frame[0], frame[1]))
        shape = (stride[0], down, across, self._filters, stride[1], self._channels)
        self._matrices = np.zeros(shape, np.float32)

    @classmethod
    def of(cls, layer: Conv2D) -> Phases:
        """Return the transposed map of a layer."""
        rows, columns = layer.frame(layer.input_shape)
        corner = rows[0], columns[0]
        return cls(layer.input_shape, layer.output_shape, layer.kernel_size, layer.stride, corner)

    def set_weight(self, weight: Array) -> None:
        """Take over kernels (K, K, C, F)."""
        (down, across), (sh, sw) = self._taps, self.stride
        for row in range(self._kernel_size[0]):
            for column in range(self._kernel_size[1]):
                (t, p), (s, q) = divmod(row, sh), divmod(column, sw)
                kernel = weight[row, column].T  # (F, C)
                self._matrices[p, down - 1 - t, across - 1 - s, :, q] = kernel

    def bind(self, dy: Array, scratch: Scratch, key: object) -> tuple[Array, list[Call]]:
        """Return where the input's gradient (n, H, W, C) will be, and what computes it.

        Parameters
        ----------
        dy : ndarray
            The output's gradient, in `layout`.
        scratch : Scratch
            For buffers.
        key : object
            Name of the buffer of the result.
        """
        n, (rows, columns), (down, across) = len(dy), self.cells, self._taps
        (sh, sw), (top, left) = self.stride, self._start
        y, x = self._offset
        view = wide_windows(dy, self._taps, (1, 1))[:, y : y + rows, x : x + columns]
        size = down * across * self._filters
        gathered = scratch.get("phases", (n * rows * columns, size))
        width = sw * self._channels
        whole = scratch.get(key, (n, rows, sh, columns * width))
        calls = [copy_windows(view, gathered)]
        for phase in range(sh):
            taps = -(-(self._kernel_size[0] - phase) // sh)
            if taps <= 0:
                calls.append(partial(whole[:, :, phase].fill, 0))
                continue
            used = taps * across * self._filters
            matrix = self._matrices[phase].reshape(size, width)[size - used :]
            product = scratch.get("phase", (n * rows * columns, width))
            if sh == 1:
                product = whole.reshape(product.shape)
            calls.append(partial(np.matmul, gathered[:, size - used :], matrix, out=product))
            if sh > 1:
                source = product.reshape(n, rows, columns * width)
                calls.append(partial(np.copyto, whole[:, :, phase], source))
        pictures = whole.reshape(n, rows * sh, columns * sw, self._channels)
        return pictures[:, top : top + self._size[0], left : left + self._size[1]], calls
