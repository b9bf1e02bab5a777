"""python -m cnn train --folder: make a model of a folder of pictures for each class."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from cnn.cli.options import augmentation, check_outputs, count, share
from cnn.cli.runs import callbacks_of, checkpoint_of
from cnn.data import Dataset, load_cifar10
from cnn.data.folder import LeftOut
from cnn.errors import DataError
from cnn.evaluation.charts import learning_curves
from cnn.evaluation.classes import draw_confusion, draw_mistakes, figures_table
from cnn.evaluation.figures import measure
from cnn.models.model import Model
from cnn.models.model_file import load_model, save_model
from cnn.models.zoo import PICTURE_ARCHITECTURES
from cnn.recipes.folders import PictureParts, describe_training, read_parts, take_some
from cnn.recipes.pictures import PictureRecipe, choose_recipe, train_pictures

__all__ = ["add_options", "given_options", "run", "save_figures", "tell_left_out"]

_SIZE, _CHANNELS, _HELD_OUT = 64, 3, 0.1

# Options that mean nothing for digits; and those that mean nothing without files of pictures.
_OPTIONS = (
    *("size", "channels", "head", "batch_size", "rate", "augment"),
    *("held_out", "strict", "half", "mistakes"),
)
_OF_FILES = ("size", "channels", "strict", "neighbours")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that only a training on folders has."""
    parser.add_argument("--folder", type=Path, help="a folder for each class, with its pictures")
    group = parser.add_argument_group("with --folder, or with CIFAR-10")
    group.add_argument("--size", type=count, help="side of the network's input (default: 64)")
    group.add_argument("--channels", type=int, choices=(1, 3), help="grey, or colour (default)")
    group.add_argument("--head", choices=("sigmoid", "softmax"), help="the end of the network")
    group.add_argument("--batch-size", type=count, help="pictures for each step")
    group.add_argument("--rate", type=share, help="highest learning rate (default: 0.003)")
    group.add_argument(
        "--augment",
        type=augmentation,
        metavar="CHANGES",
        help="such as shear=0.2,zoom=0.2,flip,rotate=10,shift=0.1,brightness=0.2,cutout, or none",
    )
    group.add_argument(
        "--held-out",
        type=share,
        help="share of the training pictures to watch and calibrate by (default: 0.1)",
    )
    group.add_argument(
        "--strict", action="store_true", help="stop if a file is no readable picture"
    )
    group.add_argument(
        "--half", action="store_true", help="store the model in half the room, less exactly"
    )
    group.add_argument("--mistakes", type=Path, help="save a sheet of the worst mistakes")


def given_options(options: argparse.Namespace, names: Sequence[str] = _OPTIONS) -> list[str]:
    """Return those of some options that were given, as they are typed."""
    given = (name for name in names if getattr(options, name) not in (None, False))
    return [f"--{name.replace('_', '-')}" for name in given]


def run(options: argparse.Namespace) -> int:
    """Train, measure and save a model; returns the exit status."""
    useless = ["neighbours"] if options.folder is not None else _OF_FILES
    if misplaced := given_options(options, useless):
        raise ValueError(f"{', '.join(misplaced)} means nothing here: leave it out")
    check_outputs(options.out, options.checkpoint, pictures=[options.curves, options.mistakes])
    parts = _load(options)
    tell_left_out(parts.left_out, strict=options.strict)
    train = parts.train
    recipe = _choose(options, train)
    print(f"{len(train):,} training pictures: {parts.counts}")
    print(
        f"{recipe.architecture}, {recipe.head}, {recipe.epochs} epochs, batches of "
        f"{recipe.batch_size}, rate {recipe.peak:g}, augmentation {recipe.augment}"
    )
    model, history = train_pictures(
        recipe,
        train,
        parts.held_out,
        seed=options.seed,
        callbacks=callbacks_of(options),
        resume=checkpoint_of(options),
    )
    if options.half:
        # What is measured is what is served.
        save_model(model, options.out, half=True)
        model = load_model(options.out)
    tested = parts.measured
    figures = measure(model, tested)
    metadata = describe_training(
        parts, figures, history, name=options.name or options.out.stem, seed=options.seed
    )
    model = replace(model, metadata=metadata)
    save_model(model, options.out, half=options.half)
    if options.curves is not None:
        learning_curves(history).save(options.curves)
    save_figures(model, tested, figures, mistakes=options.mistakes)
    print(figures_table(figures, model.classes))
    if parts.test is None:
        print("There are no test pictures: these are the held-out ones, which were watched.")
    print(f"{options.out}: {figures['accuracy']:.2%} of {len(tested):,} pictures right")
    return 0


def save_figures(
    model: Model,
    data: Dataset,
    figures: dict[str, Any],
    *,
    mistakes: Path | None,
    confusion: Path | None = None,
) -> None:
    """Save what was asked for: a sheet of mistakes, and the confusion matrix."""
    if mistakes is not None:
        sheet = draw_mistakes(model, data)
        if sheet is None:
            print(f"nothing was wrong, so there is no {mistakes}")
        else:
            sheet.save(mistakes)
    if confusion is not None:
        draw_confusion(model, figures).save(confusion)


def tell_left_out(left_out: Sequence[LeftOut], *, strict: bool) -> None:
    """Name on the error stream the files that were left out.

    Raises
    ------
    DataError
        If there are any and none may be.
    """
    for one in left_out:
        print(f"cnn: {one.path} is left out: {one.reason}", file=sys.stderr)
    if not left_out:
        return
    which = "1 file is" if len(left_out) == 1 else f"{len(left_out):,} files are"
    if strict:
        raise DataError(f"{which} no readable picture; without --strict such files are left out")
    print(f"cnn: {which} no readable picture and left out", file=sys.stderr)


def _load(options: argparse.Namespace) -> PictureParts:
    if options.folder is None:
        train, test = load_cifar10(_cifar_folder(options), progress=not options.quiet)
        some = take_some(train, options.limit)
        rng = np.random.default_rng(options.seed)
        return PictureParts(*some.split(options.held_out or _HELD_OUT, rng=rng), test)
    side = options.size or _SIZE
    return read_parts(
        options.folder,
        size=(side, side),
        channels=options.channels or _CHANNELS,
        held_out=options.held_out or _HELD_OUT,
        limit=options.limit,
        seed=options.seed,
        cache=options.checkpoint,
        progress=not options.quiet,
    )


def _cifar_folder(options: argparse.Namespace) -> Path | None:
    return None if str(options.data) == "cifar10" else options.data


def _choose(options: argparse.Namespace, train: Dataset) -> PictureRecipe:
    recipe = choose_recipe(
        len(train),
        len(train.classes),
        architecture=options.architecture,
        head=options.head,
        epochs=options.epochs,
        batch_size=options.batch_size,
        peak=options.rate,
        augment=options.augment,
    )
    if recipe.architecture not in PICTURE_ARCHITECTURES:
        raise ValueError(
            f"{recipe.architecture} is for digits; for pictures there are "
            f"{', '.join(PICTURE_ARCHITECTURES)}"
        )
    return recipe
