"""Transposed convolution: a case by hand, a naive loop, `Conv2D` the other way round, gradients."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cnn.layers import Conv2D, ConvTranspose2D
from tests.cnn.layers.convolutions import built, expect_parts_to_agree

Pair = tuple[int, int]


def naive(x: np.ndarray, layer: ConvTranspose2D) -> np.ndarray:
    """Spread (N, H, W, C) pixel by pixel, then cut."""
    weight, (sh, sw), (ph, pw) = layer.params["weight"], layer.stride, layer.padding
    (n, h, w, _), (kh, kw, filters, _) = x.shape, weight.shape
    height = (h - 1) * sh + kh + layer.output_padding[0]
    width = (w - 1) * sw + kw + layer.output_padding[1]
    whole = np.zeros((n, height, width, filters))
    for picture, i, j in np.ndindex(n, h, w):
        window = whole[picture, i * sh : i * sh + kh, j * sw : j * sw + kw]
        window += weight @ x[picture, i, j]
    return whole[:, ph : height - ph, pw : width - pw] + layer.params.get("bias", 0)


def test_a_case_by_hand() -> None:
    layer = built(ConvTranspose2D(1, 2, stride=2, output_padding=1), (2, 2, 1))
    layer.params["weight"] = np.array([[1.0, 2.0], [3.0, 4.0]]).reshape(2, 2, 1, 1)
    layer.params["bias"] = np.array([10.0])
    y, _ = layer.forward(np.array([[1.0, 0.0], [0.0, 2.0]]).reshape(1, 2, 2, 1))
    assert (y[0, ..., 0] - 10).tolist() == [
        [1, 2, 0, 0, 0],
        [3, 4, 0, 0, 0],
        [0, 0, 2, 4, 0],
        [0, 0, 6, 8, 0],
        [0, 0, 0, 0, 0],
    ]


def test_windows_that_overlap_are_added_up() -> None:
    layer = built(ConvTranspose2D(1, 3, padding=1, bias=False), (2, 2, 1))
    layer.params["weight"] = np.arange(1.0, 10).reshape(3, 3, 1, 1)
    y, _ = layer.forward(np.ones((1, 2, 2, 1)))
    # Above on the left: 5 of its own window, 4 of the one beside, 2 of the one below, 1 across.
    assert y[0, ..., 0].tolist() == [[12, 16], [24, 28]]


PAIRS = st.tuples(st.integers(1, 4), st.integers(1, 4))


@given(
    batch=st.integers(1, 3),
    size=PAIRS,
    channels=st.integers(1, 3),
    filters=st.integers(1, 3),
    kernel=PAIRS,
    stride=st.tuples(st.integers(1, 3), st.integers(1, 3)),
    padding=st.tuples(st.integers(0, 2), st.integers(0, 2)),
    more=st.tuples(st.integers(0, 2), st.integers(0, 2)),
)
def test_it_is_a_convolution_the_other_way_round(
    batch: int,
    size: Pair,
    channels: int,
    filters: int,
    kernel: Pair,
    stride: Pair,
    padding: Pair,
    more: Pair,
) -> None:
    more = (more[0] % stride[0], more[1] % stride[1])
    options = {"stride": stride, "padding": padding, "bias": False}
    layer = ConvTranspose2D(filters, kernel, output_padding=more, **options)  # type: ignore[arg-type]
    expected = [
        (length - 1) * step - 2 * pad + k + extra
        for length, step, pad, k, extra in zip(size, stride, padding, kernel, more, strict=True)
    ]
    if min(expected) < 1:
        with pytest.raises(ValueError, match="leaves nothing"):
            layer.infer_shape((*size, channels))
        return
    built(layer, (*size, channels))
    assert layer.output_shape == (*expected, filters)
    x = np.random.default_rng(1).normal(size=(batch, *size, channels))
    y, cache = layer.forward(x)
    np.testing.assert_allclose(y, naive(x, layer), atol=1e-12)

    # A kernel that does not fit has no convolution to compare with.
    assume(all(n + 2 * pad >= k for n, pad, k in zip(expected, padding, kernel, strict=True)))
    conv = Conv2D(channels, kernel, **options)  # type: ignore[arg-type]
    conv.build(layer.output_shape, rng=np.random.default_rng(0), dtype=np.float64)
    assert conv.output_shape == (*size, channels)
    conv.params["weight"] = layer.params["weight"]
    dy = np.random.default_rng(2).normal(size=y.shape)
    there, conv_cache = conv.forward(dy)
    back, conv_grads = conv.backward(x, conv_cache)
    np.testing.assert_allclose(y, back, atol=1e-12)
    dx, grads = layer.backward(dy, cache)
    np.testing.assert_allclose(dx, there, atol=1e-12)
    np.testing.assert_allclose(grads["weight"], conv_grads["weight"], atol=1e-12)


@pytest.mark.parametrize(
    ("kernel", "options"),
    [
        (3, {}),
        (3, {"padding": 1, "bias": False}),
        (5, {"stride": 2, "padding": 2, "output_padding": 1}),
        (4, {"stride": 2, "padding": 1}),
        (2, {"stride": 3}),
        ((2, 3), {"stride": (3, 1), "padding": (0, 2), "output_padding": (2, 0)}),
        (1, {"stride": 2, "output_padding": 1}),
        (3, {"initialiser": "xavier"}),
    ],
)
def test_its_gradients(
    kernel: int | Pair, options: dict[str, object], check_gradients: Callable[..., None]
) -> None:
    x = np.random.default_rng(0).normal(size=(2, 3, 4, 2))
    check_gradients(ConvTranspose2D(3, kernel, **options), x)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        # What PyTorch's ConvTranspose2d gives, by the formula in its documentation.
        ({"kernel_size": 5, "stride": 2, "padding": 2, "output_padding": 1}, (14, 14, 4)),
        ({"kernel_size": 4, "stride": 2, "padding": 1}, (14, 14, 4)),
        ({"kernel_size": 3}, (9, 9, 4)),
        ({"kernel_size": (1, 2), "stride": (1, 3), "output_padding": (0, 2)}, (7, 22, 4)),
    ],
)
def test_its_shape_is_known_before_it_runs(
    options: dict[str, object], expected: tuple[int, int, int]
) -> None:
    assert ConvTranspose2D(4, **options).infer_shape((7, 7, 3)) == expected  # type: ignore[arg-type]


def test_a_batch_larger_than_its_buffer_is_spread_in_parts_to_the_same_end() -> None:
    # 3×3 windows of 16 channels for 64×64 pixels in float32 are 2 MB for each picture.
    layer = built(ConvTranspose2D(16, 3, padding=1), (64, 64, 2), np.float32)
    x = np.random.default_rng(0).normal(size=(5, 64, 64, 2)).astype(np.float32)
    expect_parts_to_agree(layer, x)


def test_its_kernels_start_so_that_the_size_of_numbers_stays() -> None:
    x = np.random.default_rng(0).normal(size=(4, 16, 16, 64)).astype(np.float32)
    for stride in (1, 2):
        layer = built(ConvTranspose2D(64, 4, stride=stride, bias=False), (16, 16, 64), np.float32)
        inner = layer.forward(x)[0][:, 4:-4, 4:-4]
        # "he": twice the variance, of which ReLU leaves one half.
        assert float(inner.var()) == pytest.approx(2, rel=0.2)


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        ((0, 3), {}, "filters must be .* whole numbers from 1 up, got 0"),
        ((4, 0), {}, "kernel_size must be .* got 0"),
        ((4, 3), {"stride": 0}, "stride must be .* got 0"),
        ((4, 3), {"padding": "same"}, "padding must be .* from 0 up, got 'same'"),
        ((4, 3), {"output_padding": 1}, r"less than the stride \(1, 1\), got \(1, 1\)"),
        ((4, 3), {"stride": (3, 2), "output_padding": 2}, r"stride \(3, 2\), got \(2, 2\)"),
        ((4, 3), {"output_padding": -1}, "output_padding must be .* got -1"),
        ((4, 3), {"initialiser": "zeros"}, "initialiser must be .*he.*xavier.*, got 'zeros'"),
    ],
)
def test_options_that_make_no_sense_are_refused(
    arguments: tuple[object, ...], options: dict[str, object], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        ConvTranspose2D(*arguments, **options)  # type: ignore[arg-type]


def test_errors_of_shape_quote_the_shapes() -> None:
    with pytest.raises(ValueError, match=r"picture of \(1, 1, 3\) .* padding of \(2, 2\) leaves"):
        ConvTranspose2D(1, 3, padding=2).infer_shape((1, 1, 3))
    with pytest.raises(ValueError, match=r"needs pictures of shape \(H, W, C\), got \(10,\)"):
        ConvTranspose2D(1, 5).infer_shape((10,))
