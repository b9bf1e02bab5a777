"""The fast way through a network gives what the clear way gives."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import cnn
from cnn.layers import (
    AveragePool2D,
    BatchNorm,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    GlobalAveragePool2D,
    LeakyReLU,
    MaxPool2D,
    MinPool2D,
    ReLU,
    Softmax,
    Tanh,
)

HEAD = [Flatten, lambda: Dense(3), Softmax]

BODIES = {
    "conv": lambda: [Conv2D(5, 3)],
    "conv without bias": lambda: [Conv2D(5, 3, bias=False)],
    "conv, ReLU": lambda: [Conv2D(5, 3, padding=1), ReLU()],
    "conv, pool": lambda: [Conv2D(5, 3, padding=1), MaxPool2D(2)],
    "conv, ReLU, pool": lambda: [Conv2D(5, 3, padding=1), ReLU(), MaxPool2D(2)],
    "conv, pool, ReLU": lambda: [Conv2D(5, 3, padding=1), MaxPool2D(2), ReLU()],
    "conv, norm, ReLU, pool": lambda: [
        Conv2D(5, 3, padding="same", bias=False),
        BatchNorm(),
        ReLU(),
        MaxPool2D(2),
    ],
    "conv, norm": lambda: [Conv2D(5, 3), BatchNorm()],
    "norm first": lambda: [BatchNorm(), Conv2D(5, 3), ReLU()],
    "conv, ReLU, norm": lambda: [Conv2D(5, 3), ReLU(), BatchNorm(), MaxPool2D(2)],
    "two convs": lambda: [Conv2D(6, 3, padding=1), ReLU(), Conv2D(7, 3, padding=2), ReLU()],
    "two pooled": lambda: [
        Conv2D(6, 3, padding=1),
        ReLU(),
        MaxPool2D(2),
        Conv2D(7, 3, padding=1),
        ReLU(),
        MaxPool2D(2),
    ],
    "wide kernel, one-sided frame": lambda: [Conv2D(4, (5, 2), padding="same"), ReLU()],
    "even kernel, pooled": lambda: [Conv2D(4, 2, padding="same"), ReLU(), MaxPool2D(2)],
    "stride": lambda: [Conv2D(4, 3, stride=2, padding=1), ReLU()],
    "stride, pooled": lambda: [Conv2D(4, 3, stride=(2, 1), padding=1), ReLU(), MaxPool2D(2)],
    "overlapping pool": lambda: [Conv2D(4, 3), ReLU(), MaxPool2D(3, stride=2, padding=1)],
    "partial pool": lambda: [Conv2D(4, 2), ReLU(), MaxPool2D(2, partial=True)],
    "other pools": lambda: [Conv2D(4, 3), AveragePool2D(2), Conv2D(4, 2), MinPool2D(2)],
    "other activations": lambda: [Conv2D(4, 3), LeakyReLU(), Conv2D(4, 2), Tanh()],
    "ReLU twice": lambda: [Conv2D(4, 3), ReLU(), ReLU(), MaxPool2D(2), ReLU()],
    "dropout between": lambda: [Conv2D(4, 3, padding=1), Dropout(0.5), ReLU(), MaxPool2D(2)],
    "pool first": lambda: [MaxPool2D(2), Conv2D(4, 3, padding=1), ReLU()],
}


def build(layers, shape, seed=0):
    """Return a network whose every parameter and statistic is something."""
    network = cnn.Sequential([*layers, *(make() for make in HEAD)], input_shape=shape, seed=seed)
    rng = np.random.default_rng(seed)
    state = network.state_dict()
    for name, array in state.items():
        noise = rng.normal(0, 0.3, array.shape)
        state[name] = np.abs(array + noise) + 0.1 if "variance" in name else array + noise
    network.load_state_dict(state)
    return network


@pytest.mark.parametrize("channels", [1, 3, 6])
@pytest.mark.parametrize("size", [(12, 12), (10, 14), (9, 11)])
@pytest.mark.parametrize("name", BODIES)
def test_fast_and_clear_agree(name, size, channels):
    network = build(BODIES[name](), (channels, *size))
    x = np.random.default_rng(1).normal(size=(19, channels, *size)).astype(np.float32)
    np.testing.assert_allclose(network.predict(x), network.forward(x)[0], rtol=1e-4, atol=2e-6)


@pytest.mark.parametrize("architecture", cnn.zoo.ARCHITECTURES)
@pytest.mark.parametrize("count", [1, 7, 8, 9, 100])
def test_the_zoo_agrees_at_every_batch_size(architecture, count):
    network = cnn.zoo.ARCHITECTURES[architecture]()
    x = np.random.default_rng(2).random((count, 1, 28, 28), np.float32)
    clear = np.concatenate([network.forward(x[i : i + 10])[0] for i in range(0, count, 10)])
    np.testing.assert_allclose(network.predict(x), clear, rtol=1e-4, atol=2e-6)


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
    network.thaw()
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
