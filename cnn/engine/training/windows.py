"""Convolutions of every kernel, stride and padding as steps of a training pass."""

from __future__ import annotations

from functools import partial
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from cnn.engine.fusion import Group
from cnn.engine.memory import Call, Layout, ParameterCall, Scratch
from cnn.engine.training.convolutions import Bound, ConvolutionStep
from cnn.engine.training.pooling import pool_cells
from cnn.engine.training.steps import MicroBatch
from cnn.engine.windows import Phases, copy_windows, gather_cells, wide_windows
from cnn.layers import Conv2D

__all__ = ["WindowStep"]

Array = npt.NDArray[Any]


class WindowStep(ConvolutionStep):
    """One row for each window: see `cnn.engine.windows`."""

    def __init__(self, group: Group, scratch: Scratch) -> None:
        super().__init__(group, scratch)
        layer = cast(Conv2D, group.layer)
        self._frame = layer.frame(layer.input_shape)
        self._phases = Phases.of(layer)
        size = layer.params["weight"].size // self.filters
        self._total = np.zeros((size, self.filters), np.float32)
        self._matrix = np.zeros((size, self.filters), np.float32)

    def start(self) -> None:
        """Get ready for a batch: the parameters may be others now."""
        super().start()
        weight = self.layer.params["weight"]
        self._matrix[...] = weight.reshape(self._matrix.shape)  # (K·K·C, F)
        self._total[...] = 0
        if self.index:
            self._phases.set_weight(weight)

    def finish_backward(self) -> None:
        """Complete `grads` when all pictures of the batch have gone backward."""
        super().finish_backward()
        self.grads["weight"] = self._total.reshape(self.layer.params["weight"].shape)

    def bind(self, n: int, batch: MicroBatch) -> Bound:
        """Make buffers for n pictures, and the calls that work on them."""
        layer, scratch = self.layer, self.scratch
        x, inputs = Layout(self._frame).make(scratch, (self, "x"), layer.input_shape, n)
        count = n * layer.output_shape[0] * layer.output_shape[1]
        columns = batch.get((self, "columns"), (count, len(self._total)))
        products = scratch.get("products", (count, self.filters))
        out = batch.get((self, "out"), (n, *self.output_shape))
        derivative = self.make_derivative(out, batch)
        dy = scratch.get("d", out.shape)
        backward: list[Call] = []
        if self.pooled:
            cells = (2, 2, count // 4, self.filters)
            y, g = products.reshape(cells), scratch.get("lines", cells)
            pooling, backward = pool_cells(y, dy.reshape(cells[2:]), g, batch, self)
            forward = list(gather_cells(x, layer.kernel_size, layer.stride, columns))
            forward.append(partial(np.matmul, columns, self._matrix, out=products))
            forward += [*pooling, *self.add_bias(y[0, 0])]
            source, d = y[0, 0], g.reshape(products.shape)
        else:
            windows = wide_windows(x, layer.kernel_size, layer.stride)
            forward = [copy_windows(windows, columns)]
            forward.append(partial(np.matmul, columns, self._matrix, out=products))
            forward += self.add_bias(products)
            source, d = products, dy.reshape(products.shape)
        forward += self.finish([(out, source.reshape(out.shape))], out, derivative)
        backward += self.add_bias_gradient(d)
        own = scratch.get("own", self._total.shape)
        backward.append(ParameterCall(np.matmul, columns.T, d, out=own))
        backward.append(ParameterCall(np.add, self._total, own, out=self._total))
        dx = dy
        if self.index:
            dx, calls = self._input_gradient(d, n)
            backward += calls
        return Bound(n, scratch.version, inputs, forward, out, derivative, dy, backward, dx)

    def _input_gradient(self, d: Array, n: int) -> tuple[Array, list[Call]]:
        """Return where the input's gradient will be, and what computes it from rows `d`."""
        shape = self.layer.output_shape
        framed, [(_, inner)] = self._phases.layout.make(self.scratch, (self, "dy"), shape, n)
        if self.pooled:
            cells = d.reshape(2, 2, n, *self.output_shape)
            pairs = [(inner[:, i::2, j::2], cells[i, j]) for i in (0, 1) for j in (0, 1)]
        else:
            pairs = [(inner, d.reshape(n, *shape))]
        dx, calls = self._phases.bind(framed, self.scratch, "dx")
        return dx, [*(partial(np.copyto, view, source) for view, source in pairs), *calls]
