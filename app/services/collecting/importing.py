"""The import of a checked upload: a job that stores its pictures, a batch at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.errors import StorageError
from app.services.collecting.check import SOURCE
from app.services.collecting.preview import MOST_NAMED, LeftOut
from app.services.collecting.reading import BatchReader
from app.services.collecting.records import Record, read_records
from app.services.collecting.spool import Spool
from app.services.jobs import JobCancelled, JobLost, RunningJob
from app.services.pictures.batches import BatchStore, LabelledPicture, Stored
from app.services.pictures.images import NewPicture
from app.storage.database import Database
from app.storage.models import Upload, User
from cnn.errors import PictureError

__all__ = ["Importer"]

_BATCH = 250  # pictures in a transaction


class Importer:
    """Imports uploads that were checked."""

    def __init__(
        self, database: Database, spool: Spool, reader: BatchReader, store: BatchStore
    ) -> None:
        self._database = database
        self._spool = spool
        self._reader = reader
        self._store = store

    def run(self, job: RunningJob) -> None:
        """Store what is left to be stored: how far an import came is in its job."""
        upload_id = UUID(job.view.arguments["upload"])
        with self._database.reading() as session:
            upload = session.get(Upload, upload_id)
            is_admin = session.scalar(select(User.is_admin).where(User.id == job.view.owner_id))
        if upload is None or is_admin is None:
            raise JobLost
        work = _Import(job, upload, self._reader, self._store, is_admin=is_admin)
        try:
            with self._spool.accepted(upload_id).open("rb") as file:
                work.run(read_records(file, skip=work.done))
        except OSError as error:
            raise StorageError("upload_gone") from error
        with self._database.writing() as session:
            job.finish(session, {})
        self._spool.delete(upload_id)


class _Import:
    """One import, and how far it has come."""

    def __init__(
        self,
        job: RunningJob,
        upload: Upload,
        reader: BatchReader,
        store: BatchStore,
        *,
        is_admin: bool,
    ) -> None:
        self._job = job
        self._upload = upload
        self._reader = reader
        self._store = store
        self._is_admin = is_admin
        self.done = job.view.done
        self._result: dict[str, Any] = upload.result or {
            "stored": 0,
            "known": 0,
            "left_out": (upload.preview or {}).get("left_out", []),
            "reasons": (upload.preview or {}).get("reasons", {}),
        }

    def run(self, records: Iterator[Record]) -> None:
        """Store one batch after the other."""
        while batch := list(islice(records, _BATCH)):
            self._job.check()
            pictures = self._pictures(batch)
            try:
                self._store.keep(
                    self._upload.owner_id,
                    pictures,
                    as_admin=self._is_admin,
                    finish=lambda session, stored, batch=batch: self._note(  # type: ignore[misc]
                        session, batch, stored
                    ),
                )
            except JobCancelled:
                self._store.discard([one.new.id for one in pictures])
                raise

    def _pictures(self, batch: list[Record]) -> list[LabelledPicture]:
        unread = [one for one in batch if not one.model]
        gone = {one.sha256 for one in unread} - self._store.find([one.sha256 for one in unread])
        return [
            LabelledPicture(
                self._new(self.done + place, one, is_gone=one.sha256 in gone), one.label, one.writer
            )
            for place, one in enumerate(batch)
        ]

    def _new(self, number: int, record: Record, *, is_gone: bool) -> NewPicture:
        # The same id whenever this is tried again.
        own = uuid5(self._upload.id, str(number))
        if is_gone:  # stored when it was checked, and deleted since
            found = self._reader.read([record.png], [record.label])[0]
            if isinstance(found, PictureError):
                raise StorageError("upload_gone") from found
            record = record.with_reading(
                NewPicture.from_png(record.png, found.reading, model=found.model, source=SOURCE)
            )
        return NewPicture(
            record.png,
            record.digit,
            record.confidence,
            record.probabilities,
            record.pixels,
            record.model,
            SOURCE,
            id=own,
            made=record.made,
        )

    def _note(self, session: Session, batch: list[Record], stored: Stored) -> None:
        """Note what became of a batch, in the transaction that stores it."""
        limit = {"count": self._store.limit}
        beyond = [
            LeftOut(batch[place].name, "label_limit", limit).dump() for place in stored.beyond_limit
        ]
        result = self._result | {
            "stored": self._result["stored"] + len(stored.stored),
            "known": self._result["known"] + len(stored.known),
            "left_out": [*self._result["left_out"], *beyond][:MOST_NAMED],
            "reasons": dict(
                Counter(self._result["reasons"]) + Counter(one["code"] for one in beyond)
            ),
        }
        chosen = update(Upload).where(Upload.id == self._upload.id)
        session.execute(chosen.values(result=result))
        self._job.report(session, done=self.done + len(batch))
        self._result, self.done = result, self.done + len(batch)
