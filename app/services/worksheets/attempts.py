"""Attempts: the same page of the same pupil, sent again later."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import ColumnElement, exists, tuple_
from sqlalchemy.orm import aliased

from app.storage.models import WorksheetPage

__all__ = ["has_newer_attempt", "number_attempts"]


def number_attempts(pages: Iterable[WorksheetPage]) -> dict[UUID, tuple[int, int]]:
    """Return which attempt each page of a worksheet is, from 1, and of how many.

    They are numbered in the order in which they came. A page that is nobody's is the first of one.
    """
    numbers: dict[UUID, tuple[int, int]] = {}
    groups: dict[tuple[int, int], list[UUID]] = {}
    for page in sorted(pages, key=lambda page: (page.created_at, page.id)):
        if page.pupil:
            groups.setdefault((page.pupil, page.page), []).append(page.id)
        else:
            numbers[page.id] = (1, 1)
    for ids in groups.values():
        numbers.update((one, (number, len(ids))) for number, one in enumerate(ids, 1))
    return numbers


def has_newer_attempt() -> ColumnElement[bool]:
    """Return the condition that a page in the database is not its pupil's newest attempt.

    Of the same order as `number_attempts`.
    """
    newer = aliased(WorksheetPage)
    return exists().where(
        WorksheetPage.pupil > 0,
        newer.worksheet_id == WorksheetPage.worksheet_id,
        newer.pupil == WorksheetPage.pupil,
        newer.page == WorksheetPage.page,
        tuple_(newer.created_at, newer.id) > tuple_(WorksheetPage.created_at, WorksheetPage.id),
    )
