"""What each part of the mixture that the digit model learns from is worth.

    python -m benchmarks.ablation [--data MNIST] [--epochs N] [--pictures N]

Trains the classifier four times by its recipe, with as many steps each: on MNIST alone, with
strokes, with fonts as well, and with all of them damaged as well; and the rejector twice, on MNIST
alone and on the whole. The first four lines have the first rejector, the last line the second. All
figures are shares read right as uploads, a refusal is an error; the last column is the share of
garbage that is refused. What is measured was not learned from. Far fewer epochs than in the recipe:
the figures are for comparing lines.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from cnn.cli.options import count
from cnn.data import Dataset, load_mnist
from cnn.evaluation.allographs import measure_allographs
from cnn.evaluation.others import measure_others
from cnn.evaluation.refusals import DIGITS as REAL_DIGITS
from cnn.evaluation.refusals import measure_refusals
from cnn.evaluation.robustness import measure_corruption, spread
from cnn.models.model import Model, Rejector
from cnn.models.network import Network
from cnn.models.zoo import ARCHITECTURES
from cnn.recipes.digits import DIGITS
from cnn.recipes.hyperparameters import train_classifier
from cnn.recipes.mixture import Mixture, mix_digits
from cnn.recipes.rejector import train_rejector
from cnn.synthesis.corruptions import CORRUPTIONS
from cnn.synthesis.damage import DAMAGE
from cnn.synthesis.strokes import VALIDATION
from cnn.training.losses import CrossEntropy

_NOTHING = Mixture(strokes=0, fonts=0, damaged=0)
_STROKES = replace(_NOTHING, strokes=DIGITS.mixture.strokes)
_FONTS = replace(_STROKES, fonts=DIGITS.mixture.fonts)
_MIXTURES = {
    "MNIST alone": _NOTHING,
    "+ strokes": _STROKES,
    "+ fonts": _FONTS,
    "+ damage": DIGITS.mixture,
}
_EACH = 300  # pictures of a kind that are measured


def main() -> None:
    """Train, measure, and print a table."""
    options = _options()
    train, test = load_mnist(options.data, progress=False)
    rest, held_out = train.split(DIGITS.held_out, rng=np.random.default_rng(0))
    rest = rest.subset(np.arange(min(options.pictures, len(rest))))

    def learn(mixture: Mixture) -> tuple[Network, Dataset, Dataset]:
        lessons = mix_digits(mixture, rest, rng=np.random.default_rng(0))
        watched = mix_digits(
            mixture, held_out, ranges=VALIDATION, rng=np.random.default_rng([0, 1])
        )
        return _classifier(lessons, watched, options.epochs * len(rest)), lessons, watched

    def reject(network: Network, lessons: Dataset, watched: Dataset) -> Rejector:
        return train_rejector(network, lessons, watched, pictures=len(rest), epochs=options.epochs)

    plain: Rejector | None = None
    print("".join(f"{name:>14}" for name in ("", *_SETS, "garbage")))
    for name, mixture in _MIXTURES.items():
        network, lessons, watched = learn(mixture)
        plain = plain or reject(network, lessons, watched)
        _print_line(name, Model(network, rejector=plain, classes=train.classes), test)
    own = reject(network, lessons, watched)
    _print_line("+ rejector", Model(network, rejector=own, classes=train.classes), test)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, help="folder of MNIST's four files")
    parser.add_argument("--epochs", type=count, default=3)
    parser.add_argument("--pictures", type=count, default=20_000, help="of MNIST")
    return parser.parse_args()


def _classifier(lessons: Dataset, watched: Dataset, seen: int) -> Network:
    """Train until about so many pictures have been seen."""
    epochs = max(1, round(seen / len(lessons)))
    recipe = replace(DIGITS, epochs=epochs, peak=DIGITS.first_run.peak)
    network = ARCHITECTURES[recipe.architecture](seed=0)
    loss = CrossEntropy(label_smoothing=recipe.label_smoothing)
    train_classifier(network, loss, recipe, lessons, watched, seed=0)
    return network


def _mnist(model: Model, test: Dataset) -> float:
    clean = next(one for one in CORRUPTIONS if one.name == "clean")
    return measure_corruption(model, spread(test, 5 * _EACH), clean).normalised


def _strokes(model: Model, test: Dataset) -> float:
    return float(np.mean([one.normalised for one in measure_allographs(model, each=10)]))


def _other(name: str) -> Callable[[Model, Dataset], float]:
    def measured(model: Model, test: Dataset) -> float:
        return next(
            one.normalised for one in measure_others(model, limit=2 * _EACH) if one.name == name
        )

    return measured


def _damage(model: Model, test: Dataset) -> float:
    some = spread(test, _EACH)
    return float(np.mean([measure_corruption(model, some, one).normalised for one in DAMAGE]))


_SETS: dict[str, Callable[[Model, Dataset], float]] = {
    "MNIST": _mnist,
    "strokes": _strokes,
    "fonts": _other("fonts"),
    "load_digits": _other("load_digits"),
    "damaged": _damage,
}


def _print_line(name: str, model: Model, test: Dataset) -> None:
    shares = [measure(model, test) for measure in _SETS.values()]
    kinds = measure_refusals(model, spread(test, 1), each=100)
    garbage = [one.refused for one in kinds if one.kind != REAL_DIGITS]
    figures = "".join(f"{share:>14.1%}" for share in (*shares, float(np.mean(garbage))))
    print(f"{name:>14}{figures}", flush=True)


if __name__ == "__main__":
    main()
