"""The stages of a training pass: some layers as one, forward and backward.

A stage remembers what its backward pass needs in a *slot*, of which there is one for
every few pictures of a batch, and works in buffers that all slots share (`Scratch`).
Both are kept from batch to batch: fresh memory took a third of the time.

Where a max-pooling follows a ReLU, it is done first: the results and gradients are the
same, and the ReLU has less to do. Of several largest numbers in a cell, the first gets
the gradient, as in `cnn.layers.MaxPool2D`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from cnn.engine.memory import Scratch, stored
from cnn.layers import BatchNorm, Dense, Layer

__all__ = ["Apply", "DenseStage", "LayerStage", "Measure", "Slot", "Stage", "add_up"]

Array = npt.NDArray[Any]

_FEW_ROWS = 32  # to multiply so few by a transposed view takes twice as long as the other way round


class Slot(Scratch):
    """What is remembered of some pictures between the two directions.

    Attributes
    ----------
    notes : dict of Stage to object
        What each stage wants to find again.
    """

    def __init__(self) -> None:
        super().__init__()
        self.notes: dict[Stage, Any] = {}


class Stage:
    """Some layers as one.

    Parameters
    ----------
    index : int
        Where the layer with the parameters stands in the network. The stage of layer 0
        computes no gradient of its input.

    Attributes
    ----------
    grads : dict of str to ndarray
        What the parameters' gradients have added up to, by name within the layer.
    seen : list of (Layer, object)
        Layers, each with what its `absorb` is to be told.
    """

    def __init__(self, index: int) -> None:
        self.index = index
        self.grads: dict[str, Array] = {}
        self.seen: list[tuple[Layer, Any]] = []

    def start(self) -> None:
        """Get ready for a batch: the parameters may be others now."""
        self.grads = {}
        self.seen = []

    def forward(self, x: Array, slot: Slot, rng: np.random.Generator) -> Array:
        """Compute the stage's output (n, ...), which stays as it is until the next batch."""
        raise NotImplementedError

    def settle(self) -> None:
        """All pictures of the batch have gone forward through here."""

    def backward(self, dy: Array, slot: Slot) -> Array:
        """Add to `grads`, and return the input's gradient, good until the next call."""
        raise NotImplementedError

    def settle_back(self) -> None:
        """All pictures have gone backward through here: `grads` has to be complete."""

    def add(self, name: str, gradient: Array) -> None:
        """Add to what a parameter's gradient is so far."""
        if name in self.grads:
            self.grads[name] += gradient
        else:
            self.grads[name] = gradient


class LayerStage(Stage):
    """A layer as it is."""

    def __init__(self, index: int, layer: Layer) -> None:
        super().__init__(index)
        self._layer = layer

    def forward(self, x: Array, slot: Slot, rng: np.random.Generator) -> Array:
        """See `Stage.forward`."""
        y, slot.notes[self] = self._layer.forward(x, training=True, rng=rng)
        return y

    def backward(self, dy: Array, slot: Slot) -> Array:
        """See `Stage.backward`."""
        cache = slot.notes.pop(self)
        if self.index:
            dy, grads = self._layer.backward(dy, cache)
        else:
            grads = self._layer.parameter_gradients(dy, cache)
        for name, gradient in grads.items():
            self.add(name, gradient)
        self.seen.append((self._layer, cache))
        return dy


class DenseStage(Stage):
    """A dense layer, and maybe the ReLU after it; all pictures in one slot."""

    def __init__(self, index: int, layer: Dense, relu: bool) -> None:
        super().__init__(index)
        self._layer = layer
        self._relu = relu

    def forward(self, x: Array, slot: Slot, rng: np.random.Generator) -> Array:
        """See `Stage.forward`."""
        y = slot.get((self, "y"), (len(x), self._layer.units))
        np.matmul(x, self._layer.params["weight"], out=y)
        if self._layer.bias:
            y += self._layer.params["bias"]
        if self._relu:
            np.maximum(y, 0, out=y)
        slot.notes[self] = x, y
        return y

    def backward(self, dy: Array, slot: Slot) -> Array:
        """See `Stage.backward`."""
        x, y = slot.notes.pop(self)
        if self._relu:
            dy = dy * (y > 0)
        weight = self._layer.params["weight"]
        self.grads["weight"] = slot.get((self, "weight"), weight.shape)
        np.matmul(x.T, dy, out=self.grads["weight"])
        if self._layer.bias:
            self.grads["bias"] = dy.sum(axis=0)
        if not self.index:
            return dy
        dx = slot.get((self, "dx"), x.shape)
        if len(x) > _FEW_ROWS:
            return np.matmul(dy, weight.T, out=dx)
        turned = slot.get((self, "turned"), x.shape[::-1])
        np.copyto(dx, np.matmul(weight, dy.T, out=turned).T)
        return dx


class Measure(Stage):
    """The first half of a batch normalisation: what the numbers of each channel are like.

    `Apply`, the other half, has to wait until all pictures have been here.

    Attributes
    ----------
    mean, spread : ndarray of float32, (C,)
        Of the batch: the mean, and one divided by the standard deviation.
    count : int
        Numbers in each channel.
    pulls : (ndarray, ndarray, ndarray)
        Set by `Apply`: the input's gradient is pulls[0] · dy + pulls[1] · x + pulls[2].
    """

    def __init__(self, index: int, layer: BatchNorm, scratch: Scratch) -> None:
        super().__init__(index)
        self.layer = layer
        self._scratch = scratch
        self._parts: list[tuple[int, Array, Array]] = []
        self.mean: Array = np.zeros(0, np.float32)
        self.spread: Array = self.mean
        self.pulls: tuple[Array, Array, Array] = (self.mean,) * 3
        self.count = 0

    def start(self) -> None:
        """See `Stage.start`."""
        super().start()
        self._parts = []

    def forward(self, x: Array, slot: Slot, rng: np.random.Generator) -> Array:
        """See `Stage.forward`."""
        if x.ndim > 2 and not stored(x).flags.c_contiguous:
            # From a layer that is taken as it is: all that follows wants the other order.
            whole = slot.pictures((self, "x"), x.shape)
            np.copyto(whole, x)
            x = whole
        slot.notes[self] = x
        mean = add_up(x) / (x.size // x.shape[-1])
        rest = like(x, self._scratch, "rest")
        np.subtract(as_lines(x), repeat(mean, x), out=as_lines(rest))
        np.multiply(rest, rest, out=rest)
        self._parts.append((x.size // x.shape[-1], mean, add_up(rest)))
        return x

    def settle(self) -> None:
        """Put the parts' means and variances together (Chan et al., 1979)."""
        self.count = sum(count for count, _, _ in self._parts)
        counts = np.array([[count] for count, _, _ in self._parts])
        means = np.array([mean for _, mean, _ in self._parts], np.float64)
        mean = (counts * means).sum(axis=0) / self.count
        within = np.sum([rest for _, _, rest in self._parts], axis=0, dtype=np.float64)
        variance = (within + (counts * (means - mean) ** 2).sum(axis=0)) / self.count
        self.mean = mean.astype(np.float32)
        self.spread = (1 / np.sqrt(variance + self.layer.epsilon)).astype(np.float32)
        self.seen = [(self.layer, (None, None, (mean, variance, self.count)))]

    def backward(self, dy: Array, slot: Slot) -> Array:
        """See `Stage.backward`."""
        x = slot.notes.pop(self)
        dx = like(x, self._scratch, "dx")
        rest = like(x, self._scratch, "rest")
        gain, slope, offset = (repeat(pull, x) for pull in self.pulls)
        np.multiply(as_lines(dy), gain, out=as_lines(dx))
        np.multiply(as_lines(x), slope, out=as_lines(rest))
        np.add(dx, rest, out=dx)
        np.add(as_lines(dx), offset, out=as_lines(dx))
        return dx


class Apply(Stage):
    """The second half of a batch normalisation, and maybe the ReLU after it.

    References
    ----------
    Ioffe & Szegedy, "Batch Normalization", 2015.
    """

    def __init__(self, measure: Measure, relu: bool, scratch: Scratch) -> None:
        super().__init__(measure.index)
        self._measure = measure
        self._relu = relu
        self._scratch = scratch

    def start(self) -> None:
        """See `Stage.start`."""
        super().start()
        channels = len(self._measure.layer.params["scale"])
        self.grads = {name: np.zeros(channels, np.float32) for name in ("scale", "shift")}

    def forward(self, x: Array, slot: Slot, rng: np.random.Generator) -> Array:
        """See `Stage.forward`."""
        params = self._measure.layer.params
        gain = params["scale"] * self._measure.spread
        y = like(x, slot, (self, "y"))
        lines = as_lines(y)
        np.multiply(as_lines(x), repeat(gain, x), out=lines)
        np.add(lines, repeat(params["shift"] - self._measure.mean * gain, x), out=lines)
        if self._relu:
            np.maximum(lines, np.zeros(lines.shape[1:], np.float32), out=lines)
        slot.notes[self] = x, y
        return y

    def backward(self, dy: Array, slot: Slot) -> Array:
        """See `Stage.backward`; the gradient is not the input's yet: that is up to `Measure`."""
        x, y = slot.notes.pop(self)
        if self._relu:
            # Nobody needs the output any more; the next section needs this until it has settled.
            alive = like(y, self._scratch, "alive", np.bool_)
            np.greater(y, np.float32(0), out=alive)
            dy = np.multiply(dy, alive, out=y)
        else:
            np.copyto(y, dy)
            dy = y
        product = like(x, self._scratch, "product")
        np.multiply(dy, x, out=product)
        self.grads["shift"] += add_up(dy)
        self.grads["scale"] += add_up(product)
        return dy

    def settle_back(self) -> None:
        """See `Stage.settle_back`."""
        measure = self._measure
        total = self.grads["shift"]
        # Until now this was the sum of dy · x; the numbers wanted are the normalised ones.
        self.grads["scale"] = (self.grads["scale"] - measure.mean * total) * measure.spread
        gain = measure.layer.params["scale"] * measure.spread
        slope = -gain * measure.spread * self.grads["scale"] / measure.count
        measure.pulls = gain, slope, -gain * total / measure.count - slope * measure.mean


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
    """Return a number for each channel (C,) as often as `as_lines` needs it in a row."""
    return np.tile(channels.astype(np.float32, copy=False), as_lines(x).shape[1] // len(channels))
