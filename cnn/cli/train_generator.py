"""python -m cnn train-generator: make a generator of digits, or of the pictures of a folder."""

from __future__ import annotations

import argparse
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from cnn.cli.options import (
    Commands,
    add_data_option,
    augmentation,
    check_outputs,
    count,
    share,
)
from cnn.cli.runs import add_run_options, callbacks_of, checkpoint_of
from cnn.cli.train_pictures import given_options, tell_left_out
from cnn.data import Dataset, find_parts, load_mnist, read_folder
from cnn.evaluation.charts import adversarial_curves
from cnn.models.adversaries import ADVERSARIES, doublings
from cnn.models.generator import Generator, load_generator, save_generator
from cnn.models.model_file import load_model
from cnn.recipes.generator import (
    DIGIT_GENERATORS,
    GeneratorRecipe,
    choose_generator_recipe,
    train_generator,
)

__all__ = ["add"]

_SIZE, _CHANNELS = 32, 3
_ASKED = 1000  # made digits that the digit model reads at the end


def add(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "train-generator", help="train a network that makes new digits, or pictures like a folder's"
    )
    parser.set_defaults(command=_run)
    add_data_option(parser)
    parser.add_argument("--out", type=Path, required=True, help="where the generator is written")
    parser.add_argument(
        "--architecture",
        choices=ADVERSARIES,
        default="vae-gan",
        help="a variational autoencoder with a discriminator (default), or the textbook's DCGAN",
    )
    parser.add_argument("--epochs", type=count, help="how often every picture is shown")
    parser.add_argument("--limit", type=count, help="use at most this many training pictures")
    parser.add_argument("--name", help="what the generator is called")
    parser.add_argument(
        "--curves", type=Path, help="save the curves of generator and discriminator as a picture"
    )
    add_run_options(parser)
    parser.add_argument(
        "--folder", type=Path, help="pictures to learn from, or a folder of them for each class"
    )
    group = parser.add_argument_group("with --folder")
    group.add_argument("--size", type=count, help=f"side of the made pictures ({_SIZE})")
    group.add_argument("--channels", type=int, choices=(1, 3), help="grey, or colour (default)")
    group.add_argument("--rate", type=share, help="first learning rate (that of digits)")
    group.add_argument(
        "--augment",
        type=augmentation,
        metavar="CHANGES",
        help="changes of the pictures, as for train: flip for faces, not for letters (none)",
    )
    group.add_argument(
        "--strict", action="store_true", help="stop if a file is no readable picture"
    )


def _run(options: argparse.Namespace) -> int:
    check_outputs(options.out, options.checkpoint, pictures=[options.curves])
    data = _load_digits(options) if options.folder is None else _load_folder(options)
    recipe = _choose(options, data)
    print(
        f"pictures: {len(data):,}; classes: {len(data.classes)}; {recipe.architecture}; "
        f"epochs: {recipe.epochs}; batches of {recipe.batch_size}; rate {recipe.rate:g}"
    )
    generator, history = train_generator(
        recipe,
        data,
        seed=options.seed,
        callbacks=callbacks_of(options),
        resume=checkpoint_of(options),
    )
    metadata: dict[str, Any] = {
        "name": options.name or options.out.stem,
        "trained_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "trained_on": f"{len(data):,} pictures of {', '.join(data.classes)}",
        "architecture": recipe.architecture,
        "history": history,
        "seed": options.seed,
    }
    save_generator(replace(generator, metadata=metadata), options.out, half=True)
    if options.curves is not None:
        adversarial_curves(history).save(options.curves)
    print(_describe(options.out, load_generator(options.out), int(history["returns"][-1])))
    return 0


def _load_digits(options: argparse.Namespace) -> Dataset:
    names = ("size", "channels", "rate", "augment", "strict")
    if misplaced := given_options(options, names):
        raise ValueError(f"{', '.join(misplaced)}: for pictures in folders alone; add --folder")
    return _some(load_mnist(options.data, progress=not options.quiet)[0], options)


def _load_folder(options: argparse.Namespace) -> Dataset:
    if options.data is not None:
        raise ValueError("--data names MNIST's folder: leave it out with --folder")
    size = options.size or _SIZE
    doublings(size, size)  # before much is read for a size that cannot be made
    found = read_folder(
        find_parts(options.folder)["train"],
        size=(size, size),
        channels=options.channels or _CHANNELS,
        flat=True,
        progress=not options.quiet,
    )
    tell_left_out(found.left_out, strict=options.strict)
    return _some(found.data, options)


def _some(data: Dataset, options: argparse.Namespace) -> Dataset:
    """Return as many pictures as were asked for, each class in proportion."""
    if options.limit is None or options.limit >= len(data):
        return data
    return data.split(options.limit, rng=np.random.default_rng(1))[1]


def _choose(options: argparse.Namespace, data: Dataset) -> GeneratorRecipe:
    if options.folder is None:
        recipe = DIGIT_GENERATORS[options.architecture]
    else:
        recipe = choose_generator_recipe(options.architecture, len(data))
        recipe = replace(recipe, augment=options.augment)
    if options.rate is not None:
        slower = options.rate * recipe.discriminator_rate / recipe.rate
        recipe = replace(recipe, rate=options.rate, discriminator_rate=slower)
    return recipe if options.epochs is None else replace(recipe, epochs=options.epochs)


def _describe(path: Path, generator: Generator, returns: int) -> str:
    """Return a line about a generator as it was saved."""
    line = f"{path}: {path.stat().st_size / 1e6:.2f} MB; went back {returns} times"
    if generator.normalisation != "digits":
        return line
    labels = np.arange(_ASKED) % len(generator.classes)
    made = generator.make(generator.draw(_ASKED, rng=np.random.default_rng(0)), labels)
    right = np.mean(load_model().predict(made).argmax(axis=1) == labels)
    return f"{line}; {right:.1%} of {_ASKED:,} made digits are read as what was asked for"
