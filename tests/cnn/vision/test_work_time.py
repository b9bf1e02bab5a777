"""The time of a thread's own work."""

from __future__ import annotations

import gc
import time

from cnn.vision.work_time import work_time


def test_collections_of_garbage_do_not_count() -> None:
    some = [[number] for number in range(400_000)]
    all_time, own_time = time.thread_time(), work_time()
    gc.collect()
    own_time, all_time = work_time() - own_time, time.thread_time() - all_time
    assert len(some) == 400_000
    assert own_time < all_time / 2


def test_work_does() -> None:
    all_time, own_time = time.thread_time(), work_time()
    sum(number * number for number in range(400_000))
    own_time, all_time = work_time() - own_time, time.thread_time() - all_time
    assert own_time > all_time / 2
