"""Worksheets filled in and photographed: the truth is what is written, and seeds repeat."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from cnn.data.dataset import Dataset
from cnn.synthesis.pages.writers import Sources
from cnn.synthesis.sheets import DAMAGES, Filled, Printed, Task, fill_in, photograph

SCALE = 6
BOXES = tuple((20.0 + 12 * column, 20.0, 9.5, 12.0) for column in range(2))


@pytest.fixture(scope="module")
def sources(sheet: tuple[np.ndarray, np.ndarray]) -> Sources:
    images, labels = sheet
    return Sources(Dataset(images[:, None], labels, tuple(map(str, range(10)))), "test")


def printed(count: int = 40) -> Printed:
    """Return a white page with tasks in four columns, of which the first has an answer of 42."""
    tasks = tuple(
        Task(
            "42",
            tuple((x + 45 * (number % 4), y + 20 * (number // 4), w, h) for x, y, w, h in BOXES),
        )
        for number in range(count)
    )
    return Printed(np.full((297 * SCALE, 210 * SCALE, 3), 255, np.uint8), SCALE, tasks)


def filled(sources: Sources, seed: int = 0) -> Filled:
    return fill_in(printed(), sources, np.random.default_rng(seed))


def ink_in(page: Filled, task: Task) -> float:
    left, top, _, height = (length * SCALE for length in task.boxes[0])
    right = (task.boxes[-1][0] + task.boxes[-1][2]) * SCALE
    part = page.picture[round(top) : round(top + height), round(left) : round(right)]
    return float(255 - part.mean())


def test_answers_are_written_where_the_boxes_are_and_blank_ones_are_not(sources: Sources) -> None:
    manners = set()
    for seed in range(3):
        page = filled(sources, seed)
        manners |= set(page.manners)
        for task, written, manner in zip(printed().tasks, page.written, page.manners, strict=True):
            if manner != "beside":
                assert (ink_in(page, task) > 1) == (manner != "blank")
            assert (written == "42") == (manner == "right")
            assert written.isdigit() == (manner in ("right", "wrong"))
            assert len(written) <= 2
    assert {"right", "wrong", "blank", "crossed out"} <= manners


def test_the_same_seed_fills_in_the_same(sources: Sources) -> None:
    one, again = filled(sources, 4), filled(sources, 4)
    np.testing.assert_array_equal(one.picture, again.picture)
    assert (one.written, one.manners) == (again.written, again.manners)
    assert (one.picture != filled(sources, 5).picture).any()


@pytest.mark.parametrize("name", ["scan, 150 dpi", "all at once"])
def test_pictures_have_the_size_that_is_asked_for(name: str) -> None:
    page, damage = printed().picture, DAMAGES[name]
    content = photograph(page, SCALE, damage, np.random.default_rng(1))
    assert content == photograph(page, SCALE, damage, np.random.default_rng(1))
    with Image.open(io.BytesIO(content)) as picture:
        assert picture.format == "JPEG"
        pixels = picture.width * picture.height / 1e6
    if damage.pixels[1]:
        assert damage.pixels[0] - 0.1 <= pixels <= damage.pixels[1] + 0.1
    else:
        assert pixels == pytest.approx(210 * 297 * (150 / 25.4) ** 2 / 1e6, rel=0.01)


def test_the_whole_page_is_in_the_picture() -> None:
    page = printed().picture
    for place in ((0, 0), (-1, 0), (0, -1), (-1, -1)):
        down, across = (slice(None, 60) if side == 0 else slice(-60, None) for side in place)
        page[down, across] = (0, 255, 0)
    content = photograph(page, SCALE, DAMAGES["perspective to 35°"], np.random.default_rng(2))
    with Image.open(io.BytesIO(content)) as picture:
        red, green, blue = np.moveaxis(np.asarray(picture, np.int16), 2, 0)
    lines, places = np.nonzero((green > red + 60) & (green > blue + 60))
    quarters = set(zip(lines > len(red) / 2, places > red.shape[1] / 2, strict=True))
    assert len(quarters) == 4
