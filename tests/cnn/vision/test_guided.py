"""Guided binarisation, by page maps that are true: what is kept, and on which paper."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageChops, ImageDraw

from cnn.synthesis.pages import DIGIT_INK, NO_PAGE, OTHER_INK, PAPER, PageScene, compose_pages
from cnn.vision.guided import find_guided_ink
from cnn.vision.normalise import normalise, normalise_guided
from cnn.vision.page_map import PageMap


def true_map(scene: PageScene) -> PageMap:
    return PageMap(
        *((scene.truth == one).astype(np.float32) for one in (PAPER, DIGIT_INK, OTHER_INK, NO_PAGE))
    )


def scenes(kind: str) -> list[PageScene]:
    return list(compose_pages(None, kinds=[kind], each=4, seed=3, sources=["strokes"]))


@pytest.mark.parametrize("kind", ["box", "ring", "underlined", "page on wood", "dark canvas"])
def test_of_the_ink_that_of_digits_is_kept(kind: str) -> None:
    for scene in scenes(kind):
        ink = find_guided_ink(Image.fromarray(scene.picture), true_map(scene))
        assert ink is not None
        digit, other = scene.truth == DIGIT_INK, scene.truth == OTHER_INK
        assert ink.mask[digit].mean() > 0.6
        assert not other.any() or ink.mask[other].mean() < 0.2
        assert (ink.strength[ink.mask] > 0).all()


def test_what_lies_around_a_page_is_no_ink() -> None:
    for scene in scenes("page on a dark table"):
        ink = find_guided_ink(Image.fromarray(scene.picture), true_map(scene))
        assert ink is not None
        assert not ink.mask[scene.truth == NO_PAGE].any()


def test_light_digits_are_found_whatever_else_is_dark() -> None:
    picture = Image.new("L", (120, 120), 255)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((30, 30, 90, 90), fill=10)
    pen.line((60, 40, 60, 80), fill=250, width=8)
    one, dark, light = (
        (np.asarray(picture) == level).astype(np.float32) for level in (250, 10, 255)
    )
    ink = find_guided_ink(picture, PageMap(dark, one, 0 * one, light))
    assert ink is not None
    assert ink.light_on_dark
    assert ink.mask[one > 0].mean() > 0.9


def map_of(digit: np.ndarray, other: np.ndarray) -> PageMap:
    return PageMap(
        *(part.astype(np.float32) for part in (~(digit | other), digit, other, 0 * digit))
    )


def test_a_pale_digit_beside_dark_ones_is_found() -> None:
    picture = Image.new("L", (300, 120), 255)
    pen = ImageDraw.Draw(picture)
    for left, level in ((40, 20), (110, 190), (180, 20)):
        pen.ellipse((left, 30, left + 40, 90), outline=level, width=6)
    digit = np.asarray(picture) < 200
    ink = find_guided_ink(picture, map_of(digit, np.zeros_like(digit)))
    assert ink is not None
    assert ink.mask[digit].mean() > 0.9


@pytest.mark.parametrize("frame", ["box", "ring"])
def test_a_frame_that_a_digit_touches_is_cut_off(frame: str) -> None:
    other, digit = Image.new("L", (300, 120), 255), Image.new("L", (300, 120), 255)
    outline = ImageDraw.Draw(other).rectangle if frame == "box" else ImageDraw.Draw(other).ellipse
    outline((110, 25, 180, 95), outline=0, width=3)
    pen = ImageDraw.Draw(digit)
    pen.line((30, 30, 30, 90), fill=0, width=6)
    pen.line((145, 28, 145, 94), fill=0, width=6)  # from side to side of its frame
    picture = ImageChops.darker(other, digit)
    true = np.asarray(digit) < 128
    strange = (np.asarray(other) < 128) & ~true
    ink = find_guided_ink(picture, map_of(true, strange))
    assert ink is not None
    assert ink.mask[true].mean() > 0.9
    assert ink.mask[strange].mean() < 0.1


def unsure(digit: np.ndarray, other: np.ndarray, share: float) -> PageMap:
    """Return a map that takes a digit's ink for one with that probability, and else for other."""
    likely = np.where(digit, np.float32(share), np.float32(0))
    ink = (digit | other).astype(np.float32)
    return PageMap(1 - ink, likely, ink - likely, 0 * ink)


def drawn(*lines: tuple[int, ...], width: int) -> np.ndarray:
    picture = Image.new("1", (300, 200))
    for points in lines:
        ImageDraw.Draw(picture).line(points, fill=1, width=width)
    return np.asarray(picture)


SEVEN = (110, 50, 170, 50, 130, 150)


def test_a_fine_digit_on_squared_paper_is_found() -> None:
    grid = drawn(
        *((x, 0, x, 199) for x in range(15, 300, 25)),
        *((0, y, 299, y) for y in range(15, 200, 25)),
        width=2,
    )
    digit = drawn(SEVEN, width=3)
    other = grid & ~digit
    picture = Image.fromarray(np.where(grid | digit, 0, 255).astype(np.uint8))
    page = unsure(digit, other, 0.35)
    page.digit[50:90][digit[50:90]] += 0.3
    page.other[50:90][digit[50:90]] -= 0.3
    ink = find_guided_ink(picture, page)
    assert ink is not None
    assert ink.mask[digit].mean() > 0.7
    assert ink.mask[other].mean() < 0.05


def test_a_digit_of_which_a_map_is_unsure_everywhere_stays_whole() -> None:
    digits = drawn(SEVEN, (210, 50, 210, 150), width=3)
    picture = Image.fromarray(np.where(digits, 0, 255).astype(np.uint8))
    page = unsure(digits, np.zeros_like(digits), 0.42)
    # In stripes, it is a little more than unsure.
    for top in range(6, 200, 12):
        stripe = slice(top, top + 6)
        page.digit[stripe][digits[stripe]] += 0.2
        page.other[stripe][digits[stripe]] -= 0.2
    ink = find_guided_ink(picture, page)
    assert ink is not None
    assert ink.mask[digits].mean() > 0.95


def test_a_line_through_a_digit_is_cut_off_where_a_map_is_sure_of_both() -> None:
    digit, strike = drawn((150, 40, 150, 160), width=8), drawn((90, 80, 210, 110), width=5)
    other = strike & ~digit
    picture = Image.fromarray(np.where(digit | other, 0, 255).astype(np.uint8))
    ink = find_guided_ink(picture, map_of(digit, other))
    assert ink is not None
    assert ink.mask[digit].mean() > 0.9
    assert ink.mask[other].mean() < 0.1


def test_a_large_digit_beside_small_ones_is_not_divided() -> None:
    large = drawn((40, 30, 110, 30, 60, 170), width=8)
    small = drawn(*((x, 120, x + 20, 120, x + 5, 170) for x in (150, 190, 230)), width=5)
    digits = large | small
    picture = Image.fromarray(np.where(digits, 0, 255).astype(np.uint8))
    page = map_of(digits, np.zeros_like(digits))
    page.digit[130:][large[130:]] = 0.4
    page.other[130:][large[130:]] = 0.6
    ink = find_guided_ink(picture, page)
    assert ink is not None
    assert ink.mask[large].mean() > 0.95


def test_dots_to_trace_become_strokes() -> None:
    picture = Image.new("1", (300, 200))
    for step in range(10):
        ImageDraw.Draw(picture).circle((150, 40 + 12 * step), 3, fill=1)
    digit = np.asarray(picture)
    page = unsure(digit, np.zeros_like(digit), 0.35)
    page.digit[30:80][digit[30:80]] = 0.6
    page.other[30:80][digit[30:80]] = 0.4
    ink = find_guided_ink(Image.fromarray(np.where(digit, 0, 255).astype(np.uint8)), page)
    assert ink is not None
    assert ink.mask[40:149, 150].all()
    assert (ink.strength[ink.mask] > 0).all()
    assert not (ink.removed & ink.mask).any()


def test_without_digits_there_is_nothing_to_find() -> None:
    nothing = np.zeros((50, 50), np.float32)
    page = PageMap(nothing + 1, nothing, nothing, nothing)
    picture = Image.new("RGB", (200, 200), "white")
    assert find_guided_ink(picture, page) is None
    assert normalise_guided(normalise(picture), page) is None


def test_digits_and_stages_follow_from_the_map() -> None:
    scene = scenes("box")[0]
    found = normalise(Image.fromarray(scene.picture))
    again = normalise_guided(found, true_map(scene))
    assert again is not None
    assert [stage.name for stage in again.stages] == [
        *("picture", "page", "grey", "paper", "ink", "found")
    ]
    assert len(again.digits) == len(scene.digits)
    assert again.size == found.size
    bare = normalise_guided(
        normalise(Image.fromarray(scene.picture), stages=False), true_map(scene)
    )
    assert bare is not None
    assert bare.stages == ()


def test_a_digit_on_dithered_paper_is_found_among_its_dots() -> None:
    digit = drawn(SEVEN, width=12)
    dots = np.random.default_rng(1).random(digit.shape) < 0.2
    picture = Image.fromarray(np.where(digit | dots, 0, 255).astype(np.uint8))
    ink = find_guided_ink(picture, map_of(digit, np.zeros_like(digit)))
    assert ink is not None
    assert ink.mask[digit].mean() > 0.9
    assert ink.mask[~digit].mean() < 0.03


def test_the_shade_of_a_page_on_a_dark_table_is_no_ink() -> None:
    """The page goes on as it is at its edges, instead of lighter."""
    across = np.linspace(60, 220, 300, dtype=np.float32)
    levels = np.tile(across, (200, 1))
    digit = drawn((70, 60, 90, 60, 76, 110), width=3) | drawn((200, 60, 230, 60, 210, 110), width=3)
    levels[digit] *= 0.85
    table = np.ones_like(digit)
    table[30:170, 40:260] = False
    levels[table] = 8
    levels += np.random.default_rng(2).normal(0, 1.5, levels.shape)
    truth = ((~digit & ~table), digit, np.zeros_like(digit), table)
    page = PageMap(*(part.astype(np.float32) for part in truth))
    ink = find_guided_ink(Image.fromarray(levels.clip(0, 255).astype(np.uint8)), page)
    assert ink is not None
    assert ink.mask[digit].mean() > 0.8
    assert ink.mask[~digit].mean() < 0.02
