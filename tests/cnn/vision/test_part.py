"""A page on a table is cut out, and read as if it were all there is."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

import cnn
from cnn.vision.normalise import normalise
from cnn.vision.page_map import PageMap
from cnn.vision.part import cut_out_page
from tests.cnn.drawn import Sheet

WIDTH, HEIGHT = 720, 540
PAGE = (100, 90, 620, 450)  # left, top, right, bottom


def on_table(sheet: Sheet, number: str, *, tall: int, apart: int) -> Image.Image:
    """Return a picture of a page on a dark table, with a number at its upper left."""
    images, labels = sheet
    levels = np.full((HEIGHT, WIDTH), 30, np.uint8)
    left, top, right, bottom = PAGE
    levels[top:bottom, left:right] = 225
    for place, digit in enumerate(number):
        ink = Image.fromarray(images[int(np.flatnonzero(labels == int(digit))[0])])
        ink = ink.resize((tall, tall))
        x, y = left + 50 + apart * place, top + 60
        part = levels[y : y + tall, x : x + tall]
        part[...] = np.minimum(part, 225 - np.asarray(ink) * (185 / 255))
    return Image.fromarray(levels)


def as_map(page: tuple[int, int, int, int]) -> PageMap:
    """Return a map of a blank page (left, top, right, bottom) on a table."""
    outside = np.ones((HEIGHT // 4, WIDTH // 4), np.float32)
    left, top, right, bottom = (each // 4 for each in page)
    outside[top:bottom, left:right] = 0
    nothing = np.zeros_like(outside)
    return PageMap(1 - outside, nothing, nothing, outside)


def test_a_tightly_written_number_on_a_page_on_a_table_is_read(sheet: Sheet) -> None:
    picture = on_table(sheet, "72656", tall=40, apart=25)
    reading = cnn.read(cnn.load_model(), picture)
    assert reading.text == "72656"
    for place, digit in enumerate(reading.digits):
        left, top, width, height = digit.box
        assert left + width / 2 == pytest.approx(170 + 25 * place, abs=10)
        assert top + height / 2 == pytest.approx(170, abs=12)


def test_boxes_are_those_of_the_whole_picture(sheet: Sheet) -> None:
    small = on_table(sheet, "728", tall=60, apart=60)
    large = small.resize((2 * WIDTH, 2 * HEIGHT))
    found = normalise(large)
    assert found.size == large.size
    part = cut_out_page(found, as_map(PAGE))
    assert part is not None
    assert part.offset == pytest.approx((2 * PAGE[0], 2 * PAGE[1]), abs=16)
    assert len(part.found.digits) == 3
    whole = part.in_whole(part.found, found.size)
    assert whole.size == found.size
    assert [one.box[0] + one.box[2] / 2 for one in whole.digits] == pytest.approx(
        [2 * (180 + 60 * place) for place in range(3)], abs=24
    )
    assert all(part.holds(one.box) for one in whole.digits)
    assert not part.holds((0, 0, 30, 30))


@pytest.mark.parametrize(
    "page",
    [
        (0, 0, WIDTH, HEIGHT),
        (0, 0, WIDTH, HEIGHT - 20),
        (0, 90, WIDTH, HEIGHT),
        (100, 90, 180, 120),
        (300, 90, 320, 450),
    ],
)
def test_where_there_is_no_table_or_no_page_nothing_is_cut_out(
    sheet: Sheet, page: tuple[int, int, int, int]
) -> None:
    found = normalise(on_table(sheet, "728", tall=60, apart=60))
    assert cut_out_page(found, as_map(page)) is None


def test_what_is_no_rectangle_is_no_page(sheet: Sheet) -> None:
    found = normalise(on_table(sheet, "728", tall=60, apart=60))
    rows, columns = np.mgrid[: HEIGHT // 4, : WIDTH // 4]
    outside = (np.abs(columns * 3 / 4 - rows) > 20).astype(np.float32)
    nothing = np.zeros_like(outside)
    assert cut_out_page(found, PageMap(1 - outside, nothing, nothing, outside)) is None
