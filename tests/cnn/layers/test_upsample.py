"""Upsampling: a case by hand, gradients, shapes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnn.layers import Upsample2D


def test_each_pixel_becomes_a_block() -> None:
    layer = Upsample2D((2, 3))
    assert layer.build((2, 2, 1), rng=np.random.default_rng(0), dtype=np.float32) == (4, 6, 1)
    y, _ = layer.forward(np.array([[1.0, 2.0], [3.0, 4.0]]).reshape(1, 2, 2, 1))
    above, below = [1, 1, 1, 2, 2, 2], [3, 3, 3, 4, 4, 4]
    assert y[0, ..., 0].tolist() == [above, above, below, below]


@given(
    shape=st.tuples(*[st.integers(1, 4)] * 4),
    factor=st.tuples(st.integers(1, 3), st.integers(1, 3)),
)
def test_it_repeats_rows_and_columns(
    shape: tuple[int, int, int, int], factor: tuple[int, int]
) -> None:
    x = np.random.default_rng(0).normal(size=shape)
    y, _ = Upsample2D(factor).forward(x)
    assert np.array_equal(y, x.repeat(factor[0], axis=1).repeat(factor[1], axis=2))


@pytest.mark.parametrize("factor", [1, 2, (3, 2)])
def test_its_gradients(factor: int | tuple[int, int], check_gradients: Callable[..., None]) -> None:
    check_gradients(Upsample2D(factor), np.random.default_rng(0).normal(size=(2, 3, 2, 2)))


def test_what_it_cannot_take_is_refused() -> None:
    with pytest.raises(ValueError, match=r"factor must be .* from 1 up, got 0"):
        Upsample2D(0)
    with pytest.raises(ValueError, match=r"factor must be .* got 1\.5"):
        Upsample2D(1.5)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"needs pictures of shape \(H, W, C\), got \(10,\)"):
        Upsample2D(2).infer_shape((10,))
