"""The one normalisation: whatever the picture, the digit comes out as MNIST's are."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image, ImageDraw, ImageFilter, ImageOps

from cnn.data import load_mnist
from cnn.synthesis.corruptions import CORRUPTIONS
from cnn.vision.framing import frame_digit
from cnn.vision.normalise import normalise
from tests.cnn.drawn import SEVEN, TWO, Sheet, drawn, likeness, only, page, photographed

PLAIN = only(normalise(drawn()))


def test_a_digit_is_framed_as_mnists_are() -> None:
    for strokes in (SEVEN, TWO):
        pixels = only(normalise(drawn(strokes))).pixels
        assert pixels.shape == (28, 28)
        assert pixels.dtype == np.float32
        assert pixels.min() == 0
        assert pixels.max() == 1
        rows, columns = np.nonzero(pixels > 0.02)
        assert max(np.ptp(rows), np.ptp(columns)) + 1 == 20
        for axis in (0, 1):
            centre = pixels.sum(axis=1 - axis) @ np.arange(28) / pixels.sum()
            assert 13.5 <= centre <= 14.5


def test_mnists_own_digits_stay_as_they_are(sheet: Sheet) -> None:
    images, _ = sheet
    assert share_unchanged(images) >= 0.95


def test_a_sample_of_mnist_stays_as_it_is(mnist_folder: Path) -> None:
    _, test = load_mnist(mnist_folder)
    assert share_unchanged(test.images[::20, 0]) >= 0.94


def share_unchanged(images: np.ndarray) -> float:
    same = []
    for image in images:
        found = normalise(Image.fromarray(image))
        assert found.refusal is None
        off = np.abs(found.largest.pixels * 255 - image).max()
        same.append(len(found.digits) == 1 and off <= 2)
    return float(np.mean(same))


def test_every_stage_is_there_to_be_shown() -> None:
    found = normalise(drawn())
    names = [stage.name for stage in found.stages]
    assert names == ["picture", "grey", "paper", "ink", "found"]
    assert [stage.name for stage in found.digits[0].stages] == ["cut out", "scaled", "centred"]
    for stage in (*found.stages, *found.digits[0].stages):
        assert stage.image.dtype == np.uint8
        assert stage.image.ndim in (2, 3)
    assert {stage.image.shape[:2] for stage in found.stages} == {(300, 400)}
    assert found.digits[0].stages[1].image.shape == (20, max(1, PLAIN.stages[1].image.shape[1]))
    centred = found.digits[0].stages[2].image
    assert np.abs(centred - found.digits[0].pixels * 255).max() <= 0.51


def test_without_its_stages_a_picture_gives_the_same_digits() -> None:
    with_all, without = normalise(drawn()), normalise(drawn(), stages=False)
    assert without.stages == ()
    assert [digit.box for digit in without.digits] == [digit.box for digit in with_all.digits]
    for one, other in zip(without.digits, with_all.digits, strict=True):
        assert np.array_equal(one.pixels, other.pixels)
        assert [stage.name for stage in one.stages] == [stage.name for stage in other.stages]


def transparent(ink: tuple[int, int, int]) -> Image.Image:
    return drawn(mode="RGBA", paper=(0, 0, 0, 0), ink=(*ink, 255))


@pytest.mark.parametrize(
    "picture",
    [
        drawn(mode="L", ink=0, paper=255),
        ImageOps.invert(drawn()),
        transparent((0, 0, 0)),
        transparent((255, 255, 255)),
        transparent((30, 60, 200)),
        drawn(ink=(70, 70, 70), paper=(225, 225, 225)),
        drawn(ink="navy", paper=(250, 245, 220)),
        drawn(ink="red"),
        drawn(ink="yellow"),
        drawn(ink=(150, 200, 255)),
        drawn(ink="yellow", paper="black"),
        drawn(ink="white", paper="darkgreen"),
        drawn(box=(5, 10, 120, 170)),
        drawn(box=(270, 120, 120, 170)),
        drawn(size=(1500, 1100), box=(1200, 700, 120, 170)),
        drawn(size=(3000, 2000), box=(900, 300, 600, 850), width=90),
        drawn(size=(90, 70), box=(30, 12, 30, 43), width=5),
    ],
    ids=[
        *("grey", "inverted", "transparent", "white ink", "blue ink", "pale", "navy", "red"),
        *("yellow", "light blue", "yellow on black", "blackboard", "top left", "bottom right"),
        *("small in large", "huge", "tiny"),
    ],
)
def test_the_same_digit_gives_the_same_picture(picture: Image.Image) -> None:
    pixels = only(normalise(picture)).pixels
    # Working sizes differ, and with them the edges of the strokes.
    assert likeness(pixels, PLAIN.pixels) > 0.9


@pytest.mark.parametrize("strokes", [SEVEN, TWO])
@pytest.mark.parametrize("seed", [0, 1])
def test_a_photograph_gives_the_same_digit(strokes: list[tuple[float, float]], seed: int) -> None:
    clean = only(normalise(drawn(strokes))).pixels
    shot = only(normalise(photographed(drawn(strokes), seed=seed))).pixels
    assert likeness(shot, clean) > 0.93


@pytest.mark.parametrize("width", [1, 2, 3])
def test_thin_strokes_do_not_vanish(width: int) -> None:
    picture = drawn(size=(700, 700), box=(100, 50, 420, 600), width=width)
    pixels = only(normalise(picture)).pixels
    assert likeness(pixels, PLAIN.pixels) > 0.6
    # A stroke of the length of a seven, some 30 pixels, of a pen's width.
    assert pixels.sum() > 35


@pytest.mark.parametrize("shoot", [lambda image: image, photographed])
def test_several_digits_come_in_reading_order(
    sheet: Sheet, shoot: Callable[[Image.Image], Image.Image]
) -> None:
    images, labels = sheet
    text = [[3, 1, 4], [0, 2, 7, 6]]
    placed, boxes = [], []
    for line, row in enumerate(text):
        for place, label in enumerate(row):
            digit = images[int(np.flatnonzero(labels == label)[0])]
            # The second line begins to the left of the first, and the digits do not sit level.
            left = 60 + 110 * place + 40 * (line == 0)
            top = 40 + 130 * line + 8 * (place % 2)
            placed.append((digit, left, top, 112))
            rows, columns = np.nonzero(digit > 50)
            corner = (left + 4 * columns.min(), top + 4 * rows.min())
            boxes.append((*corner, 4 * np.ptp(columns) + 4, 4 * np.ptp(rows) + 4))
    found = normalise(shoot(page(placed, (560, 330))))
    assert found.refusal is None
    assert [digit.line for digit in found.digits] == [0] * 3 + [1] * 4
    for digit, expected in zip(found.digits, boxes, strict=True):
        assert np.abs(np.subtract(digit.box, expected)).max() <= 7
    alike = [
        likeness(digit.pixels, original / 255)
        for digit, (original, *_) in zip(found.digits, placed, strict=True)
    ]
    assert min(alike) > 0.8
    assert np.mean(alike) > 0.9


def test_a_digit_in_two_pieces_is_one_digit() -> None:
    five = drawn([(0.3, 0.15), (0.25, 0.5), (0.7, 0.55), (0.75, 0.85), (0.2, 0.95)], width=10)
    pen = ImageDraw.Draw(five)
    pen.line([(190, 78), (225, 76)], fill="black", width=10)
    digit = only(normalise(five))
    left, top, wide, high = digit.box
    assert left <= 170
    assert left + wide >= 224
    assert top <= 80
    assert top + high >= 220


def test_specks_of_dust_are_left_out() -> None:
    picture = drawn()
    pen = ImageDraw.Draw(picture)
    for x, y in ((20, 30), (380, 270), (60, 250), (330, 40)):
        pen.rectangle((x, y, x + 3, y + 3), fill="black")
    assert likeness(only(normalise(picture)).pixels, PLAIN.pixels) > 0.99


def test_the_edge_of_the_table_in_a_photograph_is_no_digit() -> None:
    picture = drawn(size=(500, 400), box=(180, 90, 130, 190))
    ImageDraw.Draw(picture).rectangle((0, 370, 500, 400), fill=(40, 40, 40))
    digit = only(normalise(photographed(picture, shade=0.9)))
    assert likeness(digit.pixels, PLAIN.pixels) > 0.9


def test_boxes_lie_in_the_whole_picture_upright() -> None:
    box = (1500, 300, 400, 560)
    upright = drawn(size=(2400, 1600), box=box, width=60)
    exif = Image.Exif()
    exif[0x0112] = 6
    file = io.BytesIO()
    # Stored lying on its left side, as a telephone held upright does.
    upright.transpose(Image.Transpose.ROTATE_90).save(file, "JPEG", exif=exif)
    found = normalise(file.getvalue())
    assert found.size == (2400, 1600)
    digit = only(found)
    # The strokes reach from 15 to 85 % and 10 to 95 % of the box, and half a pen beyond.
    expected = (1500 + 60 - 30, 300 + 56 - 30, 280 + 60, 476 + 60)
    assert np.abs(np.subtract(digit.box, expected)).max() <= 12
    assert likeness(digit.pixels, PLAIN.pixels) > 0.93


def test_the_largest_digit_is_the_one_with_the_largest_box() -> None:
    picture = drawn(box=(250, 60, 120, 170))
    picture.paste(drawn(TWO, size=(150, 150), box=(20, 40, 60, 90), width=9), (20, 60))
    found = normalise(picture)
    assert len(found.digits) == 2
    assert found.largest is found.digits[1]


def test_no_ink_cannot_be_framed() -> None:
    with pytest.raises(ValueError, match="no ink"):
        frame_digit(np.zeros((5, 5)))


@given(
    arrays.arrays(
        np.float32,
        st.tuples(st.integers(1, 60), st.integers(1, 60)),
        elements=st.floats(0, 1, width=32),
    )
)
def test_any_ink_is_framed_in_the_middle(ink: np.ndarray) -> None:
    if ink.max() < 0.01:
        return
    scaled, pixels = frame_digit(ink)
    assert pixels.shape == (28, 28)
    assert max(scaled.shape) <= 20
    assert pixels.max() == scaled.max() == 1
    assert pixels.sum() == pytest.approx(scaled.sum(), rel=1e-4)
    assert pixels.min() >= 0


def lined(pitch: int, *, squares: bool = False) -> Image.Image:
    """Draw a digit on ruled or squared paper, its foot on a line."""
    picture = Image.new("RGB", (500, 400), (238, 238, 232))
    pen = ImageDraw.Draw(picture)
    for place in range(pitch, 500, pitch):
        pen.line([(0, place), (500, place)], fill=(150, 175, 210), width=2)
        if squares:
            pen.line([(place, 0), (place, 400)], fill=(150, 175, 210), width=2)
    digit = drawn(TWO, size=(500, 400), box=(180, 90, 130, 190))
    picture.paste((30, 35, 70), mask=ImageOps.invert(digit.convert("L")))
    return picture


@pytest.mark.parametrize(("pitch", "squares"), [(62, False), (40, True), (90, True)])
def test_lines_on_the_paper_are_left_out(pitch: int, squares: bool) -> None:
    clean = only(normalise(drawn(TWO, size=(500, 400), box=(180, 90, 130, 190))))
    digit = only(normalise(photographed(lined(pitch, squares=squares), shade=0.8)))
    assert likeness(digit.pixels, clean.pixels) > 0.9


@pytest.mark.parametrize("seed", range(4))
def test_the_edge_of_a_shadow_is_no_ink(seed: int) -> None:
    rng = np.random.default_rng(seed)
    plain = drawn(size=(500, 400), box=(180, 90, 130, 190), width=22)
    page = np.asarray(plain.convert("L"), np.float32)
    rows, columns = np.mgrid[:400, :500]
    angle = rng.uniform(0, 2 * np.pi)
    dark = (columns - 250) * np.cos(angle) + (rows - 200) * np.sin(angle) > rng.uniform(-60, 60)
    shown = Image.fromarray(((40 + 0.75 * page) * (1 - 0.45 * dark)).astype(np.uint8))
    digit = only(normalise(photographed(shown.filter(ImageFilter.GaussianBlur(3)), shade=1.0)))
    assert np.abs(np.subtract(digit.box, only(normalise(plain)).box)).max() <= 8


def test_a_bright_middle_does_not_make_ink_light() -> None:
    page = np.asarray(drawn(), np.float32)
    rows, columns = np.mgrid[-1:1:300j, -1:1:400j]
    lamp = 1 / (1 + 1.2 * (rows**2 + columns**2))
    shown = Image.fromarray((page * lamp[..., None] * 0.8 + 20).astype(np.uint8))
    assert likeness(only(normalise(shown)).pixels, PLAIN.pixels) > 0.9


@pytest.mark.parametrize("name", ["salt and pepper", "Gaussian noise", "stripes", "fog"])
def test_spoilt_digits_come_out_nearly_as_they_were(sheet: Sheet, name: str) -> None:
    images, _ = sheet
    corruption = next(c for c in CORRUPTIONS if c.name == name)
    alike = []
    for image, picture in zip(images, corruption.apply(images).pictures, strict=True):
        found = normalise(picture)
        alike.append(found.digits != () and likeness(found.largest.pixels, image / 255.0))
    # A wrong pixel at the edge moves the frame by one.
    assert np.median(alike) > 0.7
    assert np.mean(np.array(alike) > 0.4) >= 0.95


@pytest.mark.parametrize("side", [120, 280, 600])
def test_noise_is_no_blank_page_and_a_grainy_page_is_one(side: int) -> None:
    rng = np.random.default_rng(side)
    noise = Image.fromarray(rng.integers(0, 256, (side, side)).astype(np.uint8))
    refusal = normalise(noise).refusal
    assert refusal is not None
    assert (refusal.code, refusal.reason) == ("not_a_digit", "too_much")
    grain = np.clip(rng.normal(200, 12, (side, side)), 0, 255)
    refusal = normalise(Image.fromarray(grain.astype(np.uint8))).refusal
    assert refusal is not None
    assert refusal.code == "blank"


@pytest.mark.parametrize("side", [1000, 1500, 2000])
@pytest.mark.parametrize("channels", [(), (3,)], ids=["grey", "colour"])
def test_noise_of_a_large_picture_is_no_blank_page(side: int, channels: tuple[int, ...]) -> None:
    rng = np.random.default_rng(side)
    noise = Image.fromarray(rng.integers(0, 256, (side, side, *channels)).astype(np.uint8))
    # A JPEG is reduced while it is decoded.
    for picture in (noise, as_jpeg(noise)):
        refusal = normalise(picture).refusal
        assert refusal is not None
        assert (refusal.code, refusal.reason) == ("not_a_digit", "too_much")


def test_a_large_grainy_page_is_blank() -> None:
    grain = np.clip(np.random.default_rng(1).normal(200, 12, (1500, 1500)), 0, 255)
    page = Image.fromarray(grain.astype(np.uint8))
    for picture in (page, as_jpeg(page)):
        refusal = normalise(picture).refusal
        assert refusal is not None
        assert refusal.code == "blank"


def as_jpeg(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=75)
    return file.getvalue()
