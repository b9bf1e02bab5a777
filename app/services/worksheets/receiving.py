"""Pictures of pages on their way to the worker that marks them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any
from uuid import UUID, uuid4

from sqlalchemy import select

from app.services.collecting import Spool
from app.services.jobs import Jobs
from app.services.worksheets.errors import WorksheetRefused
from app.services.worksheets.marker import MARK
from app.services.worksheets.worksheets import find_own
from app.storage.database import Database, utc_now
from app.storage.models import Job, Worksheet, WorksheetUpload

__all__ = ["MarkingView", "Receiving"]

# Of one person, not marked yet: uploads, and their bytes.
_MOST_WAITING = 100
_MOST_BYTES = 500_000_000


@dataclass(frozen=True)
class MarkingView:
    """The marking of what was sent: uploads that are not done, and pages of these.

    `total` is None until it is known. `message` is a code of app.errors, with its values, where
    the last job failed.
    """

    waiting: int
    done: int
    total: int | None
    message: str | None
    values: dict[str, Any]


class Receiving:
    """Takes pictures of pages, and says how far their marking is."""

    def __init__(
        self,
        database: Database,
        spool: Spool,
        jobs: Jobs,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._database = database
        self._spool = spool
        self._jobs = jobs
        self._clock = clock

    def receive(
        self,
        owner_id: UUID,
        worksheet_id: UUID,
        files: Iterable[tuple[str, IO[bytes]]],
        sending: UUID | None = None,
    ) -> UUID:
        """Keep files, have their pages marked, and return the job's id.

        Several requests with the same `sending` belong together: a pupil's page that comes with
        another one is not marked, and one that comes later is a new attempt.

        Raises NoSuchWorksheet, WorksheetRefused, StorageError.
        """
        self._check(owner_id, worksheet_id)
        upload = WorksheetUpload(id=uuid4(), worksheet_id=worksheet_id, created_at=self._clock())
        upload.sending = sending or upload.id
        try:
            with self._spool.batch(upload.id, 0) as sink:
                for name, content in files:
                    with sink.file(name) as write:
                        shutil.copyfileobj(content, _Writer(write), 1 << 16)
            if not sink.count:
                raise WorksheetRefused("sheet_no_files")
            with self._database.writing() as session:
                find_own(session, owner_id, worksheet_id)
                arguments = {"upload": str(upload.id)}
                upload.job_id = self._jobs.add(session, MARK, arguments, owner_id=owner_id)
                session.add(upload)
        except BaseException:
            self._spool.delete(upload.id)
            raise
        self._jobs.wake()
        return upload.job_id

    def look(self, owner_id: UUID, worksheet_id: UUID) -> MarkingView:
        """Say how far the marking is. Raises NoSuchWorksheet, StorageError."""
        chosen = select(Job).join(WorksheetUpload, WorksheetUpload.job_id == Job.id)
        newest = chosen.where(WorksheetUpload.worksheet_id == worksheet_id)
        with self._database.reading() as session:
            find_own(session, owner_id, worksheet_id)
            jobs = session.scalars(newest.order_by(WorksheetUpload.created_at.desc())).all()
        waiting = [job for job in jobs if job.state in ("queued", "running")]
        totals = [job.total for job in waiting if job.total is not None]
        failed = jobs[0] if jobs and jobs[0].state == "failed" else None
        return MarkingView(
            waiting=len(waiting),
            done=sum(job.done for job in waiting),
            total=sum(totals) if len(totals) == len(waiting) else None,
            message=failed.message if failed else None,
            values=(failed.result or {}) if failed else {},
        )

    def _check(self, owner_id: UUID, worksheet_id: UUID) -> None:
        waiting = (
            select(WorksheetUpload.id)
            .join(Worksheet, Worksheet.id == WorksheetUpload.worksheet_id)
            .join(Job, Job.id == WorksheetUpload.job_id)
            .where(Worksheet.owner_id == owner_id, Job.state.in_(("queued", "running")))
        )
        with self._database.reading() as session:
            find_own(session, owner_id, worksheet_id)
            ids = session.scalars(waiting).all()
        if len(ids) >= _MOST_WAITING or sum(map(self._spool.size, ids)) >= _MOST_BYTES:
            raise WorksheetRefused("sheet_uploads")


class _Writer:
    """What `copyfileobj` writes to."""

    def __init__(self, write: Callable[[bytes], Any]) -> None:
        self.write = write
