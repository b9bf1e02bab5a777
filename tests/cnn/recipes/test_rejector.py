"""Rejecting what is no digit."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

import cnn
from cnn.data import Dataset
from cnn.models.model import Model, Rejector
from cnn.reading.reader import read
from cnn.reading.rejector import likeness
from cnn.recipes.rejector import make_garbage, rearranged_digits, rejector_network, train_rejector
from cnn.synthesis import garbage
from cnn.synthesis.pages.signs import written_sign
from cnn.vision.normalise import Refusal, normalise


@pytest.fixture(scope="module")
def digits():
    """A data set of 200 simple pictures in ten classes."""
    rng = np.random.default_rng(0)
    images = np.zeros((200, 1, 28, 28), np.uint8)
    labels = np.arange(200) % 10
    for image, label in zip(images, labels, strict=True):
        image[0, 4 + label : 6 + label, 4:24] = rng.integers(200, 256)
        image[0, 4:24, 4 + 2 * label : 6 + 2 * label] = 255
    return Dataset(images, labels, tuple("0123456789"))


def normalise_all(images):
    """Return pictures of digits, uint8 (N, 1, 28, 28), as the network sees them."""
    found = [normalise(Image.fromarray(255 - image[0])).largest.pixels for image in images]
    return np.rint(np.stack(found) * 255).astype(np.uint8)[:, None]


@pytest.mark.parametrize("draw", [*garbage.KINDS.values(), garbage.blot])
def test_garbage_is_drawn_anew_each_time_and_the_same_for_a_seed(draw):
    first, second = (np.asarray(draw(np.random.default_rng(seed))) for seed in (1, 2))
    again = np.asarray(draw(np.random.default_rng(1)))
    assert first.shape == (280, 280)
    assert not np.array_equal(first, second)
    np.testing.assert_array_equal(first, again)


def test_written_signs_are_whole_and_dark_on_light():
    rng = np.random.default_rng(0)
    pictures = [np.asarray(written_sign(rng)) for _ in range(50)]
    assert all(picture.min() < 100 for picture in pictures)
    edges = [np.concatenate([p[0], p[-1], p[:, 0], p[:, -1]]) for p in pictures]
    assert all((edge == 255).all() for edge in edges)
    assert len({picture.tobytes() for picture in pictures}) == 50


def test_garbage_comes_as_the_network_sees_it(digits):
    pictures = make_garbage(12, digits.images, rng=np.random.default_rng(0))
    assert pictures.shape == (12, 1, 28, 28)
    assert pictures.dtype == np.uint8
    assert (pictures.max(axis=(1, 2, 3)) == 255).all()


def test_what_is_a_digit_by_chance_is_no_garbage(digits, monkeypatch):
    star = garbage.KINDS["shape"]

    def by_chance(rng):
        if rng.random() < 0.5:
            return Image.fromarray(255 - digits.images[rng.integers(len(digits)), 0])
        return star(rng)

    monkeypatch.setattr("cnn.recipes.rejector._BY_CHANCE", (by_chance,))
    monkeypatch.setattr("cnn.recipes.rejector._TAUGHT", ())
    known = normalise_all(digits.images)
    pictures = make_garbage(20, known, rng=np.random.default_rng(0))
    assert not {image.tobytes() for image in known} & {image.tobytes() for image in pictures}


def test_rearranged_digits_are_no_picture_of_the_set(digits):
    joined = rearranged_digits(digits, 50, rng=np.random.default_rng(0))
    assert joined.shape == (50, 1, 28, 28)
    known = {image.tobytes() for image in digits.images}
    assert not known & {image.tobytes() for image in joined}


def test_training_sets_a_threshold_that_digits_reach(digits):
    model = cnn.load_model()
    rejector = train_rejector(model.network, digits, digits, pictures=60, epochs=2)
    again = train_rejector(model.network, digits, digits, pictures=60, epochs=2)
    pixels = digits.images / np.float32(255)
    seen = likeness(rejector.network, pixels[:, 0], model.predict(pixels).max(axis=1))
    assert np.mean(seen >= rejector.threshold) >= 0.99
    for name, array in rejector.network.state_dict().items():
        np.testing.assert_array_equal(array, again.network.state_dict()[name])


def test_how_much_a_picture_is_like_a_digit_is_its_own(sheet):
    model = cnn.load_model()
    pixels = sheet[0][:3].reshape(-1, 28, 28) / np.float32(255)
    confidence = np.array([0.9, 0.99, 0.6])
    assert model.rejector is not None
    network = model.rejector.network
    together = likeness(network, pixels, confidence)
    alone = [likeness(network, pixels[i : i + 1], confidence[i : i + 1]) for i in range(3)]
    np.testing.assert_allclose(together, np.concatenate(alone), rtol=1e-4)
    assert np.ptp(together) > 0.1


def test_a_model_and_its_rejector_are_one_file(tmp_path):
    rejector = Rejector(rejector_network(seed=3), 0.25)
    model = Model(cnn.zoo.reference_digits(), rejector=rejector)
    cnn.save_model(model, tmp_path / "model.dnm")
    loaded = cnn.load_model(tmp_path / "model.dnm")
    assert loaded.rejector.threshold == 0.25
    x = np.random.default_rng(0).random((3, 1, 28, 28), np.float32)
    np.testing.assert_array_equal(loaded.rejector.network.predict(x), rejector.network.predict(x))
    np.testing.assert_array_equal(loaded.predict(x), model.predict(x))


def test_the_rejector_decides_what_is_read(sheet):
    model = cnn.load_model()
    picture = Image.fromarray(sheet[0][3])
    assert read(model, picture).refusal is None
    assert model.rejector is not None
    strict = replace(model, rejector=replace(model.rejector, threshold=100.0))
    refused = read(strict, picture)
    assert isinstance(refused.refusal, Refusal)
    assert refused.refusal.code == "not_a_digit"
    assert refused.guess.digit == sheet[1][3]
    assert read(replace(strict, rejector=None), picture).refusal is None


def test_an_unsure_answer_makes_it_less_like_a_digit():
    rejector = rejector_network()
    pixels = np.random.default_rng(0).random((4, 28, 28), np.float32)
    sure, unsure = (likeness(rejector, pixels, np.full(4, share)) for share in (0.99, 0.6))
    assert (sure > unsure).all()
    assert np.isfinite(likeness(rejector, pixels, np.ones(4))).all()


@pytest.mark.parametrize(
    ("kind", "least"),
    [("noise", 0.9), ("scribble", 0.9), ("shape", 0.9), ("letter", 0.9), ("sign", 0.6)],
)
def test_what_ships_refuses_most_garbage(kind, least):
    model, rng = cnn.load_model(), np.random.default_rng(7)
    refused = [read(model, garbage.KINDS[kind](rng)).refusal is not None for _ in range(60)]
    assert np.mean(refused) >= least


def test_what_ships_reads_digits_nearly_all(sheet):
    model = cnn.load_model()
    images, labels = sheet
    texts = [read(model, Image.fromarray(image)).text for image in images]
    right = [text == str(label) for text, label in zip(texts, labels, strict=True)]
    assert np.mean(right) >= 0.95
