"""Containers: a header and arrays, which come back bit by bit."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from cnn.models.container import kind_of, read_container, write_container


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file's name for all examples of a test."""
    return tmp_path_factory.mktemp("containers") / "file"


@given(
    st.dictionaries(
        st.text(max_size=8),
        st.sampled_from(["float16", "float32", "float64", "int64", "uint8"]).flatmap(
            lambda dtype: arrays.arrays(
                dtype, arrays.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4)
            )
        ),
        max_size=4,
    )
)
def test_any_arrays_come_back_bit_by_bit(place: Path, stored: dict[str, np.ndarray]) -> None:
    write_container(place, kind="test", contents={"a": [1, None, "ä"]}, arrays=stored)
    contents, found = read_container(place, kind="test")
    assert contents == {"a": [1, None, "ä"]}
    assert list(found) == list(stored)
    for name, array in stored.items():
        assert found[name].dtype == array.dtype
        assert found[name].shape == array.shape
        assert found[name].tobytes() == array.tobytes()


def test_arrays_in_any_order_in_memory_are_stored_row_by_row(tmp_path: Path) -> None:
    array = np.arange(12.0).reshape(3, 4)
    write_container(
        tmp_path / "a", kind="test", contents={}, arrays={"t": array.T, "s": array[::2, ::-1]}
    )
    _, found = read_container(tmp_path / "a", kind="test")
    assert np.array_equal(found["t"], array.T)
    assert np.array_equal(found["s"], array[::2, ::-1])


def test_what_cannot_be_stored_is_refused_and_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")
    with pytest.raises(ValueError, match="w: arrays of type complex128 cannot be stored"):
        write_container(path, kind="test", contents={}, arrays={"w": np.zeros(2, complex)})
    with pytest.raises(ValueError, match="Out of range float values"):
        write_container(path, kind="test", contents={"a": float("nan")}, arrays={})
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_says_what_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "a"
    write_container(path, kind="generator", contents={}, arrays={})
    content = path.read_bytes()
    assert kind_of(content) == "generator"
    for other in (b"", b"PK\3\4", content[:60], content.replace(b'"kind"', b'"king"')):
        assert kind_of(other) is None
