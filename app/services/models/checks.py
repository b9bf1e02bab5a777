"""Which models and generators can be served, and under which names."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TypeAlias

import numpy as np

from cnn.errors import ModelFileError
from cnn.models.container import kind_of
from cnn.models.generator import Generator, load_generator
from cnn.models.model import Model
from cnn.models.model_file import load_model

__all__ = [
    "DIGITS",
    "AnyModel",
    "check_generator",
    "check_model",
    "family_of",
    "is_generator",
    "is_name",
    "load_any",
]

#: What reads pictures, or what makes them.
AnyModel: TypeAlias = Model | Generator

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


def is_generator(content: bytes) -> bool:
    """Whether a file holds a generator, as far as its header says."""
    return kind_of(content) == "generator"


def load_any(source: Path | bytes) -> AnyModel:
    """Load the model or generator of a file that can be read, or of its content.

    Raises ModelFileError, as those who load a model do.
    """
    content = source if isinstance(source, bytes) else source.read_bytes()
    return load_generator(source) if is_generator(content) else load_model(source)


def check_generator(name: str, generator: Generator, origin: object) -> None:
    """Raise ModelFileError for a generator that cannot be served under a name.

    `origin` is what the message calls it, such as its file.
    """
    if name == DIGITS:
        raise ModelFileError(
            f"{origin} makes pictures and reads no digits: give it another name than {DIGITS} "
            "with --name"
        )
    if generator.normalisation != "picture":
        raise ModelFileError(
            f"{origin} makes digits, which the site does with the generator that ships: only "
            "generators of a folder's pictures are added"
        )
    code = np.zeros((1, generator.code), np.float32)
    made = generator.make(code, np.zeros(1, np.int64))
    if generator.encoder is not None:
        generator.encode(made, np.zeros(1, np.int64))


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
