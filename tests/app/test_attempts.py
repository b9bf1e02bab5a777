from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from app.database import reading
from app.models import Attempt
from app.services.attempts import Attempts, Throttle

SLOW = Throttle("test", free=3, first=2, most=60, memory=900)


class Clock:
    def __init__(self):
        self.now = datetime(2030, 1, 1, tzinfo=UTC)

    def __call__(self):
        return self.now

    def wait(self, seconds):
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def attempts(services, clock):
    return Attempts(clock)


def fail(attempts, times, *key):
    for _ in range(times):
        attempts.count(SLOW, *key)


def test_a_few_are_free_and_then_the_wait_grows_to_its_most(attempts, clock):
    fail(attempts, 2, "ann", "here")
    assert attempts.wait(SLOW, "ann", "here") == 0
    waits = []
    for _ in range(8):
        fail(attempts, 1, "ann", "here")
        waits.append(attempts.wait(SLOW, "ann", "here"))
        clock.wait(waits[-1])
    assert waits == [2, 4, 8, 16, 32, 60, 60, 60]


def test_whoever_has_waited_may_try(attempts, clock):
    fail(attempts, 3, "ann", "here")
    clock.wait(1.5)
    assert attempts.wait(SLOW, "ann", "here") == 1
    clock.wait(0.5)
    assert attempts.wait(SLOW, "ann", "here") == 0


def test_others_are_not_slowed_down(attempts):
    fail(attempts, 10, "ann", "here")
    assert attempts.wait(SLOW, "ann", "elsewhere") == 0
    assert attempts.wait(SLOW, "bob", "here") == 0
    assert attempts.wait(Throttle("other", 0, 1, 1, 1), "ann", "here") == 0
    assert attempts.wait(SLOW, "annhere", "") == 0


def test_success_clears(attempts):
    fail(attempts, 10, "ann", "here")
    attempts.forget(SLOW, "ann", "here")
    assert attempts.wait(SLOW, "ann", "here") == 0
    fail(attempts, 2, "ann", "here")
    assert attempts.wait(SLOW, "ann", "here") == 0


def test_all_is_forgotten_in_time_and_nothing_piles_up(attempts, clock):
    fail(attempts, 10, "ann", "here")
    clock.wait(60 + 900 + 1)
    assert attempts.wait(SLOW, "ann", "here") == 0
    fail(attempts, 1, "ann", "here")
    assert attempts.wait(SLOW, "ann", "here") == 0
    for number in range(5):
        fail(attempts, 1, f"name {number}")
    clock.wait(1000)
    fail(attempts, 1, "bob")
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(Attempt)) == 1


def test_a_clock_that_was_wrong_locks_nobody_out(attempts, clock):
    clock.wait(10 * 365 * 86400)
    fail(attempts, 10, "ann", "here")
    clock.wait(-10 * 365 * 86400)
    assert attempts.wait(SLOW, "ann", "here") == 0


def test_of_many_at_once_only_one_goes_ahead(site, attempts, clock):
    fail(attempts, 3, "ann", "here")
    clock.wait(3)

    def one(_):
        with site.app_context():
            return attempts.wait(SLOW, "ann", "here")

    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(one, range(24)))
    assert waits.count(0) == 1
    assert set(waits) == {0, 2}


def test_failures_and_successes_at_once_trouble_nobody(site, attempts):
    def one(number):
        with site.app_context():
            if number % 3:
                attempts.count(SLOW, "ann", "here")
            else:
                attempts.forget(SLOW, "ann", "here")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one, range(200)))


def test_counters_are_seen_by_every_process(site, shared_settings, open_app, clock):
    second = open_app(shared_settings)
    with site.app_context():
        fail(Attempts(clock), 5, "ann", "here")
    with second.app_context():
        assert Attempts(clock).wait(SLOW, "ann", "here") == 8
