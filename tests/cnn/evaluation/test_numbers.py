"""Numbers in photographs: what is read right is counted by kind."""

from __future__ import annotations

import numpy as np
import pytest

import cnn
from cnn.data import Dataset
from cnn.evaluation.numbers import NumbersOfKind, edit_distance, measure_numbers, numbers_table

Sheet = tuple[np.ndarray, np.ndarray]


@pytest.fixture(scope="module")
def data(sheet: Sheet) -> Dataset:
    images, labels = sheet
    return Dataset(images[:, None], labels.astype(np.int64), tuple("0123456789"))


def test_numbers_are_measured_by_kind(data: Dataset) -> None:
    kinds = measure_numbers(cnn.load_model(), data, each=1)
    assert all(kind.count == 1 for kind in kinds)
    assert all(kind.numbers == 1 - len(kind.wrong) for kind in kinds)
    assert sum(kind.numbers for kind in kinds) >= 7
    rows = numbers_table(kinds).splitlines()
    assert len(rows) == len(kinds) + 2


def test_a_kind_that_misses_its_goal_is_marked() -> None:
    rows = numbers_table(
        [NumbersOfKind("good", 9, 0.95, 0.99, ()), NumbersOfKind("poor", 9, 0.95, 0.9, ())]
    ).splitlines()
    assert "×" not in rows[1]
    assert rows[2].endswith("×")


@pytest.mark.parametrize(
    ("a", "b", "distance"),
    [("", "", 0), ("123", "123", 0), ("123", "13", 1), ("13", "123", 1), ("42", "24", 2)],
)
def test_edit_distance(a: str, b: str, distance: int) -> None:
    assert edit_distance(a, b) == distance
