"""The steps of a compiled network; `cnn.plan` says how they are joined, and why."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from cnn.functional import windows
from cnn.layers import Conv2D, Dense, GlobalAveragePool2D, Layer

__all__ = [
    "MICRO_BATCH",
    "ConvStep",
    "DenseStep",
    "LayerStep",
    "MeanStep",
    "Scratch",
    "Step",
    "frame_buffer",
]

Array = npt.NDArray[Any]

#: Pictures at a time: more would not fit a core's cache.
MICRO_BATCH = 8

_FEW_CHANNELS = 4


class Scratch:
    """One thread's buffers, made when first asked for and kept, for as many pictures as came."""

    def __init__(self) -> None:
        self._buffers: dict[tuple[int, str], Array] = {}

    def get(self, step: int, name: str, shape: tuple[int, ...], n: int) -> Array:
        """Return a buffer (n, *shape) of float32, zero at first."""
        key = (step, name)
        buffer = self._buffers.get(key)
        if buffer is None or len(buffer) < n:
            buffer = self._buffers[key] = np.zeros((n, *shape), np.float32)
        return buffer[:n]


class Step:
    """Some layers as one.

    Attributes
    ----------
    frame : ((int, int), (int, int))
        Zeros that the step wants around its input: (top, bottom), (left, right).
    """

    frame: tuple[tuple[int, int], tuple[int, int]] = ((0, 0), (0, 0))

    def __init__(self, index: int, output_shape: tuple[int, ...]) -> None:
        self.index = index
        self.output_shape = output_shape

    def run(self, x: Array, out: Array, scratch: Scratch) -> None:
        """Compute `out` (n, *output_shape) from `x` (n, ...)."""
        raise NotImplementedError


class LayerStep(Step):
    """A layer as it is."""

    def __init__(self, index: int, layer: Layer) -> None:
        super().__init__(index, layer.output_shape)
        self._layer = layer

    def run(self, x: Array, out: Array, scratch: Scratch) -> None:
        """See `Step.run`."""
        out[...] = self._layer.forward(x)[0]


class DenseStep(Step):
    """A dense layer, and maybe the ReLU after it."""

    def __init__(self, index: int, layer: Dense, relu: bool) -> None:
        super().__init__(index, layer.output_shape)
        self._weight = layer.params["weight"]
        self._bias = layer.params.get("bias")
        self._relu = relu

    def run(self, x: Array, out: Array, scratch: Scratch) -> None:
        """See `Step.run`."""
        np.matmul(x, self._weight, out=out)
        if self._bias is not None:
            np.add(out, self._bias, out=out)
        if self._relu:
            np.maximum(out, 0, out=out)


class MeanStep(Step):
    """The mean of each channel, as a product with a row of equal numbers."""

    def __init__(self, index: int, layer: GlobalAveragePool2D) -> None:
        super().__init__(index, layer.output_shape)
        cells = layer.input_shape[0] * layer.input_shape[1]
        self._mean = np.full((1, cells), 1 / cells, np.float32)

    def run(self, x: Array, out: Array, scratch: Scratch) -> None:
        """See `Step.run`."""
        n, h, w, c = x.shape
        np.matmul(self._mean, x.reshape(n, h * w, c), out=out.reshape(n, 1, c))


class ConvStep(Step):
    """A convolution, then maybe 2×2 max-pooling, then bias and maybe ReLU.

    Patches of `rows` × `columns` windows are multiplied at once; see the module.
    """

    def __init__(
        self, index: int, layer: Conv2D, weight: Array, bias: Array, *, pooled: bool, relu: bool
    ) -> None:
        height, width, filters = layer.output_shape
        shape = (height // 2, width // 2, filters) if pooled else layer.output_shape
        super().__init__(index, shape)
        self.frame = layer.frame(layer.input_shape)
        self._bias = bias
        self._biased = bool(bias.any())
        self._relu = relu
        self._stride = layer.stride
        self._kernel = layer.kernel_size
        self._pooled = pooled
        self._across = self._patch_width(layer, width)
        self._down = 2 if pooled and self._across > 1 else 1
        self._matrix = self._spread(weight)

    def _patch_width(self, layer: Conv2D, width: int) -> int:
        """Return how many neighbouring windows of a row make a patch."""
        if layer.input_shape[2] > _FEW_CHANNELS or layer.stride != (1, 1):
            return 1
        return next((count for count in (4, 2) if width % count == 0), 1)

    def _spread(self, weight: Array) -> Array:
        """Return the matrix (patch, windows of a patch · F) that multiplies patches.

        Its columns are in the order of the pooling: cells of the same place together.
        """
        kh, kw, c, f = weight.shape
        down, across = self._down, self._across
        if (down, across) == (1, 1):
            return np.ascontiguousarray(weight.reshape(kh * kw * c, f))
        matrix = np.zeros((kh + down - 1, kw + across - 1, c, down, across, f), np.float32)
        for row in range(down):
            for column in range(across):
                matrix[row : row + kh, column : column + kw, :, row, column] = weight
        if self._pooled:
            halves = matrix.reshape(*matrix.shape[:4], across // 2, 2, f)
            matrix = halves.transpose(0, 1, 2, 3, 5, 4, 6)
        return matrix.reshape((kh + down - 1) * (kw + across - 1) * c, down * across * f)

    def run(self, x: Array, out: Array, scratch: Scratch) -> None:
        """See `Step.run`."""
        y = self._multiply(x, scratch)
        if self._pooled:
            first, second, third, fourth = y
            np.maximum(first, second, out=first)
            np.maximum(third, fourth, out=third)
            np.maximum(first, third, out=first)
            y = first
        # Cells that were computed side by side lie in one row: such a shape needs no copy.
        n, height, width, filters = out.shape
        beside = self._across // 2 if self._pooled and self._across > 1 else 1
        shape = (n, height, width // beside, beside, filters)
        y = y.reshape(shape)
        if self._biased:
            np.add(y, self._bias, out=y)
        if self._relu:
            np.maximum(y, 0, out=out.reshape(shape))
        else:
            np.copyto(out.reshape(shape), y)

    def _multiply(self, x: Array, scratch: Scratch) -> Array:
        """Return all products: (4, cells, F) if they are pooled, else (windows, F)."""
        n, filters = len(x), self.output_shape[2]
        if self._across > 1:
            y = self._multiply_patches(x, scratch)
            if not self._pooled:
                return y.reshape(-1, filters)
            return y.reshape(len(y), 4, -1).transpose(1, 0, 2)
        kh, kw, c = *self._kernel, x.shape[3]
        view = windows(x, self._kernel, self._stride)
        if not self._pooled:
            columns = scratch.get(self.index, "columns", (*view.shape[1:3], kh * kw * c), n)
            np.copyto(columns.reshape(view.shape), view)
            y = scratch.get(self.index, "products", (*view.shape[1:3], filters), n)
            return self._product(columns, y).reshape(-1, filters)
        height, width, _ = self.output_shape
        columns = scratch.get(self.index, "columns", (4 * height * width * kh * kw * c,), n)
        cells = columns.reshape(-1)[: n * 4 * height * width * kh * kw * c].reshape(
            4, n, height, width, kh, kw, c
        )
        for place in range(4):
            row, column = divmod(place, 2)
            np.copyto(
                cells[place], view[:, row : 2 * height : 2, column : 2 * width : 2], casting="no"
            )
        y = scratch.get(self.index, "products", (4 * height * width * filters,), n)
        flat = y.reshape(-1)[: n * 4 * height * width * filters].reshape(4, -1, filters)
        self._product(cells, flat)
        return flat

    def _multiply_patches(self, x: Array, scratch: Scratch) -> Array:
        kh, kw = self._kernel
        size = (kh + self._down - 1, kw + self._across - 1)
        view = windows(x, size, (self._down, self._across))
        n, down, across = view.shape[:3]
        shape = (down, across, self._matrix.shape[0])
        columns = scratch.get(self.index, "columns", shape, n)
        np.copyto(columns.reshape(view.shape), view)
        y = scratch.get(self.index, "products", (down, across, self._matrix.shape[1]), n)
        return self._product(columns, y)

    def _product(self, columns: Array, y: Array) -> Array:
        """Multiply rows of any shape by the matrix, into `y`; return it as (rows, ...)."""
        rows = y.reshape(-1, self._matrix.shape[1])
        np.matmul(columns.reshape(-1, self._matrix.shape[0]), self._matrix, out=rows)
        return rows


def frame_buffer(
    scratch: Scratch,
    index: int,
    frame: tuple[tuple[int, int], tuple[int, int]],
    shape: tuple[int, ...],
    n: int,
) -> tuple[Array, Array]:
    """Return a buffer with a frame of zeros, and its inside."""
    if len(shape) != 3:
        whole = scratch.get(index, "output", shape, n)
        return whole, whole
    (top, bottom), (left, right) = frame
    height, width, channels = shape
    size = (height + top + bottom, width + left + right, channels)
    whole = scratch.get(index, "output", size, n)
    return whole, whole[:, top : top + height, left : left + width]
