"""Explanation of how a network came to its answer, in its own activations and numbers."""

from __future__ import annotations

import os
from collections.abc import Collection
from math import ceil
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from cnn.data.pictures import fit_picture
from cnn.errors import ChoiceError
from cnn.explanation.blocks import in_row, make_blocks, run_blocks
from cnn.explanation.result import DigitExplanation, PictureExplanation
from cnn.models.model import DIGITS_INPUT, Model, as_model
from cnn.models.network import Network
from cnn.reading.classifier import classify, open_upright
from cnn.reading.habits import Habits
from cnn.reading.reader import ReadDigit, Reading, read_found, read_pixels
from cnn.vision.normalise import Normalised, Stage, normalise

__all__ = ["SWITCHES", "explain", "explain_digit", "explain_picture", "explain_pixels"]

Array = npt.NDArray[Any]

_LONGEST_STAGE = 512  # pixels of a stage's longer side

#: Names of the stages of the normalisation that can be left out: taking the paper away,
#: cutting out the digit, putting it in the middle.
SWITCHES = ("ink", "cut out", "centred")


def explain(
    model: Model | Network,
    picture: Image.Image | bytes | str | os.PathLike[str],
    *,
    digit: int = 0,
    without: Collection[str] = (),
    habits: Habits | None = None,
) -> DigitExplanation | PictureExplanation:
    """Explain how a network came to its answer for a picture.

    With a model for digits, a digit of the picture is explained: one that the reader found, or,
    where it refuses the picture, what looked most like one.

    Parameters
    ----------
    model : Model or Network
        For digits, or for pictures as a whole, with its layers in a row.
    picture : PIL.Image.Image, bytes or path
        The picture, as for `cnn.vision.normalise.normalise`.
    digit : int
        Which digit of the picture, in the order of `Reading.digits`.
    without : collection of str
        Stages of the normalisation of digits to leave out, of `SWITCHES`, to see their effect.
    habits : Habits, optional
        How the writer of digits writes, as for `cnn.read`.

    Returns
    -------
    DigitExplanation or PictureExplanation

    Raises
    ------
    PictureError
        If it is no picture that can be opened.
    ChoiceError
        If there is no such digit or stage, or the model looks at the picture as a whole.
    ValueError
        If the model answers for every pixel, or its layers are not in a row.
    """
    model = as_model(model)
    if model.normalisation == "picture":
        if digit or without:
            message = "the model looks at a picture as a whole: digit and without mean nothing"
            raise ChoiceError(message, reason="picture_as_a_whole")
        return explain_picture(model, picture)
    return explain_digit(model, picture, digit=digit, without=without, habits=habits)


def explain_digit(
    model: Model | Network,
    picture: Image.Image | bytes | str | os.PathLike[str],
    *,
    digit: int = 0,
    without: Collection[str] = (),
    habits: Habits | None = None,
) -> DigitExplanation:
    """Explain how a model for digits reads one of a picture; as `explain`."""
    unknown = set(without) - set(SWITCHES)
    if unknown:
        stages = ", ".join(SWITCHES)
        message = f"the stages that can be left out are {stages}"
        raise ChoiceError(message, reason="no_such_stage", stages=stages)
    model = _check(as_model(model))
    reading, found = read_found(model, [normalise(picture)], habits=habits)[0]
    count = len(reading.digits)
    if digit and not 0 <= digit < count:
        message = f"there is no digit {digit} in the picture, which has {count} (counted from 0)"
        raise ChoiceError(message, reason="no_such_digit", count=count, digit=digit)
    own = reading.digits[digit] if count else reading.guess
    if own is None:
        return _explain(model, found.stages, reading, None, np.zeros(DIGITS_INPUT[1:], np.float32))
    pixels = _leave_out(found, own, without) if without else own.pixels
    return _explain(model, (*found.stages, *own.stages), reading, own, pixels)


def explain_picture(
    model: Model | Network, picture: Image.Image | bytes | str | os.PathLike[str]
) -> PictureExplanation:
    """Explain which class of a model a picture as a whole shows; as `explain`."""
    model = as_model(model)
    network = in_row(model.network)
    whole = open_upright(model, picture)
    found = classify(model, whole)
    inputs = found.pixels / np.float32(255)
    blocks = make_blocks(network)
    stages = _stages_of(whole, found.pixels)
    return PictureExplanation(stages, inputs, blocks, run_blocks(blocks, inputs), model, found)


def explain_pixels(
    model: Model | Network, pixels: Array, *, habits: Habits | None = None
) -> DigitExplanation:
    """Explain how a network reads pixels (28, 28) that are normalised already."""
    model = _check(as_model(model))
    reading = read_pixels(model, pixels, habits=habits)
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
) -> DigitExplanation:
    inputs = pixels.astype(np.float32, copy=False)[None]
    blocks = make_blocks(in_row(model.network))
    maps = run_blocks(blocks, inputs)
    return DigitExplanation(stages, inputs, blocks, maps, model, reading, own)


def _stages_of(whole: Image.Image, pixels: Array) -> tuple[Stage, ...]:
    """Return a picture's way to a network's input, (C, H, W)."""
    channels, height, width = pixels.shape
    scale = min(1.0, _LONGEST_STAGE / max(whole.size))
    size = (max(1, round(whole.width * scale)), max(1, round(whole.height * scale)))
    upright = fit_picture(whole, (size[1], size[0]), 3)
    across = min(size[0], max(1, size[1] * width // height))
    down = min(size[1], max(1, size[0] * height // width))
    cut_out = fit_picture(whole, (down, across), channels)
    images = {"picture": upright, "square": cut_out, "small": pixels}
    return tuple(
        Stage(name, image[0] if len(image) == 1 else np.moveaxis(image, 0, -1))
        for name, image in images.items()
    )


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
