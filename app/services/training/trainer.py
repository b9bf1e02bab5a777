"""The job that trains: it runs `python -m cnn retrain` as a child, and follows what that writes.

A run has a folder while it is at work. What a killed child, worker or site left in it is gone on
from: the child from its checkpoint after the last whole epoch, the worker from the child's file of
events, of which it has noted how much it has read.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import update

from app.config import ROOT
from app.errors import MaintenanceError, StorageError, UploadError
from app.services.jobs import JobCancelled, JobLost, RunningJob
from app.services.models import Models, Overtaken, Publisher
from app.services.training.fields import TrainingError
from app.services.training.files import RunFiles
from app.services.training.picture_settings import load_settings
from app.services.training.preparing import Preparation
from app.services.training.progress import Progress
from app.services.training.runs import TRAIN, Runs
from app.storage.database import Database, utc_now
from app.storage.models import TrainingRun
from cnn.errors import ModelFileError

__all__ = ["TRAIN", "RunTrainer"]

_LOOK = 0.25  # seconds between two looks at what the child wrote
_CHECK = 1.0  # seconds between two looks whether the run is to go on
_MOST_DEATHS = 5  # of the child, without an epoch or another phase in between
_PAUSE = 1.0  # seconds before a child that died is started again


class RunTrainer:
    """Does runs of training.

    Parameters
    ----------
    preparations : mapping of str to Preparation
        What puts the files of a run into its folder, by the kind of its settings.
    """

    def __init__(
        self,
        database: Database,
        runs: Runs,
        models: Models,
        publisher: Publisher,
        files: RunFiles,
        preparations: Mapping[str, Preparation],
    ) -> None:
        self._database = database
        self._runs = runs
        self._models = models
        self._publisher = publisher
        self._files = files
        self._preparations = preparations

    def run(self, job: RunningJob) -> None:
        """Train, compare, add the model and perhaps publish it; or go on where that ended.

        Raises TrainingError if that cannot be done.
        """
        run_id = UUID(job.view.arguments["run"])
        with self._database.reading() as session:
            row = session.get(TrainingRun, run_id)
        if row is None:
            raise JobLost
        work = _Work(job, row, self._database, self._files.folder(run_id))
        try:
            self._prepare(work)
            work.train()
            self._finish(work)
        except (JobCancelled, TrainingError, UploadError):
            self._files.forget(run_id)
            raise
        self._files.forget(run_id)

    def sweep(self) -> None:
        """Note how runs ended, and delete what they left on the disk."""
        self._runs.settle()
        found = self._files.names()  # before it is asked, so that what begins meanwhile stays
        self._files.sweep(found, self._runs.at_work())

    def _prepare(self, work: _Work) -> None:
        """Put what the child needs into the run's folder, all of it or nothing."""
        work.note(started_at=work.row.started_at or utc_now())
        if work.folder.is_dir():
            return
        settings = work.settings
        new = self._files.unfinished(work.row.id)
        shutil.rmtree(new, ignore_errors=True)
        try:
            new.mkdir(parents=True, mode=0o700)
            self._models.look_again()
            preparation = self._preparations[settings.kind]
            prepared = preparation.prepare(work.row.id, settings, new, work.check)
            (new / "settings.json").write_text(json.dumps(prepared.asked), encoding="utf-8")
            if prepared.compared_with is not None:
                work.progress.note("run_compares", version=prepared.compared_with)
            for code, values in prepared.notes:
                work.progress.note(code, **values)
            work.note(base=prepared.base, compared_with=prepared.compared_with)
            new.rename(work.folder)
            self._files.drop_archive(work.row.id)
        except OSError as error:
            raise StorageError("run_unwritable", problem=error.strerror or str(error)) from error

    def _finish(self, work: _Work) -> None:
        """Add the model, publish it if that was asked for and may be, and end the run."""
        gate = work.read_gate()
        by, compared = work.row.created_by, work.row.compared_with
        try:
            settings = work.settings
            file = work.folder / "candidate.dnm"
            added = self._publisher.add(file, name=settings.model, by=by, publish_first=False)
            version = added.version.version
            may = settings.publish == "if_better" and not settings.quick
            if may and gate["decision"] in ("better", "first"):
                self._publish(work, version, compared, by)
        except (ModelFileError, MaintenanceError) as error:
            raise TrainingError("run_damaged", problem=str(error)) from error
        gate["candidate"]["name"] = version
        values = {
            "state": "finished",
            "ended_at": utc_now(),
            "gate": gate,
            "model": version,
            "progress": work.progress.dump(),
        }
        with self._database.writing() as session:
            session.execute(update(TrainingRun).where(TrainingRun.id == work.row.id).values(values))
            work.job.finish(session, {})

    def _publish(self, work: _Work, version: str, compared: str | None, by: UUID | None) -> None:
        present, _ = self._publisher.present_and_before(work.settings.model)
        if present != version:  # else this was done before the worker was killed
            better = "better" if compared else "the first version of its name"
            reason = f"Training run {work.row.number}: {better}"
            try:
                self._publisher.publish(version, by=by, reason=reason, instead_of=compared or "")
            except Overtaken:
                if compared is None:
                    work.progress.note("run_overtaken_first", present=present or "")
                else:
                    work.progress.note("run_overtaken", present=present or "", compared=compared)
                return
        work.progress.note("run_published" if compared else "run_published_first", version=version)


class _Work:
    """One run while it is at work."""

    def __init__(self, job: RunningJob, row: TrainingRun, database: Database, folder: Path) -> None:
        self.job = job
        self.row = row
        self.settings = load_settings(row.settings)
        self.progress = Progress(row.progress)
        self.folder = folder
        self._database = database
        self._checked = 0.0

    def note(self, **values: Any) -> None:
        """Store how far the run is. Raises what `RunningJob.advance` raises."""
        values["progress"] = self.progress.dump()
        for name, value in values.items():
            setattr(self.row, name, value)
        with self._database.writing() as session:
            session.execute(update(TrainingRun).where(TrainingRun.id == self.row.id).values(values))
            self.job.report(session, done=self.progress.epoch, total=self.progress.epochs)
        self.check()

    def check(self) -> None:
        """Raise what `RunningJob.check` does, but ask at most once a second."""
        if time.monotonic() - self._checked > _CHECK:
            self.job.check()
            self._checked = time.monotonic()

    def train(self) -> None:
        """Run the child until it has come to the end. Raises TrainingError."""
        deaths = 0
        while not (self.folder / "gate.json").exists():
            before = self.progress.epoch, self.progress.phase
            code = self._run_child()
            if code == 2:
                raise self._explain()
            if code != 0:
                deaths = 1 if (self.progress.epoch, self.progress.phase) != before else deaths + 1
                if deaths == _MOST_DEATHS:
                    raise TrainingError("run_interrupted")
                time.sleep(_PAUSE)

    def read_gate(self) -> dict[str, Any]:
        """Return the comparison that the child made."""
        try:
            gate: dict[str, Any] = json.loads((self.folder / "gate.json").read_bytes())
        except (OSError, ValueError) as error:
            raise TrainingError("run_damaged", problem=str(error)) from error
        return gate

    def _run_child(self) -> int:
        command = (sys.executable, "-m", "cnn", "retrain", str(self.folder), "--child")
        with (self.folder / "errors.txt").open("wb") as errors:
            child = subprocess.Popen(  # noqa: S603 (nothing of it is given from outside)
                command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=errors
            )
            try:
                return self._follow(child)
            finally:
                child.kill()
                child.communicate()

    def _follow(self, child: subprocess.Popen[bytes]) -> int:
        """Note what the child does until it ends, and return its exit status."""
        while True:
            code = child.poll()  # before the last look at what it wrote
            if self.progress.follow(self.folder / "progress.jsonl"):
                self.note()
            self.check()
            if code is not None:
                return code
            try:
                child.wait(_LOOK)
            except subprocess.TimeoutExpired:
                continue

    def _explain(self) -> TrainingError:
        """Return why the child refused, of which it has told in the last line."""
        try:
            last = (self.folder / "errors.txt").read_text(encoding="utf-8").splitlines()[-1]
            told = json.loads(last)
            return TrainingError(told["code"], **told["values"])
        except (OSError, ValueError, LookupError, TypeError):
            return TrainingError("run_interrupted")
