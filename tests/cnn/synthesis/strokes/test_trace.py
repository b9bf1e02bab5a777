"""Traces: each parameter of a hand does what it says, and no extreme breaks a digit."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnn.synthesis.strokes import (
    ALLOGRAPHS,
    Hand,
    Trace,
    as_mnist,
    find_allograph,
    forms_of,
    trace_digit,
)
from cnn.synthesis.strokes.trace import SPACING

COPYBOOK = Hand(tuple(forms_of(digit)[0] for digit in range(10)), seed=0)


def written(name: str, *, seed: int = 0, **numbers: Any) -> Trace:
    hand = replace(COPYBOOK, **numbers)
    return trace_digit(find_allograph(name), hand, np.random.default_rng(seed))


def test_a_copybook_hand_draws_the_form_itself_with_an_even_pen() -> None:
    [line] = written("1-plain", pen=0.12)
    assert line.points[0] == pytest.approx([0.10, 0.02])
    assert line.points[-1] == pytest.approx([0.08, 0.98])
    assert np.allclose(line.widths, 0.12)
    steps = np.linalg.norm(np.diff(line.points, axis=0), axis=1)
    assert np.allclose(steps, SPACING, rtol=0.05)


def test_a_line_is_left_for_every_stroke() -> None:
    assert len(written("7-crossed")) == 2
    assert len(written("8-one-stroke")) == 1


def test_slant_leans_and_width_and_waist_stretch() -> None:
    [upright], [leaning] = written("1-plain"), written("1-plain", slant=45)
    ahead = leaning.points[0, 0] - leaning.points[-1, 0]
    assert ahead - (upright.points[0, 0] - upright.points[-1, 0]) == pytest.approx(0.96, abs=0.01)
    [round_], [wide] = written("0-round"), written("0-round", width=2)
    assert np.ptp(wide.points[:, 0]) == pytest.approx(2 * np.ptp(round_.points[:, 0]), rel=0.01)
    crossings = [written("8-two-circles", waist=waist)[1].points[0, 1] for waist in (0, 0.1)]
    assert crossings[1] - crossings[0] == pytest.approx(0.1, abs=0.01)


def test_taper_thins_the_ends_and_contrast_the_strokes_that_go_up() -> None:
    [line] = written("1-plain", taper=0.6)
    middle = line.widths[len(line.widths) // 2]
    assert line.widths[-1] < line.widths[0] < middle
    [flagged] = written("1-upstroke", contrast=0.5)
    up, down = flagged.widths[10], flagged.widths[-10]
    assert up < 0.65 * down


def test_a_fast_pen_is_thin_where_it_runs_straight() -> None:
    [line] = written("6-straight", speed=1.0)
    foot = int(line.points[:, 1].argmax())
    assert line.widths[12] < 0.85 * line.widths[foot]


def test_rounding_cuts_corners_and_leaves_the_ends() -> None:
    [sharp], [round_] = written("7-plain"), written("7-plain", rounding=0.06)
    corner = np.array([0.61, 0.04])
    assert np.linalg.norm(sharp.points - corner, axis=1).min() < 0.011
    assert np.linalg.norm(round_.points - corner, axis=1).min() > 0.025
    assert round_.points[[0, -1]] == pytest.approx(sharp.points[[0, -1]])


def test_a_trembling_line_stays_by_its_course() -> None:
    [calm], [shaking] = written("0-round"), written("0-round", tremor=0.02)
    distances = np.linalg.norm(calm.points - shaking.points, axis=1)
    assert 0.005 < distances.mean() < 0.06


def test_one_writers_digits_are_alike_and_anothers_differ() -> None:
    hands = [replace(COPYBOOK, seed=seed, deviation=1.0, jitter=0.2) for seed in range(6)]
    form = find_allograph("2-plain")

    def shape(hand: Hand, chance: int) -> np.ndarray:
        [line] = trace_digit(form, hand, np.random.default_rng(chance))
        shown: np.ndarray = line.points[np.linspace(0, len(line.points) - 1, 50).astype(int)]
        return shown

    within = [np.abs(shape(hand, 1) - shape(hand, 2)).mean() for hand in hands]
    between = [np.abs(shape(hands[0], 1) - shape(hand, 2)).mean() for hand in hands[1:]]
    assert np.mean(within) < 0.7 * np.mean(between)
    assert min(within) > 0


def test_slips_happen_as_often_as_is_said_and_leave_a_digit() -> None:
    form = find_allograph("7-crossed")
    hand = replace(COPYBOOK, slips=0.5)
    rng = np.random.default_rng(0)
    whole = trace_digit(form, COPYBOOK, rng)
    traces = [trace_digit(form, hand, rng) for _ in range(400)]
    slipped = [trace for trace in traces if not same(trace, whole)]
    assert 0.4 < len(slipped) / 400 < 0.6
    assert {len(trace) for trace in slipped} == {2, 3}


def same(one: Trace, other: Trace) -> bool:
    return len(one) == len(other) and all(
        np.array_equal(a.points, b.points) for a, b in zip(one, other, strict=True)
    )


@given(
    form=st.sampled_from(ALLOGRAPHS),
    seed=st.integers(0, 2**32 - 1),
    numbers=st.fixed_dictionaries(
        {
            "deviation": st.floats(0, 2),
            "jitter": st.floats(0, 1),
            "slant": st.floats(-45, 45),
            "width": st.floats(0.3, 3),
            "waist": st.floats(-0.2, 0.2),
            "pen": st.floats(0.01, 0.4),
            "taper": st.floats(0, 1),
            "contrast": st.floats(0, 1),
            "speed": st.floats(0, 1),
            "rounding": st.floats(0, 0.3),
            "tremor": st.floats(0, 0.05),
            "slips": st.floats(0, 1),
        }
    ),
)
def test_no_hand_is_too_strange_to_be_drawn(form: Any, seed: int, numbers: dict[str, Any]) -> None:
    hand = replace(COPYBOOK, seed=seed, **numbers)
    trace = trace_digit(form, hand, np.random.default_rng(seed))
    for line in trace:
        assert np.isfinite(line.points).all()
        assert line.widths.shape == (len(line.points),)
        assert 0 < line.widths.min() <= line.widths.max() <= hand.pen * (1 + 1e-9)
    again = trace_digit(form, hand, np.random.default_rng(seed))
    assert same(trace, again)
    picture = as_mnist(trace)
    assert picture.max() == 255
