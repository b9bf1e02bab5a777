"""Two-dimensional transposed convolution."""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt

import numpy as np
import numpy.typing as npt

from cnn.layers.base import Array, Cache, Layer, Shape, pair
from cnn.layers.functional import pad_or_crop
from cnn.layers.im2col import correlate_transposed, gather
from cnn.layers.initialisers import INITIALISERS, check_initialiser

__all__ = ["ConvTranspose2D"]


class ConvTranspose2D(Layer):
    """Spread every pixel over a window with F kernels of K×K×C numbers, and add a bias.

    The transposed map of a `Conv2D` with the same kernels, stride and padding: what is the
    gradient of the input there is the output here. With a stride the picture grows.

    Parameters
    ----------
    filters : int
        F, the number of output channels.
    kernel_size : int or (int, int)
        Rows and columns of a kernel.
    stride : int or (int, int)
        Rows and columns from one window to the next in the output.
    padding : int or (int, int)
        Rows and columns that are cut off the output on every side.
    output_padding : int or (int, int)
        Rows and columns that the output has more at the bottom and on the right, less than
        the stride: several heights give the same height in a `Conv2D`, this chooses one.
    bias : bool
        Whether a bias is added: superfluous before a batch normalisation.
    initialiser : {"he", "xavier"}
        How the kernels start, as for a `Conv2D` from C to F channels; times the square root
        of the stride's area, because only so many times fewer products meet in a pixel.

    Notes
    -----
    The output has H' = (H - 1) · stride - 2 · padding + K + output_padding rows, and W'
    columns likewise, as in PyTorch. Parameters are `weight` (K, K, F, C), in the order of
    the `Conv2D` from F to C channels that it is the transposed map of, and `bias` (F,).

    References
    ----------
    Dumoulin & Visin, "A guide to convolution arithmetic for deep learning", 2016.
    """

    def __init__(
        self,
        filters: int,
        kernel_size: int | tuple[int, int],
        *,
        stride: int | tuple[int, int] = 1,
        padding: int | tuple[int, int] = 0,
        output_padding: int | tuple[int, int] = 0,
        bias: bool = True,
        initialiser: str = "he",
    ) -> None:
        super().__init__()
        self.filters = pair(filters, "filters")[0]
        self.kernel_size = pair(kernel_size, "kernel_size")
        self.stride = pair(stride, "stride")
        self.padding = pair(padding, "padding", least=0)
        self.output_padding = pair(output_padding, "output_padding", least=0)
        if any(more >= step for more, step in zip(self.output_padding, self.stride, strict=True)):
            raise ValueError(
                f"output_padding must be less than the stride {self.stride}, "
                f"got {self.output_padding}"
            )
        self.bias = bias
        self.initialiser = check_initialiser(initialiser)

    def build(self, input_shape: Shape, *, rng: np.random.Generator, dtype: npt.DTypeLike) -> Shape:
        """Make `weight` and `bias`; see `Layer.build`."""
        super().build(input_shape, rng=rng, dtype=dtype)
        shape = (*self.kernel_size, input_shape[2], self.filters)
        drawn = INITIALISERS[self.initialiser](rng, shape) * sqrt(self.stride[0] * self.stride[1])
        turned = drawn.transpose(0, 1, 3, 2)  # (K, K, F, C)
        self.params = {"weight": np.ascontiguousarray(turned, dtype)}
        if self.bias:
            self.params["bias"] = np.zeros(self.filters, dtype)
        return self.output_shape

    def infer_shape(self, input_shape: Shape) -> Shape:
        """Return (H', W', F)."""
        if len(input_shape) != 3:
            raise ValueError(
                f"ConvTranspose2D needs pictures of shape (H, W, C), got {input_shape}"
            )
        height, width = (
            (length - 1) * step - 2 * pad + size + more
            for length, step, pad, size, more in zip(
                input_shape[:2],
                self.stride,
                self.padding,
                self.kernel_size,
                self.output_padding,
                strict=True,
            )
        )
        if height < 1 or width < 1:
            raise ValueError(
                f"of a picture of {input_shape} and kernels of {self.kernel_size} a padding of "
                f"{self.padding} leaves nothing"
            )
        return height, width, self.filters

    def forward(
        self, x: Array, *, training: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[Array, Cache]:
        """Map (N, H, W, C) to (N, H', W', F); see `Layer.forward`."""
        whole = correlate_transposed(x, self.params["weight"], self.stride)
        y = pad_or_crop(whole, *self._frame(-1))
        if self.bias:
            y += self.params["bias"]
        return y, x

    def backward(self, dy: Array, cache: Cache) -> tuple[Array, dict[str, Array]]:
        """Return the gradients; see `Layer.backward`."""
        channels = self.input_shape[2]
        dx = np.empty((len(dy), *self.input_shape), dy.dtype)
        matrix = self.params["weight"].reshape(-1, channels)  # (K·K·F, C)
        total = np.zeros_like(matrix)
        for part, columns in self._gather(dy):
            np.matmul(columns, matrix, out=dx[part].reshape(-1, channels))
            total += columns.T @ cache[part].reshape(-1, channels)
        return dx, self._gradients(total, dy)

    def parameter_gradients(self, dy: Array, cache: Cache) -> dict[str, Array]:
        """Return the gradients of `weight` and `bias`."""
        channels = self.input_shape[2]
        total = np.zeros_like(self.params["weight"].reshape(-1, channels))  # (K·K·F, C)
        for part, columns in self._gather(dy):
            total += columns.T @ cache[part].reshape(-1, channels)
        return self._gradients(total, dy)

    def _gather(self, dy: Array) -> Iterator[tuple[slice, Array]]:
        """Yield the windows of some pictures' gradients at a time, (n·H·W, K·K·F)."""
        return gather(pad_or_crop(dy, *self._frame(1)), self.kernel_size, self.stride)

    def _gradients(self, total: Array, dy: Array) -> dict[str, Array]:
        grads = {"weight": total.reshape(self.params["weight"].shape)}
        if self.bias:
            rows = dy.reshape(-1, self.filters)
            grads["bias"] = np.ones(len(rows), dy.dtype) @ rows
        return grads

    def _frame(self, sign: int) -> tuple[tuple[int, int], tuple[int, int]]:
        """Return the rows and columns between the windows' whole extent and the output.

        With `sign` -1 from the whole extent to the output, with 1 back.
        """
        rows, columns = (
            (sign * pad, sign * (pad - more))
            for pad, more in zip(self.padding, self.output_padding, strict=True)
        )
        return rows, columns
