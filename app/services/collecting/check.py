"""The check of an upload: a job that reads everything, and stores no picture yet."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.errors import ErrorCode, UploadError
from app.services.collecting.contents import Contents, Item, open_contents
from app.services.collecting.label_table import LabelTable
from app.services.collecting.preview import Preview
from app.services.collecting.reading import BatchReader, Read, encode_pixels
from app.services.collecting.records import Record, write_record
from app.services.collecting.spool import Spool
from app.services.jobs import JobLost, Jobs, RunningJob
from app.services.pictures.batches import BatchStore
from app.services.pictures.images import NewPicture, encode_for_store
from app.services.pictures.labels import LABELS
from app.storage.database import Database
from app.storage.models import Upload
from cnn.data.made import is_made
from cnn.errors import PictureError, PictureErrorReason
from cnn.files import atomic_file
from cnn.reading.reader import Reading

__all__ = ["CHECK", "IMPORT", "SOURCE", "Checker"]

#: Kinds of jobs.
CHECK, IMPORT = "check-upload", "import-upload"
#: What pictures that come this way say of where they are from.
SOURCE = "upload"

_BATCH = 128  # pictures read at once
_BATCH_BYTES = 4_000_000  # of their files
_MOST = 100_000  # files in an upload
_PROBLEMS: dict[PictureErrorReason, ErrorCode] = {
    "unknown_format": "file_no_picture",
    "damaged": "file_damaged",
    "too_many_pixels": "file_too_large",
    "too_many_bytes": "file_too_large",
}


@dataclass(frozen=True)
class _Candidate:
    """A picture that can be opened, with its label."""

    item: Item
    label: str
    writer: str | None
    png: bytes
    sha256: str
    made: bool

    @property
    def source(self) -> Any:
        """What the network reads: the file as it was sent, or pixels."""
        return self.item.content if self.item.pixels is None else self.item.pixels


class Checker:
    """Checks uploads."""

    def __init__(
        self, database: Database, spool: Spool, reader: BatchReader, store: BatchStore, jobs: Jobs
    ) -> None:
        self._database = database
        self._spool = spool
        self._reader = reader
        self._store = store
        self._jobs = jobs

    def run(self, job: RunningJob) -> None:
        """Check an upload; raises UploadError if nothing of it can be imported.

        A check that was interrupted begins anew.
        """
        upload_id = UUID(job.view.arguments["upload"])
        with self._database.reading() as session:
            upload = session.get(Upload, upload_id)
        if upload is None:
            raise JobLost
        table = LabelTable(label=upload.label, labels=upload.labels)
        with (
            atomic_file(self._spool.accepted(upload_id), mode=0o600) as file,
            open_contents(self._spool.pieces(upload_id), table) as contents,
        ):
            check = _Check(job, upload, file, self._reader, self._store)
            check.run(contents)
        with self._database.writing() as session:
            self._finish(session, job, upload, check.preview)
        if upload.unasked:
            self._jobs.wake()
        self._spool.drop_pieces(upload_id)

    def _finish(self, session: Session, job: RunningJob, upload: Upload, preview: Preview) -> None:
        values: dict[str, Any] = {"preview": preview.dump()}
        if upload.unasked:
            values["import_id"] = self._jobs.add(
                session,
                IMPORT,
                {"upload": str(upload.id)},
                owner_id=upload.owner_id,
                total=preview.count,
            )
        session.execute(update(Upload).where(Upload.id == upload.id).values(values))
        job.finish(session, {})


class _Check:
    """One check, and what it has seen so far."""

    def __init__(
        self,
        job: RunningJob,
        upload: Upload,
        file: IO[bytes],
        reader: BatchReader,
        store: BatchStore,
    ) -> None:
        self._job = job
        self._upload = upload
        self._file = file
        self._reader = reader
        self._store = store
        self._room = store.room(upload.owner_id)
        #: The label of each picture seen so far, by the SHA-256 of its file.
        self._labels: dict[str, str] = {}
        self._done = 0
        self.preview = Preview()

    def run(self, contents: Contents) -> None:
        """Look at everything, a batch at a time."""
        total = contents.count()
        self._job.advance(done=0, total=total)
        for batch in _batches(self._candidates(contents)):
            self._accept(batch)
            self._job.advance(done=self._done, total=max(self._done, total))

    def _candidates(self, contents: Contents) -> Iterator[_Candidate]:
        for item in contents.items():
            self._done += 1
            if self._done > _MOST:
                raise UploadError("upload_too_many", most=_MOST)
            if self._done % _BATCH == 0:  # also where nothing of it can be used
                self._job.check()
            found = self._open(item)
            if isinstance(found, _Candidate):
                yield found
            else:
                self.preview.leave_out(item.name, found)

    def _open(self, item: Item) -> _Candidate | ErrorCode:
        """Return a picture that may be imported, or why it cannot be."""
        if item.problem is not None:
            return item.problem
        if item.given is None:
            return "file_unlabelled"
        label = item.given.label.lower()
        if label not in LABELS:
            return "file_label"
        try:
            png = (
                encode_for_store(item.content or b"")
                if item.pixels is None
                else encode_pixels(item.pixels)
            )
        except PictureError as error:
            return _PROBLEMS.get(error.reason, "file_damaged")
        sha256 = hashlib.sha256(png).hexdigest()
        before = self._labels.get(sha256)
        if before is not None:
            return "picture_twice" if before == label else "picture_twice_labelled"
        self._labels[sha256] = label
        writer = self._upload.writer or item.given.writer
        made = item.given.made or is_made(item.content or b"")
        return _Candidate(item, label, None if made else writer, png, sha256, made)

    def _accept(self, batch: list[_Candidate]) -> None:
        known = self._store.find([one.sha256 for one in batch])
        fresh = [one for one in batch if one.sha256 not in known]
        read = dict(zip((one.sha256 for one in fresh), self._read(fresh), strict=True))
        for one in batch:
            if one.sha256 in known:
                self._write(one, None)
            else:
                self._judge(one, read[one.sha256])

    def _read(self, fresh: list[_Candidate]) -> list[Read | PictureError]:
        if not fresh:
            return []
        return self._reader.read([one.source for one in fresh], [one.label for one in fresh])

    def _judge(self, one: _Candidate, found: Read | PictureError) -> None:
        """Accept a picture that is new, unless it cannot be what its label says."""
        name = one.item.name
        if isinstance(found, PictureError):
            self.preview.leave_out(name, _PROBLEMS.get(found.reason, "file_damaged"))
        elif (problem := _refused(found.reading)) is not None:
            self.preview.leave_out(name, problem)
        elif self.preview.new.total() >= self._room:
            self.preview.leave_out(name, "label_limit", count=self._store.limit)
        else:
            self._write(one, found)

    def _write(self, one: _Candidate, found: Read | None) -> None:
        record = Record(one.item.name, one.label, one.writer, one.sha256, one.png, one.made)
        differs = False
        if found is not None:
            new = NewPicture.from_png(one.png, found.reading, model=found.model, source=SOURCE)
            record = record.with_reading(new)
            differs = one.label != ("none" if new.digit is None else str(new.digit))
        write_record(self._file, record)
        self.preview.accept(one.label, one.png, is_known=found is None, differs=differs)


def _refused(reading: Reading) -> ErrorCode | None:
    """Say why a picture cannot be one labelled digit, whatever its label says."""
    if reading.refusal is not None:
        return "picture_blank" if reading.refusal.code == "blank" else None
    return None if reading.only is not None else "picture_of_several"


def _batches(candidates: Iterator[_Candidate]) -> Iterator[list[_Candidate]]:
    batch: list[_Candidate] = []
    size = 0
    for one in candidates:
        batch.append(one)
        size += len(one.item.content or b"") + len(one.png)
        if len(batch) == _BATCH or size > _BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
