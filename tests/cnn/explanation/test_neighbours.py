import numpy as np
import pytest

import cnn
from cnn.data import Dataset
from cnn.errors import ModelFileError
from cnn.explanation.blocks import in_row
from cnn.explanation.neighbours import NEIGHBOURS, Neighbours, find_features, save_neighbours
from cnn.models.model import Model


@pytest.fixture(scope="module")
def few():
    """A data set of 150 pictures of noise, so that each is nearest to itself."""
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (150, 1, 28, 28)).astype(np.uint8)
    return Dataset(images, rng.integers(0, 10, 150), tuple("0123456789"))


def test_each_picture_is_its_own_nearest(tmp_path, few):
    model = Model(cnn.zoo.reference_digits())
    save_neighbours(model, few, tmp_path / "some.dnm")
    neighbours = Neighbours(tmp_path / "some.dnm")
    assert len(neighbours) == len(few)
    features = find_features(in_row(model.network), few.images[:20] / np.float32(255))
    for place in range(20):
        near, *_ = neighbours.find(features[place], count=3)
        assert near.label == few.labels[place]
        assert near.distance == pytest.approx(0, abs=0.01)
        # Sixteen greys are left of 256.
        assert np.abs(near.image.astype(int) - few.images[place, 0]).max() <= 9


def test_another_digit_can_be_asked_for(tmp_path, few):
    model = Model(cnn.zoo.reference_digits())
    save_neighbours(model, few, tmp_path / "some.dnm")
    found = Neighbours(tmp_path / "some.dnm").find(np.ones(128), count=5, other_than=3)
    assert len(found) == 5
    assert all(near.label != 3 for near in found)
    assert [near.distance for near in found] == sorted(near.distance for near in found)


def test_those_that_ship_fit_the_model_that_ships():
    model, neighbours = cnn.load_model(), Neighbours()
    assert NEIGHBOURS.stat().st_size <= 2_000_000
    assert len(neighbours) >= 5000
    assert neighbours.model_name == model.name


def test_what_ships_finds_its_like(sheet):
    model, neighbours = cnn.load_model(), Neighbours()
    images, labels = sheet
    features = find_features(in_row(model.network), images[:, None].astype(np.float32) / 255)
    found = [neighbours.find(each, count=1)[0].label for each in features]
    assert np.mean(np.array(found) == labels) >= 0.95


def test_damage_is_noticed(tmp_path):
    whole = NEIGHBOURS.read_bytes()
    (tmp_path / "cut.dnm").write_bytes(whole[:-10])
    with pytest.raises(ModelFileError):
        Neighbours(tmp_path / "cut.dnm")
    with pytest.raises(ModelFileError):
        Neighbours(tmp_path / "none.dnm")
