"""What the commands that train share: options, the progress bar, the checkpoint, and their data."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from cnn.cli.options import seed
from cnn.data import load_mnist
from cnn.data.dataset import Dataset
from cnn.models.model import Model
from cnn.models.model_file import save_model
from cnn.training.callbacks import Callback, Checkpoint

__all__ = [
    "add_run_options",
    "callbacks_of",
    "checkpoint_of",
    "load_parts",
    "progress_of",
    "save_helper",
]

_HELD_OUT = 5000  # of MNIST's training digits


def add_run_options(parser: argparse.ArgumentParser) -> None:
    """Add `--seed`, `--checkpoint` and `--quiet`."""
    parser.add_argument("--seed", type=seed, default=0)
    parser.add_argument(
        "--checkpoint", type=Path, help="save after every epoch; continue from it if it exists"
    )
    parser.add_argument("--quiet", action="store_true", help="show no progress")


def progress_of(options: argparse.Namespace) -> tuple[Callback, ...]:
    """Return the progress bar, without `--quiet`."""
    if options.quiet:
        return ()
    from cnn.training.progress import ProgressBar

    return (ProgressBar(),)


def callbacks_of(options: argparse.Namespace) -> tuple[Callback, ...]:
    """Return the callbacks of a run with `--quiet` and `--checkpoint`."""
    saved = () if options.checkpoint is None else (Checkpoint(options.checkpoint),)
    return (*progress_of(options), *saved)


def checkpoint_of(options: argparse.Namespace) -> Path | None:
    """Return the checkpoint to go on from, if it is there."""
    path: Path | None = options.checkpoint
    return path if path is not None and path.exists() else None


def load_parts(options: argparse.Namespace) -> tuple[Dataset, Dataset]:
    """Return MNIST's training digits to learn from, and those that are held out."""
    train, _ = load_mnist(options.data, progress=not options.quiet)
    return train.split(_HELD_OUT, rng=np.random.default_rng(options.seed))


def save_helper(
    model: Model, options: argparse.Namespace, *, name: str, made: str, figures: Mapping[str, Any]
) -> None:
    """Save a network that helps the digit model, with what it learned from and how good it is."""
    digits = "digits of MNIST's training pictures, of strokes and of fonts"
    metadata = {
        "name": name,
        "trained_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "trained_on": f"made {made} of {digits}",
        **figures,
        "seed": options.seed,
    }
    save_model(replace(model, metadata=metadata), options.out, half=True)
