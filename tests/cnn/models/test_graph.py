"""Graphs: skips, branches, and what is refused; see also `test_network`."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from cnn import Trainer
from cnn.layers import (
    Add,
    BatchNorm,
    Concatenate,
    Conv2D,
    Dense,
    Dropout,
    MaxPool2D,
    ReLU,
    Sigmoid,
    Upsample2D,
)
from cnn.models.chains import find_chains
from cnn.models.graph import Graph, Nodes
from cnn.models.sequential import Sequential
from cnn.training.losses import BinaryCrossEntropy, MeanSquaredError
from cnn.training.optimisers import Adam
from tests.cnn.models.networks import pictures, row, sequential


def build(nodes: Nodes, shape: tuple[int, ...] = (2, 6, 4)) -> Graph:
    return Graph(nodes, input_shape=shape)


def test_layers_in_a_row_compute_what_a_sequential_does() -> None:
    chain, graph = sequential(seed=3), row(seed=3)
    x = pictures(5)
    np.testing.assert_allclose(graph.predict(x), chain.predict(x), rtol=1e-6)
    for mine, other in zip(graph.parameters().values(), chain.parameters().values(), strict=True):
        assert np.array_equal(mine, other)


def test_a_sum_and_a_row_of_channels_by_hand() -> None:
    network = build(
        {
            "up": (Upsample2D((2, 1)), "input"),
            "twice": (Add(), ("up", "up")),
            "both": (Concatenate(), ["twice", "up"]),
        },
        (1, 1, 2),
    )
    y = network.predict(np.array([1, 2], np.float32).reshape(1, 1, 1, 2))
    assert y.tolist() == [[[[2, 4], [2, 4]], [[1, 2], [1, 2]]]]
    assert network.output_shape == (2, 2, 2)


def test_what_nodes_within_give_is_had_as_well() -> None:
    network = build(
        {
            "up": (Upsample2D((2, 1)), "input"),
            "twice": (Add(), ("up", "up")),
            "both": (Concatenate(), ["twice", "up"]),
        },
        (1, 1, 2),
    )
    x = np.array([[[[1, 2]]]], np.float32)
    outputs = network.outputs_of(["both", "up"], x)
    assert list(outputs) == ["up", "both"]
    assert outputs["up"].tolist() == [[[[1, 2], [1, 2]]]]
    np.testing.assert_array_equal(outputs["both"], network.predict(x))
    with pytest.raises(ValueError, match="names of nodes, got down"):
        network.outputs_of(["down"], x)


def test_its_parameters_are_named_by_its_nodes() -> None:
    network = build({"a": (Conv2D(2, 1), "input"), "b-2": (Add(), ("a", "input"))})
    assert list(network.parameters()) == ["a.weight", "a.bias"]
    assert network.summary().splitlines()[2].startswith("b-2 Add() of a, input")


def test_many_pictures_and_few_give_the_same_in_float32() -> None:
    nodes: Nodes = {
        "first": (Conv2D(4, 3, padding=1, bias=False), "input"),
        "norm": (BatchNorm(), "first"),
        "relu": (ReLU(), "norm"),
        "drop": (Dropout(0.5), "relu"),
        "sum": (Add(), ("drop", "relu")),
    }
    network = build(nodes)
    x = pictures(70)
    expected = np.concatenate([network.forward(x[i : i + 9])[0] for i in range(0, 70, 9)])
    np.testing.assert_allclose(network.predict(x), expected, rtol=1e-5, atol=1e-6)


def test_a_chain_ends_where_another_node_looks_on() -> None:
    network = build(
        {
            "a": (Conv2D(2, 3, padding=1), "input"),
            "b": (ReLU(), "a"),
            "c": (Conv2D(2, 1), "b"),
            "d": (ReLU(), "c"),
            "e": (Add(), ("d", "b")),
            "f": (Sigmoid(), "e"),
        }
    )
    chains = find_chains(network.nodes)
    assert [chain.names for chain in chains] == [("a", "b"), ("c", "d"), ("e",), ("f",)]
    assert [chain.inputs for chain in chains] == [("input",), ("b",), ("d", "b"), ("e",)]
    assert [chain.spent for chain in chains] == [("input",), (), ("d", "b"), ("e",)]


def blobs(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return noisy pictures of squares, (N, 1, 12, 12), and where the squares are."""
    rng = np.random.default_rng(0)
    truth = np.zeros((count, 1, 12, 12), np.float32)
    for picture, (top, left) in zip(truth, rng.integers(0, 8, (count, 2)), strict=True):
        picture[0, top : top + 4, left : left + 4] = 1
    noisy = np.clip(truth * 0.6 + rng.uniform(0, 0.4, truth.shape), 0, 1)
    return np.rint(noisy * 255).astype(np.uint8), truth


def encoder_decoder(last: bool = True) -> Graph:
    nodes: Nodes = {
        "encode": (Conv2D(6, 3, padding=1, bias=False), "input"),
        "norm": (BatchNorm(), "encode"),
        "skip": (ReLU(), "norm"),
        "down": (MaxPool2D(2), "skip"),
        "deep": (Conv2D(8, 3, padding=1), "down"),
        "relu": (ReLU(), "deep"),
        "up": (Upsample2D(2), "relu"),
        "joined": (Concatenate(), ("up", "skip")),
        "scores": (Conv2D(1, 3, padding=1), "joined"),
        **({"answers": (Sigmoid(), "scores")} if last else {}),
    }
    return Graph(nodes, input_shape=(1, 12, 12))


@pytest.mark.parametrize("last", [True, False])
def test_it_learns_to_answer_for_every_pixel(last: bool) -> None:
    images, truth = blobs(120)
    network = encoder_decoder(last)
    run = Trainer(
        network, loss=BinaryCrossEntropy(), optimiser=Adam(0.02), batch_size=20, workers=2
    )
    history = run.fit(images, truth, epochs=6, validation=(images, truth))
    assert history["val_loss"][-1] < 0.05
    assert run.evaluate(images, truth) == {"loss": history["val_loss"][-1]}
    found = network.predict(images) > (0.5 if last else 0)
    assert np.mean(found == (truth > 0.5)) > 0.98
    # The running statistics are those of the data: updated, not the ones it began with.
    assert not np.array_equal(network.state_dict()["norm.mean"], np.zeros(6))


def test_it_trains_as_a_sequential_of_the_same_layers_does() -> None:
    images, truth = blobs(30)

    def layers() -> list[Any]:
        return [Conv2D(4, 3, padding=1, bias=False), BatchNorm(), ReLU(), Conv2D(1, 1)]

    chain = Sequential(layers(), input_shape=(1, 12, 12), seed=1)
    names = ["a", "b", "c", "d"]
    nodes = zip(names, zip(layers(), ["input", *names[:-1]], strict=True), strict=True)
    graph = Graph(dict(nodes), input_shape=(1, 12, 12), seed=1)
    histories = [
        Trainer(network, loss=MeanSquaredError(), batch_size=10, workers=1).fit(
            images, truth, epochs=2
        )
        for network in (chain, graph)
    ]
    np.testing.assert_allclose(histories[0]["loss"], histories[1]["loss"], rtol=1e-4)
    x = images / np.float32(255)
    np.testing.assert_allclose(chain.predict(x), graph.predict(x), rtol=1e-2, atol=1e-3)


SHARED = ReLU()


@pytest.mark.parametrize(
    ("nodes", "message"),
    [
        ({}, "one node at least"),
        ({"a": (ReLU(), "b"), "b": (ReLU(), "input")}, "node a takes b, not there before it"),
        ({"a": (ReLU(), "a")}, "node a takes a, not there"),
        ({"input": (ReLU(), "input")}, "not 'input', got 'input'"),
        ({"a.b": (ReLU(), "input")}, "letters, digits, _ and -.* got 'a.b'"),
        ({"": (ReLU(), "input")}, "got ''"),
        (
            {"a": (ReLU(), "input"), "b": (ReLU(), "input"), "c": (ReLU(), "a")},
            "nothing takes the output of b",
        ),
        (
            {"a": (SHARED, "input"), "b": (SHARED, "a")},
            r"node b, ReLU\(\): it stands .* in another place",
        ),
        ({"a": (ReLU(), ("input", "input"))}, r"node a, ReLU\(\): .* one input, not 2"),
        ({"a": (ReLU(), ())}, r"node a, ReLU\(\): .* one input, not 0"),
        ({"a": (Add(), "input")}, r"node a, Add\(\): Add needs two inputs at least"),
        (
            {"a": (Conv2D(3, 1), "input"), "b": (Add(), ("a", "input"))},
            r"node b, Add\(\): .* one shape, got \(6, 4, 3\) and \(6, 4, 2\)",
        ),
        (
            {"a": (MaxPool2D(2), "input"), "b": (Concatenate(), ("a", "input"))},
            r"node b, Concatenate\(\): .* height and width, got \(3, 2, 2\) and \(6, 4, 2\)",
        ),
        ({"a": (Dense(3), "input")}, r"node a, Dense\(.*\(6, 4, 2\).*Flatten"),
    ],
)
def test_nodes_that_do_not_fit_are_named(nodes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        build(nodes)


def test_vectors_go_through_as_well() -> None:
    network = build({"a": (Dense(3), "input"), "b": (Concatenate(), ("a", "input"))}, (2,))
    x = np.random.default_rng(0).normal(size=(40, 2)).astype(np.float32)
    y, caches = network.forward(x)
    assert y.shape == network.predict(x).shape == (40, 5)
    np.testing.assert_allclose(network.predict(x), y, rtol=1e-5, atol=1e-6)
    assert network.input_gradient(np.ones_like(y), caches).shape == x.shape
