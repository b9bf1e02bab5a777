"""A few threads that work for many."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

__all__ = ["Workers"]

_Result = TypeVar("_Result")


class Workers:
    """Does what it is given, oldest first, and skips what was cancelled meanwhile.

    Unlike those of a ThreadPoolExecutor, its threads never keep a process that is about
    to end.
    """

    def __init__(self, count: int, name: str) -> None:
        self.threads = [
            threading.Thread(target=self._run, name=f"{name}-{number}", daemon=True)
            for number in range(count)
        ]
        self._jobs: queue.SimpleQueue[tuple[Future[Any], Callable[[], Any]] | None] = (
            queue.SimpleQueue()
        )

    def start(self) -> None:
        """Begin to work."""
        for thread in self.threads:
            thread.start()

    def submit(self, work: Callable[[], _Result]) -> Future[_Result]:
        """Let something be done when its turn comes."""
        future: Future[_Result] = Future()
        self._jobs.put((future, work))
        return future

    def close(self) -> None:
        """Cancel what has not begun, and let each thread end with what it is at."""
        try:
            while (job := self._jobs.get_nowait()) is not None:
                job[0].cancel()
        except queue.Empty:
            pass
        for _ in self.threads:
            self._jobs.put(None)

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            _work(*job)
            # The picture that it was about is not kept until the next one comes.
            del job


def _work(future: Future[Any], work: Callable[[], Any]) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        future.set_result(work())
    except BaseException as problem:
        # Whoever waits for the result gets it.
        future.set_exception(problem)
