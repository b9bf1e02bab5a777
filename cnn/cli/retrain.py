"""python -m cnn retrain: train a model, and compare it with the one before.

For programs: a folder says what to do, and gets what comes of it.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from cnn.cli import retrain_digits, retrain_pictures
from cnn.cli.options import Commands
from cnn.cli.run_folder import Refused, RunFolder

__all__ = ["add"]

_PRIORITY = 10
#: What a run may be of, and what does it.
_TASKS: Mapping[str, Callable[[RunFolder, dict[str, Any]], None]] = {
    "digits": retrain_digits.run,
    "pictures": retrain_pictures.run,
}


def add(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "retrain",
        help="let a model learn from collected pictures, and compare it with the one before",
    )
    parser.set_defaults(command=_run)
    parser.add_argument(
        "folder",
        type=Path,
        help="has settings.json and what that names; gets progress.jsonl, checkpoint.dnm, "
        "candidate.dnm and gate.json",
    )
    parser.add_argument("--child", action="store_true", help="end when standard input does")


def _run(options: argparse.Namespace) -> int:
    if hasattr(os, "nice"):  # Windows has none
        os.nice(_PRIORITY)
    if options.child:
        threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        _retrain(RunFolder(options.folder))
    except Refused as error:
        print(f"cnn: {error}", file=sys.stderr)
        print(json.dumps({"code": error.code, "values": error.values}), file=sys.stderr)
        return 2
    return 0


def _retrain(folder: RunFolder) -> None:
    given = folder.read_settings()
    task = given.pop("task", "digits")
    with folder.reading_settings():
        if task not in _TASKS:
            raise ValueError(f"task must be one of {', '.join(_TASKS)}")
    _TASKS[task](folder, given)


def _end_with_parent() -> None:
    """End at once when the parent has closed the standard input, or was killed."""
    while os.read(0, 4096):  # a buffered read would hold up the end of the program
        pass
    os._exit(1)
