"""Hands: how one writer writes, and the ranges that the numbers are drawn from."""

from __future__ import annotations

from dataclasses import dataclass, fields

from cnn.synthesis.strokes.allograph import Allograph

__all__ = [
    "CAREFUL",
    "HURRIED",
    "PARAMETERS",
    "RANGES",
    "TRAINING",
    "VALIDATION",
    "Hand",
    "Ranges",
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
        for name in ("deviation", "jitter", "rounding", "tremor"):
            if getattr(self, name) < 0:
                raise ValueError(f"{name}: expected 0 or more, got {getattr(self, name)}")
        for name in ("taper", "contrast", "speed", "slips"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name}: expected 0 to 1, got {getattr(self, name)}")


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
        for name in PARAMETERS:
            low, high = getattr(self, name)
            if not low <= high:
                raise ValueError(f"{name}: expected the least and the greatest, got {low}, {high}")


#: The names of the numbers.
PARAMETERS = tuple(field.name for field in fields(Ranges))

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
