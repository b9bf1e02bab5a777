"""The normalisation: from any picture of writing to digits like those of MNIST.

Canvas, upload, native client and evaluation all use `normalise`. Its last steps are
those of `cnn.vision.framing`.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt
from PIL import Image

from cnn.vision.binarise import SMALL, Ink, find_ink, flatten
from cnn.vision.components import Components
from cnn.vision.decode import open_picture
from cnn.vision.dropped import Dropped, list_dropped, list_removed, scale_box
from cnn.vision.frames import find_frames, without_frames
from cnn.vision.framing import frame_digit
from cnn.vision.guided import find_guided_ink
from cnn.vision.morphology import slide
from cnn.vision.noise import estimate_noise, take_middle
from cnn.vision.page_map import PageMap
from cnn.vision.segment import MOST_GLYPHS, Glyph, find_glyphs

__all__ = [
    "WORKING_SIZE",
    "Digit",
    "Normalised",
    "Refusal",
    "RefusalCode",
    "RefusalReason",
    "Stage",
    "cut_stages",
    "normalise",
    "normalise_guided",
]

Array = npt.NDArray[Any]

RefusalCode: TypeAlias = Literal["blank", "too_small", "not_a_digit", "runs_together"]
RefusalReason: TypeAlias = Literal[
    "blank",
    "few_pixels",
    "line_of_pixels",
    "small_writing",
    "too_much",
    "too_many",
    "something_else",
    "dots",
    "runs_together",
    "rest_runs_together",
]

#: Larger pictures are first reduced to this many pixels on the longer side.
WORKING_SIZE = 720

_LONGEST_STRIP = 2880  # the same of a strip, as far as its shorter side has no more than `SMALL`
_GLANCE_SIZE = 480  # pixels of the longer side that are enough for a digit that fills the picture
_FILLS = 0.15  # of the longer side: least height of such a digit
_ALONE = 0.9  # of the ink: that of digits beside which there is hardly any other
_MANY = 400  # components
_NARROWEST = 3  # pixels: shorter side of a picture in which something can be found
_LEAST_INK = 8  # pixels: longer side of the smallest digit that can be read
_ALL_NOISE = 0.06  # of the light of the paper: a camera's noise on a blank page has a third
_WHITE_NOISE = 0.25  # the same before the picture is reduced: a very grainy page has a half


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
        "too_many", "something_else", "dots" or "runs_together" (none of them a digit), and
        "rest_runs_together" where the first digits were read.
    """

    code: RefusalCode
    reason: RefusalReason


_BLANK = Refusal("blank", "blank")
_TOO_MUCH = Refusal("not_a_digit", "too_much")
_TOO_MANY = Refusal("not_a_digit", "too_many")


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
    alone : bool
        Whether there is hardly any other ink than that of the digits.
    picture : PIL.Image.Image
        The picture in which they were looked for, of mode L or RGB: no longer than `WORKING_SIZE`,
        unless it is a strip.
    guided : bool
        Whether they were looked for by what a page map says.
    pieces : tuple of Dropped
        Components of ink that are no part of a digit, and frames; empty after a refusal.
    removed : ndarray of bool or None
        As `cnn.vision.binarise.Ink.removed`.
    """

    digits: tuple[Digit, ...]
    stages: tuple[Stage, ...]
    refusal: Refusal | None
    size: tuple[int, int]
    alone: bool
    picture: Image.Image = field(repr=False)
    guided: bool = False
    pieces: tuple[Dropped, ...] = ()
    removed: Array | None = field(default=None, repr=False)

    @property
    def dropped(self) -> tuple[Dropped, ...]:
        """All ink that is no part of a digit, as far as it is known."""
        if self.removed is None:
            return self.pieces
        return (
            *self.pieces,
            *list_removed(self.removed, self.size, is_ruling=not self.guided),
        )

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
    shorter, longest = sorted(flat.size)
    if longest > WORKING_SIZE:
        coarser = round(longest / _GLANCE_SIZE)
        if shorter >= SMALL * coarser:
            # A digit that is clear at low resolution is found in half the time.
            glance = _find(flat.reduce(coarser), size, stages, most=1)
            if glance.digits and glance.digits[0].box[3] >= _FILLS * max(size):
                return glance
        # A caller's image is not modified; our own needs no copy.
        flat = flat.copy() if flat is given else flat
        # What is small has hardly more than one digit, but a strip has many.
        side = max(WORKING_SIZE, min(_LONGEST_STRIP, longest * SMALL // shorter))
        flat.thumbnail((side, side), Image.Resampling.BOX)
    found = _find(flat, size, stages)
    # White noise is averaged away where a picture is reduced, here or by its decoder.
    if found.refusal == _BLANK and estimate_noise(middle) * size[0] / decoded_width > _WHITE_NOISE:
        return replace(found, refusal=_TOO_MUCH)
    return found


def normalise_guided(found: Normalised, page: PageMap) -> Normalised | None:
    """Look for digits once more in a picture, by what a page map says of it.

    Parameters
    ----------
    found : Normalised
        What `normalise` found in it; with its stages, if it has any.
    page : PageMap
        Of `found.picture`.

    Returns
    -------
    Normalised or None
        None if there is nothing that can be a digit.
    """
    ink = None if min(found.picture.size) < _NARROWEST else find_guided_ink(found.picture, page)
    if ink is None or not ink.mask.any():
        return None
    stages: tuple[Stage, ...] = ()
    if found.stages:
        stages = (Stage("picture", np.asarray(found.picture)), Stage("page", page.draw()))
    again = _cut_out(ink, replace(found, stages=stages, refusal=None), guided=True)
    return None if again.refusal else again


def _find(
    flat: Image.Image, size: tuple[int, int], staged: bool, *, most: int = MOST_GLYPHS
) -> Normalised:
    """Find at most so many digits in a picture at its present resolution.

    Their boxes are scaled to `size`. None are returned if there are more.
    """
    stages: tuple[Stage, ...] = (Stage("picture", np.asarray(flat)),) if staged else ()
    found = Normalised((), stages, refusal=None, size=size, alone=False, picture=flat)
    if min(flat.size) < _NARROWEST:
        reason: RefusalReason = "few_pixels" if max(flat.size) < _NARROWEST else "line_of_pixels"
        return replace(found, refusal=Refusal("too_small", reason))
    return _cut_out(find_ink(flat), found, guided=False, most=most)


def _cut_out(ink: Ink, found: Normalised, *, guided: bool, most: int = MOST_GLYPHS) -> Normalised:
    """Return the digits in the ink of a picture, with the stages after those of `found`.

    What stands out from the paper may be noise, or the edge of a table, unless a page map has
    `guided` the search.
    """
    stages = found.stages
    if stages:
        stages = (
            *stages,
            Stage("grey", ink.grey),
            Stage("paper", ink.paper),
            Stage("ink", _bytes(ink.strength)),
        )
    if ink.blank and not guided:
        return replace(found, stages=stages, refusal=_without_ink(ink))
    small = min(found.picture.size) < SMALL
    find = partial(
        find_glyphs,
        photograph=not guided and ink.noise > 0 and not small,
        small=small,
        guided=guided,
    )
    segmented = find(ink.mask, ink.strength)
    frames = None if guided else find_frames(segmented.components, ink.mask.shape)
    if frames is not None:
        ink = without_frames(ink, frames)
        segmented = find(ink.mask, ink.strength)
    glyphs, components, _ = segmented
    if stages:
        stages = (*stages, Stage("found", _bytes(ink.mask)))
    refusal = _hopeless(glyphs, components, ink, guided)
    if len(glyphs) > most:
        refusal = _TOO_MUCH if refusal else _TOO_MANY
    if refusal is not None:
        return replace(found, stages=stages, refusal=refusal, digits=())
    digits = tuple(_digit(glyph, components, ink, found.size) for glyph in glyphs)
    alone = _area(glyphs, components) >= _ALONE * components.area.sum()
    pieces = list_dropped(segmented, ink.mask.shape, found.size)
    if frames is not None:
        pieces += list_removed(frames, found.size, is_ruling=False)
    return replace(
        found,
        stages=stages,
        digits=digits,
        alone=alone,
        guided=guided,
        pieces=pieces,
        removed=ink.removed,
    )


def _without_ink(ink: Ink) -> Refusal:
    """Say why there is no ink: the page is blank, or noise is all over it."""
    return _TOO_MUCH if ink.noise > _ALL_NOISE else _BLANK


def _hopeless(
    glyphs: list[Glyph], components: Components, ink: Ink, guided: bool
) -> Refusal | None:
    """Say why nothing here can be a digit, if so."""
    covered = float(ink.mask.mean())
    if covered > 0.6 and not guided:
        return _TOO_MUCH
    if len(components) > _MANY and covered > 0.05:
        return _TOO_MUCH
    sides = [max(g.box[2] - g.box[0], g.box[3] - g.box[1]) for g in glyphs]
    if max(sides, default=0) < _LEAST_INK:
        return Refusal("too_small", "small_writing")
    return None


def _area(glyphs: list[Glyph], components: Components) -> int:
    """Return the number of pixels of ink in glyphs."""
    return int(components.area[[part for glyph in glyphs for part in glyph.parts]].sum())


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
    box = scale_box(glyph.box, (height, width), size)
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


def _bytes(image: Array) -> Array:
    return (image * np.float32(255) + np.float32(0.5)).astype(np.uint8)
