"""Styles: groups of writers, and writers drawn from them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from cnn.synthesis.strokes.allograph import Allograph
from cnn.synthesis.strokes.forms import ALLOGRAPHS, find_allograph
from cnn.synthesis.strokes.hand import CAREFUL, HURRIED, PARAMETERS, TRAINING, Hand, Ranges

__all__ = ["STYLES", "Style", "draw_hand", "find_style"]


@dataclass(frozen=True)
class Style:
    """A group of writers.

    Attributes
    ----------
    name : str
        Its name.
    description : str
        Who writes so.
    allographs : tuple of Allograph
        The forms that occur; of each digit one or more, each as often as the others.
    ranges : Ranges
        What the numbers of a `Hand` are drawn from.
    """

    name: str
    description: str
    allographs: tuple[Allograph, ...]
    ranges: Ranges = TRAINING

    def __post_init__(self) -> None:
        missing = set(range(10)) - {form.digit for form in self.allographs}
        if missing:
            digits = ", ".join(map(str, sorted(missing)))
            raise ValueError(f"the style {self.name!r} has no allograph of {digits}")

    @cached_property
    def forms(self) -> tuple[tuple[Allograph, ...], ...]:
        """The allographs of each digit, 0 to 9."""
        return tuple(
            tuple(form for form in self.allographs if form.digit == digit) for digit in range(10)
        )


def _style(name: str, description: str, forms: Iterable[str], ranges: Ranges = TRAINING) -> Style:
    return Style(name, description, tuple(find_allograph(form) for form in forms), ranges)


def _expand(text: str) -> Iterable[str]:
    """Return names of allographs, as "7-crossed", from lines such as "7 crossed drop"."""
    for line in text.strip().splitlines():
        digit, *forms = line.split()
        yield from (f"{digit}-{form}" for form in forms)


_ALL = (
    Style("world", "everybody: each allograph is as frequent as any other", ALLOGRAPHS),
    _style(
        "american",
        "schools of North America",
        _expand(
            """
            0 round narrow
            1 plain
            2 plain looped
            3 round
            4 open closed
            5 two-strokes one-stroke
            6 round straight
            7 plain
            8 one-stroke two-circles
            9 straight
            """
        ),
    ),
    _style(
        "central-european",
        "Germany, Austria, Switzerland, Poland, Hungary",
        _expand(
            """
            0 round wide
            1 upstroke flag-long
            2 plain
            3 round flat
            4 open lightning
            5 one-stroke two-strokes
            6 round straight
            7 crossed drop-crossed
            8 one-stroke
            9 hooked
            """
        ),
    ),
    _style(
        "southern-european",
        "France, Italy, Spain, Turkey, Latin America",
        _expand(
            """
            0 round narrow
            1 flag-long flag-long-base
            2 plain wave
            3 round
            4 far-bar closed open
            5 one-stroke waved
            6 round curled
            7 crossed waved-crossed
            8 one-stroke crossing
            9 hooked angular
            """
        ),
    ),
    _style(
        "eastern-european",
        "Russia and its neighbours",
        _expand(
            """
            0 round narrow
            1 flag-short flag-long
            2 plain wave
            3 round flat
            4 curved open
            5 two-strokes one-stroke
            6 round
            7 waved waved-crossed
            8 one-stroke
            9 hooked
            """
        ),
    ),
    _style(
        "east-asian",
        "China, Japan, Korea",
        _expand(
            """
            0 round
            1 plain
            2 plain
            3 round
            4 closed
            5 two-strokes
            6 round straight
            7 drop
            8 one-stroke
            9 straight
            """
        ),
    ),
    _style(
        "cursive",
        "joined-up hands: loops, curls and waves",
        _expand(
            """
            0 looped crossing
            1 exit
            2 looped wave curled
            3 looped curled
            4 corner-loop looped
            5 waved
            6 curled spiral
            7 waved waved-crossed
            8 crossing
            9 curled looped
            """
        ),
    ),
    _style(
        "technical",
        "engineers and programmers: no two signs alike",
        _expand(
            """
            0 slashed
            1 base flag-long-base foot
            2 plain
            3 flat round
            4 open closed
            5 two-strokes
            6 straight round
            7 crossed
            8 two-circles
            9 straight
            """
        ),
        CAREFUL,
    ),
    _style(
        "hurried",
        "notes in haste",
        _expand(
            """
            0 open lying crossing
            1 plain bowed flag-short
            2 z plain
            3 hurried round
            4 looped open
            5 rounded far-bar
            6 open b round
            7 plain curved crossed
            8 open one-stroke
            9 open slanted hooked
            """
        ),
        HURRIED,
    ),
    Style("careful", "everybody, as slowly as in a copybook", ALLOGRAPHS, CAREFUL),
)

#: The styles by name.
STYLES = {style.name: style for style in _ALL}


def find_style(name: str) -> Style:
    """Return a style by its name.

    Raises
    ------
    ValueError
        There is none of that name; the message has all names.
    """
    if name not in STYLES:
        raise ValueError(f"there is no style {name!r}; there are {', '.join(STYLES)}")
    return STYLES[name]


def draw_hand(style: Style, rng: np.random.Generator, *, ranges: Ranges | None = None) -> Hand:
    """Draw a writer at random.

    Parameters
    ----------
    style : Style
        The group that they belong to.
    rng : numpy.random.Generator
        The source of chance.
    ranges : Ranges, optional
        What the hand's numbers are drawn from instead of the style's ranges.
    """
    ranges = ranges or style.ranges
    chosen = tuple(forms[int(rng.integers(len(forms)))] for forms in style.forms)
    numbers = {name: float(rng.uniform(*getattr(ranges, name))) for name in PARAMETERS}
    return Hand(chosen, int(rng.integers(2**32)), **numbers)
