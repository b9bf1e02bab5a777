"""Hands: how one writer writes, and the ranges and styles that writers are drawn from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np

from cnn.synthesis.strokes.allograph import Allograph
from cnn.synthesis.strokes.forms import ALLOGRAPHS, find_allograph

__all__ = [
    "CAREFUL",
    "HURRIED",
    "RANGES",
    "STYLES",
    "TRAINING",
    "VALIDATION",
    "Hand",
    "Ranges",
    "Style",
    "draw_hand",
    "find_style",
]

Range = tuple[float, float]


@dataclass(frozen=True)
class Hand:
    """One writer: which forms they write, and in what manner.

    Lengths are in heights of a digit.

    Attributes
    ----------
    allographs : tuple of Allograph
        The form of each digit, 0 to 9.
    seed : int
        Of the writer's own displacement of the forms' points: the same for every 7 of theirs.
    deviation : float
        Size of that displacement; at 1 its standard deviation is what the form allows.
    jitter : float
        The same from one digit to the next, beside turns and stretches.
    slant : float
        Degrees to the right.
    width : float
        Factor for the width.
    waist : float
        How far the middle lies below the middle of the form; negative: above.
    pen : float
        Width of the pen's line.
    taper : float
        Share of the width that is lost at a stroke's end, and half of it at its start; 0 to 1.
    contrast : float
        Share of the width that is lost where the pen moves upwards, and half of it where it moves
        sideways; 0 to 1.
    speed : float
        0 to 1: a fast pen leaves less ink where it runs straight, and longer thin ends.
    rounding : float
        Standard deviation of the smoothing along a stroke: corners become round.
    tremor : float
        Standard deviation of a trembling line about its course.
    slips : float
        Probability that a digit has a slip: a gap, an end too short or too long, a hook, a stroke
        beside its place.
    """

    allographs: tuple[Allograph, ...]
    seed: int
    deviation: float = 0.0
    jitter: float = 0.0
    slant: float = 0.0
    width: float = 1.0
    waist: float = 0.0
    pen: float = 0.1
    taper: float = 0.0
    contrast: float = 0.0
    speed: float = 0.0
    rounding: float = 0.0
    tremor: float = 0.0
    slips: float = 0.0

    def __post_init__(self) -> None:
        if [form.digit for form in self.allographs] != list(range(10)):
            names = ", ".join(form.name for form in self.allographs)
            raise ValueError(f"expected one allograph of each digit, 0 to 9, got {names}")
        if self.pen <= 0 or self.width <= 0:
            raise ValueError(f"expected a pen and a width above 0, got {self.pen}, {self.width}")


@dataclass(frozen=True)
class Ranges:
    """The least and the greatest of each number of a `Hand`; each is drawn uniformly between."""

    deviation: Range = (0.5, 1.0)
    jitter: Range = (0.15, 0.5)
    slant: Range = (-10.0, 25.0)
    width: Range = (0.75, 1.25)
    waist: Range = (-0.06, 0.06)
    pen: Range = (0.07, 0.16)
    taper: Range = (0.0, 0.6)
    contrast: Range = (0.0, 0.3)
    speed: Range = (0.0, 0.7)
    rounding: Range = (0.005, 0.04)
    tremor: Range = (0.0, 0.006)
    slips: Range = (0.0, 0.15)

    def __post_init__(self) -> None:
        for name in _PARAMETERS:
            low, high = getattr(self, name)
            if not low <= high:
                raise ValueError(f"{name}: expected the least and the greatest, got {low}, {high}")


_PARAMETERS = tuple(field.name for field in fields(Ranges))

#: For what models learn from.
TRAINING = Ranges()
#: For what choices between models are made on: wider, and partly beyond what is learned from.
VALIDATION = Ranges(
    deviation=(0.3, 1.25),
    jitter=(0.3, 0.65),
    slant=(-16.0, 32.0),
    width=(0.65, 1.4),
    waist=(-0.09, 0.09),
    pen=(0.05, 0.19),
    taper=(0.2, 0.75),
    contrast=(0.1, 0.45),
    speed=(0.3, 1.0),
    rounding=(0.0, 0.05),
    tremor=(0.002, 0.01),
    slips=(0.05, 0.25),
)
#: Fast writing: round corners, long thin ends, many slips.
HURRIED = Ranges(
    jitter=(0.35, 0.7),
    slant=(0.0, 30.0),
    taper=(0.3, 0.8),
    speed=(0.6, 1.0),
    rounding=(0.025, 0.06),
    slips=(0.15, 0.4),
)
#: Slow writing, as in a copybook.
CAREFUL = Ranges(
    deviation=(0.2, 0.5),
    jitter=(0.05, 0.2),
    slant=(-2.0, 10.0),
    width=(0.9, 1.1),
    taper=(0.0, 0.1),
    contrast=(0.0, 0.1),
    speed=(0.0, 0.1),
    rounding=(0.0, 0.01),
    tremor=(0.0, 0.006),
    slips=(0.0, 0.0),
)

#: Ranges by name.
RANGES = {
    "training": TRAINING,
    "validation": VALIDATION,
    "hurried": HURRIED,
    "careful": CAREFUL,
}


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
    numbers = {name: float(rng.uniform(*getattr(ranges, name))) for name in _PARAMETERS}
    return Hand(chosen, int(rng.integers(2**32)), **numbers)
