"""The words that every page of a worksheet carries, in the languages of the site."""

from __future__ import annotations

from app.languages import Language, mark
from app.worksheets.drawing import Heading, measure_text
from app.worksheets.errors import WorksheetError

__all__ = ["heading_in"]

_LONGEST = 43.0  # millimetres in the size of questions: of the words before a line
_WORDS = {"name": mark("Name"), "date": mark("Date")}
_OTHERS = {
    "hint": mark("With a dark pen, within the boxes. Wrong? Cross it out: somebody will look."),
    "untitled": mark("Worksheet"),
}


def heading_in(language: Language) -> Heading:
    """Return the heading without a title, in a language.

    Words that cannot be printed, or leave no room for a name behind them, are English.
    """
    short = {name: _say(language, word, _LONGEST) for name, word in _WORDS.items()}
    return Heading(**short, **{name: _say(language, words) for name, words in _OTHERS.items()})


def _say(language: Language, english: str, room: float = float("inf")) -> str:
    said = language.say(english)
    try:
        return said if measure_text(said) <= room else english
    except WorksheetError:
        return english
