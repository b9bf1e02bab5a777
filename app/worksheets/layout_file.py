"""Layouts as JSON: what `make` wrote, read again and checked."""

from __future__ import annotations

import json
import math
from typing import Any

from app.worksheets.errors import WorksheetError
from app.worksheets.layout import Layout, Page
from app.worksheets.paper import Rectangle, find_paper
from app.worksheets.questions import MOST_DIGITS

__all__ = ["parse_layout", "write_layout"]

_MOST_PAGES, _MOST_QUESTIONS = 100, 500


def write_layout(layout: Layout) -> str:
    """Return a layout as JSON."""
    return json.dumps(layout.as_json(), ensure_ascii=False) + "\n"


def parse_layout(content: bytes) -> Layout:
    """Read a layout; raises WorksheetError if it is none that a worksheet can be marked by."""
    try:
        read = json.loads(content)
        pages = read.get("pages", [read])
        if not 1 <= len(pages) <= _MOST_PAGES:
            raise ValueError(f"expected 1 to {_MOST_PAGES} pages, got {len(pages)}")
        salt = read.get("salt", "")
        if not isinstance(salt, str):
            raise TypeError(f"expected a text, got {salt!r}")
        return Layout(tuple(_page(page) for page in pages), salt=salt)
    except (AttributeError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise WorksheetError("sheet_layout") from error


def _page(read: dict[str, Any]) -> Page:
    width, height = map(_length, read["page"])
    if find_paper(width, height) is None:
        raise ValueError(f"expected a known size of paper, got {width} by {height}")
    if not 1 <= len(read["questions"]) <= _MOST_QUESTIONS:
        raise ValueError(f"expected at most {_MOST_QUESTIONS} questions")
    questions = tuple(_question(one, width, height) for one in read["questions"])
    return Page((width, height), questions)


def _question(
    read: dict[str, Any], width: float, height: float
) -> tuple[str, str, tuple[Rectangle, ...]]:
    text, answer = read["text"], read["answer"]
    if not isinstance(text, str) or not isinstance(answer, str):
        raise TypeError("expected texts")
    if not (answer.isascii() and answer.isdigit() and len(answer) <= MOST_DIGITS):
        raise ValueError(f"expected digits, got {answer!r}")
    boxes = tuple(_box(box, width, height) for box in read["boxes"])
    if len(boxes) not in (1, *range(len(answer), MOST_DIGITS + 1)):
        raise ValueError(f"expected a box for each digit or one, got {len(boxes)}")
    return text, answer, boxes


def _box(read: list[Any], page_width: float, page_height: float) -> Rectangle:
    left, top, width, height = map(_length, read)
    if width < 4 or height < 4 or left + width > page_width or top + height > page_height:
        raise ValueError(f"expected a box on the page, got {read}")
    return left, top, width, height


def _length(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"expected a number, got {value!r}")
    if not (math.isfinite(value) and value >= 0):
        raise ValueError(f"expected millimetres, got {value}")
    return value
