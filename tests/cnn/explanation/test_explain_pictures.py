"""Explanations of pictures as a whole: any size, colour or grey, softmax or one sigmoid."""

from __future__ import annotations

import copy

import numpy as np
import pytest
from PIL import Image

import cnn
from cnn.errors import ChoiceError, PictureError
from cnn.explanation.blocks import make_blocks
from cnn.explanation.evidence import class_scores, gather_evidence
from cnn.explanation.explain import explain_picture
from cnn.explanation.poster import draw_poster
from cnn.layers import (
    Add,
    BatchNorm,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    GlobalAveragePool2D,
    Layer,
    LeakyReLU,
    MaxPool2D,
    ReLU,
    Sigmoid,
    Softmax,
)
from cnn.models.graph import Nodes
from cnn.models.model import Model
from cnn.models.model_file import CATS_DOGS_MODEL
from cnn.models.sequential import Sequential
from cnn.reading.classifier import classify

WIDE = (3, 12, 20)


def make(layers: list[Layer], shape: tuple[int, int, int], classes: tuple[str, ...]) -> Model:
    return Model(Sequential(layers, input_shape=shape, seed=5), classes=classes)


MODELS = {
    "colour, softmax": make(
        [Conv2D(4, 3), BatchNorm(), ReLU(), MaxPool2D(2), Flatten(), Dense(3), Softmax()],
        WIDE,
        ("tit", "jay", "owl"),
    ),
    "colour, sigmoid": make(
        [Conv2D(4, 3), LeakyReLU(), GlobalAveragePool2D(), Dropout(0.3), Dense(1), Sigmoid()],
        WIDE,
        ("cats", "dogs"),
    ),
    "grey, dense alone": make([Flatten(), Dense(2), Softmax()], (1, 9, 7), ("dark", "light")),
    "the one that ships": cnn.load_model(CATS_DOGS_MODEL),
}


def photograph(size: tuple[int, int] = (90, 60)) -> Image.Image:
    coarse = np.random.default_rng(1).integers(0, 256, (5, 7, 3), np.uint8)
    return Image.fromarray(coarse).resize(size, Image.Resampling.BICUBIC)


@pytest.mark.parametrize("name", MODELS)
def test_the_last_map_is_the_models_own_answer(name: str) -> None:
    model = MODELS[name]
    found = explain_picture(model, photograph())
    own = classify(model, photograph())
    np.testing.assert_allclose(found.probabilities, list(own.probabilities.values()), atol=1e-5)
    assert found.found.name == own.name
    assert found.inputs.shape == model.input_shape
    assert found.probabilities.argmax() == found.scores.argmax() == found.evidence[0].index
    assert "Dropout" not in {block.kind for block in found.blocks}


@pytest.mark.parametrize("name", MODELS)
def test_every_map_follows_from_the_one_before(name: str) -> None:
    found = explain_picture(MODELS[name], photograph())
    assert found.maps_of(0).shape == tuple(np.roll(MODELS[name].input_shape, -1))
    for block in found.blocks:
        before = found.maps_of(block.index - 1)
        assert before.shape == block.input_shape
        y, _ = block.layer.forward(before[None])
        np.testing.assert_allclose(y[0], found.maps_of(block.index), atol=1e-5)


def test_the_stages_lead_from_the_picture_to_the_input() -> None:
    whole, square, small = explain_picture(MODELS["colour, sigmoid"], photograph((120, 40))).stages
    assert [stage.name for stage in (whole, square, small)] == ["picture", "square", "small"]
    assert whole.image.shape == (40, 120, 3)
    assert square.image.shape == (40, 66, 3)  # of 20:12
    np.testing.assert_array_equal(square.image, np.asarray(photograph((120, 40)))[:, 27:93])
    assert small.image.shape == (12, 20, 3)
    grey = explain_picture(MODELS["grey, dense alone"], photograph())
    assert [stage.image.ndim for stage in grey.stages] == [3, 2, 2]


def test_scores_of_one_sigmoid_are_log_odds() -> None:
    found = explain_picture(MODELS["colour, sigmoid"], photograph())
    cats, dogs = found.probabilities
    assert found.scores == pytest.approx([np.log(cats / dogs), np.log(dogs / cats)], abs=1e-4)
    np.testing.assert_array_equal(class_scores(np.array([[2.0], [-1.0]])), [[-2, 2], [1, -1]])


def test_what_is_covered_is_the_mean_colour() -> None:
    """A network that sums the red channel: what is redder than the mean speaks for the class."""
    network = Sequential([Flatten(), Dense(1), Sigmoid()], input_shape=(3, 14, 14))
    weight = np.zeros((14, 14, 3), np.float32)
    weight[..., 0] = 1
    network.load_state_dict({"1.weight": weight.reshape(-1, 1), "1.bias": np.zeros(1)})
    pixels = np.zeros((3, 14, 14), np.float32)
    pixels[0, :, :7] = 1
    cover = pixels.mean(axis=(1, 2))
    second, first = gather_evidence(network, pixels, (1, 0), cover=cover)
    # Each square of 2×2 that is covered takes 4 × (1 - 0.5), or gives 4 × 0.5.
    np.testing.assert_allclose(second.occlusion[:, :6], 2, atol=1e-4)
    np.testing.assert_allclose(second.occlusion[:, 8:], -2, atol=1e-4)
    np.testing.assert_allclose(second.gradient, 1)
    np.testing.assert_allclose(first.occlusion, -second.occlusion)
    np.testing.assert_allclose(first.gradient, -1)


@pytest.mark.parametrize("size", [(32, 32), (12, 20), (1, 1), (64, 5)])
def test_every_pixel_is_covered(size: tuple[int, int]) -> None:
    """A network that sums all numbers: whatever is covered in black, the score falls."""
    height, width = size
    network = Sequential([Flatten(), Dense(1), Sigmoid()], input_shape=(3, height, width))
    ones = np.ones((3 * height * width, 1), np.float32)
    network.load_state_dict({"1.weight": ones, "1.bias": np.zeros(1)})
    pixels = np.full((3, height, width), 0.5, np.float32)
    second, _ = gather_evidence(network, pixels, (1, 0), cover=np.zeros(3))
    patch = max(1, round(height / 7)) * max(1, round(width / 7))
    np.testing.assert_allclose(second.occlusion, 3 * 0.5 * patch, rtol=1e-3)


def test_scores_are_the_same_by_either_implementation() -> None:
    layers = [Conv2D(3, 3), ReLU(), Flatten(), Dense(2), Softmax()]
    twice = [
        Sequential(copy.deepcopy(layers), input_shape=WIDE, seed=2, dtype=dtype)
        for dtype in (np.float32, np.float64)
    ]
    twice[1].load_state_dict(twice[0].state_dict())
    pixels = np.random.default_rng(3).random(WIDE, np.float32)
    compiled, reference = (gather_evidence(each, pixels, (0, 1)) for each in twice)
    for one, other in zip(compiled, reference, strict=True):
        np.testing.assert_allclose(one.occlusion, other.occlusion, atol=1e-5)


@pytest.mark.parametrize("name", ["colour, softmax", "colour, sigmoid"])
def test_the_gradient_is_that_of_a_lighter_pixel(name: str) -> None:
    found = explain_picture(MODELS[name], photograph())
    network, winner = found.model.network, found.evidence[0]

    def score(pixels: np.ndarray) -> float:
        return float(class_scores(network.forward(pixels[None], depth=-1)[0])[0, winner.index])

    row, column = np.unravel_index(np.abs(winner.gradient).argmax(), winner.gradient.shape)
    step = np.zeros_like(found.inputs)
    step[:, row, column] = 1e-3
    slope = (score(found.inputs + step) - score(found.inputs - step)) / 2e-3
    assert winner.gradient[row, column] == pytest.approx(slope, rel=0.05)


def test_what_cannot_be_explained_is_said() -> None:
    model = MODELS["colour, sigmoid"]
    with pytest.raises(PictureError):
        explain_picture(model, b"no picture")
    for changes in ({"digit": 1}, {"without": ["ink"]}):
        with pytest.raises(ChoiceError, match="as a whole"):
            cnn.explain(model, photograph(), **changes)
    nodes: Nodes = {
        "a": (Conv2D(2, 1), "input"),
        "b": (Conv2D(2, 1), "input"),
        "sum": (Add(), ("a", "b")),
        "flat": (Flatten(), "sum"),
        "scores": (Dense(2), "flat"),
        "answers": (Softmax(), "scores"),
    }
    graph = Model(cnn.Graph(nodes, input_shape=(3, 4, 4)), normalisation="picture")
    with pytest.raises(ChoiceError, match="only layers in a row"):
        cnn.explain(graph, photograph())


@pytest.mark.parametrize("name", MODELS)
def test_a_poster_shows_it(name: str) -> None:
    model = MODELS[name]
    sheet = draw_poster(cnn.explain(model, photograph()))
    assert sheet.width == 1400
    assert sheet.height > 100 * len(make_blocks(model.network)) / 4  # type: ignore[arg-type]
