"""Dropout."""

from __future__ import annotations

import numpy as np

from cnn.layers.base import Array, Cache, Layer

__all__ = ["Dropout"]


class Dropout(Layer):
    """In training, silence each number with a probability; elsewhere do nothing.

    Parameters
    ----------
    rate : float
        Share of the numbers that are set to 0, from 0 to below 1. The others are
        divided by 1 - rate, so that the sum stays what it was on average.

    References
    ----------
    Srivastava et al., "Dropout: A Simple Way to Prevent Neural Networks from
    Overfitting", 2014.
    """

    def __init__(self, rate: float) -> None:
        super().__init__()
        if not 0 <= rate < 1:
            raise ValueError(f"rate must be from 0 to below 1, got {rate}")
        self.rate = rate

    def forward(
        self, x: Array, *, training: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[Array, Cache]:
        """Apply to an array of any shape; see `Layer.forward`.

        Raises
        ------
        ValueError
            In training without `rng`.
        """
        if not training or self.rate == 0:
            return x, None
        if rng is None:
            raise ValueError("Dropout needs a random generator in training: pass rng=")
        mask = (rng.random(x.shape, np.float32) >= self.rate).astype(x.dtype)
        mask /= 1 - self.rate
        return x * mask, mask

    def backward(self, dy: Array, cache: Cache) -> tuple[Array, dict[str, Array]]:
        """Return the gradient of the input; see `Layer.backward`."""
        return (dy if cache is None else dy * cache), {}
