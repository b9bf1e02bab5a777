"""Spacing: who asks again and again comes one after the other."""

import pytest

from app.services.streams.spacing import Spacing


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def test_moments_lie_a_gap_apart(clock):
    spacing = Spacing(latest=3, clock=clock)
    assert [spacing.book(0.25) for _ in range(3)] == [0.25, 0.5, 0.75]
    clock.now += 0.5
    assert spacing.book(0.25) == 0.5


def test_after_a_silence_the_first_one_may_come_at_once(clock):
    spacing = Spacing(latest=3, clock=clock)
    clock.now += 10
    assert spacing.book(0.25) == 0
    assert spacing.book(0.25, soonest=0.2) == 0.25
    assert spacing.book(0.25, soonest=1) == 1


def test_nobody_is_told_to_come_later_than_the_latest(clock):
    spacing = Spacing(latest=3, clock=clock)
    moments = [spacing.book(1) for _ in range(5)]
    assert moments == [1, 2, 3, 3, 3]
    clock.now += 1
    assert spacing.book(0.5) == 2.5
