"""Convolution: a case by hand, a naive loop, gradients, shapes."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnn.layers import Conv2D
from tests.cnn.layers.convolutions import built, expect_parts_to_agree

Padding = int | tuple[int, int] | str


def naive_convolution(
    x: np.ndarray,
    weight: np.ndarray,
    stride: tuple[int, int],
    frame: tuple[tuple[int, int], tuple[int, int]],
) -> np.ndarray:
    """Convolve (N, H, W, C) with (K, K, C, F), window by window."""
    padded = np.pad(x, ((0, 0), *frame, (0, 0)))
    (kh, kw, _, filters), (sh, sw) = weight.shape, stride
    height = (padded.shape[1] - kh) // sh + 1
    width = (padded.shape[2] - kw) // sw + 1
    y = np.zeros((len(x), height, width, filters))
    for n, i, j, f in np.ndindex(y.shape):
        window = padded[n, i * sh : i * sh + kh, j * sw : j * sw + kw]
        y[n, i, j, f] = np.sum(window * weight[..., f])
    return y


def test_a_case_by_hand() -> None:
    layer = built(Conv2D(1, 2), (3, 3, 1))
    layer.params["weight"] = np.array([[1.0, 2.0], [3.0, 4.0]]).reshape(2, 2, 1, 1)
    layer.params["bias"] = np.array([10.0])
    y, _ = layer.forward(np.arange(1.0, 10).reshape(1, 3, 3, 1))
    # 1·1 + 2·2 + 4·3 + 5·4 = 37: the kernel is not flipped.
    assert y[0, ..., 0].tolist() == [[47, 57], [77, 87]]


def test_a_known_edge_filter_finds_the_edge() -> None:
    layer = built(Conv2D(1, (1, 2), bias=False), (4, 6, 1))
    layer.params["weight"] = np.array([-1.0, 1.0]).reshape(1, 2, 1, 1)
    picture = np.zeros((1, 4, 6, 1))
    picture[:, :, 3:] = 1
    y, _ = layer.forward(picture)
    assert y[0, ..., 0].tolist() == [[0, 0, 1, 0, 0]] * 4


@given(
    batch=st.integers(1, 3),
    height=st.integers(1, 7),
    width=st.integers(1, 7),
    channels=st.integers(1, 3),
    filters=st.integers(1, 3),
    kernel=st.tuples(st.integers(1, 4), st.integers(1, 4)),
    stride=st.tuples(st.integers(1, 3), st.integers(1, 3)),
    padding=st.one_of(
        st.tuples(st.integers(0, 4), st.integers(0, 4)), st.sampled_from(["valid", "same"])
    ),
)
def test_it_agrees_with_a_naive_loop_or_refuses_the_shape(
    batch: int,
    height: int,
    width: int,
    channels: int,
    filters: int,
    kernel: tuple[int, int],
    stride: tuple[int, int],
    padding: tuple[int, int] | str,
) -> None:
    layer = Conv2D(filters, kernel, stride=stride, padding=padding, bias=False)
    shape = (height, width, channels)
    pads = (padding, padding) if isinstance(padding, str) else padding
    room = [
        length + 2 * pad if isinstance(pad, int) else length
        for length, pad in zip(shape[:2], pads, strict=True)
    ]
    if padding != "same" and (room[0] < kernel[0] or room[1] < kernel[1]):
        with pytest.raises(ValueError, match="does not fit"):
            built(layer, shape)
        return
    built(layer, shape)
    x = np.random.default_rng(1).normal(size=(batch, *shape))
    y, cache = layer.forward(x)
    expected = naive_convolution(x, layer.params["weight"], stride, layer.frame(shape))
    assert y.shape == (batch, *layer.output_shape)
    np.testing.assert_allclose(y, expected, atol=1e-12)
    if padding == "same":
        assert layer.output_shape[:2] == (ceil(height / stride[0]), ceil(width / stride[1]))
    # <dy, conv(x)> = <conv'(dy), x>: the gradient is the transposed map, whatever the shape.
    dy = np.random.default_rng(2).normal(size=y.shape)
    dx, _ = layer.backward(dy, cache)
    assert np.sum(dy * y) == pytest.approx(np.sum(dx * x), abs=1e-9)


@pytest.mark.parametrize(
    ("kernel", "options"),
    [
        (3, {}),
        (3, {"padding": 1}),
        (3, {"padding": 1, "bias": False}),
        (2, {"padding": "same"}),
        (4, {"padding": "same", "stride": 2}),
        ((2, 3), {"padding": (0, 2), "stride": (2, 1)}),
        ((1, 5), {"padding": "same"}),
        ((3, 1), {"padding": "valid", "stride": 3}),
        (2, {"padding": 3, "stride": 2}),
        (1, {"stride": 2}),
        (3, {"initialiser": "xavier"}),
    ],
)
def test_its_gradients(
    kernel: int | tuple[int, int],
    options: dict[str, object],
    check_gradients: Callable[..., None],
) -> None:
    x = np.random.default_rng(0).normal(size=(2, 5, 6, 2))
    check_gradients(Conv2D(3, kernel, **options), x)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("padding", "expected"), [(2, (32, 32, 4)), ("same", (28, 28, 4)), ("valid", (26, 26, 4))]
)
def test_its_shape_is_known_before_it_runs(
    padding: Padding, expected: tuple[int, int, int]
) -> None:
    kernel = 1 if padding == 2 else 3
    assert Conv2D(4, kernel, padding=padding).infer_shape((28, 28, 3)) == expected


def test_same_padding_of_an_even_kernel_is_greater_at_the_end() -> None:
    assert Conv2D(1, (2, 4), padding="same").frame((5, 5, 1)) == ((0, 1), (1, 2))


def test_a_batch_larger_than_its_buffer_is_convolved_in_parts_to_the_same_end() -> None:
    # 16 channels of 3×3 windows of 64×64 pixels in float32 fill 2 MB for each picture.
    layer = built(Conv2D(2, 3, padding=1), (64, 64, 16), np.float32)
    x = np.random.default_rng(0).normal(size=(5, 64, 64, 16)).astype(np.float32)
    expect_parts_to_agree(layer, x)


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        ((0, 3), {}, "filters must be .* whole numbers from 1 up, got 0"),
        ((4, 0), {}, "kernel_size must be .* got 0"),
        ((4, (3, 3, 3)), {}, r"kernel_size must be one or two .* got \(3, 3, 3\)"),
        ((4, 2.5), {}, "kernel_size must be .* got 2.5"),
        ((4, 3), {"stride": 0}, "stride must be .* got 0"),
        ((4, 3), {"padding": -1}, "padding must be .* from 0 up, got -1"),
        ((4, 3), {"padding": "full"}, "padding must be .*, got 'full'"),
        ((4, 3), {"initialiser": "zeros"}, "initialiser must be .*he.*xavier.*, got 'zeros'"),
    ],
)
def test_options_that_make_no_sense_are_refused(
    arguments: tuple[object, ...], options: dict[str, object], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        Conv2D(*arguments, **options)  # type: ignore[arg-type]


def test_errors_of_shape_quote_the_shapes() -> None:
    with pytest.raises(ValueError, match=r"kernel of \(5, 5\) .* picture of \(4, 8, 1\)"):
        Conv2D(1, 5).infer_shape((4, 8, 1))
    with pytest.raises(ValueError, match=r"needs pictures of shape \(H, W, C\), got \(10,\)"):
        Conv2D(1, 5).infer_shape((10,))


def test_its_repr_gives_its_options() -> None:
    shown = repr(Conv2D(8, 3, padding="same"))
    assert shown.startswith("Conv2D(filters=8, kernel_size=(3, 3)")
    assert "padding='same'" in shown
