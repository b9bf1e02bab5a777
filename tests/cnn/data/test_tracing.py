"""Outlines of ink: around it, around holes in it, and where the ink ends."""

from __future__ import annotations

import re

import numpy as np
import pytest
from PIL import Image, ImageDraw

from cnn.data.tracing import svg_path, trace_ink


def ink(*boxes: tuple[int, int, int, int], side: int = 20) -> np.ndarray:
    pixels = np.zeros((side, side), np.uint8)
    for left, top, right, bottom in boxes:
        pixels[top:bottom, left:right] = 255
    return pixels


def area(points: list[tuple[float, float]]) -> float:
    x, y = np.array(points).T
    return float(abs(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2)


def test_a_box_has_one_outline_where_it_ends() -> None:
    (outline,) = trace_ink(ink((3, 5, 12, 9)))
    x, y = np.array(outline).T
    assert (x.min(), x.max()) == pytest.approx((3, 12))
    assert (y.min(), y.max()) == pytest.approx((5, 9))
    assert area(outline) == pytest.approx(9 * 4, abs=1)


def test_ink_at_the_edge_is_closed_too() -> None:
    (outline,) = trace_ink(np.full((4, 6), 255, np.uint8))
    assert area(outline) == pytest.approx(24, abs=1)


def test_a_hole_has_an_outline_of_its_own() -> None:
    ring = ink((2, 2, 16, 16))
    ring[6:12, 6:12] = 0
    outlines = sorted(trace_ink(ring), key=area)
    assert len(outlines) == 2
    assert area(outlines[0]) == pytest.approx(36, abs=1)
    assert area(outlines[1]) == pytest.approx(196, abs=1)


def test_corners_that_touch_are_apart_or_joined() -> None:
    assert len(trace_ink(ink((2, 2, 6, 6), (6, 6, 10, 10)))) == 2
    grey = ink((2, 2, 6, 6), (6, 6, 10, 10))
    grey[5, 6] = grey[6, 5] = 120
    assert len(trace_ink(grey)) == 1


def test_no_ink_no_outline() -> None:
    assert trace_ink(ink()) == []
    assert svg_path([]) == ""


def test_the_path_covers_what_the_ink_does() -> None:
    picture = Image.new("L", (28, 28))
    ImageDraw.Draw(picture).ellipse((5, 5, 22, 22), outline=255, width=4)
    pixels = np.asarray(picture)
    path = svg_path(trace_ink(pixels))
    assert re.fullmatch(r"(M[\d.]+ [\d.]+(Q[\d. ]+)+Z){2}", path)
    again = Image.new("L", (280, 280))
    pen = ImageDraw.Draw(again)
    for part, level in zip(path.split("Z")[:2], (255, 0), strict=True):
        numbers = np.array(re.findall(r"[\d.]+", part), float).reshape(-1, 2)
        pen.polygon([(10 * x, 10 * y) for x, y in numbers], fill=level)
    shrunk = np.asarray(again.resize((28, 28), Image.Resampling.BOX)).astype(int)
    assert np.abs(shrunk - pixels).mean() < 10
