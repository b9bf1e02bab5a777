"""python -m cnn train-rows: make the row model, which reads digits that touch."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from cnn.cli.options import Commands, add_data_option, check_outputs, count
from cnn.cli.runs import (
    add_run_options,
    callbacks_of,
    checkpoint_of,
    load_parts,
    save_helper,
)
from cnn.recipes.rows import ROW, train_rows

__all__ = ["add"]


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
    add_run_options(parser)


def _run(options: argparse.Namespace) -> int:
    check_outputs(options.out, options.checkpoint)
    model, right = train_rows(
        replace(ROW, epochs=options.epochs, rows=options.rows),
        *load_parts(options),
        seed=options.seed,
        callbacks=callbacks_of(options),
        resume=checkpoint_of(options),
    )
    figures = {"rows_right": round(right, 4)}
    save_helper(model, options, name="row-1", made="rows", figures=figures)
    print(f"{options.out}: {right:.1%} of held-out rows are read right")
    return 0
