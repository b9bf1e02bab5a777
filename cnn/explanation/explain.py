"""Explanation of how a network reads a digit, in its own activations and numbers."""

from __future__ import annotations

import os
from collections.abc import Collection
from math import ceil
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from cnn.errors import ChoiceError
from cnn.explanation.blocks import in_row, make_blocks, run_blocks
from cnn.explanation.result import Explanation
from cnn.models.model import DIGITS_INPUT, Model, as_model
from cnn.models.network import Network
from cnn.reading.reader import ReadDigit, Reading, read_normalised, read_pixels
from cnn.vision.normalise import Normalised, Stage, normalise

__all__ = ["SWITCHES", "explain", "explain_pixels"]

Array = npt.NDArray[Any]

#: Names of the stages of the normalisation that can be left out: taking the paper away,
#: cutting out the digit, putting it in the middle.
SWITCHES = ("ink", "cut out", "centred")


def explain(
    model: Model | Network,
    picture: Image.Image | bytes | str | os.PathLike[str],
    *,
    digit: int = 0,
    without: Collection[str] = (),
) -> Explanation:
    """Explain how a network reads a digit in a picture.

    The digit is one that the reader found, or, where it refuses the picture, what looked
    most like one.

    Parameters
    ----------
    model : Model or Network
        A model for digits that ends in softmax.
    picture : PIL.Image.Image, bytes or path
        The picture, as for `cnn.vision.normalise.normalise`.
    digit : int
        Which digit of the picture, in the order of `Reading.digits`.
    without : collection of str
        Stages of the normalisation to leave out, of `SWITCHES`, to see their effect.

    Raises
    ------
    PictureError
        If it is no picture that can be opened.
    ChoiceError
        If there is no such digit or stage.
    ValueError
        If the model is for something else.
    """
    unknown = set(without) - set(SWITCHES)
    if unknown:
        stages = ", ".join(SWITCHES)
        message = f"the stages that can be left out are {stages}"
        raise ChoiceError(message, reason="no_such_stage", stages=stages)
    model = _check(as_model(model))
    found = normalise(picture)
    reading = read_normalised(model, [found])[0]
    count = len(reading.digits)
    if digit and not 0 <= digit < count:
        message = f"there is no digit {digit} in the picture, which has {count} (counted from 0)"
        raise ChoiceError(message, reason="no_such_digit", count=count, digit=digit)
    own = reading.digits[digit] if count else reading.guess
    if own is None:
        return _explain(model, found.stages, reading, None, np.zeros(DIGITS_INPUT[1:], np.float32))
    pixels = _leave_out(found, own, without) if without else own.pixels
    return _explain(model, (*found.stages, *own.stages), reading, own, pixels)


def explain_pixels(model: Model | Network, pixels: Array) -> Explanation:
    """Explain how a network reads pixels (28, 28) that are normalised already."""
    model = _check(as_model(model))
    reading = read_pixels(model, pixels)
    stages = (Stage("picture", np.rint(pixels * 255).astype(np.uint8)),)
    return _explain(model, stages, reading, reading.only or reading.guess, pixels)


def _check(model: Model) -> Model:
    if model.input_shape != DIGITS_INPUT or model.network.output_shape != (len(model.classes),):
        raise ValueError(
            f"the network must map {DIGITS_INPUT} to probabilities by Softmax, not "
            f"{model.input_shape} by {model.network.last!r}"
        )
    return model


def _explain(
    model: Model,
    stages: tuple[Stage, ...],
    reading: Reading,
    own: ReadDigit | None,
    pixels: Array,
) -> Explanation:
    pixels = pixels.astype(np.float32, copy=False)
    blocks = make_blocks(in_row(model.network))
    maps = run_blocks(blocks, pixels)
    return Explanation(stages, pixels, blocks, maps, maps[-2], maps[-1], reading, own, model)


def _leave_out(found: Normalised, own: ReadDigit, without: Collection[str]) -> Array:
    """Return the network's input, (28, 28), with some stages left out."""
    stages = {stage.name: stage.image for stage in (*found.stages, *own.stages)}
    if "cut out" in without:
        whole = stages["grey" if "ink" in without else "ink"]
        return _shrink(whole, own.pixels.shape)
    scaled = stages["scaled"] / np.float32(255)
    if "ink" in without:
        grey = stages["grey"]
        left, top, width, height = own.box
        down, across = grey.shape[0] / found.size[1], grey.shape[1] / found.size[0]
        rows = slice(int(top * down), ceil((top + height) * down))
        columns = slice(int(left * across), ceil((left + width) * across))
        scaled = _shrink(grey[rows, columns], scaled.shape)
    pixels = np.zeros_like(own.pixels)
    height, width = scaled.shape
    # In the corner, or where its centre of mass is in the middle.
    inked = [np.flatnonzero(own.pixels.any(axis=1 - axis)) for axis in (0, 1)]
    top, left = (0, 0) if "centred" in without else (int(inked[0][0]), int(inked[1][0]))
    place = pixels[top : top + height, left : left + width]
    place[...] = scaled[: place.shape[0], : place.shape[1]]
    return pixels


def _shrink(grey: Array, shape: tuple[int, ...]) -> Array:
    size = (shape[1], shape[0])
    small = np.asarray(Image.fromarray(grey).resize(size, Image.Resampling.BOX))
    return small / np.float32(255)
