"""The recipe of the context model, which tells digits from what stands among them.

It learns from pieces of ink that `cnn.synthesis.contexts` takes from drafts of pages.
`cnn.reading.context` asks it.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

from cnn.data.dataset import Dataset
from cnn.models.model import CONTEXT_CLASSES, OTHER_IN_CONTEXT, Model
from cnn.models.zoo import context_reader
from cnn.recipes.hyperparameters import LessonRecipe, train_on_lessons
from cnn.synthesis.contexts import ContextLessons, draw_contexts
from cnn.training.callbacks import Callback
from cnn.training.losses import CrossEntropy
from cnn.vision.neighbourhood import FRAME_SHAPE

__all__ = ["CONTEXT", "ContextRecipe", "train_context"]


@dataclass(frozen=True, kw_only=True)
class ContextRecipe(LessonRecipe):
    """Hyperparameters of the context model, beside those of `LessonRecipe`.

    Parameters
    ----------
    drafts, held_out : int
        Pages whose pieces it learns from, and pages of other digits, hands and fonts to watch the
        training by.
    """

    drafts: int = 20_000
    held_out: int = 2_000
    epochs: int = 4


#: The recipe of the context model that ships.
CONTEXT = ContextRecipe()


def train_context(
    recipe: ContextRecipe,
    data: Dataset,
    held_out: Dataset,
    *,
    seed: int = 0,
    callbacks: Sequence[Callback] = (),
    resume: str | os.PathLike[str] | None = None,
) -> tuple[Model, float]:
    """Train a context model.

    Parameters
    ----------
    recipe : ContextRecipe
        The hyperparameters.
    data, held_out : Dataset
        Digits for the pages to learn from, and others for those to watch by.
    seed : int
        Seed of pages, initial weights, order and dropout.
    callbacks : sequence of Callback
        Callbacks of the run.
    resume : path, optional
        A checkpoint to go on from.

    Returns
    -------
    model : Model
        Gives (N, 11), the probabilities of `CONTEXT_CLASSES`.
    right : float
        Share of the held-out pieces of which it is right whether they are digits.
    """
    lessons = draw_contexts(data, recipe.drafts, seed=seed)
    watched = draw_contexts(held_out, recipe.held_out, part="test", seed=seed + 1)
    network = context_reader(input_shape=FRAME_SHAPE, classes=len(CONTEXT_CLASSES), seed=seed)
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
    model = Model(network, classes=CONTEXT_CLASSES)
    return model, _share_right(model, watched)


def _share_right(model: Model, lessons: ContextLessons) -> float:
    right = 0
    for start in range(0, len(lessons.images), 500):
        said = model.predict(lessons.images[start : start + 500])[:, OTHER_IN_CONTEXT] > 0.5
        right += int((said == (lessons.targets[start : start + 500] == OTHER_IN_CONTEXT)).sum())
    return right / len(lessons.images)
