"""What the tests of both kinds of convolution share."""

from __future__ import annotations

from typing import TypeVar

import numpy as np

from cnn.layers import Conv2D, ConvTranspose2D

Convolution = TypeVar("Convolution", Conv2D, ConvTranspose2D)


def built(layer: Convolution, shape: tuple[int, ...], dtype: type = np.float64) -> Convolution:
    """Build a layer whose biases are all different."""
    layer.build(shape, rng=np.random.default_rng(0), dtype=dtype)
    if layer.bias:
        layer.params["bias"] += np.arange(1, layer.filters + 1)
    return layer


def expect_parts_to_agree(layer: Conv2D | ConvTranspose2D, x: np.ndarray) -> None:
    """Compare a batch as a whole with its pictures one by one, forward and backward."""
    together, cache = layer.forward(x)
    dy = np.ones_like(together)
    dx, grads = layer.backward(dy, cache)
    alone = [layer.forward(picture[None]) for picture in x]
    np.testing.assert_allclose(together, np.concatenate([y for y, _ in alone]), rtol=1e-5)
    parts = [layer.backward(dy[:1], own) for _, own in alone]
    np.testing.assert_allclose(dx, np.concatenate([part for part, _ in parts]), rtol=1e-4)
    total = sum(own["weight"] for _, own in parts)
    np.testing.assert_allclose(grads["weight"], total, rtol=1e-3, atol=1e-2)
