"""Batch normalisation as two steps of a training pass: measure, then apply.

The numbers of a few pictures are in the cache from step to step; but a pass can apply no
statistics before it has measured those of the whole batch. On the way back it is the same:
the gradient of the input needs sums over the batch.

References
----------
Ioffe & Szegedy, "Batch Normalization", 2015.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from cnn.engine.activation import activate, differentiate, gradient_dtype
from cnn.engine.fusion import Group
from cnn.engine.memory import Call, Scratch, in_stored_order, like, stored
from cnn.engine.training.pooling import by_place, pool_cells
from cnn.engine.training.steps import MicroBatch, Step
from cnn.layers import BatchNorm

__all__ = ["NormaliseStep", "StatisticsStep"]

Array = npt.NDArray[Any]

_WIDTH = 2048  # numbers: rows as long as this cost NumPy nothing extra


class StatisticsStep(Step):
    """The first half of a batch normalisation: mean and variance of each channel.

    `NormaliseStep`, the other half, has to wait until all pictures have been here.

    Attributes
    ----------
    mean, inverse_deviation : ndarray of float32, (C,)
        Of the batch: the mean, and one divided by the standard deviation.
    count : int
        Numbers in each channel.
    coefficients : (ndarray, ndarray, ndarray)
        Set by `NormaliseStep`: a, b and c in the input's gradient a · dy + b · x + c.
    """

    def __init__(self, group: Group, scratch: Scratch) -> None:
        super().__init__(group.index)
        self.layer = cast(BatchNorm, group.layer)
        self._scratch = scratch
        self._parts: list[tuple[int, Array, Array]] = []
        self.mean: Array = np.zeros(group.layer.input_shape[-1], np.float32)
        self.inverse_deviation: Array = self.mean
        self.coefficients = tuple(Row(len(self.mean)) for _ in range(3))
        self._mean = Row(len(self.mean))
        self.count = 0

    def start(self) -> None:
        """See `Step.start`."""
        super().start()
        self._parts = []

    def forward(self, x: Array, batch: MicroBatch, rng: np.random.Generator) -> Array:
        """See `Step.forward`."""
        if not (x.flags.c_contiguous or (x.ndim == 4 and in_stored_order(x))):
            whole = batch.get((self, "x"), x.shape)
            np.copyto(whole, x)
            x = whole
        batch.saved[self] = x
        lines = as_lines(x)
        rest = as_lines(like(x, self._scratch, "rest"))
        count = x.size // len(self.mean)
        mean = add_up(lines, len(self.mean)) / np.float32(count)
        self._mean.set(mean)
        np.subtract(lines, self._mean.over(lines), out=rest)
        np.multiply(rest, rest, out=rest)
        self._parts.append((count, mean, add_up(rest, len(mean))))
        return x

    def finish_forward(self) -> None:
        """Put the parts' means and variances together (Chan et al., 1979)."""
        self.count = sum(count for count, _, _ in self._parts)
        counts = np.array([[count] for count, _, _ in self._parts])
        means = np.array([mean for _, mean, _ in self._parts], np.float64)
        mean = (counts * means).sum(axis=0) / self.count
        within = np.sum([rest for _, _, rest in self._parts], axis=0, dtype=np.float64)
        variance = (within + (counts * (means - mean) ** 2).sum(axis=0)) / self.count
        self.mean = mean.astype(np.float32)
        self.inverse_deviation = (1 / np.sqrt(variance + self.layer.epsilon)).astype(np.float32)
        self.statistics = [(self.layer, (None, None, (mean, variance, self.count)))]

    def backward(self, dy: Array, batch: MicroBatch) -> Array:
        """See `Step.backward`."""
        x = batch.saved.pop(self)
        dx = like(x, self._scratch, "dx")
        lines, rest = as_lines(dx), as_lines(like(x, self._scratch, "rest"))
        factor, slope, offset = (row.over(lines) for row in self.coefficients)
        np.multiply(as_lines(dy), factor, out=lines)
        np.multiply(as_lines(x), slope, out=rest)
        np.add(lines, rest, out=lines)
        np.add(lines, offset, out=lines)
        return dx


class NormaliseStep(Step):
    """The second half of a batch normalisation, maybe with pooling and an activation."""

    def __init__(self, group: Group, statistics: StatisticsStep, scratch: Scratch) -> None:
        super().__init__(group.index)
        self._statistics = statistics
        self._slope = group.slope
        self._pooled = group.pooled
        self._output_shape = group.layers[-1].output_shape
        self._scratch = scratch
        channels = len(statistics.mean)
        self._gain, self._shift = Row(channels), Row(channels)

    def start(self) -> None:
        """See `Step.start`."""
        super().start()
        channels = len(self._statistics.mean)
        self.grads = {name: np.zeros(channels, np.float32) for name in ("scale", "shift")}

    def forward(self, x: Array, batch: MicroBatch, rng: np.random.Generator) -> Array:
        """See `Step.forward`."""
        params = self._statistics.layer.params
        gain = params["scale"] * self._statistics.inverse_deviation
        self._gain.set(gain)
        self._shift.set(params["shift"] - self._statistics.mean * gain)
        normal = like(x, self._scratch, "rest")
        lines = as_lines(normal)
        np.multiply(as_lines(x), self._gain.over(lines), out=lines)
        np.add(lines, self._shift.over(lines), out=lines)
        # What `StatisticsStep` needs to compute the gradient of the input.
        gradient = like(x, batch, (self, "gradient"))
        y, pooled = normal, gradient
        spread: list[Call] = []
        if self._pooled:
            pooled = self._make_pooled(x)
            y, calls, spread = self._pool(normal, gradient, pooled, batch)
            run(calls)
        out = like(pooled, batch, (self, "y"))
        run(activate(y, out, self._slope))
        derivative = None
        if self._slope is not None:
            derivative = like(out, batch, (self, "derivative"), gradient_dtype(self._slope))
            mask = like(out, self._scratch, "mask", np.bool_) if self._slope else derivative
            run(differentiate(out, derivative, self._slope, mask))
        batch.saved[self] = x, derivative, pooled, spread, gradient
        return out

    def _make_pooled(self, x: Array) -> Array:
        """Return a buffer for what is pooled of `x`, in the same order in memory."""
        n, height, width, channels = x.shape
        shape = (n, height // 2, width // 2, channels)
        if in_stored_order(x):
            return self._scratch.pictures("pooled", shape)
        return self._scratch.get("pooled", shape)

    def _pool(
        self, normal: Array, gradient: Array, pooled: Array, batch: MicroBatch
    ) -> tuple[Array, list[Call], list[Call]]:
        """Return what was pooled (n, H / 2, W / 2, C), and the calls of `pool_cells`."""
        places, spread_to = by_place(normal), by_place(gradient)
        d = stored(pooled) if in_stored_order(pooled) else pooled
        calls, spread = pool_cells(places, d, spread_to, batch, self)
        y = places[0, 0]
        return (np.moveaxis(y, 2, 0) if d is not pooled else y), calls, spread

    def backward(self, dy: Array, batch: MicroBatch) -> Array:
        """Return the gradient of what was normalised; `StatisticsStep` does the rest."""
        gradient: Array
        x, derivative, d, spread, gradient = batch.saved.pop(self)
        if derivative is None:
            np.copyto(d, dy)
        else:
            np.multiply(dy, derivative, out=d)
        run(spread)
        product = as_lines(like(x, self._scratch, "rest"))
        np.multiply(as_lines(gradient), as_lines(x), out=product)
        channels = x.shape[-1]
        self.grads["shift"] += add_up(as_lines(gradient), channels)
        self.grads["scale"] += add_up(product, channels)
        return gradient

    def finish_backward(self) -> None:
        """See `Step.finish_backward`."""
        statistics = self._statistics
        total = self.grads["shift"]
        # Until now this was the sum of dy · x; the numbers wanted are the normalised ones.
        centred = self.grads["scale"] - statistics.mean * total
        self.grads["scale"] = centred * statistics.inverse_deviation
        gain = statistics.layer.params["scale"] * statistics.inverse_deviation
        slope = -gain * statistics.inverse_deviation * self.grads["scale"] / statistics.count
        offset = -gain * total / statistics.count - slope * statistics.mean
        for row, values in zip(statistics.coefficients, (gain, slope, offset), strict=True):
            row.set(values)


class Row:
    """A number for each of C channels, repeated for several pixels in a row."""

    def __init__(self, channels: int) -> None:
        self._values = np.zeros((max(1, _WIDTH // channels), channels), np.float32)

    def set(self, values: Array) -> None:
        """Take over numbers (C,)."""
        self._values[:] = values

    def over(self, lines: Array) -> Array:
        """Return as many as a row of `lines` has."""
        return self._values.reshape(-1)[: lines.shape[1]]


def as_lines(x: Array) -> Array:
    """Show numbers (n, ..., C), as they lie in memory, in rows of several whole pixels."""
    channels = x.shape[-1]
    pixels, many = x.size // channels, 1
    while pixels % (2 * many) == 0 and 2 * many * channels <= _WIDTH:
        many *= 2
    flat = stored(x) if x.ndim == 4 and in_stored_order(x) else x
    return flat.reshape(-1, many * channels)


def add_up(lines: Array, channels: int) -> Array:
    """Return the sum for each channel, (C,): as a matrix product, which is fastest."""
    rows = lines.reshape(-1, channels)
    total: Array = np.ones(len(rows), lines.dtype) @ rows
    return total


def run(calls: Iterable[Call]) -> None:
    """Do what was bound to buffers."""
    for call in calls:
        call()
