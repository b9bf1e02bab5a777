"""Rows of small writing under or over large digits."""

from __future__ import annotations

import numpy as np
import pytest

from cnn.vision.small_rows import find_small_rows

LARGE = [(100, 20, 160, 120), (170, 20, 230, 120)]
SMALL = [(100, 130, 125, 175), (135, 130, 160, 175), (170, 132, 195, 174)]


def found(boxes: list[tuple[int, int, int, int]], least: int = 2) -> list[bool]:
    rows: list[bool] = find_small_rows(np.array(boxes).reshape(-1, 4), least=least).tolist()
    return rows


@pytest.mark.parametrize("below", [True, False])
def test_a_row_under_or_over_large_digits_is_found(below: bool) -> None:
    boxes = [*LARGE, *SMALL]
    if not below:
        boxes = [(left, 300 - bottom, right, 300 - top) for left, top, right, bottom in boxes]
    assert found(boxes) == [False, False, True, True, True]


def test_a_single_one_is_no_row() -> None:
    assert not any(found([*LARGE, SMALL[0]]))


def test_as_many_as_asked_for_are_a_row() -> None:
    assert not any(found([*LARGE, *SMALL[:2]], least=3))
    assert sum(found([*LARGE, *SMALL], least=3)) == 3


def test_what_stands_beside_a_large_digit_may_be_a_piece_of_it() -> None:
    assert not any(found([*LARGE, (240, 60, 265, 105), (270, 60, 295, 105)]))


def test_bars_and_points_are_none() -> None:
    bars = [(100, 2, 150, 10), (170, 2, 220, 10)]
    points = [(100, 130, 110, 140), (120, 130, 130, 140), (140, 130, 150, 140)]
    assert not any(found([*LARGE, *bars]))
    assert not any(found([*LARGE, *points]))


def test_far_from_larger_ones_or_with_none_it_is_a_row_as_any() -> None:
    far = [(left + 400, top, right + 400, bottom) for left, top, right, bottom in SMALL]
    assert not any(found([*LARGE, *far]))
    assert not any(found(SMALL))
    assert found([]) == []
