"""Data sets in memory: their checks, and splits that keep the classes in proportion."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnn.data import Dataset, as_floats


def numbered(counts: list[int]) -> Dataset:
    """Return a data set with so many pictures of each class, each picture its own number."""
    labels = np.repeat(np.arange(len(counts)), counts).astype(np.int64)
    images = np.arange(len(labels) * 2, dtype=np.uint8).reshape(-1, 1, 1, 2)
    return Dataset(images, labels, tuple("abcdefghij"[: len(counts)]))


@pytest.mark.parametrize(
    ("images", "labels", "message"),
    [
        (np.zeros((2, 28, 28), np.uint8), np.zeros(2, np.int64), r"got uint8 \(2, 28, 28\)"),
        (np.zeros((2, 1, 4, 4)), np.zeros(2, np.int64), r"got float64 \(2, 1, 4, 4\)"),
        (np.zeros((2, 1, 4, 4), np.uint8), np.zeros(3, np.int64), r"N = 2.*got int64 \(3,\)"),
        (np.zeros((2, 1, 4, 4), np.uint8), np.zeros(2, np.int32), r"got int32 \(2,\)"),
        (np.zeros((2, 1, 4, 4), np.uint8), np.array([0, 2]), "0 to 1 for 2 classes, got 0 to 2"),
        (np.zeros((2, 1, 4, 4), np.uint8), np.array([-1, 0]), "got -1 to 0"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(
    images: np.ndarray, labels: np.ndarray, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        Dataset(images, labels, ("a", "b"))


def test_its_length_is_the_number_of_pictures() -> None:
    assert len(numbered([2, 3])) == 5
    assert len(Dataset(np.zeros((0, 1, 2, 2), np.uint8), np.zeros(0, np.int64), ())) == 0


def test_its_repr_does_not_print_the_pictures() -> None:
    assert repr(numbered([1, 1])) == "Dataset(classes=('a', 'b'))"


@pytest.mark.parametrize(
    ("indices", "labels"),
    [
        ([4, 0, 0], [1, 0, 0]),
        (np.array([1, 3]), [0, 1]),
        (np.array([True, False, False, False, True]), [0, 1]),
        ([], []),
    ],
)
def test_a_subset_keeps_the_order_asked_for(indices: object, labels: list[int]) -> None:
    whole = numbered([2, 3])
    subset = whole.subset(indices)  # type: ignore[arg-type]
    assert subset.labels.tolist() == labels
    assert subset.classes == whole.classes


def test_a_subset_outside_the_data_set_is_refused() -> None:
    with pytest.raises(IndexError):
        numbered([2, 3]).subset([5])


@given(
    counts=st.lists(st.integers(0, 40), min_size=1, max_size=5).filter(lambda c: sum(c) > 1),
    seed=st.integers(0, 9),
    data=st.data(),
)
def test_a_split_divides_every_class_in_proportion(
    counts: list[int], seed: int, data: st.DataObject
) -> None:
    whole = numbered(counts)
    count = data.draw(st.integers(1, len(whole) - 1))
    rest, held_out = whole.split(count, rng=np.random.default_rng(seed))
    assert len(held_out) == count
    both = np.concatenate([rest.images, held_out.images])
    assert np.array_equal(np.unique(both, axis=0), np.unique(whole.images, axis=0))
    assert len(both) == len(whole)
    for label, size in enumerate(counts):
        exact = size * count / len(whole)
        assert abs(int((held_out.labels == label).sum()) - exact) < 1


def test_a_fraction_is_held_out() -> None:
    rest, held_out = numbered([50, 30]).split(0.1, rng=np.random.default_rng(0))
    assert np.bincount(held_out.labels).tolist() == [5, 3]
    assert np.bincount(rest.labels).tolist() == [45, 27]


def test_the_same_seed_gives_the_same_split_and_another_seed_another() -> None:
    whole = numbered([50, 50])
    first, again, other = (whole.split(10, rng=np.random.default_rng(s))[1] for s in (1, 1, 2))
    assert np.array_equal(first.images, again.images)
    assert not np.array_equal(first.images, other.images)


@pytest.mark.parametrize("held_out", [0, 5, -1, 0.0, 1.0, 0.01])
def test_a_split_with_an_empty_side_is_refused(held_out: float) -> None:
    with pytest.raises(ValueError, match="of 5 pictures: expected a count from 1 to 4"):
        numbered([2, 3]).split(held_out, rng=np.random.default_rng(0))


def test_bytes_become_floats_from_nought_to_one() -> None:
    floats = as_floats(np.array([0, 51, 255], dtype=np.uint8))
    assert floats.dtype == np.float32
    assert floats.tolist() == [0.0, np.float32(0.2), 1.0]


def test_floats_are_not_divided_again() -> None:
    with pytest.raises(ValueError, match=r"must be uint8, got float32 \(3,\)"):
        as_floats(np.zeros(3, dtype=np.float32))
