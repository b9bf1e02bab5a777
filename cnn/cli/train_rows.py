"""python -m cnn train-rows: make the row model, which reads digits that touch."""

from __future__ import annotations

import argparse
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from cnn.cli.options import Commands, add_data_option, check_outputs, count
from cnn.cli.runs import progress_of
from cnn.data import load_mnist
from cnn.models.model_file import save_model
from cnn.recipes.rows import ROW, train_rows

__all__ = ["add"]

_HELD_OUT = 5000  # of MNIST's training digits


def add(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "train-rows", help="train the row model, which reads touching digits"
    )
    parser.set_defaults(command=_run)
    add_data_option(parser)
    parser.add_argument("--out", type=Path, required=True, help="where the model is written")
    parser.add_argument("--epochs", type=count, default=ROW.epochs)
    parser.add_argument("--rows", type=count, default=ROW.rows, help="how many to learn from")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--checkpoint", type=Path, help="save after every epoch; continue from it if it exists"
    )
    parser.add_argument("--quiet", action="store_true", help="show no progress")


def _run(options: argparse.Namespace) -> int:
    check_outputs(options.out, options.checkpoint)
    train, _ = load_mnist(options.data, progress=not options.quiet)
    data, held_out = train.split(_HELD_OUT, rng=np.random.default_rng(options.seed))
    model, right = train_rows(
        replace(ROW, epochs=options.epochs, rows=options.rows),
        data,
        held_out,
        seed=options.seed,
        callbacks=progress_of(options),
        checkpoint=options.checkpoint,
    )
    metadata = {
        "name": "row-1",
        "trained_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "trained_on": "made rows of digits of MNIST's training pictures, of strokes and of fonts",
        "rows_right": round(right, 4),
        "seed": options.seed,
    }
    save_model(replace(model, metadata=metadata), options.out, half=True)
    print(f"{options.out}: {right:.1%} of held-out rows are read right")
    return 0
