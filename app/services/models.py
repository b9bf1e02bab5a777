"""The models in service, each under a name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from app.errors import UnknownModel
from cnn import load_model
from cnn.errors import ModelFileError
from cnn.explanation.neighbours import Neighbours
from cnn.models.model import Model
from cnn.models.model_file import CATS_DOGS_MODEL, DIGIT_MODEL

__all__ = [
    "CATS_DOGS",
    "DIGITS",
    "ClassFigures",
    "Models",
    "Shelved",
    "describe",
    "figures_by_class",
]

#: The name of the model that reads digits.
DIGITS = "digits"
#: The name of the one that ships as an example of other pictures.
CATS_DOGS = "cats-dogs"

_SHIPPED = {DIGITS: DIGIT_MODEL, CATS_DOGS: CATS_DOGS_MODEL}


@dataclass(frozen=True)
class Shelved:
    """A model in service, its file, and its training pictures for explanations."""

    model: Model
    file: Path
    neighbours: Neighbours | None = None


class Models:
    """Holds the models in service, which are immutable.

    A caller gets the present model of a name, and keeps it for its whole request even if the
    model is replaced meanwhile.
    """

    def __init__(self, files: Mapping[str, Path | None] | None = None) -> None:
        """Load a file for each name; None is the one that ships. Raises ModelFileError."""
        self._files = dict(_SHIPPED) if files is None else dict(files)
        self._shelf = {name: _load(name, path) for name, path in self._files.items()}

    def items(self) -> Iterator[tuple[str, Shelved]]:
        """Yield the models with their names."""
        yield from self._shelf.items()

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the models."""
        return tuple(self._shelf)

    def get(self, name: str = DIGITS) -> Shelved:
        """Return the model of a name. Raises UnknownModel."""
        try:
            return self._shelf[name]
        except KeyError:
            raise UnknownModel(name) from None

    def reload(self, name: str = DIGITS) -> None:
        """Load a model's file again.

        Raises UnknownModel; ModelFileError, and keeps the old model, if the file is unsuitable.
        """
        self.get(name)
        self._shelf[name] = _load(name, self._files[name])


def describe(model: Model) -> dict[str, Any]:
    """Return a model's name, measured accuracy and time of training."""
    return {
        "name": model.name,
        "accuracy": model.metadata.get("accuracy"),
        "trained_at": model.metadata.get("trained_at"),
    }


@dataclass(frozen=True)
class ClassFigures:
    """How many pictures of a class a model was measured on, and how many it got right."""

    name: str
    count: int
    right: int


def figures_by_class(model: Model) -> list[ClassFigures]:
    """Return what was measured of each class; nothing if the model does not say."""
    matrix = np.array(model.metadata.get("confusion_matrix", ()))
    if matrix.shape != (len(model.classes),) * 2:
        return []
    rows = zip(model.classes, matrix.sum(axis=1), np.diag(matrix), strict=True)
    return [ClassFigures(name, int(count), int(right)) for name, count, right in rows]


def _load(name: str, path: Path | None) -> Shelved:
    file = path or _SHIPPED[name]
    model = load_model(file)
    if name == DIGITS and (model.normalisation != "digits" or len(model.classes) != 10):
        raise ModelFileError(
            f"{path} is no model for digits: it takes inputs of {model.input_shape} and tells "
            f"{', '.join(model.classes)} apart"
        )
    if model.normalisation is None or len(model.network.output_shape) > 1:
        raise ModelFileError(f"{path} reads no digits, nor does it say what a picture shows")
    model.predict(np.zeros((1, *model.input_shape), np.float32))
    # The neighbours that ship belong to the model that ships: their features are its own.
    ships = name == DIGITS and file == DIGIT_MODEL
    return Shelved(model, file, Neighbours() if ships else None)
