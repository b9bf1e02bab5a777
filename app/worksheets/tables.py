"""Tables that people bring: questions of their own, and the names of pupils."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable

from app.worksheets.errors import WorksheetError
from app.worksheets.questions import MOST_DIGITS, MOST_QUESTIONS, PUNCTUATION, Question

__all__ = ["LONGEST_TEXT", "MOST_PUPILS", "read_names", "read_questions", "write_questions"]

#: Characters of a question, a title or a name.
LONGEST_TEXT = 80
#: Pupils of one worksheet.
MOST_PUPILS = 200

_COLUMNS = ["question", "answer"]
_GAP = re.compile(rf"(?<!\S)_(?=[\s{PUNCTUATION}]|$)")


def read_questions(content: bytes) -> tuple[Question, ...]:
    """Read questions from CSV with the columns `question,answer`; raises WorksheetError.

    An underscore that stands alone in a question, or before a comma and the like, is where the
    answer is written; otherwise the answer follows the question.
    """
    try:
        rows = csv.reader(io.StringIO(_text(content), newline=""), strict=True)
        head = [column.strip().lower() for column in next(rows, [])]
        if head != _COLUMNS:
            raise WorksheetError("sheet_table_columns")
        made = tuple(_question(row, rows.line_num) for row in rows if any(map(str.strip, row)))
    except csv.Error as error:
        raise WorksheetError("sheet_table_unreadable") from error
    if not 1 <= len(made) <= MOST_QUESTIONS:
        raise WorksheetError("sheet_count", most=MOST_QUESTIONS)
    return made


def write_questions(questions: Iterable[tuple[str, str]]) -> str:
    """Return texts of questions and their answers as `read_questions` reads them."""
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows([_COLUMNS, *questions])
    return file.getvalue()


def read_names(content: bytes) -> tuple[str, ...]:
    """Read the names of pupils, one a line; raises WorksheetError."""
    names = tuple(line for line in map(one_line, _text(content).splitlines()) if line)
    if not 1 <= len(names) <= MOST_PUPILS:
        raise WorksheetError("sheet_names", most=MOST_PUPILS)
    for name in names:
        check_text(name)
    return names


def one_line(text: str) -> str:
    """Return a text without line breaks and without needless spaces."""
    return " ".join(text.split())


def check_text(text: str) -> None:
    """Raise WorksheetError if a text is too long to be printed."""
    if len(text) > LONGEST_TEXT or not text.isprintable():
        raise WorksheetError("sheet_text", text=text[:LONGEST_TEXT], most=LONGEST_TEXT)


def _text(content: bytes) -> str:
    try:
        # Spreadsheets put a mark before the first column.
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise WorksheetError("sheet_table_unreadable") from error


def _question(row: list[str], line: int) -> Question:
    if len(row) != len(_COLUMNS):
        raise WorksheetError("sheet_table_row", line=line)
    text, answer = map(one_line, row)
    if not (answer.isascii() and answer.isdigit() and len(answer) <= MOST_DIGITS):
        raise WorksheetError("sheet_table_answer", line=line, most=MOST_DIGITS)
    gap = _GAP.search(text)
    before, after = (
        (text[: gap.start()].rstrip(), text[gap.end() :].lstrip()) if gap else (text, "")
    )
    if not (before or after) or len(text) > LONGEST_TEXT or not text.isprintable():
        raise WorksheetError("sheet_table_question", line=line, most=LONGEST_TEXT)
    return Question(before, after, answer)
