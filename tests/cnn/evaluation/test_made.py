"""How good made pictures are: cases whose distances are known."""

from __future__ import annotations

import numpy as np
import pytest

from cnn.evaluation.made import (
    class_distances,
    features_of,
    frechet_distance,
    nearest_distances,
)
from cnn.layers import Dense, Flatten, ReLU, Softmax
from cnn.models.sequential import Sequential

RNG = np.random.default_rng(0)


def exact(deviations: list[float], mean: list[float], count: int = 300) -> np.ndarray:
    """Return rows whose mean and covariance are exactly these."""
    rows = RNG.normal(size=(count, len(mean)))
    rows -= rows.mean(axis=0)
    rows = rows @ np.linalg.inv(np.linalg.cholesky(np.cov(rows, rowvar=False))).T
    return rows * deviations + mean


def test_the_frechet_distance_by_hand() -> None:
    one, other = exact([1, 2, 3], [0, 0, 0]), exact([2, 2, 1], [1, 0, 2], count=500)
    # (1 - 2)² + 0 + (3 - 1)² of the deviations, 1² + 2² of the means.
    assert frechet_distance(one, other) == pytest.approx(10)
    assert frechet_distance(other, one) == pytest.approx(10)
    assert frechet_distance(one, one[::-1]) == pytest.approx(0, abs=1e-9)


def test_the_frechet_distance_does_not_depend_on_the_axes() -> None:
    turn, _ = np.linalg.qr(RNG.normal(size=(3, 3)))
    one, other = exact([1, 2, 3], [0, 0, 0]), exact([2, 2, 1], [1, 0, 2])
    assert frechet_distance(one @ turn, other @ turn) == pytest.approx(10)


def test_features_that_never_vary_add_nothing() -> None:
    one, other = exact([1, 0, 0], [0, 0, 0]), exact([3, 0, 0], [0, 0, 0])
    assert frechet_distance(one, other) == pytest.approx(4)


def test_features_are_what_the_last_dense_layer_gets() -> None:
    network = Sequential([Flatten(), Dense(5), ReLU(), Dense(3), Softmax()], input_shape=(1, 4, 4))
    x = RNG.integers(0, 256, (700, 1, 4, 4)).astype(np.uint8)
    features = features_of(network, x)
    assert features.shape == (700, 5)
    assert features.dtype == np.float64
    np.testing.assert_allclose(features, network.forward(x, depth=3)[0], rtol=1e-5)


def test_how_far_two_of_a_class_are_apart() -> None:
    pictures = np.zeros((5, 1, 1, 2), np.uint8)
    pictures[1] = [153, 204]  # 3/5 and 4/5: at a distance of 1
    labels = np.array([0, 0, 1, 1, 1])
    np.testing.assert_allclose(class_distances(pictures, labels, 2), [1, 0], rtol=1e-6)


def test_the_nearest_picture_and_how_far_it_is() -> None:
    others = RNG.integers(0, 256, (30, 3, 4, 4)).astype(np.uint8)
    pictures = np.tile(others[[7, 3]], (300, 1, 1, 1))
    pictures[1, 0, 0, 0] ^= 1
    places, distances = nearest_distances(pictures, others)
    assert places.tolist() == [7, 3] * 300
    assert distances[0] == 0
    assert distances[1] == pytest.approx(1 / 255)
