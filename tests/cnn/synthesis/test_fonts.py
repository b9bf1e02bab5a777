"""Digits and letters of fonts: lists of families, pictures of their digits, and words."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

import cnn
from cnn.synthesis.fonts import GLYPH, FontDigit, font_pictures, load_glyphs, write_fonts
from cnn.synthesis.fonts.families import PRINT_TEST, PRINT_TRAINING, TEST, TRAINING
from cnn.synthesis.fonts.letters import ABOVE, BELOW, CAPITAL, CHARACTERS, load_alphabets

FOLDER = Path(cnn.__file__).parent / "synthesis/fonts"


def test_no_family_is_for_training_and_for_tests() -> None:
    assert len(TEST) >= 15
    assert not set(TEST) & set(TRAINING)
    assert tuple(load_glyphs("training")) == TRAINING
    assert tuple(load_glyphs("test")) == TEST


def test_every_family_has_an_owner_and_is_fetched_by_npm() -> None:
    owners = (FOLDER / "OWNERS.txt").read_text(encoding="utf-8")
    packages = json.loads((FOLDER / "package.json").read_text(encoding="utf-8"))["dependencies"]
    families = (*TRAINING, *TEST, *PRINT_TRAINING, *PRINT_TEST)
    assert set(packages) == {f"@fontsource/{family}" for family in families}
    for family in families:
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


def test_alphabets_are_divided_as_families_are() -> None:
    training, test = (
        {
            style: [one.family for one in load_alphabets(part) if one.style == style]
            for style in ("handwriting", "print")
        }
        for part in ("training", "test")
    )
    assert not set(PRINT_TRAINING) & set(PRINT_TEST)
    assert training == {"handwriting": [*TRAINING], "print": [*PRINT_TRAINING]}
    assert test == {"handwriting": [*TEST], "print": [*PRINT_TEST]}


def test_each_character_of_each_alphabet_has_ink() -> None:
    for alphabet in (*load_alphabets("training"), *load_alphabets("test")):
        assert len(alphabet.strip) == ABOVE + BELOW
        assert alphabet.strip.shape[1] == alphabet.widths.sum()
        for one in CHARACTERS:
            assert alphabet.write(one).max() > 60, (alphabet.family, one)


def test_capitals_stand_on_the_line_and_are_as_tall_as_they_should_be() -> None:
    for alphabet in load_alphabets("training"):
        if alphabet.style == "print":
            rows = np.flatnonzero((alphabet.write("H") > 127).any(axis=1))
            assert abs(rows[0] - (ABOVE - CAPITAL)) <= 1, alphabet.family
            assert abs(rows[-1] + 1 - ABOVE) <= 1, alphabet.family


def test_a_word_is_its_letters_side_by_side() -> None:
    alphabet = next(one for one in load_alphabets("training") if one.family == "arimo")
    word = alphabet.write("Hi")
    alone = alphabet.write("H")
    np.testing.assert_array_equal(word[:, : alone.shape[1]], alone)
    beyond = word[:, alone.shape[1] :]
    gap, stem = (columns := beyond.any(axis=0)).argmax(), columns.sum()
    assert gap >= 1
    assert 1 <= stem <= 8


@pytest.mark.parametrize("text", ["", "a b", "ä", "7 €"])
def test_what_no_alphabet_has_is_said(text: str) -> None:
    with pytest.raises(ValueError, match=r"expected some of .*, got"):
        load_alphabets("test")[0].write(text)
