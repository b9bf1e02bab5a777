"""Pooling: naive loops, cases by hand, gradients, shapes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cnn.layers import AveragePool2D, GlobalAveragePool2D, Layer, MaxPool2D, MinPool2D
from cnn.layers.pooling import Pool2D

KINDS: dict[type[Pool2D], Callable[[np.ndarray], float]] = {
    MaxPool2D: np.max,
    MinPool2D: np.min,
    AveragePool2D: np.mean,
}
PICTURE = np.array([[1.0, 5, 2], [7, 3, 4], [6, 9, 8]]).reshape(1, 3, 3, 1)


def pool(layer: Layer, x: np.ndarray) -> np.ndarray:
    layer.build(x.shape[1:], rng=np.random.default_rng(0), dtype=x.dtype)
    return layer.forward(x)[0]


def naive_pooling(
    x: np.ndarray, layer: Pool2D, choose: Callable[[np.ndarray], float]
) -> np.ndarray:
    """Pool by looking at each window's real pixels alone."""
    _, height, width, _ = x.shape
    rows = window_slices(height, layer, 0)
    columns = window_slices(width, layer, 1)
    y = np.zeros((len(x), len(rows), len(columns), x.shape[3]))
    for n, i, j, c in np.ndindex(y.shape):
        y[n, i, j, c] = choose(x[n, rows[i], columns[j], c])
    return y


def window_slices(length: int, layer: Pool2D, axis: int) -> list[slice]:
    size, stride, pad = layer.size[axis], layer.stride[axis], layer.padding[axis]
    last = length + pad if layer.partial else length + 2 * pad - size + 1
    starts = range(-pad, last - pad, stride)
    if layer.partial:
        # One window reaches the end: those that start after it add nothing new.
        complete = [s for s in starts if s + size < length + pad]
        starts = range(-pad, min(last - pad, -pad + stride * len(complete) + 1), stride)
    return [slice(max(s, 0), min(s + size, length)) for s in starts]


@given(
    kind=st.sampled_from(list(KINDS)),
    shape=st.tuples(st.integers(1, 2), st.integers(1, 8), st.integers(1, 8), st.integers(1, 2)),
    size=st.tuples(st.integers(1, 4), st.integers(1, 4)),
    stride=st.none() | st.tuples(st.integers(1, 4), st.integers(1, 4)),
    padding=st.tuples(st.integers(0, 2), st.integers(0, 2)),
    partial=st.booleans(),
)
def test_all_poolings_agree_with_a_naive_loop(
    kind: type[Pool2D],
    shape: tuple[int, int, int, int],
    size: tuple[int, int],
    stride: tuple[int, int] | None,
    padding: tuple[int, int],
    partial: bool,
) -> None:
    assume(all(2 * pad <= window for pad, window in zip(padding, size, strict=True)))
    assume(all(n + 2 * p >= k for n, p, k in zip(shape[1:3], padding, size, strict=True)))
    layer = kind(size, stride=stride, padding=padding, partial=partial)
    x = np.random.default_rng(0).normal(size=shape)
    y = pool(layer, x)
    np.testing.assert_allclose(y, naive_pooling(x, layer, KINDS[kind]), atol=1e-12)
    assert y.shape == (shape[0], *layer.output_shape)


def test_cases_by_hand() -> None:
    assert pool(MaxPool2D(2), PICTURE).ravel().tolist() == [7]
    assert pool(MaxPool2D(2, partial=True), PICTURE).ravel().tolist() == [7, 4, 9, 8]
    assert pool(MinPool2D(2, partial=True), PICTURE).ravel().tolist() == [1, 2, 6, 8]
    assert pool(AveragePool2D(2, partial=True), PICTURE).ravel().tolist() == [4, 3, 7.5, 8]
    assert pool(MaxPool2D(2, stride=1), PICTURE).ravel().tolist() == [7, 5, 9, 9]
    assert pool(AveragePool2D(3, padding=1, stride=2), PICTURE).ravel().tolist() == [
        (1 + 5 + 7 + 3) / 4,
        (5 + 2 + 3 + 4) / 4,
        (7 + 3 + 6 + 9) / 4,
        (3 + 4 + 9 + 8) / 4,
    ]
    assert pool(GlobalAveragePool2D(), PICTURE).tolist() == [[5]]


def test_the_frame_never_wins() -> None:
    below = pool(MaxPool2D(3, padding=1, stride=1), -1 - PICTURE)
    above = pool(MinPool2D(3, padding=1, stride=1), 1 + PICTURE)
    assert below.max() < 0
    assert above.min() > 0


@pytest.mark.parametrize("kind", list(KINDS))
@pytest.mark.parametrize(
    ("size", "options"),
    [
        (2, {}),
        (2, {"partial": True}),
        (3, {"stride": 1}),
        (3, {"stride": 2, "padding": 1}),
        (3, {"stride": 2, "padding": 1, "partial": True}),
        ((2, 3), {"stride": (3, 2), "padding": (1, 0), "partial": True}),
        (1, {"stride": 3}),
    ],
)
def test_gradients(
    kind: type[Pool2D],
    size: int | tuple[int, int],
    options: dict[str, object],
    check_gradients: Callable[..., None],
    spaced: Callable[[tuple[int, ...]], np.ndarray],
) -> None:
    check_gradients(kind(size, **options), spaced((2, 5, 7, 2)))  # type: ignore[arg-type]


def test_the_gradient_of_a_global_average(check_gradients: Callable[..., None]) -> None:
    check_gradients(GlobalAveragePool2D(), np.random.default_rng(0).normal(size=(3, 4, 2, 5)))


def test_of_equal_numbers_only_the_first_gets_the_gradient() -> None:
    layer = MaxPool2D(2)
    layer.build((2, 2, 1), rng=np.random.default_rng(0), dtype=np.float64)
    _, cache = layer.forward(np.ones((1, 2, 2, 1)))
    dx, _ = layer.backward(np.full((1, 1, 1, 1), 3.0), cache)
    assert dx.ravel().tolist() == [3, 0, 0, 0]


@pytest.mark.parametrize(
    ("make", "shape", "message"),
    [
        (lambda: MaxPool2D(2, padding=2), (4, 4, 1), r"padding \(2, 2\) .* window \(2, 2\)"),
        (lambda: MaxPool2D(5), (4, 9, 1), r"window of \(5, 5\) .* picture of \(4, 9, 1\)"),
        (lambda: AveragePool2D(2), (10,), r"AveragePool2D needs .* \(H, W, C\), got \(10,\)"),
        (lambda: GlobalAveragePool2D(), (4, 4), r"GlobalAveragePool2D needs .* got \(4, 4\)"),
        (lambda: MinPool2D(0), (4, 4, 1), "size must be .* from 1 up, got 0"),
        (lambda: MinPool2D(2, stride=0), (4, 4, 1), "stride must be .* from 1 up, got 0"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_shapes(
    make: Callable[[], Layer], shape: tuple[int, ...], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        make().infer_shape(shape)
