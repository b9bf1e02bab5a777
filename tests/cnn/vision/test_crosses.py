"""Crosses: signs that look the same when they are turned by a right angle."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from cnn.data import load_mnist
from cnn.vision.crosses import is_cross

Line = tuple[int, int, int, int]
PLUS: list[Line] = [(10, 60, 110, 60), (60, 10, 60, 110)]
TIMES: list[Line] = [(20, 20, 100, 100), (100, 20, 20, 100)]


def ink(lines: list[Line], width: int) -> np.ndarray:
    image = Image.new("L", (120, 120))
    for line in lines:
        ImageDraw.Draw(image).line(line, fill=255, width=width)
    return np.asarray(image.crop(image.getbbox()))


@pytest.mark.parametrize("width", [10, 14, 26])
@pytest.mark.parametrize("lines", [PLUS, TIMES])
def test_plus_and_times_are_crosses(lines: list[Line], width: int) -> None:
    assert is_cross(ink(lines, width))


@pytest.mark.parametrize(
    "lines",
    [
        [(10, 60, 110, 60)],
        [(10, 30, 110, 30), (60, 30, 60, 110)],
        [(10, 90, 110, 90), (90, 10, 90, 110)],
        [(20, 20, 100, 100)],
    ],
)
def test_other_strokes_are_none(lines: list[Line]) -> None:
    assert not is_cross(ink(lines, 12))


def test_a_disc_and_a_ring_are_none() -> None:
    for fill in (255, 0):
        image = Image.new("L", (60, 60))
        ImageDraw.Draw(image).ellipse((0, 0, 59, 59), fill=fill, outline=255, width=9)
        assert not is_cross(np.asarray(image))


def test_no_digit_is_one(mnist_folder: Path) -> None:
    _, test = load_mnist(mnist_folder)
    for (picture,) in test.images[:2000]:
        rows, columns = (np.flatnonzero(picture.any(axis=axis)) for axis in (1, 0))
        assert not is_cross(picture[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])
