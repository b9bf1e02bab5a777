"""The command line: python -m cnn COMMAND, such as train, evaluate, predict or generate."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from cnn.cli import (
    evaluate,
    generate,
    predict,
    retrain,
    synthesise,
    train,
    train_context,
    train_generator,
    train_page,
    train_rows,
)
from cnn.errors import CNNError

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command, and return the exit status: 0, or 1 after a one-line error.

    `retrain` says by 2 what a person can mend.
    """
    options = _make_parser().parse_args(arguments)
    try:
        return int(options.command(options))
    except (CNNError, OSError, ValueError, FloatingPointError) as error:
        print(f"cnn: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("cnn: interrupted", file=sys.stderr)
        return 130


def _make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m cnn", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in (
        train,
        train_page,
        train_rows,
        train_context,
        train_generator,
        evaluate,
        predict,
        retrain,
        synthesise,
        generate,
    ):
        command.add(commands)
    return parser
