"""Networks: summary, state, prediction from many threads, gradients, and errors that help."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from cnn.layers import (
    BatchNorm,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    MaxPool2D,
    ReLU,
    Softmax,
    Tanh,
)
from cnn.layers.gradcheck import numerical_gradient, relative_error
from cnn.models import zoo
from cnn.models.sequential import Sequential


def small(*, seed: int = 0, dtype: type = np.float32) -> Sequential:
    layers = [
        Conv2D(3, 3, padding="same"),
        BatchNorm(),
        Tanh(),
        MaxPool2D(2),
        Dropout(0.2),
        Flatten(),
        Dense(4),
        Softmax(),
    ]
    return Sequential(layers, input_shape=(2, 6, 4), seed=seed, dtype=dtype)


def pictures(count: int, seed: int = 0, dtype: type = np.float32) -> np.ndarray:
    return np.random.default_rng(seed).random((count, 2, 6, 4)).astype(dtype)


def test_prediction_gives_probabilities() -> None:
    answers = small().predict(pictures(5))
    assert answers.shape == (5, 4)
    assert answers.dtype == np.float32
    np.testing.assert_allclose(answers.sum(axis=1), 1, rtol=1e-5)
    assert small().predict(pictures(0)).shape == (0, 4)


def test_how_many_pictures_come_together_does_not_change_the_answers() -> None:
    network, x = small(), pictures(53)
    together = network.predict(x)
    alone = np.concatenate([network.predict(picture[None]) for picture in x])
    np.testing.assert_allclose(together, alone, rtol=1e-5)
    np.testing.assert_allclose(together, network.forward(x)[0], rtol=1e-5)


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


@pytest.mark.parametrize("dtype", [np.float16, np.float64])
def test_any_floating_point_numbers_are_taken(dtype: type) -> None:
    answers = small().predict(pictures(2).astype(dtype))
    assert answers.dtype == np.float32
    np.testing.assert_allclose(answers, small().predict(pictures(2)), atol=1e-2)


@pytest.mark.parametrize(
    ("x", "got"),
    [
        (np.zeros((1, 2, 6, 4), bool), r"bool \(1, 2, 6, 4\)"),
        (np.zeros((1, 6, 4, 2), np.uint8), r"uint8 \(1, 6, 4, 2\)"),
        (np.zeros((1, 2, 6, 4), np.int64), r"int64 \(1, 2, 6, 4\)"),
        (np.zeros((2, 6, 4), np.float32), r"float32 \(2, 6, 4\)"),
        (np.zeros((1, 6, 4, 2), np.float32), r"float32 \(1, 6, 4, 2\)"),
        (np.zeros((1, 48), np.float32), r"float32 \(1, 48\)"),
    ],
)
def test_inputs_of_another_shape_or_type_are_refused(x: np.ndarray, got: str) -> None:
    with pytest.raises(ValueError, match=rf"shape \(N, 2, 6, 4\), got {got}"):
        small().predict(x)


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


def test_gradients_of_pictures_are_channels_first() -> None:
    network, x = convolution(np.float64), pictures(2, dtype=np.float64)
    y, caches = network.forward(x)
    dy = np.random.default_rng(3).normal(size=y.shape)

    def loss() -> float:
        return float(np.sum(network.forward(x)[0] * dy))

    dx = network.input_gradient(dy, caches)
    assert relative_error(dx, numerical_gradient(loss, x)) < 1e-6
    gradient = network.parameter_gradients(dy, caches)["0.weight"]
    slope = numerical_gradient(loss, network.parameters()["0.weight"])
    assert relative_error(gradient, slope) < 1e-6


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_bytes_are_divided_by_255(dtype: type) -> None:
    network = small(dtype=dtype)
    x = np.random.default_rng(0).integers(0, 256, (3, 2, 6, 4)).astype(np.uint8)
    assert np.array_equal(network.predict(x), network.predict(x / dtype(255)))
    assert np.array_equal(network.forward(x)[0], network.forward(x / dtype(255))[0])


def test_a_network_can_be_called() -> None:
    network, x = small(), pictures(3)
    assert np.array_equal(network(x), network.predict(x))


def test_the_same_seed_gives_the_same_weights() -> None:
    first, again, other = (small(seed=seed).state_dict() for seed in (5, 5, 6))
    assert all(np.array_equal(first[name], again[name]) for name in first)
    assert not np.array_equal(first["0.weight"], other["0.weight"])


def test_the_summary_tells_layers_shapes_and_parameters() -> None:
    lines = small().summary().splitlines()
    assert lines[0].split() == ["layer", "output", "parameters"]
    assert lines[1].startswith("0 Conv2D(filters=3")
    assert lines[1].split()[-6:] == ["3", "×", "6", "×", "4", "57"]
    assert lines[4].split()[-6:] == ["3", "×", "3", "×", "2", "0"]
    assert lines[7].startswith("6 Dense(units=4")
    assert lines[-1] == "input 2 × 6 × 4, 139 parameters"


def test_state_is_a_copy_with_dotted_names() -> None:
    network = small()
    state = network.state_dict()
    assert list(state) == [
        "0.weight",
        "0.bias",
        "1.scale",
        "1.shift",
        "1.mean",
        "1.variance",
        "6.weight",
        "6.bias",
    ]
    state["0.weight"][:] = 7
    assert not np.any(network.state_dict()["0.weight"] == 7)
    assert set(state) - set(network.parameters()) == {"1.mean", "1.variance"}


def test_state_moves_from_one_network_to_another() -> None:
    source, target = small(seed=1), small(seed=2)
    state = source.state_dict()
    target.load_state_dict(state)
    assert np.array_equal(source.predict(pictures(3)), target.predict(pictures(3)))
    state["6.bias"][:] = 9
    assert not np.any(target.state_dict()["6.bias"] == 9)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda state: state.pop("6.bias"), "does not fit the network: 6.bias"),
        (lambda state: state.update({"9.weight": np.zeros(1)}), "network: 9.weight"),
        (
            lambda state: state.update({"6.weight": np.zeros((4, 18))}),
            r"6.weight must have shape \(18, 4\), got \(4, 18\)",
        ),
    ],
)
def test_state_that_does_not_fit_is_refused_and_changes_nothing(
    change: object, message: str
) -> None:
    network, other = small(seed=1), small(seed=2).state_dict()
    before = network.state_dict()
    change(other)  # type: ignore[operator]
    with pytest.raises(ValueError, match=message):
        network.load_state_dict(other)
    after = network.state_dict()
    assert all(np.array_equal(before[name], after[name]) for name in before)


@pytest.mark.parametrize("training", [False, True])
def test_gradients_of_a_whole_network(training: bool) -> None:
    network = small(dtype=np.float64)
    x = pictures(3, dtype=np.float64)

    def forward() -> tuple[np.ndarray, list[object]]:
        return network.forward(x, training=training, rng=np.random.default_rng(4))

    y, caches = forward()
    dy = np.random.default_rng(3).normal(size=y.shape)

    def loss() -> float:
        return float(np.sum(forward()[0] * dy))

    dx = network.input_gradient(dy, caches)
    assert dx.shape == x.shape
    assert relative_error(dx, numerical_gradient(loss, x)) < 1e-6
    grads = network.parameter_gradients(dy, caches)
    assert grads.keys() == network.parameters().keys()
    for name, array in network.parameters().items():
        slope = numerical_gradient(loss, array)
        assert np.abs(grads[name] - slope).max() < 1e-8 + 1e-6 * np.abs(slope).max(), name


def test_the_input_gradient_can_start_before_the_last_layer() -> None:
    network = small(dtype=np.float64)
    x = pictures(1, dtype=np.float64)
    scores, caches = network.forward(x, depth=-1)
    dy = np.eye(4)[[2]]
    dx = network.input_gradient(dy, caches)
    slope = numerical_gradient(lambda: float(network.forward(x, depth=-1)[0][0, 2]), x)
    assert scores.shape == (1, 4)
    assert relative_error(dx, slope) < 1e-6


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


def test_an_input_shape_of_two_axes_is_refused() -> None:
    with pytest.raises(ValueError, match=r"must be \(C, H, W\) or \(D,\), got \(28, 28\)"):
        Sequential([Flatten()], input_shape=(28, 28))


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
