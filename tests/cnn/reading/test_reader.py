"""Reading: which digits, where and how sure, and why there are none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

import cnn
from cnn.errors import PictureError
from cnn.layers import Dense, Flatten, Sigmoid, Softmax
from cnn.models.model import Model, Rejector
from cnn.reading.reader import (
    LEAST_CONFIDENCE,
    ReadDigit,
    Reading,
    read,
    read_all,
    read_all_pixels,
    read_normalised,
    read_pixels,
)
from cnn.vision.normalise import normalise
from tests.cnn.drawn import Sheet, drawn, page


@pytest.fixture(scope="module")
def model() -> Model:
    return cnn.load_model()


def code(reading: Reading) -> str:
    """Return why a picture was refused."""
    assert reading.refusal is not None
    assert reading.digits == ()
    assert reading.text == ""
    assert reading.only is None
    return reading.refusal.code


def page_of(sheet: Sheet, *lines: str) -> Image.Image:
    """Return a page with lines of MNIST's digits on it, each 112 pixels wide and high."""
    images, labels = sheet
    placed = [
        (images[int(np.flatnonzero(labels == int(digit))[0])], 40 + 110 * x, 40 + 130 * y, 112)
        for y, line in enumerate(lines)
        for x, digit in enumerate(line)
    ]
    return page(placed, (80 + 110 * max(map(len, lines)), 60 + 130 * len(lines)))


def with_dots(picture: Image.Image, count: int, radius: int, *, fill: int = 0) -> Image.Image:
    """Put dots on a picture, in rows of five."""
    pen = ImageDraw.Draw(picture)
    for number in range(count):
        down, across = divmod(number, 5)
        centre = [picture.width * (1 + 2 * across) / 10, picture.height * (1 + 2 * down) / 10]
        pen.circle(centre if count > 1 else [side / 2 for side in picture.size], radius, fill=fill)
    return picture


class TestDigits:
    def test_all_of_a_page_are_read_in_order(self, model: Model, sheet: Sheet) -> None:
        reading = read(model, page_of(sheet, "3140", "27", "968"))
        assert reading.text == "3140\n27\n968"
        assert [digit.line for digit in reading.digits] == [0] * 4 + [1] * 2 + [2] * 3
        assert reading.refusal is None
        assert reading.left_out is None
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


class TestRefusals:
    def test_an_empty_page_is_blank_and_there_is_no_guess(self, model: Model) -> None:
        reading = read(model, Image.new("RGB", (300, 200), "white"))
        assert code(reading) == "blank"
        assert reading.guess is None

    def test_something_else_is_no_digit_but_there_is_a_guess(self, model: Model) -> None:
        picture = Image.new("L", (300, 300), 255)
        pen = ImageDraw.Draw(picture)
        for place in range(50, 260, 40):
            pen.line([(50, place), (250, place)], fill=0, width=12)
            pen.line([(place, 50), (place, 250)], fill=0, width=12)
        reading = read(model, picture)
        assert code(reading) == "not_a_digit"
        assert reading.guess is not None
        assert 0 <= reading.guess.digit <= 9

    @pytest.mark.parametrize("radius", [8, 15, 40])
    @pytest.mark.parametrize("count", [1, 20])
    def test_dots_are_no_digits(self, model: Model, radius: int, count: int) -> None:
        reading = read(model, with_dots(Image.new("L", (560, 560), 255), count, radius))
        assert code(reading) == "not_a_digit"
        assert reading.refusal is not None
        assert reading.refusal.reason == "dots"

    @pytest.mark.parametrize("count", [5, 20])
    def test_dots_of_which_two_touch_are_none_either(self, model: Model, count: int) -> None:
        picture = with_dots(Image.new("L", (560, 560), 255), count, 8)
        ImageDraw.Draw(picture).circle((66, 60), 8, fill=0)
        assert code(read(model, picture)) == "not_a_digit"

    @pytest.mark.parametrize("radius", [8, 12])
    @pytest.mark.parametrize("count", [3, 5, 8, 12, 20])
    def test_clicks_all_over_the_paper_are_none(
        self, model: Model, count: int, radius: int
    ) -> None:
        rng = np.random.default_rng(count)
        picture = Image.new("L", (560, 560), 255)
        for centre in rng.uniform(20, 540, (count, 2)):
            ImageDraw.Draw(picture).circle(tuple(centre), 2 * radius, fill=0)
        assert code(read(model, picture)) == "not_a_digit"

    @pytest.mark.parametrize("count", [3, 4, 6, 10, 20])
    def test_neither_is_a_row_of_dots_across_the_paper(self, model: Model, count: int) -> None:
        picture = Image.new("L", (560, 560), 255)
        for number in range(count):
            ImageDraw.Draw(picture).circle((560 * (number + 1) / (count + 1), 280), 12, fill=0)
        assert code(read(model, picture)) == "not_a_digit"

    def test_a_colon_and_a_decimal_point_are_left_out_of_a_number(
        self, model: Model, sheet: Sheet
    ) -> None:
        picture = page_of(sheet, "27", "31")
        for centre in ((148, 70), (148, 110), (148, 265)):
            ImageDraw.Draw(picture).circle(centre, 6, fill=0)
        assert read(model, picture).text == "27\n31"

    def test_a_dot_in_the_networks_own_format_is_none_either(self, model: Model) -> None:
        pixels = np.asarray(with_dots(Image.new("L", (28, 28)), 1, 9, fill=255)) / 255
        assert code(read_pixels(model, pixels)) == "not_a_digit"

    def test_a_full_stop_is_left_out_of_a_number(self, model: Model, sheet: Sheet) -> None:
        picture = page_of(sheet, "27")
        ImageDraw.Draw(picture).circle((265, 130), 12, fill=0)
        assert read(model, picture).text == "27"

    def test_a_zero_that_is_filled_in_is_read(self, model: Model, sheet: Sheet) -> None:
        picture = page_of(sheet, "27")
        ImageDraw.Draw(picture).circle((270, 96), 38, fill=0)
        assert read(model, picture).text == "270"

    @pytest.mark.parametrize("confidence", [0.49, 0.51])
    def test_a_digit_that_the_network_is_unsure_of_is_none(self, confidence: float) -> None:
        reading = read(always(3, confidence), drawn())
        assert reading.guess is not None
        assert reading.guess.digit == 3
        assert reading.guess.confidence == pytest.approx(confidence, abs=1e-6)
        if confidence < LEAST_CONFIDENCE:
            assert code(reading) == "not_a_digit"
        else:
            assert reading.text == "3"

    def test_one_that_it_is_unsure_of_is_left_out_of_a_number(self) -> None:
        """The network that is asked is sure of bars, and of nothing else."""
        reading = read(knows_bars(), bars_and_rings("|o|"))
        assert reading.text == "11"
        assert reading.digits[0].box[0] < 100 < 200 < reading.digits[1].box[0]

    @pytest.mark.parametrize(
        ("shapes", "text"), [("|", "1"), ("||", "11"), ("|o", "10"), ("|oo", ""), ("o", "")]
    )
    def test_a_number_is_kept_if_half_of_it_looks_like_digits(self, shapes: str, text: str) -> None:
        """The rejector that is asked takes bars for digits, and rings for something else."""
        model = Model(knows_bars(rings=0), rejector=Rejector(likes_bars(), 7.0))
        reading = read(model, bars_and_rings(shapes))
        assert reading.text == text
        if not text:
            assert code(reading) == "not_a_digit"

    def test_a_refusal_of_the_picture_itself_comes_first(self, model: Model) -> None:
        found = normalise(many_marks())
        [reading] = read_normalised(model, [found])
        assert found.refusal is not None
        assert reading.refusal is found.refusal
        assert reading.digits == ()


class TestTouching:
    def test_digits_that_touch_are_read_apart_and_it_says_so(
        self, model: Model, sheet: Sheet
    ) -> None:
        picture, edges = touching(sheet, "206")
        reading = read(model, picture)
        assert reading.text == "206"
        assert all(digit.joined for digit in reading.digits)
        assert reading.left_out is None
        lefts = [digit.box[0] for digit in reading.digits]
        assert lefts == sorted(lefts)
        for digit, (left, right) in zip(reading.digits, edges, strict=True):
            assert abs(digit.box[0] - left) <= 20
            assert abs(digit.box[0] + digit.box[2] - right) <= 20

    def test_of_too_many_the_first_ones_are_read_and_the_rest_is_left_out(
        self, model: Model, sheet: Sheet, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("cnn.reading.reader.MOST_PIECES", 30)
        reading = read(model, touching(sheet, "206")[0])
        assert 0 < len(reading.text) < 3
        assert "206".startswith(reading.text)
        assert reading.left_out is not None
        assert reading.left_out.code == "runs_together"
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


def always(digit: int, confidence: float) -> cnn.Sequential:
    """Return a network that takes everything for one digit, and is so sure of it."""
    network = cnn.Sequential([Flatten(), Dense(10), Softmax()], input_shape=(1, 28, 28))
    bias = np.full(10, np.log((1 - confidence) / 9))
    bias[digit] = np.log(confidence)
    return with_weights(network, np.zeros((784, 10)), bias)


def knows_bars(rings: int | None = None) -> cnn.Sequential:
    """Return a network that takes a bar for a 1, surely, and a ring for `rings`.

    It knows nothing of rings if that is None: all ten are equally likely then.
    """
    network = cnn.Sequential([Flatten(), Dense(10), Softmax()], input_shape=(1, 28, 28))
    weights, bias = np.zeros((28, 28, 10)), np.zeros(10)
    weights[(*MIDDLE, 1)] = 1.0
    bias[1] = -10.0
    if rings is not None:
        weights[(*MIDDLE, rings)] = -1.0
        bias[rings] = 10.0
    return with_weights(network, weights.reshape(784, 10), bias)


def likes_bars() -> cnn.Sequential:
    """Return a rejector that takes bars for digits, and nothing else."""
    network = cnn.Sequential([Flatten(), Dense(1), Sigmoid()], input_shape=(1, 28, 28))
    weights = np.zeros((28, 28, 1))
    weights[MIDDLE] = 2.0
    return with_weights(network, weights.reshape(784, 1), np.array([-30.0]))


#: Bars have some 40 pixels of ink here, rings none.
MIDDLE = np.s_[9:19, 12:16]


def with_weights(network: cnn.Sequential, weights: np.ndarray, bias: np.ndarray) -> cnn.Sequential:
    state = network.state_dict()
    for name, array in state.items():
        state[name] = (weights if array.ndim == 2 else bias).astype(array.dtype)
    network.load_state_dict(state)
    return network


def bars_and_rings(shapes: str) -> Image.Image:
    """Draw bars and rings of one height side by side."""
    picture = Image.new("L", (100 * len(shapes) + 40, 200), 255)
    pen = ImageDraw.Draw(picture)
    for place, shape in enumerate(shapes):
        left = 30 + 100 * place
        if shape == "|":
            pen.rectangle((left + 22, 40, left + 40, 160), fill=0)
        else:
            pen.ellipse((left, 40, left + 76, 160), outline=0, width=14)
    return picture


def many_marks() -> Image.Image:
    """Draw more marks than any page of digits has."""
    picture = Image.new("L", (800, 600), 255)
    pen = ImageDraw.Draw(picture)
    for x in range(20, 780, 40):
        for y in range(20, 580, 60):
            pen.rectangle((x, y, x + 8, y + 30), fill=0)
    return picture


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


def test_other_digits_that_it_may_be_as_well_are_named() -> None:
    probabilities = (0.0, 0.15, 0.0, 0.0, 0.11, 0.0, 0.0, 0.65, 0.0, 0.09)
    seen = np.zeros((28, 28), np.float32)
    digit = ReadDigit(7, "7", 0.65, probabilities, (0, 0, 9, 9), 0, seen)
    assert digit.alternatives == (1, 4)
    assert ReadDigit(7, "7", 0.95, (*9 * (0.0,), 0.05), (0, 0, 9, 9), 0, seen).alternatives == ()
