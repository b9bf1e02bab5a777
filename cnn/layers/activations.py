"""Activations: functions of each number, and softmax over a row of them."""

from __future__ import annotations

import numpy as np

from cnn.layers.base import Array, Cache, Layer
from cnn.layers.functional import sigmoid, softmax

__all__ = ["LeakyReLU", "ReLU", "Sigmoid", "Softmax", "Tanh"]


class ReLU(Layer):
    """Replace what is negative by 0 (Nair & Hinton, 2010)."""

    def forward(
        self, x: Array, *, training: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[Array, Cache]:
        """Apply to an array of any shape; see `Layer.forward`."""
        y = np.maximum(x, 0)
        return y, y

    def backward(self, dy: Array, cache: Cache) -> tuple[Array, dict[str, Array]]:
        """Return the gradient of the input; see `Layer.backward`."""
        return dy * (cache > 0), {}


class LeakyReLU(Layer):
    """Multiply what is negative by a small slope (Maas et al., 2013).

    Parameters
    ----------
    slope : float
        The factor, from 0 to below 1.
    """

    def __init__(self, *, slope: float = 0.01) -> None:
        super().__init__()
        if not 0 <= slope < 1:
            raise ValueError(f"slope must be from 0 to below 1, got {slope}")
        self.slope = slope

    def forward(
        self, x: Array, *, training: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[Array, Cache]:
        """Apply to an array of any shape; see `Layer.forward`."""
        return np.maximum(x, x * self.slope), x

    def backward(self, dy: Array, cache: Cache) -> tuple[Array, dict[str, Array]]:
        """Return the gradient of the input; see `Layer.backward`."""
        return np.where(cache > 0, dy, dy * self.slope), {}


class Tanh(Layer):
    """Squeeze every number into -1..1."""

    def forward(
        self, x: Array, *, training: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[Array, Cache]:
        """Apply to an array of any shape; see `Layer.forward`."""
        y = np.tanh(x)
        return y, y

    def backward(self, dy: Array, cache: Cache) -> tuple[Array, dict[str, Array]]:
        """Return the gradient of the input; see `Layer.backward`."""
        return dy * (1 - cache * cache), {}


class Sigmoid(Layer):
    """Squeeze every number into 0..1: 1 / (1 + exp(-x))."""

    def forward(
        self, x: Array, *, training: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[Array, Cache]:
        """Apply to an array of any shape; see `Layer.forward`."""
        y = sigmoid(x)
        return y, y

    def backward(self, dy: Array, cache: Cache) -> tuple[Array, dict[str, Array]]:
        """Return the gradient of the input; see `Layer.backward`."""
        return dy * cache * (1 - cache), {}


class Softmax(Layer):
    """Turn a row of scores into probabilities.

    Parameters
    ----------
    temperature : float
        The scores are divided by it first. Above 1 the answers become less sure,
        below 1 surer; which of them is largest never changes (Guo et al., "On
        Calibration of Modern Neural Networks", 2017).
    """

    def __init__(self, *, temperature: float = 1.0) -> None:
        super().__init__()
        if not temperature > 0:
            raise ValueError(f"temperature must be above 0, got {temperature}")
        self.temperature = temperature

    def forward(
        self, x: Array, *, training: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[Array, Cache]:
        """Map (N, D) scores to (N, D) probabilities; see `Layer.forward`."""
        y = softmax(x / self.temperature)
        return y, y

    def backward(self, dy: Array, cache: Cache) -> tuple[Array, dict[str, Array]]:
        """Return the gradient of the scores; see `Layer.backward`."""
        inner = np.sum(dy * cache, axis=-1, keepdims=True)
        return cache * (dy - inner) / self.temperature, {}
