"""Strokes of one digit that stand beside one another."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw

import cnn
from cnn.models.model import Model
from cnn.reading.reader import read

Line = list[tuple[int, int]]

BOWL: Line = [(96, 40), (72, 100), (76, 106), (128, 98)]
STEM: Line = [(142, 56), (136, 154)]


@pytest.fixture(scope="module")
def model() -> Model:
    return cnn.load_model()


def drawn(*lines: Line, width: int = 5) -> Image.Image:
    page = Image.new("L", (320, 220), 255)
    for line in lines:
        ImageDraw.Draw(page).line(line, fill=0, width=width, joint="curve")
    return page


def moved(line: Line, right: int) -> Line:
    return [(x + right, y) for x, y in line]


def test_a_four_with_a_gap_is_one_digit(model: Model) -> None:
    found = read(model, drawn(BOWL, STEM))
    assert found.text == "4"
    left, top, width, height = found.digits[0].box
    corners = (left, top, left + width, top + height)
    np.testing.assert_allclose(corners, (70, 39, 145, 156), atol=4)
    assert [stage.name for stage in found.digits[0].stages] == ["cut out", "scaled", "centred"]


def test_in_a_number_as_well(model: Model) -> None:
    stem = [(40, 40), (38, 150)]
    assert read(model, drawn(stem, BOWL, STEM, moved(stem, 200))).text == "141"


def test_what_stands_apart_is_not_joined(model: Model) -> None:
    assert read(model, drawn(BOWL, moved(STEM, 60))).text != "4"


def test_two_clear_digits_stay_two(model: Model, sheet: tuple[np.ndarray, np.ndarray]) -> None:
    images, labels = sheet
    for first, second in ((1, 11), (7, 1), (11, 7), (3, 1), (21, 14)):
        page = Image.new("L", (160, 100))
        right = 4
        for place in (first, second):
            digit = Image.fromarray(images[place])
            digit = digit.crop(digit.getbbox())
            digit = digit.resize((round(60 * digit.width / digit.height), 60))
            page.paste(digit, (right, 20))
            right += digit.width + 8
        assert read(model, page).text == f"{labels[first]}{labels[second]}"


def test_without_a_rejector_nothing_is_joined(model: Model) -> None:
    bare = replace(model, rejector=None, page=None)
    assert len(read(bare, drawn(BOWL, STEM)).digits) == 2
