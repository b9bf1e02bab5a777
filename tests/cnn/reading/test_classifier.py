"""What a picture as a whole shows: a probability for each class, of the input of the training."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import cnn
from cnn.data import read_folder
from cnn.errors import PictureError
from cnn.layers import Dense, Flatten, Sigmoid
from cnn.models.model import Model
from cnn.models.sequential import Sequential
from cnn.reading.classifier import classify


@pytest.fixture
def model() -> Model:
    """Return a model that answers by how light the middle of a picture is."""
    network = Sequential([Flatten(), Dense(1), Sigmoid()], input_shape=(3, 8, 8))
    weight = np.full((192, 1), 12 / 192, np.float32)
    network.load_state_dict({"1.weight": weight, "1.bias": np.full(1, -6, np.float32)})
    return Model(network, classes=("dark", "light"))


def test_the_likeliest_class_is_named(model: Model) -> None:
    found = classify(model, Image.new("RGB", (90, 50), "white"))
    assert found.name == "light"
    assert found.confidence == pytest.approx(1 / (1 + np.exp(-6)), abs=1e-5)
    assert found.probabilities == {
        "dark": pytest.approx(1 - found.confidence, abs=1e-6),
        "light": found.confidence,
    }
    assert classify(model, Image.new("L", (8, 8), 10)).name == "dark"


@pytest.mark.parametrize("name", ["wide.png", "high.jpg", "clear.png", "turned.jpg"])
def test_the_input_is_that_of_the_training(model: Model, tmp_path: Path, name: str) -> None:
    rng = np.random.default_rng(0)
    coarse = rng.integers(0, 256, (6, 10, 3), np.uint8)
    image = Image.fromarray(coarse).resize((100, 60), Image.Resampling.BICUBIC)
    exif = Image.Exif()
    if name == "high.jpg":
        image = image.rotate(90, expand=True)
    elif name == "clear.png":
        image.putalpha(120)
    elif name == "turned.jpg":
        exif[0x0112] = 6
    path = tmp_path / "some" / name
    path.parent.mkdir()
    image.save(path, exif=exif)
    trained = read_folder(tmp_path, size=(8, 8), channels=3).data.images[0]
    for source in (path, path.read_bytes()):
        np.testing.assert_array_equal(classify(model, source).pixels, trained)


def test_what_is_no_picture_is_a_picture_error(model: Model) -> None:
    with pytest.raises(PictureError):
        classify(model, b"not a picture")


def test_a_model_of_digits_looks_at_no_picture_as_a_whole() -> None:
    file = io.BytesIO()
    Image.new("L", (28, 28)).save(file, "PNG")
    with pytest.raises(ValueError, match="as a whole"):
        classify(cnn.load_model(), file.getvalue())
