"""Layers in a row; what holds for every network stands in `test_network`."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from cnn.layers import Conv2D, Dense, Flatten, MaxPool2D, ReLU
from cnn.models import zoo
from cnn.models.sequential import Sequential
from tests.cnn.models.networks import pictures, sequential


def test_many_threads_predict_the_same() -> None:
    network = zoo.reference_digits()
    batches = [
        np.random.default_rng(seed).random((seed % 5 + 1, 1, 28, 28), np.float32)
        for seed in range(20)
    ]
    alone = [network.predict(batch) for batch in batches]
    with ThreadPoolExecutor(5) as pool:
        together = list(pool.map(network.predict, batches))
    assert all(np.array_equal(a, b) for a, b in zip(alone, together, strict=True))


def test_pictures_come_channels_first() -> None:
    network = Sequential([Flatten()], input_shape=(2, 1, 3))
    x = np.arange(6, dtype=np.float32).reshape(1, 2, 1, 3)
    # Inside, the channels of a pixel are neighbours.
    assert network.predict(x).tolist() == [[0, 3, 1, 4, 2, 5]]


def convolution(dtype: type = np.float32) -> Sequential:
    return Sequential([Conv2D(5, 3), ReLU()], input_shape=(2, 6, 4), dtype=dtype)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_pictures_come_out_channels_first(dtype: type) -> None:
    network, x = convolution(dtype), pictures(3, dtype=dtype)
    assert network.output_shape == (5, 4, 2)
    inside = network.layers[0].forward(x.transpose(0, 2, 3, 1))[0]  # (3, 4, 2, 5)
    expected = np.maximum(inside, 0).transpose(0, 3, 1, 2)
    y, _ = network.forward(x)
    assert y.shape == network.predict(x).shape == (3, 5, 4, 2)
    np.testing.assert_allclose(y, expected, rtol=1e-6)
    np.testing.assert_allclose(network.predict(x), expected, rtol=1e-5, atol=1e-6)
    below, _ = network.forward(x, depth=1)
    np.testing.assert_allclose(below, inside.transpose(0, 3, 1, 2), rtol=1e-6)


def test_state_has_dotted_names() -> None:
    assert list(sequential().state_dict()) == [
        "0.weight",
        "0.bias",
        "1.scale",
        "1.shift",
        "1.mean",
        "1.variance",
        "6.weight",
        "6.bias",
    ]


def test_vectors_go_through_as_well() -> None:
    network = Sequential([Dense(5), ReLU(), Dense(2)], input_shape=(3,), dtype=np.float64)
    x = np.random.default_rng(0).normal(size=(4, 3))
    y, caches = network.forward(x)
    assert y.shape == (4, 2)
    assert network.input_gradient(np.ones_like(y), caches).shape == x.shape


@pytest.mark.parametrize(
    ("layers", "message"),
    [
        ([Conv2D(4, 3), Dense(10)], r"layer 1, Dense\(units=10.*\(26, 26, 4\).*Flatten"),
        ([Conv2D(4, 30)], r"layer 0, Conv2D\(.*does not fit a picture of \(28, 28, 1\)"),
        ([Flatten(), MaxPool2D(2)], r"layer 1, MaxPool2D\(.*got \(784,\)"),
    ],
)
def test_a_layer_that_does_not_fit_is_named(layers: list[object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Sequential(layers, input_shape=(1, 28, 28))  # type: ignore[arg-type]


def test_the_reference_network_is_the_one_of_the_speed_figures() -> None:
    network = zoo.reference_digits()
    shapes = [layer.output_shape for layer in network.layers]
    assert network.input_shape == (1, 28, 28)
    assert shapes == [
        *((28, 28, 32), (28, 28, 32), (14, 14, 32)),
        *((14, 14, 64), (14, 14, 64), (7, 7, 64)),
        *((7, 7, 64), (7, 7, 64)),
        *((3136,), (128,), (128,), (10,), (10,)),
    ]
    counts = [320, 18_496, 36_928, 401_536, 1_290]
    assert sum(array.size for array in network.parameters().values()) == sum(counts)
    answers = network.predict(np.zeros((2, 1, 28, 28), np.float32))
    np.testing.assert_allclose(answers.sum(axis=1), 1, rtol=1e-5)


@pytest.mark.parametrize("name", zoo.ARCHITECTURES)
def test_every_architecture_reads_digits(name: str) -> None:
    network = zoo.ARCHITECTURES[name](seed=3)
    assert network.predict(np.zeros((1, 1, 28, 28), np.float32)).shape == (1, 10)
    again = zoo.ARCHITECTURES[name](seed=3).state_dict()
    assert all(np.array_equal(again[key], array) for key, array in network.state_dict().items())


def test_a_layer_stands_in_one_place() -> None:
    twice = Conv2D(8, 3, padding=1)
    with pytest.raises(ValueError, match=r"layer 1, .*another place"):
        Sequential([twice, twice], input_shape=(8, 6, 6))
