"""The recipe of models for pictures as a whole: cats or dogs, or any other classes."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from cnn.data.augment_pictures import PictureAugment
from cnn.data.dataset import Dataset
from cnn.models.model import Model
from cnn.models.zoo import PICTURE_ARCHITECTURES
from cnn.recipes.hyperparameters import Hyperparameters, train_classifier
from cnn.training.callbacks import Callback
from cnn.training.losses import BinaryCrossEntropy, CrossEntropy, Loss
from cnn.training.novelty import fit_novelty

__all__ = ["PictureRecipe", "choose_recipe", "train_pictures"]

_SMALL, _LARGE = 2_000, 20_000  # pictures

# So often is a picture shown, where there are few, all of them together: a network that never
# sees one unchanged is long in learning. docs/pictures.md says how this was chosen.
_SHOWN, _MOST_EPOCHS = 150_000, 300


@dataclass(frozen=True, kw_only=True)
class PictureRecipe(Hyperparameters):
    """Hyperparameters of a model of pictures as a whole.

    Parameters
    ----------
    architecture : str
        A name in `cnn.models.zoo.PICTURE_ARCHITECTURES`.
    head : {"sigmoid", "softmax"}
        The end of the network: one probability, of the second of two classes, or one for each.
    """

    architecture: str = "small-vgg"
    head: str = "softmax"
    epochs: int = 40
    batch_size: int = 64
    weight_decay: float = 0.05
    augment: PictureAugment = field(
        default_factory=lambda: PictureAugment.parse("zoom,flip,rotate,shift,brightness,cutout")
    )


def choose_recipe(count: int, classes: int, **asked: Any) -> PictureRecipe:
    """Return a recipe for so many training pictures of so many classes.

    Few pictures are shown more often and in smaller batches, many less often and in larger ones.
    What is `asked` for by the names of `PictureRecipe`, and not None, takes the place of that.
    """
    chosen: dict[str, Any] = {"head": "sigmoid" if classes == 2 else "softmax"}
    if count >= _LARGE:
        chosen |= {"epochs": 20, "batch_size": 128}
    elif count < _SMALL:
        epochs = min(_MOST_EPOCHS, _SHOWN // max(count, 1))
        chosen |= {"epochs": epochs, "batch_size": 32}
    given = {name: value for name, value in asked.items() if value is not None}
    return PictureRecipe(**chosen | given)


def train_pictures(
    recipe: PictureRecipe,
    train: Dataset,
    held_out: Dataset,
    *,
    seed: int = 0,
    callbacks: tuple[Callback, ...] = (),
    resume: str | os.PathLike[str] | None = None,
) -> tuple[Model, dict[str, list[float]]]:
    """Train a model by a recipe, calibrate it by the held-out pictures, and fit what is novel.

    Every class counts the same, however many pictures it has.

    Parameters
    ----------
    recipe : PictureRecipe
        The hyperparameters.
    train, held_out : Dataset
        Pictures to learn from, and others to watch and to calibrate by.
    seed : int
        Seed of the initial weights, order and augmentation.
    callbacks : tuple of Callback
        Callbacks of the run.
    resume : path, optional
        A checkpoint to resume from.

    Returns
    -------
    model : Model
        Its normalisation is "picture".
    history : dict of str to list of float
        The metrics of each epoch, as in `Trainer.history`.
    """
    build = PICTURE_ARCHITECTURES[recipe.architecture]
    classes = len(train.classes)
    channels, height, width = train.images.shape[1:]
    shape = (channels, height, width)
    network = build(input_shape=shape, classes=classes, head=recipe.head, seed=seed)
    history = train_classifier(
        network,
        _loss(recipe, train),
        recipe,
        train,
        held_out,
        seed=seed,
        callbacks=callbacks,
        resume=resume,
    )
    novelty = fit_novelty(network, train.images, held_out.images)
    model = Model(network, classes=train.classes, normalisation="picture", novelty=novelty)
    return model, history


def _loss(recipe: PictureRecipe, train: Dataset) -> Loss:
    counts = np.bincount(train.labels, minlength=len(train.classes))
    options: dict[str, Any] = {}
    if counts.min() != counts.max():
        options["class_weights"] = len(train) / (len(counts) * counts)
    return BinaryCrossEntropy(**options) if recipe.head == "sigmoid" else CrossEntropy(**options)
