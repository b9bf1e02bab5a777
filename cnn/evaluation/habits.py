"""Evaluation of what a writer's other digits, and the writer's own word, are worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from cnn.evaluation.tables import percent, table
from cnn.models.model import Model
from cnn.reading.habits import Habits
from cnn.reading.reader import Reading, read_normalised
from cnn.synthesis.strokes import (
    STYLES,
    TRAINING,
    Hand,
    Ranges,
    draw_hand,
    find_allograph,
    rasterise,
    trace_digit,
)
from cnn.vision.normalise import normalise

__all__ = ["WRITERS", "HabitFigures", "Writers", "habits_table", "measure_habits"]

Array = npt.NDArray[Any]
Rng = np.random.Generator

#: The least share of 1s and 7s to be read right with the writer's other digits.
HABITS_GOAL = 0.97

_HEIGHT = 90  # pixels of a digit
_LENGTH = 8  # digits of a number, at least two of them 1 and two of them 7


@dataclass(frozen=True)
class Writers:
    """Writers of one habit.

    Attributes
    ----------
    name : str
        The habit.
    ones, sevens : tuple of str
        The names of the allographs, of which each writer has one.
    habits : Habits
        What such a writer says.
    """

    name: str
    ones: tuple[str, ...]
    sevens: tuple[str, ...]
    habits: Habits


#: Both habits.
WRITERS = (
    Writers(
        "1 with a flag, 7 crossed",
        ("1-flag-short", "1-flag-long", "1-upstroke", "1-bowed"),
        ("7-crossed", "7-drop-crossed", "7-waved-crossed"),
        Habits(one="flagged", seven="crossed"),
    ),
    Writers(
        "1 bare, 7 not crossed",
        ("1-plain",),
        ("7-plain", "7-drop", "7-curved", "7-waved"),
        Habits(one="bare", seven="plain"),
    ),
)


@dataclass(frozen=True)
class HabitFigures:
    """Results of a model on numbers by writers of one habit.

    Attributes
    ----------
    name : str
        Of the `Writers`.
    count : int
        Number of 1s and 7s, in numbers that were taken apart into so many digits as they have.
    single : float
        Share of them that are read right if no digit says anything of another.
    beside : float
        The same, with the writer's other digits.
    own : float
        The same, with the writer's word in addition.
    decided : int
        How many of them the other digits decided.
    apart : int
        Numbers that were refused, or taken apart into another number of digits: none of their
        digits is counted.
    """

    name: str
    count: int
    single: float
    beside: float
    own: float
    decided: int
    apart: int


def measure_habits(
    model: Model, *, each: int = 100, ranges: Ranges = TRAINING, seed: int = 0
) -> tuple[HabitFigures, ...]:
    """Measure how a digit model reads 1s and 7s in numbers by writers of both habits.

    Parameters
    ----------
    model : Model
        A model for digits.
    each : int
        Numbers of each habit, each by another writer.
    ranges : Ranges
        What the writers' hands are drawn from.
    seed : int
        Seed; the numbers of one habit do not depend on those of the other.
    """
    return tuple(_measure(model, some, each, ranges, seed) for some in WRITERS)


def _measure(model: Model, writers: Writers, each: int, ranges: Ranges, seed: int) -> HabitFigures:
    rng = np.random.default_rng([seed, *writers.name.encode()])
    numbers = [_write_number(_draw_writer(writers, ranges, rng), rng) for _ in range(each)]
    found = [normalise(picture, stages=False) for _, picture in numbers]
    texts = [text for text, _ in numbers]
    ways: dict[str, list[Reading]] = {
        "single": read_normalised(model, found, beside=False),
        "beside": read_normalised(model, found),
        "own": read_normalised(model, found, habits=writers.habits),
    }
    is_apart = [
        any(len(readings[place].digits) != len(text) for readings in ways.values())
        for place, text in enumerate(texts)
    ]
    count = partial(_count_right, texts, is_apart)
    asked = sum(text.count("1") + text.count("7") for text in _kept(texts, is_apart))
    return HabitFigures(
        name=writers.name,
        count=asked,
        **{way: count(readings) / max(asked, 1) for way, readings in ways.items()},
        decided=sum(
            digit.because is not None
            for reading in _kept(ways["beside"], is_apart)
            for digit in reading.digits
        ),
        apart=sum(is_apart),
    )


def _kept(some: Sequence[Any], is_apart: Sequence[bool]) -> list[Any]:
    return [one for one, apart in zip(some, is_apart, strict=True) if not apart]


def _count_right(
    texts: Sequence[str], is_apart: Sequence[bool], readings: Sequence[Reading]
) -> int:
    """Count the 1s and 7s that were read right."""
    return sum(
        digit.text == true
        for text, reading in zip(_kept(texts, is_apart), _kept(readings, is_apart), strict=True)
        for true, digit in zip(text, reading.digits, strict=True)
        if true in "17"
    )


def _draw_writer(writers: Writers, ranges: Ranges, rng: Rng) -> Hand:
    """Draw a writer of a habit: of everybody, but for the 1 and the 7."""
    hand = draw_hand(STYLES["world"], rng, ranges=ranges)
    forms = list(hand.allographs)
    for digit, names in ((1, writers.ones), (7, writers.sevens)):
        forms[digit] = find_allograph(names[int(rng.integers(len(names)))])
    return Hand(**{**vars(hand), "allographs": tuple(forms)})


def _write_number(hand: Hand, rng: Rng) -> tuple[str, Image.Image]:
    """Write a number with at least two 1s and two 7s; return it, and a picture of it."""
    digits = np.array([1, 1, 7, 7, *rng.integers(0, 10, _LENGTH - 4)])
    digits = rng.permutation(digits)
    inks = [
        rasterise(trace_digit(hand.allographs[digit], hand, rng), height=_HEIGHT)
        for digit in digits
    ]
    gaps = rng.integers(_HEIGHT // 4, _HEIGHT // 2, len(inks))
    tallest = max(len(ink) for ink in inks)
    width = sum(ink.shape[1] for ink in inks) + int(gaps.sum()) + _HEIGHT
    page = np.zeros((tallest + _HEIGHT, width), np.uint8)
    left = _HEIGHT // 2
    for ink, gap in zip(inks, gaps, strict=True):
        top = _HEIGHT // 2 + tallest - len(ink)
        page[top : top + len(ink), left : left + ink.shape[1]] = ink
        left += ink.shape[1] + int(gap)
    return "".join(map(str, digits)), Image.fromarray(255 - page)


def habits_table(figures: Sequence[HabitFigures]) -> str:
    """Format the results as a table of text; a cross marks a missed goal."""
    rows = [
        ["", "1s and 7s", "each alone", "with the others", "and own word", "decided", "apart", ""]
    ]
    for one in figures:
        shares = [percent(share) for share in (one.single, one.beside, one.own)]
        missed = "" if one.beside >= HABITS_GOAL else "×"
        rows.append([one.name, str(one.count), *shares, str(one.decided), str(one.apart), missed])
    rows.append(["goal", "", "", percent(HABITS_GOAL), "", "", "", ""])
    return table(rows)
