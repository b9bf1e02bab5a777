"""Batch normalisation."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from cnn.layers.base import Array, Cache, Layer, Shape

__all__ = ["BatchNorm"]


class BatchNorm(Layer):
    """Give each channel mean 0 and variance 1, then a scale and a shift that are learnt.

    Parameters
    ----------
    momentum : float
        How much of the running statistics each training pass keeps, 0 to 1.
    epsilon : float
        Added to the variance, so that a constant channel divides by no zero.

    Notes
    -----
    Parameters `scale`, `shift`, buffers `mean`, `variance`, all (C,). In training
    the statistics are the batch's own; elsewhere they are the running ones, which
    `update_statistics` updates (the variance without bias, over M - 1).

    References
    ----------
    Ioffe & Szegedy, "Batch Normalization", 2015.
    """

    def __init__(self, *, momentum: float = 0.9, epsilon: float = 1e-5) -> None:
        super().__init__()
        if not 0 <= momentum <= 1 or not epsilon > 0:
            raise ValueError(
                f"momentum must be 0..1 and epsilon above 0, got {momentum} and {epsilon}"
            )
        self.momentum = momentum
        self.epsilon = epsilon

    def build(self, input_shape: Shape, *, rng: np.random.Generator, dtype: npt.DTypeLike) -> Shape:
        """Make parameters and buffers; see `Layer.build`."""
        super().build(input_shape, rng=rng, dtype=dtype)
        channels = input_shape[-1]
        self.params = {"scale": np.ones(channels, dtype), "shift": np.zeros(channels, dtype)}
        self.buffers = {"mean": np.zeros(channels, dtype), "variance": np.ones(channels, dtype)}
        return self.output_shape

    def forward(
        self, x: Array, *, training: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[Array, Cache]:
        """Normalise (N, …, C); see `Layer.forward`."""
        scale, shift = self.params["scale"], self.params["shift"]
        if not training:
            spread = 1 / np.sqrt(self.buffers["variance"] + self.epsilon)
            gain = scale * spread
            normal = None
            y = x * gain
            y += shift - self.buffers["mean"] * gain
            return y, (normal, spread, x)
        rows = x.reshape(-1, x.shape[-1])  # (M, C)
        ones = np.full(len(rows), 1 / len(rows), x.dtype)
        mean = ones @ rows
        normal = rows - mean
        variance = ones @ np.square(normal)
        spread = 1 / np.sqrt(variance + self.epsilon)
        normal *= spread
        y = normal * scale
        y += shift
        return y.reshape(x.shape), (normal, spread, (mean, variance, len(rows)))

    def backward(self, dy: Array, cache: Cache) -> tuple[Array, dict[str, Array]]:
        """Return the gradients; see `Layer.backward`."""
        normal, spread, seen = cache
        rows = dy.reshape(-1, dy.shape[-1])
        ones = np.ones(len(rows), dy.dtype)
        if normal is None:
            normal = (seen.reshape(rows.shape) - self.buffers["mean"]) * spread
            dx = rows * (self.params["scale"] * spread)
            return dx.reshape(dy.shape), {"scale": ones @ (rows * normal), "shift": ones @ rows}
        product = rows * normal
        grads = {"scale": ones @ product, "shift": ones @ rows}
        np.multiply(normal, grads["scale"] / len(rows), out=product)
        dx = rows - product
        dx -= grads["shift"] / len(rows)
        dx *= self.params["scale"] * spread
        return dx.reshape(dy.shape), grads

    def update_statistics(self, cache: Cache) -> None:
        """Move the running statistics towards those of a training pass."""
        mean, variance, count = cache[2]
        unbiased = variance * (count / max(count - 1, 1))
        for name, value in (("mean", mean), ("variance", unbiased)):
            buffer = self.buffers[name]
            self.buffers[name] = (self.momentum * buffer + (1 - self.momentum) * value).astype(
                buffer.dtype
            )
