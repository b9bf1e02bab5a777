"""Which models can be served, and under which names."""

from __future__ import annotations

import re

import numpy as np

from cnn.errors import ModelFileError
from cnn.models.model import Model

__all__ = ["DIGITS", "check_model", "family_of", "is_name"]

#: The name of the model that reads digits.
DIGITS = "digits"

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST_NAME = 40


def is_name(text: str) -> bool:
    """Whether models can be in service under this name."""
    return len(text) <= _LONGEST_NAME and _NAME.fullmatch(text) is not None


def family_of(text: str) -> str:
    """Return a name from a model's own: "Cats & dogs-2" gives "cats-dogs"; "" if there is none."""
    words = re.findall(r"[a-z0-9]+", re.sub(r"-\d+$", "", text).lower())
    return "-".join(words)[:_LONGEST_NAME].rstrip("-")


def check_model(name: str, model: Model, origin: object) -> None:
    """Raise ModelFileError for a model that cannot be served under a name.

    `origin` is what the message calls it, such as its file.
    """
    if name == DIGITS and (model.normalisation != "digits" or len(model.classes) != 10):
        raise ModelFileError(
            f"{origin} is no model for digits: it takes inputs of {model.input_shape} and tells "
            f"{', '.join(model.classes)} apart"
        )
    if model.normalisation is None or len(model.network.output_shape) > 1:
        raise ModelFileError(f"{origin} reads no digits, nor does it say what a picture shows")
    model.predict(np.zeros((1, *model.input_shape), np.float32))
