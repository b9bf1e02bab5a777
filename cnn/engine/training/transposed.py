"""Transposed convolutions as steps of a training pass, one class for each `Algorithm`."""

from __future__ import annotations

from functools import partial
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from cnn.engine.fusion import Group
from cnn.engine.memory import Call, Layout, ParameterCall, Scratch
from cnn.engine.strided import StridedWinograd
from cnn.engine.training.convolutions import Bound, ConvolutionStep, WinogradStep
from cnn.engine.training.steps import MicroBatch
from cnn.engine.transposed import Overlap, find_convolution
from cnn.engine.windows import Phases, copy_windows, wide_windows
from cnn.engine.winograd import Winograd, by_cell
from cnn.layers import ConvTranspose2D

__all__ = ["OverlapTransposedStep", "StridedWinogradTransposedStep", "WindowTransposedStep"]

Array = npt.NDArray[Any]


class WindowTransposedStep(ConvolutionStep):
    """One row for each window, of the input or of the output's gradient."""

    def __init__(self, group: Group, scratch: Scratch) -> None:
        super().__init__(group, scratch)
        self._convolution = find_convolution(cast(ConvTranspose2D, group.layer))
        self._phases = Phases.of(self._convolution)
        channels = self._convolution.filters
        size = self._convolution.params["weight"].size // channels
        self._matrix = np.zeros((size, channels), np.float32)
        self._total = np.zeros((size, channels), np.float32)

    def start(self) -> None:
        """Get ready for a batch: the parameters may be others now."""
        super().start()
        weight = self.layer.params["weight"]
        self._matrix[...] = weight.reshape(self._matrix.shape)  # (K·K·F, C)
        self._total[...] = 0
        self.set_weight(weight)

    def set_weight(self, weight: Array) -> None:
        """Take over kernels (K, K, F, C) for the way forward."""
        self._phases.set_weight(weight)

    def finish_backward(self) -> None:
        """Complete `grads` when all pictures of the batch have gone backward."""
        super().finish_backward()
        self.grads["weight"] = self._total.reshape(self.layer.params["weight"].shape)

    def spread(self, x: Array) -> tuple[Array, list[Call]]:
        """Return where the sums (n, H', W', F) will be, and what computes them."""
        framed, [(_, inner)] = self._phases.layout.make(
            self.scratch, (self, "framed"), self.layer.input_shape, len(x)
        )
        y, calls = self._phases.bind(framed, self.scratch, "dx")
        return y, [partial(np.copyto, inner, x), *calls]

    def bind(self, n: int, batch: MicroBatch) -> Bound:
        """Make buffers for n pictures, and the calls that work on them."""
        convolution, scratch = self._convolution, self.scratch
        x = batch.get((self, "x"), (n, *self.layer.input_shape))
        y, forward = self.spread(x)
        out = batch.get((self, "out"), (n, *self.output_shape))
        derivative = self.make_derivative(out, batch)
        if self.layer.bias:
            forward.append(partial(np.add, y, self._bias[0], out=y))
        forward += self.finish([(out, y)], out, derivative)
        layout = Layout(_frame(convolution.input_shape, convolution.padding))
        framed, [(_, dy)] = layout.make(scratch, (self, "dy"), convolution.input_shape, n)
        rows = x.reshape(-1, x.shape[-1])
        columns = scratch.get("tiles", (len(rows), len(self._total)))
        windows = wide_windows(framed, convolution.kernel_size, convolution.stride)
        height, width, _ = convolution.output_shape
        own = scratch.get("own", self._total.shape)
        backward: list[Call] = []
        if self.layer.bias:
            d = scratch.get("d", out.shape)
            backward = [partial(np.copyto, d, dy), *self.add_bias_gradient(d)]
        backward += [
            copy_windows(windows[:, :height, :width], columns),
            ParameterCall(np.matmul, columns.T, rows, out=own),
            ParameterCall(np.add, self._total, own, out=self._total),
        ]
        dx = scratch.get("dx", x.shape)
        if self.index:
            product = dx.reshape(rows.shape)
            backward.append(partial(np.matmul, columns, self._matrix, out=product))
        return Bound(n, scratch.version, [(..., x)], forward, out, derivative, dy, backward, dx)


def _frame(shape: tuple[int, ...], padding: Any) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return the zeros around pictures: those on one side and on the other are as many."""
    return (padding[0],) * 2, (padding[1],) * 2


class OverlapTransposedStep(WindowTransposedStep):
    """Few channels: see `cnn.engine.transposed`."""

    def __init__(self, group: Group, scratch: Scratch) -> None:
        super().__init__(group, scratch)
        self._overlap = Overlap(cast(ConvTranspose2D, group.layer))

    def set_weight(self, weight: Array) -> None:
        """Take over kernels (K, K, F, C) for the forward pass."""
        self._overlap.set_weight(weight)

    def spread(self, x: Array) -> tuple[Array, list[Call]]:
        """Return where the sums (n, H', W', F) will be, and what computes them."""
        y, calls = self._overlap.bind(x, self.scratch, "dx")
        return y, list(calls)


class StridedWinogradTransposedStep(WinogradStep):
    """Larger kernels and stride 2: see `cnn.engine.strided`."""

    def make_algorithm(self) -> Winograd:
        """Return what computes the convolution whose gradient this is."""
        return StridedWinograd(find_convolution(cast(ConvTranspose2D, self.layer)))

    def bind(self, n: int, batch: MicroBatch) -> Bound:
        """Make buffers for n pictures, and the calls that work on them."""
        winograd, scratch = self._winograd, self.scratch
        (down, across), (height, width, channels) = winograd.cells, self.layer.input_shape
        # What lies outside of odd pictures stays zero.
        whole = scratch.pictures((self, "x", n), (n, 2 * down, 2 * across, channels))
        x = whole[:, :height, :width]
        spread = batch.get((self, "products"), (4, 4, down * across * n, channels))
        products = scratch.get("products", spread.shape)
        tiles = scratch.get("tiles", (4, 4, down, across, n, winograd.channels))
        corners = spread[::3, ::3].reshape(2, 2, down, across, n, channels)
        [(pictures, places)] = by_cell([whole], corners)
        y, calls = winograd.transform_gradient(spread, tiles, scratch)
        forward: list[Call] = [partial(np.copyto, places, pictures)]
        forward += [*winograd.spread_gradient(spread), *calls]
        out = batch.pictures((self, "out"), (n, *self.output_shape))
        derivative = self.make_derivative(out, batch)
        if self.layer.bias:
            forward.append(partial(np.add, y, self._bias[0], out=y))
        forward += self.finish([(out, y)], out, derivative)
        dy = scratch.pictures("d", out.shape)
        framed, target = winograd.layout.make(scratch, (self, "dy"), self.output_shape, n)
        backward: list[Call] = [partial(np.copyto, view, dy[place]) for place, view in target]
        backward += self.add_bias_gradient(dy.transpose(1, 2, 0, 3))
        backward += winograd.transform(framed, tiles, scratch)
        backward += winograd.multiply_gradient(tiles, spread, self._total, scratch)
        dx = dy
        if self.index:
            backward += winograd.multiply(tiles, products)
            rows, collecting = winograd.collect(products, scratch, key="lines")
            pixels = scratch.pictures("dx", whole.shape)
            backward += collecting
            cells = rows.reshape(2, 2, down, across, n, channels)
            backward += [partial(np.copyto, *pair) for pair in by_cell([pixels], cells)]
            dx = pixels[:, :height, :width]
        return Bound(n, scratch.version, [(..., x)], forward, out, derivative, dy, backward, dx)
