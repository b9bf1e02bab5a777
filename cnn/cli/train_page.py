"""python -m cnn train-page: make the page model, which finds the digits of a picture."""

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
from cnn.recipes.page import PAGE, train_page

__all__ = ["add"]


def add(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "train-page", help="train the page model, which finds digits on pages of every kind"
    )
    parser.set_defaults(command=_run)
    add_data_option(parser)
    parser.add_argument("--out", type=Path, required=True, help="where the model is written")
    parser.add_argument("--epochs", type=count, default=PAGE.epochs)
    parser.add_argument("--each", type=count, help="pages of each kind, and no others beside them")
    add_run_options(parser)


def _run(options: argparse.Namespace) -> int:
    check_outputs(options.out, options.checkpoint)
    recipe = replace(PAGE, epochs=options.epochs)
    if options.each is not None:
        counts = dict.fromkeys(("each", "words", "anything", "nothing"), options.each)
        recipe = replace(recipe, **counts)
    model, overlaps = train_page(
        recipe,
        *load_parts(options),
        seed=options.seed,
        callbacks=callbacks_of(options),
        resume=checkpoint_of(options),
    )
    figures = {"overlap": {name: round(value, 4) for name, value in overlaps.items()}}
    save_helper(model, options, name="page-1", made="pages", figures=figures)
    found = ", ".join(f"{name} {value:.1%}" for name, value in overlaps.items())
    print(f"{options.out}: intersection over union on held-out pages: {found}")
    return 0
