"""Rows of touching digits: each digit's middle is where it was written."""

from __future__ import annotations

import numpy as np
import pytest

from cnn.data import Dataset
from cnn.synthesis.rows import draw_rows
from cnn.synthesis.strokes import STYLES, write_mnist
from cnn.vision.components import find_components
from cnn.vision.row_frame import COLUMNS, NEITHER, OTHER, ROW_SHAPE


@pytest.fixture(scope="module")
def data() -> Dataset:
    written = write_mnist(100, tuple(STYLES.values()), rng=np.random.default_rng(0))
    return Dataset(written.images[:, None], written.labels, tuple("0123456789"))


def test_rows_have_a_class_for_every_column(data: Dataset) -> None:
    rows = draw_rows(data, 200, seed=1)
    assert rows.images.shape == (200, 1, *ROW_SHAPE)
    assert rows.targets.shape == (200, 1, COLUMNS)
    assert rows.images.dtype == rows.targets.dtype == np.uint8
    assert set(np.unique(rows.targets)) == {*range(10), OTHER, NEITHER}
    # Every middle lies over the ink.
    inked = rows.images[:, 0].max(axis=1).reshape(200, COLUMNS, 2).max(axis=2) > 0
    spans = (
        np.maximum.accumulate(inked, axis=1)
        & np.maximum.accumulate(inked[:, ::-1], axis=1)[:, ::-1]
    )
    assert spans[rows.targets[:, 0] != NEITHER].mean() > 0.995


def test_most_digits_touch(data: Dataset) -> None:
    rows = draw_rows(data, 200, seed=2)
    several = [
        place
        for place, columns in enumerate(rows.targets[:, 0])
        if np.count_nonzero(np.diff(columns, prepend=NEITHER) != 0) >= 4
    ]
    pieces = [len(find_components(rows.images[place, 0] > 40).boxes) for place in several]
    assert np.mean(np.array(pieces) == 1) > 0.5


def test_the_same_seed_draws_the_same_rows(data: Dataset) -> None:
    first, second, other = (draw_rows(data, 5, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.images, second.images)
    np.testing.assert_array_equal(first.targets, second.targets)
    assert (first.images != other.images).any()
