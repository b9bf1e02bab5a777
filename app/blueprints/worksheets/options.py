"""What a worksheet shall be, as a form or a program says it."""

from __future__ import annotations

import csv
import io
import secrets
from collections.abc import Mapping
from typing import Any, get_args

from flask import Request

from app.languages import mark
from app.services.worksheets import WorksheetOptions
from app.web.language import current_language, gettext
from app.worksheets.errors import WorksheetError
from app.worksheets.layout import Boxes
from app.worksheets.questions import Carries
from app.worksheets.tables import one_line, read_names, read_questions
from app.worksheets.words import heading_in

__all__ = ["options_of_form", "options_of_json"]

_WHOLE = ("count", "seed", "low", "high", "columns")
_CHOICES = {"carries": get_args(Carries), "boxes": get_args(Boxes)}
_TEXTS = ("kind", "paper", "title")
_LISTS = ("names", "questions")
_NAMES = (*_TEXTS, *_WHOLE, *_CHOICES, *_LISTS)
_LABELS = {
    "columns": mark("Columns"),
    "count": mark("How many questions"),
    "high": mark("Numbers to"),
    "low": mark("Numbers from"),
    "seed": mark("Seed"),
}
_LARGEST = 10**9
_MOST_DIGITS = 9  # that the form takes
_LARGEST_TABLE = 200_000  # bytes


def options_of_form(request: Request) -> WorksheetOptions:
    """Return what the page's form says; raises WorksheetError."""
    fields = request.form
    given: dict[str, Any] = {name: fields[name] for name in _TEXTS if fields.get(name)}
    given |= {name: fields[name] for name in _CHOICES if fields.get(name)}
    for name in _WHOLE:
        text = fields.get(name, "").strip()
        if text:
            plain = text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS
            given[name] = int(text) if plain else text
    if fields.get("names", "").strip():
        given["names"] = fields["names"].splitlines()
    table = request.files.get("table")
    content = table.read(_LARGEST_TABLE + 1) if table and table.filename else b""
    if content or fields.get("questions", "").strip():
        given["questions"] = content or fields["questions"]
    given.setdefault("seed", secrets.randbelow(10**6))
    for name, label in _LABELS.items():
        if isinstance(given.get(name), str):
            raise WorksheetError("sheet_whole", name=gettext(label), most=_MOST_DIGITS)
    return _options(given)


def options_of_json(given: Any) -> WorksheetOptions:
    """Return what a program says; raises WorksheetError."""
    if not isinstance(given, dict) or not given.keys() <= set(_NAMES):
        raise WorksheetError("sheet_options", names=", ".join(_NAMES))
    return _options({name: value for name, value in given.items() if value is not None})


def _options(given: Mapping[str, Any]) -> WorksheetOptions:
    chosen: dict[str, Any] = {}
    for name in _TEXTS:
        if name in given:
            chosen[name] = one_line(_expect(given, name, isinstance(given[name], str)))
    for name in _WHOLE:
        if name in given:
            value = given[name]
            whole = type(value) is int and 0 <= value <= _LARGEST
            chosen[name] = _expect(given, name, whole)
    for name, choices in _CHOICES.items():
        if name in given:
            chosen[name] = _expect(given, name, given[name] in choices)
    if given.get("names"):
        names = given["names"]
        _expect(given, "names", isinstance(names, list) and all(isinstance(n, str) for n in names))
        chosen["names"] = read_names(_encode("\n".join(names)))
    if given.get("questions"):
        chosen["own"] = read_questions(_table(given["questions"]))
    return WorksheetOptions(**chosen, heading=heading_in(current_language()))


def _expect(given: Mapping[str, Any], name: str, is_right: bool) -> Any:
    if not is_right:
        raise WorksheetError("sheet_option", name=name)
    return given[name]


def _table(given: Any) -> bytes:
    """Return questions as CSV: a table, or a list of objects."""
    if isinstance(given, list):
        file = io.StringIO()
        write = csv.writer(file).writerow
        write(["question", "answer"])
        for one in given:
            texts = (one.get("question"), one.get("answer")) if isinstance(one, dict) else (None,)
            if not all(isinstance(text, str) for text in texts):
                raise WorksheetError("sheet_option", name="questions")
            write(texts)
        given = file.getvalue()
    content = _encode(given) if isinstance(given, str) else given
    if not isinstance(content, bytes) or len(content) > _LARGEST_TABLE:
        raise WorksheetError("sheet_option", name="questions")
    return content


def _encode(text: str) -> bytes:
    # Half of a pair of surrogates is no text, and is refused with the letters that no font has.
    return text.encode("utf-8", "replace")
