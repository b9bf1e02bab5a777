"""A closer look at a page: which parts of it are looked at again, and what it is good for."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from cnn.models.model import Model
from cnn.models.model_file import load_model
from cnn.synthesis.pages import DIGIT_INK, OTHER_INK, compose_pages
from cnn.vision.closer_look import choose_parts, map_closely
from cnn.vision.page_map import PageMap, map_page


@pytest.fixture(scope="module")
def model() -> Model:
    return load_model()


def row(count: int, *, tall: int, shape: tuple[int, int] = (128, 128)) -> np.ndarray:
    """Return a map with a row of bars for digits."""
    digit = np.zeros(shape, np.float32)
    for left in np.linspace(4, shape[1] - tall, count).astype(int):
        digit[20 : 20 + tall, left : left + tall // 2] = 0.9
    return digit


def test_a_blank_page_has_no_parts() -> None:
    assert choose_parts(np.zeros((128, 90), np.float32)) == (0.0, [])
    specks = np.zeros((128, 90), np.float32)
    specks[::10, ::10] = 1
    assert choose_parts(specks) == (0.0, [])


@pytest.mark.parametrize(("count", "tall"), [(1, 100), (1, 8), (6, 12), (12, 6), (30, 3)])
def test_parts_are_few_and_hold_all_digits(count: int, tall: int) -> None:
    digit = row(count, tall=tall)
    height, parts = choose_parts(digit)
    assert height == tall
    assert 1 <= len(parts) <= 4
    covered = np.zeros(digit.shape, bool)
    for left, top, right, bottom in parts:
        assert 0 <= left < right <= 128
        assert 0 <= top < bottom <= 128
        covered[top:bottom, left:right] = True
    assert covered[digit > 0].all()


def test_parts_without_a_digit_are_not_looked_at() -> None:
    digit = np.zeros((128, 128), np.float32)
    digit[4:14, 4:9] = digit[110:120, 110:115] = 1
    assert len(choose_parts(digit)[1]) == 2


def test_a_strip_in_which_nothing_is_seen_is_looked_at_closely() -> None:
    tall, parts = choose_parts(np.zeros((10, 128), np.float32))
    assert tall == 5
    assert 2 <= len(parts) <= 4
    assert (parts[0][0], parts[-1][2]) == (0, 128)
    assert all((top, bottom) == (0, 10) for _, top, _, bottom in parts)
    assert choose_parts(np.zeros((128, 10), np.float32))[1][0][2] == 10


def test_a_large_digit_is_looked_at_once(model: Model) -> None:
    assert model.page is not None
    (page,) = compose_pages(None, kinds=["one digit, tight"], each=1, seed=2, sources=["strokes"])
    picture = Image.fromarray(page.picture)
    np.testing.assert_array_equal(
        map_closely(model.page, picture).points, map_page(model.page, picture).points
    )


@pytest.mark.parametrize("size", [(12, 12), (12, 200), (600, 13), (30, 22), (64, 64)])
def test_pictures_of_any_size_have_a_map(model: Model, size: tuple[int, int]) -> None:
    assert model.page is not None
    picture = Image.new("L", size, 255)
    for left in range(1, size[0] - 2, 5):
        ImageDraw.Draw(picture).line([(left, 2), (left + 1, min(8, size[1] - 2))], fill=0)
    points = map_closely(model.page, picture).points
    assert points.ndim == 3
    np.testing.assert_allclose(points.sum(axis=0), 1, atol=1e-5)


def test_small_digits_and_the_lines_beside_them_are_told_apart_better(model: Model) -> None:
    assert model.page is not None
    gains = []
    for scene in compose_pages(
        None, kinds=["form boxes", "form comb"], each=6, seed=4, sources=["strokes"]
    ):
        picture = Image.fromarray(scene.picture)
        coarse, fine = map_page(model.page, picture), map_closely(model.page, picture)
        if fine.digit.shape == coarse.digit.shape:
            continue  # its digits are not small
        assert fine.points.dtype == np.float32
        np.testing.assert_allclose(fine.points.sum(axis=0), 1, atol=1e-5)
        gains.append(sureness(fine, scene.truth) - sureness(coarse, scene.truth))
    assert len(gains) >= 5
    assert np.mean(gains) > 0.03


def sureness(page: PageMap, truth: np.ndarray) -> float:
    """Return the mean probability of what is true at the ink of digits and at other ink."""
    size = truth.shape[::-1]
    sure = [
        np.asarray(Image.fromarray(part).resize(size))[truth == one].mean()
        for part, one in ((page.digit, DIGIT_INK), (page.other, OTHER_INK))
    ]
    return float(np.mean(sure))
