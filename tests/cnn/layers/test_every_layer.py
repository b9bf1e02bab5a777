"""What holds for every layer: no memory of a call, arguments untouched, options as JSON."""

from __future__ import annotations

import inspect
import json
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from cnn.layers import (
    LAYERS,
    AveragePool2D,
    BatchNorm,
    Conv2D,
    ConvTranspose2D,
    Dense,
    Dropout,
    Flatten,
    GlobalAveragePool2D,
    Layer,
    LeakyReLU,
    MaxPool2D,
    MinPool2D,
    ReLU,
    Reparametrise,
    Sigmoid,
    Slice,
    Softmax,
    Tanh,
    Unflatten,
    Upsample2D,
)

EXAMPLES = [
    AveragePool2D(3, stride=2, padding=1, partial=True),
    BatchNorm(momentum=0.5),
    Conv2D(4, 3, padding="same", stride=2),
    ConvTranspose2D(4, 3, stride=2, padding=1, output_padding=1),
    Dense(5, initialiser="xavier"),
    Dropout(0.4),
    Flatten(),
    GlobalAveragePool2D(),
    LeakyReLU(slope=0.3),
    MaxPool2D(2, partial=True),
    MinPool2D((2, 3)),
    ReLU(),
    Reparametrise(),
    Sigmoid(),
    Slice(2, 9),
    Softmax(temperature=1.5),
    Tanh(),
    Unflatten((3, 2, 2)),
    Upsample2D((2, 3)),
]
every_layer = pytest.mark.parametrize("layer", EXAMPLES, ids=lambda layer: type(layer).__name__)


def shape_for(layer: Layer) -> tuple[int, ...]:
    flat = Dense | Reparametrise | Slice | Softmax | Unflatten
    return (12,) if isinstance(layer, flat) else (7, 6, 3)


def run(layer: Layer, seed: int) -> list[np.ndarray]:
    """Run a training pass and an ordinary one, forwards and backwards, on data of a seed."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(seed % 3 + 1, *shape_for(layer))).astype(np.float32)
    results = []
    for training in (True, False):
        y, cache = layer.forward(x, training=training, rng=np.random.default_rng(seed))
        dx, grads = layer.backward(np.cos(y), cache)
        results += [y, dx, *grads.values()]
    return results


def test_every_layer_that_a_model_file_may_name_is_tested_here() -> None:
    assert {type(layer).__name__ for layer in EXAMPLES} == set(LAYERS)
    assert not any(inspect.isabstract(kind) for kind in LAYERS.values())


@every_layer
def test_many_threads_get_the_same_answers_as_one(layer: Layer) -> None:
    layer.build(shape_for(layer), rng=np.random.default_rng(0), dtype=np.float32)
    before = {name: array.copy() for name, array in layer.state().items()}
    attributes = set(vars(layer))
    alone = [run(layer, seed) for seed in range(24)]
    with ThreadPoolExecutor(6) as pool:
        together = list(pool.map(lambda seed: run(layer, seed), range(24)))
    for one, other in zip(alone, together, strict=True):
        assert all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))
    assert set(vars(layer)) == attributes
    assert all(np.array_equal(layer.state()[name], array) for name, array in before.items())


@every_layer
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_shapes_and_types_are_those_promised_and_arguments_stay_as_they_were(
    layer: Layer, dtype: type
) -> None:
    shape = shape_for(layer)
    promised = layer.build(shape, rng=np.random.default_rng(0), dtype=dtype)
    assert promised == layer.output_shape == layer.infer_shape(shape)
    assert layer.input_shape == shape
    x: np.ndarray = np.random.default_rng(1).normal(size=(2, *shape)).astype(dtype)
    kept = x.copy()
    y, cache = layer.forward(x, training=True, rng=np.random.default_rng(2))
    dy = np.ones_like(y)
    dx, grads = layer.backward(dy, cache)
    assert y.shape == (2, *promised)
    assert dx.shape == x.shape
    assert {y.dtype, dx.dtype, *(g.dtype for g in grads.values())} == {np.dtype(dtype)}
    assert np.array_equal(x, kept)
    assert np.all(dy == 1)


@every_layer
def test_its_options_survive_json(layer: Layer) -> None:
    options = json.loads(json.dumps(layer.config()))
    again = LAYERS[type(layer).__name__](**options)
    assert repr(again) == repr(layer)
