"""Evaluation of a digit model on the forms that the world writes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from PIL import Image

from cnn.evaluation.robustness import Mistake
from cnn.evaluation.tables import percent, table
from cnn.models.model import Model
from cnn.reading.reader import read_all
from cnn.synthesis.strokes import (
    ALLOGRAPHS,
    STYLES,
    VALIDATION,
    Allograph,
    Ranges,
    as_mnist,
    as_picture,
    draw_hand,
    trace_digit,
)

__all__ = ["AllographFigures", "allographs_table", "measure_allographs"]

_SIDE = 200  # pixels of a picture as a person would send it


@dataclass(frozen=True)
class AllographFigures:
    """Results of a model on one form of a digit.

    Attributes
    ----------
    name, where
        Of the `Allograph`.
    count : int
        Number of digits, each by another writer.
    raw : float
        Accuracy of `predict` on pictures like those of MNIST.
    normalised : float
        Accuracy with the normalisation and the rejector, as for a picture that is sent: a
        refusal, or another number of digits than one, is an error.
    refused : int
        How many were refused.
    answers : dict of str to int
        What the others that were read wrong were read as, the most frequent first.
    mistakes : tuple of Mistake
        What was not read right.
    """

    name: str
    where: str
    count: int
    raw: float
    normalised: float
    refused: int
    answers: dict[str, int]
    mistakes: tuple[Mistake, ...] = field(repr=False)


def measure_allographs(
    model: Model, *, each: int = 100, ranges: Ranges = VALIDATION, seed: int = 0
) -> tuple[AllographFigures, ...]:
    """Measure a digit model on every allograph of `cnn.synthesis.strokes`.

    Parameters
    ----------
    model : Model
        A model for digits.
    each : int
        Number of digits of each form.
    ranges : Ranges
        What the writers' hands are drawn from.
    seed : int
        Seed; the digits of one form do not depend on which others there are.
    """
    return tuple(_measure(model, form, each, ranges, seed) for form in ALLOGRAPHS)


def _measure(
    model: Model, form: Allograph, each: int, ranges: Ranges, seed: int
) -> AllographFigures:
    rng = np.random.default_rng([seed, *form.name.encode()])
    traces = [
        trace_digit(form, draw_hand(STYLES["world"], rng, ranges=ranges), rng) for _ in range(each)
    ]
    small = np.stack([as_mnist(trace) for trace in traces])
    raw = model.predict(small[:, None]).argmax(axis=1) == form.digit
    readings = read_all(model, [Image.fromarray(255 - as_picture(t, _SIDE)) for t in traces])
    texts = [reading.text.replace("\n", "/") for reading in readings]
    wrong = [place for place, text in enumerate(texts) if text != str(form.digit)]
    return AllographFigures(
        name=form.name,
        where=form.where,
        count=each,
        raw=float(raw.mean()),
        normalised=1 - len(wrong) / each,
        refused=sum(reading.refusal is not None for reading in readings),
        answers=dict(Counter(texts[place] for place in wrong if texts[place]).most_common()),
        mistakes=tuple(
            Mistake(small[place], form.digit, texts[place] or "refused") for place in wrong
        ),
    )


def allographs_table(figures: Sequence[AllographFigures]) -> str:
    """Format the results as a table of text."""
    rows = [["", "raw", "normalised", "refused", "read as"]]
    for one in figures:
        answers = ", ".join(f"{answer} ({count})" for answer, count in one.answers.items())
        rows.append(
            [one.name, percent(one.raw), percent(one.normalised), str(one.refused), answers]
        )
    rows.append(
        [
            "all",
            percent(float(np.mean([one.raw for one in figures]))),
            percent(float(np.mean([one.normalised for one in figures]))),
            str(sum(one.refused for one in figures)),
            "",
        ]
    )
    return table(rows)
