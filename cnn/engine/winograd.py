"""Winograd's convolution with 3×3 kernels, and its gradients.

Each 2×2 cell of the output comes from a 4×4 tile of the input by 16 products for each
channel and filter instead of 36. Kernel and tile are transformed first (the tile by
sums alone), then the cell is put together from the products by sums. The gradients are
the same steps backwards: their matrix products are as much smaller.

    Winograd, "Arithmetic Complexity of Computations", 1980; Lavin & Gray, "Fast
    Algorithms for Convolutional Neural Networks", 2016: F(2×2, 3×3).

The last row of the transforms has the other sign here than in the paper, on both sides
of the product: this spares negations.

All functions yield calls without arguments, on arrays that are there already (see
`cnn.engine.inference.steps`). `cells` are counted over all pictures, which come last, so
that the same pixels of all of them lie beside one another: ceil(H / 2) · ceil(W / 2) · n.
Shifted by a pixel, a whole row of so many numbers is still one piece of memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from cnn.engine.memory import Call, Layout, ParameterCall, Scratch

__all__ = ["Winograd", "by_cell"]

Array = npt.NDArray[Any]

_KERNEL = np.array([[1, 0, 0], [0.5, 0.5, 0.5], [0.5, -0.5, 0.5], [0, 0, -1]])
# From a kernel's 9 numbers to 16, both ways round.
_SPREAD = np.einsum("ik,jl->ijkl", _KERNEL, _KERNEL).reshape(16, 9).astype(np.float32)


class Winograd:
    """A 3×3 convolution, stride 1.

    Parameters
    ----------
    height, width, channels, filters : int
        (H, W) and F of the output, C of the input.
    padding : {1, 0}
        Zeros around each picture: without any, the input is (H + 2, W + 2, C).

    Attributes
    ----------
    layout : Layout
        How the input has to lie. An odd picture gets one more line of zeros; what then
        comes of its last cells' second line is to be ignored.
    cells : (int, int)
        Rows and columns of cells.
    matrices : ndarray of float32, (16, C, F)
        The transformed kernels; see `set_weight`.
    used : list of (index, slice)
        Parts of the 4 × 4 products, each with the channels that they are sums over.
    """

    def __init__(
        self, height: int, width: int, channels: int, filters: int, *, padding: int = 1
    ) -> None:
        self.size = height + 2 - 2 * padding, width + 2 - 2 * padding
        self.channels = channels
        self._padding = padding
        self.cells = (height + 1) // 2, (width + 1) // 2
        rows, columns = ((padding, padding + size % 2) for size in (height, width))
        self.layout = Layout((rows, columns), split=True)
        self.matrices = np.empty((16, channels, filters), np.float32)
        self.used: list[tuple[Any, slice]] = [(np.s_[:, :], slice(0, channels))]
        self.transposed = np.empty((16, filters, channels), np.float32)

    def set_weight(self, weight: Array, *, training: bool = False) -> None:
        """Take over kernels (3, 3, C, F); for training, ready for gradients as well."""
        self.spread(weight)
        if training:
            # To multiply by these takes two thirds of the time of a transposed view.
            transposed = weight.swapaxes(2, 3).reshape(9, -1)
            np.matmul(_SPREAD, transposed, out=self.transposed.reshape(16, -1))

    def spread(self, weight: Array) -> None:
        """Compute `matrices` from kernels (3, 3, C, F)."""
        np.matmul(_SPREAD, weight.reshape(9, -1), out=self.matrices.reshape(16, -1))

    def weight_gradient(self, gradient: Array) -> Array:
        """Return the gradient of the kernels (3, 3, C, F), given that of `matrices`."""
        weight = np.empty((3, 3, *gradient.shape[1:]), np.float32)
        self.gather_weight(gradient, weight)
        return weight

    def gather_weight(self, gradient: Array, weight: Array) -> None:
        """Compute the gradient of kernels (3, 3, C, F) from that of `matrices`."""
        np.matmul(_SPREAD.T, gradient.reshape(16, -1), out=weight.reshape(9, -1))

    def transform(self, x: Array, tiles: Array, scratch: Scratch) -> Iterator[Call]:
        """Compute `tiles` (4, 4, down, across, n, C) from pictures in `layout`."""
        _, _, down, across, n, channels = tiles.shape
        # Where the products will be: the less memory, the more of it is in the cache.
        halves = scratch.get("products", (4, down, 2, across + 1, n, channels))
        rows = np.moveaxis(x.reshape(down + 1, 2, 2, across + 1, n, channels), 1, 0)
        yield from _differ(rows[:, :-1], rows[:, 1:], halves)
        columns = np.moveaxis(halves, 2, 0)
        own, after = columns[:, :, :, :-1], columns[:, :, :, 1:]
        yield from _differ(own, after, tiles.swapaxes(0, 1))

    def multiply(self, tiles: Array, products: Array) -> Iterator[Call]:
        """Compute `products` (4, 4, cells, F) from tiles."""
        rows = tiles.reshape(4, 4, -1, self.channels)
        matrices = self.matrices.reshape(4, 4, *self.matrices.shape[1:])
        for points, some in self.used:
            out = products[points]
            yield partial(
                np.matmul, rows[points][..., some], matrices[points][..., some, :], out=out
            )

    def collect(
        self, products: Array, scratch: Scratch, *, key: str
    ) -> tuple[Array, Iterator[Call]]:
        """Return the output (2, 2, cells, F), by place in the cell, and what computes it.

        It takes the place of some of the products; the buffer `key` is used as well.
        """
        lines = scratch.get(key, (2, *products.shape[1:]))
        y = products[0].reshape(2, 2, *products.shape[2:])
        return y, self._collect(products, lines, y)

    def _collect(self, products: Array, lines: Array, y: Array) -> Iterator[Call]:
        yield partial(np.add, products[1], products[2], out=lines[0])
        yield partial(np.subtract, products[1], products[2], out=lines[1])
        yield partial(np.add, lines, products[::3], out=lines)
        yield partial(np.add, lines[:, 0], lines[:, 2], out=y[:, 0])
        yield partial(np.subtract, lines[:, 3], lines[:, 2], out=y[:, 1])
        yield partial(np.add, y, lines[:, 1:2], out=y)

    def spread_gradient(self, products: Array) -> Iterator[Call]:
        """Compute the gradient of the products, given that of the output at their corners."""
        left, right = products[::3, 0], products[::3, 3]
        yield partial(np.add, left, right, out=products[::3, 1])
        yield partial(np.subtract, left, right, out=products[::3, 2])
        yield partial(np.add, products[0], products[3], out=products[1])
        yield partial(np.subtract, products[0], products[3], out=products[2])

    def multiply_gradient(
        self, tiles: Array, products: Array, total: Array, scratch: Scratch
    ) -> Iterator[Call]:
        """Add the gradient of `matrices` to `total`, given that of the products."""
        rows = tiles.reshape(4, 4, -1, self.channels).swapaxes(2, 3)
        own = scratch.get("own", (4, 4, *self.matrices.shape[1:]))
        whole = total.reshape(own.shape)
        for points, some in self.used:
            part = own[points][..., some, :]
            yield ParameterCall(np.matmul, rows[points][..., some, :], products[points], out=part)
            yield ParameterCall(
                np.add, whole[points][..., some, :], part, out=whole[points][..., some, :]
            )

    def transform_gradient(
        self, products: Array, tiles: Array, scratch: Scratch
    ) -> tuple[Array, Iterator[Call]]:
        """Return the input's gradient (n, H, W, C), and what computes it from the products'.

        The tiles are overwritten, and so are the products.
        """
        down, across = (cells + 1 - self._padding for cells in tiles.shape[2:4])
        places = scratch.get("products", (2, 2, down, across, *tiles.shape[4:]))
        dx, pairs = self.unpack(places, scratch)
        return dx, self._transform_gradient(products, tiles, places, pairs, scratch)

    def _transform_gradient(
        self,
        products: Array,
        tiles: Array,
        places: Array,
        pairs: Sequence[tuple[Array, Array]],
        scratch: Scratch,
    ) -> Iterator[Call]:
        rows = tiles.reshape(4, 4, -1, self.channels)
        transposed = self.transposed.reshape(4, 4, *self.transposed.shape[1:])
        for points, some in self.used:
            out = rows[points][..., some]
            yield partial(np.matmul, products[points], transposed[points][..., some], out=out)
            for rest in (slice(0, some.start), slice(some.stop, self.channels)):
                if rest.start < rest.stop:
                    yield partial(rows[points][..., rest].fill, 0)
        lines = scratch.get("lines", (2, *tiles.shape[1:3], *places.shape[3:]))
        gather = _gather if self._padding else _gather_whole
        yield from gather(tiles.swapaxes(0, 1), lines, np.s_[:, :, 1:], np.s_[:, :, :-1])
        yield from gather(lines.swapaxes(0, 1), places, np.s_[:, 1:], np.s_[:, :-1])
        for view, source in pairs:
            yield partial(np.copyto, view, source)

    def unpack(
        self, places: Array, scratch: Scratch
    ) -> tuple[Array, Sequence[tuple[Array, Array]]]:
        """Return a buffer for pictures (n, H, W, C), and pairs of parts of it and of `places`.

        `places` are pixels (2, 2, down, across, n, C) by place in the cell.
        """
        (height, width), n = self.size, places.shape[4]
        if self._padding:
            dx = scratch.pictures("dx", (n, height, width, self.channels))
            return dx, list(by_cell([dx], places))
        down, across = places.shape[2:4]
        whole = scratch.pictures("dx", (n, 2 * down, 2 * across, self.channels))
        return whole[:, :height, :width], list(by_cell([whole], places))


def by_cell(pictures: Sequence[Array], cells: Array) -> Iterator[tuple[Array, Array]]:
    """Pair the pixels of pictures with the same ones by cell.

    Parameters
    ----------
    pictures : sequence of ndarray
        (N, H, W, C); or the views of a `Layout` that keeps even and odd columns apart.
    cells : ndarray, (2, 2, ceil(H / 2), ceil(W / 2), N, C)
        By place in the cell.

    Yields
    ------
    (ndarray, ndarray)
        Views of both, in which the same numbers have the same places.
    """
    whole = pictures[0]
    apart = whole.ndim == 5
    cells = np.moveaxis(cells, 4, 2)
    _, _, n, down, across, channels = cells.shape
    if whole.size == cells.size:
        shape = (n, down, 2, 2, across, channels) if apart else (n, down, 2, across, 2, channels)
        yield np.moveaxis(whole.reshape(shape), (2, 3 if apart else 4), (0, 1)), cells
        return
    for row in range(2):
        for column in range(2):
            if len(pictures) == 2:
                view = pictures[column][:, row::2]
            else:
                view = whole[:, row::2, column] if apart else whole[:, row::2, column::2]
            yield view, cells[row, column, :, : view.shape[1], : view.shape[2]]


def _differ(first: Array, second: Array, out: Array) -> Iterator[Call]:
    """Transform the four lines of each tile, along one axis: two of its cell, two of the next."""
    yield partial(np.subtract, first, second, out=out[::3])
    yield partial(np.add, first[1], second[0], out=out[1])
    yield partial(np.subtract, second[0], first[1], out=out[2])


def _gather(lines: Array, out: Array, later: Any, earlier: Any) -> Iterator[Call]:
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


def _gather_whole(lines: Array, out: Array, later: Any, earlier: Any) -> Iterator[Call]:
    """Do what `_gather` does where the picture begins with the first tile's first line.

    `out` has one cell more than there are tiles; `later` and `earlier` leave out its first
    and its last.
    """
    first, second = out
    before, after = (slice(None, 1), slice(-1, None))
    axis = len(later) - 1
    yield partial(first[(*later[:axis], before)].fill, 0)
    yield partial(np.add, lines[1], lines[2], out=first[later])
    yield partial(np.subtract, first[later], lines[0], out=first[later])
    yield partial(np.add, first[earlier], lines[0], out=first[earlier])
    yield partial(second[(*later[:axis], after)].fill, 0)
    yield partial(np.subtract, lines[1], lines[2], out=second[earlier])
    yield partial(np.add, second[earlier], lines[3], out=second[earlier])
    yield partial(np.subtract, second[later], lines[3], out=second[later])
