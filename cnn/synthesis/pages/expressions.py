"""Expressions: rows in which digits stand with signs, letters and words."""

from __future__ import annotations

from collections.abc import Callable

from cnn.synthesis.pages.layouts import write_row
from cnn.synthesis.pages.scribe import Scribe
from cnn.synthesis.pages.shapes import line
from cnn.synthesis.pages.signs import LETTERS

__all__ = ["EXPRESSIONS"]

_NAMES = {
    "-": "minus",
    "+": "plus",
    "×": "times",
    "=": "equals",
    "÷": "divide",
    "/": "slash",
    ".": "point",
    ",": "comma",
    ":": "colon",
    "%": "percent",
    "$": "dollar",
    "€": "euro",
    "°": "degree",
    "#": "hash",
    "(": "opening bracket",
    ")": "closing bracket",
    "[": "opening square",
    "]": "closing square",
    "~": "tilde",
    "√": "root",
    "→": "arrow",
}
_NARROW = ".,:/°"

_SUMS = ("d+d", "d×d", "d-d", "dd+d=dd", "d+d=d", "dd×dd", "dd÷d=d", "dd×dd+dd", "d+d+d", "d=d")
_DECIMALS = ("d.dd", "dd.d", "d.d", "ddd.dd", "d,dd", "dd,d", "d,d,d", "d,ddd", "d.ddd,dd", "d:dd")
_MINUSES = ("-d", "-dd", "-ddd", "-d.d", "+dd", "~d")
_DATES = ("dd/dd/dd", "dd.dd.dd", "dd-dd-dd", "d/d/dd", "dddd-dd-dd", "d.d.dddd", "ddd-dddd")
_CURRENCY = ("$dd", "$ddd", "$d.dd", "dd%", "d%", "ddd%", "€dd", "d,dd€", "dd°", "#d", "#dd")
_BRACKETS = ("(dd)", "(d)", "[dd]", "[d]", "d) dd", "dd) d", "(d,d)", "d(dd)", "√dd", "d→d")
_FRACTIONS = ("d/d", "dd/dd", "d/dd", "d d/d")


def _written(scribe: Scribe, pattern: str) -> int:
    """Write a pattern, in which d is a digit; return where its right edge is."""
    spacing = scribe.rng.uniform(0.15, 0.32)
    right, foot, before = 0, float(scribe.height), ""
    for mark in pattern:
        if mark == " ":
            right += round(0.5 * scribe.height)
            continue
        narrow = mark in _NARROW or before in _NARROW
        right += scribe.gap(0.6 * spacing if narrow else spacing) if before else 0
        if mark == "d":
            right = scribe.digit(right, foot, line=0)
        else:
            right = scribe.sign(_NAMES.get(mark, mark), right, foot)
        before = mark
    return right


def _any_of(patterns: tuple[str, ...]) -> Callable[[Scribe], None]:
    def write(scribe: Scribe) -> None:
        _written(scribe, str(scribe.rng.choice(patterns)))

    return write


def _with_letters(scribe: Scribe) -> None:
    """Write letters before or after a number, as in x = 5, 7 km or A 3."""
    rng = scribe.rng
    letters = list(LETTERS)
    some = "".join(str(rng.choice(letters)) for _ in range(int(rng.integers(1, 4))))
    number = "d" * int(rng.integers(1, 4))
    patterns = (f"{some} {number}", f"{number} {some}", f"{some[0]}={number}", f"{some[0]}{number}")
    _written(scribe, patterns[int(rng.integers(len(patterns)))])


def _with_mark(scribe: Scribe) -> None:
    """Write a number and a teacher's tick or cross beside it."""
    rng = scribe.rng
    right = _written(scribe, "d" * int(rng.integers(1, 4)))
    what = str(rng.choice(["tick", "tick", "tick", "cross"]))
    right += round(scribe.height * rng.uniform(0.25, 0.8))
    scribe.sign(
        what, right, scribe.height * rng.uniform(0.9, 1.1), size=rng.uniform(0.7, 1.2), ink="second"
    )


def _column_sum(scribe: Scribe) -> None:
    """Write numbers under one another, a sign, a line and a result, flush right."""
    rng = scribe.rng
    pitch = scribe.height * rng.uniform(1.25, 1.6)
    cell = scribe.height * rng.uniform(0.75, 0.95)
    count = int(rng.integers(1, 4))
    rows = int(rng.integers(2, 4))
    foot = float(scribe.height)
    for number in range(rows + 1):
        last = number == rows
        digits = count + int(last and rng.random() < 0.4)
        for place in range(digits):
            drawn = scribe.draw()
            left = -cell * (digits - place) + (cell - drawn.cover.shape[1]) / 2
            scribe.put(drawn, left, foot, line=number)
        if number == rows - 1:
            start = -cell * (count + 0.3)
            if rng.random() < 0.8:
                what = str(rng.choice(["plus", "plus", "minus", "times"]))
                scribe.sign(what, start - 0.75 * scribe.height, foot, size=0.9)
                start -= 0.8 * scribe.height
            under = foot + pitch * rng.uniform(0.14, 0.24)
            ends = (start, under, cell * 0.2, under + rng.normal(0, 0.02) * scribe.height)
            scribe.draft.add(
                line("line", ends, scribe.pen, ink="pen", wobble=scribe.wobble, rng=rng)
            )
            foot += pitch * 0.2
        foot += pitch


def _stacked_fraction(scribe: Scribe) -> None:
    """Write a number above a bar and one below it."""
    rng = scribe.rng
    wide = 0
    for number, foot in enumerate((1.0, 2.5)):
        right = write_row(scribe, int(rng.choice([1, 1, 2])), 0, foot * scribe.height, line=number)
        wide = max(wide, right)
    bar = 1.24 * scribe.height
    ends = (-0.15 * scribe.height, bar, wide + 0.15 * scribe.height, bar)
    scribe.draft.add(line("line", ends, scribe.pen, ink="pen", wobble=scribe.wobble, rng=rng))


#: Layouts by name.
EXPRESSIONS: dict[str, Callable[[Scribe], None]] = {
    "sum": _any_of(_SUMS),
    "decimal": _any_of(_DECIMALS),
    "minus": _any_of(_MINUSES),
    "date": _any_of(_DATES),
    "currency": _any_of(_CURRENCY),
    "brackets": _any_of(_BRACKETS),
    "fraction": _any_of(_FRACTIONS),
    "stacked fraction": _stacked_fraction,
    "letters": _with_letters,
    "tick": _with_mark,
    "column sum": _column_sum,
}
