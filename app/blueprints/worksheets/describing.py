"""What programs are told of a worksheet."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import url_for

from app.errors import CodedError
from app.sentences import say_error
from app.services.worksheets import AnswerView, MarkingView, PageView, WorksheetView
from app.services.worksheets.pages import LeftOutView
from app.web.language import current_language

__all__ = [
    "describe_answer",
    "describe_doubtful",
    "describe_marking",
    "describe_worksheet",
    "explain_failure",
    "explain_left_out",
]


def describe_worksheet(
    worksheet: WorksheetView,
    marking: MarkingView,
    pages: list[PageView],
    left_out: list[LeftOutView],
) -> dict[str, Any]:
    """Return a worksheet, and what became of its pages, for JSON."""
    return {
        "id": str(worksheet.id),
        "title": worksheet.title,
        "pdf": url_for("worksheets.sheet", worksheet_id=worksheet.id),
        "doubtful": worksheet.doubtful,
        "marking": describe_marking(marking),
        "pages": [_describe_page(page, worksheet) for page in pages],
        "not_found": [
            {"file": one.file, "page": one.number, "reason": explain_left_out(one)}
            for one in left_out
        ],
    }


def describe_marking(marking: MarkingView) -> dict[str, Any]:
    """Return how far the marking is, for JSON."""
    return {
        "waiting": marking.waiting,
        "done": marking.done,
        "total": marking.total,
        "error": explain_failure(marking),
    }


def describe_answer(answer: AnswerView) -> dict[str, Any]:
    """Return an answer for JSON."""
    return {
        "number": answer.number,
        "text": answer.text,
        "written": answer.written,
        "confidence": round(answer.confidence, 4),
        "mark": answer.mark,
        "by_person": answer.by_person,
    }


def describe_doubtful(worksheet: WorksheetView, pages: list[PageView]) -> list[dict[str, Any]]:
    """Return the answers that wait for a look: of pupils' newest attempts, which count.

    Those of one question stand together, the most doubtful first, and so do the questions.
    """
    doubtful: dict[int, list[tuple[PageView, AnswerView]]] = {}
    for page in (one for one in pages if one.counts):
        for answer in page.answers:
            if answer.mark == "look":
                doubtful.setdefault(answer.number, []).append((page, answer))
    groups = [sorted(group, key=lambda one: one[1].confidence) for group in doubtful.values()]
    groups.sort(key=lambda group: group[0][1].confidence)
    return [
        describe_answer(answer)
        | {
            "page": str(page.id),
            "place": answer.place,
            "answer": answer.answer,
            "pupil": _pupil_of(page, worksheet),
            "attempt": page.attempt,
            "attempts": page.attempts,
            "file": page.file,
            "picture": _address("worksheets.answer_picture", worksheet.id, page, answer.place),
            "url": _address("worksheets.answer", worksheet.id, page, answer.place),
        }
        for group in groups
        for page, answer in group
    ]


def explain_left_out(one: LeftOutView) -> str:
    """Return why a picture was not marked."""
    return say_error(CodedError(one.code, **one.values), current_language())  # type: ignore[arg-type]


def explain_failure(marking: MarkingView) -> str | None:
    """Return why the marking failed, as a sentence; None if it did not."""
    if marking.message is None:
        return None
    return say_error(CodedError(marking.message, **marking.values), current_language())  # type: ignore[arg-type]


def _describe_page(page: PageView, worksheet: WorksheetView) -> dict[str, Any]:
    return {
        "id": str(page.id),
        "page": page.page,
        "pupil": _pupil_of(page, worksheet),
        "attempt": page.attempt,
        "counts": page.counts,
        "file": page.file,
        "number": page.number,
        "questions": [describe_answer(answer) for answer in page.answers],
    }


def _pupil_of(page: PageView, worksheet: WorksheetView) -> str | None:
    return worksheet.pupils[page.pupil - 1] if page.pupil else page.name or None


def _address(endpoint: str, worksheet_id: UUID, page: PageView, place: int) -> str:
    return url_for(endpoint, worksheet_id=worksheet_id, page_id=page.id, place=place)
