"""Convolutions as steps of inference, one class for each `Algorithm`.

Every class does the convolution, then maybe 2×2 max-pooling, then bias and maybe an
activation, which commute with the pooling and so have a quarter of the numbers to do.

- `WinogradStep`: the 2×2 cells in which it computes are those of the pooling, which
  therefore needs no rearranging.
- `WindowStep`: before a pooling, the windows are gathered in its order: all upper left
  ones of the cells first, and so on, so that pooling is the maximum of four whole arrays.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from cnn.engine.activation import activate
from cnn.engine.algorithm import Algorithm, choose_algorithm
from cnn.engine.fusion import Group, fold
from cnn.engine.inference.steps import Step
from cnn.engine.memory import Call, Layout, Scratch, Target, fitted, widen
from cnn.engine.patches import Patches
from cnn.engine.strided import StridedWinograd, by_phase
from cnn.engine.windows import copy_windows, gather_cells, wide_windows
from cnn.engine.winograd import Winograd, by_cell
from cnn.layers import Conv2D

__all__ = ["make_convolution"]

Array = npt.NDArray[Any]

_CACHED = 1 << 18  # numbers


class _ConvolutionStep(Step):
    """What the classes have in common: how they end."""

    def __init__(self, group: Group) -> None:
        self.layer = layer = cast(Conv2D, group.layer)
        self.pooled, self.slope = group.pooled, group.slope
        height, width, filters = self.products_shape = layer.output_shape
        shape = (height // 2, width // 2, filters) if self.pooled else layer.output_shape
        super().__init__(group.index, layer.input_shape, shape)
        self.layout = Layout(layer.frame(layer.input_shape))
        self.weight, bias = fold(layer, group.norm)
        self.bias = bias if bias.any() else None

    def add_bias(self, y: Array) -> Iterator[Call]:
        """Add the bias to contiguous results (..., F)."""
        if self.bias is not None:
            rows, many = widen(y)
            yield partial(np.add, rows, np.tile(self.bias, many), out=rows)

    def put_pictures(self, y: Array, target: Target) -> Iterator[Call]:
        """Put results (n, H, W, F)."""
        for place, view in target:
            yield from activate(fitted(y, place, view), view, self.slope)

    def pool(self, y: Array) -> Iterator[Call]:
        """Pool products that lie by their place in the cell: the result is in y[0, 0]."""
        yield partial(np.maximum, y[:, 0], y[:, 1], out=y[:, 0])
        yield partial(np.maximum, y[0, 0], y[1, 0], out=y[0, 0])
        yield from self.add_bias(y[0, 0])


class WindowStep(_ConvolutionStep):
    """One row for each window."""

    def __init__(self, group: Group) -> None:
        super().__init__(group)
        self._matrix = np.ascontiguousarray(self.weight.reshape(-1, self.weight.shape[3]))

    def bind(self, x: Array, target: Target, scratch: Scratch) -> Iterator[Call]:
        """Yield the calls that compute the results of whatever lies in `x` into `target`."""
        kernel_size, stride = self.layer.kernel_size, self.layer.stride
        n, (height, width, filters) = len(x), self.products_shape
        columns = scratch.get("tiles", (n * height * width, len(self._matrix)))
        y = scratch.get("products", (n * height * width, filters))
        if not self.pooled:
            yield copy_windows(wide_windows(x, kernel_size, stride), columns)
            yield partial(np.matmul, columns, self._matrix, out=y)
            yield from self.add_bias(y)
            yield from self.put_pictures(y.reshape(n, *self.output_shape), target)
            return
        yield from gather_cells(x, kernel_size, stride, columns)
        yield partial(np.matmul, columns, self._matrix, out=y)
        places = y.reshape(2, 2, n, *self.output_shape)
        yield from self.pool(places)
        yield from self.put_pictures(places[0, 0], target)


class PatchStep(_ConvolutionStep):
    """One row for each patch of neighbouring windows: see `cnn.engine.patches`."""

    def __init__(self, group: Group) -> None:
        super().__init__(group)
        self._patches = Patches(self.layer, self.pooled)
        self._patches.set_weight(self.weight)

    def bind(self, x: Array, target: Target, scratch: Scratch) -> Iterator[Call]:
        """Yield the calls that compute the results of whatever lies in `x` into `target`."""
        many, size, filters = self._patches.matrices.shape
        count = self._patches.count(len(x))
        columns = scratch.get("tiles", (count, size))
        y = scratch.get("products", (many, count, filters))
        if self.pooled:
            [(_, view), *others] = target
            # In the order in which the results will lie: they then go there in long rows.
            yield self._patches.gather(x, columns, None if others else view)
            yield self._patches.multiply(columns, y)
            cells = y.reshape(2, 2, count, filters)
            yield from self.pool(cells)
            if others:
                yield from self.put_pictures(cells[0, 0].reshape(-1, *self.output_shape), target)
            else:
                yield from activate(self._patches.arrange(cells[0, 0], view), view, self.slope)
            return
        yield self._patches.gather(x, columns)
        yield self._patches.multiply_beside(columns, y.reshape(count, -1))
        yield from self.add_bias(y)
        yield from self.put_pictures(y.reshape(len(x), *self.output_shape), target)


class WinogradStep(_ConvolutionStep):
    """One row for each 2×2 cell of the output, sixteen times: see `cnn.engine.winograd`."""

    def __init__(self, group: Group) -> None:
        super().__init__(group)
        self._winograd = self.make_algorithm()
        self._winograd.set_weight(self.weight)
        self.layout = self._winograd.layout

    def make_algorithm(self) -> Winograd:
        """Return what computes the convolution."""
        (height, width, filters), channels = self.layer.output_shape, self.layer.input_shape[2]
        padding = self.layer.frame(self.layer.input_shape)[0][0]
        return Winograd(height, width, channels, filters, padding=padding)

    def bind(self, x: Array, target: Target, scratch: Scratch) -> Iterator[Call]:
        """Yield the calls that compute the results of whatever lies in `x` into `target`."""
        down, across = self._winograd.cells
        # All lines of cells at once, or so few that what is computed of them fits the cache.
        numbers = 16 * across * x.shape[-2] * max(self._winograd.channels, self.layer.filters)
        lines = down if down * numbers <= _CACHED else max(2, _CACHED // numbers // 2 * 2)
        for start in range(0, down, lines):
            stop = min(start + lines, down)
            height = 1 if self.pooled else 2
            part = _rows(target, height * start, height * stop)
            yield from self._bind(x[2 * start : 2 * stop + 2], part, stop - start, scratch)

    def _bind(self, x: Array, target: Target, down: int, scratch: Scratch) -> Iterator[Call]:
        """Yield what computes some lines of cells."""
        n, across = x.shape[-2], self._winograd.cells[1]
        channels, filters = self._winograd.channels, self.layer.filters
        tiles = scratch.get("tiles", (4, 4, down, across, n, channels))
        products = scratch.get("products", (4, 4, down * across * n, filters))
        yield from self._winograd.transform(x, tiles, scratch)
        yield from self._winograd.multiply(tiles, products)
        y, calls = self._winograd.collect(products, scratch, key="tiles")
        yield from calls
        cells = y.reshape(2, 2, down, across, n, filters)
        if self.pooled:
            yield from self.pool(y)
            yield from self.put_pictures(np.moveaxis(cells[0, 0], 2, 0), target)
            return
        yield from self.add_bias(y)
        views = [view for _, view in target]
        pairs = by_phase(target, cells) if len(target) > 2 else by_cell(views, cells)
        for view, source in pairs:
            yield from activate(source, view, self.slope)


def _rows(target: Target, start: int, stop: int) -> Target:
    """Return where some rows of the results go, from an even one on."""
    part: Target = []
    for place, view in target:
        step = (place[1].step or 1) if isinstance(place, tuple) else 1
        part.append((place, view[:, start // step : -(-stop // step)]))
    return part


class StridedWinogradStep(WinogradStep):
    """With larger kernels and stride 2: see `cnn.engine.strided`."""

    def make_algorithm(self) -> Winograd:
        """Return what computes the convolution: Winograd's algorithm for stride 2."""
        return StridedWinograd(self.layer)


_STEPS: dict[Algorithm, type[_ConvolutionStep]] = {
    Algorithm.WINDOWS: WindowStep,
    Algorithm.PATCHES: PatchStep,
    Algorithm.WINOGRAD: WinogradStep,
    Algorithm.STRIDED_WINOGRAD: StridedWinogradStep,
}


def make_convolution(group: Group) -> Step:
    """Return the step for a convolution and what is joined to it."""
    layer = cast(Conv2D, group.layer)
    return _STEPS[choose_algorithm(layer, training=False, first=not group.index)](group)
