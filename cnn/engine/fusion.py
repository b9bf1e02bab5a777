"""Which layers are computed as one.

`fuse` is the one walk over a network's layers: inference, training and the explanation
take its groups. A layer is joined to others only if it is exactly of a type named here. A
subclass may compute something else: it stands alone, and is computed by its own methods.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from cnn.layers import (
    BatchNorm,
    Conv2D,
    ConvTranspose2D,
    Dense,
    Dropout,
    Layer,
    LeakyReLU,
    MaxPool2D,
    ReLU,
)

__all__ = ["Group", "fold", "fuse"]

Array = npt.NDArray[Any]

_ACTIVATIONS: set[type[Layer]] = {ReLU, LeakyReLU}
_CONVOLUTIONS: tuple[type[Layer], ...] = (Conv2D, ConvTranspose2D)


@dataclass(frozen=True)
class Group:
    """Neighbouring layers that are computed as one.

    Attributes
    ----------
    layers : tuple of Layer
        In the order in which the network has them; most groups have one.
    indices : tuple of int
        Where each stands in the network.
    """

    layers: tuple[Layer, ...]
    indices: tuple[int, ...]

    @property
    def layer(self) -> Layer:
        """The first layer, which all others only complete."""
        return self.layers[0]

    @property
    def index(self) -> int:
        """Where the first layer stands in the network."""
        return self.indices[0]

    @property
    def norm(self) -> BatchNorm | None:
        """The batch normalisation that is folded into the first layer."""
        return next((each for each in self.layers[1:] if isinstance(each, BatchNorm)), None)

    @property
    def slope(self) -> float | None:
        """Of the activation for what is negative: 0 for ReLU, None where there is none."""
        for each in self.layers[1:]:
            if isinstance(each, ReLU):
                return 0.0
            if isinstance(each, LeakyReLU):
                return each.slope
        return None

    @property
    def pooled(self) -> bool:
        """Whether 2×2 max-pooling follows; it and the activation may be exchanged."""
        return any(isinstance(each, MaxPool2D) for each in self.layers[1:])


def fuse(layers: Sequence[Layer], *, training: bool, start: int = 0) -> Iterator[Group]:
    """Divide layers into groups.

    Parameters
    ----------
    layers : sequence of Layer
        Built, in order.
    training : bool
        In training a batch normalisation begins a group of its own, because it has to see
        the whole batch first. Elsewhere it is folded into a convolution before it, and
        dropout, which then does nothing, is left out.
    start : int
        Where the first layer stands in the network.
    """
    group: list[tuple[int, Layer]] = []
    for index, layer in enumerate(layers, start):
        if type(layer) is Dropout and not training:
            continue
        if group and not _joins(layer, [member for _, member in group], training=training):
            yield _make_group(group)
            group = []
        group.append((index, layer))
    if group:
        yield _make_group(group)


def fold(layer: Conv2D | ConvTranspose2D, norm: BatchNorm | None) -> tuple[Array, Array]:
    """Return a convolution's weight and bias (F,) with a normalisation in them.

    The weight is (K, K, C, F), or (K, K, F, C) of a transposed convolution.
    """
    weight = layer.params["weight"]
    bias = layer.params.get("bias", np.zeros(layer.filters, np.float32))
    if norm is None:
        return weight, bias
    gain = norm.params["scale"] / np.sqrt(norm.buffers["variance"] + norm.epsilon)
    shift = norm.params["shift"] + (bias - norm.buffers["mean"]) * gain
    factors = gain[:, None] if isinstance(layer, ConvTranspose2D) else gain
    return (weight * factors).astype(np.float32), shift.astype(np.float32)


def _make_group(members: list[tuple[int, Layer]]) -> Group:
    indices, layers = zip(*members, strict=True)
    return Group(layers, indices)


def _joins(layer: Layer, group: list[Layer], *, training: bool) -> bool:
    """Say whether a layer is computed as one with those before it."""
    first, *others = [type(member) for member in group]
    if type(layer) is BatchNorm:
        return first in _CONVOLUTIONS and not others and not training
    if type(layer) in _ACTIVATIONS:
        return first in (*_CONVOLUTIONS, Dense, BatchNorm) and _ACTIVATIONS.isdisjoint(others)
    if type(layer) is MaxPool2D:
        joined = first is Conv2D or (first is BatchNorm and training)
        return joined and MaxPool2D not in others and _halves(layer)
    return False


def _halves(pool: MaxPool2D) -> bool:
    """Say whether a pooling divides a picture into 2×2 cells without remainder."""
    even = pool.input_shape[0] % 2 == 0 and pool.input_shape[1] % 2 == 0
    return pool.size == pool.stride == (2, 2) and pool.padding == (0, 0) and even
