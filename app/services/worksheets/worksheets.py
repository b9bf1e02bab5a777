"""Worksheets: made, listed, handed out as PDF, and deleted."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.errors import PersonGone
from app.services.collecting import Spool
from app.services.jobs import Jobs
from app.services.worksheets.attempts import has_newer_attempt
from app.services.worksheets.errors import NoSuchWorksheet, WorksheetRefused
from app.storage.database import Database, utc_now
from app.storage.models import (
    Job,
    User,
    Worksheet,
    WorksheetAnswer,
    WorksheetFile,
    WorksheetPage,
    WorksheetPupil,
    WorksheetUpload,
)
from app.worksheets.drawing import Heading
from app.worksheets.errors import WorksheetError
from app.worksheets.layout import Boxes, Layout
from app.worksheets.layout_file import parse_layout
from app.worksheets.making import Worksheet as MadeWorksheet
from app.worksheets.making import make_worksheet
from app.worksheets.paper import PAPERS
from app.worksheets.questions import Carries, Question, make_questions

__all__ = ["MOST_SHEETS", "MOST_WORKSHEETS", "WorksheetOptions", "WorksheetView", "Worksheets"]

#: Worksheets of one person, and sheets of paper that one PDF has.
MOST_WORKSHEETS = 200
MOST_SHEETS = 400

_PART = 300_000  # bytes: a row of a backup has no more
_YOUNG = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class WorksheetOptions:
    """What a worksheet shall be; see `python -m app.worksheets make --help`.

    Attributes
    ----------
    kind : str
        Of the questions that are drawn, if there are none of one's own.
    own : tuple of Question
        Questions of one's own; empty for those that are drawn.
    heading : Heading
        The words that its pages carry, without the title.
    """

    kind: str = "addition"
    own: tuple[Question, ...] = ()
    count: int = 20
    seed: int = 0
    low: int | None = None
    high: int | None = None
    carries: Carries = "any"
    columns: int | None = None
    boxes: Boxes = "digit"
    paper: str = "A4"
    title: str = ""
    names: tuple[str, ...] = ()
    heading: Heading = field(default_factory=Heading)

    def as_json(self) -> dict[str, Any]:
        """Return what the same again is made from, without title, names and own questions."""
        if self.own:
            drawn = {}
        else:
            names = ("kind", "count", "seed", "low", "high", "carries")
            drawn = {name: getattr(self, name) for name in names}
        return drawn | {"columns": self.columns, "boxes": self.boxes, "paper": self.paper}


@dataclass(frozen=True)
class WorksheetView:
    """A worksheet: `pages` came back; `doubtful` of the answers that count wait for a look."""

    id: UUID
    title: str
    created_at: datetime
    deleted_at: datetime
    layout: Layout
    options: dict[str, Any]
    pupils: tuple[str, ...]
    pages: int
    doubtful: int


class Worksheets:
    """The worksheets of a site; each is deleted by itself after so many days."""

    def __init__(
        self,
        database: Database,
        spool: Spool,
        jobs: Jobs,
        *,
        days: int,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._database = database
        self._spool = spool
        self._jobs = jobs
        #: How long a worksheet is kept, with all that belongs to it.
        self.days = days
        self._clock = clock

    def make(self, owner_id: UUID, options: WorksheetOptions) -> UUID:
        """Make a worksheet and return its id.

        Raises WorksheetError, WorksheetRefused, PersonGone, StorageError.
        """
        made = _make(options)
        worksheet = Worksheet(
            id=uuid4(),
            owner_id=owner_id,
            title=options.title,
            sheet=made.layout.sheet,
            layout=made.layout.as_json(),
            options=options.as_json(),
            created_at=self._clock(),
        )
        files = {"sheet": made.pdf, "answers": made.answers}
        with self._database.writing() as session:
            self._check_room(session, owner_id)
            session.add(worksheet)
            session.flush()
            for name, content in files.items():
                session.add_all(_parts(worksheet.id, name, content))
            session.add_all(
                WorksheetPupil(worksheet_id=worksheet.id, place=place, name=name)
                for place, name in enumerate(options.names, 1)
            )
        return worksheet.id

    def of(self, owner_id: UUID) -> list[WorksheetView]:
        """Return a person's worksheets, newest first. Raises StorageError."""
        own = select(Worksheet).where(Worksheet.owner_id == owner_id)
        with self._database.reading() as session:
            rows = session.scalars(own.order_by(Worksheet.created_at.desc(), Worksheet.id)).all()
            counts = _counts(session, [row.id for row in rows])
            return [self._view(row, (), counts.get(row.id, (0, 0))) for row in rows]

    def get(self, owner_id: UUID, worksheet_id: UUID) -> WorksheetView:
        """Return a person's worksheet. Raises NoSuchWorksheet, StorageError."""
        with self._database.reading() as session:
            row = find_own(session, owner_id, worksheet_id)
            chosen = select(WorksheetPupil.name).where(WorksheetPupil.worksheet_id == row.id)
            pupils = session.scalars(chosen.order_by(WorksheetPupil.place)).all()
            counts = _counts(session, [row.id])
            return self._view(row, pupils, counts.get(row.id, (0, 0)))

    def read_file(self, owner_id: UUID, worksheet_id: UUID, name: str) -> bytes:
        """Return a PDF: "sheet" or "answers". Raises NoSuchWorksheet, StorageError."""
        chosen = select(WorksheetFile.content).where(
            WorksheetFile.worksheet_id == worksheet_id, WorksheetFile.name == name
        )
        with self._database.reading() as session:
            find_own(session, owner_id, worksheet_id)
            return b"".join(session.scalars(chosen.order_by(WorksheetFile.number)))

    def delete(self, owner_id: UUID, worksheet_id: UUID) -> None:
        """Delete a worksheet and all that belongs to it. Raises NoSuchWorksheet, StorageError."""
        with self._database.writing() as session:
            find_own(session, owner_id, worksheet_id)
            uploads = _uploads_of(session, [worksheet_id])
            session.execute(delete(Worksheet).where(Worksheet.id == worksheet_id))
        self._forget(uploads)

    def sweep(self) -> None:
        """Delete worksheets that are too old, and pictures that no job will mark any more."""
        now = self._clock()
        old = Worksheet.created_at < now - timedelta(days=self.days)
        with self._database.reading() as session:
            ids = session.scalars(select(Worksheet.id).where(old)).all()
        with self._database.writing() as session:
            uploads = _uploads_of(session, ids)
            session.execute(delete(Worksheet).where(Worksheet.id.in_(ids)))
            at_work = select(Job.id).where(Job.state.in_(("queued", "running")))
            known = select(WorksheetUpload.id).where(WorksheetUpload.job_id.in_(at_work))
            waiting = set(session.scalars(known))
        self._forget(uploads)
        self._spool.sweep(waiting, before=(now - _YOUNG).timestamp())

    def _check_room(self, session: Session, owner_id: UUID) -> None:
        # Locked, so that several at once are counted one after the other.
        if session.scalar(select(User.id).where(User.id == owner_id).with_for_update()) is None:
            raise PersonGone("account_gone")
        own = select(func.count()).select_from(Worksheet).where(Worksheet.owner_id == owner_id)
        if (session.scalar(own) or 0) >= MOST_WORKSHEETS:
            raise WorksheetRefused("sheet_limit", most=MOST_WORKSHEETS)

    def _forget(self, uploads: Sequence[tuple[UUID, UUID]]) -> None:
        for upload_id, job_id in uploads:
            self._jobs.cancel(job_id)
            self._spool.delete(upload_id)

    def _view(
        self, row: Worksheet, pupils: Sequence[str], counts: tuple[int, int]
    ) -> WorksheetView:
        return WorksheetView(
            id=row.id,
            title=row.title,
            created_at=row.created_at,
            deleted_at=row.created_at + timedelta(days=self.days),
            layout=layout_of(row),
            options=row.options,
            pupils=tuple(pupils),
            pages=counts[0],
            doubtful=counts[1],
        )


def find_own(session: Session, owner_id: UUID, worksheet_id: UUID) -> Worksheet:
    """Return a person's worksheet; raises NoSuchWorksheet."""
    own = select(Worksheet).where(Worksheet.id == worksheet_id, Worksheet.owner_id == owner_id)
    row = session.scalar(own)
    if row is None:
        raise NoSuchWorksheet("sheet_unknown")
    return row


def layout_of(row: Worksheet) -> Layout:
    """Return what a worksheet is marked by."""
    return parse_layout(json.dumps(row.layout).encode())


def _make(options: WorksheetOptions) -> MadeWorksheet:
    if options.paper not in PAPERS:
        raise WorksheetError("sheet_paper", papers=", ".join(PAPERS))
    questions, salt = options.own or _draw(options), uuid4().hex

    def make(names: Sequence[str]) -> MadeWorksheet:
        return make_worksheet(
            questions,
            PAPERS[options.paper],
            heading=replace(options.heading, title=options.title),
            names=names,
            columns=options.columns,
            boxes=options.boxes,
            salt=salt,
        )

    # One pupil's pages are soon drawn, and tell how many there are of all.
    made = make(options.names[:1])
    sheets = len(made.layout.pages) * max(1, len(options.names))
    if sheets > MOST_SHEETS:
        raise WorksheetError("sheet_sheets", sheets=sheets, most=MOST_SHEETS)
    return make(options.names) if len(options.names) > 1 else made


def _draw(options: WorksheetOptions) -> tuple[Question, ...]:
    return make_questions(
        options.kind,
        options.count,
        seed=options.seed,
        low=options.low,
        high=options.high,
        carries=options.carries,
    )


def _parts(worksheet_id: UUID, name: str, content: bytes) -> list[WorksheetFile]:
    return [
        WorksheetFile(
            worksheet_id=worksheet_id,
            name=name,
            number=start // _PART,
            content=content[start : start + _PART],
        )
        for start in range(0, len(content), _PART)
    ]


def _counts(session: Session, ids: Sequence[UUID]) -> dict[UUID, tuple[int, int]]:
    """Return how many pages of worksheets there are, and answers that wait for a look.

    Those of earlier attempts do not wait: the newest counts.
    """
    waits = (WorksheetAnswer.mark == "look") & WorksheetAnswer.decision.is_(None)
    own = (WorksheetAnswer.page_id == WorksheetPage.id) & waits & ~has_newer_attempt()
    counted = (
        select(
            WorksheetPage.worksheet_id,
            func.count(WorksheetPage.id.distinct()),
            func.count(WorksheetAnswer.page_id),
        )
        .outerjoin(WorksheetAnswer, own)
        .where(WorksheetPage.worksheet_id.in_(ids))
        .group_by(WorksheetPage.worksheet_id)
    )
    return {one: (pages, doubtful) for one, pages, doubtful in session.execute(counted)}


def _uploads_of(session: Session, ids: Sequence[UUID]) -> list[tuple[UUID, UUID]]:
    chosen = select(WorksheetUpload.id, WorksheetUpload.job_id)
    chosen = chosen.where(WorksheetUpload.worksheet_id.in_(ids))
    return [(upload_id, job_id) for upload_id, job_id in session.execute(chosen)]
