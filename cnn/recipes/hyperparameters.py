"""What every recipe of a classifier has: its hyperparameters, and the run that they describe."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy.typing as npt

from cnn.data.dataset import Dataset
from cnn.models.network import Network
from cnn.training.calibration import calibrate
from cnn.training.callbacks import Callback
from cnn.training.losses import Loss
from cnn.training.optimisers import AdamW
from cnn.training.schedules import OneCycle
from cnn.training.trainer import Augmentation, Trainer

__all__ = ["Hyperparameters", "LessonRecipe", "train_classifier", "train_on_lessons"]

Array = npt.NDArray[Any]


@dataclass(frozen=True, kw_only=True)
class Hyperparameters:
    """Hyperparameters of a training run.

    Parameters
    ----------
    architecture : str
        A name in `cnn.models.zoo`.
    epochs, batch_size : int
        Number of epochs, and examples for each step.
    peak : float
        Highest learning rate of the one-cycle schedule.
    weight_decay : float
        Of `AdamW`.
    augment : callable
        Augmentation, drawn anew each time a picture is used.
    workers : int
        Threads, among which each batch is divided: the result depends on their number.
    """

    architecture: str
    epochs: int
    batch_size: int
    peak: float = 0.003
    weight_decay: float
    augment: Augmentation
    workers: int = 2


def train_classifier(
    network: Network,
    loss: Loss,
    recipe: Hyperparameters,
    train: Dataset,
    held_out: Dataset,
    *,
    seed: int,
    callbacks: Sequence[Callback] = (),
    resume: str | os.PathLike[str] | None = None,
) -> dict[str, list[float]]:
    """Train a network by a recipe, and calibrate its confidence by the held-out pictures.

    Parameters
    ----------
    network : Network
        Changed in place.
    loss : Loss
        The loss to minimise.
    recipe : Hyperparameters
        The hyperparameters.
    train, held_out : Dataset
        Pictures to learn from, and others to watch and to calibrate by.
    seed : int
        Seed of order and augmentation.
    callbacks : sequence of Callback
        Callbacks of the run.
    resume : path, optional
        A checkpoint to resume from.

    Returns
    -------
    dict of str to list of float
        The metrics of each epoch, as in `Trainer.history`.
    """
    trainer = Trainer(
        network,
        loss=loss,
        optimiser=AdamW(weight_decay=recipe.weight_decay),
        schedule=OneCycle(recipe.peak),
        batch_size=recipe.batch_size,
        workers=recipe.workers,
        seed=seed,
        callbacks=callbacks,
    )
    history = trainer.fit(
        train.images,
        train.labels,
        epochs=recipe.epochs,
        validation=(held_out.images, held_out.labels),
        augment=recipe.augment,
        resume=resume,
    )
    calibrate(network, held_out)
    return history


@dataclass(frozen=True, kw_only=True)
class LessonRecipe:
    """Hyperparameters of a run on lessons.

    Parameters
    ----------
    epochs, batch_size : int
        Number of epochs, and lessons for each step.
    peak, weight_decay : float
        Highest learning rate of the one-cycle schedule; of `AdamW`.
    """

    epochs: int
    batch_size: int = 64
    peak: float = 0.004
    weight_decay: float = 0.01


def train_on_lessons(
    network: Network,
    loss: Loss,
    recipe: LessonRecipe,
    lessons: tuple[Array, Array],
    watched: tuple[Array, Array],
    *,
    seed: int,
    callbacks: Sequence[Callback] = (),
    resume: str | os.PathLike[str] | None = None,
    augment: Augmentation | None = None,
) -> None:
    """Train a network on inputs of uint8, (N, C, H, W), and their targets; watch it by others.

    The other parameters are those of `train_classifier`.
    """
    Trainer(
        network,
        loss=loss,
        optimiser=AdamW(weight_decay=recipe.weight_decay),
        schedule=OneCycle(recipe.peak),
        batch_size=recipe.batch_size,
        workers=2,
        seed=seed,
        callbacks=callbacks,
    ).fit(*lessons, epochs=recipe.epochs, validation=watched, augment=augment, resume=resume)
