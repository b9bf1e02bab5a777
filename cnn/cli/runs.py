"""What the commands that train share: the progress bar, and the checkpoint."""

from __future__ import annotations

import argparse
from pathlib import Path

from cnn.training.callbacks import Callback, Checkpoint

__all__ = ["callbacks_of", "checkpoint_of"]


def callbacks_of(options: argparse.Namespace) -> tuple[Callback, ...]:
    """Return the callbacks of a run with `--quiet` and `--checkpoint`."""
    callbacks: list[Callback] = []
    if not options.quiet:
        from cnn.training.progress import ProgressBar

        callbacks.append(ProgressBar())
    if options.checkpoint is not None:
        callbacks.append(Checkpoint(options.checkpoint))
    return tuple(callbacks)


def checkpoint_of(options: argparse.Namespace) -> Path | None:
    """Return the checkpoint to go on from, if it is there."""
    path: Path | None = options.checkpoint
    return path if path is not None and path.exists() else None
