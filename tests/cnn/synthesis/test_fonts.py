"""Digits of fonts: two lists of families, and pictures of their digits."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import numpy as np

import cnn
from cnn.synthesis.fonts import GLYPH, FontDigit, font_pictures, load_glyphs, write_fonts
from cnn.synthesis.fonts.families import TEST, TRAINING

FOLDER = Path(cnn.__file__).parent / "synthesis/fonts"


def test_no_family_is_for_training_and_for_tests() -> None:
    assert len(TEST) >= 15
    assert not set(TEST) & set(TRAINING)
    assert tuple(load_glyphs("training")) == TRAINING
    assert tuple(load_glyphs("test")) == TEST


def test_every_family_has_an_owner_and_is_fetched_by_npm() -> None:
    owners = (FOLDER / "OWNERS.txt").read_text(encoding="utf-8")
    packages = json.loads((FOLDER / "package.json").read_text(encoding="utf-8"))["dependencies"]
    assert set(packages) == {f"@fontsource/{family}" for family in (*TRAINING, *TEST)}
    for family in (*TRAINING, *TEST):
        assert f"\n{family}: " in owners


def test_a_glyph_is_white_on_black_and_as_large_as_it_can_be() -> None:
    for glyphs in load_glyphs("test").values():
        assert glyphs.shape == (10, GLYPH, GLYPH)
        for glyph in glyphs:
            rows, columns = np.nonzero(glyph)
            assert max(np.ptp(rows), np.ptp(columns)) >= GLYPH - 2
            assert glyph.max() > 200
            assert glyph.mean() < 150


def test_digits_for_training_are_like_those_of_mnist_and_the_same_for_a_seed() -> None:
    images, labels = write_fonts(300, rng=np.random.default_rng(1))
    again, _ = write_fonts(300, rng=np.random.default_rng(1))
    np.testing.assert_array_equal(images, again)
    assert images.shape == (300, 28, 28)
    assert images.dtype == np.uint8
    assert set(labels) == set(range(10))
    rows, columns = (images.any(axis=axis).sum(axis=1) for axis in (2, 1))
    assert (np.maximum(rows, columns) == 20).all()


def test_each_digit_of_each_family_is_sent_in_four_ways() -> None:
    sent: list[FontDigit] = list(font_pictures())
    counts = Counter((one.family, one.digit) for one in sent)
    assert len(sent) == 40 * len(TEST)
    assert set(counts.values()) == {4}
    assert len({one.picture.tobytes() for one in sent}) == len(sent)
    for one in sent:
        pixels = np.asarray(one.picture)
        assert pixels[0].min() == 255  # paper around the ink
        assert pixels.min() < 100
