"""Passes of training give what the network's own methods give, whatever kind it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from cnn import Trainer
from cnn.layers import Add, BatchNorm, Conv2D, Dense, Flatten, Layer
from cnn.models.graph import Graph
from cnn.models.network import Network
from cnn.models.sequential import Sequential
from cnn.training.losses import CrossEntropy, Loss, MeanSquaredError
from cnn.training.optimisers import Adam
from cnn.training.plans import Plan, compile_passes
from tests.cnn.engine.networks import BODIES, expect_close
from tests.cnn.models.networks import KINDS, pictures

Make = Callable[..., Network]


def without_chance(network: Network) -> Network:
    """Make every dropout let all through: the order of random numbers is nobody's business."""
    for _, layer in network.named_layers():
        if hasattr(layer, "rate"):
            layer.rate = 0.0
    return network


def compare(network: Network, x: np.ndarray, targets: np.ndarray, loss: Loss) -> None:
    """Take two passes, and compare the second with the network's own methods."""
    depth = -1 if type(network.last) is loss.folds else None
    y, caches = network.forward(x, training=True, depth=depth)
    value, dy = loss(y, targets)
    expected = network.parameter_gradients(dy / 2, caches)
    plan, rng = Plan(network, loss, depth), np.random.default_rng(0)
    plan.run(x[::-1], targets[::-1], rng=rng)  # leaves nothing for the next
    found = plan.run(x, targets, rng=rng, weight=0.5)
    assert found.loss == pytest.approx(value, rel=1e-4)
    np.testing.assert_allclose(found.outputs, y, rtol=1e-3, atol=1e-4)
    assert found.grads.keys() == expected.keys()
    expect_close(found.grads, expected)
    passes = compile_passes(network, depth=depth, to_input=True)
    passes.forward(x, rng)
    dx = passes.backward(dy / 2)
    assert dx is not None
    expect_close(passes.gradients(), expected)
    expect_close({"input": dx}, {"input": network.input_gradient(dy / 2, caches)})
    passes.forward(x, rng)
    alone = passes.backward(dy / 2, parameters=False)
    assert alone is not None
    expect_close({"input": alone}, {"input": network.input_gradient(dy / 2, caches)})
    passes.forward(x, rng)
    passes.backward(dy / 2)
    expect_close(passes.gradients(), expected)


@pytest.mark.parametrize("count", [3, 19, 40])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("make", KINDS.values(), ids=KINDS)
def test_a_pass_agrees_with_the_network(make: Make, dtype: type, count: int) -> None:
    network = without_chance(make(dtype=dtype))
    compare(network, pictures(count, dtype=dtype), np.arange(count) % 4, CrossEntropy())


@pytest.mark.parametrize("count", [3, 19])
@pytest.mark.parametrize("name", [name for name in BODIES if "dropout" not in name])
def test_a_branch_of_any_layers_agrees_with_the_network(name: str, count: int) -> None:
    nodes: dict[str, tuple[Any, Any]] = {"first": (Conv2D(6, 3, padding=1), "input")}
    source = "first"
    body: list[Layer] = BODIES[name]()
    for place, layer in enumerate(body):
        nodes[f"{place}"] = (layer, source)
        source = f"{place}"
    for side, start in (("left", source), ("right", "first")):
        nodes[f"{side}-flat"] = (Flatten(), start)
        nodes[side] = (Dense(3), f"{side}-flat")
    nodes["sum"] = (Add(), ("left", "right"))
    network = Graph(nodes, input_shape=(2, 12, 10))
    x = np.random.default_rng(1).normal(size=(count, 2, 12, 10)).astype(np.float32)
    compare(network, x, np.arange(count) % 3, CrossEntropy())


def test_a_network_of_another_kind_is_trained_by_its_own_methods() -> None:
    class Doubled(Network):
        """Gives twice what another gives."""

        def __init__(self, inner: Network) -> None:
            super().__init__(input_shape=inner.input_shape, dtype=inner.dtype)
            self.inner, self.output_shape = inner, inner.output_shape

        last = None
        named_layers = property(lambda self: self.inner.named_layers)
        pair_caches = property(lambda self: self.inner.pair_caches)
        _nodes = property(lambda self: self.inner._nodes)

        def _forward(self, x: np.ndarray, **options: Any) -> tuple[np.ndarray, list[Any]]:
            y, caches = self.inner._forward(x, **options)
            return 2 * y, caches

        def _backward(
            self, dy: np.ndarray, caches: list[Any], *, to_input: bool
        ) -> tuple[np.ndarray, dict[str, np.ndarray]]:
            return self.inner._backward(2 * dy, caches, to_input=to_input)

        def _predict_compiled(self, x: np.ndarray) -> np.ndarray:
            return self._forward(x)[0]

        def _discard_plan(self) -> bool:
            return False

    layers: list[Layer] = [Conv2D(2, 1), BatchNorm()]
    network = Doubled(Sequential(layers, input_shape=(2, 4, 3)))
    x = np.random.default_rng(0).uniform(-1, 1, (64, 2, 4, 3)).astype(np.float32)
    compare(network, x, 3 * x, MeanSquaredError())
    run = Trainer(network, loss=MeanSquaredError(), optimiser=Adam(0.05), batch_size=16)
    history = run.fit(x, 3 * x, epochs=30)["loss"]
    assert history[-1] < 0.05 * history[0]
    assert np.all(network.state_dict()["1.mean"] != 0)
