"""The job that marks pictures of pages, one after the other."""

from __future__ import annotations

import hashlib
import io
import shutil
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from tempfile import TemporaryFile
from uuid import UUID, uuid4

from PIL import Image
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.errors import StorageError
from app.services.collecting import Spool
from app.services.jobs import JobLost, RunningJob
from app.services.models import DIGITS, Models
from app.services.worksheets.worksheets import layout_of
from app.storage.database import Database, utc_now
from app.storage.models import (
    Worksheet,
    WorksheetAnswer,
    WorksheetLeftOut,
    WorksheetPage,
    WorksheetPupil,
    WorksheetUpload,
)
from app.worksheets.errors import PageError
from app.worksheets.incoming import count_pages, has_several, open_pages
from app.worksheets.layout import Layout
from app.worksheets.marking import SeenPage, see_page

__all__ = ["MARK", "SCALE", "Marker"]

#: The job's kind.
MARK = "mark_worksheet"
#: Pixels to the millimetre of a page that is kept.
SCALE = 6

_QUALITIES = (80, 65, 50, 35, 20, 10)  # of a JPEG, until it is small enough
_LARGEST_PICTURE = 360_000  # bytes: what a row of a backup has room for
_LONGEST_NAME = 200
_LONGEST_READ = 64
_MOST_PAGES = 1000  # of a worksheet
_MOST_LEFT_OUT = 500


@dataclass(frozen=True)
class _Incoming:
    """A page of a file that came: the file's name and SHA-256, and the page's place in it."""

    sending: UUID | None
    file: str
    sha256: str
    number: int
    of_several: bool
    picture: Image.Image | PageError


class Marker:
    """Marks what was sent, with the digit model in service."""

    def __init__(
        self,
        database: Database,
        spool: Spool,
        models: Models,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._database = database
        self._spool = spool
        self._models = models
        self._clock = clock

    def run(self, job: RunningJob) -> None:
        """Mark the pages that are left: how many are done is in the job."""
        upload_id = UUID(job.view.arguments["upload"])
        with self._database.reading() as session:
            upload = session.get(WorksheetUpload, upload_id)
            worksheet = session.get(Worksheet, upload.worksheet_id) if upload else None
        if upload is None or worksheet is None:
            raise JobLost
        try:
            if job.view.total is None:
                total = sum(count_pages(file) for _, file in self._files(upload_id))
                job.advance(done=0, total=total)
            for done, incoming in enumerate(self._pages(upload), 1):
                if done > job.view.done:
                    job.check()
                    self._mark(job, worksheet, incoming, done)
        except (OSError, zipfile.BadZipFile) as error:
            raise StorageError("upload_gone") from error
        with self._database.writing() as session:
            job.finish(session, {})
        self._spool.delete(upload_id)

    def _files(self, upload_id: UUID) -> Iterator[tuple[str, io.BufferedRandom]]:
        """Return the files that came, each until the next one is asked for."""
        for piece in self._spool.pieces(upload_id):
            with zipfile.ZipFile(piece.path) as archive:
                for entry in archive.infolist():
                    name = entry.comment.decode("utf-8", "replace")
                    # One file lies alone on the disk, where any of its parts can be read.
                    with (
                        archive.open(entry) as packed,
                        TemporaryFile(dir=piece.path.parent) as file,
                    ):
                        shutil.copyfileobj(packed, file, 1 << 16)
                        yield name[-_LONGEST_NAME:], file

    def _pages(self, upload: WorksheetUpload) -> Iterator[_Incoming]:
        together = upload.sending
        for name, file in self._files(upload.id):
            several = has_several(file)
            file.seek(0)
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            try:
                for number, opened in enumerate(open_pages(file), 1):
                    yield _Incoming(together, name, digest, number, several, opened)
            except PageError as error:
                yield _Incoming(together, name, digest, 1, False, error)

    def _mark(self, job: RunningJob, worksheet: Worksheet, incoming: _Incoming, done: int) -> None:
        """Mark a page and keep what came of it, with how far the job is."""
        layout = layout_of(worksheet)
        try:
            seen = self._see(layout, incoming.picture)
        except PageError as error:
            with self._locked(worksheet.id) as session:
                reason = _explain(session, worksheet, error)
                self._leave_out(session, worksheet.id, incoming, reason)
                job.report(session, done=done)
            return
        page = self._page(worksheet.id, seen, incoming)
        with self._locked(worksheet.id) as session:
            refused = _refusal(session, worksheet.id, seen, incoming)
            if refused is None:
                session.add(page)
                session.flush()
                session.add_all(_answers(page.id, seen))
            else:
                self._leave_out(session, worksheet.id, incoming, refused)
            job.report(session, done=done)

    def _see(self, layout: Layout, picture: Image.Image | PageError) -> SeenPage:
        if isinstance(picture, PageError):
            raise picture
        return see_page(self._models.get(DIGITS).model, layout, picture)

    @contextmanager
    def _locked(self, worksheet_id: UUID) -> Iterator[Session]:
        """Open a transaction on a worksheet; raises JobLost if it was deleted."""
        own = select(Worksheet.id).where(Worksheet.id == worksheet_id)
        with self._database.writing() as session:
            if session.scalar(own.with_for_update()) is None:
                raise JobLost
            yield session

    def _page(self, worksheet_id: UUID, seen: SeenPage, incoming: _Incoming) -> WorksheetPage:
        code = seen.found.code
        return WorksheetPage(
            id=uuid4(),
            worksheet_id=worksheet_id,
            page=code.page,
            pupil=code.pupil,
            file=incoming.file,
            number=incoming.number,
            sha256=incoming.sha256,
            sending=incoming.sending,
            picture=_as_jpeg(seen.straighten(SCALE)),
            created_at=self._clock(),
        )

    def _leave_out(
        self, session: Session, worksheet_id: UUID, incoming: _Incoming, reason: PageError
    ) -> None:
        counted = select(func.count()).select_from(WorksheetLeftOut)
        there = session.scalar(counted.where(WorksheetLeftOut.worksheet_id == worksheet_id)) or 0
        if there < _MOST_LEFT_OUT:
            session.add(
                WorksheetLeftOut(
                    worksheet_id=worksheet_id,
                    file=incoming.file,
                    number=incoming.number,
                    of_several=incoming.of_several,
                    code=reason.code,
                    values=dict(reason.values),
                    created_at=self._clock(),
                )
            )


def _explain(session: Session, worksheet: Worksheet, error: PageError) -> PageError:
    """Return why a page was not marked; of a page of another own worksheet, say of which."""
    if "sheet" not in error.values:
        return error
    own = select(Worksheet.title, Worksheet.created_at).where(
        Worksheet.sheet == error.values["sheet"], Worksheet.owner_id == worksheet.owner_id
    )
    found = session.execute(own).first()
    if found is None:
        return PageError(error.code)
    title, created_at = found
    return PageError("page_other_own", title=title or created_at.date().isoformat())


def _refusal(
    session: Session, worksheet_id: UUID, seen: SeenPage, incoming: _Incoming
) -> PageError | None:
    """Return why a page that was found is not marked, None if it is."""
    code = seen.found.code
    pupils = select(func.count()).where(WorksheetPupil.worksheet_id == worksheet_id)
    count = session.scalar(pupils) or 0
    if code.pupil > count or (count and not code.pupil):
        return PageError("page_nobody")
    own = WorksheetPage.worksheet_id == worksheet_id
    if (session.scalar(select(func.count()).where(own)) or 0) >= _MOST_PAGES:
        return PageError("page_beyond", most=_MOST_PAGES)
    there = select(WorksheetPage.file).where(own).limit(1)
    number = WorksheetPage.number == incoming.number
    file = session.scalar(there.where(WorksheetPage.sha256 == incoming.sha256, number))
    if file is not None:
        return PageError("page_same", file=file)
    # Sent later it is a new attempt; of two that came together, nobody knows which is the newer.
    together = WorksheetPage.sending == incoming.sending
    same = (WorksheetPage.pupil == code.pupil) & (WorksheetPage.page == code.page)
    file = session.scalar(there.where(together, same)) if code.pupil else None
    return None if file is None else PageError("page_again", file=file)


def _answers(page_id: UUID, seen: SeenPage) -> list[WorksheetAnswer]:
    return [
        WorksheetAnswer(
            page_id=page_id,
            question=place,
            read=one.read[:_LONGEST_READ],
            confidence=one.confidence,
            mark=one.mark,
        )
        for place, one in enumerate(seen.questions)
    ]


def _as_jpeg(page: Image.Image) -> bytes:
    content = b""
    for quality in _QUALITIES:
        file = io.BytesIO()
        page.save(file, "JPEG", quality=quality, optimize=True)
        content = file.getvalue()
        if len(content) <= _LARGEST_PICTURE:
            break
    return content
