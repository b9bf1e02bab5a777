"""The classifier: what a picture as a whole shows, of a model's classes."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps

from cnn.data.pictures import fit_picture
from cnn.models.model import Model
from cnn.vision.decode import open_picture

__all__ = ["Classified", "classify", "measure_novelty", "open_upright", "prepare_picture"]

Array = npt.NDArray[Any]

_LONGEST = 1024  # pixels to which a larger picture is reduced while it is decoded


@dataclass(frozen=True)
class Classified:
    """What a picture shows.

    Attributes
    ----------
    name : str
        The likeliest class.
    confidence : float
        Its probability.
    probabilities : dict of str to float
        Of every class, by name.
    pixels : ndarray of uint8, (C, H, W)
        The network's input.
    novelty : float or None
        How unlike the training pictures it is: above 1, it shows none of the classes. None if
        the model cannot tell.
    """

    name: str
    confidence: float
    probabilities: dict[str, float]
    pixels: Array
    novelty: float | None = None

    @property
    def is_none(self) -> bool:
        """Whether it shows none of the classes, as far as the model can tell."""
        return self.novelty is not None and self.novelty > 1


def prepare_picture(
    model: Model, source: Image.Image | bytes | str | os.PathLike[str]
) -> npt.NDArray[np.uint8]:
    """Return a picture as the model's input, (C, H, W): upright, cropped square, scaled.

    Raises
    ------
    PictureError
        If it is no picture that can be opened.
    ValueError
        If the model does not look at a picture as a whole.
    """
    if model.normalisation != "picture" or len(model.network.output_shape) != 1:
        raise ValueError(f"the model {model.name!r} does not look at a picture as a whole")
    channels, height, width = model.input_shape
    return fit_picture(open_upright(model, source), (height, width), channels)


def open_upright(model: Model, source: Image.Image | bytes | str | os.PathLike[str]) -> Image.Image:
    """Return a picture upright, and as large as the model needs it. Raises PictureError."""
    if isinstance(source, Image.Image):
        return ImageOps.exif_transpose(source)
    _, height, width = model.input_shape
    return open_picture(source, longest=max(_LONGEST, 2 * height, 2 * width))


def classify(model: Model, source: Image.Image | bytes | str | os.PathLike[str]) -> Classified:
    """Say what a picture shows.

    Parameters
    ----------
    model : Model
        One whose normalisation is "picture".
    source : PIL.Image.Image, bytes or path
        The picture.

    Raises
    ------
    PictureError, ValueError
        As `prepare_picture`.
    """
    pixels = prepare_picture(model, source)
    probabilities = model.predict(pixels[None])[0]
    best = int(probabilities.argmax())
    named = {name: float(p) for name, p in zip(model.classes, probabilities, strict=True)}
    novelty = measure_novelty(model, pixels[None])
    unlike = None if novelty is None else float(novelty[0])
    return Classified(model.classes[best], float(probabilities[best]), named, pixels, unlike)


def measure_novelty(model: Model, x: Array) -> Array | None:
    """Return how unlike a model's training pictures inputs are, (N,); None if it cannot tell.

    Above 1, an input shows none of the classes: its distance is beyond the threshold of
    `cnn.models.novelty.NoveltyDetector`.

    Parameters
    ----------
    model : Model
        Of pictures as a whole.
    x : ndarray of float or uint8, (N, C, H, W)
        Its inputs.
    """
    if model.novelty is None:
        return None
    distance: Array = model.novelty.distance(model.network, x) / model.novelty.threshold
    return distance
