"""Dots: filled ellipses and heaps of discs, and nothing that anybody wrote as a digit."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from cnn.data.mnist import load_mnist
from cnn.vision.dots import is_dot


def shape(width: int, height: int, *, hole: int = 0, side: int = 28) -> np.ndarray:
    """Return an ellipse, with a round hole in its middle, with soft edges."""
    large = Image.new("L", (side * 8, side * 8))
    pen = ImageDraw.Draw(large)
    for across, down, ink in ((width, height, 255), (hole, hole, 0)):
        box = [8 * (14 + way * half) for way in (-1, 1) for half in (across / 2, down / 2)]
        if across:
            pen.ellipse(box, fill=ink)
    return np.asarray(large.resize((side, side), Image.Resampling.BOX)) / np.float32(255)


@pytest.mark.parametrize(("width", "height"), [(20, 20), (20, 14), (14, 20), (6, 6)])
def test_filled_ellipses_are_dots(width: int, height: int) -> None:
    assert is_dot(shape(width, height))


@pytest.mark.parametrize("degrees", [0, 30, 45, 90])
@pytest.mark.parametrize("apart", [2, 6, 10])
def test_two_dots_that_touch_are_dots(degrees: int, apart: int) -> None:
    large = Image.new("L", (224, 224))
    pen, angle = ImageDraw.Draw(large), np.radians(degrees)
    for way in (-1, 1):
        x, y = 112 + way * 4 * apart * np.cos(angle), 112 + way * 4 * apart * np.sin(angle)
        pen.ellipse([x - 48, y - 48, x + 48, y + 48], fill=255)
    assert is_dot(np.asarray(large.resize((28, 28), Image.Resampling.BOX)) / np.float32(255))


def discs(*centres: tuple[float, float], radius: float) -> np.ndarray:
    """Return discs of one size, in units of the side, with soft edges."""
    large = Image.new("L", (224, 224))
    for x, y in centres:
        ImageDraw.Draw(large).circle((224 * x, 224 * y), 224 * radius, fill=255)
    return np.asarray(large.resize((28, 28), Image.Resampling.BOX)) / np.float32(255)


@pytest.mark.parametrize(
    "centres",
    [
        [(0.37, 0.35), (0.63, 0.35), (0.5, 0.62)],
        [(0.4, 0.3), (0.6, 0.45), (0.4, 0.65)],
        [(0.39, 0.39), (0.61, 0.39), (0.39, 0.61), (0.61, 0.61)],
        [(0.45, 0.27), (0.6, 0.45), (0.4, 0.52), (0.5, 0.74)],
    ],
)
def test_a_heap_of_three_or_four_dots_is_a_dot(centres: list[tuple[float, float]]) -> None:
    assert is_dot(discs(*centres, radius=0.15))


def test_dots_around_a_hole_or_in_a_long_row_are_none() -> None:
    ring = [(0.5 + 0.22 * np.cos(turn), 0.5 + 0.3 * np.sin(turn)) for turn in range(6)]
    assert not is_dot(discs(*ring, radius=0.12))
    assert not is_dot(discs(*((0.5, 0.2 + 0.15 * number) for number in range(5)), radius=0.08))


@pytest.mark.parametrize(("width", "height", "hole"), [(20, 20, 4), (20, 20, 10), (8, 20, 0)])
def test_rings_and_strokes_are_none(width: int, height: int, hole: int) -> None:
    assert not is_dot(shape(width, height, hole=hole))


def test_nothing_is_no_dot() -> None:
    assert not is_dot(np.zeros((28, 28), np.float32))


def test_none_of_mnists_digits_is_a_dot(mnist_folder: Path) -> None:
    _, test = load_mnist(mnist_folder)
    assert not any(is_dot(image[0] / np.float32(255)) for image in test.images)
