"""Augmentation: known moves move the ink as they should, and nothing else happens."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnn.data.augment import Augment, dilate, erode

EVERYTHING = {
    "rotation": 20,
    "scale": 0.2,
    "shear": 0.2,
    "shift": 3,
    "elastic": 1,
    "thickness": 1,
    "salt_pepper": 0.2,
    "noise": 0.3,
    "coarse": 1,
}


def blobs(count: int, *, row: float = 13.5, column: float = 13.5, channels: int = 1) -> np.ndarray:
    """Return pictures of one soft round spot."""
    rows, columns = np.mgrid[:28, :28]
    spot = np.exp(-((rows - row) ** 2 + (columns - column) ** 2) / 8).astype(np.float32)
    return np.tile(spot, (count, channels, 1, 1))


def centres(x: np.ndarray) -> np.ndarray:
    """Return row and column of the centre of mass of each picture, (N, 2)."""
    mass = x.sum(axis=(1, 2, 3))
    rows = (x.sum(axis=(1, 3)) @ np.arange(28)) / mass
    columns = (x.sum(axis=(1, 2)) @ np.arange(28)) / mass
    return np.stack([rows, columns], axis=1)


def changed(x: np.ndarray, seed: int = 0, **options: float) -> np.ndarray:
    return Augment(**options)(x, np.random.default_rng(seed))


@given(
    options=st.fixed_dictionaries(
        {}, optional={name: st.floats(0, most) for name, most in EVERYTHING.items()}
    ),
    shape=st.tuples(st.integers(1, 3), st.integers(1, 3), st.integers(2, 20), st.integers(2, 20)),
    seed=st.integers(0, 100),
)
def test_shape_type_and_range_stay(
    options: dict[str, float], shape: tuple[int, int, int, int], seed: int
) -> None:
    x = np.random.default_rng(seed).random(shape, np.float32)
    kept = x.copy()
    y = changed(x, seed, **options)
    assert y.shape == shape
    assert y.dtype == np.float32
    assert y.min() >= 0
    assert y.max() <= 1
    assert np.array_equal(x, kept)


def test_without_options_nothing_changes() -> None:
    x = np.random.default_rng(0).random((3, 2, 9, 9), np.float32)
    assert np.array_equal(changed(x), x)


def test_the_same_seed_gives_the_same_pictures_and_another_seed_others() -> None:
    x = blobs(5)
    first, again, other = (changed(x, seed, **EVERYTHING) for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert len(np.unique(first.reshape(5, -1), axis=0)) == 5


def test_a_shift_moves_the_centre_by_no_more_than_it_may_both_ways() -> None:
    moved = centres(changed(blobs(300), shift=4)) - 13.5
    assert np.abs(moved).max() <= 4.01
    assert np.all(moved.min(axis=0) < -3.5)
    assert np.all(moved.max(axis=0) > 3.5)
    assert np.abs(moved.mean(axis=0)).max() < 0.5


def test_a_rotation_turns_about_the_middle() -> None:
    moved = centres(changed(blobs(300, column=20.5), rotation=30)) - 13.5
    distance = np.hypot(*moved.T)
    angle = np.rad2deg(np.arctan2(moved[:, 0], moved[:, 1]))
    np.testing.assert_allclose(distance, 7, atol=0.1)
    assert 28 < np.abs(angle).max() < 30.5
    assert angle.min() < -25
    assert angle.max() > 25


def test_a_scale_grows_and_shrinks_each_direction_by_itself() -> None:
    moved = centres(changed(blobs(300, row=20.5, column=20.5), scale=0.3)) - 13.5
    factors = moved / 7
    assert 1.25 < factors.max() < 1.32
    assert 0.68 < factors.min() < 0.75
    assert np.abs(factors[:, 0] - factors[:, 1]).max() > 0.3


def test_shear_slants_columns_and_leaves_rows() -> None:
    moved = centres(changed(blobs(300, row=20.5), shear=0.3)) - 13.5
    np.testing.assert_allclose(moved[:, 0], 7, atol=0.05)
    assert 1.9 < np.abs(moved[:, 1]).max() < 2.15


def test_elastic_bends_move_ink_about_as_far_as_they_say() -> None:
    moved = centres(changed(blobs(400), elastic=2)) - 13.5
    assert 0.5 < moved.std() < 2
    assert np.abs(moved.mean(axis=0)).max() < 0.3


def test_all_channels_of_a_picture_move_together() -> None:
    x = np.concatenate([blobs(6), blobs(6, row=9)], axis=1)
    y = changed(x, shift=3, rotation=20, elastic=1)
    assert np.array_equal(y[:, :1], changed(x[:, :1], shift=3, rotation=20, elastic=1))
    assert np.array_equal(y[:, 1:], changed(x[:, 1:], shift=3, rotation=20, elastic=1))


def test_what_leaves_the_picture_is_gone_and_black_comes_in() -> None:
    y = changed(np.ones((200, 1, 8, 8), np.float32), shift=6)
    assert y.min() == 0
    assert y.max() == 1
    assert y.mean() < 0.9


def test_thickness_takes_and_gives_ink_at_its_rate() -> None:
    x = blobs(400)
    ink = changed(x, thickness=1, rate=0.5).sum(axis=(1, 2, 3)) / x[0].sum()
    assert np.mean(ink == 1) == pytest.approx(0.5, abs=0.1)
    assert np.mean(ink > 1) == pytest.approx(0.25, abs=0.1)
    assert np.mean(ink < 1) == pytest.approx(0.25, abs=0.1)


def test_a_thicker_and_a_thinner_stroke_by_hand() -> None:
    x = np.zeros((1, 1, 5, 5), np.float32)
    x[..., 1:4, 1:4] = 1
    assert dilate(x)[0, 0].tolist() == [
        [0, 1, 1, 1, 0],
        [1, 1, 1, 1, 1],
        [1, 1, 1, 1, 1],
        [1, 1, 1, 1, 1],
        [0, 1, 1, 1, 0],
    ]
    assert np.argwhere(erode(x)[0, 0]).tolist() == [[2, 2]]


def test_salt_and_pepper_are_about_as_many_as_asked_for() -> None:
    y = changed(np.full((300, 1, 20, 20), 0.5, np.float32), salt_pepper=0.4, rate=1.0)
    assert np.mean(y == 0) == pytest.approx(0.1, abs=0.02)
    assert np.mean(y == 1) == pytest.approx(0.1, abs=0.02)
    assert np.mean(y == 0.5) == pytest.approx(0.8, abs=0.02)


def test_noise_is_of_the_size_asked_for() -> None:
    y = changed(np.full((300, 1, 20, 20), 0.5, np.float32), noise=0.1, rate=1.0)
    deviations = y.std(axis=(1, 2, 3))
    assert deviations.max() == pytest.approx(0.1, abs=0.015)
    assert deviations.mean() == pytest.approx(0.05, abs=0.01)
    assert y.mean() == pytest.approx(0.5, abs=0.001)


def test_coarse_pictures_have_their_ink_and_not_their_detail() -> None:
    fine = np.tile(np.array([0.2, 0.8], np.float32), (400, 1, 28, 14))
    y = changed(fine, coarse=0.25)
    coarse = np.ptp(y, axis=(1, 2, 3)) < 0.5
    assert np.mean(coarse) == pytest.approx(0.25, abs=0.05)
    assert np.array_equal(y[~coarse], fine[~coarse])
    assert y[coarse].mean(axis=(1, 2, 3)) == pytest.approx(0.5, abs=0.02)
    spot = changed(blobs(20, row=9, column=17), coarse=1)
    assert centres(spot) == pytest.approx(np.tile([9, 17], (20, 1)), abs=0.5)


def test_pictures_without_a_batch_are_refused() -> None:
    with pytest.raises(ValueError, match=r"\(N, C, H, W\), got \(28, 28\)"):
        changed(np.zeros((28, 28), np.float32), shift=1)
