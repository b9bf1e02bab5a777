"""Damage: each kind does what it says, in the amount it says, and the same every time."""

from __future__ import annotations

import numpy as np
import pytest

from cnn.synthesis.corruptions import CORRUPTIONS, Corruption
from cnn.synthesis.damage import DAMAGE

Sheet = tuple[np.ndarray, np.ndarray]

BY_NAME = {kind.name: kind for kind in DAMAGE}


def damage(name: str, images: np.ndarray, seed: int = 0) -> np.ndarray:
    raw = BY_NAME[name].apply(images, seed=seed).raw
    assert raw is not None
    return raw


def bar(count: int = 40) -> np.ndarray:
    """Return upright strokes of 3 pixels, (N, 28, 28)."""
    images = np.zeros((count, 28, 28), np.uint8)
    images[:, 4:24, 13:16] = 255
    return images


@pytest.mark.parametrize("kind", DAMAGE, ids=BY_NAME)
def test_digits_are_damaged_the_same_for_the_same_seed_and_left_as_they_were(
    kind: Corruption, sheet: Sheet
) -> None:
    images = sheet[0][:6]
    before = images.copy()
    first, again, other = (damage(kind.name, images, seed=seed) for seed in (0, 0, 1))
    assert np.array_equal(images, before)
    assert np.array_equal(first, again)
    assert first.shape == (6, 28, 28)
    assert first.dtype == np.float32
    assert np.abs(first - images / 255).mean(axis=(1, 2)).min() > 0.005
    assert kind.name == "outline" or not np.array_equal(first, other)


@pytest.mark.parametrize("kind", DAMAGE, ids=BY_NAME)
def test_enough_of_a_digit_is_left_to_recognise_it(kind: Corruption, sheet: Sheet) -> None:
    images = sheet[0]
    seen = damage(kind.name, images).reshape(len(images), -1)
    clean = images.reshape(len(images), -1) / 255
    likeness = np.corrcoef(seen, clean)[: len(images), len(images) :]
    assert np.median(np.diag(likeness)) > 0.4
    # The digit that a damaged one is most like is itself.
    assert np.mean(likeness.argmax(axis=1) == np.arange(len(images))) >= 0.9


@pytest.mark.parametrize("kind", DAMAGE, ids=BY_NAME)
def test_no_digit_and_no_digits_are_no_trouble(kind: Corruption) -> None:
    assert kind.apply(np.zeros((2, 28, 28), np.uint8)).raw.shape == (2, 28, 28)
    assert kind.apply(np.zeros((0, 28, 28), np.uint8)).raw.shape == (0, 28, 28)


def test_names_are_those_of_no_corruption() -> None:
    names = [kind.name for kind in (*CORRUPTIONS, *DAMAGE)]
    assert len(set(names)) == len(names)


def test_shot_noise_keeps_the_light_and_leaves_black_black() -> None:
    noisy = damage("shot noise", np.full((40, 28, 28), 100, np.uint8))
    assert noisy.mean() == pytest.approx(100 / 255, abs=0.03)
    assert noisy.std() > 0.2
    assert damage("shot noise", bar())[:, :, :12].max() == 0


def test_impulses_are_as_many_as_said_and_half_of_them_white() -> None:
    struck = damage("impulse noise", np.full((60, 28, 28), 128, np.uint8))
    shares = np.mean((struck == 0) | (struck == 1), axis=(1, 2))
    assert 0.08 < shares.min() < 0.16 < 0.21 < shares.max() < 0.3
    assert np.mean(struck == 1) == pytest.approx(np.mean(struck == 0), rel=0.1)


def test_frosted_glass_and_motion_spread_ink_about_its_place() -> None:
    images = bar()
    for name in ("frosted glass", "motion blur"):
        seen = damage(name, images)
        columns = seen.sum(axis=(0, 1)) @ np.arange(28) / seen.sum()
        assert columns == pytest.approx(14, abs=0.3)
        assert np.count_nonzero(seen > 0.1) > 1.3 * np.count_nonzero(images)
    dot = np.zeros((60, 28, 28), np.uint8)
    dot[:, 14, 14] = 255
    lengths = [
        max(np.ptp(axis) for axis in np.nonzero(seen)) for seen in damage("motion blur", dot)
    ]
    assert 2 <= min(lengths) <= max(lengths) <= 6


def test_drops_lie_on_ink_and_paper_in_a_grey_of_their_own() -> None:
    spattered = damage("spatter", bar())
    paper = np.delete(spattered, np.s_[12:17], axis=2).max(axis=(1, 2))
    assert 0.15 < paper.min() < 0.4 < 0.7 < paper.max() <= 0.91
    lost = [np.mean(seen[4:24, 13:16] < 0.95) for seen in spattered]
    assert 0.02 < np.mean(lost) < 0.4


def test_a_line_through_a_digit_crosses_it_from_side_to_side() -> None:
    images = bar()
    for name in ("dotted line", "struck through", "zigzag"):
        added = damage(name, images) - images / 255
        assert added.min() >= 0
        for seen in added:
            columns = np.flatnonzero(seen.max(axis=0) > 0.4)
            assert columns[0] < 13
            assert columns[-1] > 15


def test_a_line_has_the_width_of_the_pen_and_dots_leave_gaps() -> None:
    def covered(name: str) -> float:
        seen = damage(name, bar()) - bar() / 255
        return float(seen.sum(axis=(1, 2)).mean())

    # Beside the bar, which is 3 wide, a line that leans by 0° to 60° is 3 to 6 high.
    heights = np.count_nonzero(damage("struck through", bar())[:, :, 11] > 0.5, axis=1)
    assert 2 <= heights.min() <= heights.max() <= 7
    assert covered("dotted line") < 0.6 * covered("struck through") < covered("zigzag")


def test_an_outline_is_hollow() -> None:
    thick = np.zeros((1, 28, 28), np.uint8)
    thick[0, 6:22, 9:19] = 255
    [seen] = damage("outline", thick)
    assert seen[10:18, 12:16].max() == 0
    assert seen[:4].max() == 0
    assert seen[14, 8:10].sum() == pytest.approx(0.5, abs=0.3)
