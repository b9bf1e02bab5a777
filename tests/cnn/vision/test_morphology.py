"""Windows: the doubling one gives what a plain loop does."""

from __future__ import annotations

import numpy as np
import pytest

from cnn.vision.morphology import close, neighbours, open_runs, pen_width, slide


@pytest.mark.parametrize("length", [1, 3, 5, 9, 15])
@pytest.mark.parametrize("axis", [0, 1])
@pytest.mark.parametrize("choose", [np.maximum, np.minimum])
def test_a_window_slides_over_every_cell(length: int, axis: int, choose: np.ufunc) -> None:
    a = np.random.default_rng(length).integers(0, 256, (20, 26)).astype(np.uint8)
    pad = [(0, 0), (0, 0)]
    pad[axis] = (length // 2, length // 2)
    view = np.lib.stride_tricks.sliding_window_view(np.pad(a, pad, "edge"), length, axis)
    assert np.array_equal(slide(a, length, choose, axis=axis), choose.reduce(view, axis=-1))


def test_what_is_darker_and_narrower_than_the_window_is_filled() -> None:
    page = np.full((40, 60), 200, np.uint8)
    page[:, 30:] = 120
    shadowed = page.copy()
    page[10:30, 10:13] = 20
    page[10:30, 40:43] = 10
    assert np.array_equal(close(page, 7), shadowed)


def test_only_long_runs_are_kept() -> None:
    mask = np.zeros((9, 20), bool)
    mask[2, 3:14] = True
    mask[5, 4:8] = True
    mask[8, 15:] = True
    assert np.flatnonzero(open_runs(mask, 5, axis=1).any(axis=1)).tolist() == [2, 8]
    assert open_runs(mask, 5, axis=1)[2].sum() == 11
    assert not open_runs(mask, 3, axis=0).any()


def test_every_cell_has_eight_neighbours() -> None:
    around = neighbours(np.arange(12).reshape(3, 4))
    assert around[:, 1, 1].tolist() == [0, 1, 2, 4, 6, 8, 9, 10]
    assert around[:, 0, 0].tolist() == [0, 0, 1, 0, 1, 4, 4, 5]


@pytest.mark.parametrize("width", [2, 5, 9])
def test_the_width_of_a_pen_is_that_of_its_line(width: int) -> None:
    page = np.zeros((60, 200), bool)
    page[20 : 20 + width, 5:195] = True
    assert pen_width(page) == pytest.approx(width, rel=0.1)
    assert pen_width(np.zeros((4, 4), bool)) == 1
