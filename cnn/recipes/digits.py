"""The recipe of the digit model: all hyperparameters of its training in one place.

It learns in two runs: from MNIST alone, and then, at a lower rate, from a mixture with the digits
of other hands and with damaged ones.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from cnn.data.augment import Augment
from cnn.data.dataset import Dataset
from cnn.models.model import Model
from cnn.models.zoo import ARCHITECTURES
from cnn.recipes.hyperparameters import Hyperparameters, train_classifier
from cnn.recipes.mixture import Mixture, mix_digits
from cnn.recipes.rejector import train_rejector
from cnn.synthesis.strokes import VALIDATION
from cnn.training.callbacks import Callback, Checkpoint
from cnn.training.losses import CrossEntropy

__all__ = ["DIGITS", "Recipe", "train_digits"]


@dataclass(frozen=True, kw_only=True)
class Recipe(Hyperparameters):
    """Hyperparameters of a digit model: those of `Hyperparameters` are of its second run.

    Parameters
    ----------
    first_run : Hyperparameters
        The run on MNIST's pictures alone.
    label_smoothing : float
        Of `CrossEntropy`.
    held_out : int
        Training examples reserved for validation and calibration.
    mixture : Mixture
        What is mixed with them.
    """

    batch_size: int = 100
    weight_decay: float = 0.01
    label_smoothing: float = 0.05
    augment: Augment = field(default_factory=Augment)
    held_out: int = 5000
    first_run: Hyperparameters
    mixture: Mixture


_AUGMENT = Augment(
    rotation=15, scale=0.15, shear=0.15, shift=2.5, elastic=0.8, thickness=0.8, rate=0.5
)

#: The recipe of the digit model that ships.
DIGITS = Recipe(
    architecture="digits",
    epochs=5,
    peak=0.0015,
    first_run=Hyperparameters(
        architecture="digits", epochs=30, batch_size=100, weight_decay=0.01, augment=_AUGMENT
    ),
    mixture=Mixture(strokes=5 / 11, fonts=2 / 11, damaged=0.5),
    augment=replace(_AUGMENT, shift=1.5, coarse=0.1),
)


def train_digits(
    recipe: Recipe,
    data: Dataset,
    *,
    seed: int = 0,
    callbacks: tuple[Callback, ...] = (),
    checkpoint: str | os.PathLike[str] | None = None,
) -> tuple[Model, dict[str, list[float]]]:
    """Train a model by a recipe, calibrate its confidence, and train its rejector.

    Parameters
    ----------
    recipe : Recipe
        The hyperparameters.
    data : Dataset
        MNIST's training pictures, of which `held_out` are reserved.
    seed : int
        Seed of the initial weights, the validation split, order and augmentation.
    callbacks : tuple of Callback
        Callbacks of the runs, and of the rejector's.
    checkpoint : path, optional
        Where the second run is saved after every epoch, and the first one with `.first` behind the
        name; a run goes on from it if it is there.

    Returns
    -------
    model : Model
        Trained and calibrated, with its rejector.
    history : dict of str to list of float
        The metrics of each epoch of the second run, as in `Trainer.history`.
    """
    rest, held_out = data.split(recipe.held_out, rng=np.random.default_rng(seed))
    lessons = mix_digits(recipe.mixture, rest, rng=np.random.default_rng(seed))
    watched = mix_digits(
        recipe.mixture, held_out, ranges=VALIDATION, rng=np.random.default_rng([seed, 1])
    )
    network = ARCHITECTURES[recipe.architecture](seed=seed)
    loss = CrossEntropy(label_smoothing=recipe.label_smoothing)
    runs = ((recipe.first_run, rest, held_out, ".first"), (recipe, lessons, watched, ""))
    for hyperparameters, train, watch, end in runs:
        saved = [] if checkpoint is None else [Path(f"{os.fspath(checkpoint)}{end}")]
        history = train_classifier(
            network,
            loss,
            hyperparameters,
            train,
            watch,
            seed=seed,
            callbacks=(*callbacks, *map(Checkpoint, saved)),
            resume=next((path for path in saved if path.exists()), None),
        )
    rejector = train_rejector(network, lessons, watched, seed=seed, callbacks=callbacks)
    return Model(network, rejector=rejector, classes=data.classes), history
