"""Printed lines: found on ruled and squared paper, and never where there is writing."""

from __future__ import annotations

import numpy as np
import pytest

from cnn.vision.ruled_lines import find_rules

HEIGHT, WIDTH = 200, 300
LINE, PENCIL, PEN = 0.3, 0.55, 1.0  # how dark


def page() -> np.ndarray:
    return np.zeros((HEIGHT, WIDTH), np.float32)


def rules_of(strength: np.ndarray) -> np.ndarray:
    return find_rules(strength, strength > 0.1, single=True)


def ruled() -> np.ndarray:
    """Return paper with three lines across, two pixels thick."""
    strength = page()
    for top in (50, 100, 150):
        strength[top : top + 2] = LINE
    return strength


@pytest.mark.parametrize("turned", [False, True])
def test_lines_across_and_down_are_found_whole(turned: bool) -> None:
    strength = ruled().T if turned else ruled()
    assert np.array_equal(rules_of(strength), strength > 0)


def test_the_lines_of_squared_paper_are_found_but_for_where_they_cross() -> None:
    """The dots that are left are taken for dust later."""
    strength = ruled()
    down = page()
    for left in (60, 120, 180, 240):
        down[:, left : left + 2] = LINE
    crossings = (strength > 0) & (down > 0)
    strength = np.maximum(strength, down)
    assert np.array_equal(rules_of(strength), (strength > 0) & ~crossings)


def test_empty_paper_has_no_lines() -> None:
    assert not rules_of(page()).any()


def test_ink_that_crosses_a_line_is_kept() -> None:
    strength = ruled()
    stroke = np.s_[30:130, 140:148]
    strength[stroke] = PEN
    found = rules_of(strength)
    assert not found[stroke].any()
    assert np.array_equal(found, strength == np.float32(LINE))


@pytest.mark.parametrize("darkness", [PEN, PENCIL])
def test_dark_ink_along_a_line_is_kept(darkness: float) -> None:
    """The foot of a two that is written on the line."""
    strength = ruled()
    foot = np.s_[100:102, 120:160]
    strength[foot] = darkness
    found = rules_of(strength)
    assert not found[foot].any()
    assert found[100:102, :120].all()
    assert found[100:102, 160:].all()


@pytest.mark.parametrize("length", [40, 120, 165])
def test_a_stroke_shorter_than_a_line_is_ink(length: int) -> None:
    """A dash, or the bar of a seven, is straight and thin, but does not go on."""
    strength = page()
    strength[100:102, 60 : 60 + length] = LINE
    assert not rules_of(strength).any()


@pytest.mark.parametrize("thickness", [10, 20])
def test_a_stroke_thicker_than_a_line_is_ink(thickness: int) -> None:
    strength = page()
    strength[90 : 90 + thickness] = LINE
    assert not rules_of(strength).any()


@pytest.mark.parametrize("thickness", [1, 4, 8])
def test_a_line_as_thick_as_printers_make_them_is_found(thickness: int) -> None:
    strength = page()
    strength[90 : 90 + thickness] = LINE
    assert np.array_equal(rules_of(strength), strength > 0)


def test_a_line_with_gaps_is_found() -> None:
    strength = page()
    strength[100:102] = LINE
    strength[:, 70:85] = strength[:, 200:215] = 0
    assert np.array_equal(rules_of(strength), strength > 0)


def test_a_line_that_is_a_little_askew_is_found() -> None:
    strength = page()
    for column in range(WIDTH):
        top = 100 + column // 75
        strength[top : top + 2, column] = LINE
    found = rules_of(strength)
    assert found.sum() >= 0.95 * (strength > 0).sum()
    assert not found[strength == 0].any()


def test_what_is_no_mask_of_ink_is_never_found() -> None:
    rng = np.random.default_rng(0)
    strength = ruled() + rng.uniform(0, 0.05, (HEIGHT, WIDTH)).astype(np.float32)
    mask = strength > 0.1
    assert not (find_rules(strength, mask, single=True) & ~mask).any()


def test_a_line_by_itself_may_be_drawn_and_three_are_printed() -> None:
    strength = ruled()
    assert np.array_equal(find_rules(strength, strength > 0.1, single=False), strength > 0)
    strength[50:52] = 0
    assert not find_rules(strength, strength > 0.1, single=False).any()
    assert np.array_equal(rules_of(strength), strength > 0)


def test_of_a_ruling_a_line_is_found_on_which_strokes_lie() -> None:
    strength = np.maximum(ruled(), np.roll(ruled(), -25, axis=0))
    for left in (60, 100, 140, 180):
        strength[70:130, left : left + 8] = PEN
    for left in (60, 150):
        strength[98:104, left : left + 60] = PEN
    found = find_rules(strength, strength > 0.1, single=False)
    assert np.array_equal(found, strength == np.float32(LINE))


def test_a_margin_that_crosses_a_ruling_is_a_line_and_one_beside_nothing_may_be_a_digit() -> None:
    margin = page()
    margin[:, 40:42] = LINE
    assert not find_rules(margin, margin > 0.1, single=False).any()
    strength = np.maximum(ruled(), margin)
    crossings = (ruled() > 0) & (margin > 0)
    found = find_rules(strength, strength > 0.1, single=False)
    assert np.array_equal(found | crossings, strength > 0)
