"""Dots that are a digit to be traced are joined; nothing else is."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageDraw

from cnn.vision.components import find_components
from cnn.vision.dotted import join_dots


def dots(points: Sequence[tuple[float, float]], radius: float = 3) -> npt.NDArray[np.bool_]:
    picture = Image.new("L", (160, 160))
    for point in points:
        ImageDraw.Draw(picture).circle(point, radius, fill=255)
    return np.asarray(picture) > 0


def ring(count: int, radius: float = 50) -> list[tuple[float, float]]:
    turns = np.linspace(0, 2 * np.pi, count, endpoint=False)
    return [(80 + radius * np.cos(turn), 80 + radius * np.sin(turn)) for turn in turns]


def test_a_ring_of_dots_becomes_a_closed_ring() -> None:
    joined = join_dots(dots(ring(24)))
    assert joined is not None
    assert len(find_components(joined)) == 1
    paper = find_components(~joined)
    assert len(paper) == 2
    assert not joined[80, 80]


def test_two_strokes_far_apart_stay_two() -> None:
    strokes = [(30, 20 + 12 * step) for step in range(9)] + [
        (130, 20 + 12 * step) for step in range(9)
    ]
    joined = join_dots(dots(strokes))
    assert joined is not None
    assert len(find_components(joined)) == 2


def test_a_corner_is_not_cut_off() -> None:
    joined = join_dots(
        dots([(30, 130 - 13 * step) for step in range(8)] + [(43 + 13 * s, 39) for s in range(7)])
    )
    assert joined is not None
    assert joined[39, 30]
    assert not joined[60, 55]


@pytest.mark.parametrize(
    "points",
    [
        ring(6, 20),
        [(20 + 40 * column, 20 + 40 * row) for column in range(3) for row in range(3)],
        [],
    ],
    ids=["few dots", "dots far apart", "nothing"],
)
def test_what_is_no_line_of_dots_stays(points: list[tuple[float, float]]) -> None:
    assert join_dots(dots(points)) is None


def test_digits_beside_a_few_dots_stay() -> None:
    picture = Image.fromarray(dots([(20 + 12 * step, 20) for step in range(8)]))
    ImageDraw.Draw(picture).ellipse((40, 50, 120, 150), outline=1, width=8)
    assert join_dots(np.asarray(picture)) is None


def test_a_row_of_digits_is_no_line_of_dots() -> None:
    picture = Image.new("1", (160, 160))
    for place in range(8):
        left = 4 + 19 * place
        ImageDraw.Draw(picture).ellipse((left, 60, left + 14, 80), outline=1, width=2)
    assert join_dots(np.asarray(picture)) is None


def test_a_row_of_thick_digits_is_no_line_of_dots() -> None:
    """They fill their boxes more than half, but less than discs do."""
    picture = Image.new("1", (160, 160))
    for place in range(8):
        left = 4 + 19 * place
        ImageDraw.Draw(picture).ellipse((left, 60, left + 15, 80), outline=1, width=5)
    assert join_dots(np.asarray(picture)) is None
