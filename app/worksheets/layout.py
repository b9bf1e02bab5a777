"""The layout of a worksheet: which questions stand on which page, and where their boxes are."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from app.worksheets.errors import WorksheetError
from app.worksheets.paper import Paper, Rectangle
from app.worksheets.questions import Question

__all__ = ["FREE", "Boxes", "Layout", "Page", "PlacedQuestion", "arrange", "figure_places"]

#: Whether an answer has a box for each digit, or one for the number.
Boxes: TypeAlias = Literal["digit", "number"]

#: Millimetres around a box where nothing is printed.
FREE = 3.5

_BODY_TOP, _BODY_SIDE, _BODY_BOTTOM = 40.0, 14.0, 25.0
_ROW = 18.0
_BOX_WIDTH, _BOX_HEIGHT, _BOX_GAP = 9.5, 12.0, 2.0
_DIGIT_WIDTH, _NUMBER_ROOM = 8.5, 6.0  # of a box for a number: for each digit, and beside them
_NUMBER_WIDTH = 9.0  # of the question's own number, at the left
_FIGURE, _FIGURES_IN_ROW = 4.6, 10
_MOST_COLUMNS, _USUAL_COLUMNS = 4, (2, 1)


@dataclass(frozen=True)
class PlacedQuestion:
    """A question at its place; lengths in millimetres from the page's top left.

    Attributes
    ----------
    question : Question
        What is asked.
    number : int
        Its number on the worksheet, from 1.
    left, middle : float
        Where its line begins, and how far down the middle of the line is.
    text_left : float
        Where its text begins.
    after_left : float
        Where the text after the boxes begins.
    boxes : tuple of Rectangle
        From the left.
    """

    question: Question
    number: int
    left: float
    middle: float
    text_left: float
    after_left: float
    boxes: tuple[Rectangle, ...]


@dataclass(frozen=True)
class Page:
    """A page as it is marked: the size of its paper, and its questions' boxes.

    Attributes
    ----------
    size : (float, float)
        Width and height.
    questions : tuple of (str, str, tuple of Rectangle)
        Text, answer and boxes of each.
    """

    size: tuple[float, float]
    questions: tuple[tuple[str, str, tuple[Rectangle, ...]], ...]


@dataclass(frozen=True)
class Layout:
    """What is needed to mark a worksheet.

    Attributes
    ----------
    pages : tuple of Page
        In their order.
    salt : str
        Makes the ids of worksheets with the same pages differ; empty if they need not.
    """

    pages: tuple[Page, ...]
    salt: str = field(default="", kw_only=True)

    @property
    def sheet(self) -> str:
        """The worksheet's id: ten letters and digits that belong to this layout alone."""
        written = json.dumps(self.as_json(), sort_keys=True, separators=(",", ":"))
        digest = hashlib.sha256(written.encode()).digest()
        return base64.b32encode(digest).decode()[:10]

    def as_json(self) -> dict[str, Any]:
        """Return it for JSON: one page as it is, several in a list."""
        pages = [_page_as_json(page) for page in self.pages]
        read = pages[0] if len(pages) == 1 else {"pages": pages}
        return read | {"salt": self.salt} if self.salt else read


def _page_as_json(page: Page) -> dict[str, Any]:
    return {
        "page": list(page.size),
        "questions": [
            {"text": text, "answer": answer, "boxes": [list(box) for box in boxes]}
            for text, answer, boxes in page.questions
        ],
    }


@dataclass(frozen=True)
class _Columns:
    """The columns of a worksheet.

    Attributes
    ----------
    width : float
        Of one.
    before : float or None
        Room for what stands before the boxes, which so stand below each other; None if they
        follow their texts.
    digits : int
        Of the longest answer: a box too few would tell how long an answer is.
    boxes : Boxes
        For each digit, or for the number.
    measure : callable
        From a printed text to its width.
    """

    width: float
    before: float | None
    digits: int
    boxes: Boxes
    measure: Callable[[str], float]

    def box_left(self, question: Question) -> float:
        """Return how far from a question's left its boxes begin."""
        before = _width_before(question, self.measure) if self.before is None else self.before
        return _NUMBER_WIDTH + before + FREE

    def width_of(self, question: Question) -> float:
        """Return how wide a question is, with the free room around its boxes."""
        after = self.measure(question.after) if question.after else 0.0
        return self.box_left(question) + _boxes_width(self.digits, self.boxes) + FREE + after


def arrange(
    questions: Sequence[Question],
    paper: Paper,
    *,
    columns: int | None = None,
    boxes: Boxes = "digit",
    measure: Callable[[str], float],
) -> tuple[tuple[PlacedQuestion, ...], ...]:
    """Place questions on as many pages as they need, column by column.

    Without `columns` there are two if the questions are not too wide, otherwise one. `measure`
    returns the width of a printed text in millimetres. Raises WorksheetError if a question is
    too wide for its column.
    """
    if columns is not None and not 1 <= columns <= _MOST_COLUMNS:
        raise WorksheetError("sheet_columns", most=_MOST_COLUMNS)
    aligned = not any(question.after for question in questions)
    before = max(_width_before(question, measure) for question in questions) if aligned else None
    digits = max(len(question.answer) for question in questions)
    for count in (columns,) if columns else _USUAL_COLUMNS:
        width = (paper.width - 2 * _BODY_SIDE) / count
        shape = _Columns(width, before, digits, boxes, measure)
        if max(map(shape.width_of, questions)) <= width:
            break
    else:
        raise WorksheetError("sheet_too_wide", count=count)
    rows = int((paper.height - _BODY_TOP - _BODY_BOTTOM) / _ROW)
    pages = []
    for start in range(0, len(questions), rows * count):
        some = questions[start : start + rows * count]
        # Columns of about the same length.
        used = -(-len(some) // count)
        pages.append(
            tuple(
                _place(question, start + place, divmod(place, used), shape)
                for place, question in enumerate(some)
            )
        )
    return tuple(pages)


def _place(
    question: Question, place: int, cell: tuple[int, int], shape: _Columns
) -> PlacedQuestion:
    column, row = cell
    left = _BODY_SIDE + column * shape.width
    middle = _BODY_TOP + (row + 0.5) * _ROW
    box_left = left + shape.box_left(question)
    return PlacedQuestion(
        question,
        place + 1,
        round(left, 2),
        round(middle, 2),
        # Texts end where the boxes begin, so that equals signs stand below each other.
        round(box_left - FREE - _width_before(question, shape.measure), 2),
        round(box_left + _boxes_width(shape.digits, shape.boxes) + FREE, 2),
        _boxes(box_left, middle - _BOX_HEIGHT / 2, shape.digits, shape.boxes),
    )


def _width_before(question: Question, measure: Callable[[str], float]) -> float:
    if question.figures:
        return min(question.figures, _FIGURES_IN_ROW) * _FIGURE
    return measure(question.before)


def _boxes_width(digits: int, boxes: Boxes) -> float:
    if boxes == "number":
        return _DIGIT_WIDTH * digits + _NUMBER_ROOM
    return _BOX_WIDTH * digits + _BOX_GAP * (digits - 1)


def _boxes(left: float, top: float, digits: int, boxes: Boxes) -> tuple[Rectangle, ...]:
    if boxes == "number":
        return ((round(left, 2), round(top, 2), _boxes_width(digits, boxes), _BOX_HEIGHT),)
    pitch = _BOX_WIDTH + _BOX_GAP
    return tuple(
        (round(left + place * pitch, 2), round(top, 2), _BOX_WIDTH, _BOX_HEIGHT)
        for place in range(digits)
    )


def figure_places(placed: PlacedQuestion) -> list[tuple[float, float]]:
    """Return the middles of the figures that are to be counted, in rows of ten."""
    count = placed.question.figures
    rows = -(-count // _FIGURES_IN_ROW)
    return [
        (
            placed.text_left + (number % _FIGURES_IN_ROW + 0.5) * _FIGURE,
            placed.middle + (number // _FIGURES_IN_ROW - (rows - 1) / 2) * _FIGURE,
        )
        for number in range(count)
    ]
