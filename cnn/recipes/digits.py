"""The recipe of the digit model: all hyperparameters of its training in one place."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

import numpy as np

from cnn.data.augment import Augment
from cnn.data.dataset import Dataset
from cnn.models.model import Model
from cnn.models.zoo import ARCHITECTURES
from cnn.recipes.rejector import train_rejector
from cnn.training.calibration import calibrate
from cnn.training.callbacks import Callback, Checkpoint
from cnn.training.losses import CrossEntropy
from cnn.training.optimisers import AdamW
from cnn.training.schedules import OneCycle
from cnn.training.trainer import Trainer

__all__ = ["DIGITS", "Recipe", "follow"]


@dataclass(frozen=True)
class Recipe:
    """Hyperparameters of a training run.

    Parameters
    ----------
    architecture : str
        A name in `cnn.zoo.ARCHITECTURES`.
    epochs, batch_size : int
        Number of epochs, and examples for each step.
    peak : float
        Highest learning rate of the one-cycle schedule.
    weight_decay, label_smoothing : float
        Of `AdamW`, and of `CrossEntropy`.
    augment : Augment
        Augmentation, drawn anew each time a picture is used.
    held_out : int
        Training examples reserved for validation and calibration.
    workers : int
        Threads, among which each batch is divided: the result depends on their number.
    """

    architecture: str
    epochs: int
    batch_size: int = 100
    peak: float = 0.003
    weight_decay: float = 0.01
    label_smoothing: float = 0.05
    augment: Augment = field(default_factory=Augment)
    held_out: int = 5000
    workers: int = 2


#: The recipe of the digit model that ships.
DIGITS = Recipe(
    architecture="digits",
    epochs=30,
    augment=Augment(
        rotation=15,
        scale=0.15,
        shear=0.15,
        shift=2.5,
        elastic=0.8,
        thickness=0.8,
        rate=0.5,
    ),
)


def follow(
    recipe: Recipe,
    data: Dataset,
    *,
    seed: int = 0,
    callbacks: tuple[Callback, ...] = (),
    resume: str | os.PathLike[str] | None = None,
) -> tuple[Model, dict[str, list[float]]]:
    """Train a model by a recipe, calibrate its confidence, and train its rejector.

    Parameters
    ----------
    recipe : Recipe
        The hyperparameters.
    data : Dataset
        Training pictures, of which `held_out` are reserved.
    seed : int
        Seed of the initial weights, the validation split, order and augmentation.
    callbacks : tuple of Callback
        Callbacks of the run.
    resume : path, optional
        A checkpoint to resume from.

    Returns
    -------
    model : Model
        Trained and calibrated, with its rejector.
    history : dict of str to list of float
        The metrics of each epoch, as in `Trainer.history`.
    """
    rest, held_out = data.split(recipe.held_out, rng=np.random.default_rng(seed))
    network = ARCHITECTURES[recipe.architecture](seed=seed)
    trainer = Trainer(
        network,
        loss=CrossEntropy(label_smoothing=recipe.label_smoothing),
        optimiser=AdamW(weight_decay=recipe.weight_decay),
        schedule=OneCycle(recipe.peak),
        batch_size=recipe.batch_size,
        workers=recipe.workers,
        seed=seed,
        callbacks=callbacks,
    )
    history = trainer.fit(
        rest.images,
        rest.labels,
        epochs=recipe.epochs,
        validation=(held_out.images, held_out.labels),
        augment=recipe.augment,
        resume=resume,
    )
    calibrate(network, held_out)
    # A checkpoint belongs to the first run alone.
    watching = [callback for callback in callbacks if not isinstance(callback, Checkpoint)]
    rejector = train_rejector(network, rest, held_out, seed=seed, callbacks=watching)
    return Model(network, rejector=rejector, classes=data.classes), history
