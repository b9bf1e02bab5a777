"""python -m cnn generate: new pictures from a generator, at random or like a given one."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from cnn.cli.options import Commands, check_outputs, count, number, seed
from cnn.cli.words import say_error, say_refusal
from cnn.data.made import save_made
from cnn.data.pictures import fit_picture
from cnn.errors import PictureError
from cnn.models.generator import Generator, load_generator
from cnn.models.model_file import load_model
from cnn.reading.reader import read
from cnn.vision.decode import open_picture

__all__ = ["add"]

Array = npt.NDArray[Any]

_MOST = 1_000_000
_WIDEST = 3.0  # of codes: beyond, there are only blots
_AT_ONCE = 1000


def add(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("generate", help="make new digits, or pictures of a generator")
    parser.set_defaults(command=_run)
    parser.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="FILE.png|npz|zip",
        help="a sheet of all, arrays, or a folder of files for each class with labels.csv",
    )
    parser.add_argument(
        "--model", type=Path, help="a generator's file (the generator of digits that ships)"
    )
    parser.add_argument(
        "--digit",
        "--class",
        dest="name",
        metavar="NAME",
        help="which digit, or class (all, equally)",
    )
    parser.add_argument("--count", type=count, default=100, help="how many pictures (100)")
    parser.add_argument(
        "--like",
        type=Path,
        metavar="PICTURE",
        help="like the one in this picture; with --digit, that digit in the same hand",
    )
    parser.add_argument("--seed", type=seed, default=0, help="another seed, other pictures (0)")
    parser.add_argument(
        "--spread",
        type=_spread,
        default=1.0,
        help="how unusual: 0 for the most ordinary picture alone, up to 3 (1, as in training)",
    )


def _run(options: argparse.Namespace) -> int:
    check_outputs(options.out)
    if options.count > _MOST:
        raise ValueError(f"--count {options.count} is too large: at most {_MOST:,} at a time")
    generator = load_generator(options.model)
    if options.like is not None and generator.encoder is None:
        raise ValueError(
            f"{generator.name} has no encoder, and makes pictures from noise alone: leave out "
            "--like, or train a generator with --architecture vae-gan"
        )
    rng = np.random.default_rng(options.seed)
    asked = None if options.name is None else _find_class(generator, options.name)
    labels = np.arange(options.count) % len(generator.classes)
    if options.like is None:
        codes = generator.draw(options.count, rng=rng, spread=options.spread)
    else:
        try:
            code, shown = _encode(generator, options.like, asked)
        except PictureError as error:
            print(f"cnn: {options.like}: {say_error(error)}", file=sys.stderr)
            return 1
        codes = generator.vary(code, options.count, rng=rng, spread=options.spread)
        asked = shown if asked is None else asked
    if asked is not None:
        labels = np.full(options.count, asked)
    parts = range(0, options.count, _AT_ONCE)
    made = np.concatenate(
        [generator.make(codes[i : i + _AT_ONCE], labels[i : i + _AT_ONCE]) for i in parts]
    )
    save_made(options.out, made, labels, generator.classes, maker=generator.name)
    print(f"{options.out}: {options.count:,} made by {generator.name}")
    return 0


def _spread(text: str) -> float:
    value = number(text)
    if not 0 <= value <= _WIDEST:
        raise argparse.ArgumentTypeError(f"expected a number from 0 to {_WIDEST:g}, got {text!r}")
    return value


def _find_class(generator: Generator, name: str) -> int:
    if name not in generator.classes:
        raise ValueError(
            f"{generator.name} makes no {name!r}, but {', '.join(generator.classes)}: "
            "choose one of these"
        )
    return generator.classes.index(name)


def _encode(generator: Generator, path: Path, asked: int | None) -> tuple[Array, int]:
    """Return the code of what a picture shows, and its class."""
    if generator.normalisation == "digits":
        pixels, label = _read_digit(path)
    elif asked is None and len(generator.classes) > 1:
        raise ValueError(f"say what {path} shows: --class {' or '.join(generator.classes)}")
    else:
        pixels, label = _fit(generator, path), asked or 0
    return generator.encode(pixels[None], np.array([label])), label


def _read_digit(path: Path) -> tuple[Array, int]:
    reading = read(load_model(), path)
    if reading.refusal is not None:
        raise ValueError(f"{path}: {say_refusal(reading.refusal)}")
    digit = reading.only
    if digit is None:
        raise ValueError(
            f"{path} shows {len(reading.digits)} digits: cut out the one that is meant"
        )
    return digit.pixels[None], digit.digit


def _fit(generator: Generator, path: Path) -> Array:
    channels, height, width = generator.shape
    picture = open_picture(path, longest=max(1024, 2 * height, 2 * width))
    return fit_picture(picture, (height, width), channels)
