"""Pictures made to take time or memory: answered, or refused with words."""

import io
import itertools
import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

import cnn
from app.web.services import get_services
from benchmarks.attack.hostile import (
    frames,
    jpeg_tiff,
    progressive,
    remarks,
    sevens,
    strips,
    understated,
)
from cnn.models.model import Model
from cnn.reading.reader import read
from cnn.vision.normalise import normalise
from cnn.vision.split import MOST_PIECES


def encoded(image, format="PNG", **options):
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def ask(client, picture, route="/predict"):
    return client.post(route, data=picture, content_type="image/png")


# Lines and dots


@pytest.mark.parametrize("size", [(100, 1), (100, 2), (100, 3), (40, 1), (8, 1), (1, 100), (2, 8)])
@pytest.mark.parametrize("ink", [0, 120])
def test_a_plain_line_is_no_digit(client, size, ink):
    page = Image.new("L", (280, 280), 255)
    page.paste(ink, (90, 130, 90 + size[0], 130 + size[1]))
    for route in ("/predict", "/explain"):
        assert ask(client, encoded(page), route).status_code == 200


SIDES = st.sampled_from([3, 4, 20, 60, 99, 100, 101, 280])
SHAPES = st.tuples(
    st.sampled_from(["line", "rectangle", "ellipse", "point"]),
    st.lists(st.floats(-0.1, 1.1), min_size=4, max_size=4),
    st.integers(0, 255),
    st.integers(1, 12),
)


@given(width=SIDES, height=SIDES, paper=st.integers(0, 255), shapes=st.lists(SHAPES, max_size=8))
@settings(deadline=None)
def test_any_shapes_are_read_or_refused(width, height, paper, shapes):
    page = Image.new("L", (width, height), paper)
    pen = ImageDraw.Draw(page)
    for kind, places, ink, thick in shapes:
        (a, b), (c, d) = (sorted(places[i::2]) for i in (0, 1))
        box = (a * width, c * height, b * width, d * height)
        options = {"width": thick} if kind != "point" else {}
        getattr(pen, kind)(box, fill=ink, **options)
    answer = read(cnn.load_model(), page)
    assert bool(answer.digits) != bool(answer.refusal)


# Digits that run together


class Counting(Model):
    """A model that counts the pictures that it is asked about."""

    asked = 0

    def predict(self, x):
        object.__setattr__(self, "asked", self.asked + len(x))
        return super().predict(x)


def counting():
    """Return the model that ships, with a count."""
    model = cnn.load_model()
    return Counting(model.network, rejector=model.rejector, metadata=model.metadata)


@pytest.mark.parametrize("rows", [10, 30, 45])
def test_joined_digits_take_a_bounded_number_of_looks(rows):
    model = counting()
    read(model, Image.open(io.BytesIO(sevens(rows, 60))).convert("L"))
    assert model.asked <= MOST_PIECES + 60


def test_a_row_that_is_no_digit_to_look_at_takes_none():
    model = counting()
    row = Image.open(io.BytesIO(sevens(1, 60))).convert("L").crop((0, 0, 432, 720))
    assert read(model, row).refusal
    assert model.asked == 0


def test_of_rows_that_are_joined_the_first_digits_are_read():
    page = Image.open(io.BytesIO(sevens(30, 60))).convert("L")
    model = counting()
    answer = read(model, page)
    assert 0 < model.asked <= MOST_PIECES + 60
    assert len(answer.text) >= 10
    assert set(answer.text) == {"7"}
    assert answer.unfinished
    assert all(digit.box[1] < 24 for digit in answer.digits)
    assert [digit.box for digit in answer.digits] == sorted(digit.box for digit in answer.digits)
    assert read(cnn.load_model(), page).text == answer.text


def test_after_a_whole_row_the_next_one_is_begun():
    # The upper part of the page: three rows of sixteen. By the rules alone, since the page network
    # takes the bars, which make one line, for a line.
    page = Image.open(io.BytesIO(sevens(16, 16))).convert("L").crop((0, 0, 720, 135))
    model = replace(cnn.load_model(), page=None)
    whole = read(model, page.crop((0, 0, 720, 45)))
    assert whole.text == "7" * 16
    assert whole.unfinished is None
    answer = read(model, page)
    assert answer.unfinished
    first, second, *_ = answer.text.split("\n")
    assert first == "7" * 16
    assert set(second) == {"7"}


def test_what_there_was_no_room_to_cut_is_said_to_be_left_out(client):
    page = Image.open(io.BytesIO(sevens(12, 30))).convert("L")
    # What stands alone comes first, and is read.
    page.paste(255, (0, 0, 720, 60))
    ImageDraw.Draw(page).line([(20, 6), (50, 6), (32, 52)], fill=0, width=5)
    answer = ask(client, encoded(page)).get_json()
    assert answer["text"].startswith("7")
    assert answer["unfinished"]["code"] == "runs_together"
    assert "left out" in answer["unfinished"]["message"]


def test_where_nothing_could_be_cut_the_refusal_says_what_to_do(client):
    fence = Image.new("L", (720, 28), 255)
    for x in range(4, 700, 12):
        for ends in ((x, 4, x + 12, 24), (x + 12, 4, x, 24)):
            ImageDraw.Draw(fence).line(ends, fill=0)
    answer = ask(client, encoded(fence)).get_json()
    assert answer["digits"] == []
    assert "runs together" in answer["refusal"]["message"]


def test_many_flat_parts_are_drawn_in_their_own_boxes_only(monkeypatch):
    drawn = []
    draw = cnn.vision.components.Components.draw

    def counted(self, chosen, rows, columns):
        drawn.append((rows.stop - rows.start) * (columns.stop - columns.start))
        return draw(self, chosen, rows, columns)

    monkeypatch.setattr(cnn.vision.components.Components, "draw", counted)
    page = np.full((720, 720), 255, np.uint8)
    page[6::12, 10:700] = page[7::12, 10:700] = 0
    normalise(Image.fromarray(page))
    assert len(drawn) > 20
    assert sum(drawn) < 3 * page.size


# Files that take their decoder long


@pytest.mark.parametrize("route", ["/predict", "/explain"])
@pytest.mark.parametrize("make", [progressive, jpeg_tiff])
def test_a_jpeg_of_many_scans_is_too_large(client, make, route):
    response = ask(client, make(2000, 60_000), route)
    assert response.status_code == 413
    assert "Save it again" in response.get_json()["detail"]


@pytest.mark.parametrize("make", [lambda: remarks(200_000), lambda: strips(20_000)])
def test_a_file_of_very_many_parts_has_its_time_and_no_more(client, make, monkeypatch):
    ticks = itertools.count()
    monkeypatch.setattr("cnn.vision.decode.work_time", lambda: next(ticks) / 100)
    response = ask(client, make())
    assert response.status_code == 413
    assert "too long to open" in response.get_json()["detail"]


@pytest.mark.parametrize("format", ["GIF", "WEBP"])
def test_of_many_frames_the_first_is_decoded(client, format):
    assert ask(client, frames(format, 300)).status_code == 200


# Memory


@pytest.mark.parametrize("format", ["HEIF", "AVIF"])
def test_a_picture_that_is_larger_than_it_says_is_refused_with_words(client, seven, format):
    response = ask(client, understated(format, 6000))
    assert response.status_code in (413, 415)
    assert "save it again" in response.get_json()["detail"].lower()
    assert ask(client, seven).get_json()["text"] == "7"


def test_a_large_picture_that_finds_no_room_is_put_off_and_a_drawing_is_not(
    target, client, seven, monkeypatch
):
    with target.app_context():
        room = get_services().room
    monkeypatch.setattr(room, "_patience", 0)
    large = encoded(Image.new("RGBA", (4000, 4000), "white"))
    with room.open_for(large), room.open_for(large):
        response = ask(client, large)
        assert response.status_code == 503
        assert response.headers["Retry-After"] == "5"
        assert "Try again" in response.get_json()["detail"]
        assert ask(client, large, "/explain").status_code == 503
        assert ask(client, seven).get_json()["text"] == "7"
    assert ask(client, large).status_code == 200


@pytest.mark.parametrize("mode", ["F", "RGBA", "I", "CMYK"])
def test_decoding_takes_no_more_memory_than_was_said(mode):
    picture = encoded(Image.new(mode, (1500, 1200)), "TIFF", compression="tiff_adobe_deflate")
    tracemalloc.start()
    try:
        normalise(picture)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    # What NumPy takes; before, a picture of floating-point numbers took 16 bytes a pixel more.
    assert peak < 30_000_000
