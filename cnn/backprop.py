"""A pass of training: forward through a network and back, a cache's worth at a time.

The layers up to the first that flattens see each picture by itself, so they take a few
pictures at a time, whose numbers then stay in a core's cache from layer to layer; the
dense layers after them take all at once, because their weights are what is large. A
network with batch normalisation takes all at once throughout.

Where a max-pooling follows a ReLU, it is done first: the results and gradients are the
same to the last bit, and the ReLU has less to do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from cnn.layers import BatchNorm, Conv2D, Dropout, Layer, MaxPool2D, ReLU
from cnn.losses import Loss

__all__ = ["Pass", "training_pass"]

Array = npt.NDArray[Any]

_MICRO_BATCH = 8  # pictures: more would not fit a core's cache

_ONE_BY_ONE = (Conv2D, ReLU, MaxPool2D, Dropout)


@dataclass(frozen=True)
class Pass:
    """What a pass found.

    Attributes
    ----------
    loss : float
        Mean over the examples.
    outputs : ndarray, (N, ...)
        Of the last layer that ran.
    grads : dict of str to ndarray
        Gradient for each parameter, named "layer.parameter", times the pass's weight.
    seen : list of (Layer, object)
        Each layer with what its `absorb` is to be told.
    """

    loss: float
    outputs: Array
    grads: dict[str, Array]
    seen: list[tuple[Layer, Any]]


def training_pass(
    layers: Sequence[Layer],
    x: Array,
    targets: Array,
    loss: Loss,
    *,
    rng: np.random.Generator,
    weight: float = 1.0,
) -> Pass:
    """Compute outputs, loss and gradients.

    Parameters
    ----------
    layers : sequence of Layer
        Built, in order.
    x : ndarray of float, (N, H, W, C) or (N, D)
        The examples, as the first layer takes them.
    targets : ndarray, (N, ...)
        What the loss expects.
    loss : Loss
        What the gradients are of.
    rng : numpy.random.Generator
        For layers that draw random numbers.
    weight : float
        What the gradients are multiplied by.
    """
    ordered = _pool_first(list(enumerate(layers)))
    count = _count_one_by_one(layers)
    size = _MICRO_BATCH if count else len(x)
    starts = range(0, len(x), size)
    below = [_forward(ordered[:count], x[start : start + size], rng) for start in starts]
    features = below[0][0] if len(below) == 1 else np.concatenate([y for y, _ in below])
    outputs, above = _forward(ordered[count:], features, rng)
    value, dy = loss(outputs, targets)
    dy = dy * dy.dtype.type(weight)
    grads: dict[str, Array] = {}
    dy = _backward(ordered[count:], dy, above, grads)
    for start, (_, caches) in zip(starts, below, strict=True):
        _backward(ordered[:count], dy[start : start + size], caches, grads)
    seen = [(layer, cache) for (_, layer), cache in zip(ordered[count:], above, strict=True)]
    return Pass(value, outputs, grads, seen)


def _count_one_by_one(layers: Sequence[Layer]) -> int:
    """Return how many layers see each picture by itself."""
    if any(isinstance(layer, BatchNorm) for layer in layers):
        return 0
    kinds = [isinstance(layer, _ONE_BY_ONE) for layer in layers]
    return kinds.index(False) if False in kinds else len(kinds)


def _pool_first(layers: list[tuple[int, Layer]]) -> list[tuple[int, Layer]]:
    """Let each max-pooling change places with the ReLU before it."""
    for place in range(len(layers) - 1):
        (_, first), (_, second) = layers[place], layers[place + 1]
        if isinstance(first, ReLU) and isinstance(second, MaxPool2D):
            layers[place], layers[place + 1] = layers[place + 1], layers[place]
    return layers


def _forward(
    layers: Sequence[tuple[int, Layer]], y: Array, rng: np.random.Generator
) -> tuple[Array, list[Any]]:
    caches = []
    for _, layer in layers:
        y, cache = layer.forward(y, training=True, rng=rng)
        caches.append(cache)
    return y, caches


def _backward(
    layers: Sequence[tuple[int, Layer]], dy: Array, caches: list[Any], grads: dict[str, Array]
) -> Array:
    """Add the parameters' gradients to `grads`, and return that of the input.

    The first layer of a network is asked for no gradient of its input.
    """
    for (index, layer), cache in zip(reversed(layers), reversed(caches), strict=True):
        if index:
            dy, own = layer.backward(dy, cache)
        else:
            own = layer.parameter_gradients(dy, cache)
        for name, gradient in own.items():
            key = f"{index}.{name}"
            if key in grads:
                grads[key] += gradient
            else:
                grads[key] = gradient
    return dy
