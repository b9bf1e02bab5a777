"""Making a worksheet: from questions to PDF and layout."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.worksheets.drawing import Heading, draw_answers, draw_worksheet, measure_text
from app.worksheets.layout import Boxes, Layout, Page, arrange
from app.worksheets.paper import Paper
from app.worksheets.questions import Question
from app.worksheets.tables import check_text

__all__ = ["Worksheet", "make_worksheet"]


@dataclass(frozen=True)
class Worksheet:
    """A worksheet that can be printed and marked.

    Attributes
    ----------
    layout : Layout
        What it is marked by.
    pdf, answers : bytes
        To be printed, and the answer sheet.
    """

    layout: Layout
    pdf: bytes
    answers: bytes


def make_worksheet(
    questions: Sequence[Question],
    paper: Paper,
    *,
    heading: Heading = Heading(),  # noqa: B008 (it is frozen)
    names: Sequence[str] = (),
    columns: int | None = None,
    boxes: Boxes = "digit",
    salt: str = "",
) -> Worksheet:
    """Make a worksheet of at least one question; see `Layout` for `salt`.

    Raises WorksheetError if something does not fit the paper or cannot be printed.
    """
    check_text(heading.title)
    placed = arrange(questions, paper, columns=columns, boxes=boxes, measure=measure_text)
    layout = Layout(
        tuple(
            Page(
                (paper.width, paper.height),
                tuple((one.question.text, one.question.answer, one.boxes) for one in page),
            )
            for page in placed
        ),
        salt=salt,
    )
    pdf = draw_worksheet(placed, paper, layout.sheet, heading, names)
    return Worksheet(layout, pdf, draw_answers(placed, paper, heading))
