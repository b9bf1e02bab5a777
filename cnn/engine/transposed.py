"""Transposed convolutions: the gradient of a convolution's input, as a layer of its own.

What `cnn.engine.windows` and `cnn.engine.strided` compute for a convolution forward is done
here on the way back, and the other way round.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from cnn.engine.memory import Call, Scratch
from cnn.layers import Conv2D, ConvTranspose2D

__all__ = ["Overlap", "find_convolution"]

Array = npt.NDArray[Any]


def find_convolution(layer: ConvTranspose2D) -> Conv2D:
    """Return the convolution of which a layer is the transposed map, with its parameters."""
    convolution = Conv2D(
        layer.input_shape[2],
        layer.kernel_size,
        stride=layer.stride,
        padding=layer.padding,
        bias=False,
    )
    convolution.input_shape, convolution.output_shape = layer.output_shape, layer.input_shape
    convolution.params = {"weight": layer.params["weight"]}
    return convolution


class Overlap:
    """A transposed convolution to few channels: its windows are added where they overlap.

    The products are as many as the kernel has numbers, so that with few output channels
    they take less memory than the windows of the input would.
    """

    def __init__(self, layer: ConvTranspose2D) -> None:
        self._layer = layer
        kh, kw = layer.kernel_size
        filters, channels = layer.filters, layer.input_shape[2]
        self._matrix = np.zeros((kh, kw, filters, channels), np.float32)
        (sh, sw), (height, width, _) = layer.stride, layer.input_shape
        # All windows, and what the output has beyond them.
        self._size = (
            max((height - 1) * sh + kh, layer.padding[0] + layer.output_shape[0]),
            max((width - 1) * sw + kw, layer.padding[1] + layer.output_shape[1]),
        )

    def set_weight(self, weight: Array) -> None:
        """Take over kernels (K, K, F, C)."""
        self._matrix[...] = weight

    def bind(self, x: Array, scratch: Scratch, key: object) -> tuple[Array, Iterator[Call]]:
        """Return where the output (n, H', W', F) will be, and what computes it.

        `x` are contiguous pictures (n, H, W, C).
        """
        (top, left), (height, width, filters) = self._layer.padding, self._layer.output_shape
        whole = scratch.get(key, (filters, len(x), *self._size))
        inner = whole[:, :, top : top + height, left : left + width]
        return np.moveaxis(inner, 0, 3), self._bind(x, whole, scratch)

    def _bind(self, x: Array, whole: Array, scratch: Scratch) -> Iterator[Call]:
        n, height, width, channels = x.shape
        (sh, sw), filters = self._layer.stride, len(whole)
        rows = x.reshape(-1, channels)
        products = scratch.get("products", (self._matrix.size // channels, len(rows)))
        matrix = self._matrix.reshape(-1, channels)
        yield partial(np.matmul, matrix, rows.T, out=products)
        yield partial(whole.fill, 0)
        windows = products.reshape(*self._layer.kernel_size, filters, n, height, width)
        for row, column in np.ndindex(*self._layer.kernel_size):
            view = whole[:, :, row::sh, column::sw][:, :, :height, :width]
            yield partial(np.add, view, windows[row, column], out=view)
