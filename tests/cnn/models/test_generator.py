"""Generators as files: they come back as they were, and nothing else is loaded."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import cnn
from cnn.errors import ModelFileError
from cnn.layers.functional import one_hot
from cnn.models.adversaries import dcgan, vae_gan
from cnn.models.container import read_container, write_container
from cnn.models.generator import (
    DIGIT_GENERATOR,
    Generator,
    load_generator,
    save_generator,
)

SHAPE = (3, 16, 16)


@pytest.fixture(scope="module")
def generator() -> Generator:
    networks = vae_gan(shape=SHAPE, classes=2, code=4, seed=3)
    return Generator(
        networks.generator,
        encoder=networks.encoder,
        classes=("cat", "dög"),
        normalisation="picture",
        metadata={"name": "näme", "seed": 3},
    )


def test_a_generator_makes_pictures_and_codes_of_them(generator: Generator) -> None:
    assert (generator.name, generator.code, generator.shape) == ("näme", 4, SHAPE)
    codes, labels = generator.draw(5, rng=np.random.default_rng(0)), np.array([0, 1, 1, 0, 1])
    made = generator.make(codes, labels)
    assert made.shape == (5, *SHAPE)
    assert made.dtype == np.uint8
    assert not np.array_equal(made, generator.make(codes, 1 - labels))
    inputs = np.concatenate([codes, one_hot(labels, 2)], axis=1)
    np.testing.assert_allclose(made / 255, generator.network.predict(inputs), atol=0.51 / 255)
    found = generator.encode(made, labels)
    assert found.shape == (5, 4)
    np.testing.assert_allclose(generator.encode(made / np.float32(255), labels), found, atol=1e-5)


def test_codes_are_white_after_whitening(generator: Generator, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    pictures = rng.random((1500, *SHAPE), np.float32)
    labels = np.arange(1500) % 2
    white = generator.whitened(pictures, labels)
    codes = white.encode(pictures, labels)
    np.testing.assert_allclose(codes.mean(axis=0), 0, atol=1e-3)
    coloured = generator.encode(pictures, labels)
    far = white.make(codes, labels).astype(int) - generator.make(coloured, labels)
    assert np.abs(far).max() <= 1  # of rounding
    save_generator(white, tmp_path / "generator.dnm", half=True)
    after = load_generator(tmp_path / "generator.dnm")
    assert after.whitening is not None
    np.testing.assert_array_equal(after.whitening.roots, white.whitening.roots)
    assert np.ptp(after.make(codes, labels).astype(int) - white.make(codes, labels)) <= 4


def test_there_are_pictures_between_two_classes(generator: Generator) -> None:
    codes = generator.draw(3, rng=np.random.default_rng(0))
    ends = generator.make(codes, np.array([0, 1, 1]))
    parts = np.array([[1.0, 0.0], [0.0, 1.0], [0.5, 0.5]])
    made = generator.make(codes, parts)
    assert np.array_equal(made[:2], ends[:2])
    assert not np.array_equal(made[2], ends[2])
    with pytest.raises(ValueError, match=r"expected parts of classes of \(3, 2\), got \(3, 5\)"):
        generator.make(codes, np.ones((3, 5)))


def test_codes_are_as_unusual_as_is_asked_for(generator: Generator) -> None:
    def draw(spread: float) -> np.ndarray:
        return generator.draw(1000, rng=np.random.default_rng(0), spread=spread)

    assert not draw(0).any()
    np.testing.assert_allclose(draw(2), 2 * draw(1))
    assert draw(2).dtype == np.float32
    code = np.array([3.0, -3.0, 0.0, 1.0])
    same = generator.vary(code, 2, rng=np.random.default_rng(0), spread=0)
    np.testing.assert_allclose(same, np.stack([code, code]) * 0.9, rtol=1e-6)
    varied = generator.vary(code, 1000, rng=np.random.default_rng(0))
    np.testing.assert_allclose(varied.mean(axis=0), code * 0.9, atol=0.05)
    np.testing.assert_allclose(varied.std(axis=0), np.sqrt(1 - 0.9**2), atol=0.05)


def test_the_encoder_sees_pixels_where_they_are(generator: Generator) -> None:
    assert generator.encoder is not None
    picture = np.zeros((1, *SHAPE), np.float32)
    picture[0, 2, 5, 7] = 1
    seen = generator.encoder.forward(np.zeros((1, 16 * 16 * 3 + 2), np.float32))[0]
    flat = np.zeros((1, 16 * 16 * 3 + 2), np.float32)
    flat[0, (5 * 16 + 7) * 3 + 2] = 1
    flat[0, -2] = 1
    expected = generator.encoder.forward(flat)[0]
    assert not np.allclose(seen, expected)
    np.testing.assert_allclose(
        generator.encode(picture, np.array([0])), expected[:, :4], rtol=1e-3, atol=1e-5
    )


@pytest.mark.parametrize("half", [False, True])
def test_a_generator_comes_back_as_it_was(generator: Generator, half: bool, tmp_path: Path) -> None:
    path = tmp_path / "generator.dnm"
    save_generator(generator, path, half=half)
    after = load_generator(path)
    for name in ("name", "classes", "normalisation", "metadata", "shape", "code"):
        assert getattr(after, name) == getattr(generator, name)
    codes, labels = generator.draw(3, rng=np.random.default_rng(0)), np.array([0, 1, 1])
    made = generator.make(codes, labels)
    far = np.abs(after.make(codes, labels).astype(int) - made)
    assert far.max() <= (2 if half else 0)
    np.testing.assert_allclose(
        after.encode(made, labels), generator.encode(made, labels), atol=0.01 if half else 0
    )


def test_a_generator_without_an_encoder_comes_back_too(tmp_path: Path) -> None:
    networks = dcgan(classes=10, code=5)
    plain = Generator(
        networks.generator, classes=tuple("0123456789"), normalisation="digits", metadata={}
    )
    save_generator(plain, tmp_path / "generator.dnm")
    after = load_generator(tmp_path / "generator.dnm")
    assert after.encoder is None
    assert after.name == "unnamed"
    with pytest.raises(ValueError, match="'unnamed' has no encoder, and makes from noise alone"):
        after.encode(np.zeros((1, 1, 28, 28)), np.array([0]))


def test_what_is_no_generator_is_not_loaded(generator: Generator, tmp_path: Path) -> None:
    path = tmp_path / "file.dnm"
    save_generator(generator, path)
    with pytest.raises(ModelFileError, match="is no model: it is a generator"):
        cnn.load_model(path)
    contents, arrays = read_container(path, kind="generator")
    wrong = [
        {key: value for key, value in contents.items() if key != "encoder"},
        {**contents, "more": 1},
        {**contents, "encoder": None},
        {**contents, "classes": ["cat"]},
        {**contents, "classes": "cd"},
        {**contents, "classes": ["cat", "cat"]},
        {**contents, "normalisation": "digits"},
        {**contents, "normalisation": "none"},
        {**contents, "metadata": []},
        {**contents, "generator": contents["encoder"]},
    ]
    for change in wrong:
        write_container(path, kind="generator", contents=change, arrays=arrays)
        with pytest.raises(ModelFileError, match="describes no generator that works"):
            load_generator(path)
    name = next(iter(arrays))
    write_container(
        path, kind="generator", contents=contents, arrays={**arrays, name: arrays[name] * np.nan}
    )
    with pytest.raises(ModelFileError, match="not a finite number"):
        load_generator(path)


def test_parts_that_do_not_fit_together_are_refused(generator: Generator) -> None:
    with pytest.raises(ValueError, match="the encoder must map"):
        replace(generator, encoder=vae_gan(shape=SHAPE, classes=2, code=5).encoder)
    with pytest.raises(ValueError, match="ends in Sigmoid"):
        replace(generator, network=vae_gan(shape=SHAPE).discriminator)
    with pytest.raises(ValueError, match="leave no room for a code"):
        replace(generator, classes=tuple("abcdef"), encoder=None)
    with pytest.raises(ValueError, match="every class must have a name of its own"):
        replace(generator, classes=(1, 2))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"expected pictures of \(3, 16, 16\), got \(1, 28, 28\)"):
        generator.encode(np.zeros((1, 1, 28, 28)), np.array([0]))
    with pytest.raises(ValueError, match=r"labels must lie in 0\.\.1"):
        generator.make(np.zeros((1, 4)), np.array([2]))


def test_what_the_generator_that_ships_makes_is_read_as_what_was_asked_for() -> None:
    assert DIGIT_GENERATOR.stat().st_size <= 2_000_000
    generator = load_generator()
    assert (generator.name, generator.normalisation) == ("digit-generator-1", "digits")
    assert generator.classes == tuple("0123456789")
    labels = np.arange(100) % 10
    made = generator.make(generator.draw(100, rng=np.random.default_rng(0)), labels)
    read = cnn.load_model().predict(made).argmax(axis=1)
    assert (read == labels).sum() >= 90


def test_where_there_is_no_file_it_is_said(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match=r"cannot read .*nowhere\.dnm: No such file"):
        load_generator(tmp_path / "nowhere.dnm")
