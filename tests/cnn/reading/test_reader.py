"""Reading: which digits, where and how sure, and why there are none."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cnn.errors import PictureError
from cnn.models.model import Model
from cnn.reading.reader import (
    LEAST_CONFIDENCE,
    read,
    read_all,
    read_all_pixels,
    read_pixels,
)
from cnn.vision.normalise import normalise
from tests.cnn.drawn import Sheet, drawn
from tests.cnn.reading.pages import code, page_of


class TestDigits:
    def test_all_of_a_page_are_read_in_order(self, model: Model, sheet: Sheet) -> None:
        reading = read(model, page_of(sheet, "3140", "27", "968"))
        assert reading.text == "3140\n27\n968"
        assert [digit.line for digit in reading.digits] == [0] * 4 + [1] * 2 + [2] * 3
        assert reading.refusal is None
        assert reading.unfinished is None
        assert not any(digit.joined for digit in reading.digits)
        assert reading.only is None

    def test_each_says_where_it_is_and_what_the_network_saw(
        self, model: Model, sheet: Sheet
    ) -> None:
        picture = page_of(sheet, "31", "4")
        found = normalise(picture).digits
        reading = read(model, picture)
        assert len(reading.digits) == 3
        for digit, seen in zip(reading.digits, found, strict=True):
            assert digit.box == seen.box
            assert np.array_equal(digit.pixels, seen.pixels)

    def test_the_confidence_is_the_probability_of_the_likeliest(
        self, model: Model, sheet: Sheet
    ) -> None:
        for digit in read(model, page_of(sheet, "31", "4")).digits:
            probabilities = model.predict(digit.pixels[None, None])[0]
            np.testing.assert_allclose(digit.probabilities, probabilities, atol=1e-6)
            assert len(digit.probabilities) == 10
            assert sum(digit.probabilities) == pytest.approx(1, abs=1e-5)
            assert digit.digit == np.argmax(digit.probabilities)
            assert digit.confidence == max(digit.probabilities) >= LEAST_CONFIDENCE

    def test_one_alone_is_the_only_one(self, model: Model, sheet: Sheet) -> None:
        reading = read(model, page_of(sheet, "5"))
        assert reading.only is reading.digits[0] is reading.guess
        assert reading.text == "5"

    def test_the_guess_is_about_the_largest(self, model: Model) -> None:
        picture = drawn(box=(250, 60, 120, 170))
        picture.paste(drawn(size=(150, 150), box=(20, 40, 60, 90), width=9), (20, 60))
        reading = read(model, picture)
        assert reading.text == "77"
        assert reading.guess is reading.digits[1]


class TestMany:
    @pytest.mark.parametrize(
        "lines",
        [["0123456789" * 2] * 10, ["012345"] * 33, ["0123456789" * 4]],
        ids=["a page", "a long slip", "a strip"],
    )
    def test_as_many_as_a_page_has_are_read(
        self, model: Model, sheet: Sheet, lines: list[str]
    ) -> None:
        assert read(model, page_of(sheet, *lines)).text.split() == lines

    def test_more_are_refused_as_a_whole(self, model: Model, sheet: Sheet) -> None:
        reading = read(model, page_of(sheet, *["0123456789" * 2] * 11))
        assert (code(reading), reading.refusal and reading.refusal.reason) == (
            "not_a_digit",
            "too_many",
        )

    def test_a_page_far_too_full_is_not_read_in_part(self, model: Model, sheet: Sheet) -> None:
        """The map sees hardly anything of digits so small, and runs some together."""
        reading = read(model, page_of(sheet, *["0123456789" * 2] * 24))
        assert reading.refusal is not None


class TestSources:
    def test_a_file_its_bytes_and_its_picture_are_read_alike(
        self, model: Model, tmp_path: Path
    ) -> None:
        path = tmp_path / "seven.png"
        drawn().save(path)
        whole = read(model, drawn())
        assert whole.text == "7"
        for source in (path, str(path), path.read_bytes()):
            reading = read(model, source)
            assert reading.text == "7"
            assert reading.digits[0].probabilities == whole.digits[0].probabilities

    def test_what_is_no_picture_is_an_error(self, model: Model) -> None:
        with pytest.raises(PictureError):
            read(model, b"no picture")

    def test_many_are_read_as_each_alone(self, model: Model, sheet: Sheet) -> None:
        empty = Image.new("L", (300, 200), 255)
        pictures = [page_of(sheet, "31"), empty, drawn(), page_of(sheet, "4", "08"), empty]
        readings = read_all(model, pictures)
        assert [reading.text for reading in readings] == ["31", "", "7", "4\n08", ""]
        for together, picture in zip(readings, pictures, strict=True):
            alone = read(model, picture)
            assert together.text == alone.text
            assert together.refusal == alone.refusal
            for a, b in zip(together.digits, alone.digits, strict=True):
                assert a.box == b.box
                np.testing.assert_allclose(a.probabilities, b.probabilities, atol=1e-5)

    def test_of_nothing_there_is_nothing_to_read(self, model: Model) -> None:
        assert read_all(model, []) == []
        [reading] = read_all(model, [Image.new("L", (300, 200), 255)])
        assert code(reading) == "blank"


class TestTouching:
    def test_digits_that_touch_are_read_apart_and_it_says_so(
        self, model: Model, sheet: Sheet
    ) -> None:
        picture, edges = touching(sheet, "206")
        reading = read(model, picture)
        assert reading.text == "206"
        assert all(digit.joined for digit in reading.digits)
        assert reading.unfinished is None
        lefts = [digit.box[0] for digit in reading.digits]
        assert lefts == sorted(lefts)
        for digit, (left, right) in zip(reading.digits, edges, strict=True):
            assert abs(digit.box[0] - left) <= 20
            assert abs(digit.box[0] + digit.box[2] - right) <= 20

    def test_three_pieces_of_one_must_all_be_clear(self, model: Model, sheet: Sheet) -> None:
        picture = touching(sheet, "206")[0]
        alone = replace(model, row=None, page=None)
        assert alone.rejector is not None
        least = min(digit.likeness or 0 for digit in read(alone, picture).digits)
        for below, text in ((4.0, "206"), (2.0, "")):
            rejector = replace(alone.rejector, threshold=least - below)
            assert read(replace(alone, rejector=rejector), picture).text == text
            # The network that reads rows is sure of all three.
            assert read(replace(model, rejector=rejector), picture).text == "206"

    @pytest.mark.parametrize("below", [2.0, 4.0])
    def test_two_pieces_need_not_be(self, model: Model, sheet: Sheet, below: float) -> None:
        picture = touching(sheet, "20")[0]
        assert model.rejector is not None
        least = min(digit.likeness or 0 for digit in read(model, picture).digits)
        rejector = replace(model.rejector, threshold=least - below)
        assert read(replace(model, rejector=rejector), picture).text == "20"

    def test_of_too_many_the_first_ones_are_read_and_the_rest_is_left_out(
        self, model: Model, sheet: Sheet, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("cnn.reading.reader.MOST_PIECES", 30)
        reading = read(model, touching(sheet, "206")[0])
        assert 0 < len(reading.text) < 3
        assert "206".startswith(reading.text)
        assert reading.unfinished is not None
        assert reading.unfinished.code == "runs_together"
        assert reading.only is None
        assert all(digit.joined for digit in reading.digits)

    def test_without_any_room_the_refusal_says_why(
        self, model: Model, sheet: Sheet, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("cnn.reading.reader.MOST_PIECES", 0)
        reading = read(model, touching(sheet, "206")[0])
        assert code(reading) == "not_a_digit"
        assert reading.refusal is not None
        assert reading.refusal.reason == "runs_together"
        assert reading.guess is not None


class TestPixels:
    def test_a_picture_of_mnist_is_read_as_it_is(self, model: Model, sheet: Sheet) -> None:
        images, labels = sheet
        right = 0
        for image, label in zip(images, labels, strict=True):
            pixels = image / 255
            reading = read_pixels(model, pixels)
            right += reading.only is not None and reading.only.digit == label
            assert reading.guess is not None
            assert reading.guess.box == (0, 0, 28, 28)
            assert reading.guess.line == 0
            assert np.array_equal(reading.guess.pixels, pixels)
        assert right >= 38

    @pytest.mark.parametrize("level", [0.0, 0.05, 1.0])
    def test_one_shade_is_blank(self, model: Model, level: float) -> None:
        pixels = np.full((28, 28), level)
        pixels[0, 0] += 0.05
        reading = read_pixels(model, pixels)
        assert code(reading) == "blank"
        assert reading.guess is None

    def test_a_pale_digit_is_not_blank(self, model: Model, sheet: Sheet) -> None:
        reading = read_pixels(model, sheet[0][7] / 255 * 0.08)
        assert reading.guess is not None

    def test_noise_is_no_digit(self, model: Model) -> None:
        noise = np.random.default_rng(0).random((28, 28))
        assert code(read_pixels(model, noise)) == "not_a_digit"

    @pytest.mark.parametrize("shape", [(28, 27), (1, 28, 28), (784,)])
    def test_another_shape_is_an_error_that_names_it(
        self, model: Model, shape: tuple[int, ...]
    ) -> None:
        with pytest.raises(ValueError, match=r"\(28, 28\)") as caught:
            read_pixels(model, np.zeros(shape))
        assert str(shape) in str(caught.value)

    def test_many_are_read_as_each_alone(self, model: Model, sheet: Sheet) -> None:
        pixels = np.stack([digit / 255 for digit in sheet[0][:6]] + [np.zeros((28, 28))])
        alone = [read_pixels(model, one) for one in pixels]
        together = read_all_pixels(model, pixels)
        assert [one.text for one in together] == [one.text for one in alone]
        assert code(together[-1]) == "blank"
        assert read_all_pixels(model, pixels[:0]) == []
        with pytest.raises(ValueError, match=r"\(N, 28, 28\)"):
            read_all_pixels(model, pixels[0])


def touching(sheet: Sheet, number: str) -> tuple[Image.Image, list[tuple[int, int]]]:
    """Draw MNIST digits, 100 pixels high, so near that each touches the next.

    Returns beside the picture where each begins and ends.
    """
    images, labels = sheet
    canvas = np.zeros((200, 460), np.uint8)
    left, edges = 60, []
    for label in number:
        digit = images[np.flatnonzero(labels == int(label))[0]]
        rows, columns = np.nonzero(digit > 100)
        tight = Image.fromarray(
            digit[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
        )
        size = (round(tight.width * 100 / tight.height), 100)
        large = np.asarray(tight.resize(size, Image.Resampling.BICUBIC))
        part = canvas[50:150, left : left + large.shape[1]]
        np.maximum(part, large, out=part)
        edges.append((left, left + large.shape[1]))
        left += large.shape[1] - 4
    return Image.fromarray(255 - canvas), edges
