"""Corruptions: each does what it says, in the amount it says, and the same every time."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from cnn.synthesis.corruptions import CORRUPTIONS, Corrupted, Corruption

Sheet = tuple[np.ndarray, np.ndarray]

BY_NAME = {corruption.name: corruption for corruption in CORRUPTIONS}


def corrupt(name: str, images: np.ndarray, seed: int = 0) -> np.ndarray:
    raw = BY_NAME[name].apply(images, seed=seed).raw
    assert raw is not None
    return raw


@pytest.mark.parametrize("corruption", CORRUPTIONS, ids=BY_NAME)
def test_pictures_come_in_both_forms_and_the_same_every_time(
    corruption: Corruption, sheet: Sheet
) -> None:
    images = sheet[0][:6]
    before = images.copy()
    first, second, other = (corruption.apply(images, seed=seed) for seed in (0, 0, 1))
    assert np.array_equal(images, before)
    assert len(first.pictures) == 6
    for a, b in zip(first.pictures, second.pictures, strict=True):
        assert opened(a) == opened(b)
    if first.raw is not None:
        assert first.raw.shape == (6, 28, 28)
        assert first.raw.dtype == np.float32
        assert first.raw.min() >= 0
        assert first.raw.max() <= 1
        assert_alike(first)
    assert other.pictures[0] is not None


def opened(picture: Image.Image | bytes) -> Image.Image:
    return Image.open(io.BytesIO(picture)).convert("L") if isinstance(picture, bytes) else picture


def assert_alike(corrupted: Corrupted) -> None:
    """Both forms show the same."""
    assert corrupted.raw is not None
    for picture, pixels in zip(corrupted.pictures, corrupted.raw, strict=True):
        assert np.abs(np.asarray(opened(picture)) / 255 - pixels).max() < 1e-6


def test_clean_pictures_are_untouched_and_inverted_ones_negative(sheet: Sheet) -> None:
    images, _ = sheet
    assert np.allclose(corrupt("clean", images), images / 255)
    assert np.allclose(corrupt("inverted", images), 1 - images / 255)


def test_strokes_lose_or_win_one_pixel() -> None:
    stroke = np.zeros((1, 28, 28), np.uint8)
    stroke[0, 4:24, 10:14] = 255
    assert np.count_nonzero(corrupt("thinner", stroke)[0, 14]) == 3
    assert np.count_nonzero(corrupt("thicker", stroke)[0, 14]) == 5


def test_shifted_digits_are_four_pixels_away() -> None:
    dot = np.zeros((40, 28, 28), np.uint8)
    dot[:, 14, 14] = 255
    places = {tuple(np.argwhere(picture)[0] - 14) for picture in corrupt("shifted", dot)}
    assert places == {(-4, -4), (-4, 4), (4, -4), (4, 4)}


def test_turned_and_scaled_digits_stay_within_their_bounds() -> None:
    bar = np.zeros((60, 28, 28), np.uint8)
    bar[:, 5:23, 12:16] = 255
    lengths = [np.ptp(np.nonzero(picture > 0.5)[0]) + 1 for picture in corrupt("scaled", bar)]
    assert min(lengths) >= 0.7 * 18 - 1
    assert max(lengths) <= 1.2 * 18 + 1
    assert np.ptp(lengths) >= 5
    leaning = []
    for picture in corrupt("rotated", bar):
        rows, columns = np.nonzero(picture > 0.5)
        leaning.append(np.rad2deg(np.arctan(np.polyfit(rows, columns, 1)[0])))
    assert np.abs(leaning).max() <= 21
    assert max(leaning) > 10
    assert min(leaning) < -10


def test_noise_has_the_stated_amounts() -> None:
    grey = np.full((20, 28, 28), 128, np.uint8)
    assert corrupt("Gaussian noise", grey).std() == pytest.approx(0.2, abs=0.01)
    struck = corrupt("salt and pepper", grey)
    assert np.mean(struck == 0) == pytest.approx(0.05, abs=0.01)
    assert np.mean(struck == 1) == pytest.approx(0.05, abs=0.01)


def test_contrast_blur_stripes_and_fog(sheet: Sheet) -> None:
    images, _ = sheet
    pale = corrupt("low contrast", images)
    assert (pale.min(), pale.max()) == pytest.approx((0.35, 0.65), abs=0.01)
    dot = np.zeros((1, 28, 28), np.uint8)
    dot[0, 14, 14] = 255
    soft = corrupt("Gaussian blur", dot)[0]
    spread = (soft.sum(axis=1) @ (np.arange(28) - 14.0) ** 2) / soft.sum()
    assert spread == pytest.approx(1, abs=0.25)
    striped = corrupt("stripes", images)
    assert np.allclose(striped[:, :, 7:21], images[:, :, 7:21] / 255)
    assert np.allclose(striped[:, :, :7], 1 - images[:, :, :7] / 255)
    fog = corrupt("fog", np.zeros((5, 28, 28), np.uint8))
    assert fog.max() <= 2.5 / 3.5 + 0.01
    assert fog.std(axis=(1, 2)).min() > 0.01


def test_photographs_are_files_of_a_larger_page(sheet: Sheet) -> None:
    [file] = BY_NAME["photograph"].apply(sheet[0][:1]).pictures
    assert isinstance(file, bytes)
    with Image.open(io.BytesIO(file)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (280, 280))
        levels = np.asarray(picture.convert("L"))
    assert np.ptp(levels) > 60


@pytest.mark.parametrize("images", [np.zeros((2, 28, 28)), np.zeros((28, 28), np.uint8)])
def test_what_are_no_digits_is_said(images: np.ndarray) -> None:
    with pytest.raises(ValueError, match=r"expected digits, uint8 \(N, 28, 28\)"):
        CORRUPTIONS[0].apply(images)
