"""What holds for networks of every kind: prediction, gradients, state, and errors that help."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from cnn.layers.gradcheck import numerical_gradient, relative_error
from cnn.models.graph import Graph
from cnn.models.network import Network
from cnn.models.sequential import Sequential
from tests.cnn.models.networks import KINDS, pictures

Make = Callable[..., Network]

pytestmark = pytest.mark.parametrize("make", KINDS.values(), ids=KINDS)


def dense_weight(network: Network) -> str:
    """Return the name of the last layer's weight."""
    return [name for name in network.parameters() if name.endswith("weight")][-1]


def test_prediction_gives_probabilities(make: Make) -> None:
    answers = make().predict(pictures(5))
    assert answers.shape == (5, 4)
    assert answers.dtype == np.float32
    np.testing.assert_allclose(answers.sum(axis=1), 1, rtol=1e-5)
    assert make().predict(pictures(0)).shape == (0, 4)


def test_how_many_pictures_come_together_does_not_change_the_answers(make: Make) -> None:
    network, x = make(), pictures(53)
    together = network.predict(x)
    alone = np.concatenate([network.predict(picture[None]) for picture in x])
    np.testing.assert_allclose(together, alone, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(together, network.forward(x)[0], rtol=1e-5, atol=1e-6)


def test_a_network_can_be_called(make: Make) -> None:
    network, x = make(), pictures(3)
    assert np.array_equal(network(x), network.predict(x))


def test_many_threads_predict_the_same(make: Make) -> None:
    network = make()
    batches = [pictures(seed % 5 + 1, seed) for seed in range(20)]
    alone = [network.predict(batch) for batch in batches]
    with ThreadPoolExecutor(5) as pool:
        together = list(pool.map(network.predict, batches))
    assert all(np.array_equal(a, b) for a, b in zip(alone, together, strict=True))


@pytest.mark.parametrize("dtype", [np.float16, np.float64])
def test_any_floating_point_numbers_are_taken(make: Make, dtype: type) -> None:
    answers = make().predict(pictures(2).astype(dtype))
    assert answers.dtype == np.float32
    np.testing.assert_allclose(answers, make().predict(pictures(2)), atol=1e-2)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_bytes_are_divided_by_255(make: Make, dtype: type) -> None:
    network = make(dtype=dtype)
    x = np.random.default_rng(0).integers(0, 256, (3, 2, 6, 4)).astype(np.uint8)
    assert np.array_equal(network.predict(x), network.predict(x / dtype(255)))
    assert np.array_equal(network.forward(x)[0], network.forward(x / dtype(255))[0])


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
def test_inputs_of_another_shape_or_type_are_refused(make: Make, x: np.ndarray, got: str) -> None:
    for method in (make().predict, make().forward):
        with pytest.raises(ValueError, match=rf"shape \(N, 2, 6, 4\), got {got}"):
            method(x)


def test_the_same_seed_gives_the_same_weights(make: Make) -> None:
    first, again, other = (make(seed=seed).state_dict() for seed in (5, 5, 6))
    assert all(np.array_equal(first[name], again[name]) for name in first)
    assert not any(np.array_equal(first[n], other[n]) for n in first if n.endswith("weight"))


def test_parameters_of_a_network_that_has_predicted_are_kept_until_it_is_made_writeable(
    make: Make,
) -> None:
    network, x = make(), pictures(2)
    before = network.predict(x)
    weight = network.parameters()[dense_weight(network)]
    with pytest.raises(ValueError, match="read-only"):
        weight += 1
    network.make_writeable()
    weight[:, 0] += 1
    after = network.predict(x)
    assert np.abs(after - before).max() > 0.01
    np.testing.assert_allclose(after, network.forward(x)[0], rtol=1e-5, atol=1e-6)


def test_state_is_a_copy(make: Make) -> None:
    network = make()
    state = network.state_dict()
    name = dense_weight(network)
    state[name][:] = 7
    assert not np.any(network.state_dict()[name] == 7)
    kept = set(state) - set(network.parameters())
    assert sorted(key.rpartition(".")[2] for key in kept) == ["mean", "variance"]


def test_state_moves_from_one_network_to_another(make: Make) -> None:
    source, target = make(seed=1), make(seed=2)
    state, name = source.state_dict(), dense_weight(source)
    assert not np.array_equal(source.predict(pictures(3)), target.predict(pictures(3)))
    target.load_state_dict(state)
    assert np.array_equal(source.predict(pictures(3)), target.predict(pictures(3)))
    state[name][:] = 9
    assert not np.any(target.state_dict()[name] == 9)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda state, name: state.pop(name), "does not fit the network: {name}"),
        (lambda state, _: state.update({"no.weight": np.zeros(1)}), "network: no.weight"),
        (
            lambda state, name: state.update({name: state[name].T}),
            r"{name} must have shape \({shape}\), got \({turned}\)",
        ),
    ],
)
def test_state_that_does_not_fit_is_refused_and_changes_nothing(
    make: Make, change: Callable[[dict[str, np.ndarray], str], object], message: str
) -> None:
    network, other = make(seed=1), make(seed=2).state_dict()
    before, name = network.state_dict(), dense_weight(network)
    rows, columns = before[name].shape
    expected = message.format(name=name, shape=f"{rows}, {columns}", turned=f"{columns}, {rows}")
    change(other, name)
    with pytest.raises(ValueError, match=expected):
        network.load_state_dict(other)
    after = network.state_dict()
    assert all(np.array_equal(before[name], after[name]) for name in before)


@pytest.mark.parametrize("training", [False, True])
def test_gradients_of_a_whole_network(make: Make, training: bool) -> None:
    network = make(dtype=np.float64)
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


def test_pictures_and_their_gradients_are_channels_first_at_every_depth(make: Make) -> None:
    network, x = make(dtype=np.float64), pictures(2, dtype=np.float64)
    y, caches = network.forward(x, depth=1)
    assert y.shape == (2, 3, 6, 4)
    assert len(caches) == 1
    dy = np.random.default_rng(3).normal(size=y.shape)

    def loss() -> float:
        return float(np.sum(network.forward(x, depth=1)[0] * dy))

    dx = network.input_gradient(dy, caches)
    assert relative_error(dx, numerical_gradient(loss, x)) < 1e-6
    [weight, _] = network.parameter_gradients(dy, caches).values()
    slope = numerical_gradient(loss, next(iter(network.parameters().values())))
    assert relative_error(weight, slope) < 1e-6


def test_the_input_gradient_can_start_before_the_last_layer(make: Make) -> None:
    network = make(dtype=np.float64)
    x = pictures(1, dtype=np.float64)
    scores, caches = network.forward(x, depth=-1)
    dy = np.eye(4)[[2]]
    dx = network.input_gradient(dy, caches)
    slope = numerical_gradient(lambda: float(network.forward(x, depth=-1)[0][0, 2]), x)
    assert scores.shape == (1, 4)
    assert relative_error(dx, slope) < 1e-6


def test_the_summary_tells_layers_shapes_and_parameters(make: Make) -> None:
    network = make()
    lines = network.summary().splitlines()
    total = sum(array.size for array in network.parameters().values())
    assert lines[0].split() == ["layer", "output", "parameters"]
    assert "Conv2D(filters=3" in lines[1]
    assert lines[1].split()[-6:] == ["3", "×", "6", "×", "4", "57"]
    assert lines[4].split()[-6:] == ["3", "×", "3", "×", "2", "0"]
    assert lines[-1] == f"input 2 × 6 × 4, {total:,} parameters"


def test_an_input_shape_of_two_axes_is_refused(make: Make) -> None:
    kind = type(make())
    with pytest.raises(ValueError, match=r"must be \(C, H, W\) or \(D,\), got \(28, 28\)"):
        kind({}, input_shape=(28, 28))  # type: ignore[misc, call-arg, arg-type]


def test_layers_of_another_network_are_refused_and_keep_their_parameters(make: Make) -> None:
    network = make()
    before = network.state_dict()
    layers = [layer for _, layer in network.named_layers()]
    nodes = {"only": (layers[0], "input")}
    with pytest.raises(ValueError, match=r"layer 0, .*another network.*load_state_dict"):
        Sequential(layers, input_shape=network.input_shape)
    with pytest.raises(ValueError, match=r"node only, .*another network.*load_state_dict"):
        Graph(nodes, input_shape=network.input_shape)
    for name, array in network.state_dict().items():
        np.testing.assert_array_equal(array, before[name])


def test_numbers_in_lists_are_taken_as_well(make: Make) -> None:
    network, x = make(), pictures(2).astype(np.float64)
    np.testing.assert_array_equal(network.predict(x.tolist()), network.predict(x))
