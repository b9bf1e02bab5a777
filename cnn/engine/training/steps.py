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
from cnn.engine.memory import Scratch
from cnn.layers import Dense, Layer
from cnn.layers.base import first_layer_gradients

__all__ = [
    "DenseStep",
    "LayerStep",
    "MicroBatch",
    "Step",
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
        Layers, each with what its `update_statistics` takes.
    parameters : bool
        Whether `backward` has to find `grads`; without, they may be anything.
    """

    def __init__(self, index: int) -> None:
        self.index = index
        self.parameters = True
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
        """Compute the step's output (n, ...), good until the next batch."""
        y, batch.saved[self] = self._layer.forward(x, training=True, rng=rng)
        return y

    def backward(self, dy: Array, batch: MicroBatch) -> Array:
        """Add to `grads`, and return the input's gradient, good until the next call."""
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
    """A dense layer, and maybe the activation after it; all pictures at once."""

    def __init__(self, group: Group) -> None:
        super().__init__(group.index)
        self._layer = cast(Dense, group.layer)
        self._slope = group.slope

    def forward(self, x: Array, batch: MicroBatch, rng: np.random.Generator) -> Array:
        """Compute the step's output (n, ...), good until the next batch."""
        y = batch.get((self, "y"), (len(x), self._layer.units))
        np.matmul(x, self._layer.params["weight"], out=y)
        if self._layer.bias:
            y += self._layer.params["bias"]
        if self._slope is not None:
            np.maximum(y, y * np.float32(self._slope) if self._slope else 0, out=y)
        batch.saved[self] = x, y
        return y

    def backward(self, dy: Array, batch: MicroBatch) -> Array:
        """Add to `grads`, and return the input's gradient, good until the next call."""
        x, y = batch.saved.pop(self)
        if self._slope is not None:
            dy = (
                dy * (y > 0)
                if not self._slope
                else np.where(y > 0, dy, dy * np.float32(self._slope))
            )
        weight = self._layer.params["weight"]
        if self.parameters:
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
