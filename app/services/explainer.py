"""How the network came to its answer, for pictures that are sent and for pixels."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.services.recogniser import Recogniser
from app.services.room import WorkRoom
from cnn.explanation.explain import explain, explain_pixels
from cnn.explanation.neighbours import Neighbour, Neighbours
from cnn.explanation.result import Explanation

__all__ = ["Explainer", "LookAlikes"]

_NEAREST, _OTHER = 8, 4  # training pictures


@dataclass(frozen=True)
class LookAlikes:
    """Training pictures that are like one to the network: of any digit, and of others than it."""

    nearest: list[Neighbour]
    other: list[Neighbour]


class Explainer:
    """Explains with the model that the recogniser has."""

    def __init__(
        self, recogniser: Recogniser, room: WorkRoom, neighbours: Neighbours | None
    ) -> None:
        self._recogniser = recogniser
        self._room = room
        self._neighbours = neighbours

    def explain(self, picture: bytes, *, digit: int, without: Collection[str]) -> Explanation:
        """Explain a digit of a picture, by its place in reading order, without some stages.

        Raises PictureError, ChoiceError for a digit or stage that is not there, BusyError.
        """
        with self._room.open_for(picture):
            return explain(self._recogniser.model, picture, digit=digit, without=without)

    def explain_pixels(self, pixels: npt.NDArray[np.float32]) -> Explanation:
        """Explain one 28×28 picture, white ink (1) on black (0), as it is."""
        return explain_pixels(self._recogniser.model, pixels)

    def look_alikes(self, found: Explanation) -> LookAlikes | None:
        """Return what a picture resembles; None for a model that has no such pictures."""
        last = max((block.index for block in found.blocks if block.kind == "Dense"), default=0)
        if self._neighbours is None or not last:
            return None
        features = found.maps_of(last - 1)
        best = int(found.probabilities.argmax())
        return LookAlikes(
            nearest=self._neighbours.find(features, count=_NEAREST),
            other=self._neighbours.find(features, count=_OTHER, other_than=best),
        )
