"""Measuring a digit model on corrupted digits."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from cnn.data.dataset import Dataset, as_floats
from cnn.evaluation.charts import contact_sheet
from cnn.evaluation.metrics import confusion_matrix, expected_calibration_error, pair_confusion
from cnn.evaluation.tables import percent, table
from cnn.models.model import Model
from cnn.reading.reader import Reading, read_all
from cnn.synthesis.corruptions import CORRUPTIONS, Corruption

__all__ = [
    "PAIRS",
    "Condition",
    "Mistake",
    "draw_mistakes",
    "measure_corruption",
    "measure_robustness",
    "raw_mistakes",
    "robustness_table",
    "spread",
]

Array = npt.NDArray[Any]

#: Digits that are easily taken for one another.
PAIRS = ((7, 9), (1, 7), (3, 5), (4, 9))

_TOGETHER = 200
_SIDE = 28


@dataclass(frozen=True)
class Mistake:
    """A digit that was read wrong: the picture, uint8 (28, 28), the digit, and the answer."""

    picture: Array = field(repr=False)
    label: int
    answer: str


@dataclass(frozen=True)
class Condition:
    """How a model does under one corruption.

    Attributes
    ----------
    name, description, goal
        Of the `Corruption`.
    count : int
        Digits that were read.
    raw : float or None
        Share read right by `predict` alone, with nothing done against the corruption.
    normalised : float
        Share read right as a person's picture is: a refusal, or another number of
        digits than one, is an error.
    refused, several : int
        How many were refused, and how many were taken for more than one digit.
    raw_calibration : float or None
        Expected calibration error of `raw`.
    calibration : float or None
        Expected calibration error of what was read as one digit.
    confusion : dict of str to float or None
        Of each of `PAIRS`, "7/9" and so on, through the normalisation: (a→b + b→a) /
        (n_a + n_b); None where neither digit is there.
    mistakes : tuple of Mistake
        What was read wrong through the normalisation.
    """

    name: str
    description: str
    goal: float
    count: int
    raw: float | None
    normalised: float
    refused: int
    several: int
    raw_calibration: float | None
    calibration: float | None
    confusion: dict[str, float | None]
    mistakes: tuple[Mistake, ...] = field(repr=False)


def measure_robustness(
    model: Model, data: Dataset, *, limit: int | None = None, seed: int = 0
) -> tuple[Condition, ...]:
    """Measure a digit model under every corruption.

    Parameters
    ----------
    model : Model
        A model for digits.
    data : Dataset
        Digits it has not seen, (N, 1, 28, 28).
    limit : int, optional
        Only so many, spread over the data set.
    seed : int
        Of the corruptions.
    """
    data = spread(data, limit)
    return tuple(
        measure_corruption(model, data, corruption, seed=seed) for corruption in CORRUPTIONS
    )


def spread(data: Dataset, limit: int | None) -> Dataset:
    """Return at most so many examples, evenly spread: MNIST's test set begins with easier ones."""
    if limit is None or limit >= len(data):
        return data
    return data.subset(np.linspace(0, len(data) - 1, limit).astype(np.intp))


def measure_corruption(
    model: Model, data: Dataset, corruption: Corruption, *, seed: int = 0
) -> Condition:
    """Measure a digit model under one corruption; the parameters are those of the whole table."""
    corrupted = corruption.apply(data.images[:, 0], seed=seed)
    labels = data.labels
    raw = None if corrupted.raw is None else model.predict(corrupted.raw[:, None])
    # All stages of a photograph are large: they are kept only for so many at a time.
    readings = [
        reading
        for start in range(0, len(labels), _TOGETHER)
        for reading in read_all(model, corrupted.pictures[start : start + _TOGETHER])
    ]
    single = np.array([len(reading.digits) == 1 for reading in readings])
    seen = np.zeros((len(labels), len(data.classes)), np.float32)
    for row, reading in zip(seen, readings, strict=True):
        if len(reading.digits) == 1:
            row[:] = reading.digits[0].probabilities
    right = single & (seen.argmax(axis=1) == labels)
    return Condition(
        name=corruption.name,
        description=corruption.description,
        goal=corruption.goal,
        count=len(labels),
        raw=None if raw is None else float(np.mean(raw.argmax(axis=1) == labels)),
        normalised=float(np.mean(right)),
        refused=sum(reading.refusal is not None for reading in readings),
        several=sum(len(reading.digits) > 1 for reading in readings),
        raw_calibration=None if raw is None else expected_calibration_error(raw, labels),
        calibration=_calibration(seen[single], labels[single]),
        confusion=_confusion(seen[single], labels[single]),
        mistakes=tuple(
            _mistake(corrupted.pictures[place], int(labels[place]), readings[place])
            for place in np.flatnonzero(~right)
        ),
    )


def _calibration(probabilities: Array, labels: Array) -> float | None:
    return expected_calibration_error(probabilities, labels) if len(labels) else None


def _confusion(probabilities: Array, labels: Array) -> dict[str, float | None]:
    names = {f"{a}/{b}": (a, b) for a, b in PAIRS}
    if not len(labels):
        return dict.fromkeys(names)
    matrix = confusion_matrix(probabilities, labels)
    return {
        name: pair_confusion(matrix, *pair) if matrix[list(pair)].sum() else None
        for name, pair in names.items()
    }


def _mistake(picture: Image.Image | bytes, label: int, reading: Reading) -> Mistake:
    """Show what was sent, not what became of it: there the fault lies open."""
    image = Image.open(io.BytesIO(picture)) if isinstance(picture, bytes) else picture
    small = image.convert("L").resize((_SIDE, _SIDE), Image.Resampling.BOX)
    answer = reading.text.replace("\n", "/") or "refused"
    return Mistake(np.asarray(small), label, answer)


def raw_mistakes(model: Model, data: Dataset) -> list[Mistake]:
    """Return what `predict` gets wrong of untouched pictures, (N, 1, 28, 28)."""
    answers = model.predict(as_floats(data.images)).argmax(axis=1)
    return [
        Mistake(data.images[place, 0], int(data.labels[place]), data.classes[answers[place]])
        for place in np.flatnonzero(answers != data.labels)
    ]


def draw_mistakes(mistakes: Iterable[tuple[str, Mistake]], *, each: int = 16) -> Image.Image:
    """Lay out what was read wrong.

    Parameters
    ----------
    mistakes : iterable of (str, Mistake)
        Under which condition, and what.
    each : int
        At most so many of every condition.

    Returns
    -------
    PIL.Image.Image
        A contact sheet.

    Raises
    ------
    ValueError
        If nothing was read wrong.
    """
    shown: dict[str, list[Mistake]] = {}
    for name, mistake in mistakes:
        shown.setdefault(name, []).append(mistake)
    chosen = [(name, mistake) for name, group in shown.items() for mistake in group[:each]]
    if not chosen:
        raise ValueError("nothing was read wrong: there is no sheet to draw")
    captions = [f"{name}\n{m.label}: {m.answer}" for name, m in chosen]
    return contact_sheet(np.stack([m.picture for _, m in chosen]), captions, columns=16)


def robustness_table(conditions: Sequence[Condition]) -> str:
    """Write the figures as a table of text; a cross marks what misses its goal."""
    pairs = [f"{a}/{b}" for a, b in PAIRS]
    rows = [
        ["", "raw", "normalised", "goal", "", "refused", "several", "ECE raw", "ECE", *pairs],
        *(
            [
                c.name,
                percent(c.raw),
                percent(c.normalised),
                percent(c.goal),
                "" if c.normalised >= c.goal else "×",
                str(c.refused),
                str(c.several),
                percent(c.raw_calibration),
                percent(c.calibration),
                *(percent(c.confusion[pair]) for pair in pairs),
            ]
            for c in conditions
        ),
    ]
    notes = [f"{c.name}: {c.description}" for c in conditions]
    return "\n".join([table(rows), "", *notes])
