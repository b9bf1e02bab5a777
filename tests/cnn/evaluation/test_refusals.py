"""What the normalisation does not take for a digit, and what it says of it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image, ImageDraw

from cnn.vision.normalise import Refusal, normalise
from tests.cnn.drawn import photographed


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
    assert found.refusal == Refusal("not_a_digit", "too_much")
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


@pytest.mark.parametrize(
    ("size", "reason"),
    [
        *(((side, other), "few_pixels") for side in (1, 2) for other in (1, 2)),
        *((size, "line_of_pixels") for size in [(1, 3), (1, 50), (50, 1), (2, 900), (5000, 2)]),
    ],
)
def test_what_has_too_few_pixels_is_refused(size: tuple[int, int], reason: str) -> None:
    found = normalise(Image.effect_noise(size, 90))
    assert found.refusal is not None
    assert (found.refusal.code, found.refusal.reason) == ("too_small", reason)
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
