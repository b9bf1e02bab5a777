"""The queue: it wakes who waits, and never fails who wakes."""

import os
import threading
import time
from uuid import uuid4

import pytest
import redis

from app.config import Settings
from app.jobs.queue import Queue

TEST_REDIS = os.environ.get("DIGITNET_TEST_REDIS_URL", "redis://127.0.0.1:6379/9")


def redis_or_skip():
    """Return the URL of a Redis, or skip the test."""
    try:
        redis.Redis.from_url(TEST_REDIS).ping()
    except redis.exceptions.RedisError:
        pytest.skip("DIGITNET_TEST_REDIS_URL names no Redis, and there is none here")
    return TEST_REDIS


@pytest.fixture(params=["file", "redis"])
def queue(request, tmp_path):
    url = redis_or_skip() if request.param == "redis" else None
    # The name of the queue follows from the folder, which is this test's own.
    folder = tmp_path / uuid4().hex
    folder.mkdir()
    return Queue(Settings(instance_path=folder, redis_url=url))


def test_who_waits_is_woken(queue):
    woken = []
    thread = threading.Thread(target=lambda: woken.append(queue.wait(60)))
    thread.start()
    queue.wake()
    thread.join(60)
    assert woken == [True]


def test_a_message_waits_for_a_worker(queue):
    queue.wake()
    assert queue.wait(60)


def test_nobody_is_woken_for_nothing(queue):
    assert not queue.wait(0)


def test_messages_do_not_pile_up(queue):
    for _ in range(20):
        queue.wake()
    assert sum(queue.wait(0) for _ in range(20)) <= 2


@pytest.mark.parametrize("url", [None, "redis://127.0.0.1:1/0"])
def test_a_queue_that_fails_stops_nobody(tmp_path, url, caplog):
    folder = tmp_path / "missing" if url is None else tmp_path
    queue = Queue(Settings(instance_path=folder, redis_url=url))
    queue.wake()
    assert "no worker could be woken" in caplog.text
    begun = time.monotonic()
    assert not queue.wait(0.3)
    # Who waits in a loop does not spin.
    assert time.monotonic() - begun >= 0.3
