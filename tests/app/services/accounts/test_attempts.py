from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from app.languages import ENGLISH
from app.sentences import say_error
from app.services.accounts.attempts import Attempts, Counter, Throttle, Throttled
from app.storage.models import Attempt
from app.web.services import services_of
from tests.app.clock import Clock
from tests.app.database import reading

SLOW = Throttle("test", free=3, first=2, most=60, memory=900)
FORGIVING = Throttle("forgiving", free=3, first=2, most=60, memory=900, forgiven=10)
HERE = Counter(SLOW, ("ann", "here"))


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def attempts(services, clock):
    return Attempts(services.database, clock)


def fail(attempts, *counters, times=1):
    for _ in range(times):
        with attempts.trying(*counters) as trial:
            trial.count(*counters)


def succeed(attempts, counter):
    with attempts.trying(counter) as trial:
        trial.clear(counter)


def wait_of(attempts, *counters):
    """Return how long is to be waited, with an attempt that leaves no trace."""
    try:
        with attempts.trying(*counters):
            return 0
    except Throttled as refused:
        return refused.seconds


def test_a_few_are_free_and_then_the_wait_grows_to_its_most(attempts, clock):
    fail(attempts, HERE, times=2)
    assert wait_of(attempts, HERE) == 0
    waits = []
    for _ in range(8):
        fail(attempts, HERE)
        waits.append(wait_of(attempts, HERE))
        clock.wait(waits[-1])
    assert waits == [2, 4, 8, 16, 32, 60, 60, 60]


def test_whoever_has_waited_may_try(attempts, clock):
    fail(attempts, HERE, times=3)
    clock.wait(1.5)
    assert wait_of(attempts, HERE) == 1
    clock.wait(1)
    assert wait_of(attempts, HERE) == 0


def test_the_sentence_says_how_long(attempts, clock):
    fail(attempts, HERE, times=3)
    with pytest.raises(Throttled) as refused:
        fail(attempts, HERE)
    assert "Wait 2 seconds and" in say_error(refused.value, ENGLISH)
    clock.wait(1)
    with pytest.raises(Throttled) as refused:
        fail(attempts, HERE)
    assert "Wait 1 second and" in say_error(refused.value, ENGLISH)


def test_others_are_not_slowed_down(attempts, clock):
    for _ in range(10):
        fail(attempts, HERE)
        clock.wait(wait_of(attempts, HERE))
    fail(attempts, HERE)
    assert wait_of(attempts, HERE) > 0
    for other in (
        Counter(SLOW, ("ann", "elsewhere")),
        Counter(SLOW, ("bob", "here")),
        Counter(Throttle("other", 1, 1, 1, 1), ("ann", "here")),
        Counter(SLOW, ("annhere", "")),
    ):
        assert wait_of(attempts, other) == 0


def test_success_clears(attempts):
    fail(attempts, HERE, times=2)
    succeed(attempts, HERE)
    fail(attempts, HERE, times=2)
    assert wait_of(attempts, HERE) == 0


def test_an_error_counts_as_nothing(attempts):
    for _ in range(5):
        with pytest.raises(RuntimeError), attempts.trying(HERE):
            raise RuntimeError
    fail(attempts, HERE, times=3)
    assert wait_of(attempts, HERE) == 2


def test_all_is_forgotten_in_time_and_nothing_piles_up(attempts, clock):
    fail(attempts, HERE, times=3)
    clock.wait(60 + 900 + 1)
    fail(attempts, HERE)
    assert wait_of(attempts, HERE) == 0
    for number in range(5):
        fail(attempts, Counter(SLOW, (f"name {number}",)))
        succeed(attempts, Counter(SLOW, (f"right {number}",)))
    clock.wait(1000)
    fail(attempts, Counter(SLOW, ("bob",)))
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(Attempt)) == 1


def test_one_after_the_other_is_forgiven(attempts, clock):
    counter = Counter(FORGIVING, ("here",))
    # One every ten seconds, for as long as one likes, and two more at once.
    for _ in range(40):
        fail(attempts, counter)
        clock.wait(10)
    fail(attempts, counter, times=3)
    assert wait_of(attempts, counter) == 2
    # What is over is forgiven after the wait, not during it.
    clock.wait(2 + 9)
    fail(attempts, counter)
    assert wait_of(attempts, counter) == 4
    clock.wait(4 + 20)
    fail(attempts, counter)
    assert wait_of(attempts, counter) == 2


def test_time_that_forgives_is_not_lost_by_failing_in_between(attempts, clock):
    counter = Counter(FORGIVING, ("here",))
    for _ in range(20):
        fail(attempts, counter)
        clock.wait(9)
        assert wait_of(attempts, counter) == 0
        clock.wait(2)


def test_a_clock_that_was_wrong_locks_nobody_out(attempts, clock):
    clock.wait(10 * 365 * 86400)
    fail(attempts, HERE, times=3)
    with attempts.trying(Counter(SLOW, ("bob",))):
        clock.wait(-10 * 365 * 86400)
        assert wait_of(attempts, HERE) == 0
        fail(attempts, Counter(SLOW, ("bob",)), times=3)


def test_two_counters_hold_back_by_the_longer_wait_and_take_no_turn_in_vain(attempts, clock):
    other = Counter(SLOW, ("all",))
    fail(attempts, other, times=3)
    clock.wait(1)
    fail(attempts, HERE, times=3)
    assert wait_of(attempts, HERE, other) == 2
    clock.wait(1)
    assert wait_of(attempts, HERE, other) == 1
    assert wait_of(attempts, other) == 0


def test_of_many_at_once_after_the_wait_one_goes_ahead(site, attempts, clock):
    fail(attempts, HERE, times=3)
    clock.wait(3)

    def one(_):
        with site.app_context():
            return wait_of(attempts, HERE)

    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(one, range(24)))
    assert waits.count(0) == 1
    assert set(waits) == {0, 2}


def test_of_many_failures_at_once_as_many_are_tried_as_are_free(site, attempts):
    tried = []

    def one(number):
        with site.app_context():
            try:
                with attempts.trying(HERE) as trial:
                    tried.append(number)
                    trial.count(HERE)
            except Throttled:
                pass

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(one, range(40)))
    assert len(tried) == 3


def test_of_many_successes_at_once_none_is_held_back(site, attempts):
    def one(_):
        with site.app_context():
            succeed(attempts, HERE)

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(one, range(40)))


def test_failures_and_successes_at_once_trouble_nobody(site, attempts):
    def one(number):
        with site.app_context():
            try:
                with attempts.trying(HERE, Counter(SLOW, (str(number % 5),))) as trial:
                    trial.count(*([HERE] if number % 3 else []))
                    trial.clear(HERE)
            except Throttled:
                pass

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one, range(100)))


def test_what_a_killed_process_was_trying_holds_nobody_back_for_long(services, clock):
    attempts = Attempts(services.database, clock, clock.wait)
    killed = [attempts.trying(HERE) for _ in range(3)]
    for trial in killed:
        trial.__enter__()
    with pytest.raises(Throttled) as refused:
        fail(attempts, HERE)
    assert refused.value.seconds <= 30
    clock.wait(refused.value.seconds)
    assert wait_of(attempts, HERE) == 0
    fail(attempts, HERE, times=3)
    assert wait_of(attempts, HERE) == 2
    # One that was only slow comes back late, and spoils nothing.
    for trial in killed:
        trial.__exit__(None, None, None)
    assert wait_of(attempts, HERE) == 2


def test_what_is_remembered_is_forgotten_in_time(attempts, clock):
    assert not attempts.remembers(HERE)
    attempts.remember(HERE)
    assert attempts.remembers(HERE)
    clock.wait(901)
    assert not attempts.remembers(HERE)


def test_counters_are_seen_by_every_process(site, shared_settings, open_app, clock):
    second = open_app(shared_settings)
    fail(Attempts(services_of(site).database, clock), HERE, times=3)
    assert wait_of(Attempts(services_of(second).database, clock), HERE) == 2
