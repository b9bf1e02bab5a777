"""Uploads of training data, from the first piece to the end of the import."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.orm import Session, aliased

from app.errors import UploadError
from app.services.collecting.check import CHECK, IMPORT
from app.services.collecting.label_table import clean_writer
from app.services.collecting.spool import FileSink, Spool
from app.services.jobs import Jobs
from app.services.pictures.labels import LABELS
from app.storage.database import Database, utc_now
from app.storage.models import Job, Labelling, Picture, Upload

__all__ = ["Collection", "NoSuchUpload", "QuotaUsed", "UploadView"]

_DAY = timedelta(days=1)
_KEPT = timedelta(days=30)  # what is known of an upload, after its end
_MOST_LABELS = 100_000


class NoSuchUpload(UploadError):
    """The person has no such upload, or it is not at that stage."""


class QuotaUsed(UploadError):
    """The person has uploaded as much as one person may in a day."""


@dataclass(frozen=True)
class UploadView:
    """An upload at a moment.

    `state` is receiving, checking, checked, importing, finished, failed or cancelled; `done` of
    `total` says how far it is in that. What is left out has a name, a code of app.errors and its
    values; so has the reason of one that failed. Of very many, the first ones are named;
    `reasons` counts all, by their codes.
    """

    id: UUID
    state: str
    done: int
    total: int | None
    writer: str | None
    created_at: datetime
    preview: dict[str, Any] | None
    stored: int
    known: int
    left_out: list[dict[str, Any]]
    reasons: dict[str, int]
    message: str | None
    values: dict[str, Any]

    @property
    def is_at_work(self) -> bool:
        """Whether a worker has something to do for it."""
        return self.state in ("checking", "importing")


class Collection:
    """Receives training data, has it checked and imported, and counts what is there."""

    def __init__(
        self,
        database: Database,
        spool: Spool,
        jobs: Jobs,
        *,
        quota: int,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._database = database
        self._spool = spool
        self._jobs = jobs
        #: Bytes that one person may upload in a day.
        self.quota = quota
        self._clock = clock

    def begin(
        self,
        owner_id: UUID,
        *,
        writer: str | None = None,
        label: str | None = None,
        labels: Mapping[str, str] | None = None,
        unasked: bool = False,
    ) -> UUID:
        """Begin an upload, and return its id. Raises UploadError, StorageError.

        `label` is of all files, `labels` of those with these names. With `unasked` it is
        imported as soon as it has been checked.
        """
        for one in (*(labels or {}).values(), label or "none"):
            if one not in LABELS:
                raise UploadError("label_unknown", label=one[:20])
        if len(labels or ()) > _MOST_LABELS:
            raise UploadError("upload_too_many", most=_MOST_LABELS)
        upload = Upload(
            id=uuid4(),
            owner_id=owner_id,
            writer=clean_writer(writer),
            label=label or None,
            labels=dict(labels) if labels else None,
            unasked=unasked,
            created_at=self._clock(),
            touched_at=self._clock(),
        )
        with self._database.writing() as session:
            session.add(upload)
        return upload.id

    def check_quota(self, owner_id: UUID, size: int) -> None:
        """Raise QuotaUsed if a person may not send so many bytes more today."""
        since = self._clock() - _DAY
        used = select(func.coalesce(func.sum(Upload.size), 0)).where(
            Upload.owner_id == owner_id, Upload.created_at > since
        )
        with self._database.reading() as session:
            if int(session.scalar(used) or 0) + size > self.quota:
                raise QuotaUsed("upload_quota", most=self.quota // 1_000_000)

    @contextmanager
    def receive_batch(self, owner_id: UUID, upload_id: UUID, number: int) -> Iterator[FileSink]:
        """Receive many small files as the piece of a number, all of them or none.

        Raises NoSuchUpload, UploadError, StorageError.
        """
        self._expect(owner_id, upload_id)
        with self._spool.batch(upload_id, number) as sink:
            yield sink
        self._touch(upload_id)

    def receive_slice(
        self,
        owner_id: UUID,
        upload_id: UUID,
        number: int,
        name: str,
        offset: int,
        content: Any,
        *,
        size: int | None = None,
    ) -> int:
        """Receive a slice of the file of a number, and return how much of it is there.

        A file that has not come whole, if the `size` of all of it is said, is left out. Raises
        NoSuchUpload, UploadError, StorageError.
        """
        self._expect(owner_id, upload_id)
        there = self._spool.write_slice(upload_id, number, name, offset, content, size=size)
        self._touch(upload_id)
        return there

    def check(self, owner_id: UUID, upload_id: UUID) -> None:
        """Have a whole upload checked. Raises NoSuchUpload, UploadError, StorageError."""
        with self._database.writing() as session:
            upload = _locked(session, owner_id, upload_id)
            if upload.check_id is None:  # else it was asked for twice
                if not self._spool.pieces(upload_id):
                    raise UploadError("upload_empty")
                upload.check_id = self._add(session, CHECK, upload)
        self._jobs.wake()

    def accept(self, owner_id: UUID, upload_id: UUID) -> None:
        """Have what was checked imported. Raises NoSuchUpload, StorageError."""
        with self._database.writing() as session:
            upload = _locked(session, owner_id, upload_id)
            if upload.preview is None:
                raise NoSuchUpload("upload_unknown")
            if upload.import_id is None:
                count = upload.preview["new"] + upload.preview["known"]
                upload.import_id = self._add(session, IMPORT, upload, total=count)
        self._jobs.wake()

    def cancel(self, owner_id: UUID, upload_id: UUID) -> None:
        """Give an upload up; what was imported until then stays. Raises NoSuchUpload."""
        with self._database.writing() as session:
            upload = _locked(session, owner_id, upload_id)
            job_id = upload.import_id or upload.check_id
            if upload.import_id is None and upload.preview is None and job_id is None:
                session.delete(upload)  # nothing was counted on
        if job_id is not None:
            self._jobs.cancel(job_id)
        if upload.import_id is None:
            self._forget(upload_id)

    def find(self, owner_id: UUID, upload_id: UUID) -> UploadView | None:
        """Return a person's upload, or None if they have none of this id."""
        chosen = _views().where(Upload.id == upload_id, Upload.owner_id == owner_id)
        with self._database.reading() as session:
            row = session.execute(chosen).first()
        return None if row is None else _view(*row)

    def recent(self, owner_id: UUID, *, count: int = 5) -> list[UploadView]:
        """Return a person's newest uploads that were received whole."""
        chosen = _views().where(Upload.owner_id == owner_id, Upload.check_id.is_not(None))
        newest = chosen.order_by(Upload.created_at.desc(), Upload.id).limit(count)
        with self._database.reading() as session:
            return [_view(*row) for row in session.execute(newest)]

    def counts(self, owner_id: UUID | None = None) -> dict[str, int]:
        """Return how many labelled pictures each class has: all, or those a person labelled."""
        if owner_id is None:
            counted = select(Picture.label, func.count()).where(Picture.label.is_not(None))
            counted = counted.group_by(Picture.label)
        else:
            counted = select(Labelling.label, func.count()).where(Labelling.user_id == owner_id)
            counted = counted.group_by(Labelling.label)
        with self._database.reading() as session:
            found: dict[str | None, int] = {
                label: count for label, count in session.execute(counted)
            }
        return {label: found.get(label, 0) for label in LABELS}

    def sweep(self) -> None:
        """Forget uploads that were abandoned a day ago, and what ended ones left on the disk."""
        now = self._clock()
        ended = Job.state.not_in(("queued", "running"))
        with self._database.writing() as session:
            current = func.coalesce(Upload.import_id, Upload.check_id)
            abandoned = Upload.import_id.is_(None) & (Upload.touched_at < now - _DAY)
            old = Upload.touched_at < now - _KEPT
            at_work = select(Job.id).where(~ended)
            session.execute(
                delete(Upload).where(abandoned | old, current.is_(None) | current.not_in(at_work))
            )
            done = select(Upload.id).join(Job, Job.id == Upload.import_id).where(ended)
            known = set(session.scalars(select(Upload.id).where(Upload.id.not_in(done))))
        self._spool.sweep(known, before=(now - timedelta(hours=1)).timestamp())

    def _expect(self, owner_id: UUID, upload_id: UUID) -> None:
        """Raise NoSuchUpload unless a person's upload is still being received."""
        mine = (Upload.id == upload_id) & (Upload.owner_id == owner_id)
        with self._database.reading() as session:
            if session.scalar(select(Upload.id).where(mine, Upload.check_id.is_(None))) is None:
                raise NoSuchUpload("upload_unknown")

    def _touch(self, upload_id: UUID) -> None:
        values = {"size": self._spool.size(upload_id), "touched_at": self._clock()}
        with self._database.writing() as session:
            session.execute(update(Upload).where(Upload.id == upload_id).values(values))

    def _add(self, session: Session, kind: str, upload: Upload, total: int | None = None) -> UUID:
        upload.touched_at = self._clock()
        arguments = {"upload": str(upload.id)}
        return self._jobs.add(session, kind, arguments, owner_id=upload.owner_id, total=total)

    def _forget(self, upload_id: UUID) -> None:
        self._spool.delete(upload_id)


def _locked(session: Session, owner_id: UUID, upload_id: UUID) -> Upload:
    mine = (Upload.id == upload_id) & (Upload.owner_id == owner_id)
    upload = session.scalar(select(Upload).where(mine).with_for_update())
    if upload is None:
        raise NoSuchUpload("upload_unknown")
    return upload


def _views() -> Select[Upload, Job, Job]:
    checking, importing = aliased(Job), aliased(Job)
    return (
        select(Upload, checking, importing)
        .outerjoin(checking, checking.id == Upload.check_id)
        .outerjoin(importing, importing.id == Upload.import_id)
    )


def _view(upload: Upload, checking: Job | None, importing: Job | None) -> UploadView:
    job = importing if upload.import_id is not None else checking
    state = _state(upload, job)
    result = upload.result or {}
    preview = upload.preview or {}
    return UploadView(
        id=upload.id,
        state=state,
        done=0 if job is None else job.done,
        total=None if job is None else job.total,
        writer=upload.writer,
        created_at=upload.created_at,
        preview=upload.preview,
        stored=result.get("stored", 0),
        known=result.get("known", 0),
        left_out=result.get("left_out", preview.get("left_out", [])),
        reasons=result.get("reasons", preview.get("reasons", {})),
        message=job.message if job is not None and state == "failed" else None,
        values=(job.result or {}) if job is not None and state == "failed" else {},
    )


def _state(upload: Upload, job: Job | None) -> str:
    if upload.check_id is None:
        return "receiving"
    if upload.import_id is None:
        at_work, ended = "checking", "checked"
    else:
        at_work, ended = "importing", "finished"
    if job is None:  # forgotten long after its end
        return ended
    if job.state in ("queued", "running"):
        return at_work
    return ended if job.state == "finished" else job.state
