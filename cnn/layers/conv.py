"""Two-dimensional convolution."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from cnn.layers.base import Array, Cache, Layer, Shape, pair
from cnn.layers.functional import pad_or_crop, same_padding
from cnn.layers.im2col import correlate, correlate_transposed, gather
from cnn.layers.initialisers import INITIALISERS, check_initialiser

__all__ = ["Conv2D"]


class Conv2D(Layer):
    """Convolve each picture with F kernels of K×K×C numbers and add a bias.

    (What the field calls convolution is, strictly, cross-correlation: the kernel
    is not flipped.)

    Parameters
    ----------
    filters : int
        F, the number of kernels and so of output channels.
    kernel_size : int or (int, int)
        Rows and columns of a kernel.
    stride : int or (int, int)
        Step between neighbouring windows.
    padding : int, (int, int), "valid" or "same"
        Zeros around the picture: so many on every side, or so many (rows, columns);
        "valid" is none; "same" is as many as make the output ceil(H / stride) high.
    bias : bool
        Whether a bias is added: superfluous before a batch normalisation.
    initialiser : {"he", "xavier"}
        How the kernels start.

    Notes
    -----
    Parameters are `weight` (K, K, C, F) and `bias` (F,). The windows of the input
    become the rows of a matrix (im2col), so that the whole layer is one matrix
    product (Chellapilla et al., "High Performance Convolutional Neural Networks for
    Document Processing", 2006). The gradient of the input is gathered in the same
    way, from the padded gradient of the output and the flipped kernels; with a stride,
    it is spread as in `ConvTranspose2D`.
    """

    def __init__(
        self,
        filters: int,
        kernel_size: int | tuple[int, int],
        *,
        stride: int | tuple[int, int] = 1,
        padding: int | tuple[int, int] | str = "valid",
        bias: bool = True,
        initialiser: str = "he",
    ) -> None:
        super().__init__()
        self.filters = pair(filters, "filters")[0]
        self.kernel_size = pair(kernel_size, "kernel_size")
        self.stride = pair(stride, "stride")
        if isinstance(padding, str):
            if padding not in ("valid", "same"):
                raise ValueError(f'padding must be numbers, "valid" or "same", got {padding!r}')
            self.padding: tuple[int, int] | str = padding
        else:
            self.padding = pair(padding, "padding", least=0)
        self.bias = bias
        self.initialiser = check_initialiser(initialiser)

    def build(self, input_shape: Shape, *, rng: np.random.Generator, dtype: npt.DTypeLike) -> Shape:
        """Make `weight` and `bias`; see `Layer.build`."""
        super().build(input_shape, rng=rng, dtype=dtype)
        shape = (*self.kernel_size, input_shape[2], self.filters)
        self.params = {"weight": INITIALISERS[self.initialiser](rng, shape).astype(dtype)}
        if self.bias:
            self.params["bias"] = np.zeros(self.filters, dtype)
        return self.output_shape

    def infer_shape(self, input_shape: Shape) -> Shape:
        """Return (H', W', F)."""
        if len(input_shape) != 3:
            raise ValueError(f"Conv2D needs pictures of shape (H, W, C), got {input_shape}")
        rows, columns = self.frame(input_shape)
        height, width = (
            (length + sum(pad) - size) // step + 1
            for length, pad, size, step in zip(
                input_shape[:2], (rows, columns), self.kernel_size, self.stride, strict=True
            )
        )
        if height < 1 or width < 1:
            raise ValueError(
                f"a kernel of {self.kernel_size} does not fit a picture of {input_shape} "
                f"with padding {self.padding!r}"
            )
        return height, width, self.filters

    def frame(self, input_shape: Shape) -> tuple[tuple[int, int], tuple[int, int]]:
        """Return the padding in numbers: (top, bottom), (left, right)."""
        if self.padding == "valid":
            return (0, 0), (0, 0)
        if isinstance(self.padding, str):
            rows, columns = (
                same_padding(length, size, step)
                for length, size, step in zip(
                    input_shape[:2], self.kernel_size, self.stride, strict=True
                )
            )
            return rows, columns
        return (self.padding[0],) * 2, (self.padding[1],) * 2

    def forward(
        self, x: Array, *, training: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[Array, Cache]:
        """Convolve (N, H, W, C) to (N, H', W', F); see `Layer.forward`."""
        padded = pad_or_crop(x, *self.frame(x.shape[1:]))
        y, columns = correlate(padded, self.params["weight"], self.stride)
        if self.bias:
            y += self.params["bias"]
        return y, (padded, columns if training else None)

    def backward(self, dy: Array, cache: Cache) -> tuple[Array, dict[str, Array]]:
        """Return the gradients; see `Layer.backward`."""
        weight, (height, width, _) = self.params["weight"], self.input_shape
        (top, _), (left, _) = self.frame(self.input_shape)
        if self.stride == (1, 1):
            kh, kw = self.kernel_size
            framed = pad_or_crop(
                dy,
                (kh - 1 - top, height + top - dy.shape[1]),
                (kw - 1 - left, width + left - dy.shape[2]),
            )
            flipped = weight[::-1, ::-1].transpose(0, 1, 3, 2)  # (K, K, F, C)
            dx, _ = correlate(framed, np.ascontiguousarray(flipped), (1, 1))
        else:
            whole = correlate_transposed(dy, weight, self.stride)
            dx = pad_or_crop(
                whole,
                (-top, height + top - whole.shape[1]),
                (-left, width + left - whole.shape[2]),
            )
        return dx, self.parameter_gradients(dy, cache)

    def parameter_gradients(self, dy: Array, cache: Cache) -> dict[str, Array]:
        """Return the gradients of `weight` and `bias`."""
        weight = self.params["weight"]
        padded, columns = cache
        if columns is not None:
            total = columns.T @ dy.reshape(-1, self.filters)  # (K·K·C, F)
        else:
            total = np.zeros((weight.size // self.filters, self.filters), dy.dtype)
            for part, some in gather(padded, self.kernel_size, self.stride):
                total += some.T @ dy[part].reshape(-1, self.filters)
        grads = {"weight": total.reshape(weight.shape)}
        if self.bias:
            rows = dy.reshape(-1, self.filters)
            grads["bias"] = np.ones(len(rows), dy.dtype) @ rows
        return grads
