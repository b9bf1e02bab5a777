"""A subclass of a layer is computed by its own `forward` and `backward`, wherever it stands."""

from typing import Any

import numpy as np
import pytest

import cnn
from cnn.layers import LAYERS, Conv2D, Dense, Flatten, Layer, MaxPool2D, ReLU, Softmax
from cnn.layers.functional import channels_last
from cnn.training.losses import CrossEntropy, Loss
from tests.cnn.engine.networks import expect_close, make_chain, take_pass

OPTIONS: dict[str, dict[str, Any]] = {
    "Conv2D": {"filters": 6, "kernel_size": 3, "padding": 1},
    "ConvTranspose2D": {"filters": 6, "kernel_size": 3},
    "Dense": {"units": 6},
    "Dropout": {"rate": 0.4},
    "Slice": {"start": 6, "stop": 30},
    "Unflatten": {"shape": (6, 8, 8)},
}
FLAT = {"Dense", "Reparametrise", "Slice", "Softmax", "Unflatten"}


def make_other(name):
    """Return a layer of a subclass that computes something else in both directions."""

    base: type[Layer] = LAYERS[name]

    class Other(base):  # type: ignore[valid-type, misc]
        def forward(self, x, *, training=False, rng=None):
            y, cache = super().forward(x, training=training, rng=rng)
            return np.minimum(1.5 * y, 2), cache

        def backward(self, dy, cache):
            dx, grads = super().backward(dy, cache)
            return -2 * dx, {name: 3 * gradient for name, gradient in grads.items()}

    return Other(**OPTIONS.get(name, {}))


def place(other, name, where):
    """Return layers with the subclass first, or last, or where its base class would be joined."""
    flat = name in FLAT
    before: list[Layer]
    if where == "first":
        before = [Flatten()] if flat else []
    else:
        before = [Conv2D(6, 3, padding=1), *([Flatten()] if flat else [])]
    tail = {
        "first": [ReLU(), Flatten(), Dense(3)],
        "between": [ReLU(), Flatten(), Dense(3), Softmax()],
        "before a pooling": [Flatten(), Dense(3)] if flat else [MaxPool2D(2), Flatten(), Dense(3)],
        "last": [],
    }[where]
    if name in ("GlobalAveragePool2D", "Flatten"):
        tail = [layer for layer in tail if not isinstance(layer, MaxPool2D)]
    return [*before, other, *tail]


class Energy(Loss):
    """Half the mean square of the outputs; takes any shape."""

    def __call__(self, outputs, targets):
        scale = outputs.dtype.type(1 / len(outputs))
        return float(0.5 * scale * np.square(outputs).sum()), outputs * scale


@pytest.mark.parametrize("where", ["first", "between", "before a pooling", "last"])
@pytest.mark.parametrize("name", LAYERS)
def test_predict_and_training_do_as_the_subclass_says(name, where):
    layers = place(make_other(name), name, where)
    network = cnn.Sequential(layers, input_shape=(6, 8, 8))
    x = np.random.default_rng(1).normal(0, 2, (7, 6, 8, 8)).astype(np.float32)
    np.testing.assert_allclose(network.predict(x), network.forward(x)[0], rtol=1e-4, atol=1e-5)

    network.make_writeable()
    y, caches = network.forward(x, training=True, rng=np.random.default_rng(2))
    loss, dy = Energy()(y, x)
    found = take_pass(make_chain(layers), Energy(), x.transpose(0, 2, 3, 1), x, seed=2)
    np.testing.assert_allclose(found.loss, loss, rtol=1e-4)
    expected: dict[str, np.ndarray] = {}
    dy = channels_last(dy)
    for index, (layer, cache) in reversed(list(enumerate(zip(layers, caches, strict=True)))):
        dy, own = layer.backward(dy, cache)
        expected |= {f"{index}.{key}": gradient for key, gradient in own.items()}
    assert found.grads.keys() == expected.keys()
    if expected:
        expect_close(found.grads, expected)
        expect_close(network.parameter_gradients(Energy()(y, x)[1], caches), expected)


def test_a_relu_that_stops_at_six():
    class ReLU6(ReLU):
        def forward(self, x, *, training=False, rng=None):
            return np.clip(x, 0, 6), x

    network = cnn.Sequential([Conv2D(4, 3, padding=1), ReLU6()], input_shape=(1, 8, 8))
    assert network.predict(np.full((1, 1, 8, 8), 50, np.float32)).max() == 6


def test_a_loss_leaves_a_subclass_of_softmax_in_the_network():
    class Sharper(Softmax):
        def forward(self, x, *, training=False, rng=None):
            return super().forward(4 * x, training=training, rng=rng)

    network = cnn.Sequential([Flatten(), Dense(3), Sharper()], input_shape=(1, 4, 4))
    x = np.random.default_rng(3).random((6, 1, 4, 4), np.float32)
    labels = np.arange(6) % 3
    trainer = cnn.Trainer(network, batch_size=6, workers=1)
    expected, _ = CrossEntropy()(network.forward(x)[0], labels)
    assert trainer.fit(x, labels, epochs=1)["loss"] == pytest.approx([expected], rel=1e-5)
