"""Winograd's way to convolve with 3×3 kernels, and its gradients.

Each 2×2 cell of the output comes from a 4×4 tile of the input by 16 products for each
channel and filter instead of 36. Kernel and tile are transformed first (the tile by
sums alone), then the cell is put together from the products by sums. The gradients are
the same steps backwards: their matrix products are as much smaller.

    Winograd, "Arithmetic Complexity of Computations", 1980; Lavin & Gray, "Fast
    Algorithms for Convolutional Neural Networks", 2016: F(2×2, 3×3).

The last row of the transforms has the other sign here than in the paper, on both sides
of the product: this spares negations.

All functions yield calls without arguments, on arrays that are there already (see
`cnn.steps`). `cells` are counted over all pictures: n · ceil(H / 2) · ceil(W / 2).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from cnn.layers import Conv2D
from cnn.patches import Patches
from cnn.steps import Call, Layout, Scratch

__all__ = ["Winograd"]

Array = npt.NDArray[Any]

_KERNEL = np.array([[1, 0, 0], [0.5, 0.5, 0.5], [0.5, -0.5, 0.5], [0, 0, -1]])
# From a kernel's 9 numbers to 16, both ways round.
_SPREAD = np.einsum("ik,jl->ijkl", _KERNEL, _KERNEL).reshape(16, 9).astype(np.float32)


class Winograd:
    """A 3×3 convolution, stride 1, one zero around each picture.

    Parameters
    ----------
    height, width, channels, filters : int
        Shapes: (H, W, C) to (H, W, F).

    Attributes
    ----------
    layout : Layout
        How the input has to lie. An odd picture gets one more line of zeros; what then
        comes of its last cells' second line is to be ignored.
    cells : (int, int)
        Rows and columns of cells.
    matrices : ndarray of float32, (16, C, F)
        The transformed kernels; see `set_weight`.
    """

    def __init__(self, height: int, width: int, channels: int, filters: int) -> None:
        self.cells = (height + 1) // 2, (width + 1) // 2
        self.layout = Layout(((1, 1 + height % 2), (1, 1 + width % 2)), split=True)
        self.matrices = np.empty((16, channels, filters), np.float32)

    @staticmethod
    def fits(layer: Conv2D) -> bool:
        """Say whether a convolution can be done, and faster, in this way."""
        framed = layer.frame(layer.input_shape) == ((1, 1), (1, 1))
        plain = layer.kernel_size == (3, 3) and layer.stride == (1, 1)
        return framed and plain and not Patches.fits(layer)

    def set_weight(self, weight: Array) -> None:
        """Take over kernels (3, 3, C, F)."""
        np.matmul(_SPREAD, weight.reshape(9, -1), out=self.matrices.reshape(16, -1))

    def weight_gradient(self, gradient: Array) -> Array:
        """Return the gradient of the kernels (3, 3, C, F), given that of `matrices`."""
        whole: Array = _SPREAD.T @ gradient.reshape(16, -1)
        return whole.reshape(3, 3, *gradient.shape[1:])

    def transform(self, x: Array, tiles: Array, scratch: Scratch) -> Iterator[Call]:
        """Compute `tiles` (4, 4, n, down, across, C) from pictures in `layout`."""
        n, (down, across), channels = len(x), self.cells, x.shape[-1]
        halves = scratch.get((self, "halves"), (4, n, down, 2, across + 1, channels))
        yield from _differ([x[:, row : row + 2 * down - 1 : 2] for row in range(4)], halves)
        columns = [halves[:, :, :, c % 2, c // 2 : c // 2 + across] for c in range(4)]
        yield from _differ(columns, [tiles[:, column] for column in range(4)])

    def multiply(self, tiles: Array, products: Array) -> Iterator[Call]:
        """Compute `products` (4, 4, cells, F) from tiles."""
        yield partial(
            np.matmul,
            tiles.reshape(16, -1, tiles.shape[-1]),
            self.matrices,
            out=products.reshape(16, *products.shape[2:]),
        )

    def collect(self, products: Array, scratch: Scratch) -> tuple[Array, Iterator[Call]]:
        """Return the output (4, cells, F), by place in the cell, and what computes it.

        It takes the place of some of the products, and the others are lost as well.
        """
        lower = scratch.get((self, "lower"), products.shape[1:])
        return products[0], self._collect(products, products[1], lower)

    def _collect(self, products: Array, upper: Array, lower: Array) -> Iterator[Call]:
        yield partial(np.subtract, products[1], products[2], out=lower)
        yield partial(np.add, products[1], products[2], out=upper)
        yield partial(np.add, upper, products[0], out=upper)
        yield partial(np.add, lower, products[3], out=lower)
        y = products[0]
        for left, right, line in ((y[0], y[1], upper), (y[2], y[3], lower)):
            yield partial(np.add, line[0], line[2], out=left)
            yield partial(np.subtract, line[3], line[2], out=right)
            yield partial(np.add, left, line[1], out=left)
            yield partial(np.add, right, line[1], out=right)

    def spread_gradient(self, dy: Array, products: Array) -> Iterator[Call]:
        """Compute the gradient of the products, given that of the output (4, cells, F)."""
        upper, lower = products[0], products[3]
        for left, right, line in ((dy[0], dy[1], upper), (dy[2], dy[3], lower)):
            yield partial(np.copyto, line[0], left)
            yield partial(np.add, left, right, out=line[1])
            yield partial(np.subtract, left, right, out=line[2])
            yield partial(np.copyto, line[3], right)
        yield partial(np.add, upper, lower, out=products[1])
        yield partial(np.subtract, upper, lower, out=products[2])

    def multiply_gradient(
        self, tiles: Array, products: Array, total: Array, scratch: Scratch
    ) -> Iterator[Call]:
        """Add the gradient of `matrices` to `total`, given that of the products."""
        rows = tiles.reshape(16, -1, tiles.shape[-1])
        own = scratch.get((self, "own"), self.matrices.shape)
        gradient = products.reshape(16, *products.shape[2:])
        yield partial(np.matmul, rows.transpose(0, 2, 1), gradient, out=own)
        yield partial(np.add, total, own, out=total)

    def transform_gradient(
        self, products: Array, tiles: Array, dx: Array, scratch: Scratch
    ) -> Iterator[Call]:
        """Compute the input's gradient (n, H, W, C), given that of the products.

        The tiles are overwritten.
        """
        rows = tiles.reshape(16, -1, tiles.shape[-1])
        gradient = products.reshape(16, *products.shape[2:])
        yield partial(np.matmul, gradient, self.matrices.transpose(0, 2, 1), out=rows)
        _, _, n, down, across, channels = tiles.shape
        lines = scratch.get((self, "lines"), (2, 4, n, down, across, channels))
        places = scratch.get((self, "places"), (2, 2, n, down, across, channels))
        by_column = [tiles[:, column] for column in range(4)]
        yield from _gather(by_column, lines, np.s_[:, :, :, 1:], np.s_[:, :, :, :-1])
        for column in range(2):
            by_row = list(lines[column])
            yield from _gather(by_row, places[:, column], np.s_[:, 1:], np.s_[:, :-1])
        for row in range(2):
            for column in range(2):
                view = dx[:, row::2, column::2]
                inside = places[row, column, :, : view.shape[1], : view.shape[2]]
                yield partial(np.copyto, view, inside)


def _differ(lines: Sequence[Array], out: Sequence[Array] | Array) -> Iterator[Call]:
    """Transform the four lines of each tile, along one axis."""
    yield partial(np.subtract, lines[0], lines[2], out=out[0])
    yield partial(np.add, lines[1], lines[2], out=out[1])
    yield partial(np.subtract, lines[2], lines[1], out=out[2])
    yield partial(np.subtract, lines[1], lines[3], out=out[3])


def _gather(lines: Sequence[Array], out: Array, later: Any, earlier: Any) -> Iterator[Call]:
    """Undo `_differ` for gradients: every line of the picture is in two tiles.

    `out` gets the first and second lines of the cells. `later` and `earlier` leave out
    the first and the last tile along the axis.
    """
    first, second = out
    yield partial(np.subtract, lines[1], lines[2], out=first)
    yield partial(np.add, first, lines[3], out=first)
    yield partial(np.subtract, first[later], lines[3][earlier], out=first[later])
    yield partial(np.add, lines[1], lines[2], out=second)
    yield partial(np.subtract, second, lines[0], out=second)
    yield partial(np.add, second[earlier], lines[0][later], out=second[earlier])
