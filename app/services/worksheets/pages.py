"""The pages of worksheets that came back: their answers, pictures, and what a person says."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from PIL import Image
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.services.worksheets.attempts import number_attempts
from app.services.worksheets.errors import NoSuchWorksheet, WorksheetRefused
from app.services.worksheets.marker import SCALE
from app.services.worksheets.picture import as_pdf, draw_marks
from app.services.worksheets.worksheets import find_own, layout_of
from app.storage.database import Database, utc_now
from app.storage.models import Worksheet, WorksheetAnswer, WorksheetLeftOut, WorksheetPage
from app.worksheets.layout import Layout
from app.worksheets.marking import Mark
from app.worksheets.paper import Rectangle, find_paper
from app.worksheets.questions import MOST_DIGITS
from app.worksheets.tables import check_text, one_line

__all__ = ["AnswerView", "LeftOutView", "PageView", "WorksheetPages"]

_MOST_IN_PDF = 200  # pages
_AROUND = 4.0  # millimetres around an answer that is shown
_AROUND_NAME = 3.0  # and around a name
_FRAME = 0.7  # millimetres of a box on each side that are its printed line


@dataclass(frozen=True)
class AnswerView:
    """An answer.

    Attributes
    ----------
    place : int
        On its page, from 0.
    number : int
        Of the question on the worksheet, from 1.
    text, answer : str
        The question, and what is right.
    written : str
        What is written there: as a person says, else as it was read.
    confidence : float
        Probability that it was read right, 0 to 1.
    mark : Mark
        As a person decided, else as the network's reading is.
    by_person : bool
        Whether a person decided.
    """

    place: int
    number: int
    text: str
    answer: str
    written: str
    confidence: float
    mark: Mark
    by_person: bool


@dataclass(frozen=True)
class PageView:
    """A page that came back; `pupil` is 0 on worksheets without names, where `name` may be said.

    It is the pupil's attempt number `attempt` of `attempts`, from 1; the newest counts.
    """

    id: UUID
    attempt: int
    attempts: int
    page: int
    pupil: int
    name: str
    file: str
    number: int
    created_at: datetime
    answers: tuple[AnswerView, ...]

    @property
    def counts(self) -> bool:
        """Whether there is no newer attempt."""
        return self.attempt == self.attempts


@dataclass(frozen=True)
class LeftOutView:
    """A picture that was not marked, and why: a code of app.errors, and its values."""

    file: str
    number: int
    of_several: bool
    code: str
    values: dict[str, Any]


class WorksheetPages:
    """Shows pages that came back to the worksheet's owner, and takes what they decide."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = utc_now) -> None:
        self._database = database
        self._clock = clock

    def of(self, owner_id: UUID, worksheet_id: UUID) -> list[PageView]:
        """Return a worksheet's pages, those of each pupil together.

        Raises NoSuchWorksheet, StorageError.
        """
        own = select(WorksheetPage).where(WorksheetPage.worksheet_id == worksheet_id)
        ordered = own.order_by(
            WorksheetPage.pupil, WorksheetPage.page, WorksheetPage.created_at, WorksheetPage.id
        )
        with self._database.reading() as session:
            layout = layout_of(find_own(session, owner_id, worksheet_id))
            pages = session.scalars(ordered).all()
            answers, attempts = _answers(session, layout, pages), number_attempts(pages)
        return [_view(page, attempts[page.id], answers[page.id]) for page in pages]

    def get(self, owner_id: UUID, worksheet_id: UUID, page_id: UUID) -> PageView:
        """Return a page. Raises NoSuchWorksheet, StorageError."""
        with self._database.reading() as session:
            worksheet, page = _find(session, owner_id, worksheet_id, page_id)
            own = select(WorksheetPage).where(WorksheetPage.worksheet_id == worksheet_id)
            attempts = number_attempts(session.scalars(own))
            answers = _answers(session, layout_of(worksheet), [page])
        return _view(page, attempts[page.id], answers[page.id])

    def left_out(self, owner_id: UUID, worksheet_id: UUID) -> list[LeftOutView]:
        """Return what was not marked, in the order in which it came."""
        own = select(WorksheetLeftOut).where(WorksheetLeftOut.worksheet_id == worksheet_id)
        ordered = own.order_by(WorksheetLeftOut.created_at, WorksheetLeftOut.id)
        with self._database.reading() as session:
            find_own(session, owner_id, worksheet_id)
            return [
                LeftOutView(row.file, row.number, row.of_several, row.code, row.values)
                for row in session.scalars(ordered)
            ]

    def forget_left_out(self, owner_id: UUID, worksheet_id: UUID) -> None:
        """Forget what was not marked. Raises NoSuchWorksheet, StorageError."""
        with self._database.writing() as session:
            find_own(session, owner_id, worksheet_id)
            own = WorksheetLeftOut.worksheet_id == worksheet_id
            session.execute(delete(WorksheetLeftOut).where(own))

    def marked_picture(self, owner_id: UUID, worksheet_id: UUID, page_id: UUID) -> bytes:
        """Return a page with its marks, as JPEG. Raises NoSuchWorksheet, StorageError."""
        with self._database.reading() as session:
            worksheet, page = _find(session, owner_id, worksheet_id, page_id)
            layout, content = layout_of(worksheet), page.picture
            answers = _answers(session, layout, [page])[page.id]
        boxes = [boxes for _, _, boxes in layout.pages[page.page - 1].questions]
        marks = [(one.mark, one.answer) for one in answers]
        return draw_marks(content, SCALE, list(zip(boxes, marks, strict=True)))

    def marked_pdf(self, owner_id: UUID, worksheet_id: UUID, page_id: UUID | None = None) -> bytes:
        """Return a marked page, or all that count, as PDF.

        Raises NoSuchWorksheet, WorksheetRefused, StorageError.
        """
        with self._database.reading() as session:
            worksheet = find_own(session, owner_id, worksheet_id)
            size, title = layout_of(worksheet).pages[0].size, worksheet.title
        pages = self.of(owner_id, worksheet_id)
        ids = [page.id for page in pages if page.counts] if page_id is None else [page_id]
        if not 1 <= len(ids) <= _MOST_IN_PDF:
            raise WorksheetRefused("sheet_pdf", most=_MOST_IN_PDF)
        pictures = (self.marked_picture(owner_id, worksheet_id, one) for one in ids)
        return as_pdf(pictures, size, title)

    def answer_picture(
        self, owner_id: UUID, worksheet_id: UUID, page_id: UUID, place: int
    ) -> bytes:
        """Return an answer as PNG, as it is on its page. Raises NoSuchWorksheet, StorageError."""
        content, boxes = self._answer(owner_id, worksheet_id, page_id, place)
        return _cut(content, [_around(boxes, _AROUND)])[0]

    def name_picture(self, owner_id: UUID, worksheet_id: UUID, page_id: UUID) -> bytes:
        """Return the field for the pupil's name as PNG, as it is on the page.

        Raises NoSuchWorksheet, StorageError.
        """
        with self._database.reading() as session:
            worksheet, page = _find(session, owner_id, worksheet_id, page_id)
            layout, content = layout_of(worksheet), page.picture
        paper = find_paper(*layout.pages[page.page - 1].size)
        if paper is None:
            raise NoSuchWorksheet("sheet_page_unknown")
        return _cut(content, [_around([paper.name_field], _AROUND_NAME)])[0]

    def name(self, owner_id: UUID, worksheet_id: UUID, names: Mapping[UUID, str]) -> None:
        """Keep whose pages are, by their ids; an empty name for what nobody knows.

        All of them or none. Raises NoSuchWorksheet, WorksheetRefused for a page whose code names
        a pupil, WorksheetError for a name that is too long, StorageError.
        """
        said = {page_id: one_line(name) for page_id, name in names.items()}
        for name in said.values():
            check_text(name)
        with self._database.writing() as session:
            find_own(session, owner_id, worksheet_id)
            for page_id, name in said.items():
                _, page = _find(session, owner_id, worksheet_id, page_id)
                if page.pupil:
                    raise WorksheetRefused("sheet_page_named")
                page.name = name

    def digit_pictures(
        self, owner_id: UUID, worksheet_id: UUID, page_id: UUID, place: int
    ) -> list[bytes]:
        """Return what is in each box of an answer as PNG. Raises NoSuchWorksheet, StorageError."""
        content, boxes = self._answer(owner_id, worksheet_id, page_id, place)
        return _cut(
            content,
            [
                (left + _FRAME, top + _FRAME, left + width - _FRAME, top + height - _FRAME)
                for left, top, width, height in boxes
            ],
        )

    def _answer(
        self, owner_id: UUID, worksheet_id: UUID, page_id: UUID, place: int
    ) -> tuple[bytes, Sequence[Rectangle]]:
        """Return the picture of an answer's page, and its boxes in millimetres."""
        with self._database.reading() as session:
            worksheet, page = _find(session, owner_id, worksheet_id, page_id)
            layout, content = layout_of(worksheet), page.picture
        questions = layout.pages[page.page - 1].questions
        if place >= len(questions):
            raise NoSuchWorksheet("sheet_page_unknown")
        return content, questions[place][2]

    def decide(
        self,
        owner_id: UUID,
        worksheet_id: UUID,
        page_id: UUID,
        place: int,
        *,
        mark: Literal["right", "wrong"] | None = None,
        written: str | None = None,
    ) -> AnswerView:
        """Mark an answer as a person says: right, wrong, or by what is `written` there.

        With neither, what was decided before is undone. Raises NoSuchWorksheet,
        WorksheetRefused, StorageError.
        """
        if written is not None and not _is_number(written):
            raise WorksheetRefused("sheet_written", most=MOST_DIGITS)
        chosen = (WorksheetAnswer.page_id == page_id) & (WorksheetAnswer.question == place)
        with self._database.writing() as session:
            worksheet, page = _find(session, owner_id, worksheet_id, page_id)
            questions = layout_of(worksheet).pages[page.page - 1].questions
            if place >= len(questions):
                raise NoSuchWorksheet("sheet_page_unknown")
            if written is not None:
                mark = "right" if written == questions[place][1] else "wrong"
            decided = mark is not None
            values = {
                "decision": mark,
                "said": written,
                "decided_by": owner_id if decided else None,
                "decided_at": self._clock() if decided else None,
            }
            session.execute(update(WorksheetAnswer).where(chosen).values(values))
            return _answers(session, layout_of(worksheet), [page])[page.id][place]

    def delete(self, owner_id: UUID, worksheet_id: UUID, page_id: UUID) -> None:
        """Delete a page that came back, so that it may be sent again.

        Raises NoSuchWorksheet, StorageError.
        """
        with self._database.writing() as session:
            _find(session, owner_id, worksheet_id, page_id)
            session.execute(delete(WorksheetPage).where(WorksheetPage.id == page_id))


def _around(boxes: Sequence[Rectangle], margin: float) -> tuple[float, float, float, float]:
    """Return left, top, right and bottom around boxes in a row, with a margin, in millimetres."""
    left, top = boxes[0][:2]
    right, bottom = boxes[-1][0] + boxes[-1][2], boxes[-1][1] + boxes[-1][3]
    return left - margin, top - margin, right + margin, bottom + margin


def _cut(content: bytes, parts: Sequence[tuple[float, float, float, float]]) -> list[bytes]:
    """Return parts of a page as PNG: left, top, right and bottom of each in millimetres."""
    cut = []
    with Image.open(io.BytesIO(content)) as picture:
        for left, top, right, bottom in parts:
            file = io.BytesIO()
            corners = round(SCALE * left), round(SCALE * top), round(SCALE * right)
            picture.crop((*corners, round(SCALE * bottom))).save(file, "PNG")
            cut.append(file.getvalue())
    return cut


def _is_number(text: str) -> bool:
    return not text or (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS)


def _find(
    session: Session, owner_id: UUID, worksheet_id: UUID, page_id: UUID
) -> tuple[Worksheet, WorksheetPage]:
    worksheet = find_own(session, owner_id, worksheet_id)
    page = session.get(WorksheetPage, page_id)
    if page is None or page.worksheet_id != worksheet_id:
        raise NoSuchWorksheet("sheet_page_unknown")
    return worksheet, page


def _answers(
    session: Session, layout: Layout, pages: Sequence[WorksheetPage]
) -> dict[UUID, tuple[AnswerView, ...]]:
    """Return the answers of pages, by the pages' ids."""
    ids = [page.id for page in pages]
    chosen = select(WorksheetAnswer).where(WorksheetAnswer.page_id.in_(ids))
    found: dict[UUID, list[WorksheetAnswer]] = {one: [] for one in ids}
    fresh = chosen.order_by(WorksheetAnswer.question).execution_options(populate_existing=True)
    for row in session.scalars(fresh):
        found[row.page_id].append(row)
    return {page.id: _answers_of(layout, page.page, found[page.id]) for page in pages}


def _answers_of(
    layout: Layout, page: int, rows: Sequence[WorksheetAnswer]
) -> tuple[AnswerView, ...]:
    before = sum(len(one.questions) for one in layout.pages[: page - 1])
    questions = layout.pages[page - 1].questions
    return tuple(
        _answer(before, text, answer, row)
        for (text, answer, _), row in zip(questions, rows, strict=True)
    )


def _answer(before: int, text: str, answer: str, row: WorksheetAnswer) -> AnswerView:
    return AnswerView(
        place=row.question,
        number=before + row.question + 1,
        text=text,
        answer=answer,
        written=row.read if row.said is None else row.said,
        confidence=row.confidence,
        mark=row.decision or row.mark,  # type: ignore[arg-type]
        by_person=row.decision is not None,
    )


def _view(
    page: WorksheetPage, attempt: tuple[int, int], answers: tuple[AnswerView, ...]
) -> PageView:
    number, count = attempt
    return PageView(
        id=page.id,
        attempt=number,
        attempts=count,
        page=page.page,
        pupil=page.pupil,
        name=page.name,
        file=page.file,
        number=page.number,
        created_at=page.created_at,
        answers=answers,
    )
