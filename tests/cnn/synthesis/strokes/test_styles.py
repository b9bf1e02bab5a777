"""Styles: writers of a style use its forms, and numbers within its ranges."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np
import pytest

from cnn.synthesis.strokes import (
    RANGES,
    STYLES,
    Style,
    draw_hand,
    find_allograph,
    find_style,
)


@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
def test_a_writer_of_a_style_uses_its_forms_and_ranges(style: Style) -> None:
    rng = np.random.default_rng(0)
    hands = [draw_hand(style, rng) for _ in range(60)]
    used = {form for hand in hands for form in hand.allographs}
    assert used == set(style.allographs)
    for name, (low, high) in asdict(style.ranges).items():
        drawn = [getattr(hand, name) for hand in hands]
        assert low <= min(drawn) <= max(drawn) <= high
        assert np.ptp(drawn) >= 0.7 * (high - low)


def test_regions_write_as_they_are_known_to() -> None:
    def forms(style: str, digit: int) -> set[str]:
        return {form.name for form in find_style(style).forms[digit]}

    assert forms("american", 7) == {"7-plain"}
    assert forms("american", 1) == {"1-plain"}
    assert all(form.endswith("crossed") for form in forms("central-european", 7))
    assert "1-upstroke" in forms("central-european", 1)
    assert forms("east-asian", 7) == {"7-drop"}
    assert forms("technical", 0) == {"0-slashed"}


def test_the_same_seed_gives_the_same_writer_and_another_another() -> None:
    first, again, other = (
        draw_hand(STYLES["world"], np.random.default_rng(seed)) for seed in (1, 1, 2)
    )
    assert first == again
    assert first != other


def test_ranges_can_be_given_instead_of_the_styles() -> None:
    rng = np.random.default_rng(0)
    hands = [draw_hand(STYLES["hurried"], rng, ranges=RANGES["careful"]) for _ in range(20)]
    assert max(hand.slips for hand in hands) == 0


def test_what_is_impossible_is_said() -> None:
    with pytest.raises(ValueError, match="the style 'sevens' has no allograph of 0, 1, 2"):
        Style("sevens", "", (find_allograph("7-plain"),))
    with pytest.raises(ValueError, match="there is no style 'martian'; there are world, american"):
        find_style("martian")
