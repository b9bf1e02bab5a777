"""The results of a worksheet as a table: a row for each pupil, a column for each question."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from app.services.worksheets.pages import AnswerView, PageView
from app.services.worksheets.worksheets import WorksheetView

__all__ = ["Column", "Row", "Table", "make_table", "write_csv"]

# What a spreadsheet would take for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Column:
    """A question: how many answered it right, and wrong, as far as that is decided."""

    number: int
    text: str
    answer: str
    right: int
    wrong: int

    @property
    def share(self) -> float | None:
        """The share of right answers, None if nothing is decided."""
        decided = self.right + self.wrong
        return self.right / decided if decided else None


@dataclass(frozen=True)
class Row:
    """A pupil's answers by the questions' numbers, and the pages that they are on.

    On worksheets without names each page is a row, and `name` what a person said. `attempt` is
    from 1, 0 without pages; `earlier` are the attempts before it, each with what had come by then.
    """

    name: str
    attempt: int
    pages: tuple[PageView, ...]
    answers: dict[int, tuple[UUID, AnswerView]]
    earlier: tuple[Row, ...] = ()

    @property
    def attempts(self) -> tuple[Row, ...]:
        """All attempts, this one last."""
        return (*self.earlier, self)

    @property
    def new_pages(self) -> list[PageView]:
        """The pages that came with this attempt, not with one before."""
        return [page for page in self.pages if page.attempt == self.attempt]

    def count(self, mark: str) -> int:
        """Return how many answers have a mark."""
        return sum(answer.mark == mark for _, answer in self.answers.values())


@dataclass(frozen=True)
class Table:
    """The rows in the order of the list of names, and the questions."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    @property
    def repeated(self) -> list[Row]:
        """The rows with more than one attempt."""
        return [row for row in self.rows if row.earlier]

    @property
    def hardest(self) -> list[Column]:
        """The questions that fewest answered right, at most five; none that all did."""
        missed = [one for one in self.columns if one.wrong]
        return sorted(missed, key=lambda one: (one.share or 0.0, one.number))[:5]


def make_table(worksheet: WorksheetView, pages: Sequence[PageView]) -> Table:
    """Arrange the pages of a worksheet."""
    rows = [_newest(page.name, [page]) for page in pages if not page.pupil]
    for place, name in enumerate(worksheet.pupils, 1):
        rows.append(_newest(name, [page for page in pages if page.pupil == place]))
    answers = (answer for row in rows for _, answer in row.answers.values())
    counts = Counter((answer.number, answer.mark) for answer in answers)
    columns: list[Column] = []
    for page in worksheet.layout.pages:
        for text, answer, _ in page.questions:
            number = len(columns) + 1
            right, wrong = counts[number, "right"], counts[number, "wrong"]
            columns.append(Column(number, text, answer, right, wrong))
    return Table(tuple(columns), tuple(rows))


def write_csv(table: Table) -> bytes:
    """Return a table for spreadsheets: the questions with their answers first, then each attempt.

    The newest of a pupil counts. A cell says `right`, `wrong` or `look`, and what was written.
    """
    file = io.StringIO()
    write = csv.writer(file).writerow
    heads = ("pupil", "attempt", "counts", "date", "file", "right", "wrong", "look")
    write([*heads, *map(_heading, table.columns)])
    for row in table.rows:
        for one in row.attempts:
            write(
                [*_describe(one, counts=one is row), *(_cell(one, n.number) for n in table.columns)]
            )
    # With the mark that spreadsheets know UTF-8 by.
    return file.getvalue().encode("utf-8-sig")


def _newest(name: str, pages: Sequence[PageView]) -> Row:
    """Return a pupil's newest attempt, with those before it."""
    last = max((page.attempt for page in pages), default=0)
    *earlier, newest = (_attempt(name, pages, number) for number in range(min(last, 1), last + 1))
    return replace(newest, earlier=tuple(earlier))


def _attempt(name: str, pages: Sequence[PageView], number: int) -> Row:
    """Return an attempt: of each page the newest up to it."""
    reached = sorted((one for one in pages if one.attempt <= number), key=lambda one: one.attempt)
    chosen = {page.page: page for page in reached}
    return _row(name, number, [chosen[number] for number in sorted(chosen)])


def _row(name: str, attempt: int, pages: Sequence[PageView]) -> Row:
    answers = {answer.number: (page.id, answer) for page in pages for answer in page.answers}
    return Row(name, attempt, tuple(pages), answers)


def _describe(row: Row, *, counts: bool) -> list[str | int]:
    """Return the cells before the questions."""
    files = "; ".join(dict.fromkeys(page.file for page in row.pages))
    marks = [row.count(mark) for mark in ("right", "wrong", "look")]
    if not row.pages:
        return [_plain(row.name), "", "", "", "", *marks]
    date = max(page.created_at for page in row.new_pages).date().isoformat()
    return [_plain(row.name), row.attempt, "yes" if counts else "no", date, _plain(files), *marks]


def _heading(column: Column) -> str:
    return _plain(f"{column.number}. {column.text} [{column.answer}]")


def _cell(row: Row, number: int) -> str:
    if number not in row.answers:
        return ""
    answer = row.answers[number][1]
    return f"{answer.mark} {answer.written}".strip()


def _plain(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
