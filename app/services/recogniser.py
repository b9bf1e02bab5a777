"""Recognition of digits, with models that the site and the native clients share."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.services.models import DIGITS, Models
from app.services.room import WorkRoom
from cnn.reading.classifier import Classified, classify
from cnn.reading.habits import Habits
from cnn.reading.reader import Reading, read, read_pixels

__all__ = ["Classification", "Recognised", "Recogniser"]


@dataclass(frozen=True)
class Recognised:
    """A reading, the name of its model, and how long it took."""

    reading: Reading
    model: str
    elapsed_ms: float


@dataclass(frozen=True)
class Classification:
    """The class of a picture, the name of the model that says so, and how long it took."""

    found: Classified
    model: str
    elapsed_ms: float


class Recogniser:
    """Reads with the models in service, from any number of threads."""

    def __init__(self, models: Models, *, room: WorkRoom | None = None) -> None:
        self._models = models
        self._room = room or WorkRoom()
        self._lock = threading.Lock()
        self._count = 0

    @property
    def count(self) -> int:
        """Number of pictures read since the start."""
        return self._count

    def read(
        self, picture: bytes, *, model: str = DIGITS, habits: Habits | None = None
    ) -> Recognised:
        """Read the digits in a picture with the model of a name, by what is known of the writer.

        Raises PictureError if it is none, BusyError if there is no room for it, and
        UnknownModel.
        """
        with self._room.open_for(picture):
            chosen, start = self._models.get(model).model, time.perf_counter()
            reading = read(chosen, picture, habits=habits)
        return Recognised(reading, chosen.name, self._finish(start))

    def read_pixels(
        self,
        pixels: npt.NDArray[np.float32],
        *,
        model: str = DIGITS,
        habits: Habits | None = None,
    ) -> Recognised:
        """Read one picture that is already the model's input, white ink (1) on black (0).

        Raises UnknownModel.
        """
        chosen, start = self._models.get(model).model, time.perf_counter()
        reading = read_pixels(chosen, pixels, habits=habits)
        return Recognised(reading, chosen.name, self._finish(start))

    def classify(self, picture: bytes, *, model: str) -> Classification:
        """Say which class of a model a picture as a whole shows.

        Raises PictureError if it is none, BusyError if there is no room for it, and
        UnknownModel.
        """
        with self._room.open_for(picture):
            chosen, start = self._models.get(model).model, time.perf_counter()
            found = classify(chosen, picture)
        return Classification(found, chosen.name, self._finish(start))

    def _finish(self, start: float) -> float:
        """Count a picture, and return how many milliseconds it took since `start`."""
        elapsed = (time.perf_counter() - start) * 1000
        with self._lock:
            self._count += 1
        return elapsed
