"""Judging: which digits are given, and why there are none."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

import cnn
from cnn.layers import Dense, Flatten, Sigmoid, Softmax
from cnn.models.model import Model, Rejector
from cnn.reading.judging import LEAST_CONFIDENCE
from cnn.reading.reader import read, read_normalised, read_pixels
from cnn.vision.normalise import normalise
from tests.cnn.drawn import Sheet, drawn
from tests.cnn.reading.pages import code, page_of


def with_dots(picture: Image.Image, count: int, radius: int, *, fill: int = 0) -> Image.Image:
    """Put dots on a picture, in rows of five."""
    pen = ImageDraw.Draw(picture)
    for number in range(count):
        down, across = divmod(number, 5)
        centre = [picture.width * (1 + 2 * across) / 10, picture.height * (1 + 2 * down) / 10]
        pen.circle(centre if count > 1 else [side / 2 for side in picture.size], radius, fill=fill)
    return picture


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

    @pytest.mark.parametrize("width", [4, 14])
    def test_a_spiral_is_none_either_and_not_called_one(self, model: Model, width: int) -> None:
        turns = np.linspace(0, 1, 400)
        angle = 10 * np.pi * turns
        places = 140 + 118 * turns * np.array([np.cos(angle), np.sin(angle)])
        picture = Image.new("L", (280, 280), 255)
        ImageDraw.Draw(picture).line([*map(tuple, places.T)], fill=0, width=width, joint="curve")
        reading = read(model, picture)
        assert reading.refusal is not None
        assert reading.refusal.reason == "something_else"

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
        for y in range(20, 580, 45):
            pen.rectangle((x, y, x + 8, y + 30), fill=0)
    return picture
