"""Inference with a network that is compiled once: the numbers of the layers' own `forward`.

`compile_plan` makes a step of each group of layers that `cnn.engine.fusion` finds, such as a
convolution with the batch normalisation, the ReLU and the 2×2 max-pooling after it. A layer
without a step of its own goes through its `forward`.

The steps are bound to buffers, once for each number of pictures: what is left to do for a
picture is a row of NumPy calls whose arguments are ready (`cnn.engine.inference.steps`).
No two threads share buffers. Each step writes straight to where the next one reads, such
as into the middle of a padded picture whose frame stays zero.

Steps that work on pictures take so few at a time that the buffers stay in a core's cache;
the dense ones, whose weights are what is large, take more.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from cnn.engine.fusion import Group, fuse
from cnn.engine.inference.convolutions import make_convolution
from cnn.engine.inference.steps import DenseStep, LayerStep, MeanStep, NormaliseStep, Step
from cnn.engine.inference.transposed import make_transposed_convolution
from cnn.engine.memory import Call, Layout, Scratch, Target, fitted, fitting
from cnn.engine.threads import shared_cores
from cnn.layers import (
    BatchNorm,
    Conv2D,
    ConvTranspose2D,
    Dense,
    GlobalAveragePool2D,
    Layer,
    Softmax,
)

__all__ = ["Plan", "compile_plan"]

Array = npt.NDArray[Any]

_FEW, _MANY = 8, 64  # pictures at a time, at most, through pictures' and through dense layers


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
        self._output_shape = steps[-1].output_shape if steps else ()
        few = self._few = fitting((step.output_shape for step in steps), _FEW)
        self._parts: list[tuple[list[Step], int]] = []
        for step in steps:
            size = self._parts[-1][1] if self._parts and len(step.input_shape) == 1 else few
            size = _MANY if isinstance(step, DenseStep) else size
            if not self._parts or size != self._parts[-1][1]:
                self._parts.append(([], size))
            self._parts[-1][0].append(step)
        self._sources = list(sources)
        self._last = last
        self._idle: list[list[_Executor]] = []
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
        y = self._run_steps(x) if self._parts else x.copy()
        return y if self._last is None else self._last.forward(y)[0]

    def _run_steps(self, x: Array) -> Array:
        y = np.empty((len(x), *self._output_shape), np.float32)
        workers = min(self._cores, len(x) // self._few)
        with shared_cores():
            if workers < 2:
                self._run_part(x, y)
            else:
                self._run_parts(x, y, workers)
        return y

    def _run_parts(self, x: Array, y: Array, workers: int) -> None:
        """Divide the pictures among threads."""
        bounds = np.linspace(0, len(x) / self._few, workers + 1).round().astype(int) * self._few
        bounds[-1] = len(x)
        with ThreadPoolExecutor(workers) as pool:
            parts = [slice(a, b) for a, b in pairwise(bounds)]
            list(pool.map(lambda part: self._run_part(x[part], y[part]), parts))

    def _run_part(self, x: Array, y: Array) -> None:
        # Buffers outlive the threads that use them: there are as many as were ever in use at once.
        try:
            executors = self._idle.pop()
        except IndexError:
            executors = [_Executor(steps, size) for steps, size in self._parts]
        for start in range(0, len(x), _MANY):
            some = x[start : start + _MANY]
            for executor in executors:
                some = executor.run(some)
            y[start : start + _MANY] = some
        self._idle.append(executors)


class _Executor:
    """Runs some steps, for one thread at a time: buffers, and the calls bound to them."""

    def __init__(self, steps: Sequence[Step], size: int) -> None:
        self._steps = steps
        self._size = size
        self._results = Scratch()
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
        y = self._results.get("y", (len(x), *self._steps[-1].output_shape))
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
    """Make steps of layers.

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
    groups = list(fuse(layers, training=False))
    last = groups[-1].layer if groups else None
    if type(last) is not Softmax:
        return Plan([_make_step(group) for group in groups], sources, None)
    return Plan([_make_step(group) for group in groups[:-1]], sources, last)


def _make_step(group: Group) -> Step:
    kind = type(group.layer)
    if kind is Conv2D:
        return make_convolution(group)
    if kind is ConvTranspose2D:
        return make_transposed_convolution(group)
    if kind is BatchNorm:
        return NormaliseStep(group)
    if kind is Dense:
        return DenseStep(group)
    if kind is GlobalAveragePool2D:
        return MeanStep(group)
    return LayerStep(group)
