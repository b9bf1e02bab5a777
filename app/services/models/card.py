"""What a model says of itself: its name, and how good it was where it was measured.

A model's file may come from anybody, so nothing in its metadata is taken for granted.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from app.services.models.curves import Curves
from cnn.models.generator import Generator
from cnn.models.model import Model

__all__ = ["Card", "ClassFigures", "describe", "make_card", "read_card", "share_of"]

_MOST_EPOCHS = 10_000


def describe(model: Model | Generator) -> dict[str, Any]:
    """Return a model's name, measured accuracy and time of training."""
    return {
        "name": model.name,
        "accuracy": share_of(model, "accuracy"),
        "trained_at": _text(model.metadata.get("trained_at")),
    }


def share_of(model: Model | Generator, figure: str) -> float | None:
    """Return a figure from 0 to 1 of a model's metadata; None if it has none."""
    return _share(model.metadata, figure)


def _share(metadata: Mapping[str, Any], figure: str) -> float | None:
    given = metadata.get(figure)
    if isinstance(given, int | float) and not isinstance(given, bool) and 0 <= given <= 1:
        return float(given)
    return None


@dataclass(frozen=True)
class ClassFigures:
    """How many pictures of a class a model was measured on, and how many it got right.

    `answers` says of each class, in their order, how often it was the answer.
    """

    name: str
    count: int
    right: int
    answers: tuple[int, ...]


@dataclass(frozen=True)
class Card:
    """What is shown of a model; None and nothing where its file does not say it."""

    trained_on: str | None
    accuracy: float | None
    calibration_error: float | None
    none_of_these: float | None
    is_tested: bool
    by_class: tuple[ClassFigures, ...]
    curves: tuple[Curves, ...]


def make_card(model: Model) -> Card:
    """Return a model's card."""
    return read_card(model.metadata, model.classes)


def read_card(metadata: Mapping[str, Any], classes: Sequence[str]) -> Card:
    """Return the card of a model with this metadata and these classes."""
    return Card(
        trained_on=_text(metadata.get("trained_on")),
        accuracy=_share(metadata, "accuracy"),
        calibration_error=_share(metadata, "expected_calibration_error"),
        none_of_these=_share(metadata, "none_of_these"),
        is_tested=metadata.get("tested_on") == "test pictures",
        by_class=_by_class(metadata.get("confusion_matrix", ()), classes),
        curves=_curves(metadata.get("history")),
    )


def _by_class(given: Any, classes: Sequence[str]) -> tuple[ClassFigures, ...]:
    try:
        matrix = np.array(given, np.int64)
    except (ValueError, TypeError, OverflowError):
        return ()
    if matrix.shape != (len(classes),) * 2 or (matrix < 0).any():
        return ()
    return tuple(
        ClassFigures(name, int(row.sum()), int(row[place]), tuple(row.tolist()))
        for place, (name, row) in enumerate(zip(classes, matrix, strict=True))
    )


def _curves(history: Any) -> tuple[Curves, ...]:
    if not isinstance(history, Mapping):
        return ()
    found = []
    for metric in ("loss", "accuracy"):
        training, held_out = (_numbers(history.get(key)) for key in (metric, f"val_{metric}"))
        if len(training) == len(held_out) > 1:
            found.append(Curves.of(metric, held_out, training))
    return tuple(found)


def _numbers(given: Any) -> tuple[float, ...]:
    if not isinstance(given, list) or len(given) > _MOST_EPOCHS:
        return ()
    if not all(isinstance(value, int | float) and math.isfinite(value) for value in given):
        return ()
    return tuple(map(float, given))


def _text(given: Any) -> str | None:
    return given if isinstance(given, str) else None
