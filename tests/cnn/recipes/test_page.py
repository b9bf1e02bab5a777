"""The recipe of the page model: lessons with their targets, and a short training."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from cnn.data import Dataset
from cnn.models.model import PAGE_CLASSES
from cnn.models.model_file import load_model, save_model
from cnn.recipes.page import PageRecipe, make_lessons, train_page
from cnn.synthesis.pages import DIGIT_INK, NO_DIGITS, NO_PAGE, OTHER_INK
from cnn.synthesis.strokes import STYLES, write_mnist
from cnn.training.callbacks import Checkpoint

UNKNOWN = 255


@pytest.fixture(scope="module")
def data() -> Dataset:
    written = write_mnist(100, tuple(STYLES.values()), rng=np.random.default_rng(0))
    return Dataset(written.images[:, None], written.labels, tuple("0123456789"))


def test_lessons_are_pages_with_a_class_for_every_point(data: Dataset) -> None:
    lessons = make_lessons(data, {"box": 3, NO_DIGITS: 2, "page on wood": 3}, side=96)
    assert lessons.images.shape == (8, 3, 96, 96)
    assert lessons.targets.shape == (8, 48, 48)
    assert lessons.images.dtype == lessons.targets.dtype == np.uint8
    assert set(np.unique(lessons.targets)) <= {*range(len(PAGE_CLASSES)), UNKNOWN}
    boxes, empty, wood = np.split(lessons.targets, (3, 5))
    assert {DIGIT_INK, OTHER_INK} <= set(np.unique(boxes))
    assert not (empty == DIGIT_INK).any()
    assert (wood == NO_PAGE).any()


def test_what_is_no_picture_has_no_class(data: Dataset) -> None:
    lessons = make_lessons(data, {"row": 6}, side=96)
    for image, target in zip(lessons.images, lessons.targets, strict=True):
        outside = np.kron(target == UNKNOWN, np.ones((2, 2), bool))
        assert (image[:, outside] == 128).all()


def test_the_same_seed_makes_the_same_lessons(data: Dataset) -> None:
    first, second, other = (
        make_lessons(data, {"row": 2}, side=64, seed=seed) for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(first.images, second.images)
    np.testing.assert_array_equal(first.targets, second.targets)
    assert (first.images != other.images).any()


def test_a_short_training_gives_a_model_that_can_be_saved(data: Dataset, tmp_path: Path) -> None:
    recipe = PageRecipe(side=64, each=1, anything=1, nothing=1, held_out=1, epochs=1)
    checkpoint = tmp_path / "checkpoint"
    model, overlaps = train_page(recipe, data, data, callbacks=[Checkpoint(checkpoint)])
    assert checkpoint.exists()
    assert model.classes == PAGE_CLASSES == tuple(overlaps)
    assert all(0 <= overlap <= 1 for overlap in overlaps.values())
    save_model(model, tmp_path / "page.dnm", half=True)
    answers = load_model(tmp_path / "page.dnm").predict(np.zeros((1, 3, 64, 64), np.uint8))
    assert answers.shape == (1, 4, 32, 32)
    np.testing.assert_allclose(answers.sum(axis=1), 1, rtol=1e-5)
