"""python -m cnn train-page: make the page model, which finds the digits of a picture."""

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
from cnn.recipes.page import PAGE, train_page

__all__ = ["add"]

_HELD_OUT = 5000  # of MNIST's training digits


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
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--checkpoint", type=Path, help="save after every epoch; continue from it if it exists"
    )
    parser.add_argument("--quiet", action="store_true", help="show no progress")


def _run(options: argparse.Namespace) -> int:
    check_outputs(options.out, options.checkpoint)
    recipe = replace(PAGE, epochs=options.epochs)
    if options.each is not None:
        recipe = replace(recipe, each=options.each, anything=options.each, nothing=options.each)
    train, _ = load_mnist(options.data, progress=not options.quiet)
    data, held_out = train.split(_HELD_OUT, rng=np.random.default_rng(options.seed))
    model, overlaps = train_page(
        recipe,
        data,
        held_out,
        seed=options.seed,
        callbacks=progress_of(options),
        checkpoint=options.checkpoint,
    )
    metadata = {
        "name": "page-1",
        "trained_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "trained_on": "made pages of digits of MNIST's training pictures, of strokes and of fonts",
        "overlap": {name: round(value, 4) for name, value in overlaps.items()},
        "seed": options.seed,
    }
    save_model(replace(model, metadata=metadata), options.out, half=True)
    found = ", ".join(f"{name} {value:.1%}" for name, value in overlaps.items())
    print(f"{options.out}: intersection over union on held-out pages: {found}")
    return 0
