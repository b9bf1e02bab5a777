"""Pooling: each window of a picture becomes one number."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from cnn.layers.base import Array, Cache, Layer, Shape, pair
from cnn.layers.functional import pad_or_crop

__all__ = ["AveragePool2D", "GlobalAveragePool2D", "MaxPool2D", "MinPool2D", "Pool2D"]


class Pool2D(Layer):
    """A K×K window that moves over each channel by itself.

    Parameters
    ----------
    size : int or (int, int)
        Rows and columns of the window.
    stride : int or (int, int), optional
        Step between windows; without it they stand side by side.
    padding : int or (int, int)
        Frame around the picture, at most half the window. Its cells are no
        numbers: they never win and are not counted in an average.
    partial : bool
        Whether a window that reaches past the last row or column is kept, with
        the cells that it has. Without it such rows and columns are left out.
    """

    fill = 0.0

    def __init__(
        self,
        size: int | tuple[int, int] = 2,
        *,
        stride: int | tuple[int, int] | None = None,
        padding: int | tuple[int, int] = 0,
        partial: bool = False,
    ) -> None:
        super().__init__()
        self.size = pair(size, "size")
        self.stride = self.size if stride is None else pair(stride, "stride")
        self.padding = pair(padding, "padding", least=0)
        self.partial = partial
        if any(2 * pad > window for pad, window in zip(self.padding, self.size, strict=True)):
            raise ValueError(f"padding {self.padding} is more than half of the window {self.size}")

    def infer_shape(self, input_shape: Shape) -> Shape:
        """Return (H', W', C)."""
        if len(input_shape) != 3:
            raise ValueError(
                f"{type(self).__name__} needs pictures of shape (H, W, C), got {input_shape}"
            )
        height, width = (self._count(input_shape[axis], axis) for axis in (0, 1))
        if height < 1 or width < 1:
            raise ValueError(f"a window of {self.size} does not fit a picture of {input_shape}")
        return height, width, input_shape[2]

    def _count(self, length: int, axis: int) -> int:
        """Return how many windows there are along an axis."""
        size, stride, pad = self.size[axis], self.stride[axis], self.padding[axis]
        room = length + 2 * pad - size
        count = (-(-room // stride) if self.partial else room // stride) + 1
        if self.partial and (count - 1) * stride >= length + pad:
            count -= 1  # a window wholly in the frame would hold no number
        return count

    def _frame(self, x: Array) -> Array:
        """Pad (N, H, W, C) so that every window is whole."""
        after = [
            (self.output_shape[axis] - 1) * self.stride[axis]
            + self.size[axis]
            - self.padding[axis]
            - x.shape[1 + axis]
            for axis in (0, 1)
        ]
        rows, columns = ((self.padding[axis], after[axis]) for axis in (0, 1))
        return pad_or_crop(x, rows, columns, value=self.fill)

    def _cells(self) -> Iterator[tuple[slice, slice, slice]]:
        """Yield, for each place in the window, the index of that cell in all the windows."""
        height, width, _ = self.output_shape
        (sh, sw), everything = self.stride, slice(None)
        for row in range(self.size[0]):
            for column in range(self.size[1]):
                yield (
                    everything,
                    slice(row, row + (height - 1) * sh + 1, sh),
                    slice(column, column + (width - 1) * sw + 1, sw),
                )

    def _unframe(self, framed: Array) -> Array:
        """Cut the frame off a gradient again."""
        (top, left), (height, width, _) = self.padding, self.input_shape
        short = [
            (0, max(0, pad + length - have))
            for pad, length, have in zip(
                (top, left), (height, width), framed.shape[1:3], strict=True
            )
        ]
        whole = pad_or_crop(framed, short[0], short[1])
        return whole[:, top : top + height, left : left + width]


class _ExtremePool2D(Pool2D):
    """One number of the window wins; the gradient goes to it alone (the first, if several)."""

    choose: np.ufunc

    def forward(
        self, x: Array, *, training: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[Array, Cache]:
        """Pool (N, H, W, C) to (N, H', W', C); see `Layer.forward`."""
        framed = self._frame(x)
        cells = self._cells()
        y = framed[next(cells)].copy(order="K")
        for cell in cells:
            self.choose(y, framed[cell], out=y)
        return y, (framed, y)

    def backward(self, dy: Array, cache: Cache) -> tuple[Array, dict[str, Array]]:
        """Return the gradient of the input, with no parameters; see `Layer.backward`."""
        framed, y = cache
        dx = np.zeros_like(framed, dy.dtype)
        rest = dy.copy(order="K")  # what no cell has won yet
        won = np.empty_like(dy)
        for cell in self._cells():
            np.multiply(rest, framed[cell] == y, out=won)
            rest -= won
            dx[cell] += won
        return self._unframe(dx), {}


class MaxPool2D(_ExtremePool2D):
    """Keep the largest number of each window; options as for `Pool2D`."""

    fill = -np.inf
    choose = np.maximum


class MinPool2D(_ExtremePool2D):
    """Keep the smallest number of each window; options as for `Pool2D`."""

    fill = np.inf
    choose = np.minimum


class AveragePool2D(Pool2D):
    """Take the mean of each window's numbers; options as for `Pool2D`."""

    def forward(
        self, x: Array, *, training: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[Array, Cache]:
        """Pool (N, H, W, C) to (N, H', W', C); see `Layer.forward`."""
        framed, count = self._frame(x), self._count_cells(x)
        cells = self._cells()
        y = framed[next(cells)].copy()
        for cell in cells:
            y += framed[cell]
        y /= count
        return y, (framed.shape, count)

    def _count_cells(self, x: Array) -> Array:
        """Return how many numbers each window has, (1, H', W', 1)."""
        ones = self._frame(np.ones((1, *x.shape[1:3], 1), x.dtype))
        return np.sum([ones[cell] for cell in self._cells()], axis=0, dtype=x.dtype)

    def backward(self, dy: Array, cache: Cache) -> tuple[Array, dict[str, Array]]:
        """Return the gradient of the input, with no parameters; see `Layer.backward`."""
        shape, count = cache
        dx = np.zeros(shape, dy.dtype)
        share = dy / count
        for cell in self._cells():
            dx[cell] += share
        return self._unframe(dx), {}


class GlobalAveragePool2D(Layer):
    """Take the mean of each channel: (N, H, W, C) to (N, C).

    References
    ----------
    Lin et al., "Network In Network", 2014.
    """

    def infer_shape(self, input_shape: Shape) -> Shape:
        """Return (C,)."""
        if len(input_shape) != 3:
            raise ValueError(
                f"GlobalAveragePool2D needs pictures of shape (H, W, C), got {input_shape}"
            )
        return (input_shape[2],)

    def forward(
        self, x: Array, *, training: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[Array, Cache]:
        """Average (N, H, W, C) to (N, C); see `Layer.forward`."""
        return x.mean(axis=(1, 2)), x.shape

    def backward(self, dy: Array, cache: Cache) -> tuple[Array, dict[str, Array]]:
        """Return the gradient of the input, with no parameters; see `Layer.backward`."""
        _, h, w, _ = cache
        return np.broadcast_to((dy / (h * w))[:, None, None, :], cache).copy(), {}
