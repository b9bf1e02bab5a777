"""Stems: bars, flags, feet and loops, on digits of known forms."""

from __future__ import annotations

import numpy as np
import pytest

from cnn.synthesis.strokes import (
    STYLES,
    VALIDATION,
    as_mnist,
    draw_hand,
    find_allograph,
    trace_digit,
)
from cnn.vision.stems import Stem, examine_stem


def stems(name: str, *, count: int = 40) -> list[Stem]:
    """Return what is seen in a form by many writers, with the ranges for validation."""
    form, rng = find_allograph(name), np.random.default_rng([1, *name.encode()])
    hands = [draw_hand(STYLES["world"], rng, ranges=VALIDATION) for _ in range(count)]
    seen = [
        examine_stem(as_mnist(trace_digit(form, hand, rng)) / np.float32(255)) for hand in hands
    ]
    assert None not in seen
    return [stem for stem in seen if stem is not None]


@pytest.mark.parametrize("name", ["7-crossed", "7-drop-crossed", "7-waved-crossed"])
def test_most_bars_are_seen(name: str) -> None:
    assert np.mean([stem.crossed for stem in stems(name)]) >= 0.7


@pytest.mark.parametrize("name", ["7-plain", "7-curved", "1-flag-long", "1-upstroke", "1-plain"])
def test_hardly_ever_is_a_bar_seen_where_there_is_none(name: str) -> None:
    assert sum(stem.crossed for stem in stems(name)) <= 1


def test_a_flag_is_longer_than_nothing_and_shorter_than_the_top_of_a_seven() -> None:
    bare, flag, top = (
        np.median([stem.flag for stem in stems(name)])
        for name in ("1-plain", "1-flag-long", "7-plain")
    )
    assert bare < 1 < 2.5 < flag < top


def test_loops_and_hooks() -> None:
    assert np.mean([stem.closed for stem in stems("4-closed")]) >= 0.9
    assert np.mean([stem.closed for stem in stems("4-open")]) <= 0.2
    assert np.mean([stem.hooked for stem in stems("9-straight")]) <= 0.05
    assert np.mean([stem.hooked for stem in stems("9-hooked")]) >= 0.4


def test_a_stem_that_leans_has_no_flag() -> None:
    pixels = np.zeros((28, 28), np.float32)
    for row in range(4, 24):
        pixels[row, 20 - row // 2 : 23 - row // 2] = 1
    stem = examine_stem(pixels)
    assert stem is not None
    assert abs(stem.flag) < 1
    assert (stem.crossed, stem.closed, stem.hooked) == (False, False, False)


def test_two_dots_have_none() -> None:
    pixels = np.zeros((28, 28), np.float32)
    pixels[4:6, 12:16] = pixels[22:24, 12:16] = 1
    assert examine_stem(pixels) is None


@pytest.mark.parametrize("rows", [0, 3])
def test_what_is_low_has_none(rows: int) -> None:
    pixels = np.zeros((28, 28), np.float32)
    pixels[12 : 12 + rows, 4:24] = 1
    assert examine_stem(pixels) is None
