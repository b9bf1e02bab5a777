"""Explanations of the network's answer, for picture files and for pixels."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.services.models import DIGITS, Models
from app.services.room import WorkRoom
from cnn.explanation.explain import explain, explain_pixels
from cnn.explanation.neighbours import Neighbour
from cnn.explanation.result import Explanation

__all__ = ["Explainer", "LookAlikes"]

_NEAREST, _OTHER = 8, 4  # training pictures


@dataclass(frozen=True)
class LookAlikes:
    """Training pictures that look alike to the network: of any digit, and of other digits."""

    nearest: list[Neighbour]
    other: list[Neighbour]


class Explainer:
    """Explains with a model in service."""

    def __init__(self, models: Models, room: WorkRoom) -> None:
        self._models = models
        self._room = room

    def explain(self, picture: bytes, *, digit: int, without: Collection[str]) -> Explanation:
        """Explain a digit of a picture, by its place in reading order, without some stages.

        Raises PictureError, ChoiceError for a digit or stage that is not there, BusyError.
        """
        with self._room.open_for(picture):
            return explain(self._models.get(DIGITS).model, picture, digit=digit, without=without)

    def explain_pixels(self, pixels: npt.NDArray[np.float32]) -> Explanation:
        """Explain one 28×28 picture, white ink (1) on black (0), as it is."""
        return explain_pixels(self._models.get(DIGITS).model, pixels)

    def look_alikes(self, found: Explanation) -> LookAlikes | None:
        """Return similar training pictures, or None for a model that has none."""
        shelved = self._models.get(DIGITS)
        last = max((block.index for block in found.blocks if block.kind == "Dense"), default=0)
        # The model may have been replaced since.
        if shelved.neighbours is None or shelved.model is not found.model or not last:
            return None
        features = found.maps_of(last - 1)
        best = int(found.probabilities.argmax())
        return LookAlikes(
            nearest=shelved.neighbours.find(features, count=_NEAREST),
            other=shelved.neighbours.find(features, count=_OTHER, other_than=best),
        )
