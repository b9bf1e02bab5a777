"""A compiled network gives the numbers of the layers' own `forward`."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import cnn
from cnn.engine.inference import convolutions
from cnn.layers import (
    Conv2D,
    Dense,
    Dropout,
    GlobalAveragePool2D,
    ReLU,
    Softmax,
    Unflatten,
)
from tests.cnn.engine.networks import BODIES, build, expect_reference


@pytest.mark.parametrize("channels", [1, 3, 6])
@pytest.mark.parametrize("size", [(12, 12), (10, 14), (9, 11)])
@pytest.mark.parametrize("name", BODIES)
def test_compiled_and_reference_agree(name, size, channels):
    network = build(BODIES[name](), (channels, *size))
    x = np.random.default_rng(1).normal(size=(19, channels, *size)).astype(np.float32)
    expect_reference(network, x)


@pytest.mark.parametrize("size", [(12, 12), (9, 11)])
@pytest.mark.parametrize("name", BODIES)
def test_large_pictures_are_computed_some_rows_at_a_time(name, size, monkeypatch):
    monkeypatch.setattr(convolutions, "_CACHED", 1)
    network = build(BODIES[name](), (6, *size))
    x = np.random.default_rng(1).normal(size=(3, 6, *size)).astype(np.float32)
    expect_reference(network, x)


@pytest.mark.parametrize("architecture", cnn.zoo.ARCHITECTURES)
@pytest.mark.parametrize("count", [1, 7, 8, 9, 100])
def test_the_zoo_agrees_at_every_batch_size(architecture, count):
    network = cnn.zoo.ARCHITECTURES[architecture]()
    x = np.random.default_rng(2).random((count, 1, 28, 28), np.float32)
    expected = np.concatenate([network.forward(x[i : i + 10])[0] for i in range(0, count, 10)])
    np.testing.assert_allclose(network.predict(x), expected, rtol=1e-4, atol=2e-6)


def test_global_mean_without_softmax():
    layers = [Conv2D(5, 3, padding=1), ReLU(), GlobalAveragePool2D(), Dense(4), ReLU()]
    network = cnn.Sequential(layers, input_shape=(2, 8, 6))
    x = np.random.default_rng(3).normal(size=(20, 2, 8, 6)).astype(np.float32)
    np.testing.assert_allclose(network.predict(x), network.forward(x)[0], rtol=1e-4, atol=1e-6)


def test_no_pictures_give_no_answers():
    assert cnn.zoo.reference_digits().predict(np.zeros((0, 1, 28, 28), np.float32)).shape == (0, 10)


def test_one_call_leaves_nothing_for_the_next():
    network = cnn.zoo.reference_digits()
    rng = np.random.default_rng(4)
    first, second = rng.random((2, 5, 1, 28, 28), np.float32)
    expected = network.predict(second)
    network.predict(first)
    network.predict(np.full((8, 1, 28, 28), 1e3, np.float32))
    np.testing.assert_array_equal(network.predict(second), expected)


def test_answers_are_the_callers_own():
    network = cnn.zoo.reference_digits()
    x = np.random.default_rng(5).random((3, 1, 28, 28), np.float32)
    first = network.predict(x)
    kept = first.copy()
    network.predict(x[::-1])
    np.testing.assert_array_equal(first, kept)


def test_threads_at_once_get_what_each_would_get_alone():
    network = cnn.load_model()
    batches = np.random.default_rng(6).random((24, 70, 1, 28, 28), np.float32)
    alone = [network.predict(batch) for batch in batches]
    with ThreadPoolExecutor(6) as pool:
        for one, other in zip(alone, pool.map(network.predict, batches), strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-6)


def test_parameters_cannot_change_behind_the_plans_back():
    network = cnn.zoo.reference_digits()
    x = np.random.default_rng(7).random((2, 1, 28, 28), np.float32)
    before = network.predict(x)
    weight = network.parameters()["0.weight"]
    with pytest.raises(ValueError, match="read-only"):
        weight[:] = 0
    network.make_writeable()
    weight[:] = 0
    changed = network.predict(x)
    assert not np.allclose(before, changed)
    np.testing.assert_allclose(changed, network.forward(x)[0], rtol=1e-4, atol=1e-6)


def test_a_parameter_that_was_replaced_is_noticed():
    network = build(BODIES["conv, norm, ReLU, pool"](), (1, 12, 12))
    x = np.random.default_rng(8).normal(size=(2, 1, 12, 12)).astype(np.float32)
    network.predict(x)
    network.layers[1].buffers["mean"] = np.ones(5, np.float32)
    np.testing.assert_allclose(network.predict(x), network.forward(x)[0], rtol=1e-4, atol=1e-6)


def test_loading_and_training_thaw_what_predict_froze():
    network = cnn.zoo.reference_digits()
    x = np.random.default_rng(9).random((6, 1, 28, 28), np.float32)
    network.predict(x)
    network.load_state_dict(cnn.zoo.reference_digits(seed=1).state_dict())
    np.testing.assert_allclose(network.predict(x), network.forward(x)[0], rtol=1e-4, atol=1e-6)
    cnn.Trainer(network, batch_size=3, workers=1).fit(x, np.arange(6), epochs=1)
    np.testing.assert_allclose(network.predict(x), network.forward(x)[0], rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("layers", [[Dropout(0.5)], [Softmax()], [Dropout(0.5), Softmax()]])
def test_a_network_without_any_step_predicts_too(layers):
    network = cnn.Sequential(layers, input_shape=(3, 2, 2))
    x = np.random.default_rng(0).random((4, 3, 2, 2), np.float32)
    np.testing.assert_allclose(network.predict(x), network.forward(x)[0], rtol=1e-5, atol=1e-6)
    assert not np.shares_memory(network.predict(x), x)


def test_networks_of_vectors_are_compiled_too():
    layers = [Dense(7), ReLU(), Dense(48), Unflatten((3, 4, 4)), Conv2D(2, 3), ReLU()]
    network = cnn.Sequential(layers, input_shape=(5,))
    x = np.random.default_rng(0).normal(size=(150, 5)).astype(np.float32)
    np.testing.assert_allclose(network.predict(x), network.forward(x)[0], rtol=1e-4, atol=1e-6)
    assert not any(array.flags.writeable for array in network.parameters().values())
