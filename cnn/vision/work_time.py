"""CPU time of a thread's own work: without collections of garbage, which fall to any thread.

In a large process one takes longer than a picture may.
"""

from __future__ import annotations

import gc
import threading
import time

__all__ = ["work_time"]


class _Collections(threading.local):
    """When the collection that is going on in this thread began, and how long all have taken."""

    began = 0.0
    seconds = 0.0


_COLLECTIONS = _Collections()


def work_time() -> float:
    """Return seconds of this thread's CPU time, but for what collections of garbage took."""
    return time.thread_time() - _COLLECTIONS.seconds


def _note(phase: str, info: dict[str, int]) -> None:
    if phase == "start":
        _COLLECTIONS.began = time.thread_time()
    else:
        _COLLECTIONS.seconds += time.thread_time() - _COLLECTIONS.began


gc.callbacks.append(_note)
