"""Recipes of generators: all hyperparameters of their training in one place."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from cnn.data.dataset import Dataset
from cnn.models.adversaries import ADVERSARIES
from cnn.models.generator import Generator
from cnn.models.model import DIGITS_INPUT
from cnn.training.adversarial import AdversarialTrainer
from cnn.training.adversarial_plan import Objective
from cnn.training.callbacks import Callback
from cnn.training.guard import CollapseGuard
from cnn.training.optimisers import Adam
from cnn.training.schedules import Cosine
from cnn.training.trainer import Augmentation

__all__ = ["DIGIT_GENERATORS", "GeneratorRecipe", "choose_generator_recipe", "train_generator"]

_LEAST = 20  # pictures: a generator of fewer only repeats them
_LEAST_SPREAD = 0.2  # of real ones: what a folder's pictures have to differ by
_FAITHFUL = 5  # times the weight of digits has the reconstruction of a folder's pictures
_EPOCH = 1280  # pictures: fewer are shown several times in an epoch
_WHITENED = 20_000  # pictures, at most, by which the codes are whitened
_SHOWN = 400_000  # pictures of a folder in a whole run


@dataclass(frozen=True, kw_only=True)
class GeneratorRecipe:
    """Hyperparameters of a generator.

    Parameters
    ----------
    architecture : str
        A name in `cnn.models.adversaries.ADVERSARIES`.
    objective : Objective
        What the networks are trained for.
    epochs, batch_size : int
        Number of epochs, and real pictures for each step.
    rate, discriminator_rate : float
        First learning rates of `Adam`, which fall to a hundredth as half a cosine.
    betas : (float, float)
        Of both.
    average : float
        Decay of the averaged weights.
    least : float
        Share of the real pictures' spread below which those of a class have collapsed; see
        `CollapseGuard`.
    code : int
        Numbers of a code.
    augment : callable, optional
        Augmentation of the real pictures.
    workers : int
        Threads, among which each batch is divided: the result depends on their number.
    """

    architecture: str
    objective: Objective = field(default_factory=Objective)
    epochs: int
    batch_size: int = 64
    rate: float = 0.0015
    discriminator_rate: float = 0.001
    betas: tuple[float, float] = (0.5, 0.99)
    average: float = 0.999
    least: float = 0.5
    code: int
    augment: Augmentation | None = None
    workers: int = 2


#: The recipes of generators of digits, by architecture.
DIGIT_GENERATORS = {
    "vae-gan": GeneratorRecipe(
        architecture="vae-gan",
        objective=Objective(reconstruction=0.02, divergence=0.02, penalty=1.0),
        epochs=24,
        code=32,
    ),
    # The rates and betas are those of Radford et al., 2016.
    "dcgan": GeneratorRecipe(
        architecture="dcgan",
        epochs=8,
        rate=0.0002,
        discriminator_rate=0.0002,
        betas=(0.5, 0.999),
        code=100,
    ),
}


def choose_generator_recipe(architecture: str, count: int) -> GeneratorRecipe:
    """Return the recipe for `count` pictures of a folder, such as photographs.

    Its epochs are its own. A network that has learned nothing makes noise, which differs more than
    the blurs of its first epochs: with the `least` of digits, photographs were taken for collapsed
    while they got better. And the cross-entropy of greys is flatter than that of ink on paper: with
    the weight of digits, what was made resembled its model too little.
    """
    recipe = DIGIT_GENERATORS[architecture]
    objective = recipe.objective
    return replace(
        recipe,
        epochs=max(1, round(_SHOWN / max(count, _EPOCH))),
        least=_LEAST_SPREAD,
        objective=replace(objective, reconstruction=_FAITHFUL * objective.reconstruction),
    )


def train_generator(
    recipe: GeneratorRecipe,
    data: Dataset,
    *,
    seed: int = 0,
    callbacks: Sequence[Callback] = (),
    resume: str | os.PathLike[str] | None = None,
) -> tuple[Generator, dict[str, list[float]]]:
    """Train a generator by a recipe.

    Parameters
    ----------
    recipe : GeneratorRecipe
        The hyperparameters.
    data : Dataset
        Pictures to learn from.
    seed : int
        Seed of the initial weights, order, codes and augmentation.
    callbacks : sequence of Callback
        Callbacks of the run.
    resume : path, optional
        A checkpoint to resume from.

    Returns
    -------
    generator : Generator
        With the averaged weights.
    history : dict of str to list of float
        As in `AdversarialTrainer.history`.

    Raises
    ------
    ValueError
        If there are too few pictures, or of a size that cannot be made.
    FloatingPointError
        If the run fails again and again; see `AdversarialTrainer.fit`.
    """
    if len(data) < _LEAST:
        raise ValueError(
            f"a generator needs {_LEAST} pictures at least to learn what they have in common, "
            f"and there {'is' if len(data) == 1 else 'are'} {len(data)}: add more"
        )
    channels, height, width = data.images.shape[1:]
    shape = (channels, height, width)
    networks = ADVERSARIES[recipe.architecture](
        shape=shape, classes=len(data.classes), code=recipe.code, seed=seed
    )
    trainer = AdversarialTrainer(
        networks,
        recipe.objective,
        optimiser=Adam(recipe.rate, betas=recipe.betas),
        discriminator_optimiser=Adam(recipe.discriminator_rate, betas=recipe.betas),
        schedule=Cosine(recipe.rate, recipe.rate / 100),
        discriminator_schedule=Cosine(recipe.discriminator_rate, recipe.discriminator_rate / 100),
        average=recipe.average,
        guard=CollapseGuard(least=recipe.least),
        batch_size=recipe.batch_size,
        workers=recipe.workers,
        seed=seed,
        callbacks=callbacks,
    )
    shown = np.tile(np.arange(len(data)), max(1, -(-_EPOCH // len(data))))
    history = trainer.fit(
        data.images[shown],
        data.labels[shown],
        epochs=recipe.epochs,
        augment=recipe.augment,
        resume=resume,
    )
    trainer.load_averages()
    of_digits = shape == DIGITS_INPUT and data.classes == tuple("0123456789")
    generator = Generator(
        networks.generator,
        encoder=networks.encoder,
        classes=data.classes,
        normalisation="digits" if of_digits else "picture",
    )
    if generator.encoder is not None:
        some = np.random.default_rng(seed).permutation(len(data))[:_WHITENED]
        generator = generator.whitened(data.images[some], data.labels[some])
    return generator, history
