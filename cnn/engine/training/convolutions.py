"""Convolutions as stages of a training pass, computed by 2×2 cells of the output.

Everything that can be found beforehand (buffers, slices, shapes) is bound to a slot once;
a batch is then a row of NumPy calls, as in `cnn.engine.inference.steps`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from cnn.engine.memory import (
    WIDEST,
    Call,
    Layout,
    Scratch,
    Target,
    fitted,
    row_of_zeros,
    stored,
    widen,
)
from cnn.engine.patches import Patches
from cnn.engine.training.steps import Slot, Stage
from cnn.engine.winograd import Winograd, by_cell
from cnn.layers import Conv2D

__all__ = ["PatchStage", "TileStage"]

Array = npt.NDArray[Any]


@dataclass
class _Bound:
    """A convolution's buffers and calls for `n` pictures in one slot.

    Attributes
    ----------
    version : int
        Of the buffers that all slots share.
    entry : list of (index, ndarray)
        Where the input goes: parts of it, each with the view that takes it.
    out : ndarray, (n, ...)
        Where the output is, after the calls of `forward`.
    alive : ndarray of bool, (n, ...), or None
        Where the ReLU let through; without one, nothing.
    entrance : ndarray, (n, ...)
        The view that takes the output's gradient before the calls of `backward`.
    dx : ndarray, (n, ...)
        Where the input's gradient is after them.
    """

    n: int
    version: int
    entry: Target
    forward: list[Call]
    out: Array
    alive: Array | None
    entrance: Array
    backward: list[Call]
    dx: Array


class _ConvolutionStage(Stage):
    """A convolution, maybe with 2×2 max-pooling, then maybe ReLU."""

    def __init__(
        self, index: int, layer: Conv2D, *, pooled: bool, relu: bool, scratch: Scratch
    ) -> None:
        super().__init__(index)
        self.layer = layer
        self.pooled = pooled
        self.relu = relu
        self.scratch = scratch
        height, width, filters = layer.output_shape
        self.filters = filters
        self._bias = np.zeros((WIDEST, self.filters), np.float32)
        self._bias_total = np.zeros(self.filters, np.float32)
        self.output_shape = (height // 2, width // 2, filters) if pooled else layer.output_shape

    def forward(self, x: Array, slot: Slot, rng: np.random.Generator) -> Array:
        """See `Stage.forward`."""
        bound: _Bound | None = slot.notes.get(self)
        if bound is None or (bound.n, bound.version) != (len(x), self.scratch.version):
            bound = slot.notes[self] = self.bind(len(x), slot)
        for place, view in bound.entry:
            view[...] = fitted(x, place, view)
        for call in bound.forward:
            call()
        return bound.out

    def backward(self, dy: Array, slot: Slot) -> Array:
        """See `Stage.backward`."""
        bound: _Bound = slot.notes[self]
        if bound.alive is None:
            bound.entrance[...] = dy
        else:
            np.multiply(dy, bound.alive, out=bound.entrance)
        for call in bound.backward:
            call()
        return bound.dx

    def bind(self, n: int, slot: Slot) -> _Bound:
        """Make buffers and calls."""
        raise NotImplementedError

    def start(self) -> None:
        """See `Stage.start`."""
        super().start()
        if self.layer.bias:
            self._bias[:] = self.layer.params["bias"]
            self._bias_total[:] = 0

    def settle_back(self) -> None:
        """See `Stage.settle_back`."""
        if self.layer.bias:
            self.grads["bias"] = self._bias_total

    def shift(self, y: Array) -> Iterator[Call]:
        """Add the bias to (..., F)."""
        if self.layer.bias:
            rows, many = widen(y)
            yield partial(np.add, rows, self._bias[:many].reshape(-1), out=rows)

    def shift_gradient(self, d: Array) -> Iterator[Call]:
        """Add to the gradient of the bias, given that of (..., F)."""
        if self.layer.bias:
            rows = d.reshape(-1, self.filters)
            own = self.scratch.get("bias", (self.filters,))
            yield partial(np.matmul, np.ones(len(rows), np.float32), rows, out=own)
            yield partial(np.add, self._bias_total, own, out=self._bias_total)

    def leave(self, pairs: Iterable[tuple[Array, Array]], out: Array, slot: Slot) -> list[Call]:
        """Put results into parts of the output, through the ReLU if there is one."""
        if not self.relu:
            return [partial(np.copyto, view, source) for view, source in pairs]
        calls: list[Call] = [
            partial(np.maximum, source, row_of_zeros(view), out=view) for view, source in pairs
        ]
        return [*calls, partial(np.greater, out, np.float32(0), out=self.alive(out, slot))]

    def alive(self, out: Array, slot: Slot) -> Array | None:
        """Return the buffer that says where the ReLU let through, if there is one."""
        return slot.pictures((self, "alive"), out.shape, np.bool_) if self.relu else None

    def pool(self, y: Array, d: Array, g: Array, slot: Slot) -> tuple[list[Call], list[Call]]:
        """Keep the largest of each cell, y (2, 2, cells, F), in y[0, 0].

        Returns the calls that do it, and those that spread its gradient d (cells, F) over
        the cell again, into g (2, 2, cells, F).
        """
        beside = slot.get((self, "beside"), y.shape[1:], np.bool_)
        above = slot.get((self, "above"), y.shape[2:], np.bool_)
        forward: list[Call] = []
        for won, first, second in ((beside, y[:, 0], y[:, 1]), (above, y[0, 0], y[1, 0])):
            forward.append(partial(np.greater_equal, first, second, out=won))
            forward.append(partial(np.maximum, first, second, out=first))
        backward: list[Call] = [
            partial(np.multiply, d, above, out=g[0, 1]),
            partial(np.subtract, d, g[0, 1], out=g[1, 1]),
            partial(np.multiply, g[:, 1], beside, out=g[:, 0]),
            partial(np.subtract, g[:, 1], g[:, 0], out=g[:, 1]),
        ]
        return forward, backward


class TileStage(_ConvolutionStage):
    """With 3×3 kernels and a frame of one, in Winograd's way."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        height, width, channels = self.layer.input_shape
        self._way = Winograd(height, width, channels, self.filters)
        self._total = np.zeros_like(self._way.matrices)

    def start(self) -> None:
        """See `Stage.start`."""
        super().start()
        self._way.set_weight(self.layer.params["weight"], training=True)
        self._total[...] = 0

    def settle_back(self) -> None:
        """See `Stage.settle_back`."""
        super().settle_back()
        self.grads["weight"] = self._way.weight_gradient(self._total)

    def bind(self, n: int, slot: Slot) -> _Bound:
        """See `_ConvolutionStage.bind`."""
        way, scratch = self._way, self.scratch
        (down, across), shape = way.cells, self.layer.input_shape
        x, entry = way.layout.make(scratch, (self, "x"), shape, n)
        tiles = slot.get((self, "tiles"), (4, 4, down, across, n, shape[2]))
        products = scratch.get("products", (4, 4, down * across * n, self.filters))
        dx = scratch.pictures("dx", (n, *shape))
        out = slot.pictures((self, "out"), (n, *self.output_shape))
        y, collecting = way.collect(products, scratch, key="lines")
        cells = y.reshape(2, 2, down, across, n, self.filters)
        corners = products[::3, ::3]
        forward = [*way.transform(x, tiles, scratch), way.multiply(tiles, products), *collecting]
        if self.pooled:
            entrance = scratch.pictures("d", out.shape)
            d = stored(entrance)
            pooling, backward = self.pool(y, d.reshape(y.shape[2:]), corners, slot)
            forward += [*pooling, *self.shift(y[0, 0])]
            forward += self.leave([(out, np.moveaxis(cells[0, 0], 2, 0))], out, slot)
        else:
            forward += self.shift(y)
            forward += self.leave(by_cell([out], cells), out, slot)
            # By shape, because what lies outside of an odd picture has to stay zero.
            around = (n, 2 * down, 2 * across, self.filters)
            whole = scratch.pictures((self, "d", around), around)
            d, entrance = stored(whole), whole[:, : out.shape[1], : out.shape[2]]
            [(pictures, places)] = by_cell([whole], corners.reshape(cells.shape))
            backward = [partial(np.copyto, places, pictures)]
        backward += self.shift_gradient(d)
        backward += way.spread_gradient(products)
        backward += way.multiply_gradient(tiles, products, self._total, scratch)
        if self.index:
            backward += way.transform_gradient(products, tiles, dx, scratch)
        alive = self.alive(out, slot)
        version = scratch.version
        return _Bound(n, version, entry, forward, out, alive, entrance, backward, dx)


class PatchStage(_ConvolutionStage):
    """The network's first, with few channels: one row for each patch of neighbouring windows."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._patches = Patches(self.layer, self.pooled)
        self._total = np.zeros_like(self._patches.matrices)

    def start(self) -> None:
        """See `Stage.start`."""
        super().start()
        self._patches.set_weight(self.layer.params["weight"])
        self._total[...] = 0

    def settle_back(self) -> None:
        """See `Stage.settle_back`."""
        super().settle_back()
        self.grads["weight"] = self._patches.weight_gradient(self._total)

    def bind(self, n: int, slot: Slot) -> _Bound:
        """See `_ConvolutionStage.bind`."""
        patches = self._patches
        x, entry = Layout(self.layer.frame(self.layer.input_shape)).make(
            self.scratch, (self, "x"), self.layer.input_shape, n
        )
        many, size, filters = patches.matrices.shape
        columns = slot.get((self, "columns"), (patches.count(n), size))
        out = slot.pictures((self, "out"), (n, *self.output_shape))
        products = self.scratch.get("products", (many, len(columns), filters))
        backward: list[Call] = []
        if self.pooled:
            cells = (2, 2, len(columns), filters)
            entrance = self.scratch.pictures("d", out.shape)
            d = stored(entrance)
            g = self.scratch.get("lines", products.shape)
            y = products.reshape(cells)
            pooling, backward = self.pool(y, d.reshape(cells[2:]), g.reshape(cells), slot)
            forward = [patches.gather(x, columns, out), patches.multiply(columns, products)]
            forward += [*pooling, *self.shift(y[0, 0])]
            forward += self.leave([(out, patches.arrange(y[0, 0], out))], out, slot)
        else:
            beside = products.reshape(len(columns), many * filters)
            entrance = d = self.scratch.get("d", out.shape)
            g = d.reshape(-1, many, filters).transpose(1, 0, 2)
            forward = [patches.gather(x, columns), patches.multiply_beside(columns, beside)]
            forward += self.shift(products.reshape(-1, filters))
            forward += self.leave([(out, products.reshape(out.shape))], out, slot)
        own = self.scratch.get("own", self._total.shape)
        backward += self.shift_gradient(d)
        backward.append(partial(np.matmul, columns.T, g, out=own))
        backward.append(partial(np.add, self._total, own, out=self._total))
        alive = self.alive(out, slot)
        version = self.scratch.version
        return _Bound(n, version, entry, forward, out, alive, entrance, backward, d)
