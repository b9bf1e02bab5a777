"""What the tests of the library share: real digits, and the check of a layer's gradients."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings
from PIL import Image

from cnn.layers import Layer
from cnn.layers.gradcheck import numerical_gradient, relative_error

# No deadline: how long an example takes says more about the machine than about the code.
settings.register_profile("digitnet", deadline=None, max_examples=60)
settings.load_profile("digitnet")

SHEET = Path(__file__).parents[1] / "fixtures" / "digits.png"


@pytest.fixture(scope="session")
def mnist_folder() -> Path:
    """Return the folder of MNIST's files, or skip; on CI its absence is a failure."""
    folder = os.environ.get("DIGITNET_MNIST_DIR")
    if folder:
        return Path(folder)
    message = "DIGITNET_MNIST_DIR names no folder of MNIST"
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
def sheet() -> tuple[np.ndarray, np.ndarray]:
    """Return 40 of MNIST's test digits, uint8 (40, 28, 28), and what they are, (40,)."""
    with Image.open(SHEET) as picture:
        cells = np.asarray(picture).reshape(4, 28, 10, 28).transpose(0, 2, 1, 3)
    return cells.reshape(40, 28, 28), np.tile(np.arange(10), 4)


@pytest.fixture(scope="session")
def spaced() -> Callable[[tuple[int, ...]], np.ndarray]:
    """Return a maker of float64 numbers in random order, none near another or near nought.

    A tiny step then never changes which is the largest, or a sign.
    """

    def make(shape: tuple[int, ...], seed: int = 0) -> np.ndarray:
        size = int(np.prod(shape))
        values = np.random.default_rng(seed).permutation(size) - size // 2 + 0.5
        return values.reshape(shape) / max(size / 4, 1)

    return make


@pytest.fixture(scope="session")
def check_gradients() -> Callable[..., None]:
    """Return a check of all the gradients of a layer against slopes found by tiny steps."""

    def check(layer: Layer, x: np.ndarray, *, training: bool = False) -> None:
        rng = np.random.default_rng(1)
        layer.build(x.shape[1:], rng=rng, dtype=np.float64)
        for array in (*layer.params.values(), *layer.buffers.values()):
            array += rng.uniform(0.1, 0.5, array.shape)

        def forward() -> tuple[np.ndarray, object]:
            return layer.forward(x, training=training, rng=np.random.default_rng(2))

        y, cache = forward()
        dy = rng.normal(size=y.shape)
        dx, grads = layer.backward(dy, cache)
        alone = layer.parameter_gradients(dy, cache)

        def loss() -> float:
            return float(np.sum(forward()[0] * dy))

        assert dx.shape == x.shape
        assert relative_error(dx, numerical_gradient(loss, x)) < 1e-6
        assert grads.keys() == alone.keys() == layer.params.keys()
        for name, gradient in grads.items():
            assert gradient.shape == layer.params[name].shape
            slope = numerical_gradient(loss, layer.params[name])
            assert relative_error(gradient, slope) < 1e-6, name
            assert np.array_equal(gradient, alone[name])

    return check
