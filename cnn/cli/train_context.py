"""python -m cnn train-context: make the context model, which sees a digit among others."""

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
from cnn.recipes.contexts import CONTEXT, train_context

__all__ = ["add"]


def add(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "train-context", help="train the context model, which tells digits from what is beside them"
    )
    parser.set_defaults(command=_run)
    add_data_option(parser)
    parser.add_argument("--out", type=Path, required=True, help="where the model is written")
    parser.add_argument("--epochs", type=count, default=CONTEXT.epochs)
    parser.add_argument(
        "--drafts", type=count, default=CONTEXT.drafts, help="pages whose pieces it learns from"
    )
    add_run_options(parser)


def _run(options: argparse.Namespace) -> int:
    check_outputs(options.out, options.checkpoint)
    model, right = train_context(
        replace(CONTEXT, epochs=options.epochs, drafts=options.drafts),
        *load_parts(options),
        seed=options.seed,
        callbacks=callbacks_of(options),
        resume=checkpoint_of(options),
    )
    figures = {"pieces_right": round(right, 4)}
    save_helper(model, options, name="context-1", made="drafts", figures=figures)
    print(f"{options.out}: {right:.1%} of held-out pieces are told right")
    return 0
