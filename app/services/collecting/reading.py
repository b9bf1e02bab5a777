"""Reading of many pictures with the model in service, a batch at a time."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from PIL import Image

from app.services.models import DIGITS, Models
from app.services.pictures.images import encode_for_store
from cnn.errors import PictureError
from cnn.models.model import Model
from cnn.reading.reader import Reading, read_all_pixels, read_normalised, read_pixels
from cnn.vision.normalise import Normalised, normalise

__all__ = ["BatchReader", "Read", "encode_pixels"]


@dataclass(frozen=True)
class Read:
    """A reading, and the name of its model."""

    reading: Reading
    model: str


class BatchReader:
    """Reads batches; each is read with one model, the one in service when it begins."""

    def __init__(self, models: Models) -> None:
        self._models = models

    def read(
        self, items: Sequence[bytes | npt.NDArray[np.uint8]], labels: Sequence[str]
    ) -> list[Read | PictureError]:
        """Read labelled pictures: files, and pixels that are the network's input (0 to 255).

        What hangs together is one digit, though it may be several that touch, where it reads as
        the one that its label says.
        """
        model = self._models.get(DIGITS).model
        found: list[Read | PictureError | None] = [None] * len(items)
        normalised: dict[int, Normalised] = {}
        pixels: dict[int, npt.NDArray[np.uint8]] = {}
        for place, item in enumerate(items):
            if not isinstance(item, bytes):
                pixels[place] = item
                continue
            try:
                # Without the pictures of its stages, which a page would show.
                normalised[place] = replace(normalise(item), stages=())
            except PictureError as error:
                found[place] = error
        for place, reading in zip(
            normalised, read_normalised(model, list(normalised.values())), strict=True
        ):
            one = _as_one(model, normalised[place], reading, labels[place])
            found[place] = Read(one, model.name)
        if pixels:
            inputs = np.stack(list(pixels.values())).astype(np.float32) / np.float32(255)
            for place, reading in zip(pixels, read_all_pixels(model, inputs), strict=True):
                found[place] = Read(reading, model.name)
        return [one for one in found if one is not None]


def _as_one(model: Model, found: Normalised, reading: Reading, label: str) -> Reading:
    """Return the reading of a picture as one digit, where its label speaks for it."""
    if len(reading.digits) < 2 or len(found.digits) != 1:
        return reading
    whole = read_pixels(model, found.digits[0].pixels)
    return whole if whole.only is not None and whole.only.text == label else reading


def encode_pixels(pixels: npt.NDArray[np.uint8]) -> bytes:
    """Return the file of 28×28 pixels: black ink on white, as a person would have written it."""
    file = io.BytesIO()
    Image.fromarray(255 - pixels).save(file, "PNG")
    return encode_for_store(file.getvalue())
