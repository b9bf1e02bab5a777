"""Recognition of digits, with one model for the site and the native clients."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from app.services.room import WorkRoom
from cnn import load_model
from cnn.errors import ModelFileError
from cnn.models.sequential import Sequential
from cnn.reading.reader import Reading, read, read_pixels

__all__ = ["Recognised", "Recogniser", "describe"]


@dataclass(frozen=True)
class Recognised:
    """A reading, the name of its model, and how long it took."""

    reading: Reading
    model: str
    elapsed_ms: float


class Recogniser:
    """Holds one immutable model and reads with it, from any number of threads."""

    def __init__(self, path: Path | None = None, *, room: WorkRoom | None = None) -> None:
        self._path = path
        self._room = room or WorkRoom()
        self._model = _load(path)
        self._lock = threading.Lock()
        self._count = 0

    @property
    def model(self) -> Sequential:
        """The model that the next reading will use."""
        return self._model

    @property
    def count(self) -> int:
        """Number of pictures read since the start."""
        return self._count

    def reload(self) -> None:
        """Load the model file again; readings under way end with the model they began with.

        Raises ModelFileError, and keeps the old model, if the file is no model for digits.
        """
        self._model = _load(self._path)

    def read(self, picture: bytes) -> Recognised:
        """Read the digits in a picture.

        Raises PictureError if it is none, and BusyError if there is no room for it.
        """
        with self._room.open_for(picture):
            model, start = self._model, time.perf_counter()
            return self._finish(read(model, picture), model, start)

    def read_pixels(self, pixels: npt.NDArray[np.float32]) -> Recognised:
        """Read one 28×28 picture, white ink (1) on black (0), as it is."""
        model, start = self._model, time.perf_counter()
        return self._finish(read_pixels(model, pixels), model, start)

    def _finish(self, reading: Reading, model: Sequential, start: float) -> Recognised:
        elapsed = (time.perf_counter() - start) * 1000
        with self._lock:
            self._count += 1
        return Recognised(reading, str(describe(model)["name"]), elapsed)


def describe(model: Sequential) -> dict[str, Any]:
    """Return a model's name, measured accuracy and time of training."""
    known = model.metadata
    return {
        "name": known.get("name", "unnamed"),
        "accuracy": known.get("accuracy"),
        "trained_at": known.get("trained_at"),
    }


def _load(path: Path | None) -> Sequential:
    model = load_model(path)
    if model.input_shape != (1, 28, 28) or model.output_shape != (10,):
        raise ModelFileError(
            f"{path} is no model for digits: it maps {model.input_shape} to {model.output_shape}"
        )
    model.predict(np.zeros((1, 1, 28, 28), np.float32))
    return model
