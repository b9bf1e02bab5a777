"""The shelf: models by name, swapped as a whole, and only such as fit their place."""

import pytest

import cnn
from app.errors import UnknownModel
from app.services.models import CATS_DOGS, DIGITS, Models, describe
from app.services.recogniser import Recogniser
from cnn.errors import ModelFileError
from cnn.layers import Dense, Flatten, ReLU, Softmax
from cnn.models.container import write_container
from cnn.models.model import Model
from tests.app.services.constant_model import constant_model


def test_those_that_ship_stand_there():
    shelf = Models()
    assert shelf.names == (DIGITS, CATS_DOGS)
    assert shelf.get(CATS_DOGS).model.classes == ("cats", "dogs")
    shelved = shelf.get(DIGITS)
    assert shelved.model.name == shelved.neighbours.model_name == "digits-1"


def test_reload_swaps_the_model_and_a_damaged_file_keeps_the_old(tmp_path, seven):
    path = tmp_path / "model.dnm"
    cnn.save_model(constant_model(3, "three"), path)
    shelf = Models({DIGITS: path})
    recogniser = Recogniser(shelf)
    assert recogniser.read(seven).reading.text == "3"
    cnn.save_model(constant_model(4, "four"), path)
    shelf.reload(DIGITS)
    assert recogniser.read(seven).reading.text == "4"
    assert recogniser.read(seven).model == "four"
    path.write_bytes(b"damaged")
    with pytest.raises(ModelFileError):
        shelf.reload(DIGITS)
    assert recogniser.read(seven).reading.text == "4"


def test_models_stand_side_by_side(tmp_path, seven):
    cnn.save_model(constant_model(3, "three"), tmp_path / "three.dnm")
    shelf = Models({DIGITS: None, "trial": tmp_path / "three.dnm"})
    recogniser = Recogniser(shelf)
    assert recogniser.read(seven).reading.text == "7"
    assert recogniser.read(seven, model="trial").reading.text == "3"
    assert shelf.get("trial").neighbours is None


def test_a_name_that_nothing_stands_under_is_named(seven):
    shelf = Models()
    with pytest.raises(UnknownModel, match="no model 'cats' in service"):
        Recogniser(shelf).read(seven, model="cats")
    with pytest.raises(UnknownModel):
        shelf.reload("cats")


def test_a_model_for_something_else_does_not_read_digits(tmp_path):
    path = tmp_path / "model.dnm"
    cnn.save_model(cnn.Sequential([Dense(2), Softmax()], input_shape=(4,)), path)
    with pytest.raises(ModelFileError, match="no model for digits"):
        Models({DIGITS: path})


def test_a_model_whose_answers_are_no_probabilities_is_not_served(tmp_path):
    path = tmp_path / "model.dnm"
    network = cnn.Sequential([Flatten(), Dense(10), ReLU()], input_shape=(1, 28, 28))
    layers = [[type(layer).__name__, layer.config()] for layer in network.layers]
    contents = {
        "network": {"input_shape": [1, 28, 28], "layers": layers},
        "rejector": None,
        "classes": list("0123456789"),
        "normalisation": "digits",
        "metadata": {},
    }
    arrays = {f"network/{name}": array for name, array in network.state_dict().items()}
    write_container(path, kind="model", contents=contents, arrays=arrays)
    with pytest.raises(ModelFileError, match="ends in Softmax, or in one Sigmoid"):
        Models({DIGITS: path})


def test_an_unnamed_model_is_described():
    network = cnn.Sequential([Dense(2), Softmax()], input_shape=(4,))
    expected = {"name": "unnamed", "accuracy": None, "trained_at": None}
    assert describe(Model(network)) == expected
