"""Batch normalisation as two steps of a training pass: measure, then apply.

The numbers of a few pictures are in the cache from step to step; but a pass can apply no
statistics before it has measured those of the whole batch. On the way back it is the same:
the gradient of the input needs sums over the batch.

References
----------
Ioffe & Szegedy, "Batch Normalization", 2015.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from cnn.engine.activation import activate, differentiate, gradient_dtype
from cnn.engine.fusion import Group
from cnn.engine.memory import Call, Scratch, in_stored_order, like, stored
from cnn.engine.training.steps import MicroBatch, Step
from cnn.layers import BatchNorm

__all__ = ["NormaliseStep", "StatisticsStep"]

Array = npt.NDArray[Any]

_PIECE = 1 << 15  # numbers: so few stay in the cache through all that is done to them
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
        """Get ready for a batch: the parameters may be others now."""
        super().start()
        self._parts = []

    def forward(self, x: Array, batch: MicroBatch, rng: np.random.Generator) -> Array:
        """Compute the step's output (n, ...), good until the next batch."""
        if not (x.flags.c_contiguous or (x.ndim == 4 and in_stored_order(x))):
            whole = batch.get((self, "x"), x.shape)
            np.copyto(whole, x)
            x = whole
        batch.saved[self] = x
        lines = as_lines(x)
        channels = len(self.mean)
        count = x.size // channels
        mean = add_up(lines, channels) / np.float32(count)
        self._mean.set(mean)
        squares = np.zeros(channels, np.float32)
        for some, rest in pieces(lines, self._scratch):
            np.subtract(some, self._mean.over(lines), out=rest)
            np.multiply(rest, rest, out=rest)
            squares += add_up(rest, channels)
        self._parts.append((count, mean, squares))
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
        """Add to `grads`, and return the input's gradient, good until the next call."""
        x = batch.saved.pop(self)
        dx = like(x, self._scratch, "dx")
        lines, gradients, results = as_lines(x), as_lines(dy), as_lines(dx)
        factor, slope, offset = (row.over(lines) for row in self.coefficients)
        start = 0
        for some, rest in pieces(lines, self._scratch):
            part = slice(start, start + len(some))
            np.multiply(gradients[part], factor, out=results[part])
            np.multiply(some, slope, out=rest)
            np.add(results[part], rest, out=results[part])
            np.add(results[part], offset, out=results[part])
            start = part.stop
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
        """Get ready for a batch: the parameters may be others now."""
        super().start()
        channels = len(self._statistics.mean)
        self.grads = {name: np.zeros(channels, np.float32) for name in ("scale", "shift")}

    def forward(self, x: Array, batch: MicroBatch, rng: np.random.Generator) -> Array:
        """Compute the step's output (n, ...), good until the next batch."""
        params = self._statistics.layer.params
        gain = params["scale"] * self._statistics.inverse_deviation
        self._gain.set(gain)
        self._shift.set(params["shift"] - self._statistics.mean * gain)
        kept = _Kept(x, self._pooled, self._slope, batch, self)
        for part in kept.parts():
            lines = as_lines_of(kept.x[part])
            normal = self._scratch.get("piece", kept.x[part].shape)
            results = normal.reshape(lines.shape)
            np.multiply(lines, self._gain.over(lines), out=results)
            np.add(results, self._shift.over(lines), out=results)
            if self._pooled:
                normal = kept.pool(normal, part, self._scratch)
            kept.activate(normal, part, self._scratch)
        batch.saved[self] = kept
        return kept.as_pictures(kept.out)

    def backward(self, dy: Array, batch: MicroBatch) -> Array:
        """Return the gradient of what was normalised; `StatisticsStep` does the rest."""
        kept: _Kept = batch.saved.pop(self)
        channels = kept.x.shape[-1]
        kept.set_gradient(dy)
        for part in kept.parts():
            if self._pooled:
                kept.spread(part)
            gradient = kept.gradient[part]
            product = self._scratch.get("piece", gradient.shape)
            np.multiply(gradient, kept.x[part], out=product)
            self.grads["shift"] += add_up(gradient, channels)
            self.grads["scale"] += add_up(product, channels)
        return kept.as_pictures(kept.gradient)

    def finish_backward(self) -> None:
        """Complete `grads` when all pictures of the batch have gone backward."""
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


class _Kept:
    """What a `NormaliseStep` keeps for its backward pass, all as it lies in memory.

    Attributes
    ----------
    x : ndarray, (H, W, n, C), (n, H, W, C) or (n, C)
        The input.
    gradient : ndarray, of its shape
        What `StatisticsStep` needs to compute the gradient of the input.
    out : ndarray
        The output.
    """

    def __init__(
        self, x: Array, pooled: bool, slope: float | None, batch: MicroBatch, key: object
    ) -> None:
        self._stored = x.ndim == 4 and in_stored_order(x)
        self._slope = slope
        self._unit = 2 if pooled and self._stored else 1
        self.x = stored(x) if self._stored else x
        self.gradient = batch.get((key, "gradient"), self.x.shape)
        shape = self.x.shape
        if pooled:
            rows, columns = (0, 1) if self._stored else (1, 2)
            shape = tuple(
                size // 2 if axis in (rows, columns) else size for axis, size in enumerate(shape)
            )
            self._beside = batch.get((key, "beside"), (2, *shape), np.bool_)
            self._above = batch.get((key, "above"), shape, np.bool_)
            self._small = batch.get((key, "pooled"), shape)
        else:
            self._small = self.gradient
        self.out = batch.get((key, "y"), shape)
        self._derivative: Array | None = None
        if slope is not None:
            dtype = gradient_dtype(slope)
            self._derivative = batch.get((key, "derivative"), shape, dtype)

    def parts(self) -> Iterator[slice]:
        """Yield parts of the first axis, each small enough for the cache."""
        size = self.x[0].size * self._unit
        step = max(1, _PIECE // size) * self._unit
        for start in range(0, len(self.x), step):
            yield slice(start, min(start + step, len(self.x)))

    def as_pictures(self, array: Array) -> Array:
        """Show what lies as `x` does in the order of the axes that other steps expect."""
        return array.transpose(2, 0, 1, 3) if self._stored else array

    def _places(self, array: Array) -> Array:
        """Show (H, W, n, C) or (n, H, W, C) by place in the cell, (2, 2, ...)."""
        a, b, c, channels = array.shape
        if self._stored:
            return array.reshape(a // 2, 2, b // 2, 2, c, channels).transpose(1, 3, 0, 2, 4, 5)
        return array.reshape(a, b // 2, 2, c // 2, 2, channels).transpose(2, 4, 0, 1, 3, 5)

    def _of(self, part: slice) -> slice:
        """Return where the pooled numbers of a part are."""
        return slice(part.start // self._unit, part.stop // self._unit)

    def pool(self, normal: Array, part: slice, scratch: Scratch) -> Array:
        """Return the largest numbers of the cells of a part, in a buffer."""
        y, own = self._places(normal), self._of(part)
        result = scratch.get("pooled", y.shape[2:])
        np.greater_equal(y[:, 0], y[:, 1], out=self._beside[:, own])
        np.maximum(y[:, 0], y[:, 1], out=y[:, 0])
        np.greater_equal(y[0, 0], y[1, 0], out=self._above[own])
        np.maximum(y[0, 0], y[1, 0], out=result)
        return result

    def activate(self, y: Array, part: slice, scratch: Scratch) -> None:
        """Put a part of the output through the activation."""
        own = self._of(part)
        out = as_lines_of(self.out[own])
        if self._slope == 0:
            np.maximum(y.reshape(out.shape), np.zeros(out.shape[1], np.float32), out=out)
        else:
            run(activate(y.reshape(out.shape), out, self._slope))
        if self._derivative is not None and self._slope is not None:
            derivative = self._derivative[own].reshape(out.shape)
            mask = scratch.get("mask", out.shape, np.bool_) if self._slope else derivative
            run(differentiate(out, derivative, self._slope, mask))

    def set_gradient(self, dy: Array) -> None:
        """Take the gradient of the output through the activation."""
        dy = stored(dy) if self._stored else dy
        if self._derivative is None:
            np.copyto(self._small, dy)
        else:
            np.multiply(dy, self._derivative, out=self._small)

    def spread(self, part: slice) -> None:
        """Spread the gradient of the cells of a part over their pixels."""
        own = self._of(part)
        d, above, beside = self._small[own], self._above[own], self._beside[:, own]
        g = self._places(self.gradient[part])
        np.multiply(d, above, out=g[0, 1])
        np.subtract(d, g[0, 1], out=g[1, 1])
        np.multiply(g[:, 1], beside, out=g[:, 0])
        np.subtract(g[:, 1], g[:, 0], out=g[:, 1])


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
    return as_lines_of(stored(x) if x.ndim == 4 and in_stored_order(x) else x)


def as_lines_of(x: Array) -> Array:
    """Show contiguous numbers (..., C) in rows of several whole pixels."""
    channels = x.shape[-1]
    pixels, many = x.size // channels, 1
    while pixels % (2 * many) == 0 and 2 * many * channels <= _WIDTH:
        many *= 2
    return x.reshape(-1, many * channels)


def pieces(lines: Array, scratch: Scratch) -> Iterator[tuple[Array, Array]]:
    """Yield some lines at a time, each time with the same buffer of their shape."""
    step = max(1, _PIECE // lines.shape[1])
    for start in range(0, len(lines), step):
        some = lines[start : start + step]
        yield some, scratch.get("piece", some.shape)


def add_up(lines: Array, channels: int) -> Array:
    """Return the sum for each channel, (C,): as a matrix product, which is fastest."""
    rows = lines.reshape(-1, channels)
    total: Array = np.ones(len(rows), lines.dtype) @ rows
    return total


def run(calls: Iterable[Call]) -> None:
    """Do what was bound to buffers."""
    for call in calls:
        call()
