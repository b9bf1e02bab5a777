"""A model holds together: network, rejector, classes, normalisation."""

import numpy as np
import pytest

import cnn
from cnn.layers import Conv2D, Dense, Flatten, ReLU, Sigmoid, Softmax
from cnn.models.model import DIGITS_INPUT, Model, Rejector, as_model
from cnn.vision.framing import SIDE


def network(*layers, shape=DIGITS_INPUT):
    return cnn.Sequential([Flatten(), *layers], input_shape=shape)


def test_a_bare_network_for_digits_is_a_model_for_digits():
    model = as_model(network(Dense(10), Softmax()))
    assert model.classes == tuple("0123456789")
    assert model.normalisation == "digits"
    assert model.name == "unnamed"
    assert as_model(model) is model


def test_the_input_for_digits_is_what_the_normalisation_gives():
    assert DIGITS_INPUT == (1, SIDE, SIDE)


def test_other_pictures_are_taken_whole_and_vectors_not_at_all():
    assert Model(network(Dense(3), Softmax(), shape=(3, 8, 8))).normalisation == "picture"
    vectors = cnn.Sequential([Dense(3), Softmax()], input_shape=(4,))
    assert Model(vectors).normalisation is None


def test_a_model_is_called_as_it_predicts():
    model = Model(network(Dense(10), Softmax()))
    x = np.random.default_rng(0).random((3, *DIGITS_INPUT), np.float32)
    np.testing.assert_array_equal(model(x), model.predict(x))


def test_one_sigmoid_tells_two_classes_apart():
    model = Model(network(Dense(1), Sigmoid(), shape=(3, 8, 8)), classes=("cat", "dog"))
    x = np.random.default_rng(0).random((5, 3, 8, 8), np.float32)
    probabilities = model.predict(x)
    np.testing.assert_array_equal(probabilities[:, 1:], model.network.predict(x))
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-6)


@pytest.mark.parametrize(
    "layers",
    [[], [Dense(10)], [Dense(10), ReLU()], [Dense(2), Sigmoid()], [Softmax(), Dense(10)]],
)
def test_answers_that_are_no_probabilities_are_refused(layers):
    with pytest.raises(ValueError, match="no probabilities"):
        Model(network(*layers))


def test_a_layer_that_only_resembles_softmax_is_refused():
    class Hardmax(Softmax):
        """The largest alone."""

    with pytest.raises(ValueError, match="no probabilities"):
        Model(network(Dense(10), Hardmax()))


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({"classes": ("0", "1")}, "names of 10 classes"),
        ({"classes": ("0",) * 10}, "name of its own"),
        ({"normalisation": "music"}, "one of digits, picture"),
    ],
)
def test_parts_that_do_not_fit_are_refused(parts, message):
    with pytest.raises(ValueError, match=message):
        Model(network(Dense(10), Softmax()), **parts)


def test_the_normalisation_of_digits_needs_their_input():
    with pytest.raises(ValueError, match="normalisation of digits gives"):
        Model(network(Dense(10), Softmax(), shape=(1, 32, 32)), normalisation="digits")


def test_answers_for_every_pixel_are_no_digits():
    layers = [Conv2D(3, 1), Softmax()]
    pixels = cnn.Sequential(layers, input_shape=DIGITS_INPUT)
    model = Model(pixels)
    assert (model.normalisation, len(model.classes)) == ("picture", 3)
    with pytest.raises(ValueError, match="not one for each pixel"):
        Model(pixels, normalisation="digits")


def test_one_sigmoid_for_every_pixel_tells_two_classes_apart():
    model = Model(cnn.Sequential([Conv2D(1, 1), Sigmoid()], input_shape=(3, 4, 5)))
    x = np.random.default_rng(0).random((2, 3, 4, 5), np.float32)
    probabilities = model.predict(x)
    assert probabilities.shape == (2, 2, 4, 5)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-6)


def test_a_rejector_takes_what_the_network_takes():
    other = network(Dense(1), Sigmoid(), shape=(1, 20, 20))
    with pytest.raises(ValueError, match="rejector must map"):
        Model(network(Dense(10), Softmax()), rejector=Rejector(other, 0.0))


def test_the_summary_names_what_belongs_to_the_network():
    summary = cnn.load_model().summary()
    for line in ("classes: 0, 1, 2", "normalisation: digits", "rejector: ", "name: digits-1"):
        assert line in summary


def test_a_model_for_other_pictures_reads_no_digits():
    with pytest.raises(ValueError, match="does not read digits"):
        cnn.read(Model(network(Dense(3), Softmax(), shape=(3, 8, 8))), b"")


def test_a_model_is_made_of_a_network():
    with pytest.raises(TypeError, match="expected a network, got a Model"):
        Model(cnn.load_model())  # type: ignore[arg-type]
