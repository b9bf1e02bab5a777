"""Pages: every kind can be drawn, and the truth lies on the ink."""

from __future__ import annotations

import numpy as np
import pytest

from cnn.data.dataset import Dataset
from cnn.synthesis.fonts import Part
from cnn.synthesis.pages import (
    DIGIT_INK,
    KINDS,
    NO_DIGITS,
    NO_PAGE,
    OTHER_INK,
    PAPER,
    WITH_WORDS,
    PageScene,
    compose_pages,
)
from cnn.vision.morphology import slide

Sheet = tuple[np.ndarray, np.ndarray]


@pytest.fixture(scope="module")
def data(sheet: Sheet) -> Dataset:
    images, labels = sheet
    return Dataset(images[:, None], labels.astype(np.int64), tuple("0123456789"))


@pytest.fixture(scope="module")
def scenes(data: Dataset) -> list[PageScene]:
    return list(compose_pages(data, each=2, seed=4))


def without(scenes: list[PageScene]) -> list[PageScene]:
    return [scene for scene in scenes if scene.kind != NO_DIGITS]


def grown(mask: np.ndarray, length: int) -> np.ndarray:
    for axis in (0, 1):
        mask = slide(mask, length, np.logical_or, axis=axis)
    return mask


def test_there_are_forty_kinds_and_each_is_drawn(scenes: list[PageScene]) -> None:
    assert len(KINDS) > 40
    assert [scene.kind for scene in scenes] == [*KINDS, *KINDS]


def test_a_picture_is_one_that_can_be_sent(scenes: list[PageScene]) -> None:
    for scene in scenes:
        height, width = scene.truth.shape
        assert scene.picture.shape == (height, width, 3)
        assert min(height, width) >= 12
        assert max(height, width) <= 1600
        assert set(np.unique(scene.truth)) <= {PAPER, DIGIT_INK, OTHER_INK, NO_PAGE}


def test_the_text_is_the_digits_line_by_line(scenes: list[PageScene]) -> None:
    for scene in without(scenes):
        lines = scene.text.split("\n")
        assert all(line.isdecimal() for line in lines), scene.kind
        read = [
            "".join(str(d.digit) for d in scene.digits if d.line == n) for n in range(len(lines))
        ]
        assert read == lines


def test_every_digit_has_its_ink_and_no_one_elses(scenes: list[PageScene]) -> None:
    for scene in scenes:
        assert np.array_equal(scene.owners > 0, scene.truth == DIGIT_INK), scene.kind
        assert set(np.unique(scene.owners)) - {0} == set(range(1, len(scene.digits) + 1))
        for number, digit in enumerate(scene.digits, 1):
            rows, columns = np.nonzero(scene.owners == number)
            left, top, width, height = digit.box
            assert [left, left + width - 1] == [columns.min(), columns.max()]
            assert [top, top + height - 1] == [rows.min(), rows.max()]


def test_thin_and_small_writing_is_in_the_truth(data: Dataset) -> None:
    """A line thinner than a pixel is seen as well: it is not to be missing."""
    kinds = ["fine pen", "large and small rows", "large beside small", "60 to 200 pixels"]
    for scene in compose_pages(data, kinds=kinds, each=12, seed=78):
        assert scene.text, scene.kind
        for number, digit in enumerate(scene.digits, 1):
            pixels = int((scene.owners == number).sum())
            # Even a 1 of a pixel's width has as many as it is high, or nearly.
            assert pixels >= 0.6 * max(digit.box[2:]), (scene.kind, digit)


def test_digit_ink_differs_from_the_paper_around_it(scenes: list[PageScene]) -> None:
    """After all geometry: a truth that has slipped by a stroke's width would not."""
    for scene in without(scenes):
        colours = scene.picture.astype(np.float32)
        ink = scene.truth == DIGIT_INK
        near = grown(ink, 9) & ~grown(ink, 3) & (scene.truth == PAPER)
        assert near.any(), scene.kind
        contrasts, noise = [], []
        for number in range(1, len(scene.digits) + 1):
            own = scene.owners == number
            around = grown(own, 13) & near
            if around.sum() < 8:
                continue
            distance = np.abs(colours[own].mean(axis=0) - colours[around].mean(axis=0)).max()
            contrasts.append(distance)
            noise.append(colours[around].std(axis=0).max() / np.sqrt(around.sum()))
        assert np.median(contrasts) > 5, scene.kind
        assert np.mean(np.array(contrasts) > 3 * np.array(noise)) > 0.8, scene.kind


def contrast(scene: PageScene, down: int, right: int) -> float:
    """How far the digits' ink, moved aside, is from what lies around it, in grey levels."""
    grey, ink = scene.picture.mean(axis=2), scene.truth == DIGIT_INK
    near = grown(ink, 9)
    padded = np.pad(ink, 4)
    rows, columns = (slice(4 - d, 4 - d + n) for d, n in zip((down, right), ink.shape, strict=True))
    moved = padded[rows, columns]
    return abs(float(grey[moved].mean() - grey[near & ~moved].mean()))


def test_digit_ink_fits_where_it_is_said_to_be_and_not_beside_it(data: Dataset) -> None:
    kinds = ["photograph", "page on wood", "60 to 200 pixels", "ring", "rising rows", "plot"]
    for scene in compose_pages(data, kinds=kinds, each=2, seed=11):
        here = contrast(scene, 0, 0)
        aside = [contrast(scene, *way) for way in ((3, 0), (-3, 0), (0, 3), (0, -3))]
        assert here > max(aside), scene.kind


def test_pages_without_digits_have_none(data: Dataset) -> None:
    for scene in compose_pages(data, kinds=[NO_DIGITS], each=60, seed=1):
        assert scene.text == ""
        assert not scene.digits
        assert not (scene.truth == DIGIT_INK).any()


@pytest.mark.parametrize(
    ("kind", "what"),
    [
        ("box", "box"),
        ("ring", "ring"),
        ("sum", None),
        ("underlined", "line"),
        ("form comb", "line"),
        ("column sum", "line"),
        ("tick beside", None),
        ("letters beside", "letter"),
    ],
)
def test_what_is_no_digit_is_named_and_is_other_ink(
    data: Dataset, kind: str, what: str | None
) -> None:
    for scene in compose_pages(data, kinds=[kind], each=3, seed=2):
        assert scene.signs
        assert what is None or what in {sign.what for sign in scene.signs}
        for sign in scene.signs:
            left, top, width, height = sign.box
            assert (scene.truth[top : top + height, left : left + width] == OTHER_INK).any()


def test_tables_and_desktops_are_no_page(data: Dataset) -> None:
    kinds = ["page on wood", "page on a dark table", "window", "plot", "coloured frame"]
    for scene in compose_pages(data, kinds=kinds, each=2, seed=3):
        assert 0.02 < (scene.truth == NO_PAGE).mean() < 0.95, scene.kind


def test_the_same_seed_gives_the_same_pages_and_kinds_do_not_depend_on_others(
    data: Dataset, scenes: list[PageScene]
) -> None:
    kinds = ["ring", "window", "photograph"]
    alone = list(compose_pages(data, kinds=kinds, each=1, seed=4))
    others = list(compose_pages(data, kinds=kinds, each=1, seed=5))
    for kind, scene, other in zip(kinds, alone, others, strict=True):
        same = next(one for one in scenes if one.kind == kind)
        assert np.array_equal(scene.picture, same.picture)
        assert np.array_equal(scene.owners, same.owners)
        assert (scene.text, scene.signs) == (same.text, same.signs)
        assert not np.array_equal(scene.picture, other.picture)


@pytest.mark.parametrize("source", ["strokes", "fonts", "print"])
@pytest.mark.parametrize("part", ["training", "test"])
def test_digits_come_from_where_they_are_asked_for(source, part) -> None:
    made = list(compose_pages(None, kinds=["row", "table"], each=1, sources=[source], part=part))
    again = list(compose_pages(None, kinds=["row"], each=1, sources=["strokes"], part=part))
    assert all(scene.text for scene in made)
    assert source == "strokes" or not np.array_equal(made[0].picture, again[0].picture)


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ({"kinds": ["nonsense"]}, "kinds: expected some of"),
        ({"kinds": []}, "kinds: expected some of"),
        ({"kinds": "row"}, "kinds: expected some of"),
        ({"sources": ["pictures"]}, "sources: expected some of"),
        ({"sources": []}, "sources: expected some of"),
        ({"part": "all"}, "part: expected some of"),
        ({"each": 0}, "at least 1 page"),
    ],
)
def test_what_cannot_be_made_is_said_at_once(data: Dataset, choice, message) -> None:
    with pytest.raises(ValueError, match=message):
        compose_pages(data, **choice)


def test_data_must_be_there_and_hold_every_digit(data: Dataset) -> None:
    with pytest.raises(ValueError, match="expected a data set"):
        compose_pages(None)
    with pytest.raises(ValueError, match="all ten digits"):
        compose_pages(data.subset(data.labels < 9))
    with pytest.raises(ValueError, match="28, 28"):
        compose_pages(Dataset(data.images[:, :, :20], data.labels, data.classes))


@pytest.mark.parametrize("part", ["training", "test"])
def test_words_are_other_ink_beside_the_digits(data: Dataset, part: Part) -> None:
    for scene in compose_pages(data, kinds=WITH_WORDS, each=6, seed=2, part=part):
        words = [sign for sign in scene.signs if sign.what == "word"]
        assert words, scene.kind
        assert scene.text
        for word in words:
            left, top, width, height = word.box
            inside = scene.truth[top : top + height, left : left + width]
            assert (inside == OTHER_INK).any(), scene.kind


def test_words_of_a_sentence_stand_on_the_line_of_its_number(data: Dataset) -> None:
    beside = 0
    for scene in compose_pages(data, kinds=["number in a sentence"], each=12, seed=3):
        (_, top, _, height) = scene.digits[0].box
        middle = top + height / 2
        beside += any(
            sign.box[1] <= middle <= sign.box[1] + sign.box[3]
            for sign in scene.signs
            if sign.what == "word"
        )
    assert beside >= 10


def test_a_list_has_a_word_and_a_number_in_each_line(data: Dataset) -> None:
    for scene in compose_pages(data, kinds=["list"], each=8, seed=5):
        words = [sign for sign in scene.signs if sign.what == "word"]
        assert len(words) >= len(scene.text.split("\n"))
