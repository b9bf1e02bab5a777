"""What the commands that train share: the progress bar, and the checkpoint."""

from __future__ import annotations

import argparse
from pathlib import Path

from cnn.training.callbacks import Callback, Checkpoint

__all__ = ["callbacks_of", "checkpoint_of", "progress_of"]


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
