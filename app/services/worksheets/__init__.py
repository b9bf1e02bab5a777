"""Worksheets of a person: made, sent back by photographs, marked, and looked over."""

from app.services.worksheets.digits import AnswerDigits
from app.services.worksheets.errors import NoSuchWorksheet, WorksheetRefused
from app.services.worksheets.marker import MARK, Marker
from app.services.worksheets.pages import AnswerView, PageView, WorksheetPages
from app.services.worksheets.receiving import MarkingView, Receiving
from app.services.worksheets.table import Row, Table, make_table, write_csv
from app.services.worksheets.worksheets import WorksheetOptions, Worksheets, WorksheetView

__all__ = [
    "MARK",
    "AnswerDigits",
    "AnswerView",
    "Marker",
    "MarkingView",
    "NoSuchWorksheet",
    "PageView",
    "Receiving",
    "Row",
    "Table",
    "WorksheetOptions",
    "WorksheetPages",
    "WorksheetRefused",
    "WorksheetView",
    "Worksheets",
    "make_table",
    "write_csv",
]
