"""Sifting: lines and signs are left out beside digits, and digits that no map sees are refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw

from cnn.models.model import Model
from cnn.reading.reader import read
from cnn.reading.results import Reading
from cnn.reading.sifting import is_beyond_doubt, lone_slashes, odds_of, sift
from tests.cnn.drawn import Sheet
from tests.cnn.reading.pages import as_map, code, page_of


def by_rules(model: Model, picture: Image.Image) -> Reading:
    return read(replace(model, page=None), picture)


@pytest.mark.parametrize(("width", "height"), [(4, 90), (5, 110), (12, 55)])
def test_a_line_beside_digits_is_left_out(
    model: Model, sheet: Sheet, width: int, height: int
) -> None:
    picture = page_of(sheet, "2358")
    line = (490, 50, 490 + width, 50 + height)
    ImageDraw.Draw(picture).rectangle(line, fill=0)
    reading = by_rules(model, picture)
    assert reading.text == "23581"
    sifted = sift(reading, as_map(picture, other=(485, 0, 515, picture.height)), picture.size)
    assert sifted.text == "2358"
    (out,) = (one for one in sifted.left_out if one.why == "not_a_digit")
    assert out.box[0] == pytest.approx(490, abs=4)
    assert out not in reading.left_out


def between(sheet: Sheet, *, top: int, bottom: int) -> Image.Image:
    """Return a page with three digits, and slashes between them that go beyond them both ways."""
    picture = page_of(sheet, "258", apart=150)
    for left in (157, 307):
        ImageDraw.Draw(picture).line((left, bottom, left + 26, top), fill=0, width=5)
    return picture


def test_slashes_are_left_out_though_a_map_takes_them_for_digits(
    model: Model, sheet: Sheet
) -> None:
    picture = between(sheet, top=38, bottom=153)
    reading = by_rules(model, picture)
    assert reading.text == "21518"
    assert not is_beyond_doubt(reading)
    assert sift(reading, as_map(picture), picture.size).text == "258"


@pytest.mark.parametrize(("in_context", "text"), [(9.0, "21518"), (0.0, "258"), (-9.0, "258")])
def test_what_a_digit_is_among_the_others_counts(
    model: Model, sheet: Sheet, in_context: float, text: str
) -> None:
    picture = between(sheet, top=44, bottom=147)
    reading = by_rules(model, picture)
    assert sift(reading, as_map(picture), picture.size).text == "258"
    digits = tuple(replace(one, in_context=in_context) for one in reading.digits)
    told = sift(replace(reading, digits=digits), as_map(picture), picture.size)
    assert told.text == text


def test_of_clear_digits_one_is_left_out_only_if_far_more_speaks_against_it(
    model: Model, sheet: Sheet
) -> None:
    short = between(sheet, top=44, bottom=147)
    reading = by_rules(model, short)
    assert sift(reading, as_map(short), short.size).text == "258"
    assert sift(reading, as_map(short), short.size, clear=True) is reading
    long = between(sheet, top=34, bottom=157)
    assert sift(by_rules(model, long), as_map(long), long.size, clear=True).text == "258"


def test_digits_that_are_sure_among_others_are_read_though_a_map_sees_none(
    model: Model, sheet: Sheet
) -> None:
    picture = page_of(sheet, "2358")
    nowhere = as_map(picture, other=(0, 0, *picture.size))
    reading = by_rules(model, picture)
    assert code(sift(reading, nowhere, picture.size)) == "not_a_digit"
    digits = tuple(replace(one, in_context=8.0) for one in reading.digits)
    assert sift(replace(reading, digits=digits), nowhere, picture.size).text == "2358"


def test_lines_that_look_alike_stay_or_go_together(model: Model, sheet: Sheet) -> None:
    """Of the two, a map that is wrong in one place would leave out the first alone."""
    picture = between(sheet, top=50, bottom=141)
    reading = by_rules(model, picture)
    assert sift(reading, as_map(picture), picture.size).text == "21518"
    first = as_map(picture, other=(150, 0, 190, picture.height))
    odds = odds_of(reading, first, picture.size)
    assert odds[1] < -3 < -1 < odds[3]
    assert sift(reading, first, picture.size).text == "258"


@pytest.mark.parametrize(("lean", "text"), [(40, "258325"), (8, "25183125")])
def test_the_slashes_of_a_date_are_left_out_though_they_are_no_taller(
    model: Model, sheet: Sheet, lean: int, text: str
) -> None:
    picture = page_of(sheet, "25883825")
    pen = ImageDraw.Draw(picture)
    for place in (2, 5):
        left = 40 + 110 * place
        pen.rectangle((left - 2, 30, left + 110, 160), fill="white")
        pen.line((left + 50 - lean // 2, 138, left + 50 + lean // 2, 54), fill=0, width=8)
    reading = by_rules(model, picture)
    assert reading.text == "25183125"
    assert is_beyond_doubt(reading) is (text == reading.text)
    for clear in (False, True):
        assert sift(reading, as_map(picture), picture.size, clear=clear).text == text


@pytest.mark.parametrize(
    ("number", "text"), [("385826", "3526"), ("38581899", "351899"), ("38583845", "31513845")]
)
def test_the_slashes_of_a_day_need_not_be_just_alike(
    model: Model, sheet: Sheet, number: str, text: str
) -> None:
    picture = page_of(sheet, number)
    pen = ImageDraw.Draw(picture)
    for place, top in ((1, 54), (3, 40)):
        left = 40 + 110 * place
        pen.rectangle((left - 2, 30, left + 110, 160), fill="white")
        pen.line((left + 35, 138, left + 75, top), fill=0, width=8)
    reading = by_rules(model, picture)
    assert reading.text == "1".join((number[0], number[2], number[4:]))
    assert is_beyond_doubt(reading) is (text == reading.text)
    assert sift(reading, as_map(picture), picture.size, clear=True).text == text


# Strokes of one hand, from the middle of each character, which is 100 tall.
FORMS = {
    "/": [[(-24, 55), (24, -55)]],
    "1": [[(-25, -20), (5, -50), (5, 50)]],
    "2": [[(-25, -30), (-10, -48), (12, -48), (24, -30), (15, -5), (-30, 46), (35, 42)]],
    "5": [
        [(-20, -38), (-22, -5), (5, -10), (25, 8), (25, 32), (5, 50), (-25, 44)],
        [(-8, -50), (30, -50)],
    ],
    "7": [[(-30, -50), (30, -50), (-5, 50)], [(-20, 0), (28, 0)]],
}


def written(text: str) -> Image.Image:
    picture = Image.new("L", (110 + 85 * len(text), 260), 245)
    pen = ImageDraw.Draw(picture)
    for place, character in enumerate(text):
        for stroke in FORMS[character]:
            points = [(70 + 85 * place + 0.9 * x, 130 + 0.9 * y) for x, y in stroke]
            pen.line(points, fill=30, width=9, joint="curve")
            for x, y in (points[0], points[-1]):
                pen.circle((x, y), 4.5, fill=30)
    return picture


@pytest.mark.parametrize("text", ["12/5", "7/5", "27/52"])
def test_a_fraction_s_slash_is_left_out_and_a_one_there_is_read(model: Model, text: str) -> None:
    fraction = read(model, written(text))
    assert fraction.text == text.replace("/", "")
    assert [one.why for one in fraction.left_out] == ["not_a_digit"]
    number = text.replace("/", "1")
    assert read(model, written(number)).text == number


def test_of_several_strokes_that_lean_none_is_a_fraction_s_slash(model: Model) -> None:
    reading = read(model, written("727"))
    slash = read(replace(model, page=None, context=None), written("7/27")).digits[1]
    assert slash.digit == 1
    first, *rest = reading.digits
    assert lone_slashes([first, slash, *rest]) == [1]
    assert lone_slashes([first, slash, slash, *rest]) == []
    assert lone_slashes([slash, first, *rest]) == []


@pytest.mark.parametrize("turned", [False, True])
def test_thick_plus_and_times_signs_are_left_out(model: Model, sheet: Sheet, turned: bool) -> None:
    picture = page_of(sheet, "25832", apart=150)
    pen = ImageDraw.Draw(picture)
    arms = [(3, 3, 37, 37), (37, 3, 3, 37)] if turned else [(20, 0, 20, 40), (0, 20, 40, 20)]
    for left in (160, 460):
        for x, y, x1, y1 in arms:
            pen.line((left + x, 76 + y, left + x1, 76 + y1), fill=0, width=18)
    assert read(model, picture).text == "25832"


def test_lines_between_all_digits_are_left_out(model: Model, sheet: Sheet) -> None:
    """So a meter parts its windows; each by itself, they would pass for 1s."""
    picture = page_of(sheet, "25832", apart=150)
    for left in (172, 322, 472, 622):
        ImageDraw.Draw(picture).line((left, 140, left, 54), fill=0, width=8)
    reading = by_rules(model, picture)
    assert reading.text == "215181312"
    page = as_map(picture)
    assert np.mean(odds_of(reading, page, picture.size)[1::2]) > -1.25
    assert sift(reading, page, picture.size).text == "25832"


def test_1s_between_others_stay(model: Model, sheet: Sheet) -> None:
    picture = page_of(sheet, "2151813", "1213")
    reading = by_rules(model, picture)
    assert sift(reading, as_map(picture), picture.size).text == "2151813\n1213"


def test_plain_digits_are_beyond_doubt(model: Model, sheet: Sheet) -> None:
    assert is_beyond_doubt(by_rules(model, page_of(sheet, "2114", "71")))


def test_digits_that_a_map_sees_stay(model: Model, sheet: Sheet) -> None:
    picture = page_of(sheet, "2114", "71")
    reading = by_rules(model, picture)
    assert reading.text == "2114\n71"
    assert sift(reading, as_map(picture), picture.size) is reading


def test_a_map_that_is_wrong_in_one_place_costs_no_digit(model: Model, sheet: Sheet) -> None:
    picture = page_of(sheet, "2114", "71")
    reading = by_rules(model, picture)
    for digit in reading.digits:
        left, top, width, height = digit.box
        wrong = as_map(picture, other=(left, top, left + width, top + height // 2))
        assert sift(reading, wrong, picture.size).text == reading.text


def test_what_no_map_sees_is_refused(model: Model, sheet: Sheet) -> None:
    for text in ("5", "2114"):
        picture = page_of(sheet, text)
        reading = by_rules(model, picture)
        everything = (0, 0, *picture.size)
        sifted = sift(reading, as_map(picture, other=everything), picture.size)
        assert code(sifted) == "not_a_digit"
        assert sifted.guess == reading.guess


def test_a_refusal_stays_one(model: Model) -> None:
    picture = Image.new("RGB", (300, 200), "white")
    reading = by_rules(model, picture)
    assert sift(reading, as_map(picture), picture.size) is reading
