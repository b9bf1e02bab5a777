"""Options that several commands share, and their checks."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

from PIL import Image

from cnn.data.augment_pictures import PictureAugment

__all__ = [
    "Commands",
    "add_data_option",
    "augmentation",
    "check_outputs",
    "count",
    "number",
    "seed",
    "share",
]

#: What `ArgumentParser.add_subparsers` returns.
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def add_data_option(parser: argparse.ArgumentParser) -> None:
    """Add `--data`, the folder of MNIST's files."""
    parser.add_argument(
        "--data", type=Path, help="folder of MNIST's four files (default: downloaded once)"
    )


def count(text: str) -> int:
    """Return a whole number of at least 1."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number of at least 1, got {text!r}")
    return int(text)


def number(text: str) -> float:
    """Return a number: NaN, which is within no bounds, for what is none."""
    try:
        return float(text)
    except ValueError:
        return float("nan")


def seed(text: str) -> int:
    """Return a whole number of at least 0."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"expected a whole number of at least 0, got {text!r}")
    return int(text)


def share(text: str) -> float:
    """Return a number between 0 and 1."""
    value = number(text)
    if not 0 < value < 1:
        raise argparse.ArgumentTypeError(f"expected a number between 0 and 1, got {text!r}")
    return value


def augmentation(text: str) -> PictureAugment:
    """Return changes of pictures, such as shear=0.2,flip."""
    try:
        return PictureAugment.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def check_outputs(*paths: Path | None, pictures: Sequence[Path | None] = ()) -> None:
    """Find out before long work, not after it, that a result could not be saved."""
    for path in (*paths, *pictures):
        if path is not None and not path.parent.is_dir():
            raise FileNotFoundError(f"there is no folder {path.parent} to save {path.name} in")
    for path in pictures:
        if path is not None and path.suffix.lower() not in Image.registered_extensions():
            raise ValueError(f"{path}: a picture's name ends in .png or another picture format's")
