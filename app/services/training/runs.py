"""Runs of training: added to the queue, found, cancelled, and what came of them published."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session, defer

from app.services.jobs import Jobs
from app.services.models import Overtaken, Publisher
from app.services.models.checks import is_name
from app.services.training.archive import open_archive
from app.services.training.fields import TrainingError
from app.services.training.files import Readable, RunFiles
from app.services.training.picture_settings import (
    AnySettings,
    PictureSettings,
    load_settings,
)
from app.services.training.progress import Progress
from app.services.training.settings import RunSettings
from app.storage.database import Database, insert_missing, utc_now
from app.storage.models import Job, TrainingRun, Version

__all__ = ["TRAIN", "NoSuchRun", "RunRefused", "RunView", "Runs"]

#: The kind of job.
TRAIN = "train"

_MOST_ARCHIVES = 10  # that wait for their runs
_LONGEST_FILE = 80  # characters of an archive's name that are kept, the last ones
_MOST_BYTES = 650_000_000  # of all pictures of a run as the network takes them


class NoSuchRun(TrainingError):
    """There is no run of this id."""


class RunRefused(TrainingError):
    """What was asked of a run cannot be done as it is now."""


@dataclass(frozen=True)
class RunView:
    """A run at a moment.

    `state` is queued, running, finished, failed or cancelled; `message` and `values` say why one
    failed. `gate` is the comparison, where that was asked for and is there.
    """

    id: UUID
    number: int
    created_at: datetime
    created_by: UUID | None
    settings: AnySettings
    state: str
    message: str | None
    values: dict[str, Any]
    started_at: datetime | None
    ended_at: datetime | None
    base: str | None
    compared_with: str | None
    progress: Progress
    gate: dict[str, Any] | None
    decision: str | None
    model: str | None

    @property
    def is_at_work(self) -> bool:
        """Whether it waits or runs."""
        return self.state in ("queued", "running")


class Runs:
    """Adds, finds, cancels and publishes runs."""

    def __init__(
        self,
        database: Database,
        jobs: Jobs,
        publisher: Publisher,
        files: RunFiles,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._database = database
        self._jobs = jobs
        self._publisher = publisher
        self._files = files
        self._clock = clock

    def start(self, settings: RunSettings, *, by: UUID | None) -> UUID:
        """Queue a run of digits, and return its id. Raises TrainingError, StorageError."""
        run_id = uuid4()
        self._add(run_id, settings, by)
        return run_id

    def start_pictures(
        self, settings: PictureSettings, content: Readable, *, file: str, by: UUID | None
    ) -> UUID:
        """Queue a run of other classes with its archive, which is called `file`; return its id.

        Raises UploadError, TrainingError, RunRefused, StorageError; then nothing is kept.
        """
        if self._files.count_archives() >= _MOST_ARCHIVES:
            raise RunRefused("archives_waiting", most=_MOST_ARCHIVES)
        run_id = uuid4()
        file = file[-_LONGEST_FILE:]
        try:
            with open_archive(self._files.keep_archive(run_id, content), name=file) as found:
                counts = found.counts
                _check_memory(settings, found.count)
            self._check_classes(settings.model, tuple(counts))
            self._add(run_id, replace(settings, file=file, counts=counts), by)
        except BaseException:
            self._files.forget(run_id)
            raise
        return run_id

    def _check_classes(self, name: str, classes: tuple[str, ...]) -> None:
        """Raise TrainingError if a name is of something that tells other classes apart, or none."""
        if self._publisher.makes_pictures(name):
            raise TrainingError("pictures_makes", name=name)
        known = self._publisher.versions(name)
        if known and known[0].classes != classes:
            told = {"before": ", ".join(known[0].classes), "classes": ", ".join(classes)}
            raise TrainingError("pictures_other_classes", name=name, **told)

    def _add(self, run_id: UUID, settings: AnySettings, by: UUID | None) -> None:
        newest = select(func.max(TrainingRun.number))
        with self._database.writing() as session:
            _hold_versions(session, settings.versions)
            job_id = self._jobs.add(session, TRAIN, {"run": str(run_id)}, owner_id=None)
            facts = {
                "id": run_id,
                "created_at": self._clock(),
                "created_by": by,
                "settings": settings.dump(),
                "job_id": job_id,
                "progress": Progress({"epochs": settings.all_epochs}).dump(),
            }
            # Who starts one at the same moment takes the number.
            while not insert_missing(
                session, TrainingRun, number=(session.scalar(newest) or 0) + 1, **facts
            ):
                pass
        self._jobs.wake()

    def find(self, run_id: UUID) -> RunView:
        """Return a run with its comparison. Raises NoSuchRun."""
        with self._database.reading() as session:
            row = session.execute(_rows().where(TrainingRun.id == run_id)).first()
            if row is None:
                raise NoSuchRun("run_unknown")
            run, job, decision = row
            return _view(run, job, decision, run.gate)

    def recent(self, *, count: int = 100) -> list[RunView]:
        """Return the newest runs, without their comparisons."""
        newest = _rows().options(defer(TrainingRun.gate)).order_by(TrainingRun.number.desc())
        with self._database.reading() as session:
            return [_view(*row) for row in session.execute(newest.limit(count))]

    def cancel(self, run_id: UUID) -> RunView:
        """Have a run end where it is; what it learned is lost. Raises NoSuchRun, RunRefused."""
        with self._database.reading() as session:
            job_id = session.scalar(select(TrainingRun.job_id).where(TrainingRun.id == run_id))
        if job_id is None:
            raise NoSuchRun("run_unknown")
        if not self._jobs.cancel(job_id):
            raise RunRefused("run_ended")
        run = self.find(run_id)
        if not run.is_at_work:  # else the worker does it
            self._files.forget(run_id)
        return run

    def publish(self, run_id: UUID, *, by: UUID, reason: str = "") -> str:
        """Put the model of a run in service unless the gate found it worse, and return its version.

        Raises NoSuchRun, RunRefused; what `Publisher.publish` raises but Overtaken.
        """
        run = self.find(run_id)
        if run.model is None or run.gate is None:
            raise RunRefused("run_without_model")
        if run.gate["decision"] == "worse":
            raise RunRefused("run_worse", **_figures(run.gate["reasons"][0]))
        present, _ = self._publisher.present_and_before(run.settings.model)
        if present != run.model:
            try:
                self._publisher.publish(
                    run.model, by=by, reason=reason, instead_of=run.compared_with or ""
                )
            except Overtaken as error:
                if run.compared_with is None:
                    raise RunRefused("run_overtaken_first", present=present or "") from error
                compared = run.compared_with
                raise RunRefused(
                    "run_overtaken", present=present or "", compared=compared
                ) from error
        return run.model

    def settle(self) -> None:
        """Note how runs ended whose jobs did, as jobs are forgotten some day."""
        ended = Job.state.not_in(("queued", "running"))
        chosen = (
            select(TrainingRun.id, Job)
            .outerjoin(Job, Job.id == TrainingRun.job_id)
            .where(TrainingRun.state.is_(None), Job.id.is_(None) | ended)
        )
        with self._database.reading() as session:
            found = [(run_id, _end_of(job)) for run_id, job in session.execute(chosen)]
        for run_id, values in found:
            with self._database.writing() as session:
                own = update(TrainingRun).where(TrainingRun.id == run_id)
                session.execute(own.where(TrainingRun.state.is_(None)).values(values))

    def at_work(self) -> set[str]:
        """Return the ids of the runs that wait or run, as text."""
        states = ("queued", "running")
        chosen = select(TrainingRun.id).join(Job, Job.id == TrainingRun.job_id)
        with self._database.reading() as session:
            return {str(run_id) for run_id in session.scalars(chosen.where(Job.state.in_(states)))}


def _check_memory(settings: PictureSettings, count: int) -> None:
    """Raise TrainingError for so many pictures of such a size that they fill the memory."""
    size = count * settings.channels * settings.size**2
    if size > _MOST_BYTES:
        raise TrainingError(
            "pictures_memory",
            count=count,
            size=settings.size,
            megabytes=size // 1_000_000,
            most=_MOST_BYTES // 1_000_000,
        )


def _hold_versions(session: Session, names: Collection[str]) -> None:
    """Keep versions from being removed until the run is there. Raises TrainingError."""
    possible = filter(is_name, names)
    chosen = select(Version.name).where(Version.name.in_(possible)).order_by(Version.name)
    there = set(session.scalars(chosen.with_for_update(read=True)))
    for name in names:
        if name not in there:
            raise TrainingError("run_version", name=name[:50])


def _rows() -> Select[Any]:
    # Text of the whole comparison is not wanted for a list.
    decision = TrainingRun.gate["decision"].as_string()
    return select(TrainingRun, Job, decision).outerjoin(Job, Job.id == TrainingRun.job_id)


def _view(
    row: TrainingRun, job: Job | None, decision: str | None, gate: dict[str, Any] | None = None
) -> RunView:
    told = {name: getattr(row, name) for name in ("state", "message", "values", "ended_at")}
    if row.state is None:
        told = _end_of(job)
    return RunView(
        id=row.id,
        number=row.number,
        created_at=row.created_at,
        created_by=row.created_by,
        settings=load_settings(row.settings),
        state=told["state"],
        message=told["message"] if told["state"] == "failed" else None,
        values=told["values"] or {},
        started_at=row.started_at,
        ended_at=told["ended_at"],
        base=row.base,
        compared_with=row.compared_with,
        progress=Progress(row.progress),
        gate=gate,
        decision=decision,
        model=row.model,
    )


def _end_of(job: Job | None) -> dict[str, Any]:
    """Return the state of a run as its job tells it; one whose job is gone was interrupted."""
    if job is None:
        return {"state": "failed", "message": "run_interrupted", "values": {}, "ended_at": None}
    return {
        "state": job.state,
        "message": job.message,
        "values": job.result or {},
        "ended_at": job.ended_at,
    }


def _figures(reason: dict[str, Any]) -> dict[str, str]:
    return {
        "set": reason["set"],
        "before": f"{100 * reason['in_service']:.2f}",
        "after": f"{100 * reason['candidate']:.2f}",
    }
