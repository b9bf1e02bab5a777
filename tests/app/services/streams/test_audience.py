"""The audience: however many watch, their looks take a small share of the time."""

from itertools import pairwise

import pytest

from app.services.streams import Audience


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def watch(viewers, *, look, seconds=60):
    """Let viewers who all come at once keep to what they are told; return when they looked."""
    clock = Clock()
    audience = Audience(clock)
    due, looks = [0.0] * viewers, []
    while clock.now < seconds:
        for viewer in range(viewers):
            if due[viewer] <= clock.now:
                audience.note(look, 1000)
                looks.append(clock.now)
                due[viewer] = clock.now + audience.again_ms() / 1000
        clock.now += 0.001
    return looks


def test_one_who_watches_looks_four_times_a_second():
    assert len(watch(1, look=0.003)) == pytest.approx(4 * 60, rel=0.02)


@pytest.mark.parametrize("look", [0.001, 0.003, 0.005])
def test_however_many_watch_they_take_a_share_of_the_time(look):
    looks = [moment for moment in watch(40, look=look) if moment > 10]
    assert len(looks) / 50 * look < 0.05
    assert max(after - before for before, after in pairwise(looks)) < 0.5


def test_nobody_waits_for_longer_than_five_seconds():
    looks = watch(40, look=1.0)
    assert len(looks) >= 40 * 60 / 5
