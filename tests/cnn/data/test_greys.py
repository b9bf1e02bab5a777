"""Greys of more than 8 bits: spread over 0 to 255, whatever numbers a file has."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from cnn.data.greys import reduce_greys


def reduced(numbers: list[list[float]]) -> list[list[int]]:
    levels = np.asarray(reduce_greys(Image.fromarray(np.array(numbers, np.float32))))
    return [[int(level) for level in row] for row in levels]


def test_the_smallest_number_is_black_and_the_largest_white() -> None:
    assert reduced([[-2, 0], [1, 3]]) == [[0, 102], [153, 255]]


def test_of_a_single_number_all_is_black() -> None:
    assert reduced([[7, 7], [7, 7]]) == [[0, 0], [0, 0]]


def test_what_is_infinite_is_as_black_or_white_as_the_rest_can_be() -> None:
    assert reduced([[-np.inf, 0], [10, np.inf]]) == [[0, 0], [255, 255]]


def test_what_is_no_number_is_as_grey_as_the_middle_of_the_rest() -> None:
    assert reduced([[0, 10, 10], [5, np.nan, 10]]) == [[0, 255, 255], [128, 255, 255]]


@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf])
def test_without_any_number_all_is_black(number: float) -> None:
    assert reduced([[number, number]]) == [[0, 0]]


def test_numbers_as_large_as_can_be_do_not_overflow() -> None:
    most = float(np.finfo(np.float32).max)
    assert reduced([[-most, 0, most]]) == [[0, 128, 255]]
