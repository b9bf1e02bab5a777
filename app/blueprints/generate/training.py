"""How the generator is made and how it learned, for the page that explains it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from PIL import Image

from app.config import ROOT
from app.services.models import Curves
from cnn.models.generator import Generator

__all__ = ["EPOCHS_FILE", "Epochs", "LayerShape", "curves_of", "layers_of", "read_epochs"]

#: What a short training made after each epoch, in the folder of static files; recorded by
#: `python -m benchmarks.generator_epochs`.
EPOCHS_FILE = "made/generator-epochs.png"

_WEIGHTED = ("Dense", "Conv2D", "ConvTranspose2D")
# The keys of the history, and the ends of the axis.
_CURVES = (
    ("loss", "adversarial", "discriminator_loss", 0.0, 1.5),
    ("right", "real_right", "made_right", 0.5, 1.0),
)


@dataclass(frozen=True)
class LayerShape:
    """A layer with weights, and the shape of what it makes: (H, W, C) or (N,)."""

    kind: str
    shape: tuple[int, ...]


@dataclass(frozen=True)
class Epochs:
    """A recorded training: of how many pictures, how many epochs; and a sheet's size in pixels."""

    pictures: int
    epochs: int
    width: int
    height: int


@cache
def read_epochs() -> Epochs:
    """Return what the file of recorded epochs says of itself."""
    with Image.open(ROOT / "static" / EPOCHS_FILE) as image:
        about = json.loads(image.info["Comment"])
    height, width = about["sheet"]
    return Epochs(about["pictures"], about["epochs"], width, height)


def layers_of(generator: Generator) -> list[LayerShape]:
    """Return the layers that make a picture, in their order, without the class's embedding."""
    named = [(name, layer) for name, layer in generator.network.named_layers()]
    return [
        LayerShape(type(layer).__name__, layer.output_shape)
        for name, layer in named
        if name != "embedding" and type(layer).__name__ in _WEIGHTED
    ]


def curves_of(generator: Generator) -> list[Curves]:
    """Return the curves of a generator's training; none where its file has no history."""
    history = generator.metadata.get("history")
    if not isinstance(history, Mapping):
        return []
    return [
        Curves(name, first, second, lowest, highest)
        for name, one, other, lowest, highest in _CURVES
        if len(first := _numbers(history, one)) == len(second := _numbers(history, other)) > 1
    ]


def _numbers(history: Mapping[str, Any], key: str) -> tuple[float, ...]:
    return tuple(map(float, history.get(key, ())))
