"""Small networks of every kind, all from (2, 6, 4) to 4 probabilities."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from cnn.layers import (
    Add,
    BatchNorm,
    Concatenate,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    Layer,
    MaxPool2D,
    Softmax,
    Tanh,
    Upsample2D,
)
from cnn.models.graph import Graph, Nodes
from cnn.models.network import Network
from cnn.models.sequential import Sequential


def _layers() -> list[Layer]:
    return [
        Conv2D(3, 3, padding="same"),
        BatchNorm(),
        Tanh(),
        MaxPool2D(2),
        Dropout(0.2),
        Flatten(),
        Dense(4),
        Softmax(),
    ]


def sequential(**options: Any) -> Network:
    return Sequential(_layers(), input_shape=(2, 6, 4), **options)


def row(**options: Any) -> Network:
    """Build a graph of the same layers."""
    layers = _layers()
    names = [type(layer).__name__ for layer in layers]
    nodes = dict(zip(names, zip(layers, ["input", *names[:-1]], strict=True), strict=True))
    return Graph(nodes, input_shape=(2, 6, 4), **options)


def skips(**options: Any) -> Network:
    """Build a graph with a skip over the way down and up again, and one over a layer."""
    nodes: Nodes = {
        "first": (Conv2D(3, 3, padding="same"), "input"),
        "norm": (BatchNorm(), "first"),
        "tanh": (Tanh(), "norm"),
        "down": (MaxPool2D(2), "tanh"),
        "deep": (Conv2D(5, 3, padding=1), "down"),
        "drop": (Dropout(0.2), "deep"),
        "up": (Upsample2D(2), "drop"),
        "joined": (Concatenate(), ("up", "tanh", "input")),
        "second": (Conv2D(10, 1), "joined"),
        "sum": (Add(), ("second", "joined")),
        "flat": (Flatten(), "sum"),
        "scores": (Dense(4), "flat"),
        "answers": (Softmax(), "scores"),
    }
    return Graph(nodes, input_shape=(2, 6, 4), **options)


KINDS: dict[str, Callable[..., Network]] = {
    "Sequential": sequential,
    "Graph in a row": row,
    "Graph with skips": skips,
}


def pictures(count: int, seed: int = 0, dtype: type = np.float32) -> np.ndarray:
    return np.random.default_rng(seed).random((count, 2, 6, 4)).astype(dtype)
