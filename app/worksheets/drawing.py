"""Worksheets as PDF, and their answer sheets."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from app.worksheets.codes import PageCode, modules_of
from app.worksheets.errors import WorksheetError
from app.worksheets.layout import PlacedQuestion, figure_places
from app.worksheets.paper import MARK_MODULES, MARKS, Paper, Rectangle

__all__ = ["Heading", "draw_answers", "draw_worksheet", "measure_text", "number_of_name"]

_FONT = "DejaVuSans"
_FONT_FILE = Path(__file__).parent / "font" / "DejaVuSans.ttf"
# Scripts from right to left: reportlab puts their letters neither in order nor together.
_RIGHT_TO_LEFT = ("R", "AL")
_SIZE, _SMALL, _TITLE = 14.0, 8.0, 13.0  # points
_SMALLEST = 6.0
_ROUNDING = 1e-6  # mm
_BASELINE = 0.36  # of a letter's size: from the middle of capitals down to their foot
_BOX_GREY, _BOX_LINE = 0.62, 0.35  # lightness, and millimetres
_WORDS_TOP, _WORDS_EDGE, _WORDS_GAP = 17.0, 23.0, 5.0


@dataclass(frozen=True)
class Heading:
    """What stands at the top of every page.

    Attributes
    ----------
    title : str
        Of the worksheet; may be empty.
    name, date : str
        The words before the pupil's name, and before the line for the date.
    hint : str
        What pupils should know about the boxes, at the foot.
    untitled : str
        What viewers of a PDF call it, if it has no title.
    """

    title: str = ""
    name: str = "Name"
    date: str = "Date"
    hint: str = "With a dark pen, within the boxes. Wrong? Cross it out: somebody will look."
    untitled: str = "Worksheet"


def measure_text(text: str) -> float:
    """Return the width of a question's text in millimetres; raises WorksheetError."""
    return _width(printable(text), _SIZE)


def printable(text: str) -> str:
    """Return a text in letters that can be printed: a ﬃ as ffi; raises WorksheetError."""
    known = _letters()
    shown = []
    for letter in unicodedata.normalize("NFC", text):
        plain = letter if ord(letter) in known else unicodedata.normalize("NFKD", letter)
        if any(
            ord(x) not in known or unicodedata.bidirectional(x) in _RIGHT_TO_LEFT for x in plain
        ):
            raise WorksheetError("sheet_letters", text=text, letter=letter)
        shown.append(plain)
    return "".join(shown)


def number_of_name(name: str, pupil: int) -> str:
    """Return what is printed instead of a name whose letters cannot be; empty if they can."""
    try:
        printable(name)
    except WorksheetError:
        return f"№ {pupil}"
    return ""


def draw_worksheet(
    pages: Sequence[Sequence[PlacedQuestion]],
    paper: Paper,
    sheet: str,
    heading: Heading,
    names: Sequence[str] = (),
) -> bytes:
    """Draw a worksheet as PDF: all its pages for each pupil, or once without names.

    The same input makes the same bytes. A name that cannot be printed is its number on the list;
    any other such text raises WorksheetError.
    """
    page_of = _Pages(paper, heading.title or heading.untitled)
    for pupil, name in enumerate(names, 1) if names else ((0, ""),):
        shown = number_of_name(name, pupil) or name
        for number, questions in enumerate(pages, 1):
            page = page_of.new()
            _draw_marks(page, paper)
            _draw_code(page, paper.code, PageCode(sheet, number, pupil))
            _draw_heading(page, paper, heading, shown, f"{number}/{len(pages)}")
            for placed in questions:
                _draw_question(page, placed)
                for box in placed.boxes:
                    page.frame(box)
            _draw_hint(page, paper, heading.hint)
    return page_of.finish()


def draw_answers(
    pages: Sequence[Sequence[PlacedQuestion]], paper: Paper, heading: Heading
) -> bytes:
    """Draw the answer sheet: the same pages with the answers, and nothing to be found by."""
    page_of = _Pages(paper, heading.title or heading.untitled)
    for number, questions in enumerate(pages, 1):
        page = page_of.new()
        page.words(_WORDS_EDGE, _WORDS_TOP, heading.title, _TITLE)
        page.words(_WORDS_EDGE, _WORDS_TOP + 8, f"{number}/{len(pages)}", _SMALL)
        for placed in questions:
            _draw_question(page, placed)
            left, top, _, height = placed.boxes[0]
            page.words(left + 1, top + height / 2, placed.question.answer, _SIZE)
    return page_of.finish()


class _Pages:
    """A PDF that is being drawn."""

    def __init__(self, paper: Paper, title: str) -> None:
        self._file = io.BytesIO()
        self._paper = paper
        size = (paper.width * mm, paper.height * mm)
        self._canvas = Canvas(self._file, pagesize=size, invariant=True, pageCompression=1)
        self._canvas.setTitle(title)
        self._begun = False
        _letters()  # the font is known from here on

    def new(self) -> _Page:
        """Begin a page."""
        if self._begun:
            self._canvas.showPage()
        self._begun = True
        return _Page(self._canvas, self._paper.height)

    def finish(self) -> bytes:
        """Return the whole."""
        self._canvas.showPage()
        self._canvas.save()
        return self._file.getvalue()


@dataclass(frozen=True)
class _Page:
    """A page that is being drawn, in millimetres from its top left."""

    canvas: Canvas
    height: float

    def fill(self, left: float, top: float, width: float, height: float) -> None:
        self.canvas.rect(
            left * mm, (self.height - top - height) * mm, width * mm, height * mm, stroke=0, fill=1
        )

    def frame(self, box: Rectangle) -> None:
        left, top, width, height = box
        self.canvas.setStrokeGray(_BOX_GREY)
        self.canvas.setLineWidth(_BOX_LINE * mm)
        self.canvas.rect(left * mm, (self.height - top - height) * mm, width * mm, height * mm)

    def line(self, left: float, right: float, at: float) -> None:
        self.canvas.setStrokeGray(0.4)
        self.canvas.setLineWidth(0.2 * mm)
        y = (self.height - at) * mm
        self.canvas.line(left * mm, y, right * mm, y)

    def disc(self, x: float, y: float, radius: float) -> None:
        self.canvas.circle(x * mm, (self.height - y) * mm, radius * mm, stroke=0, fill=1)

    def words(
        self,
        left: float,
        middle: float,
        text: str,
        size: float,
        *,
        room: float | None = None,
        centred: bool = False,
    ) -> None:
        """Print a text whose capitals have their middle at a height; smaller if it must be."""
        text = printable(text)
        if room is not None and text:
            size = max(_SMALLEST, min(size, size * room / max(_width(text, size), 1e-6)))
            if _width(text, size) > room + _ROUNDING:
                raise WorksheetError("sheet_text_wide", text=text)
        self.canvas.setFont(_FONT, size)
        self.canvas.setFillGray(0)
        y = (self.height - middle) * mm - _BASELINE * size
        draw = self.canvas.drawCentredString if centred else self.canvas.drawString
        draw(left * mm, y, text)


def _draw_marks(page: _Page, paper: Paper) -> None:
    page.canvas.setFillGray(0)
    for (left, top, width, _), modules in zip(paper.marks, MARKS, strict=True):
        side = width / MARK_MODULES
        _draw_modules(page, left, top, side, modules.tolist())


def _draw_code(page: _Page, place: Rectangle, code: PageCode) -> None:
    modules = modules_of(code)
    page.canvas.setFillGray(0)
    _draw_modules(page, place[0], place[1], place[2] / len(modules), modules)


def _draw_modules(
    page: _Page, left: float, top: float, side: float, modules: Sequence[Sequence[bool]]
) -> None:
    """Fill the black modules, those beside each other as one: viewers show gaps otherwise."""
    for row, line in enumerate(modules):
        start = 0
        while start < len(line):
            stop = start
            while stop < len(line) and line[stop]:
                stop += 1
            if stop > start:
                # A hair taller than a module, for the same reason.
                page.fill(left + start * side, top + row * side, (stop - start) * side, 1.01 * side)
            start = stop + 1


def _draw_heading(page: _Page, paper: Paper, heading: Heading, name: str, number: str) -> None:
    room = paper.code[0] - _WORDS_GAP - _WORDS_EDGE
    page.words(_WORDS_EDGE, _WORDS_TOP, heading.title, _TITLE, room=room)
    page.words(_WORDS_EDGE, _WORDS_TOP + 8, number, _SMALL)
    left, top, width, height = paper.name_field
    right, foot = left + width, top + height
    for word, written, line in ((heading.name, name, foot), (heading.date, "", foot + 10)):
        page.words(left, line - 2.5, word, _SMALL)
        start = left + _width(printable(word), _SMALL) + 2
        page.line(start, right, line)
        room = right - start - 1
        page.words(start + 1, line - 2.5, _shorten(written, room), 11.0, room=room)


def _draw_hint(page: _Page, paper: Paper, hint: str) -> None:
    # It may be longer in other languages, and stands between two corner marks.
    room = paper.width - 2 * _WORDS_EDGE
    size = min(_SMALL, _SMALL * room / _width(printable(hint), _SMALL))
    page.words(paper.width / 2, paper.height - 12, hint, size, centred=True)


def _shorten(name: str, room: float) -> str:
    """Return as much of a name as there is room for: it is the code that says whose a page is."""
    name = printable(name)
    if _width(name, _SMALLEST) <= room:
        return name
    while _width(f"{name}…", _SMALLEST) > room:
        name = name[:-1]
    return f"{name.rstrip()}…"


def _draw_question(page: _Page, placed: PlacedQuestion) -> None:
    page.words(placed.left, placed.middle, f"{placed.number}.", _SMALL)
    page.words(placed.after_left, placed.middle, placed.question.after, _SIZE)
    if placed.question.figures:
        page.canvas.setFillGray(0.25)
        for x, y in figure_places(placed):
            page.disc(x, y, 1.7)
    else:
        page.words(placed.text_left, placed.middle, placed.question.before, _SIZE)


@cache
def _letters() -> frozenset[int]:
    """Return the letters that the font has, by their numbers in Unicode."""
    font = TTFont(_FONT, str(_FONT_FILE))
    pdfmetrics.registerFont(font)
    return frozenset(font.face.charToGlyph)


def _width(text: str, size: float) -> float:
    _letters()
    width: float = pdfmetrics.stringWidth(text, _FONT, size) / mm
    return width
