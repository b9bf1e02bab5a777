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
from cnn.data.corruptions import CORRUPTIONS
from cnn.preprocess import Digit, Normalised, frame_digit, normalise

Sheet = tuple[np.ndarray, np.ndarray]
Box = tuple[int, int, int, int]

# Strokes in a unit square.
SEVEN = [(0.15, 0.1), (0.85, 0.1), (0.4, 0.95)]
TWO = [(0.15, 0.3), (0.3, 0.1), (0.65, 0.08), (0.8, 0.3), (0.15, 0.92), (0.88, 0.92)]


def drawn(
    strokes: list[tuple[float, float]] = SEVEN,
    *,
    size: tuple[int, int] = (400, 300),
    box: Box = (140, 60, 120, 170),
    width: int = 18,
    ink: object = "black",
    paper: object = "white",
    mode: str = "RGB",
) -> Image.Image:
    """Draw a digit into a box (left, top, width, height) of a page."""
    image = Image.new(mode, size, paper)  # type: ignore[arg-type]
    points = [(box[0] + x * box[2], box[1] + y * box[3]) for x, y in strokes]
    pen = ImageDraw.Draw(image)
    pen.line(points, fill=ink, width=width, joint="curve")  # type: ignore[arg-type]
    for x, y in points:
        pen.circle((x, y), width / 2, fill=ink)  # type: ignore[arg-type]
    return image


def page(placed: list[tuple[np.ndarray, int, int, int]], size: tuple[int, int]) -> Image.Image:
    """Put MNIST digits, black on white, as (digit, left, top, side of its square)."""
    image = Image.new("L", size, 255)
    for digit, left, top, side in placed:
        square = Image.fromarray(255 - digit).resize((side, side), Image.Resampling.BICUBIC)
        image.paste(square, (left, top))
    return image


def only(found: Normalised) -> Digit:
    assert found.refusal is None
    [digit] = found.digits
    return digit


def likeness(a: np.ndarray, b: np.ndarray) -> float:
    """Return the correlation of two pictures."""
    return float(np.corrcoef(a.ravel(), b.ravel())[0, 1])


def photographed(
    image: Image.Image, *, seed: int = 0, noise: float = 4.0, shade: float = 0.55
) -> Image.Image:
    """Light a page from one side, give it texture and a blur, and save it as JPEG."""
    rng = np.random.default_rng(seed)
    width, height = image.size
    light = np.linspace(1.0, shade, width) * np.linspace(1.0, 0.8, height)[:, None]
    grain = Image.fromarray(rng.integers(0, 256, (height, width)).astype(np.uint8))
    texture = np.asarray(grain.filter(ImageFilter.GaussianBlur(1.2)), np.float32) - 127.5
    ink = np.asarray(image.convert("L").filter(ImageFilter.GaussianBlur(1)), np.float32) / 255
    shown = (60 + 165 * ink) * light + texture * (noise / texture.std())
    file = io.BytesIO()
    Image.fromarray(np.clip(shown, 0, 255).astype(np.uint8)).save(file, "JPEG", quality=80)
    return Image.open(file)


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


@pytest.mark.parametrize(
    "picture",
    [
        Image.new("RGB", (300, 200), "white"),
        Image.new("RGB", (300, 200), "black"),
        Image.new("L", (300, 200), 128),
        Image.new("RGBA", (300, 200), (0, 0, 0, 0)),
        Image.new("L", (28, 28), 0),
        Image.new("L", (3, 3), 255),
        Image.linear_gradient("L").point(lambda level: 110 + level // 2),
    ],
    ids=[
        *("white", "black", "grey", "transparent", "small", "smallest"),
        "gradient",
    ],
)
def test_blank_pictures_are_refused_as_blank(picture: Image.Image) -> None:
    found = normalise(picture)
    assert found.refusal is not None
    assert found.refusal.code == "blank"
    assert found.digits == ()
    assert [stage.name for stage in found.stages] == ["picture", "grey", "paper", "ink"]


@pytest.mark.parametrize("shade", [0.7, 0.9])
@pytest.mark.parametrize("noise", [4.0, 10.0])
def test_a_photograph_of_blank_paper_is_refused(shade: float, noise: float) -> None:
    paper = photographed(Image.new("L", (600, 450), 255), shade=shade, noise=noise)
    found = normalise(paper)
    assert found.refusal is not None
    assert found.refusal.code in ("blank", "not_a_digit")


def test_too_much_ink_is_refused() -> None:
    pen = ImageDraw.Draw(picture := Image.new("L", (300, 300), 255))
    for place in range(0, 300, 10):
        pen.line([(place, 0), (place, 300)], fill=0, width=4)
        pen.line([(0, place), (300, place)], fill=0, width=4)
    found = normalise(picture)
    assert found.refusal is not None
    assert found.refusal.message
    assert found.digits == ()


@pytest.mark.parametrize("levels", [2, 256])
def test_noise_is_refused(levels: int) -> None:
    noise = np.random.default_rng(0).integers(0, levels, (500, 700)) * (255 // (levels - 1))
    found = normalise(Image.fromarray(noise.astype(np.uint8)))
    assert found.refusal is not None


def test_a_mark_too_small_to_read_is_refused() -> None:
    picture = Image.new("L", (200, 200), 255)
    ImageDraw.Draw(picture).rectangle((150, 150, 155, 156), fill=0)
    found = normalise(picture)
    assert found.refusal is not None
    assert found.refusal.code == "too_small"


@pytest.mark.parametrize("size", [(1, 1), (1, 50), (50, 1), (2, 900), (5000, 2)])
def test_a_line_of_pixels_is_refused(size: tuple[int, int]) -> None:
    found = normalise(Image.effect_noise(size, 90))
    assert found.refusal is not None
    assert found.refusal.code == "too_small"
    assert found.size == size


@given(
    arrays.arrays(
        np.uint8,
        st.tuples(st.integers(1, 40), st.integers(1, 40), st.sampled_from([1, 2, 3, 4])),
    )
)
def test_any_picture_is_read_or_refused(raw: np.ndarray) -> None:
    mode = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}[raw.shape[2]]
    found = normalise(Image.fromarray(raw.squeeze(-1) if mode == "L" else raw))
    assert (found.refusal is None) == bool(found.digits)
    height, width = raw.shape[:2]
    assert found.size == (width, height)
    for digit in found.digits:
        left, top, wide, high = digit.box
        assert 0 <= left < left + wide <= width
        assert 0 <= top < top + high <= height
        assert np.isfinite(digit.pixels).all()
        assert digit.pixels.max() == 1


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
