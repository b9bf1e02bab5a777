"""python -m cnn train: make a model of digits, or of any pictures in folders."""

from __future__ import annotations

import argparse
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from cnn.cli import train_pictures
from cnn.cli.options import Commands, check_outputs, count
from cnn.cli.runs import add_run_options, progress_of
from cnn.data import load_mnist
from cnn.evaluation.charts import learning_curves
from cnn.evaluation.figures import measure
from cnn.explanation.neighbours import save_neighbours
from cnn.models.model_file import save_model
from cnn.models.zoo import ARCHITECTURES, PICTURE_ARCHITECTURES
from cnn.recipes.digits import DIGITS, Recipe, train_digits

__all__ = ["add"]

_NEIGHBOURS = 6000  # training pictures that the explanation looks for likenesses in


def add(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "train", help="train a model on MNIST, or on a folder of pictures for each class"
    )
    parser.set_defaults(command=_run)
    parser.add_argument(
        "--data",
        type=Path,
        help="folder of MNIST's four files (default: downloaded once), or of CIFAR-10's; "
        "cifar10 downloads these",
    )
    parser.add_argument("--out", type=Path, required=True, help="where the model is written")
    parser.add_argument("--architecture", choices=(*ARCHITECTURES, *PICTURE_ARCHITECTURES))
    parser.add_argument("--epochs", type=count, help="for digits: of each of the two runs")
    parser.add_argument("--limit", type=count, help="use at most this many training pictures")
    parser.add_argument("--name", help="what the model is called")
    parser.add_argument(
        "--neighbours", type=Path, help="save training pictures for the explanation to find"
    )
    parser.add_argument("--curves", type=Path, help="save the learning curves as a picture")
    add_run_options(parser)
    train_pictures.add_options(parser)


def _run(options: argparse.Namespace) -> int:
    if options.folder is not None or _is_cifar10(options.data):
        return train_pictures.run(options)
    if misplaced := train_pictures.given_options(options):
        raise ValueError(f"{', '.join(misplaced)}: for pictures in folders alone; add --folder")
    if options.architecture in PICTURE_ARCHITECTURES:
        raise ValueError(f"{options.architecture} is for pictures in folders: add --folder")
    check_outputs(options.out, options.checkpoint, options.neighbours, pictures=[options.curves])
    train, test = load_mnist(options.data, progress=not options.quiet)
    recipe = _recipe(options)
    if options.limit is not None:
        train = train.subset(np.arange(min(options.limit, len(train))))
        recipe = replace(recipe, held_out=max(1, min(recipe.held_out, len(train) // 10)))
    model, history = train_digits(
        recipe,
        train,
        seed=options.seed,
        callbacks=progress_of(options),
        checkpoint=options.checkpoint,
    )
    figures = measure(model, test)
    metadata = {
        "name": options.name or "digits-1",
        "trained_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "trained_on": f"MNIST, {len(train) - recipe.held_out:,} training pictures, with digits of "
        "strokes and of fonts, and all of them damaged",
        "accuracy": figures["accuracy"],
        "seed": options.seed,
    }
    model = replace(model, metadata=metadata)
    save_model(model, options.out)
    if options.neighbours is not None:
        count = min(_NEIGHBOURS, len(train) // 2)
        _, chosen = train.split(count, rng=np.random.default_rng(1))
        save_neighbours(model, chosen, options.neighbours)
    if options.curves is not None:
        learning_curves(history).save(options.curves)
    print(f"{options.out}: {figures['accuracy']:.2%} of {len(test):,} test pictures read right")
    return 0


def _recipe(options: argparse.Namespace) -> Recipe:
    first, architecture = DIGITS.first_run, options.architecture or DIGITS.architecture
    return replace(
        DIGITS,
        architecture=architecture,
        epochs=options.epochs or DIGITS.epochs,
        first_run=replace(first, architecture=architecture, epochs=options.epochs or first.epochs),
    )


def _is_cifar10(data: Path | None) -> bool:
    if data is None:
        return False
    folders = (data, data / "cifar-10-batches-bin")
    return str(data) == "cifar10" or any((one / "data_batch_1.bin").exists() for one in folders)
