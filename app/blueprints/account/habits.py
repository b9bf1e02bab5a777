"""The digits of which there are two forms, as the account page shows them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from app.languages import mark
from app.services.accounts.habits import FORMS, KnownHabits
from app.web.language import gettext

__all__ = ["Drawing", "FormChoice", "HabitChoice", "describe_habits"]

# What each form looks like, and the allograph that shows it.
_SHOWN = {
    ("1", "bare"): (mark("A line alone"), "1-plain"),
    ("1", "flagged"): (mark("With an upstroke"), "1-flag-long"),
    ("4", "open"): (mark("Open at the top"), "4-open"),
    ("4", "closed"): (mark("Closed at the top"), "4-closed"),
    ("7", "plain"): (mark("Without a bar"), "7-plain"),
    ("7", "crossed"): (mark("With a bar"), "7-crossed"),
    ("9", "straight"): (mark("A straight stem"), "9-straight"),
    ("9", "hooked"): (mark("A hooked foot"), "9-hooked"),
}


@dataclass(frozen=True)
class Drawing:
    """A digit as lines of an SVG picture: their points, and the picture's view box."""

    lines: tuple[str, ...]
    view_box: str


@dataclass(frozen=True)
class FormChoice:
    """One of the two forms of a digit."""

    form: str
    words: str
    drawing: Drawing
    is_said: bool


@dataclass(frozen=True)
class HabitChoice:
    """A digit with its two forms, and the words for the one that was learned, if one was."""

    digit: str
    forms: tuple[FormChoice, ...]
    is_said: bool
    learned: str | None


def describe_habits(known: KnownHabits) -> list[HabitChoice]:
    """Return what a person is asked of how they write, with what they say already."""
    return [
        HabitChoice(digit, tuple(_forms(digit, known)), digit in known.said, _learned(digit, known))
        for digit in FORMS
    ]


def _forms(digit: str, known: KnownHabits) -> Iterator[FormChoice]:
    for form in FORMS[digit]:
        words, allograph = _SHOWN[digit, form]
        yield FormChoice(form, gettext(words), _draw(allograph), known.said.get(digit) == form)


def _learned(digit: str, known: KnownHabits) -> str | None:
    form = known.learned.get(digit)
    return None if form is None else gettext(_SHOWN[digit, form][0])


@cache
def _draw(name: str) -> Drawing:
    """Draw an allograph, 100 units high, in the middle of a square."""
    from cnn.synthesis.strokes import find_allograph  # serving loads no synthesis until it is asked

    curves = [100 * stroke.curve @ stroke.points for stroke in find_allograph(name).strokes]
    middle = (
        min(curve[:, 0].min() for curve in curves) + max(curve[:, 0].max() for curve in curves)
    ) / 2
    lines = (" ".join(f"{x:.1f},{y:.1f}" for x, y in curve) for curve in curves)
    return Drawing(tuple(lines), f"{middle - 60:.1f} -10 120 120")
