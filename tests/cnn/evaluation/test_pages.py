"""Pages: what is read right is counted by kind, and what is not can be looked at."""

from __future__ import annotations

import numpy as np
import pytest

import cnn
from cnn.data import Dataset
from cnn.evaluation.pages import (
    MisreadPage,
    PagesOfKind,
    draw_misread_pages,
    measure_pages,
    pages_table,
)
from cnn.reading.reader import Reading, read_by_map

NOTHING = Reading((), None, None)
Sheet = tuple[np.ndarray, np.ndarray]


@pytest.fixture(scope="module")
def data(sheet: Sheet) -> Dataset:
    images, labels = sheet
    return Dataset(images[:, None], labels.astype(np.int64), tuple("0123456789"))


def test_pages_are_measured_by_kind(data: Dataset) -> None:
    names = ["one digit", "row", "no digits"]
    single, row, nothing = measure_pages(cnn.load_model(), data, kinds=names, each=6)
    assert [single.kind, row.kind, nothing.kind] == names
    for kind in (single, row, nothing):
        assert kind.count == 6
        assert kind.numbers == 1 - len(kind.wrong) / 6
        assert all(page.text != page.answer for page in kind.wrong)
    assert single.numbers >= 0.5
    assert row.digits is not None
    assert row.digits >= max(0.5, row.numbers)
    assert nothing.digits is None
    assert all(page.text == "" for page in nothing.wrong)


def test_the_table_has_each_kind_and_the_mean_of_those_with_digits() -> None:
    kinds = [
        PagesOfKind("ring", 4, 0.5, 0.8, ()),
        PagesOfKind("box", 4, 1.0, 1.0, ()),
        PagesOfKind("no digits", 4, 0.25, None, ()),
    ]
    _, ring, _, nothing, mean = pages_table(kinds).splitlines()
    assert ring.split() == ["ring", "4", "50.00%", "80.00%"]
    assert nothing.split()[-2:] == ["25.00%", "–"]
    assert mean.split()[-2:] == ["75.00%", "90.00%"]


def test_what_reads_may_be_the_map_alone(data: Dataset) -> None:
    model = cnn.load_model()
    [row] = measure_pages(model, data, kinds=["row"], each=6, reader=read_by_map)
    assert row.numbers >= 0.3
    [none] = measure_pages(model, data, kinds=["row"], each=6, reader=lambda *_: NOTHING)
    assert none.numbers == 0


def test_misread_pages_are_drawn_at_most_eight_of_a_kind() -> None:
    page = MisreadPage(np.full((150, 150, 3), (0, 150, 0), np.uint8), "12\n3", "")
    few = draw_misread_pages([PagesOfKind("ring", 10, 0.0, 0.0, (page,) * 3)])
    many = draw_misread_pages([PagesOfKind("ring", 20, 0.0, 0.0, (page,) * 20)])
    count = [int((np.asarray(one) == (0, 150, 0)).all(axis=2).sum()) for one in (few, many)]
    assert count == [3 * 150**2, 8 * 150**2]
    with pytest.raises(ValueError, match="nothing was read wrong"):
        draw_misread_pages([PagesOfKind("ring", 10, 1.0, 1.0, ())])
