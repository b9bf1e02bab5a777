"""Leaving out: what was seen and not read is listed, with what it is."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image, ImageChops, ImageDraw

from benchmarks.attack.hostile import sevens
from cnn.models.model import Model
from cnn.reading.leaving import MOST_LEFT_OUT
from cnn.reading.reader import Reading, read
from tests.cnn.drawn import Sheet, page, photographed
from tests.cnn.reading.pages import page_of

Box = tuple[int, int, int, int]


def spaced(sheet: Sheet, *, gap: int = 0) -> Image.Image:
    """Return a page with the digits 5, 9, 9, the second `gap` pixels farther from the first."""
    images, labels = sheet
    five, nine = (images[int(np.flatnonzero(labels == digit)[0])] for digit in (5, 9))
    placed = [(five, 90, 40, 112), (nine, 200 + gap, 40, 112), (nine, 310 + gap, 40, 112)]
    return page(placed, (460 + gap, 220))


def reasons(reading: Reading) -> list[str]:
    return [one.why for one in reading.left_out]


def base_of(reading: Reading) -> int:
    """Return the row on which the first digit stands."""
    _, top, _, height = reading.digits[0].box
    return top + height


class TestSigns:
    def test_a_point_between_two_digits_on_their_base_line(
        self, model: Model, sheet: Sheet
    ) -> None:
        picture = spaced(sheet, gap=40)
        base = base_of(read(model, picture))
        ImageDraw.Draw(picture).circle((217, base - 8), 8, fill=0)
        reading = read(model, picture)
        assert reading.text == "599"
        [point] = reading.left_out
        assert (point.why, point.before) == ("point", 1)
        left, top, width, height = point.box
        assert left < 217 < left + width
        assert top < base - 8 < top + height

    def test_a_point_near_the_digits_of_the_next_line(self, model: Model, sheet: Sheet) -> None:
        upper, lower = spaced(sheet, gap=40), page_of(sheet, "72", apart=80)
        base = base_of(read(model, upper))
        ImageDraw.Draw(upper).circle((217, base - 8), 8, fill=0)
        picture = Image.new("L", (upper.width, base + 170), 255)
        picture.paste(upper.crop((0, 0, upper.width, base + 2)))
        # The top of the 2 is just below the point.
        picture.paste(lower.crop((0, 58, lower.width, 170)), (65, base + 10))
        assert read(model, picture).text_with_signs == "5.99\n72"

    def test_a_comma_reaches_below_the_line(self, model: Model, sheet: Sheet) -> None:
        picture = spaced(sheet, gap=40)
        base = base_of(read(model, picture))
        ImageDraw.Draw(picture).line([(219, base - 6), (211, base + 20)], fill=0, width=9)
        reading = read(model, picture)
        assert reading.text == "599"
        [comma] = reading.left_out
        assert (comma.why, comma.before) == ("comma", None)

    @pytest.mark.parametrize("left", [20, 30])
    def test_a_minus_before_a_number(self, model: Model, sheet: Sheet, left: int) -> None:
        picture = spaced(sheet)
        ImageDraw.Draw(picture).line([(left, 96), (left + 40, 96)], fill=0, width=9)
        reading = read(model, picture)
        assert reading.text == "599"
        [minus] = reading.left_out
        assert (minus.why, minus.before) == ("minus", 0)

    def test_of_two_minus_signs_before_a_number_none_is_certain(
        self, model: Model, sheet: Sheet
    ) -> None:
        picture = Image.new("L", (600, 190), 255)
        picture.paste(spaced(sheet), (100, 0))
        for left in (65, 125):
            ImageDraw.Draw(picture).line([(left, 96), (left + 40, 96)], fill=0, width=9)
        reading = read(model, picture)
        assert reasons(reading) == ["minus", "minus"]
        assert reading.text_with_signs == "599"

    def test_a_dash_between_two_digits_belongs_to_no_number(
        self, model: Model, sheet: Sheet
    ) -> None:
        picture = spaced(sheet, gap=70)
        ImageDraw.Draw(picture).line([(215, 96), (250, 96)], fill=0, width=9)
        reading = read(model, picture)
        assert reading.text == "599"
        [dash] = reading.left_out
        assert (dash.why, dash.before) == ("minus", None)

    @pytest.mark.parametrize("left", [60, 430])
    def test_before_the_first_digit_or_after_the_last_a_point_is_not_certain(
        self, model: Model, sheet: Sheet, left: int
    ) -> None:
        picture = spaced(sheet)
        base = base_of(read(model, picture))
        ImageDraw.Draw(picture).circle((left, base - 8), 8, fill=0)
        reading = read(model, picture)
        assert reading.text == "599"
        [point] = reading.left_out
        assert (point.why, point.before) == ("point", None)

    def test_a_colon_is_no_point(self, model: Model, sheet: Sheet) -> None:
        picture = spaced(sheet, gap=40)
        base = base_of(read(model, picture))
        for row in (base - 8, base - 60):
            ImageDraw.Draw(picture).circle((217, row), 8, fill=0)
        reading = read(model, picture)
        assert reading.text == "599"
        assert not {"point", "comma"} & set(reasons(reading))
        assert not any(one.before is not None for one in reading.left_out)

    def test_neither_is_an_equals_sign_a_minus(self, model: Model, sheet: Sheet) -> None:
        picture = spaced(sheet)
        for row in (84, 110):
            ImageDraw.Draw(picture).line([(20, row), (60, row)], fill=0, width=8)
        reading = read(model, picture)
        assert reading.text == "599"
        assert len(reading.left_out) == 2
        assert "minus" not in reasons(reading)


class TestOthers:
    def test_a_line_below_the_digits(self, model: Model, sheet: Sheet) -> None:
        picture = spaced(sheet)
        ImageDraw.Draw(picture).line([(320, 175), (400, 178)], fill=0, width=7)
        reading = read(model, picture)
        assert reading.text == "599"
        assert reasons(reading) == ["line"]

    def test_dust_is_not_listed(self, model: Model, sheet: Sheet) -> None:
        picture = spaced(sheet)
        for place in ((30, 30), (400, 30), (60, 200), (300, 205), (420, 190)):
            ImageDraw.Draw(picture).circle(place, 4, fill=0)
        reading = read(model, picture)
        assert reading.text == "599"
        assert reading.left_out == ()

    def test_nor_are_the_two_strokes_of_a_digit(self, model: Model, sheet: Sheet) -> None:
        assert read(model, page_of(sheet, "3140", "27", "968")).left_out == ()

    def test_what_a_photograph_shows_at_its_edge(self, model: Model, sheet: Sheet) -> None:
        picture = spaced(sheet)
        ImageDraw.Draw(picture).line([(430, 60), (460, 140)], fill=0, width=12)
        reading = read(model, photographed(picture))
        assert reading.text == "599"
        assert reasons(reading) == ["cut_off"]

    def test_digits_that_touch_a_drawn_grid_are_read(self, model: Model, sheet: Sheet) -> None:
        picture = Image.new("L", (700, 560), 255)
        picture.paste(page_of(sheet, "4175", "9308"), (90, 120))
        grid = Image.new("L", picture.size, 255)
        pen = ImageDraw.Draw(grid)
        for x in range(15, grid.width, 34):
            pen.line([(x, 0), (x, grid.height)], fill=150, width=2)
        for y in range(8, grid.height, 34):
            pen.line([(0, y), (grid.width, y)], fill=150, width=2)
        reading = read(model, ImageChops.darker(picture, grid))
        assert reading.text == "4175\n9308"
        assert reasons(reading) == ["ruling"]

    def test_the_lines_of_the_paper_are_one(self, model: Model, sheet: Sheet) -> None:
        picture = spaced(sheet)
        for row in range(18, 220, 50):
            ImageDraw.Draw(picture).line([(0, row), (460, row)], fill=90, width=2)
        reading = read(model, photographed(picture))
        assert reading.text == "599"
        assert reasons(reading).count("ruling") == 1

    def test_what_there_was_no_time_for(self, model: Model) -> None:
        reading = read(model, Image.open(io.BytesIO(sevens(30, 60))))
        assert reading.unfinished is not None
        assert "too_much" in reasons(reading)
        assert 0 < len(reading.left_out) <= MOST_LEFT_OUT
        lowest = max(digit.box[1] for digit in reading.digits)
        assert all(one.box[1] + one.box[3] >= lowest for one in reading.left_out)

    def test_they_are_bounded(self, model: Model, sheet: Sheet) -> None:
        picture = spaced(sheet)
        for column in range(10, 450, 7):
            ImageDraw.Draw(picture).line([(column, 170), (column, 205)], fill=0, width=3)
        assert len(read(model, picture).left_out) <= MOST_LEFT_OUT

    def test_a_refusal_has_none(self, model: Model) -> None:
        reading = read(model, Image.new("L", (300, 200), 255))
        assert reading.refusal is not None
        assert reading.left_out == ()
