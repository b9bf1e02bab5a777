"""Initial weights: their spread, and what it is for."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest

from cnn.layers.initialisers import he, standard, xavier


@pytest.mark.parametrize(
    ("shape", "fan_in", "fan_out"),
    [((400, 300), 400, 300), ((3, 5, 40, 100), 600, 1500)],
)
def test_variances(shape: tuple[int, ...], fan_in: int, fan_out: int) -> None:
    rng = np.random.default_rng(0)
    normal, even, one = he(rng, shape), xavier(rng, shape), standard(rng, shape)
    assert normal.shape == even.shape == one.shape == shape
    assert one.var() == pytest.approx(1, rel=0.03)
    assert normal.var() == pytest.approx(2 / fan_in, rel=0.03)
    assert even.var() == pytest.approx(2 / (fan_in + fan_out), rel=0.03)
    assert abs(normal.mean()) < 0.001
    assert np.abs(even).max() <= sqrt(6 / (fan_in + fan_out))


def test_he_keeps_the_size_of_activations_through_many_layers() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(200, 300))
    before = np.square(x).mean()
    for _ in range(10):
        x = np.maximum(x, 0) @ he(rng, (300, 300))
    assert 0.5 < np.square(x).mean() / before < 2


def test_the_same_generator_gives_the_same_weights() -> None:
    first, again, other = (he(np.random.default_rng(seed), (3, 4)) for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
