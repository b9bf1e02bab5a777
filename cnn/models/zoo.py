"""Architectures with a name, untrained."""

from __future__ import annotations

from collections.abc import Callable

from cnn.layers import (
    BatchNorm,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    GlobalAveragePool2D,
    Layer,
    MaxPool2D,
    ReLU,
    Softmax,
)
from cnn.models.sequential import Sequential

__all__ = ["ARCHITECTURES", "digits", "reference_digits"]


def reference_digits(*, seed: int = 0) -> Sequential:
    """Build the network that every speed figure of this project is about.

    Three convolutions, 3×3, of 32, 64 and 64 filters, the first two pooled; a dense
    layer of 128; softmax over 10. About 12 million floating-point operations for a
    picture, 36 million for a step of training.
    """
    layers: list[Layer] = []
    for filters, pooled in ((32, True), (64, True), (64, False)):
        layers += [Conv2D(filters, 3, padding=1), ReLU(), *([MaxPool2D(2)] if pooled else [])]
    layers += [Flatten(), Dense(128), ReLU(), Dense(10, initialiser="xavier"), Softmax()]
    return Sequential(layers, input_shape=(1, 28, 28), seed=seed)


def digits(*, seed: int = 0) -> Sequential:
    """Build the network of the digit model that ships.

    Pairs of 3×3 convolutions, each with batch normalisation and ReLU, at 28×28, 14×14
    and 7×7; the mean of each channel; dropout; softmax over 10.
    """
    layers: list[Layer] = []
    for block, filters in enumerate((32, 64, 128)):
        if block:
            layers.append(MaxPool2D(2))
        for _ in range(2):
            layers += [Conv2D(filters, 3, padding=1, bias=False), BatchNorm(), ReLU()]
    layers += [GlobalAveragePool2D(), Dropout(0.2), Dense(10, initialiser="xavier"), Softmax()]
    return Sequential(layers, input_shape=(1, 28, 28), seed=seed)


#: What `python -m cnn train --architecture` offers.
ARCHITECTURES: dict[str, Callable[..., Sequential]] = {
    "digits": digits,
    "reference": reference_digits,
}
