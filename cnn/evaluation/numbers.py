"""Evaluation of a digit model on whole numbers in synthetic photographs."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from cnn.data.dataset import Dataset
from cnn.evaluation.tables import percent, table
from cnn.models.model import Model
from cnn.reading.reader import read
from cnn.synthesis.composites import KINDS, Composite, compose

__all__ = ["NumbersOfKind", "digits_right", "edit_distance", "measure_numbers", "numbers_table"]

#: Goals for every kind of photograph: share of the numbers, share of the digits.
NUMBERS_GOAL, DIGITS_GOAL = 0.90, 0.97

_THREADS = 2


@dataclass(frozen=True)
class NumbersOfKind:
    """Results of a model on one kind of photographs.

    Attributes
    ----------
    kind : str
        One of `cnn.synthesis.composites.KINDS`.
    count : int
        Number of photographs.
    numbers : float
        Share whose text is right in every digit and line.
    digits : float
        1 - edit distance / length, over all of them.
    wrong : tuple of (str, str)
        True text and answer of each number that was misread.
    """

    kind: str
    count: int
    numbers: float
    digits: float
    wrong: tuple[tuple[str, str], ...]


def measure_numbers(
    model: Model, data: Dataset, *, each: int = 30, seed: int = 0
) -> tuple[NumbersOfKind, ...]:
    """Measure how a digit model reads whole numbers in photographs.

    Parameters
    ----------
    model : Model
        A model for digits.
    data : Dataset
        Digits that it was not trained on, of which the numbers are composed.
    each : int
        Photographs of every kind.
    seed : int
        Seed of the photographs.
    """
    found: dict[str, list[tuple[str, str]]] = {kind: [] for kind in KINDS}
    with ThreadPoolExecutor(_THREADS) as pool:
        composites = compose(data, each=each, seed=seed)
        for kind, pair in pool.map(partial(_read_number, model), composites):
            found[kind].append(pair)
    return tuple(_summarise(kind, pairs) for kind, pairs in found.items())


def _read_number(model: Model, composite: Composite) -> tuple[str, tuple[str, str]]:
    return composite.kind, (composite.text, read(model, composite.data).text)


def _summarise(kind: str, pairs: Sequence[tuple[str, str]]) -> NumbersOfKind:
    wrong = tuple((text, answer) for text, answer in pairs if text != answer)
    numbers = 1 - len(wrong) / len(pairs)
    return NumbersOfKind(kind, len(pairs), numbers, digits_right(pairs), wrong)


def digits_right(pairs: Sequence[tuple[str, str]]) -> float:
    """Return 1 - edit distance / length over true texts and answers; line breaks do not count."""
    errors = sum(edit_distance(*(text.replace("\n", "") for text in pair)) for pair in pairs)
    length = sum(len(text.replace("\n", "")) for text, _ in pairs)
    return 1 - errors / length


def edit_distance(a: str, b: str) -> int:
    """Return the Levenshtein distance: characters to insert, remove or replace.

    References
    ----------
    Wagner & Fischer, "The String-to-String Correction Problem", 1974.
    """
    before = list(range(len(b) + 1))
    for row, left in enumerate(a, 1):
        now = [row]
        for column, right in enumerate(b, 1):
            replaced = before[column - 1] + (left != right)
            now.append(min(before[column] + 1, now[-1] + 1, replaced))
        before = now
    return before[-1]


def numbers_table(kinds: Sequence[NumbersOfKind]) -> str:
    """Format the results as a table of text; a cross marks a missed goal."""
    rows = [["", "pictures", "numbers", "digits", ""]]
    for kind in kinds:
        reached = kind.numbers >= NUMBERS_GOAL and kind.digits >= DIGITS_GOAL
        rows.append(
            [
                kind.kind,
                str(kind.count),
                percent(kind.numbers),
                percent(kind.digits),
                "" if reached else "×",
            ]
        )
    rows.append(["goal", "", percent(NUMBERS_GOAL), percent(DIGITS_GOAL), ""])
    return table(rows)
