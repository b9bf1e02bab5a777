"""The recipe of the row model, which reads digits that touch.

It learns from rows that `cnn.synthesis.rows` draws with the place of each digit.
`cnn.vision.row_reading` asks it.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy.typing as npt

from cnn.data.dataset import Dataset
from cnn.models.model import ROW_CLASSES, Model
from cnn.models.zoo import row_reader
from cnn.recipes.hyperparameters import LessonRecipe, train_on_lessons
from cnn.synthesis.rows import RowLessons, draw_rows
from cnn.training.callbacks import Callback
from cnn.training.losses import CrossEntropy
from cnn.vision.row_frame import ROW_SHAPE
from cnn.vision.row_reading import find_middles

__all__ = ["ROW", "RowRecipe", "train_rows"]

Array = npt.NDArray[Any]


@dataclass(frozen=True, kw_only=True)
class RowRecipe(LessonRecipe):
    """Hyperparameters of the row model, beside those of `LessonRecipe`.

    Parameters
    ----------
    rows, held_out : int
        Rows to learn from, and rows of other digits, hands and fonts to watch the training by.
    """

    rows: int = 64_000
    held_out: int = 2_000
    epochs: int = 5


#: The recipe of the row model that ships.
ROW = RowRecipe()


def train_rows(
    recipe: RowRecipe,
    data: Dataset,
    held_out: Dataset,
    *,
    seed: int = 0,
    callbacks: Sequence[Callback] = (),
    resume: str | os.PathLike[str] | None = None,
) -> tuple[Model, float]:
    """Train a row model.

    Parameters
    ----------
    recipe : RowRecipe
        The hyperparameters.
    data, held_out : Dataset
        Digits for the rows to learn from, and others for those to watch by.
    seed : int
        Seed of rows, initial weights, order and dropout.
    callbacks : sequence of Callback
        Callbacks of the run.
    resume : path, optional
        A checkpoint to go on from.

    Returns
    -------
    model : Model
        Gives (N, 12, 1, 64), the probabilities of `ROW_CLASSES`.
    right : float
        Share of the held-out rows of which every digit is read, and nothing else.
    """
    lessons = draw_rows(data, recipe.rows, seed=seed)
    watched = draw_rows(held_out, recipe.held_out, part="test", seed=seed + 1)
    network = row_reader(input_shape=(1, *ROW_SHAPE), classes=len(ROW_CLASSES), seed=seed)
    train_on_lessons(
        network,
        CrossEntropy(),
        recipe,
        (lessons.images, lessons.targets),
        (watched.images, watched.targets),
        seed=seed,
        callbacks=callbacks,
        resume=resume,
    )
    model = Model(network, classes=ROW_CLASSES)
    return model, _share_right(model, watched)


def _share_right(model: Model, rows: RowLessons) -> float:
    """Return the share of rows whose middles are said as they are."""
    right = 0
    for start in range(0, len(rows.images), 200):
        said = model.predict(rows.images[start : start + 200]).argmax(axis=1)[:, 0]
        true = rows.targets[start : start + 200, 0]
        right += sum(_classes(a) == _classes(b) for a, b in zip(said, true, strict=True))
    return right / len(rows.images)


def _classes(columns: Array) -> list[int]:
    """Return whose the middles in a row's columns are, from the left."""
    return [int(columns[begin]) for begin in find_middles(columns)[0]]
