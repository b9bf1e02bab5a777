"""Schedules: values by hand at the ends and between."""

from __future__ import annotations

import numpy as np
import pytest

from cnn.training.schedules import Cosine, OneCycle, Step


def test_steps_by_hand() -> None:
    schedule = Step(0.8, every=3, factor=0.5)
    rates = [schedule.rate(epoch, 9) for epoch in (0, 2.99, 3, 5.5, 6)]
    assert rates == pytest.approx([0.8, 0.8, 0.4, 0.4, 0.2])


def test_half_a_cosine_by_hand() -> None:
    schedule = Cosine(1.0, 0.2)
    rates = [schedule.rate(epoch, 12) for epoch in (0, 4, 6, 12)]
    assert rates == pytest.approx([1.0, 0.8, 0.6, 0.2])


def test_one_cycle_by_hand() -> None:
    schedule = OneCycle(1.0, warm=0.25)
    rates = [schedule.rate(epoch, 8) for epoch in (0, 1, 2, 5, 8)]
    assert rates == pytest.approx([0.04, 0.52, 1.0, 0.50005, 0.0001])


def test_one_cycle_rises_once_and_falls_once_without_a_jump() -> None:
    rates = np.array([OneCycle(0.3).rate(epoch, 10) for epoch in np.linspace(0, 10, 1001)])
    change = np.sign(np.diff(rates))
    assert np.count_nonzero(np.diff(change)) == 1
    assert np.abs(np.diff(rates)).max() < 0.002
    assert rates.argmax() == 300


def test_after_the_end_the_rate_stays() -> None:
    assert Cosine(1.0, 0.1).rate(15, 10) == pytest.approx(0.1)
    assert OneCycle(1.0).rate(15, 10) == pytest.approx(0.0001)


def test_one_cycle_without_a_warm_up_begins_at_the_peak() -> None:
    assert OneCycle(0.5, warm=0.0).rate(0, 4) == pytest.approx(0.5)
