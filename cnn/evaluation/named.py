"""Evaluation of pictures whose names say what they show: kind, two underlines, the text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cnn.evaluation.tables import table
from cnn.models.model import Model
from cnn.reading.reader import read

__all__ = ["NamedKind", "measure_named", "named_table"]


@dataclass(frozen=True)
class NamedKind:
    """Results of a model on the pictures of one kind.

    Attributes
    ----------
    kind : str
        What stands in their names before the first hyphen.
    count, right : int
        How many there are, and how many are read right in every digit and line.
    wrong : tuple of (str, str)
        Name and answer of each that was misread; "none" is a refusal.
    """

    kind: str
    count: int
    right: int
    wrong: tuple[tuple[str, str], ...]


def measure_named(model: Model, folder: Path) -> tuple[NamedKind, ...]:
    """Measure how a digit model reads pictures whose names say what they show.

    Parameters
    ----------
    model : Model
        A model for digits.
    folder : Path
        A folder of pictures called "kind-anything__text.png": the text's lines are parted by
        hyphens, and "none" is a picture that must be refused.

    Raises
    ------
    ValueError
        If the folder has no such pictures.
    PictureError
        If one of them cannot be opened.
    """
    kinds: dict[str, list[Path]] = {}
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if "__" in path.stem and path.is_file():
            kinds.setdefault(path.stem.split("__")[0].split("-")[0], []).append(path)
    if not kinds:
        raise ValueError(f"{folder} has no pictures with names such as kind-1__42.png")
    return tuple(_measure(model, kind, paths) for kind, paths in kinds.items())


def _measure(model: Model, kind: str, paths: list[Path]) -> NamedKind:
    answers = [(path, read(model, path).text.replace("\n", "-") or "none") for path in paths]
    wrong = [(path.name, text) for path, text in answers if text != path.stem.split("__")[-1]]
    return NamedKind(kind, len(paths), len(paths) - len(wrong), tuple(wrong))


def named_table(kinds: Iterable[NamedKind]) -> str:
    """Format the results as a table of text."""
    rows = [["", "pictures", "right", "misread"]]
    total = right = 0
    for one in kinds:
        wrong = ", ".join(f"{name}: {answer}" for name, answer in one.wrong)
        rows.append([one.kind, str(one.count), str(one.right), wrong])
        total, right = total + one.count, right + one.right
    rows.append(["all", str(total), str(right), ""])
    return table(rows)
