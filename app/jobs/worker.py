"""The worker: it takes jobs and does them, one of each kind at a time."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from uuid import UUID, uuid4

from app.errors import CodedError, StorageError
from app.jobs.queue import Queue
from app.services.jobs import JobCancelled, JobHalted, JobLost, Jobs, RunningJob

__all__ = ["Handler", "Worker"]

_log = logging.getLogger(__name__)

#: Does a job of one kind. It calls `check` or `report` often, goes on from what it reported if the
#: job was begun before, and ends with `finish`. A job that runs a program as a child is one whose
#: handler starts it, reports what it writes, and ends it when `check` raises.
Handler = Callable[[RunningJob], None]

_LOOK = 5.0  # seconds between two looks at the table, heartbeats among them
_CLEAN_UP = 600.0  # seconds between two times that old files are deleted
_FINISHING = 7.0  # seconds for jobs to come to a stop
_RETRY = 2.0  # seconds before a job is tried again whose database failed


class Worker:
    """Does jobs until it is stopped, each kind in a thread of its own.

    Parameters
    ----------
    handlers : mapping of str to function
        What does the jobs of each kind.
    clean_up : function
        Called every ten minutes.
    name : UUID or None
        Its name in the rows of its jobs, if somebody needs to know it.
    after : UUID or None
        The name of a worker that is dead, whose jobs it takes without waiting for a heartbeat.
    """

    def __init__(
        self,
        jobs: Jobs,
        queue: Queue,
        handlers: Mapping[str, Handler],
        *,
        clean_up: Callable[[], None] = lambda: None,
        name: UUID | None = None,
        after: UUID | None = None,
    ) -> None:
        self._id = name or uuid4()
        self._after = after
        self._jobs = jobs
        self._queue = queue
        self._handlers = dict(handlers)
        self._clean_up = clean_up
        self._halted = threading.Event()
        self._news = {kind: threading.Event() for kind in handlers}

    def halt(self) -> None:
        """End `run`; may be called by a signal handler or another thread."""
        self._halted.set()

    def run(self) -> bool:
        """Work until `halt`; say whether all jobs in progress came to a stop."""
        threads = [
            threading.Thread(target=self._work, args=(kind,), name=f"jobs-{kind}", daemon=True)
            for kind in self._handlers
        ]
        for thread in threads:
            thread.start()
        look = clean = 0.0
        while not self._halted.is_set():
            if time.monotonic() >= clean:
                clean = time.monotonic() + _CLEAN_UP
                self._guarded(self._clean_up)
            if time.monotonic() >= look:
                look = time.monotonic() + _LOOK
                self._guarded(self._look_after)
                self._tell()
            if self._queue.wait(1.0):
                self._tell()
        self._tell()
        until = time.monotonic() + _FINISHING
        for thread in threads:
            thread.join(max(0.0, until - time.monotonic()))
        return not any(thread.is_alive() for thread in threads)

    def run_waiting(self) -> int:
        """Do all jobs that wait, in this thread, and return how many there were."""
        count = 0
        for kind, handler in self._handlers.items():
            while (job := self._jobs.take(kind, worker=self._id, halted=self._halted)) is not None:
                self._run_one(job, handler)
                count += 1
        return count

    def _tell(self) -> None:
        for event in self._news.values():
            event.set()

    def _look_after(self) -> None:
        self._jobs.beat(self._id)
        if count := self._jobs.recover(dead_worker=self._after):
            _log.warning("%d jobs of a worker that was killed go on", count)

    def _guarded(self, work: Callable[[], None]) -> None:
        try:
            work()
        except StorageError as error:
            _log.warning("jobs cannot be looked after: %s", error)

    def _work(self, kind: str) -> None:
        news = self._news[kind]
        while not self._halted.is_set():
            try:
                job = self._jobs.take(kind, worker=self._id, halted=self._halted)
            except StorageError as error:
                _log.warning("no job can be taken: %s", error)
                job = None
            if job is not None:
                self._run_one(job, self._handlers[kind])
                continue
            news.wait()
            news.clear()

    def _run_one(self, job: RunningJob, handler: Handler) -> None:
        """Run a job and note how it ended; what cannot be noted is found by its heartbeat."""
        name = f"job {job.view.id} ({job.view.kind})"
        try:
            _run(job, handler, name)
        except JobLost:
            _log.warning("%s was given up: it is another worker's now, or gone", name)
        except StorageError:
            _log.warning("%s waits: the database fails", name, exc_info=True)
            self._halted.wait(_RETRY)
            try:
                job.retry()
            except StorageError:
                _log.warning("%s cannot be put back now", name)


def _run(job: RunningJob, handler: Handler, name: str) -> None:
    try:
        handler(job)
        _log.info("%s is done", name)
    except JobHalted:
        job.release()
    except JobCancelled:
        job.cancel()
    except (JobLost, StorageError):
        raise
    except CodedError as error:
        job.fail(error.code, error.values)
    except Exception:
        _log.exception("%s failed", name)
        job.fail("job_failed", {})
