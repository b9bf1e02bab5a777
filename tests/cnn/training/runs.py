"""Networks and pictures that are quickly trained, and how two results are compared."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from cnn import Trainer
from cnn.layers import (
    BatchNorm,
    Concatenate,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    Layer,
    Merge,
    ReLU,
    Softmax,
)
from cnn.models.graph import Graph
from cnn.models.network import Network
from cnn.models.sequential import Sequential

State = dict[str, np.ndarray]
MakeTrainer = Callable[..., Trainer]


def bars(count: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return noisy pictures, uint8 (N, 1, 6, 6), of a bar that lies (0) or stands (1)."""
    rng = np.random.default_rng(seed)
    images = rng.integers(0, 60, (count, 1, 6, 6))
    labels = rng.integers(0, 2, count)
    for image, label, place in zip(images, labels, rng.integers(0, 6, count), strict=True):
        line = image[0, :, place] if label else image[0, place]
        line += 190
    return images.astype(np.uint8), labels


def network(kind: type[Network]) -> Network:
    layers: list[Layer] = [
        Conv2D(4, 3, padding=1, bias=False),
        BatchNorm(),
        ReLU(),
        Flatten(),
        Dropout(0.1),
        Dense(2),
        Softmax(),
    ]
    if kind is Sequential:
        return Sequential(layers, input_shape=(1, 6, 6))
    conv, norm, relu, flatten, dropout, dense, softmax = layers
    nodes: dict[str, tuple[Layer | Merge, str | tuple[str, ...]]] = {
        "conv": (conv, "input"),
        "norm": (norm, "conv"),
        "relu": (relu, "norm"),
        "joined": (Concatenate(), ("relu", "input")),
        "flat": (flatten, "joined"),
        "drop": (dropout, "flat"),
        "scores": (dense, "drop"),
        "answers": (softmax, "scores"),
    }
    return Graph(nodes, input_shape=(1, 6, 6))


def vectors(outputs: int, *last: Any, seed: int = 0) -> Sequential:
    layers = [Dense(8), ReLU(), Dense(outputs), *last]
    return Sequential(layers, input_shape=(2,), seed=seed)


def same(one: State, other: State) -> bool:
    return one.keys() == other.keys() and all(np.array_equal(one[k], other[k]) for k in one)
