"""A compiled pass of training gives the gradients of the layers' own methods."""

import numpy as np
import pytest

import cnn
from cnn.layers import BatchNorm, Conv2D, Dense, Dropout, Flatten, MaxPool2D, ReLU
from cnn.training.losses import CrossEntropy
from tests.cnn.engine.networks import BODIES, build, expect_close, make_chain, take_pass

RANDOM = "dropout between"


def compare_passes(network, x, labels):
    """Return the loss and gradients of a pass, compiled and by the reference implementation."""
    layers = network.layers[:-1]
    outputs, caches = network.forward(x, training=True, depth=len(layers))
    loss, dy = CrossEntropy()(outputs, labels)
    expected = network.parameter_gradients(dy, caches)
    chain = make_chain(layers, network.dtype)
    take_pass(chain, CrossEntropy(), network.prepare(x[::-1]), labels[::-1])
    found = take_pass(chain, CrossEntropy(), network.prepare(x), labels)  # nothing is left over
    np.testing.assert_allclose(found.loss, loss, rtol=1e-4)
    np.testing.assert_allclose(found.outputs, outputs, rtol=1e-3, atol=1e-4)
    assert found.grads.keys() == expected.keys()
    return found, expected


@pytest.mark.parametrize("count", [3, 19])
@pytest.mark.parametrize("channels", [1, 6])
@pytest.mark.parametrize("size", [(12, 12), (10, 14), (9, 11)])
@pytest.mark.parametrize("name", [name for name in BODIES if name != RANDOM])
def test_compiled_and_reference_agree(name, size, channels, count):
    network = build(BODIES[name](), (channels, *size))
    rng = np.random.default_rng(1)
    x = rng.normal(size=(count, channels, *size)).astype(np.float32)
    found, expected = compare_passes(network, x, rng.integers(0, 3, count))
    expect_close(found.grads, expected)


def test_flat_picture_parts_tie_and_the_first_gets_the_gradient():
    network = build([Conv2D(6, 3, padding=1), ReLU(), MaxPool2D(2)], (1, 12, 12))
    x = np.zeros((9, 1, 12, 12), np.float32)
    x[:, :, 3:6, 3:6] = 1
    found, expected = compare_passes(network, x, np.arange(9) % 3)
    expect_close(found.grads, expected)


def test_a_norm_between_dense_layers():
    layers = [Flatten(), Dense(7), BatchNorm(), ReLU()]
    network = build(layers, (1, 6, 6))
    x = np.random.default_rng(2).normal(size=(20, 1, 6, 6)).astype(np.float32)
    found, expected = compare_passes(network, x, np.arange(20) % 3)
    expect_close(found.grads, expected)


def test_the_statistics_of_all_parts_together():
    network = build([Conv2D(6, 3, padding=1, bias=False), BatchNorm(), ReLU()], (1, 8, 8))
    x = np.random.default_rng(3).normal(5, 1, (30, 1, 8, 8)).astype(np.float32)
    x[:8] *= 3
    chain = make_chain(network.layers[:-1])
    found = take_pass(chain, CrossEntropy(), network.prepare(x), np.zeros(30, int))
    [(layer, cache)] = [
        (layer, cache) for layer, cache in found.statistics if cache and layer.buffers
    ]
    before = layer.forward(network.layers[0].forward(network.prepare(x))[0], training=True)[1]
    for one, other in zip(cache[2], before[2], strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4)


@pytest.mark.parametrize("architecture", cnn.zoo.ARCHITECTURES)
def test_float64_is_computed_by_the_layers_themselves(architecture):
    layers = cnn.zoo.ARCHITECTURES[architecture]().layers[:-3]
    tail = [] if len(layers[-1].output_shape) == 1 else [Flatten()]
    layers = [type(layer)(**layer.config()) for layer in layers if type(layer) is not Dropout]
    network = cnn.Sequential(
        [*layers, *tail, Dense(10), cnn.layers.Softmax()], input_shape=(1, 28, 28), dtype="float64"
    )
    x = np.random.default_rng(4).random((5, 1, 28, 28))
    found, expected = compare_passes(network, x, np.arange(5))
    for name, gradient in expected.items():
        np.testing.assert_allclose(found.grads[name], gradient, err_msg=name)
