"""python -m cnn fit-sifting: fit how what is measured of a digit and its context count together."""

from __future__ import annotations

import argparse
from pathlib import Path

from cnn.cli.options import Commands, add_data_option, count
from cnn.cli.runs import load_parts
from cnn.models.model_file import load_model
from cnn.recipes.sifting import Fit, fit_sifting

__all__ = ["add"]

_EACH = 12


def add(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "fit-sifting",
        help="fit the weights by which lines, signs and letters beside digits are left unread",
    )
    parser.set_defaults(command=_run, seed=0, quiet=False)
    add_data_option(parser)
    parser.add_argument("--model", type=Path, help="a model file (default: the one that ships)")
    parser.add_argument("--each", type=count, default=_EACH, help="pages of every kind")


def _run(options: argparse.Namespace) -> int:
    _, data = load_parts(options)
    ones, rest = fit_sifting(load_model(options.model), data, each=options.each)
    _print("1s", ones)
    _print("the rest", rest)
    return 0


def _print(name: str, fitted: Fit) -> None:
    print(f"{name}: {fitted.digits} digits, {fitted.others} other things")
    print(
        f"  {fitted.constant:.2f} {fitted.by_itself:+.2f} by itself"
        f" {fitted.in_context:+.2f} in context"
    )
