"""The recipe of a digit model that learns from collected digits, mixed with what it knows.

A model that goes on learning from new digits alone forgets the old ones. So it sees MNIST with
them, at a low learning rate, and what it then is lies halfway between what it was and what it
became: such a mean of weights keeps nearly all that both know (Wortsman et al., "Robust
fine-tuning of zero-shot models", 2022). A model from scratch learns from made and damaged digits
as well, like the one of `cnn.recipes.digits`.

Of 500 digits of the writer in `benchmarks/writer.py`, in one run, 10, 10, 9 and 6 more are read
where 0, a quarter, a half and three quarters of the base are kept; of `load_digits`' 1,797, 8, 7,
9 and 7 more; of 5,000 of MNIST's, 1, 2, 2 and 2. A half costs the writer little, and is the
cautious choice where labels may be wrong.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from cnn.data.augment import Augment
from cnn.data.dataset import Dataset
from cnn.models.description import build_network, describe_network
from cnn.models.model import Model
from cnn.models.network import Network
from cnn.models.zoo import ARCHITECTURES
from cnn.recipes.digits import DIGITS
from cnn.recipes.hyperparameters import Hyperparameters, train_classifier
from cnn.recipes.mixture import Mixture, mix_digits
from cnn.recipes.rejector import train_rejector
from cnn.training.calibration import calibrate
from cnn.training.callbacks import Callback
from cnn.training.losses import CrossEntropy

__all__ = ["FINE_TUNING", "FROM_SCRATCH", "Retraining", "join", "mix", "retrain", "split_mnist"]


@dataclass(frozen=True, kw_only=True)
class Retraining(Hyperparameters):
    """Hyperparameters of a digit model that learns from collected digits.

    Parameters
    ----------
    label_smoothing : float
        Of `CrossEntropy`.
    mnist : int
        Pictures of MNIST that are mixed in, at most; drawn once for the run.
    mixture : Mixture, optional
        What comes with them.
    share : float
        Share of the mixture that the collected digits are repeated to make up, if they are fewer.
    most_repeats : int
        How often each is repeated in an epoch, at most.
    kept : float
        Weight of the base's parameters in the mean with those that were learned, 0 to 1.
    """

    architecture: str = DIGITS.architecture
    batch_size: int = DIGITS.batch_size
    weight_decay: float = DIGITS.weight_decay
    augment: Augment = field(default_factory=lambda: DIGITS.augment)
    label_smoothing: float = DIGITS.label_smoothing
    mnist: int
    mixture: Mixture | None = None
    share: float
    most_repeats: int
    kept: float


#: A model goes on from another one.
FINE_TUNING = Retraining(epochs=4, peak=0.0005, mnist=12_000, share=0.25, most_repeats=8, kept=0.5)
#: A model begins with random weights.
FROM_SCRATCH = Retraining(
    epochs=12,
    mnist=55_000,
    mixture=DIGITS.mixture,
    share=0.1,
    most_repeats=8,
    kept=0.0,
)


def split_mnist(train: Dataset) -> tuple[Dataset, Dataset]:
    """Divide MNIST's training pictures as the model that ships did: it never saw the second."""
    return train.split(DIGITS.held_out, rng=np.random.default_rng(0))


def retrain(
    recipe: Retraining,
    base: Model | None,
    collected: Dataset,
    held_out: Dataset,
    mnist: Dataset | None,
    *,
    seed: int = 0,
    callbacks: Sequence[Callback] = (),
    resume: str | os.PathLike[str] | None = None,
) -> tuple[Model, dict[str, list[float]]]:
    """Train a digit model on collected digits and MNIST, and calibrate its confidence.

    Parameters
    ----------
    recipe : Retraining
        The hyperparameters.
    base : Model or None
        The model to go on from, which stays as it is; its rejector is the new model's as well.
        None begins with random weights, and trains a rejector.
    collected : Dataset
        Digits to learn from, (N, 1, 28, 28).
    held_out : Dataset
        Others to watch and to calibrate by.
    mnist : Dataset or None
        Digits of MNIST to mix in.
    seed : int
        Seed of the mixture, initial weights, order and augmentation.
    callbacks : sequence of Callback
        Callbacks of the classifier's run; the rejector's has none.
    resume : path, optional
        A checkpoint to resume from.

    Returns
    -------
    model : Model
        Trained and calibrated.
    history : dict of str to list of float
        The metrics of each epoch, as in `Trainer.history`.

    Raises
    ------
    ValueError
        If there is nothing to learn from.
    """
    mixture = mix(recipe, collected, mnist, rng=np.random.default_rng(seed))
    if base is None:
        network: Network = ARCHITECTURES[recipe.architecture](seed=seed)
    else:
        network = build_network(describe_network(base.network))
        network.load_state_dict(base.network.state_dict())
    history = train_classifier(
        network,
        CrossEntropy(label_smoothing=recipe.label_smoothing),
        recipe,
        mixture,
        held_out,
        seed=seed,
        callbacks=callbacks,
        resume=resume,
    )
    if base is not None:
        _average(network, base.network, recipe.kept)
        calibrate(network, held_out)
        return replace(base, network=network, metadata={}), history
    rejector = train_rejector(network, mixture, held_out, seed=seed)
    return Model(network, rejector=rejector, classes=mixture.classes), history


def mix(
    recipe: Retraining, collected: Dataset, mnist: Dataset | None, *, rng: np.random.Generator
) -> Dataset:
    """Return collected digits, repeated if they are few, a draw of MNIST's, and others with them.

    Raises ValueError if there are neither.
    """
    parts = []
    if mnist is not None:
        drawn = mnist.subset(np.sort(rng.permutation(len(mnist))[: recipe.mnist]))
        if recipe.mixture is not None:
            drawn = mix_digits(recipe.mixture, drawn, rng=rng)
        parts.append(drawn)
    if len(collected):
        wanted = sum(map(len, parts)) * recipe.share / (1 - recipe.share)
        repeats = int(np.clip(round(wanted / len(collected)), 1, recipe.most_repeats))
        parts += [collected] * repeats
    if not parts:
        raise ValueError("there is nothing to learn from: neither collected digits nor MNIST")
    return join(parts)


def join(parts: Sequence[Dataset]) -> Dataset:
    """Return several data sets of the same classes as one."""
    images = np.concatenate([one.images for one in parts])
    labels = np.concatenate([one.labels for one in parts])
    return Dataset(images, labels, parts[0].classes)


def _average(network: Network, base: Network, kept: float) -> None:
    """Move a network's parameters towards its base's."""
    before = base.state_dict()
    learned = network.state_dict()
    network.load_state_dict(
        {
            name: (kept * before[name] + (1 - kept) * array).astype(array.dtype)
            for name, array in learned.items()
        }
    )
