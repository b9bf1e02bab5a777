"""The pure functions: values by hand, properties, and the check of gradients itself."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from cnn.layers.functional import log_softmax, one_hot, pad_or_crop, same_padding, softmax, windows
from cnn.layers.gradcheck import numerical_gradient, relative_error

ROWS = arrays.arrays(
    np.float64, st.tuples(st.integers(1, 4), st.integers(1, 5)), elements=st.floats(-1e6, 1e6)
)


@given(ROWS)
def test_softmax_adds_up_to_one_and_keeps_the_order(x: np.ndarray) -> None:
    y = softmax(x)
    np.testing.assert_allclose(y.sum(axis=-1), 1)
    np.testing.assert_allclose(np.take_along_axis(y, x.argsort(-1), -1), np.sort(y))
    np.testing.assert_allclose(np.exp(log_softmax(x)), y, atol=1e-12)


def test_the_logarithm_of_a_vanishing_probability_is_finite() -> None:
    assert log_softmax(np.array([0.0, -5000.0])).tolist() == [0, -5000]


def test_one_hot_by_hand() -> None:
    assert one_hot(np.array([2, 0], np.uint8), 3).tolist() == [[0, 0, 1], [1, 0, 0]]
    assert one_hot(np.zeros(0, int), 3).shape == (0, 3)


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (np.zeros((2, 1), int), r"shape \(N,\), got int64 \(2, 1\)"),
        (np.zeros(2), "whole numbers .* got float64"),
        (np.array([0, 3]), r"0\.\.2, got 0\.\.3"),
        (np.array([-1]), r"0\.\.2, got -1\.\.-1"),
    ],
)
def test_labels_that_are_none_are_refused(labels: np.ndarray, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        one_hot(labels, 3)


@given(length=st.integers(1, 50), size=st.integers(1, 9), stride=st.integers(1, 9))
def test_same_padding_gives_the_length_divided_by_the_stride(
    length: int, size: int, stride: int
) -> None:
    before, after = same_padding(length, size, stride)
    assert 0 <= before <= after <= before + 1
    room = length + before + after - size
    # A stride beyond the kernel may leave room, but never for another window.
    assert room // stride + 1 == -(-length // stride)


@given(
    top=st.integers(-2, 3),
    bottom=st.integers(-2, 3),
    left=st.integers(-2, 3),
    right=st.integers(-1, 3),
)
def test_padding_and_cropping_put_every_pixel_where_it_belongs(
    top: int, bottom: int, left: int, right: int
) -> None:
    x = np.arange(1.0, 41).reshape(1, 5, 4, 2)
    y = pad_or_crop(x, (top, bottom), (left, right), value=-1)
    assert y.shape == (1, 5 + top + bottom, 4 + left + right, 2)
    for row, column in np.ndindex(y.shape[1:3]):
        i, j = row - top, column - left
        inside = 0 <= i < 5 and 0 <= j < 4
        assert y[0, row, column].tolist() == (x[0, i, j].tolist() if inside else [-1, -1])


def test_windows_are_a_view_that_cannot_be_written() -> None:
    x = np.arange(32.0).reshape(1, 4, 4, 2)
    view = windows(x, (2, 3), (2, 1))
    assert view.shape == (1, 2, 2, 2, 3, 2)
    assert np.array_equal(view[0, 1, 1], x[0, 2:4, 1:4])
    assert np.shares_memory(view, x)
    with pytest.raises(ValueError, match="read-only"):
        view[...] = 0


def test_a_numerical_gradient_of_a_known_function() -> None:
    x = np.array([[1.0, -2.0], [0.5, 3.0]])
    kept = x.copy()
    gradient = numerical_gradient(lambda: float(np.sum(x**3)), x)
    np.testing.assert_allclose(gradient, 3 * x**2, rtol=1e-6)
    assert np.array_equal(x, kept)


def test_a_numerical_gradient_in_float32_is_refused() -> None:
    with pytest.raises(ValueError, match="float64, got float32"):
        numerical_gradient(lambda: 0.0, np.zeros(1, np.float32))


def test_relative_error_is_relative_to_the_largest_number() -> None:
    assert relative_error(np.array([100.0, 1.0]), np.array([100.0, 2.0])) == pytest.approx(0.01)
    assert relative_error(np.zeros(3), np.zeros(3)) == 0
