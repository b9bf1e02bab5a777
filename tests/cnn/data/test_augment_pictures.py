"""Augmentation of photographs: what each option changes, and what none of them does."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from cnn.data.augment_pictures import PictureAugment, PictureChanges

# What the course computes in the browser is held against the same numbers, by Node.
SHARED = Path(__file__).parents[2] / "js" / "features" / "course" / "augmentation.json"

CHANGES = ["shear=0.3", "zoom=0.3", "flip", "rotate=20", "shift=0.2", "brightness=0.5", "cutout"]


def photographs(count: int = 8, channels: int = 3) -> np.ndarray:
    """Return smooth pictures, no two the same, (N, C, 20, 24)."""
    rng = np.random.default_rng(0)
    coarse = rng.random((count, channels, 5, 6), np.float32)
    return np.repeat(np.repeat(coarse, 4, axis=2), 4, axis=3)


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("text", [*CHANGES, ",".join(CHANGES)])
def test_pictures_are_changed_within_their_range(text: str, channels: int) -> None:
    x = photographs(channels=channels)
    before = x.copy()
    y = PictureAugment.parse(text)(x, np.random.default_rng(1))
    assert y.shape == x.shape
    assert y.dtype == x.dtype
    assert 0 <= y.min() <= y.max() <= 1
    assert not np.array_equal(y, x)
    assert np.array_equal(x, before)
    again = PictureAugment.parse(text)(x, np.random.default_rng(1))
    assert np.array_equal(y, again)


def test_no_change_is_none() -> None:
    x = photographs()
    assert PictureAugment.parse("none") == PictureAugment()
    assert np.array_equal(PictureAugment()(x, np.random.default_rng(1)), x)


def test_a_flip_is_a_mirror() -> None:
    x = photographs(100)
    y = PictureAugment(flip=True)(x, np.random.default_rng(1))
    mirrored = [np.array_equal(b, a[..., ::-1]) for a, b in zip(x, y, strict=True)]
    kept = [np.array_equal(b, a) for a, b in zip(x, y, strict=True)]
    assert all(a or b for a, b in zip(mirrored, kept, strict=True))
    assert 30 < sum(mirrored) < 70


def test_what_comes_in_is_the_edges_own_colour() -> None:
    x = np.full((20, 3, 9, 9), 0.7, np.float32)
    changed = PictureAugment(shear=0.5, zoom=0.5, rotate=90, shift=0.5)
    np.testing.assert_allclose(changed(x, np.random.default_rng(1)), x, atol=1e-6)


def test_colours_stay_together() -> None:
    x = photographs(channels=1).repeat(3, axis=1)
    y = PictureAugment.parse(",".join(CHANGES))(x, np.random.default_rng(1))
    np.testing.assert_allclose(y[:, 0], y[:, 2], atol=1e-6)


def test_a_cut_is_a_grey_square() -> None:
    x = np.zeros((50, 1, 16, 16), np.float32)
    y = PictureAugment(cutout=0.5)(x, np.random.default_rng(1))
    assert set(np.unique(y)) == {0, 0.5}
    assert 10 <= (y > 0).sum(axis=(1, 2, 3)).max() <= 64


def test_a_single_row_is_changed_too() -> None:
    x = np.random.default_rng(0).random((3, 1, 1, 1)).astype(np.float32)
    assert PictureAugment(shift=0.5)(x, np.random.default_rng(1)).shape == x.shape


def test_names_alone_are_usual_amounts_and_text_goes_both_ways() -> None:
    usual = PictureAugment.parse(",".join(field.name for field in fields(PictureAugment)))
    assert all(getattr(usual, field.name) for field in fields(usual))
    assert PictureAugment.parse(str(usual)) == usual
    assert str(PictureAugment()) == "none"


@pytest.mark.parametrize(
    "text", ["twist", "shear=a lot", "flip=1", "zoom=2", "rotate=-1", "", "shear=nan"]
)
def test_what_makes_no_sense_is_said(text: str) -> None:
    with pytest.raises(ValueError, match=r"there is no|takes a number|must be from"):
        PictureAugment.parse(text)


def test_only_pictures_are_changed() -> None:
    with pytest.raises(ValueError, match=r"\(N, C, H, W\)"):
        PictureAugment(flip=True)(np.zeros((3, 4)), np.random.default_rng(0))


def test_given_changes_are_those_of_the_course() -> None:
    shared = json.loads(SHARED.read_text())
    x = np.array([shared["picture"]], np.float32)
    assert len(shared["cases"]) > 5
    for case in shared["cases"]:
        y = PictureChanges(**case["changes"])(x)[0]
        np.testing.assert_allclose(y, np.array(case["result"]), atol=2e-5, err_msg=case["name"])


def test_a_quarter_turn_is_clockwise_and_a_shift_moves_the_window() -> None:
    x = np.random.default_rng(0).random((1, 3, 9, 9)).astype(np.float32)
    turned = PictureChanges(rotate=90)(x)
    np.testing.assert_allclose(turned, np.rot90(x, -1, axes=(2, 3)), atol=1e-5)
    moved = PictureChanges(down=1 / 3)(x)
    np.testing.assert_allclose(moved[:, :, :6], x[:, :, 3:], atol=1e-5)
    assert PictureChanges()(x) is x


def test_drawn_changes_stay_within_their_amounts() -> None:
    x = photographs(200)
    augment = PictureAugment(shear=0.3, zoom=0.2, rotate=10, shift=0.1, brightness=0.5)
    drawn = augment.draw(x, np.random.default_rng(0))
    for name, most in [("shear", 0.3), ("zoom", 0.2), ("rotate", 10), ("down", 0.1)]:
        amounts = getattr(drawn, name)
        assert amounts.shape == (200, 1)
        assert -most <= amounts.min() < -0.8 * most < 0.8 * most < amounts.max() <= most
    assert 1 / 1.5 <= np.min(drawn.brightness) < 0.75 < 1.35 < np.max(drawn.brightness) <= 1.5
    np.testing.assert_array_equal(augment(x, np.random.default_rng(0)), drawn(x))
