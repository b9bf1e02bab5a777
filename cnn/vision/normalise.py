"""The normalisation: from any picture of writing to digits like those of MNIST.

Canvas, upload, native client and evaluation all use `normalise`. Its last steps are
those by which MNIST was made, as reconstructed by Yadav & Bottou,
"Cold Case: The Lost MNIST Digits", 2019.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt
from PIL import Image

from cnn.vision.binarise import SMALL, Ink, find_ink, flatten
from cnn.vision.components import Components
from cnn.vision.decode import open_picture
from cnn.vision.morphology import slide
from cnn.vision.noise import estimate_noise, take_middle
from cnn.vision.segment import MOST_GLYPHS, Glyph, find_glyphs

__all__ = [
    "SIDE",
    "WORKING_SIZE",
    "Digit",
    "Normalised",
    "Refusal",
    "RefusalCode",
    "RefusalReason",
    "Stage",
    "cut_stages",
    "frame_digit",
    "normalise",
]

Array = npt.NDArray[Any]

RefusalCode: TypeAlias = Literal["blank", "too_small", "not_a_digit", "runs_together"]
RefusalReason: TypeAlias = Literal[
    "blank",
    "few_pixels",
    "line_of_pixels",
    "small_writing",
    "too_much",
    "something_else",
    "dots",
    "runs_together",
    "rest_runs_together",
]

#: Larger pictures are first reduced to this many pixels on the longer side.
WORKING_SIZE = 720

#: Side in pixels of the picture to which every digit is brought, as MNIST's.
SIDE = 28

_GLANCE_SIZE = 480  # pixels of the longer side that are enough for a digit that fills the picture
_FILLS = 0.15  # of the longer side: least height of such a digit
_BOX = 20  # the longer side of a digit in its picture of SIDE × SIDE
_LEAST_INK = 8  # pixels: longer side of the smallest digit that can be read
_ALL_NOISE = 0.06  # of the light of the paper: a camera's noise on a blank page has a third
_WHITE_NOISE = 0.25  # the same before the picture is reduced: a very grainy page has a half
_THINNEST_STROKE = 1.8  # pixels at the final scale


@dataclass(frozen=True)
class Refusal:
    """Why no digit is read, or why some are left out.

    Attributes
    ----------
    code : {"blank", "too_small", "not_a_digit", "runs_together"}
        What a program decides by.
    reason : str
        What a sentence for people is chosen by, in any language: "blank",
        "few_pixels", "line_of_pixels" or "small_writing" (all too small), "too_much",
        "something_else", "dots" or "runs_together" (none of them a digit), and
        "rest_runs_together" where the first digits were read.
    """

    code: RefusalCode
    reason: RefusalReason


_BLANK = Refusal("blank", "blank")
_TOO_MUCH = Refusal("not_a_digit", "too_much")


@dataclass(frozen=True)
class Stage:
    """A stage of the normalisation, as it is shown to people.

    Attributes
    ----------
    name : str
        The name of the stage.
    image : ndarray of uint8, (H, W) or (H, W, 3)
        The picture after it.
    """

    name: str
    image: Array


@dataclass(frozen=True)
class Digit:
    """One digit as input for the network.

    Attributes
    ----------
    box : (int, int, int, int)
        Left, top, width, height in pixels of the whole picture, upright.
    line : int
        Its line of writing, from 0.
    pixels : ndarray of float32, (28, 28)
        White ink (1) on black (0), its longer side 20, its centre of mass in the middle.
    stages : tuple of Stage
        Cut out, scaled to 20×20, centred in 28×28.
    """

    box: tuple[int, int, int, int]
    line: int
    pixels: Array
    stages: tuple[Stage, ...]


@dataclass(frozen=True)
class Normalised:
    """The result of the normalisation.

    Attributes
    ----------
    digits : tuple of Digit
        In reading order; empty after a refusal.
    stages : tuple of Stage
        Stages of the whole picture.
    refusal : Refusal or None
        Why there is no digit.
    size : (int, int)
        Width and height of the whole picture, upright.
    """

    digits: tuple[Digit, ...]
    stages: tuple[Stage, ...]
    refusal: Refusal | None
    size: tuple[int, int]

    @property
    def largest(self) -> Digit:
        """The digit with the largest box."""
        return max(self.digits, key=lambda digit: digit.box[2] * digit.box[3])


def normalise(
    source: Image.Image | bytes | str | os.PathLike[str], *, stages: bool = True
) -> Normalised:
    """Find the digits in a picture and normalise each to 28×28 pixels.

    Parameters
    ----------
    source : PIL.Image.Image, bytes or path
        The picture: dark ink on light, or light on dark; with transparency; drawn,
        scanned or photographed; one digit or many.
    stages : bool
        Whether the stages of the whole picture are wanted, which take a tenth of the time.

    Returns
    -------
    Normalised
        The digits with every stage, or a `refusal`.

    Raises
    ------
    PictureError
        If it is no picture that can be opened.
    """
    given = source
    if not isinstance(source, Image.Image):
        source = open_picture(source, longest=WORKING_SIZE)
    size = source.info.get("size", source.size)
    flat = flatten(source)
    del source  # it may be large
    middle, decoded_width = take_middle(flat), flat.width
    longest = max(flat.size)
    if longest > WORKING_SIZE:
        # A digit that is clear at low resolution is found in half the time.
        glance = _find(flat.reduce(round(longest / _GLANCE_SIZE)), size, stages)
        if len(glance.digits) == 1 and glance.digits[0].box[3] >= _FILLS * max(size):
            return glance
        # A caller's image is not modified; our own needs no copy.
        flat = flat.copy() if flat is given else flat
        flat.thumbnail((WORKING_SIZE, WORKING_SIZE), Image.Resampling.BOX)
    found = _find(flat, size, stages)
    # White noise is averaged away where a picture is reduced, here or by its decoder.
    if found.refusal == _BLANK and estimate_noise(middle) * size[0] / decoded_width > _WHITE_NOISE:
        return replace(found, refusal=_TOO_MUCH)
    return found


def _find(flat: Image.Image, size: tuple[int, int], staged: bool) -> Normalised:
    """Find the digits in a picture at its present resolution; boxes are scaled to `size`."""
    stages: tuple[Stage, ...] = (Stage("picture", np.asarray(flat)),) if staged else ()
    if min(flat.size) < 3:
        reason: RefusalReason = "few_pixels" if max(flat.size) < 3 else "line_of_pixels"
        return Normalised((), stages, Refusal("too_small", reason), size)
    ink = find_ink(flat)
    if staged:
        stages = (
            *stages,
            Stage("grey", ink.grey),
            Stage("paper", ink.paper),
            Stage("ink", _bytes(ink.strength)),
        )
    if ink.blank:
        return Normalised((), stages, _without_ink(ink), size)
    small = min(flat.size) < SMALL
    glyphs, components = find_glyphs(
        ink.mask, ink.strength, photograph=ink.noise > 0 and not small, small=small
    )
    if staged:
        stages = (*stages, Stage("found", _bytes(ink.mask)))
    refusal = _hopeless(glyphs, components, ink)
    if refusal is not None:
        return Normalised((), stages, refusal, size)
    digits = tuple(_digit(glyph, components, ink, size) for glyph in glyphs)
    return Normalised(digits, stages, None, size)


def _without_ink(ink: Ink) -> Refusal:
    """Say why there is no ink: the page is blank, or noise is all over it."""
    return _TOO_MUCH if ink.noise > _ALL_NOISE else _BLANK


def _hopeless(glyphs: list[Glyph], components: Components, ink: Ink) -> Refusal | None:
    """Say why nothing here can be a digit, if so."""
    covered = float(ink.mask.mean())
    if covered > 0.6 or len(glyphs) > MOST_GLYPHS or (len(components) > 400 and covered > 0.05):
        return _TOO_MUCH
    sides = [max(g.box[2] - g.box[0], g.box[3] - g.box[1]) for g in glyphs]
    if max(sides, default=0) < _LEAST_INK:
        return Refusal("too_small", "small_writing")
    return None


def _digit(glyph: Glyph, components: Components, ink: Ink, size: tuple[int, int]) -> Digit:
    left, top, right, bottom = glyph.box
    height, width = ink.mask.shape
    # The soft edge of a stroke is just outside the mask, but part of it.
    rows, columns = _around(top, bottom, height), _around(left, right, width)
    own = components.draw(np.array(glyph.parts), rows, columns)
    soft = slide(slide(own, 3, np.logical_or, axis=0), 3, np.logical_or, axis=1)
    others = ink.mask[rows, columns] & ~own
    cut = np.where(soft & ~others, ink.strength[rows, columns], 0)
    scaled, pixels = frame_digit(cut)
    across, down = size[0] / width, size[1] / height
    box = (
        round(left * across),
        round(top * down),
        max(1, round((right - left) * across)),
        max(1, round((bottom - top) * down)),
    )
    return Digit(box, glyph.line, pixels, _digit_stages(_bytes(cut), scaled, pixels))


def cut_stages(ink: Array) -> tuple[Stage, ...]:
    """Return the stages of a piece that was cut from touching digits.

    Parameters
    ----------
    ink : ndarray of uint8, (H, W)
        The piece, 0 where there is no ink.
    """
    return _digit_stages(ink, *frame_digit(ink / np.float32(255)))


def _digit_stages(cut: Array, scaled: Array, pixels: Array) -> tuple[Stage, ...]:
    return (
        Stage("cut out", cut),
        Stage("scaled", _bytes(scaled)),
        Stage("centred", _bytes(pixels)),
    )


def _around(start: int, stop: int, length: int) -> slice:
    return slice(max(0, start - 1), min(length, stop + 1))


def frame_digit(ink: Array) -> tuple[Array, Array]:
    """Scale ink to 20×20 and put it into 28×28 by its centre of mass.

    Parameters
    ----------
    ink : ndarray of float, (H, W)
        One digit, 0 where there is no ink.

    Returns
    -------
    scaled : ndarray of float32, at most (20, 20)
        The bounding box, scaled by area, with a maximum of 1.
    pixels : ndarray of float32, (28, 28)
        The same, centred by whole pixels.

    Raises
    ------
    ValueError
        If there is no ink.
    """
    rows, columns = np.nonzero(ink.any(axis=1))[0], np.nonzero(ink.any(axis=0))[0]
    if not len(rows):
        raise ValueError("there is no ink to frame")
    tight = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].astype(np.float32)
    height, width = tight.shape
    scale = _BOX / max(height, width)
    image = Image.fromarray(_thicken(tight, scale))
    scale = _BOX / max(image.size)
    size = [max(1, round(side * scale)) for side in image.size]
    filter_ = Image.Resampling.BOX if scale < 1 else Image.Resampling.BILINEAR
    scaled: Array = np.asarray(image if scale == 1 else image.resize(size, filter_)).copy()
    np.clip(scaled, 0, None, out=scaled)
    scaled /= scaled.max()
    return scaled, _centre(scaled)


def _thicken(ink: Array, scale: float) -> Array:
    """Thicken strokes that scaling would make thinner than a pen's."""
    solid = ink > 0.5 * ink.max()
    inner = np.pad(solid, 1)
    inner = inner[1:-1, :-2] & inner[1:-1, 2:] & inner[:-2, 1:-1] & inner[2:, 1:-1]
    edge = int(np.count_nonzero(solid & ~inner))
    # A stroke of width w and length l has about w·l pixels and 2·l on its edge.
    width = max(1.0, 2 * np.count_nonzero(solid) / max(edge, 1))
    grow = round((_THINNEST_STROKE / scale - width) / 2)
    if grow < 1:
        return ink
    wide = np.pad(ink, grow)
    for axis in (0, 1):
        wide = slide(wide, 2 * grow + 1, np.maximum, axis=axis)
    return np.ascontiguousarray(wide)


def _centre(scaled: Array) -> Array:
    height, width = scaled.shape
    total = float(scaled.sum())
    middle_row = float(scaled.sum(axis=1) @ np.arange(height)) / total
    middle_column = float(scaled.sum(axis=0) @ np.arange(width)) / total
    # MNIST's centres of mass lie between pixel 13.5 and 14.5.
    top = min(max(round(SIDE / 2 - middle_row), 0), SIDE - height)
    left = min(max(round(SIDE / 2 - middle_column), 0), SIDE - width)
    pixels = np.zeros((SIDE, SIDE), np.float32)
    pixels[top : top + height, left : left + width] = scaled
    return pixels


def _bytes(image: Array) -> Array:
    return (image * np.float32(255) + np.float32(0.5)).astype(np.uint8)
