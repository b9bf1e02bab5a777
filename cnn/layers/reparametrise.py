"""Reparametrisation: random numbers of a distribution that is learnt."""

from __future__ import annotations

import numpy as np

from cnn.layers.base import Array, Cache, Layer, Shape

__all__ = ["Reparametrise"]


class Reparametrise(Layer):
    """Draw from normal distributions, so that gradients reach their parameters.

    The input holds D means and then D logarithms of variances. In training the output is
    mean + exp(logarithm / 2) · noise, with noise from the standard normal distribution;
    elsewhere it is the mean.

    References
    ----------
    Kingma & Welling, "Auto-Encoding Variational Bayes", 2014.
    """

    def infer_shape(self, input_shape: Shape) -> Shape:
        """Return (D,) for (2D,)."""
        if len(input_shape) != 1 or input_shape[0] % 2:
            raise ValueError(f"expected as many means as variances, (2D,), got {input_shape}")
        return (input_shape[0] // 2,)

    def forward(
        self, x: Array, *, training: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[Array, Cache]:
        """Map (N, 2D) to (N, D); see `Layer.forward`.

        Raises
        ------
        ValueError
            In training without `rng`.
        """
        mean, logarithm = np.split(x, 2, axis=1)
        if not training:
            return mean, None
        if rng is None:
            raise ValueError("Reparametrise needs a random generator in training: pass rng=")
        noise = rng.standard_normal(mean.shape, np.float32).astype(x.dtype, copy=False)
        noise *= np.exp(logarithm / 2)
        return mean + noise, noise

    def backward(self, dy: Array, cache: Cache) -> tuple[Array, dict[str, Array]]:
        """Return the gradient of means and logarithms, (N, 2D); see `Layer.backward`."""
        spread = np.zeros_like(dy) if cache is None else dy * cache / 2
        return np.concatenate([dy, spread], axis=1), {}
