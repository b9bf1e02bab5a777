"""Frames: the lines of boxes and tables are found round what touches them, and nowhere else."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from cnn.vision.components import find_components
from cnn.vision.frames import find_frames

SIZE = (240, 200)
BOX = [(60, 40), (150, 40), (150, 160), (60, 160)]
TILTED = [(60, 46), (152, 34), (158, 152), (68, 164)]
# A 2 that touches its box at the left and at the right, and a 7 that goes beyond it.
TWO = [(62, 80), (100, 60), (148, 90), (66, 149), (148, 149)]
LONG = [(80, 60), (130, 60), (100, 190)]


def ink(*lines: list[tuple[int, int]], width: int = 8) -> np.ndarray:
    """Return a mask, bool (H, W), with lines through some points."""
    image = Image.new("1", SIZE)
    pen = ImageDraw.Draw(image)
    for line in lines:
        pen.line(line, fill=1, width=width)
    return np.asarray(image)


def frame(corners: list[tuple[int, int]], width: int = 3) -> np.ndarray:
    return ink([*corners, corners[0]], width=width)


def lines_of(mask: np.ndarray) -> np.ndarray | None:
    return find_frames(find_components(mask), mask.shape)


@pytest.mark.parametrize("corners", [BOX, TILTED])
@pytest.mark.parametrize("width", [1, 3, 6])
def test_a_box_is_found_round_a_digit_that_touches_it(
    corners: list[tuple[int, int]], width: int
) -> None:
    digit, box = ink(TWO), frame(corners, width)
    lines = lines_of(digit | box)
    assert lines is not None
    assert (lines & box).sum() > 0.85 * (box & ~digit).sum()
    rest = (digit | box) & ~lines
    assert (rest & digit).sum() > 0.7 * digit.sum()
    left = max(find_components(rest & ~digit).area, default=0)
    assert left < 0.1 * box.sum()


def test_a_digit_goes_on_where_it_crosses_the_box() -> None:
    digit, box = ink(LONG), frame(BOX)
    lines = lines_of(digit | box)
    assert lines is not None
    rest = find_components((digit | box) & ~lines)
    _, top, _, bottom = rest.boxes[rest.area.argmax()]
    assert (top, bottom) == pytest.approx((56, 190), abs=6)
    assert rest.area.max() > 0.9 * digit.sum()


@pytest.mark.parametrize("tilt", [0, 6])
def test_the_lines_of_a_table_are_found(tilt: int) -> None:
    rows = [[(20, y), (220, y + tilt)] for y in (20, 70, 120, 170)]
    columns = [[(x, 20), (x, 176)] for x in (20, 120, 220)]
    digits = ink(
        *(
            [(x + 30, y + 12), (x + 60, y + 12), (x + 40, y + 52)]
            for x in (20, 120)
            for y in (20, 70, 120)
        ),
        width=6,
    )
    table = ink(*rows, *columns, width=3)
    lines = lines_of(digits | table)
    assert lines is not None
    rest = find_components((digits | table) & ~lines)
    assert np.count_nonzero(rest.area > 100) == 6


def test_a_4_as_large_as_its_box_keeps_its_strokes() -> None:
    four = ink([(80, 42), (62, 110), (148, 110)], [(120, 42), (120, 158)], width=3)
    mask = four | frame(BOX)
    lines = lines_of(mask)
    assert lines is not None
    rest = mask & ~lines
    assert rest[60:140, 118:123].any(axis=1).all()
    assert rest[108:113, 75:140].any(axis=0).all()


@pytest.mark.parametrize(
    "mask",
    [
        frame(BOX),  # nothing within
        frame(BOX, 30),  # as thick as a pen
        ink(BOX[:2], [BOX[0], BOX[3]], BOX[2:], [BOX[1], BOX[2]], [(60, 100), (150, 100)]),
        ink(TWO),
        ink(TWO) | ink([*BOX], width=3),  # open at one side
        ink([(60, 100), (150, 100)], width=60),
        np.zeros(SIZE[::-1], bool),
        np.ones(SIZE[::-1], bool),
    ],
    ids=["empty", "thick", "8 of a display", "digit", "open", "block", "nothing", "all"],
)
def test_nothing_else_is_a_frame(mask: np.ndarray) -> None:
    assert lines_of(mask) is None


@pytest.mark.parametrize("slant", [0.0, 0.3])
def test_a_round_0_is_no_frame(slant: float) -> None:
    image = Image.new("1", SIZE)
    ImageDraw.Draw(image).ellipse((60, 40, 150, 160), outline=1, width=8)
    turned = image.transform(SIZE, Image.Transform.AFFINE, (1, slant, -30 * slant, 0, 1, 0))
    assert lines_of(np.asarray(turned)) is None


def test_frames_within_frames_take_no_more_than_their_share() -> None:
    """Of many boxes, those are looked at that fill the picture three times."""
    side = 720
    image = Image.new("1", (side, side))
    pen = ImageDraw.Draw(image)
    for inset in range(0, side // 2 - 20, 6):
        pen.rectangle((inset, inset, side - inset, side - inset), outline=1, width=2)
        pen.line((inset, side // 2, inset + 2, side // 2 + 3), fill=1)
    assert lines_of(np.asarray(image)) is None
