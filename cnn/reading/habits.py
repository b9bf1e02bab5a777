"""Habits: how one writer writes the digits that other people's are taken for.

A flagged stroke is a 1 beside a crossed 7, and a 7 beside a 1 that is a bare stem. So the other
digits of a picture, or what a writer says of themselves, decide where two readings are near, and
only there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from cnn.reading.results import Because, ReadDigit, answer_of
from cnn.vision.stems import Stem, examine_stem

__all__ = ["Four", "Habits", "Nine", "One", "Seven", "decide_near", "form_of"]

Array = npt.NDArray[Any]

One: TypeAlias = Literal["bare", "flagged"]
Seven: TypeAlias = Literal["plain", "crossed"]
Four: TypeAlias = Literal["open", "closed"]
Nine: TypeAlias = Literal["straight", "hooked"]

#: How many times likelier a habit makes one of two readings; those farther apart are not near.
#: Of digits of writers with the ranges for validation, it decided none wrong.
WEIGHT = 30.0

_CLEAR = 0.9  # confidence from which a digit speaks for its writer
_BARE, _FLAGGED = 1.0, 2.5  # pixels: a longer stroke is no accident, a shorter one no flag

_PAIRS = (("1", "7"), ("4", "9"))


@dataclass(frozen=True)
class Habits:
    """How a writer writes; None where that is not known.

    Attributes
    ----------
    one : {"bare", "flagged"} or None
        A 1 is a stem alone, or has a flag.
    seven : {"plain", "crossed"} or None
        A 7 has a bar across its stem, or none.
    four : {"open", "closed"} or None
        The top of a 4.
    nine : {"straight", "hooked"} or None
        The foot of a 9.
    """

    one: One | None = None
    seven: Seven | None = None
    four: Four | None = None
    nine: Nine | None = None

    def __or__(self, other: Habits) -> Habits:
        """Return these habits, and the other's where these are not known."""
        known = {field.name: getattr(self, field.name) for field in fields(self)}
        return replace(other, **{name: form for name, form in known.items() if form is not None})


def form_of(digit: str, pixels: Array) -> str | None:
    """Return which of its two forms a digit has; None if that is not clear.

    Parameters
    ----------
    digit : str
        "0" to "9"; all but 1, 4, 7 and 9 have no forms here.
    pixels : ndarray of float, (28, 28)
        It, as the network's input.
    """
    stem = examine_stem(pixels) if digit in "1479" else None
    if stem is None:
        return None
    match digit:
        case "1":
            return "bare" if stem.flag <= _BARE else "flagged" if stem.flag >= _FLAGGED else None
        case "7":
            return "crossed" if stem.crossed else "plain"
        case "4":
            return "closed" if stem.closed else "open"
    return "hooked" if stem.hooked else "straight"


def decide_near(
    digits: Sequence[ReadDigit], classes: Sequence[str], own: Habits | None, *, beside: bool = True
) -> tuple[ReadDigit, ...]:
    """Decide between 1 and 7, and between 4 and 9, where both are near.

    Parameters
    ----------
    digits : sequence of ReadDigit
        Of one picture.
    classes : sequence of str
        The model's.
    own : Habits or None
        What is known of the writer. The digits of the picture come first.
    beside : bool
        Whether the other digits of the picture help.

    Returns
    -------
    tuple of ReadDigit
        Those that were decided have other probabilities, and `because`.
    """
    if all(_near_pair(digit, classes) is None for digit in digits):
        return tuple(digits)
    seen = _learn(digits) if beside else Habits()
    return tuple(_decide(digit, classes, seen, own or Habits()) for digit in digits)


def _near_pair(digit: ReadDigit, classes: Sequence[str]) -> tuple[int, int] | None:
    """Return the places of the two classes between which a digit is near."""
    for pair in _PAIRS:
        if digit.text in pair and set(pair) <= set(classes):
            first, second = (classes.index(name) for name in pair)
            chances = (digit.probabilities[first], digit.probabilities[second])
            if min(chances) * WEIGHT >= max(chances):
                return first, second
    return None


def _learn(digits: Sequence[ReadDigit]) -> Habits:
    """Return what the clear digits of a picture say of its writer.

    A bar is seen in most crossed 7s, and hardly ever where there is none: one says more than
    several without. An accident shortens a flag, but makes none: the same for bare 1s.
    """
    clear = [digit for digit in digits if digit.confidence >= _CLEAR and digit.text in "17"]
    forms = {(digit.text, form_of(digit.text, digit.pixels)) for digit in clear}
    flagged = ("1", "flagged") in forms
    return Habits(
        one="flagged" if flagged else "bare" if ("1", "bare") in forms else None,
        seven="crossed" if ("7", "crossed") in forms else None,
    )


def _decide(digit: ReadDigit, classes: Sequence[str], seen: Habits, own: Habits) -> ReadDigit:
    pair = _near_pair(digit, classes)
    stem = None if pair is None else examine_stem(digit.pixels)
    if pair is None or stem is None:
        return digit
    names = {classes[place] for place in pair}
    found = _judge(stem, names, seen)
    because: Because = "crossed_seven_beside" if found == "1" else "bare_one_beside"
    if found is None:
        found, because = _judge(stem, names, seen | own), "own_habit"
    if found is None:
        return digit
    return _favour(digit, classes, classes.index(found), because)


def _judge(stem: Stem, names: set[str], habits: Habits) -> str | None:
    """Return which digit a shape is by a writer's habits; None if they say nothing, or both."""
    judge = _judge_one_or_seven if "1" in names else _judge_four_or_nine
    found = judge(stem, habits)
    return found.pop() if len(found) == 1 else None


def _judge_one_or_seven(stem: Stem, habits: Habits) -> set[str]:
    if stem.crossed or stem.flag < _FLAGGED:
        return set()
    found = {"1"} if habits.seven == "crossed" else set()
    return found | ({"7"} if habits.one == "bare" else set())


def _judge_four_or_nine(stem: Stem, habits: Habits) -> set[str]:
    found = {"9"} if habits.four == "open" and stem.closed else set()
    return found | ({"4"} if habits.nine == "hooked" and not stem.hooked else set())


def _favour(digit: ReadDigit, classes: Sequence[str], favoured: int, because: Because) -> ReadDigit:
    """Return a digit whose favoured reading is `WEIGHT` times likelier, beside all others."""
    weighted = np.array(digit.probabilities)
    weighted[favoured] *= WEIGHT
    weighted /= weighted.sum()
    return replace(digit, **answer_of(weighted, classes), because=because)
