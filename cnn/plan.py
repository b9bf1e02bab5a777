"""The fast way through a network: compiled once, the same numbers as the clear way.

`compile_plan` walks over the layers and joins what belongs together: a convolution
with the batch normalisation, the ReLU and the 2×2 max-pooling after it becomes one
step. A step works in buffers that are made once for each thread, on so few pictures
at a time that the buffers stay in a core's cache. What no step knows goes through the
layer's own `forward`.

What makes the joined steps fast:

- The windows are gathered in the order of the pooling: first all upper left ones of the
  2×2 cells, then all upper right ones, and so on. Pooling is then the maximum of four
  whole arrays, and bias and ReLU, which commute with it, come after it, on a quarter of
  the numbers.
- The last of these writes straight into the middle of the next convolution's padded
  input, whose frame stays zero.
- With few channels a window is too short a row for a fast matrix product. Several
  neighbouring windows are then taken as one wide patch, multiplied by a matrix that
  holds the kernel several times, each in its place among zeros.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
from threadpoolctl import ThreadpoolController

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
from cnn.steps import (
    MICRO_BATCH,
    ConvStep,
    DenseStep,
    LayerStep,
    MeanStep,
    Scratch,
    Step,
    frame_buffer,
)

__all__ = ["Plan", "compile_plan", "fold"]

Array = npt.NDArray[Any]

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
        self._steps = list(steps)
        self._sources = list(sources)
        self._last = last
        self._local = threading.local()
        self._cores = os.cpu_count() or 1
        self._blas = ThreadpoolController()

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
        pictures = np.ascontiguousarray(x)
        y = np.empty((len(x), *self._steps[-1].output_shape), np.float32)
        workers = min(self._cores, len(x) // _SHARE)
        if workers < 2:
            self._run_part(pictures, y)
        else:
            self._run_parts(pictures, y, workers)
        return y if self._last is None else self._last.forward(y)[0]

    def _run_parts(self, x: Array, y: Array, workers: int) -> None:
        """Divide the pictures among threads, each with its own matrix products."""
        bounds = np.linspace(0, len(x) / MICRO_BATCH, workers + 1).astype(int) * MICRO_BATCH
        bounds[-1] = len(x)
        with self._blas.limit(limits=1, user_api="blas"), ThreadPoolExecutor(workers) as pool:
            parts = [slice(a, b) for a, b in pairwise(bounds)]
            list(pool.map(lambda part: self._run_part(x[part], y[part]), parts))

    def _run_part(self, x: Array, y: Array) -> None:
        scratch: Scratch | None = getattr(self._local, "scratch", None)
        if scratch is None:
            scratch = self._local.scratch = Scratch()
        for start in range(0, len(x), MICRO_BATCH):
            part = slice(start, start + MICRO_BATCH)
            self._run_micro_batch(x[part], y[part], scratch)

    def _run_micro_batch(self, x: Array, y: Array, scratch: Scratch) -> None:
        n = len(x)
        for step, after in zip(self._steps, [*self._steps[1:], None], strict=True):
            if step is self._steps[0] and step.frame != ((0, 0), (0, 0)):
                whole, inner = frame_buffer(scratch, -1, step.frame, x.shape[1:], n)
                inner[...] = x
                x = whole
            if after is None:
                step.run(x, y, scratch)
                return
            whole, inner = frame_buffer(scratch, step.index, after.frame, step.output_shape, n)
            step.run(x, inner, scratch)
            x = whole


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
            relu, pooled, taken = _joined(layer, following)
            place += taken
            yield ConvStep(index, layer, weight, bias, pooled=pooled, relu=relu)
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


def _joined(layer: Conv2D, following: list[Layer]) -> tuple[bool, bool, int]:
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
