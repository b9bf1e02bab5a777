"""Rings round digits, and noughts that are none."""

from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageDraw

import cnn
from cnn.vision.components import find_components
from cnn.vision.rings import find_rings

SIDE = 200
Draw = Callable[[ImageDraw.ImageDraw], None]


def ring(draw: ImageDraw.ImageDraw) -> None:
    draw.ellipse((20, 15, 180, 185), outline=0, width=7)


def narrow(draw: ImageDraw.ImageDraw) -> None:
    draw.ellipse((50, 15, 150, 185), outline=0, width=7)


def gaping(draw: ImageDraw.ImageDraw) -> None:
    draw.arc((20, 15, 180, 185), 20, 350, fill=0, width=7)


def box(draw: ImageDraw.ImageDraw) -> None:
    draw.rectangle((20, 15, 180, 185), outline=0, width=5)


def six(draw: ImageDraw.ImageDraw) -> None:
    draw.arc((20, 15, 180, 185), 20, 300, fill=0, width=7)
    draw.ellipse((40, 90, 179, 185), outline=0, width=7)


def one(draw: ImageDraw.ImageDraw) -> None:
    draw.line((100, 58, 100, 142), fill=0, width=8)


def two(draw: ImageDraw.ImageDraw) -> None:
    draw.line(
        [(75, 75), (85, 60), (112, 60), (122, 76), (115, 92), (75, 140), (125, 140)],
        fill=0,
        width=8,
        joint="curve",
    )


def slash(draw: ImageDraw.ImageDraw) -> None:
    draw.line((65, 155, 135, 45), fill=0, width=8)


def dot(draw: ImageDraw.ImageDraw) -> None:
    draw.ellipse((88, 88, 112, 112), fill=0)


def page(*parts: Draw) -> Image.Image:
    image = Image.new("L", (SIDE, SIDE), 255)
    for part in parts:
        part(ImageDraw.Draw(image))
    return image


@pytest.mark.parametrize(
    ("parts", "rings"),
    [
        ((ring, two), 1),
        ((ring, one), 1),
        ((gaping, two), 1),
        ((box, two), 1),
        ((ring,), 0),
        ((ring, slash), 0),
        ((ring, dot), 0),
        ((narrow, one), 0),
        ((six, dot), 0),
    ],
)
def test_a_ring_goes_round_a_digit_and_a_nought_does_not(parts: tuple[Draw, ...], rings: int):
    mask = np.asarray(page(*parts)) < 128
    components = find_components(mask)
    found = find_rings(components, np.arange(len(components)), mask.shape)
    assert len(found) == rings
    if rings:
        assert components.boxes[found[0], 1] == 15


def test_a_digit_in_a_ring_is_read_and_the_ring_is_named():
    reading = cnn.read(cnn.load_model(), page(ring, two))
    assert reading.text == "2"
    assert [one.why for one in reading.left_out] == ["frame"]


def test_a_slashed_nought_is_a_nought():
    assert cnn.read(cnn.load_model(), page(narrow, slash)).text == "0"


def eyes(draw: ImageDraw.ImageDraw) -> None:
    for left in (70, 112):
        draw.ellipse((left, 62, left + 18, 80), fill=0)


def smile(draw: ImageDraw.ImageDraw) -> None:
    draw.arc((60, 70, 140, 150), 20, 160, fill=0, width=7)


def straight_mouth(draw: ImageDraw.ImageDraw) -> None:
    draw.line((70, 140, 130, 140), fill=0, width=7)


@pytest.mark.parametrize("parts", [(ring, eyes, smile), (narrow, eyes, straight_mouth)])
def test_a_face_is_no_nought(parts: tuple[Draw, ...]):
    reading = cnn.read(cnn.load_model(), page(*parts))
    assert reading.text == ""
    assert reading.refusal is not None
    assert reading.refusal.reason == "something_else"


def test_a_face_beside_a_number_is_left_out(sheet: tuple[np.ndarray, np.ndarray]):
    image = Image.new("L", (600, SIDE), 255)
    for place, digit in enumerate((2, 7)):
        ink = sheet[0][np.flatnonzero(sheet[1] == digit)[0]]
        image.paste(Image.fromarray(255 - ink).resize((180, 180)), (10 + 180 * place, 10))
    image.paste(page(ring, eyes, smile), (400, 0))
    reading = cnn.read(cnn.load_model(), image)
    assert reading.text == "27"
    assert [one.why for one in reading.left_out] == ["not_a_digit"]


def circles(*places: tuple[int, int, int]) -> Image.Image:
    """Draw circles: the middle of each, and its radius."""
    image = Image.new("L", (280, 280), 255)
    draw = ImageDraw.Draw(image)
    for x, y, radius in places:
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), outline=0, width=12)
    return image


@pytest.mark.parametrize("gap", [3, 8, 14])
def test_an_8_of_two_rings_need_not_touch(gap: int):
    model = cnn.load_model()
    assert cnn.read(model, circles((140, 90, 40), (146, 90 + 40 + gap + 46, 46))).text == "8"


@pytest.mark.parametrize(
    "places",
    [
        pytest.param(((140, 80, 45), (140, 200, 45)), id="far apart"),
        pytest.param(((80, 90, 40), (80, 178, 40), (200, 90, 40), (200, 178, 40)), id="two rows"),
        pytest.param(((140, 55, 38), (140, 140, 38), (140, 225, 38)), id="three"),
    ],
)
def test_noughts_above_one_another_stay_so(places: tuple[tuple[int, int, int], ...]):
    digits = cnn.read(cnn.load_model(), circles(*places)).digits
    assert [one.digit for one in digits] == [0] * len(places)
