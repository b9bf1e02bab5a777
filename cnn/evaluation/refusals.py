"""Evaluation of refusals: the shares of non-digits and of real digits that are refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from cnn.data.dataset import Dataset
from cnn.evaluation.tables import percent, table
from cnn.models.model import Model
from cnn.reading.reader import read
from cnn.synthesis.garbage import KINDS
from cnn.synthesis.pages.signs import written_sign
from cnn.vision.decode import open_picture

__all__ = ["RefusalsOfKind", "measure_refusals", "refusals_table"]

#: Goals: the least share of garbage, and the largest share of digits, to refuse.
GARBAGE_GOAL, DIGITS_GOAL = 0.95, 0.01

DIGITS = "real digits"
_NOTES = {"sign": " (never shown in print)", "photograph": " (never shown)"}


@dataclass(frozen=True)
class RefusalsOfKind:
    """The share of one kind of pictures that a model refuses.

    Attributes
    ----------
    kind : str
        One of `cnn.synthesis.garbage.KINDS`, "written sign", "photograph", or `DIGITS`.
    count : int
        Number of pictures.
    refused : float
        Share that was refused.
    """

    kind: str
    count: int
    refused: float

    @property
    def reached(self) -> bool:
        """Whether the goal is met."""
        if self.kind == DIGITS:
            return self.refused <= DIGITS_GOAL
        return self.refused >= GARBAGE_GOAL


def measure_refusals(
    model: Model,
    data: Dataset,
    *,
    each: int = 200,
    photographs: Path | None = None,
    seed: int = 0,
) -> tuple[RefusalsOfKind, ...]:
    """Measure the shares of pictures that normalisation, model and rejector refuse.

    Parameters
    ----------
    model : Model
        A model for digits.
    data : Dataset
        Digits that it was not trained on; all of them are used.
    each : int
        Pictures of every kind of garbage.
    photographs : Path, optional
        A folder of photographs without digits, searched with its subfolders.
    seed : int
        Seed of what is drawn and of the choice of photographs.

    Raises
    ------
    FileNotFoundError
        If there are no photographs in the folder.
    """
    rng = np.random.default_rng(seed)
    drawn = {**KINDS, "written sign": written_sign}
    kinds = {kind: _drawn(draw, each, rng) for kind, draw in drawn.items()}
    if photographs is not None:
        files = sorted(path for path in photographs.rglob("*") if path.is_file())
        if not files:
            raise FileNotFoundError(f"there are no photographs in {photographs}")
        chosen = rng.choice(len(files), min(each, len(files)), replace=False)
        kinds["photograph"] = (open_picture(files[index]) for index in chosen)
    kinds[DIGITS] = (Image.fromarray(picture[0]) for picture in data.images)
    found = []
    for kind, pictures in kinds.items():
        refused = [read(model, picture).refusal is not None for picture in pictures]
        found.append(RefusalsOfKind(kind, len(refused), float(np.mean(refused))))
    return tuple(found)


def _drawn(
    draw: Callable[[np.random.Generator], Image.Image], count: int, rng: np.random.Generator
) -> Iterator[Image.Image]:
    return (draw(rng) for _ in range(count))


def refusals_table(kinds: Sequence[RefusalsOfKind]) -> str:
    """Format the results as a table of text; a cross marks a missed goal."""
    rows = [["", "pictures", "refused", ""]]
    for kind in kinds:
        name = kind.kind + _NOTES.get(kind.kind, "")
        rows.append([name, str(kind.count), percent(kind.refused), "" if kind.reached else "×"])
    goals = f"goal: at least {percent(GARBAGE_GOAL)}, of digits at most {percent(DIGITS_GOAL)}"
    return f"{table(rows)}\n{goals}"
