"""Two-dimensional convolution."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from cnn.layers.base import Array, Cache, Layer, Shape, pair
from cnn.layers.functional import pad_or_crop, same_padding, windows
from cnn.layers.initialisers import INITIALISERS, check_initialiser

__all__ = ["Conv2D"]

# Windows are gathered for as many pictures at a time as fit a core's cache: a
# matrix product fed from the cache runs about twice as fast as one fed from memory.
_COLUMNS_BYTES = 4 << 20


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
    way, from the padded gradient of the output and the flipped kernels.
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
        y, columns = _correlate(padded, self.params["weight"], self.stride)
        if self.bias:
            y += self.params["bias"]
        return y, (padded, columns if training else None)

    def backward(self, dy: Array, cache: Cache) -> tuple[Array, dict[str, Array]]:
        """Return the gradients; see `Layer.backward`."""
        (kh, kw), (sh, sw) = self.kernel_size, self.stride
        if (sh, sw) != (1, 1):
            n, h, w, f = dy.shape
            spread = np.zeros((n, (h - 1) * sh + 1, (w - 1) * sw + 1, f), dy.dtype)
            spread[:, ::sh, ::sw] = dy
        else:
            spread = dy
        (top, _), (left, _) = self.frame(self.input_shape)
        height, width, _ = self.input_shape
        framed = pad_or_crop(
            spread,
            (kh - 1 - top, height + top - spread.shape[1]),
            (kw - 1 - left, width + left - spread.shape[2]),
        )
        flipped = self.params["weight"][::-1, ::-1].transpose(0, 1, 3, 2)  # (K, K, F, C)
        dx, _ = _correlate(framed, np.ascontiguousarray(flipped), (1, 1))
        return dx, self.parameter_gradients(dy, cache)

    def parameter_gradients(self, dy: Array, cache: Cache) -> dict[str, Array]:
        """Return the gradients of `weight` and `bias`."""
        weight = self.params["weight"]
        padded, columns = cache
        if columns is not None:
            total = columns.T @ dy.reshape(-1, self.filters)  # (K·K·C, F)
        else:
            total = np.zeros((weight.size // self.filters, self.filters), dy.dtype)
            for part, some in _columns(padded, self.kernel_size, self.stride):
                total += some.T @ dy[part].reshape(-1, self.filters)
        grads = {"weight": total.reshape(weight.shape)}
        if self.bias:
            rows = dy.reshape(-1, self.filters)
            grads["bias"] = np.ones(len(rows), dy.dtype) @ rows
        return grads


def _columns(
    x: Array, size: tuple[int, int], stride: tuple[int, int]
) -> Iterator[tuple[slice, Array]]:
    """Yield the windows of some pictures at a time as rows (n·H'·W', K·K·C), in one buffer."""
    view = windows(x, size, stride)
    one = view[:1].size
    step = max(1, min(len(x), _COLUMNS_BYTES // max(one * x.itemsize, 1)))
    buffer = np.empty((step, *view.shape[1:]), x.dtype)
    for start in range(0, len(x), step):
        part = slice(start, min(start + step, len(x)))
        columns = buffer[: part.stop - start]
        np.copyto(columns, view[part])
        yield part, columns.reshape(-1, view.shape[3] * view.shape[4] * view.shape[5])


def _correlate(x: Array, weight: Array, stride: tuple[int, int]) -> tuple[Array, Array | None]:
    """Slide `weight` (K, K, C, F) over padded pictures (N, H, W, C).

    Returns the result and, if all windows were gathered at once, the windows.
    """
    kh, kw, c, f = weight.shape
    height, width = (x.shape[1] - kh) // stride[0] + 1, (x.shape[2] - kw) // stride[1] + 1
    y = np.empty((len(x), height, width, f), x.dtype)
    matrix = weight.reshape(kh * kw * c, f)
    columns: Array | None = None
    for part, columns in _columns(x, (kh, kw), stride):
        np.matmul(columns, matrix, out=y[part].reshape(-1, f))
    whole = columns is not None and len(columns) == len(x) * height * width
    return y, columns if whole else None
