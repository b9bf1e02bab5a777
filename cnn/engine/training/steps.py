"""The steps of a training pass: each a group of layers as one, forward and backward.

What a step needs for its backward pass is kept in a `MicroBatch`; otherwise it works in
buffers that all micro-batches share (`Scratch`). Both are kept from pass to pass: fresh
memory took a third of the time.

Where a max-pooling follows a ReLU, it is done first: the results and gradients are the
same, and the ReLU has less to do. Of several largest numbers in a cell, the first gets
the gradient, as in `cnn.layers.MaxPool2D`.
"""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import numpy.typing as npt

from cnn.engine.fusion import Group
from cnn.engine.memory import Scratch, stored
from cnn.layers import BatchNorm, Dense, Layer
from cnn.layers.base import first_layer_gradients

__all__ = [
    "DenseStep",
    "LayerStep",
    "MicroBatch",
    "NormaliseStep",
    "StatisticsStep",
    "Step",
    "add_up",
]

Array = npt.NDArray[Any]

_FEW_ROWS = 32  # to multiply so few by a transposed view takes twice as long as the other way round


class MicroBatch(Scratch):
    """What is kept of the pictures that go through together, from forward to backward.

    Attributes
    ----------
    saved : dict of Step to object
        What each step needs for its backward pass.
    """

    def __init__(self) -> None:
        super().__init__()
        self.saved: dict[Step, Any] = {}


class Step:
    """A group of layers as one.

    Parameters
    ----------
    index : int
        Where the layer with the parameters stands in the network. The step of layer 0
        computes no gradient of its input.

    Attributes
    ----------
    grads : dict of str to ndarray
        What the parameters' gradients have added up to, by name within the layer.
    statistics : list of (Layer, object)
        Layers, each with what its `absorb` takes.
    """

    def __init__(self, index: int) -> None:
        self.index = index
        self.grads: dict[str, Array] = {}
        self.statistics: list[tuple[Layer, Any]] = []

    def start(self) -> None:
        """Get ready for a batch: the parameters may be others now."""
        self.grads = {}
        self.statistics = []

    def forward(self, x: Array, batch: MicroBatch, rng: np.random.Generator) -> Array:
        """Compute the step's output (n, ...), which stays as it is until the next batch."""
        raise NotImplementedError

    def finish_forward(self) -> None:
        """Do what has to wait until all pictures of the batch have gone forward."""

    def backward(self, dy: Array, batch: MicroBatch) -> Array:
        """Add to `grads`, and return the input's gradient, good until the next call."""
        raise NotImplementedError

    def finish_backward(self) -> None:
        """Complete `grads`, after all pictures of the batch have gone backward."""

    def add(self, name: str, gradient: Array) -> None:
        """Add to what a parameter's gradient is so far."""
        if name in self.grads:
            self.grads[name] += gradient
        else:
            self.grads[name] = gradient


class LayerStep(Step):
    """A layer as it is."""

    def __init__(self, index: int, layer: Layer) -> None:
        super().__init__(index)
        self._layer = layer

    def forward(self, x: Array, batch: MicroBatch, rng: np.random.Generator) -> Array:
        """See `Step.forward`."""
        y, batch.saved[self] = self._layer.forward(x, training=True, rng=rng)
        return y

    def backward(self, dy: Array, batch: MicroBatch) -> Array:
        """See `Step.backward`."""
        cache = batch.saved.pop(self)
        if self.index:
            dy, grads = self._layer.backward(dy, cache)
        else:
            grads = first_layer_gradients(self._layer, dy, cache)
        for name, gradient in grads.items():
            self.add(name, gradient)
        self.statistics.append((self._layer, cache))
        return dy


class DenseStep(Step):
    """A dense layer, and maybe the ReLU after it; all pictures at once."""

    def __init__(self, group: Group) -> None:
        super().__init__(group.index)
        self._layer = cast(Dense, group.layer)
        self._relu = group.relu

    def forward(self, x: Array, batch: MicroBatch, rng: np.random.Generator) -> Array:
        """See `Step.forward`."""
        y = batch.get((self, "y"), (len(x), self._layer.units))
        np.matmul(x, self._layer.params["weight"], out=y)
        if self._layer.bias:
            y += self._layer.params["bias"]
        if self._relu:
            np.maximum(y, 0, out=y)
        batch.saved[self] = x, y
        return y

    def backward(self, dy: Array, batch: MicroBatch) -> Array:
        """See `Step.backward`."""
        x, y = batch.saved.pop(self)
        if self._relu:
            dy = dy * (y > 0)
        weight = self._layer.params["weight"]
        self.grads["weight"] = batch.get((self, "weight"), weight.shape)
        np.matmul(x.T, dy, out=self.grads["weight"])
        if self._layer.bias:
            self.grads["bias"] = dy.sum(axis=0)
        if not self.index:
            return dy
        dx = batch.get((self, "dx"), x.shape)
        if len(x) > _FEW_ROWS:
            return np.matmul(dy, weight.T, out=dx)
        transposed = batch.get((self, "transposed"), x.shape[::-1])
        np.copyto(dx, np.matmul(weight, dy.T, out=transposed).T)
        return dx


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
        self.mean: Array = np.zeros(0, np.float32)
        self.inverse_deviation: Array = self.mean
        self.coefficients: tuple[Array, Array, Array] = (self.mean,) * 3
        self.count = 0

    def start(self) -> None:
        """See `Step.start`."""
        super().start()
        self._parts = []

    def forward(self, x: Array, batch: MicroBatch, rng: np.random.Generator) -> Array:
        """See `Step.forward`."""
        if x.ndim > 2 and not stored(x).flags.c_contiguous:
            # From a `LayerStep`: all that follows expects the layout of `stored`.
            whole = batch.pictures((self, "x"), x.shape)
            np.copyto(whole, x)
            x = whole
        batch.saved[self] = x
        mean = add_up(x) / (x.size // x.shape[-1])
        rest = like(x, self._scratch, "rest")
        np.subtract(as_lines(x), repeat(mean, x), out=as_lines(rest))
        np.multiply(rest, rest, out=rest)
        self._parts.append((x.size // x.shape[-1], mean, add_up(rest)))
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
        rest = like(x, self._scratch, "rest")
        gain, slope, offset = (repeat(coefficient, x) for coefficient in self.coefficients)
        np.multiply(as_lines(dy), gain, out=as_lines(dx))
        np.multiply(as_lines(x), slope, out=as_lines(rest))
        np.add(dx, rest, out=dx)
        np.add(as_lines(dx), offset, out=as_lines(dx))
        return dx


class NormaliseStep(Step):
    """The second half of a batch normalisation, and maybe the ReLU after it.

    References
    ----------
    Ioffe & Szegedy, "Batch Normalization", 2015.
    """

    def __init__(self, group: Group, statistics: StatisticsStep, scratch: Scratch) -> None:
        super().__init__(group.index)
        self._statistics = statistics
        self._relu = group.relu
        self._scratch = scratch

    def start(self) -> None:
        """See `Step.start`."""
        super().start()
        channels = len(self._statistics.layer.params["scale"])
        self.grads = {name: np.zeros(channels, np.float32) for name in ("scale", "shift")}

    def forward(self, x: Array, batch: MicroBatch, rng: np.random.Generator) -> Array:
        """See `Step.forward`."""
        params = self._statistics.layer.params
        gain = params["scale"] * self._statistics.inverse_deviation
        y = like(x, batch, (self, "y"))
        lines = as_lines(y)
        np.multiply(as_lines(x), repeat(gain, x), out=lines)
        np.add(lines, repeat(params["shift"] - self._statistics.mean * gain, x), out=lines)
        if self._relu:
            np.maximum(lines, np.zeros(lines.shape[1:], np.float32), out=lines)
        batch.saved[self] = x, y
        return y

    def backward(self, dy: Array, batch: MicroBatch) -> Array:
        """Return what `StatisticsStep` needs to compute the gradient of the input."""
        x, y = batch.saved.pop(self)
        if self._relu:
            # The output is not needed any more; what takes its place is, by the other half.
            mask = like(y, self._scratch, "mask", np.bool_)
            np.greater(y, np.float32(0), out=mask)
            dy = np.multiply(dy, mask, out=y)
        else:
            np.copyto(y, dy)
            dy = y
        product = like(x, self._scratch, "product")
        np.multiply(dy, x, out=product)
        self.grads["shift"] += add_up(dy)
        self.grads["scale"] += add_up(product)
        return dy

    def finish_backward(self) -> None:
        """See `Step.finish_backward`."""
        statistics = self._statistics
        total = self.grads["shift"]
        # Until now this was the sum of dy · x; the numbers wanted are the normalised ones.
        centred = self.grads["scale"] - statistics.mean * total
        self.grads["scale"] = centred * statistics.inverse_deviation
        gain = statistics.layer.params["scale"] * statistics.inverse_deviation
        slope = -gain * statistics.inverse_deviation * self.grads["scale"] / statistics.count
        statistics.coefficients = (
            gain,
            slope,
            -gain * total / statistics.count - slope * statistics.mean,
        )


def add_up(x: Array) -> Array:
    """Return the sum over all but the last axis: as a matrix product, which is fastest."""
    rows = (stored(x) if x.ndim > 2 else x).reshape(-1, x.shape[-1])
    return np.ones(len(rows), x.dtype) @ rows


def like(x: Array, scratch: Scratch, key: object, dtype: type = np.float32) -> Array:
    """Return a buffer in which the same numbers have the same places as in `as_lines(x)`."""
    return scratch.pictures(key, x.shape, dtype) if x.ndim > 2 else scratch.get(key, x.shape, dtype)


def as_lines(x: Array) -> Array:
    """Show (n, H, W, C), as it lies in memory, as (H · W, n · C): long rows for NumPy."""
    return stored(x).reshape(-1, len(x) * x.shape[-1]) if x.ndim > 2 else x


def repeat(channels: Array, x: Array) -> Array:
    """Repeat a number for each channel (C,) along the rows of `as_lines`."""
    return np.tile(channels.astype(np.float32, copy=False), as_lines(x).shape[1] // len(channels))
