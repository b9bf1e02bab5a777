"""Explanations of the network's answer, for picture files and for pixels."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.services.models import DIGITS, Models
from app.services.room import WorkRoom
from cnn.explanation.explain import explain, explain_pixels
from cnn.explanation.neighbours import Neighbour, Neighbours
from cnn.explanation.page_map import PageExplanation, explain_page
from cnn.explanation.result import DigitExplanation, PictureExplanation
from cnn.reading.habits import Habits

__all__ = ["Explained", "Explainer", "LookAlikes"]

_NEAREST, _OTHER = 8, 4  # training pictures


@dataclass(frozen=True)
class LookAlikes:
    """Training pictures that look alike to the network: of any digit, and of other digits."""

    nearest: list[Neighbour]
    other: list[Neighbour]


@dataclass(frozen=True)
class Explained:
    """An explanation, and the neighbours of its model."""

    explanation: DigitExplanation | PictureExplanation
    neighbours: Neighbours | None

    def look_alikes(self) -> LookAlikes | None:
        """Return similar training pictures, or None for a model that has none."""
        found = self.explanation
        last = max((block.index for block in found.blocks if block.kind == "Dense"), default=0)
        if self.neighbours is None or not last:
            return None
        features = found.maps_of(last - 1)
        best = int(found.probabilities.argmax())
        return LookAlikes(
            nearest=self.neighbours.find(features, count=_NEAREST),
            other=self.neighbours.find(features, count=_OTHER, other_than=best),
        )


class Explainer:
    """Explains with the models in service."""

    def __init__(self, models: Models, room: WorkRoom) -> None:
        self._models = models
        self._room = room

    def explain(
        self,
        picture: bytes,
        *,
        digit: int,
        without: Collection[str],
        model: str = DIGITS,
        habits: Habits | None = None,
    ) -> Explained:
        """Explain a digit of a picture, by its place in reading order, without some stages.

        Raises PictureError, ChoiceError for a digit or stage that is not there, BusyError,
        UnknownModel.
        """
        with self._room.open_for(picture):
            chosen = self._models.get(model)
            found = explain(chosen.model, picture, digit=digit, without=without, habits=habits)
        return Explained(found, chosen.neighbours)

    def explain_pixels(
        self,
        pixels: npt.NDArray[np.float32],
        *,
        model: str = DIGITS,
        habits: Habits | None = None,
    ) -> Explained:
        """Explain one picture that is already the model's input, white ink (1) on black (0).

        Raises UnknownModel.
        """
        chosen = self._models.get(model)
        return Explained(explain_pixels(chosen.model, pixels, habits=habits), chosen.neighbours)

    def explain_page(self, picture: bytes, *, model: str = DIGITS) -> PageExplanation:
        """Explain what a model's page network says of each point of a picture.

        Raises PictureError, ChoiceError for a model without such a network, BusyError,
        UnknownModel.
        """
        with self._room.open_for(picture):
            return explain_page(self._models.get(model).model, picture)
