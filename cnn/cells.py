"""Convolutions as stages of a training pass, computed by 2×2 cells of the output.

Everything that can be found beforehand (buffers, slices, shapes) is bound to a slot once;
a batch is then a row of NumPy calls, as in `cnn.steps`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from cnn.functional import windows
from cnn.layers import Conv2D
from cnn.patches import Patches
from cnn.stages import Slot, Stage, add_up
from cnn.steps import WIDEST, Call, Layout, Scratch, Target, widen
from cnn.winograd import Winograd

__all__ = ["PatchStage", "TileStage"]

Array = npt.NDArray[Any]


@dataclass
class _Bound:
    """A convolution's buffers and calls for `n` pictures in one slot.

    Attributes
    ----------
    entry : list of (index, ndarray)
        Where the input goes: parts of it, each with the view that takes it.
    out : ndarray, (n, ...)
        Where the output is, after the calls of `forward`.
    returns : list of (index, ndarray or None, ndarray)
        Where the output's gradient goes: parts of it, what each is multiplied by (ReLU),
        and the view that takes it.
    gradient : ndarray, (..., F)
        What these views belong to; its sum is the gradient of the bias.
    dx : ndarray, (n, ...)
        Where the input's gradient is, after the calls of `backward`.
    """

    n: int
    entry: Target
    forward: list[Call]
    out: Array
    returns: list[tuple[Any, Array | None, Array]]
    gradient: Array
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
        self.output_shape = (height // 2, width // 2, filters) if pooled else layer.output_shape

    def forward(self, x: Array, slot: Slot, rng: np.random.Generator) -> Array:
        """See `Stage.forward`."""
        bound: _Bound | None = slot.notes.get(self)
        if bound is None or bound.n != len(x):
            bound = slot.notes[self] = self.bind(len(x), slot)
        for place, view in bound.entry:
            view[...] = x[place]
        for call in bound.forward:
            call()
        return bound.out

    def backward(self, dy: Array, slot: Slot) -> Array:
        """See `Stage.backward`."""
        bound: _Bound = slot.notes[self]
        for place, alive, view in bound.returns:
            if alive is None:
                view[...] = dy[place]
            else:
                np.multiply(dy[place], alive, out=view)
        if self.layer.bias:
            self.add("bias", add_up(bound.gradient))
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

    def shift(self, y: Array) -> Iterator[Call]:
        """Add the bias to (..., F)."""
        if self.layer.bias:
            rows, many = widen(y)
            yield partial(np.add, rows, self._bias[:many].reshape(-1), out=rows)

    def rectify(self, y: Array, slot: Slot) -> tuple[Array | None, list[Call]]:
        """Apply the ReLU to (..., F) in place, if there is one, and note where it let through."""
        if not self.relu:
            return None, []
        alive = slot.get((self, "alive"), y.shape, np.bool_)
        rows, _ = widen(y)
        zeros = np.zeros(rows.shape[1], np.float32)
        return alive, [
            partial(np.maximum, rows, zeros, out=rows),
            partial(np.greater, rows, zeros, out=alive.reshape(rows.shape)),
        ]

    def pool(self, y: Array, slot: Slot) -> tuple[Array, list[Call], list[Call]]:
        """Keep the largest of each cell, y (4, cells, F), in y[0].

        Returns a buffer for that's gradient, the calls, and those that spread the gradient
        over the cell again, into what `cell_gradient` gives.
        """
        upper, lower, rows = slot.get((self, "won"), (3, *y.shape[1:]), np.bool_)
        d = self.scratch.get((self, "pooled"), y.shape[1:])
        g = self.cell_gradient(y.shape)
        forward: list[Call] = []
        for won, first, second in ((upper, y[0], y[1]), (lower, y[2], y[3]), (rows, y[0], y[2])):
            forward.append(partial(np.greater_equal, first, second, out=won))
            forward.append(partial(np.maximum, first, second, out=first))
        backward: list[Call] = [
            partial(np.multiply, d, rows, out=g[1]),
            partial(np.subtract, d, g[1], out=g[3]),
            partial(np.multiply, g[1], upper, out=g[0]),
            partial(np.subtract, g[1], g[0], out=g[1]),
            partial(np.multiply, g[3], lower, out=g[2]),
            partial(np.subtract, g[3], g[2], out=g[3]),
        ]
        return d, forward, backward

    def cell_gradient(self, shape: tuple[int, ...]) -> Array:
        """Return the buffer for the gradient of (4, cells, F)."""
        # By shape, because what lies outside of an odd picture has to stay zero.
        return self.scratch.get((self, "cells", shape), shape)


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
        self._way.set_weight(self.layer.params["weight"])
        self._total[...] = 0

    def settle_back(self) -> None:
        """See `Stage.settle_back`."""
        self.grads["weight"] = self._way.weight_gradient(self._total)

    def bind(self, n: int, slot: Slot) -> _Bound:
        """See `_ConvolutionStage.bind`."""
        way, scratch = self._way, self.scratch
        (down, across), shape = way.cells, self.layer.input_shape
        x, entry = way.layout.make(scratch, (self, "x"), shape, n)
        tiles = slot.get((self, "tiles"), (4, 4, n, down, across, shape[2]))
        products = scratch.get((self, "products"), (4, 4, n * down * across, self.filters))
        dx = scratch.get((self, "dx"), (n, *shape))
        out = slot.get((self, "out"), (n, *self.output_shape))
        forward = [*way.transform(x, tiles, scratch), *way.multiply(tiles, products)]
        y, calls = way.collect(products, scratch)
        forward += calls
        backward: list[Call] = []
        g = self.cell_gradient(y.shape)
        if self.pooled:
            d, pooling, backward = self.pool(y, slot)
            alive, rectifying = self.rectify(y[0], slot)
            forward += [*pooling, *self.shift(y[0]), *rectifying]
            views: list[tuple[Any, Array, Array | None, Array]] = [(np.s_[:], y[0], alive, d)]
        else:
            d = g
            alive, rectifying = self.rectify(y, slot)
            forward += [*self.shift(y), *rectifying]
            masks: Any = [None] * 4 if alive is None else alive
            places: list[Any] = [np.s_[:, k // 2 :: 2, k % 2 :: 2] for k in range(4)]
            views = list(zip(places, y, masks, g, strict=True))
        returns: list[tuple[Any, Array | None, Array]] = []
        for place, source, mask, target in views:
            view = out[place]
            inside = np.s_[:, : view.shape[1], : view.shape[2]]
            shape = (n, down, across, self.filters)
            forward.append(partial(np.copyto, view, source.reshape(shape)[inside]))
            some = None if mask is None else mask.reshape(shape)[inside]
            returns.append((place, some, target.reshape(shape)[inside]))
        backward += way.spread_gradient(g, products)
        backward += way.multiply_gradient(tiles, products, self._total, scratch)
        if self.index:
            backward += way.transform_gradient(products, tiles, dx, scratch)
        return _Bound(n, entry, forward, out, returns, d, backward, dx)


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
        self.grads["weight"] = self._patches.weight_gradient(self._total)

    def bind(self, n: int, slot: Slot) -> _Bound:
        """See `_ConvolutionStage.bind`."""
        patches = self._patches
        x, entry = Layout(self.layer.frame(self.layer.input_shape)).make(
            self.scratch, (self, "x"), self.layer.input_shape, n
        )
        view = windows(x, patches.size, patches.step)
        many, size, filters = patches.matrices.shape
        columns = slot.get((self, "columns"), (view.size // size, size))
        out = slot.get((self, "out"), (n, *self.output_shape))
        forward: list[Call] = [partial(np.copyto, columns.reshape(view.shape), view)]
        backward: list[Call] = []
        if self.pooled:
            y = self.scratch.get((self, "products"), (many, len(columns), filters))
            forward += patches.multiply(columns, y)
            d, pooling, backward = self.pool(y, slot)
            alive, rectifying = self.rectify(y[0], slot)
            forward += [*pooling, *self.shift(y[0]), *rectifying]
            forward.append(partial(np.copyto, out.reshape(y[0].shape), y[0]))
            g = self.cell_gradient(y.shape)
        else:
            y = out.reshape(-1, many * filters)
            forward += patches.multiply_beside(columns, y)
            alive, rectifying = self.rectify(y, slot)
            forward += [*self.shift(out), *rectifying]
            d = self.scratch.get((self, "gradient"), y.shape)
            g = d.reshape(-1, many, filters).transpose(1, 0, 2)
        own = self.scratch.get((self, "own"), self._total.shape)
        backward.append(partial(np.matmul, columns.T, g, out=own))
        backward.append(partial(np.add, self._total, own, out=self._total))
        mask = None if alive is None else alive.reshape(out.shape)
        returns = [(np.s_[:], mask, d.reshape(out.shape))]
        gradient = d.reshape(-1, filters)
        return _Bound(n, entry, forward, out, returns, gradient, backward, d)
