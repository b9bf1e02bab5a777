"""A small thread pool whose threads never delay the end of the process."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

__all__ = ["Workers"]

_Result = TypeVar("_Result")


class Workers:
    """Runs submitted work, oldest first, and skips what was cancelled.

    Unlike those of a ThreadPoolExecutor, its threads never delay the end of the process.
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
        """Start the threads."""
        for thread in self.threads:
            thread.start()

    def submit(self, work: Callable[[], _Result]) -> Future[_Result]:
        """Queue work."""
        future: Future[_Result] = Future()
        self._jobs.put((future, work))
        return future

    def close(self) -> None:
        """Cancel what has not begun, and let each thread end after its current work."""
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
            # Do not keep the work, and so its picture, until the next one comes.
            del job


def _work(future: Future[Any], work: Callable[[], Any]) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        future.set_result(work())
    except BaseException as problem:
        # The error is passed to whoever waits for the result.
        future.set_exception(problem)
