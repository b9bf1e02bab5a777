"""Long work: each piece of it is a row, which any process adds and one worker does.

The row is the truth. A worker takes it by one atomic update, and each of its later changes holds
only while the row is still its own: a worker that was taken for dead changes nothing more.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import case, delete, func, select, update
from sqlalchemy.orm import Session

from app.errors import DigitNetError, ErrorCode
from app.storage.database import Database, utc_now
from app.storage.models import Job

__all__ = ["JobCancelled", "JobHalted", "JobLost", "JobView", "Jobs", "RunningJob"]

#: A worker whose last heartbeat is older is dead.
_SILENCE = timedelta(seconds=15)
#: So often is a job begun that does not come forward: it may be what kills its worker.
_MOST_ATTEMPTS = 3
#: Ended jobs are forgotten after.
_KEPT = timedelta(days=30)


class JobLost(DigitNetError):
    """The job is no longer this worker's, or is gone with its owner."""


class JobCancelled(DigitNetError):
    """The job was cancelled; it ends where it is."""


class JobHalted(DigitNetError):
    """The worker is about to end; the job goes on with another one."""


@dataclass(frozen=True)
class JobView:
    """A job at a moment.

    `state` is queued, running, finished, failed or cancelled. `message` is a code of app.errors,
    whose values are the `result` if the job failed.
    """

    id: UUID
    kind: str
    owner_id: UUID | None
    arguments: dict[str, Any]
    state: str
    done: int
    total: int | None
    message: str | None
    result: dict[str, Any] | None
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None

    @property
    def has_ended(self) -> bool:
        """Whether nothing more happens to it."""
        return self.state not in ("queued", "running")


_VIEW = tuple(getattr(Job, name) for name in JobView.__annotations__)


class Jobs:
    """Adds, finds and cancels jobs, and gives them to workers."""

    def __init__(
        self,
        database: Database,
        wake: Callable[[], None],
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._database = database
        #: Wakes a worker, after the transaction that added a job. It never fails: a worker that
        #: is not woken looks for itself a few seconds later.
        self.wake = wake
        self._clock = clock

    def add(
        self,
        session: Session,
        kind: str,
        arguments: Mapping[str, Any],
        *,
        owner_id: UUID | None,
        total: int | None = None,
    ) -> UUID:
        """Add a job in a transaction of the caller, who then calls `wake`."""
        job = Job(
            kind=kind,
            arguments=dict(arguments),
            owner_id=owner_id,
            total=total,
            created_at=self._clock(),
        )
        session.add(job)
        session.flush()
        return job.id

    def start(
        self, kind: str, arguments: Mapping[str, Any], *, owner_id: UUID | None = None
    ) -> UUID:
        """Add a job, wake a worker, and return the job's id. Raises StorageError."""
        with self._database.writing() as session:
            job_id = self.add(session, kind, arguments, owner_id=owner_id)
        self.wake()
        return job_id

    def find(self, job_id: UUID) -> JobView | None:
        """Return a job, or None if there is none of this id."""
        with self._database.reading() as session:
            row = session.execute(select(*_VIEW).where(Job.id == job_id)).first()
        return None if row is None else JobView(*row)

    def counts(self) -> dict[str, int]:
        """Return how many jobs are queued, and how many are running."""
        states = ("queued", "running")
        counted = select(Job.state, func.count()).where(Job.state.in_(states)).group_by(Job.state)
        with self._database.reading() as session:
            found = {state: count for state, count in session.execute(counted)}
        return {state: found.get(state, 0) for state in states}

    def cancel(self, job_id: UUID) -> bool:
        """Cancel a job: at once if it waits, else as soon as its worker asks.

        False if it has ended, or there is none.
        """
        waits = Job.state == "queued"
        values = {
            "state": case((waits, "cancelled"), else_=Job.state),
            "ended_at": case((waits, self._clock()), else_=Job.ended_at),
            "cancel_asked": True,
        }
        chosen = (Job.id == job_id) & Job.state.in_(("queued", "running"))
        with self._database.writing() as session:
            changed = update(Job).where(chosen).values(values).returning(Job.id)
            return session.execute(changed).first() is not None

    # What follows is for workers.

    def take(
        self, kind: str, *, worker: UUID, halted: threading.Event | None = None
    ) -> RunningJob | None:
        """Take the oldest job of a kind that waits; None if there is none."""
        oldest = (
            select(Job.id)
            .where(Job.state == "queued", Job.kind == kind)
            .order_by(Job.created_at, Job.id)
            .limit(1)
            .with_for_update(skip_locked=True)
            .scalar_subquery()
        )
        now = self._clock()
        values = {
            "state": "running",
            "worker": worker,
            "heartbeat": now,
            "attempts": Job.attempts + 1,
            "started_at": func.coalesce(Job.started_at, now),
        }
        taken = update(Job).where(Job.id == oldest, Job.state == "queued").values(values)
        with self._database.writing() as session:
            row = session.execute(taken.returning(*_VIEW)).first()
        if row is None:
            return None
        return RunningJob(
            JobView(*row), self._database, worker, halted or threading.Event(), self._clock
        )

    def beat(self, worker: UUID) -> None:
        """Note that a worker is alive."""
        mine = (Job.worker == worker) & (Job.state == "running")
        with self._database.reading() as session:
            if session.scalar(select(Job.id).where(mine).limit(1)) is None:
                return
        with self._database.writing() as session:
            session.execute(update(Job).where(mine).values(heartbeat=self._clock()))

    def recover(self, *, dead_worker: UUID | None = None) -> int:
        """Let the jobs of dead workers wait again, or end them; forget what ended long ago.

        A worker is dead if it has long been silent, or is the one that is known to be dead.
        Returns how many jobs can go on.
        """
        now = self._clock()
        silent = Job.heartbeat < now - _SILENCE
        if dead_worker is not None:
            silent |= Job.worker == dead_worker
        dead = (Job.state == "running") & silent
        old = Job.state.not_in(("queued", "running")) & (Job.ended_at < now - _KEPT)
        with self._database.reading() as session:
            if session.scalar(select(Job.id).where(dead | old).limit(1)) is None:
                return 0
        with self._database.writing() as session:
            cancelled = dead & Job.cancel_asked
            session.execute(update(Job).where(cancelled).values(_ended("cancelled", now)))
            hopeless = dead & (Job.attempts >= _MOST_ATTEMPTS)
            failed = _ended("failed", now, "job_interrupted")
            session.execute(update(Job).where(hopeless).values(failed))
            waiting = update(Job).where(dead).values(state="queued", worker=None)
            found = session.execute(waiting.returning(Job.id)).all()
            session.execute(delete(Job).where(old))
        return len(found)


class RunningJob:
    """A job that a worker has taken."""

    def __init__(
        self,
        view: JobView,
        database: Database,
        worker: UUID,
        halted: threading.Event,
        clock: Callable[[], datetime],
    ) -> None:
        self.view = view
        self._database = database
        self._halted = halted
        self._clock = clock
        self._own = (Job.id == view.id) & (Job.worker == worker) & (Job.state == "running")

    def check(self) -> None:
        """Raise JobHalted, JobCancelled or JobLost if the job must not go on.

        Long work calls it every second or so.
        """
        if self._halted.is_set():
            raise JobHalted
        with self._database.reading() as session:
            _go_on(session.scalar(select(Job.cancel_asked).where(self._own)))

    def report(
        self,
        session: Session,
        *,
        done: int,
        total: int | None = None,
        message: ErrorCode | None = None,
        result: Mapping[str, Any] | None = None,
    ) -> None:
        """Note how far the job has come, in the transaction that stores what it did until then.

        Called last in it. Raises JobCancelled or JobLost, which undo the transaction: so
        nothing is done twice, even by a worker that was taken for dead.
        """
        values: dict[str, Any] = {
            "done": done,
            "message": message,
            "heartbeat": self._clock(),
            "attempts": 0,
        }
        if total is not None:
            values["total"] = total
        if result is not None:
            values["result"] = dict(result)
        _go_on(self._change(session, values))

    def advance(self, **values: Any) -> None:
        """Do as `report` does, in a transaction of its own, unless the worker is about to end."""
        if self._halted.is_set():
            raise JobHalted
        with self._database.writing() as session:
            self.report(session, **values)

    def finish(self, session: Session, result: Mapping[str, Any]) -> None:
        """End the job well, in the transaction that stores what it came to."""
        if self._change(session, _ended("finished", self._clock(), result=result)) is None:
            raise JobLost

    def fail(self, message: ErrorCode, values: Mapping[str, Any]) -> None:
        """End the job with the reason."""
        self._end(_ended("failed", self._clock(), message, result=values))

    def cancel(self) -> None:
        """End the job because that was asked for."""
        self._end(_ended("cancelled", self._clock()))

    def release(self) -> None:
        """Let another worker go on with the job."""
        self._end({"state": "queued", "worker": None, "attempts": 0})

    def retry(self) -> None:
        """Let a worker try again, unless that was tried often enough."""
        hopeless = Job.attempts >= _MOST_ATTEMPTS
        self._end(
            {
                "state": case((hopeless, "failed"), else_="queued"),
                "message": case((hopeless, "job_interrupted"), else_=Job.message),
                "ended_at": case((hopeless, self._clock()), else_=None),
            }
        )

    def _end(self, values: Mapping[str, Any]) -> None:
        with self._database.writing() as session:
            self._change(session, values)

    def _change(self, session: Session, values: Mapping[str, Any]) -> bool | None:
        changed = update(Job).where(self._own).values(values).returning(Job.cancel_asked)
        asked: bool | None = session.scalar(changed)
        return asked


def _go_on(cancel_asked: bool | None) -> None:
    if cancel_asked is None:
        raise JobLost
    if cancel_asked:
        raise JobCancelled


def _ended(
    state: str,
    at: datetime,
    message: ErrorCode | None = None,
    *,
    result: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    values: dict[str, Any] = {"state": state, "ended_at": at, "message": message}
    return values if result is None else values | {"result": dict(result)}
