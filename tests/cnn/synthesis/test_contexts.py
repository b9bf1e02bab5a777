"""Pieces of ink among others: what they are is what was drawn."""

from __future__ import annotations

import numpy as np
import pytest

from cnn.data import Dataset
from cnn.models.model import OTHER_IN_CONTEXT
from cnn.synthesis.contexts import ContextLessons, draw_contexts
from cnn.synthesis.pages.signs import SIGNS, free_form
from cnn.synthesis.strokes import STYLES, write_mnist
from cnn.vision.neighbourhood import FRAME_SHAPE


@pytest.fixture(scope="module")
def data() -> Dataset:
    written = write_mnist(100, tuple(STYLES.values()), rng=np.random.default_rng(0))
    return Dataset(written.images[:, None], written.labels, tuple("0123456789"))


@pytest.fixture(scope="module")
def lessons(data: Dataset) -> ContextLessons:
    return draw_contexts(data, 150, seed=1)


def test_every_class_is_there_and_every_piece_has_others_beside_it(
    lessons: ContextLessons,
) -> None:
    images, targets = lessons.images, lessons.targets
    assert len(images) == len(targets) > 400
    assert images.shape[1:] == FRAME_SHAPE
    assert images.dtype == targets.dtype == np.uint8
    assert set(targets.tolist()) == {*range(10), OTHER_IN_CONTEXT}
    assert 0.25 < np.mean(targets == OTHER_IN_CONTEXT) < 0.75
    assert (images[:, 0].max(axis=(1, 2)) > 0).all()
    # Some of the others lie beyond the edge.
    assert np.mean(images[:, 1].max(axis=(1, 2)) > 0) > 0.8


def test_digits_are_as_tall_as_those_beside_them(lessons: ContextLessons) -> None:
    inked = (lessons.images[:, 0] > 100).any(axis=2).sum(axis=1)
    digits = inked[lessons.targets != OTHER_IN_CONTEXT]
    assert 17 <= np.median(digits) <= 23


def test_the_same_seed_draws_the_same_pieces(data: Dataset) -> None:
    first, second, other = (draw_contexts(data, 20, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.images, second.images)
    np.testing.assert_array_equal(first.targets, second.targets)
    assert not np.array_equal(first.images, other.images)


def test_slashes_plus_signs_and_brackets_have_free_forms() -> None:
    rng = np.random.default_rng(0)
    free = {name for name in SIGNS if free_form(name, rng) is not None}
    assert free == {
        "slash",
        "plus",
        "opening bracket",
        "closing bracket",
        "opening square",
        "closing square",
    }
    one, two = (free_form("slash", rng) for _ in range(2))
    assert one != two
