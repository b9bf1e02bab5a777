"""The steps of a compiled network; `cnn.engine.inference.plan` says how they are joined, and why.

A step is bound to buffers once for each number of pictures. What comes of it is a list of
calls without arguments, nearly all of them single NumPy functions on arrays that are
sliced and shaped already: for one picture, finding the slices took a fifth of the time.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from cnn.engine.activation import activate
from cnn.engine.fusion import Group
from cnn.engine.memory import Call, Layout, Scratch, Target, fitted, widen
from cnn.layers import BatchNorm

__all__ = ["DenseStep", "LayerStep", "MeanStep", "NormaliseStep", "Step"]

Array = npt.NDArray[Any]


class Step:
    """A group of layers as one.

    Attributes
    ----------
    layout : Layout
        How the step wants its input.
    """

    layout = Layout()

    def __init__(self, index: int, input_shape: tuple[int, ...], output_shape: tuple[int, ...]):
        self.index = index
        self.input_shape = input_shape
        self.output_shape = output_shape

    def bind(self, x: Array, target: Target, scratch: Scratch) -> Iterator[Call]:
        """Yield what computes the results of whatever lies in `x`, and puts them into `target`."""
        raise NotImplementedError


class LayerStep(Step):
    """Layers as they are."""

    def __init__(self, group: Group) -> None:
        super().__init__(group.index, group.layer.input_shape, group.layers[-1].output_shape)
        self._layers = group.layers

    def bind(self, x: Array, target: Target, scratch: Scratch) -> Iterator[Call]:
        """Yield the calls that compute the results of whatever lies in `x` into `target`."""

        def run() -> None:
            y = x
            for layer in self._layers:
                y = layer.forward(y)[0]
            for place, view in target:
                view[...] = fitted(y, place, view)

        yield run


class NormaliseStep(Step):
    """A batch normalisation that no convolution does, and maybe the activation after it."""

    def __init__(self, group: Group) -> None:
        layer = cast(BatchNorm, group.layer)
        super().__init__(group.index, layer.input_shape, layer.output_shape)
        self._gain = layer.params["scale"] / np.sqrt(layer.buffers["variance"] + layer.epsilon)
        self._shift = layer.params["shift"] - layer.buffers["mean"] * self._gain
        self._slope = group.slope

    def bind(self, x: Array, target: Target, scratch: Scratch) -> Iterator[Call]:
        """Yield the calls that compute the results of whatever lies in `x` into `target`."""
        y = scratch.get("products", x.shape)
        lines, many = widen(y)
        yield partial(np.multiply, x.reshape(lines.shape), np.tile(self._gain, many), out=lines)
        yield partial(np.add, lines, np.tile(self._shift, many), out=lines)
        for place, view in target:
            yield from activate(fitted(y, place, view), view, self._slope)


class DenseStep(Step):
    """A dense layer, and maybe the activation after it."""

    def __init__(self, group: Group) -> None:
        layer = group.layer
        super().__init__(group.index, layer.input_shape, layer.output_shape)
        self._weight = layer.params["weight"]
        self._bias = layer.params.get("bias")
        self._slope = group.slope

    def bind(self, x: Array, target: Target, scratch: Scratch) -> Iterator[Call]:
        """Yield the calls that compute the results of whatever lies in `x` into `target`."""
        [(_, out)] = target
        yield partial(np.matmul, x, self._weight, out=out)
        if self._bias is not None:
            yield partial(np.add, out, self._bias, out=out)
        if self._slope:
            product = scratch.get("products", out.shape)
            yield partial(np.multiply, out, np.float32(self._slope), out=product)
            yield partial(np.maximum, out, product, out=out)
        elif self._slope is not None:
            yield partial(np.maximum, out, np.float32(0), out=out)


class MeanStep(Step):
    """The mean of each channel, as a product with a row of equal numbers."""

    def __init__(self, group: Group) -> None:
        layer = group.layer
        super().__init__(group.index, layer.input_shape, layer.output_shape)
        cells = layer.input_shape[0] * layer.input_shape[1]
        self._mean = np.full((1, cells), 1 / cells, np.float32)

    def bind(self, x: Array, target: Target, scratch: Scratch) -> Iterator[Call]:
        """Yield the calls that compute the results of whatever lies in `x` into `target`."""
        [(_, out)] = target
        n, h, w, c = x.shape
        yield partial(np.matmul, self._mean, x.reshape(n, h * w, c), out=out.reshape(n, 1, c))
