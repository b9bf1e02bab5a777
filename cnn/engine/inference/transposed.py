"""Transposed convolutions as steps of inference, one class for each `Algorithm`."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from cnn.engine.activation import activate
from cnn.engine.algorithm import Algorithm, choose_transposed_algorithm
from cnn.engine.fusion import Group, fold
from cnn.engine.inference.steps import Step
from cnn.engine.memory import Call, Layout, Scratch, Target, fitted
from cnn.engine.strided import StridedWinograd
from cnn.engine.transposed import Overlap, find_convolution
from cnn.engine.windows import Phases
from cnn.engine.winograd import by_cell
from cnn.layers import ConvTranspose2D

__all__ = ["make_transposed_convolution"]

Array = npt.NDArray[Any]


class _TransposedStep(Step):
    """A transposed convolution, maybe with a normalisation in it, then maybe an activation."""

    def __init__(self, group: Group) -> None:
        self.layer = layer = cast(ConvTranspose2D, group.layer)
        super().__init__(group.index, layer.input_shape, layer.output_shape)
        self._slope = group.slope
        self.weight, bias = fold(layer, group.norm)
        self._bias = bias if bias.any() else None

    def bind(self, x: Array, target: Target, scratch: Scratch) -> Iterator[Call]:
        """Yield the calls that compute the results of whatever lies in `x` into `target`."""
        y, calls = self.spread(x, scratch)
        yield from calls
        if self._bias is not None:
            yield partial(np.add, y, self._bias, out=y)
        for place, view in target:
            yield from activate(fitted(y, place, view), view, self._slope)

    def spread(self, x: Array, scratch: Scratch) -> tuple[Array, list[Call]]:
        """Return where the sums (n, H', W', F) will be, and what computes them."""
        raise NotImplementedError


class WindowTransposedStep(_TransposedStep):
    """One row for each window of the input: see `cnn.engine.windows`."""

    def __init__(self, group: Group) -> None:
        super().__init__(group)
        self._phases = Phases.of(find_convolution(self.layer))
        self._phases.set_weight(self.weight)
        self.layout = self._phases.layout

    def spread(self, x: Array, scratch: Scratch) -> tuple[Array, list[Call]]:
        """Return where the sums (n, H', W', F) will be, and what computes them."""
        return self._phases.bind(x, scratch, "dx")


class OverlapTransposedStep(_TransposedStep):
    """Few channels: see `cnn.engine.transposed`."""

    def __init__(self, group: Group) -> None:
        super().__init__(group)
        self._overlap = Overlap(self.layer)
        self._overlap.set_weight(self.weight)

    def spread(self, x: Array, scratch: Scratch) -> tuple[Array, list[Call]]:
        """Return where the sums (n, H', W', F) will be, and what computes them."""
        y, calls = self._overlap.bind(x, scratch, "dx")
        return y, list(calls)


class StridedWinogradTransposedStep(_TransposedStep):
    """Larger kernels and stride 2: see `cnn.engine.strided`."""

    def __init__(self, group: Group) -> None:
        super().__init__(group)
        self._winograd = StridedWinograd(find_convolution(self.layer))
        self._winograd.set_weight(self.weight)
        height, width, _ = self.layer.input_shape
        self.layout = Layout(((0, height % 2), (0, width % 2)))

    def spread(self, x: Array, scratch: Scratch) -> tuple[Array, list[Call]]:
        """Return where the sums (n, H', W', F) will be, and what computes them."""
        winograd, (n, _, _, channels) = self._winograd, x.shape
        down, across = winograd.cells
        products = scratch.get("products", (4, 4, down * across * n, channels))
        tiles = scratch.get("tiles", (4, 4, down, across, n, winograd.channels))
        corners = products[::3, ::3].reshape(2, 2, down, across, n, channels)
        [(pictures, places)] = by_cell([x], corners)
        y, calls = winograd.transform_gradient(products, tiles, scratch)
        spread = winograd.spread_gradient(products)
        return y, [partial(np.copyto, places, pictures), *spread, *calls]


_STEPS: dict[Algorithm, type[_TransposedStep]] = {
    Algorithm.WINDOWS: WindowTransposedStep,
    Algorithm.OVERLAP: OverlapTransposedStep,
    Algorithm.STRIDED_WINOGRAD: StridedWinogradTransposedStep,
}


def make_transposed_convolution(group: Group) -> Step:
    """Return the step for a transposed convolution and what is joined to it."""
    return _STEPS[choose_transposed_algorithm(cast(ConvTranspose2D, group.layer))](group)
