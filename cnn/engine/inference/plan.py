"""The fast way through a network: compiled once, the same numbers as the clear way.

`compile_plan` walks over the layers and joins what belongs together: a convolution
with the batch normalisation, the ReLU and the 2×2 max-pooling after it becomes one
step (`cnn.engine.inference.convolutions`). What no step knows goes through the layer's
own `forward`.

The steps are bound to buffers, once for each number of pictures: what is left to do for a
picture is a row of NumPy calls whose arguments are ready (`cnn.engine.inference.steps`).
No two threads share buffers. Each step writes straight to where the next one reads, such
as into the middle of a padded picture whose frame stays zero.

The steps up to the first dense layer take so few pictures at a time that the buffers
stay in a core's cache; the dense ones, whose weights are what is large, take more.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from cnn.engine.inference.convolutions import make_convolution
from cnn.engine.inference.steps import DenseStep, LayerStep, MeanStep, Step
from cnn.engine.memory import Call, Layout, Scratch, Target, fitted
from cnn.engine.threads import shared_cores
from cnn.layers import (
    BatchNorm,
    Conv2D,
    Dense,
    Dropout,
    GlobalAveragePool2D,
    Layer,
    MaxPool2D,
    ReLU,
    Softmax,
)

__all__ = ["Plan", "compile_plan", "fold", "joined"]

Array = npt.NDArray[Any]

_FEW, _MANY = 8, 64  # pictures at a time, in the two parts of a network
_SHARE = 32  # pictures: less is not worth handing to another thread


class Plan:
    """A network's layers as steps; any number of threads may run it at once.

    Parameters
    ----------
    steps : sequence of Step
        What is done to a picture, one after the other.
    sources : sequence of (dict, str, ndarray)
        The parameters that the steps were made of, and where they stood.
    last : Softmax or None
        What is at the end, if it is that; its temperature may change.
    """

    def __init__(
        self,
        steps: Sequence[Step],
        sources: Sequence[tuple[dict[str, Array], str, Array]],
        last: Softmax | None,
    ) -> None:
        self._output_shape = steps[-1].output_shape
        dense = [isinstance(step, DenseStep) for step in steps]
        first = dense.index(True) if True in dense else len(steps)
        parts = [(list(steps[:first]), _FEW), (list(steps[first:]), _MANY)]
        self._parts = [(part, size) for part, size in parts if part]
        self._sources = list(sources)
        self._last = last
        self._idle: list[list[_Lane]] = []
        self._cores = os.cpu_count() or 1

    @property
    def valid(self) -> bool:
        """Whether the network still has the parameters that the plan was made of."""
        return all(store.get(name) is array for store, name, array in self._sources)

    def run(self, x: Array) -> Array:
        """Return the network's outputs.

        Parameters
        ----------
        x : ndarray of float32, (N, H, W, C)
            The pictures.

        Returns
        -------
        ndarray of float32, (N, ...)
        """
        y = np.empty((len(x), *self._output_shape), np.float32)
        workers = min(self._cores, len(x) // _SHARE)
        with shared_cores():
            if workers < 2:
                self._run_part(x, y)
            else:
                self._run_parts(x, y, workers)
        return y if self._last is None else self._last.forward(y)[0]

    def _run_parts(self, x: Array, y: Array, workers: int) -> None:
        """Divide the pictures among threads."""
        bounds = np.linspace(0, len(x) / _FEW, workers + 1).astype(int) * _FEW
        bounds[-1] = len(x)
        with ThreadPoolExecutor(workers) as pool:
            parts = [slice(a, b) for a, b in pairwise(bounds)]
            list(pool.map(lambda part: self._run_part(x[part], y[part]), parts))

    def _run_part(self, x: Array, y: Array) -> None:
        # Buffers outlive the threads that use them: there are as many as were ever in use at once.
        try:
            lanes = self._idle.pop()
        except IndexError:
            lanes = [_Lane(steps, size) for steps, size in self._parts]
        for start in range(0, len(x), _MANY):
            some = x[start : start + _MANY]
            for lane in lanes:
                some = lane.run(some)
            y[start : start + _MANY] = some
        self._idle.append(lanes)


class _Lane:
    """A way through some steps for one thread at a time: buffers, and the calls bound to them."""

    def __init__(self, steps: Sequence[Step], size: int) -> None:
        self._steps = steps
        self._size = size
        self._clear(0)

    def _clear(self, room: int) -> None:
        """Forget everything, and be ready for as many pictures at a time as `room`."""
        self._room = room
        self._scratch = Scratch()
        self._bound: dict[int, tuple[Target, list[Call], Array]] = {}

    def run(self, x: Array) -> Array:
        """Return the results for at most `_MANY` pictures, in a buffer."""
        if len(x) <= self._size:
            return self._run_few(x)
        y = np.empty((len(x), *self._steps[-1].output_shape), np.float32)
        for start in range(0, len(x), self._size):
            y[start : start + self._size] = self._run_few(x[start : start + self._size])
        return y

    def _run_few(self, x: Array) -> Array:
        n = len(x)
        if n > self._room:
            self._clear(n)
        if n not in self._bound:
            version = -1
            while version != self._scratch.version:
                version = self._scratch.version
                self._bound[n] = self._bind(n)
        target, calls, y = self._bound[n]
        for place, view in target:
            view[...] = fitted(x, place, view)
        for call in calls:
            call()
        return y

    def _bind(self, n: int) -> tuple[Target, list[Call], Array]:
        """Return where pictures go, what is to be called, and where the results are then."""
        calls: list[Call] = []
        shape = self._steps[0].input_shape
        x, first = self._steps[0].layout.make(self._scratch, "input", shape, n)
        layouts = [step.layout for step in self._steps[1:]] + [Layout()]
        for step, layout in zip(self._steps, layouts, strict=True):
            y, target = layout.make(self._scratch, step.index, step.output_shape, n)
            calls.extend(step.bind(x, target, self._scratch))
            x = y
        return first, calls, x


def compile_plan(layers: Sequence[Layer]) -> Plan:
    """Join layers into steps.

    Parameters
    ----------
    layers : sequence of Layer
        Built for float32 pictures.
    """
    sources = [
        (store, name, array)
        for layer in layers
        for store in (layer.params, layer.buffers)
        for name, array in store.items()
    ]
    rest = [layer for layer in layers if not isinstance(layer, Dropout)]
    last = rest[-1] if rest else None
    if not isinstance(last, Softmax):
        return Plan(list(_make_steps(rest)), sources, None)
    return Plan(list(_make_steps(rest[:-1])), sources, last)


def _make_steps(layers: list[Layer]) -> Iterator[Step]:
    place = 0
    while place < len(layers):
        layer, index = layers[place], place
        place += 1
        if isinstance(layer, Conv2D):
            weight, bias = _weight_and_bias(layer)
            following = layers[place : place + 3]
            if following and isinstance(following[0], BatchNorm):
                weight, bias = fold(following.pop(0), weight, bias)
                place += 1
            relu, pooled, taken = joined(layer, following)
            place += taken
            yield make_convolution(index, layer, weight, bias, pooled=pooled, relu=relu)
        elif isinstance(layer, Dense):
            relu = place < len(layers) and isinstance(layers[place], ReLU)
            place += relu
            yield DenseStep(index, layer, relu)
        elif isinstance(layer, GlobalAveragePool2D):
            yield MeanStep(index, layer)
        else:
            yield LayerStep(index, layer)


def _weight_and_bias(layer: Conv2D) -> tuple[Array, Array]:
    weight = layer.params["weight"]
    return weight, layer.params.get("bias", np.zeros(layer.filters, np.float32))


def fold(norm: Layer, weight: Array, bias: Array) -> tuple[Array, Array]:
    """Return the weight and bias of a convolution that does its normalisation as well."""
    gain = norm.params["scale"] / np.sqrt(norm.buffers["variance"] + norm.config()["epsilon"])
    shift = norm.params["shift"] + (bias - norm.buffers["mean"]) * gain
    return (weight * gain).astype(np.float32), shift.astype(np.float32)


def joined(layer: Conv2D, following: Sequence[Layer]) -> tuple[bool, bool, int]:
    """Return whether ReLU and 2×2 max-pooling follow, in either order, and how many layers."""
    relu = pooled = False
    for taken, after in enumerate(following):
        if isinstance(after, ReLU) and not relu:
            relu = True
        elif isinstance(after, MaxPool2D) and not pooled and _halves(after):
            pooled = True
        else:
            return relu, pooled, taken
    return relu, pooled, len(following)


def _halves(pool: MaxPool2D) -> bool:
    """Say whether a pooling divides a picture into 2×2 cells without remainder."""
    even = pool.input_shape[0] % 2 == 0 and pool.input_shape[1] % 2 == 0
    return pool.size == pool.stride == (2, 2) and pool.padding == (0, 0) and even
