"""Convolutions as steps of a training pass, one class for each `Algorithm`.

Everything that can be found beforehand (buffers, slices, shapes) is bound to a micro-batch
once; a pass is then a row of NumPy calls, as in `cnn.engine.inference.steps`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from cnn.engine.activation import activate, differentiate, gradient_dtype
from cnn.engine.fusion import Group
from cnn.engine.memory import (
    WIDEST,
    Call,
    Layout,
    ParameterCall,
    Scratch,
    Target,
    fitted,
    like,
    stored,
    widen,
)
from cnn.engine.patches import Patches
from cnn.engine.strided import StridedWinograd
from cnn.engine.training.pooling import pool_cells
from cnn.engine.training.steps import MicroBatch, Step
from cnn.engine.winograd import Winograd, by_cell
from cnn.layers import Conv2D, ConvTranspose2D

__all__ = ["Bound", "ConvolutionStep", "PatchStep", "StridedWinogradStep", "WinogradStep"]

Array = npt.NDArray[Any]


@dataclass
class Bound:
    """A convolution's buffers and calls for the `n` pictures of one micro-batch.

    Attributes
    ----------
    version : int
        Of the buffers that all micro-batches share.
    inputs : list of (index, ndarray)
        Where the input goes: parts of it, each with the view that it is copied to.
    out : ndarray, (n, ...)
        Where the output is, after the calls of `forward`.
    derivative : ndarray, (n, ...), or None
        Of the activation, if there is one.
    dy : ndarray, (n, ...)
        Where the output's gradient has to be before the calls of `backward`.
    dx : ndarray, (n, ...)
        Where the input's gradient is after them.
    """

    n: int
    version: int
    inputs: Target
    forward: list[Call]
    out: Array
    derivative: Array | None
    dy: Array
    backward: list[Call]
    dx: Array

    def __post_init__(self) -> None:
        #: The calls of `backward` that the input's gradient needs.
        self.to_input = [call for call in self.backward if not isinstance(call, ParameterCall)]


class ConvolutionStep(Step):
    """A convolution, maybe with 2×2 max-pooling, then maybe an activation."""

    def __init__(self, group: Group, scratch: Scratch) -> None:
        super().__init__(group.index)
        self.layer = layer = cast("Conv2D | ConvTranspose2D", group.layer)
        self.pooled, self.slope = group.pooled, group.slope
        self.scratch = scratch
        height, width, self.filters = layer.output_shape
        self._bias = np.zeros((WIDEST, self.filters), np.float32)
        self._bias_total = np.zeros(self.filters, np.float32)
        self.output_shape = (
            (height // 2, width // 2, self.filters) if self.pooled else layer.output_shape
        )

    def forward(self, x: Array, batch: MicroBatch, rng: np.random.Generator) -> Array:
        """Compute the step's output (n, ...), good until the next batch."""
        bound: Bound | None = batch.saved.get(self)
        if bound is None or (bound.n, bound.version) != (len(x), self.scratch.version):
            bound = batch.saved[self] = self.bind(len(x), batch)
        for place, view in bound.inputs:
            view[...] = fitted(x, place, view)
        for call in bound.forward:
            call()
        return bound.out

    def backward(self, dy: Array, batch: MicroBatch) -> Array:
        """Add to `grads`, and return the input's gradient, good until the next call."""
        bound: Bound = batch.saved[self]
        if bound.derivative is None:
            bound.dy[...] = dy
        else:
            np.multiply(dy, bound.derivative, out=bound.dy)
        for call in bound.backward if self.parameters else bound.to_input:
            call()
        return bound.dx

    def bind(self, n: int, batch: MicroBatch) -> Bound:
        """Make buffers and calls."""
        raise NotImplementedError

    def start(self) -> None:
        """Get ready for a batch: the parameters may be others now."""
        super().start()
        if self.layer.bias:
            self._bias[:] = self.layer.params["bias"]
            self._bias_total[:] = 0

    def finish_backward(self) -> None:
        """Complete `grads` when all pictures of the batch have gone backward."""
        if self.layer.bias:
            self.grads["bias"] = self._bias_total

    def add_bias(self, y: Array) -> Iterator[Call]:
        """Add the bias to (..., F)."""
        if self.layer.bias:
            rows, many = widen(y)
            yield partial(np.add, rows, self._bias[:many].reshape(-1), out=rows)

    def add_bias_gradient(self, d: Array) -> Iterator[Call]:
        """Add to the gradient of the bias, given that of (..., F)."""
        if self.layer.bias:
            rows = d.reshape(-1, self.filters)
            own = self.scratch.get("bias", (self.filters,))
            yield ParameterCall(np.matmul, np.ones(len(rows), np.float32), rows, out=own)
            yield ParameterCall(np.add, self._bias_total, own, out=self._bias_total)

    def finish(
        self, pairs: Iterable[tuple[Array, Array]], out: Array, derivative: Array | None
    ) -> Iterator[Call]:
        """Put results into parts of the output, through the activation if there is one."""
        for view, source in pairs:
            yield from activate(source, view, self.slope)
        if self.slope is not None and derivative is not None:
            mask = like(out, self.scratch, "mask", np.bool_) if self.slope else derivative
            yield from differentiate(out, derivative, self.slope, mask)

    def make_derivative(self, out: Array, batch: MicroBatch) -> Array | None:
        """Return the buffer for the activation's derivative, if there is one."""
        if self.slope is None:
            return None
        return like(out, batch, (self, "derivative"), gradient_dtype(self.slope))


class WinogradStep(ConvolutionStep):
    """With 3×3 kernels and a frame of one: see `cnn.engine.winograd`."""

    def __init__(self, group: Group, scratch: Scratch) -> None:
        super().__init__(group, scratch)
        self._winograd = self.make_algorithm()
        self._total = np.zeros_like(self._winograd.matrices)

    def make_algorithm(self) -> Winograd:
        """Return what computes the convolution."""
        layer = cast(Conv2D, self.layer)
        (height, width, filters), channels = layer.output_shape, layer.input_shape[2]
        padding = layer.frame(layer.input_shape)[0][0]
        return Winograd(height, width, channels, filters, padding=padding)

    def start(self) -> None:
        """Get ready for a batch: the parameters may be others now."""
        super().start()
        self._winograd.set_weight(self.layer.params["weight"], training=True)
        self._total[...] = 0

    def finish_backward(self) -> None:
        """Complete `grads` when all pictures of the batch have gone backward."""
        super().finish_backward()
        self.grads["weight"] = self._winograd.weight_gradient(self._total)

    def bind(self, n: int, batch: MicroBatch) -> Bound:
        """Make buffers for n pictures, and the calls that work on them."""
        winograd, scratch = self._winograd, self.scratch
        (down, across), shape = winograd.cells, self.layer.input_shape
        x, inputs = winograd.layout.make(scratch, (self, "x"), shape, n)
        tiles = batch.get((self, "tiles"), (4, 4, down, across, n, winograd.channels))
        products = scratch.get("products", (4, 4, down * across * n, self.filters))
        out = batch.pictures((self, "out"), (n, *self.output_shape))
        derivative = self.make_derivative(out, batch)
        y, collecting = winograd.collect(products, scratch, key="lines")
        cells = y.reshape(2, 2, down, across, n, self.filters)
        corners = products[::3, ::3]
        forward = [
            *winograd.transform(x, tiles, scratch),
            *winograd.multiply(tiles, products),
            *collecting,
        ]
        if self.pooled:
            dy = scratch.pictures("d", out.shape)
            d = stored(dy)
            pooling, backward = pool_cells(y, d.reshape(y.shape[2:]), corners, batch, self)
            forward += [*pooling, *self.add_bias(y[0, 0])]
            forward += self.finish([(out, np.moveaxis(cells[0, 0], 2, 0))], out, derivative)
        else:
            forward += self.add_bias(y)
            forward += self.finish(by_cell([out], cells), out, derivative)
            # By shape, because what lies outside of an odd picture has to stay zero.
            around = (n, 2 * down, 2 * across, self.filters)
            whole = scratch.pictures((self, "d", around), around)
            d, dy = stored(whole), whole[:, : out.shape[1], : out.shape[2]]
            [(pictures, places)] = by_cell([whole], corners.reshape(cells.shape))
            backward = [partial(np.copyto, places, pictures)]
        backward += self.add_bias_gradient(d)
        backward += winograd.spread_gradient(products)
        backward += winograd.multiply_gradient(tiles, products, self._total, scratch)
        dx = dy
        if self.index:
            dx, calls = winograd.transform_gradient(products, tiles, scratch)
            backward += calls
        version = scratch.version
        return Bound(n, version, inputs, forward, out, derivative, dy, backward, dx)


class StridedWinogradStep(WinogradStep):
    """With larger kernels and stride 2: see `cnn.engine.strided`."""

    def make_algorithm(self) -> Winograd:
        """Return what computes the convolution: Winograd's algorithm for stride 2."""
        return StridedWinograd(cast(Conv2D, self.layer))


class PatchStep(ConvolutionStep):
    """The network's first, with few channels: one row for each patch of neighbouring windows."""

    def __init__(self, group: Group, scratch: Scratch) -> None:
        super().__init__(group, scratch)
        self._patches = Patches(cast(Conv2D, self.layer), self.pooled)
        self._total = np.zeros_like(self._patches.matrices)

    def start(self) -> None:
        """Get ready for a batch: the parameters may be others now."""
        super().start()
        self._patches.set_weight(self.layer.params["weight"])
        self._total[...] = 0

    def finish_backward(self) -> None:
        """Complete `grads` when all pictures of the batch have gone backward."""
        super().finish_backward()
        self.grads["weight"] = self._patches.weight_gradient(self._total)

    def bind(self, n: int, batch: MicroBatch) -> Bound:
        """Make buffers for n pictures, and the calls that work on them."""
        patches = self._patches
        layer = cast(Conv2D, self.layer)
        x, inputs = Layout(layer.frame(layer.input_shape)).make(
            self.scratch, (self, "x"), self.layer.input_shape, n
        )
        many, size, filters = patches.matrices.shape
        columns = batch.get((self, "columns"), (patches.count(n), size))
        out = batch.pictures((self, "out"), (n, *self.output_shape))
        derivative = self.make_derivative(out, batch)
        products = self.scratch.get("products", (many, len(columns), filters))
        backward: list[Call] = []
        if self.pooled:
            cells = (2, 2, len(columns), filters)
            dy = self.scratch.pictures("d", out.shape)
            d = stored(dy)
            g = self.scratch.get("lines", products.shape)
            y = products.reshape(cells)
            pooling, backward = pool_cells(y, d.reshape(cells[2:]), g.reshape(cells), batch, self)
            forward = [patches.gather(x, columns, out), patches.multiply(columns, products)]
            forward += [*pooling, *self.add_bias(y[0, 0])]
            forward += self.finish([(out, patches.arrange(y[0, 0], out))], out, derivative)
        else:
            beside = products.reshape(len(columns), many * filters)
            dy = d = self.scratch.get("d", out.shape)
            g = d.reshape(-1, many, filters).transpose(1, 0, 2)
            forward = [patches.gather(x, columns), patches.multiply_beside(columns, beside)]
            forward += self.add_bias(products.reshape(-1, filters))
            forward += self.finish([(out, products.reshape(out.shape))], out, derivative)
        own = self.scratch.get("own", self._total.shape)
        backward += self.add_bias_gradient(d)
        backward.append(ParameterCall(np.matmul, columns.T, g, out=own))
        backward.append(ParameterCall(np.add, self._total, own, out=self._total))
        version = self.scratch.version
        return Bound(n, version, inputs, forward, out, derivative, dy, backward, d)
