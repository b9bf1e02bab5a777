"""A few threads that work for many."""

import threading

import pytest

from app.native.workers import Workers


@pytest.fixture
def workers():
    some = Workers(1, "test-worker")
    some.start()
    yield some
    some.close()
    for thread in some.threads:
        thread.join(10)
        assert not thread.is_alive()


def test_oldest_first_and_what_was_cancelled_is_skipped(workers):
    go, done = threading.Event(), []
    workers.submit(lambda: go.wait(60))
    futures = [workers.submit(lambda number=number: done.append(number)) for number in range(4)]
    assert futures[1].cancel()
    go.set()
    futures[3].result(10)
    assert done == [0, 2, 3]


def test_a_failure_is_for_whoever_waits_and_the_worker_goes_on(workers):
    with pytest.raises(ZeroDivisionError):
        workers.submit(lambda: 1 / 0).result(10)
    assert workers.submit(lambda: 7).result(10) == 7


def test_at_the_end_what_has_not_begun_is_cancelled(workers):
    go, begun = threading.Event(), threading.Event()

    def work():
        begun.set()
        return go.wait(60)

    first, second = workers.submit(work), workers.submit(lambda: None)
    assert begun.wait(60)
    workers.close()
    assert second.cancelled()
    go.set()
    assert first.result(10)


def test_its_threads_keep_no_process():
    assert all(thread.daemon for thread in Workers(3, "test-worker").threads)
