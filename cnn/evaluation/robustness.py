"""Evaluation of a digit model on corrupted digits."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from cnn.data.dataset import Dataset, as_floats
from cnn.evaluation.contact_sheets import contact_sheet
from cnn.evaluation.metrics import confusion_matrix, expected_calibration_error, pair_confusion
from cnn.evaluation.tables import percent, table
from cnn.models.model import Model
from cnn.reading.reader import Reading, read_all
from cnn.synthesis.corruptions import CORRUPTIONS, Corruption
from cnn.synthesis.damage import DAMAGE

__all__ = [
    "PAIRS",
    "Condition",
    "Mistake",
    "draw_mistakes",
    "measure_corruption",
    "measure_pictures",
    "measure_robustness",
    "raw_mistakes",
    "robustness_table",
    "spread",
]

Array = npt.NDArray[Any]

#: Pairs of digits that are easily confused.
PAIRS = ((7, 9), (1, 7), (3, 5), (4, 9))

_TOGETHER = 200
_SIDE = 28


@dataclass(frozen=True)
class Mistake:
    """A misread digit: the picture, uint8 (28, 28), the true digit, and the answer."""

    picture: Array = field(repr=False)
    label: int
    answer: str


@dataclass(frozen=True)
class Condition:
    """Results of a model under one corruption, or on a collection.

    Attributes
    ----------
    name, description, goal
        Of the `Corruption`, or of the collection.
    count : int
        Number of digits.
    raw : float or None
        Accuracy of `predict` on the corrupted pixels, without normalisation.
    normalised : float
        Accuracy with the normalisation and the rejector, as for a picture that is sent: a
        refusal, or another number of digits than one, is an error.
    refused, several : int
        Numbers of pictures that were refused, and in which several digits were found.
    raw_calibration : float or None
        Expected calibration error of `raw`.
    calibration : float or None
        Expected calibration error of the pictures in which one digit was found.
    confusion : dict of str to float or None
        For each of `PAIRS`, as "7/9": (a→b + b→a) / (n_a + n_b), with the normalisation;
        None where neither digit occurs.
    mistakes : tuple of Mistake
        What was misread with the normalisation.
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
    """Measure a digit model under every corruption and every kind of damage.

    Parameters
    ----------
    model : Model
        A model for digits.
    data : Dataset
        Digits that it was not trained on, (N, 1, 28, 28).
    limit : int, optional
        Use only so many, spread evenly over the data set.
    seed : int
        Seed of the corruptions.
    """
    data = spread(data, limit)
    return tuple(
        measure_corruption(model, data, corruption, seed=seed)
        for corruption in (*CORRUPTIONS, *DAMAGE)
    )


def spread(data: Dataset, limit: int | None) -> Dataset:
    """Return at most `limit` examples, evenly spread: MNIST's test set begins with easier ones."""
    if limit is None or limit >= len(data):
        return data
    return data.subset(np.linspace(0, len(data) - 1, limit).astype(np.intp))


def measure_corruption(
    model: Model, data: Dataset, corruption: Corruption, *, seed: int = 0
) -> Condition:
    """Measure a digit model under one corruption; parameters as of `measure_robustness`."""
    corrupted = corruption.apply(data.images[:, 0], seed=seed)
    raw = None if corrupted.raw is None else model.predict(corrupted.raw[:, None])
    return measure_pictures(
        model,
        corrupted.pictures,
        data.labels,
        name=corruption.name,
        description=corruption.description,
        goal=corruption.goal,
        raw=raw,
    )


def measure_pictures(
    model: Model,
    pictures: Sequence[Image.Image | bytes],
    labels: Array,
    *,
    name: str,
    description: str,
    goal: float,
    raw: Array | None = None,
) -> Condition:
    """Measure a digit model on pictures of one digit each.

    Parameters
    ----------
    model : Model
        A model for digits.
    pictures : sequence of PIL.Image.Image or bytes
        As a person would send them.
    labels : ndarray of int, (N,)
        Which digits they are.
    name, description : str
        What they are.
    goal : float
        The accuracy to reach.
    raw : ndarray of float, (N, 10), optional
        What `predict` answers without the normalisation.
    """
    # The stages of a photograph take much memory: only so many are kept at a time.
    readings = [
        reading
        for start in range(0, len(labels), _TOGETHER)
        for reading in read_all(model, pictures[start : start + _TOGETHER])
    ]
    single = np.array([len(reading.digits) == 1 for reading in readings])
    seen = np.zeros((len(labels), len(model.classes)), np.float32)
    for row, reading in zip(seen, readings, strict=True):
        if len(reading.digits) == 1:
            row[:] = reading.digits[0].probabilities
    right = single & (seen.argmax(axis=1) == labels)
    return Condition(
        name=name,
        description=description,
        goal=goal,
        count=len(labels),
        raw=None if raw is None else float(np.mean(raw.argmax(axis=1) == labels)),
        normalised=float(np.mean(right)),
        refused=sum(reading.refusal is not None for reading in readings),
        several=sum(len(reading.digits) > 1 for reading in readings),
        raw_calibration=None if raw is None else expected_calibration_error(raw, labels),
        calibration=_calibration(seen[single], labels[single]),
        confusion=_confusion(seen[single], labels[single]),
        mistakes=tuple(
            _mistake(pictures[int(place)], int(labels[place]), readings[place])
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
    """Make a `Mistake` of the picture as it was sent, not as it was normalised."""
    image = Image.open(io.BytesIO(picture)) if isinstance(picture, bytes) else picture
    small = image.convert("L").resize((_SIDE, _SIDE), Image.Resampling.BOX)
    answer = reading.text.replace("\n", "/") or "refused"
    return Mistake(np.asarray(small), label, answer)


def raw_mistakes(model: Model, data: Dataset) -> list[Mistake]:
    """Return what `predict` misreads of uncorrupted pictures, (N, 1, 28, 28)."""
    answers = model.predict(as_floats(data.images)).argmax(axis=1)
    return [
        Mistake(data.images[place, 0], int(data.labels[place]), data.classes[answers[place]])
        for place in np.flatnonzero(answers != data.labels)
    ]


def draw_mistakes(mistakes: Iterable[tuple[str, Mistake]], *, each: int = 16) -> Image.Image:
    """Draw a contact sheet of misread digits.

    Parameters
    ----------
    mistakes : iterable of (str, Mistake)
        The name of the condition, and the mistake.
    each : int
        Largest number of mistakes for each condition.

    Returns
    -------
    PIL.Image.Image
        A contact sheet.

    Raises
    ------
    ValueError
        If there are no mistakes.
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
    """Format the results as a table of text; a cross marks a missed goal."""
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
