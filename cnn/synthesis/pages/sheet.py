"""Sheets: a picture in progress, with the truth of its pixels, which all geometry moves alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from cnn.synthesis.pages.draft import Item
from cnn.synthesis.pages.pens import Pen
from cnn.synthesis.pages.scene import DIGIT_INK, NO_PAGE, OTHER_INK, PAPER
from cnn.synthesis.pages.textures import fibres
from cnn.synthesis.paper import as_levels, homography, rule_cover

__all__ = ["Sheet", "bayer"]

Array = npt.NDArray[Any]
Rng = np.random.Generator

#: The share of a pixel, of 255, that ink covers at least where it is called ink.
_INKED = 110
#: And of the most that a digit covers of any pixel, where it is drawn more thinly than that.
_SHARE, _FAINTEST = 0.45, 20


@dataclass
class Sheet:
    """A picture, and what each of its pixels is.

    Attributes
    ----------
    picture : ndarray of float32, (H, W, 3)
        0 to 255.
    dark : bool
        Whether what is written on is dark.
    unit : int
        The height of a common digit in pixels.
    ink, other : ndarray of uint8, (H, W)
        How much of a pixel digits cover, and how much other ink.
    owners : ndarray of int32, (H, W)
        1 + the number of the item whose ink it is, wherever there is any of it at all; 0 elsewhere.
    page : ndarray of bool, (H, W)
        Whether it is a part of what is written on.
    """

    picture: Array = field(repr=False)
    dark: bool
    unit: int
    ink: Array = field(init=False, repr=False)
    other: Array = field(init=False, repr=False)
    owners: Array = field(init=False, repr=False)
    page: Array = field(init=False, repr=False)

    def __post_init__(self) -> None:
        shape = self.picture.shape[:2]
        self.ink = np.zeros(shape, np.uint8)
        self.other = np.zeros(shape, np.uint8)
        self.owners = np.zeros(shape, np.int32)
        self.page = np.ones(shape, np.bool_)

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width."""
        height, width = self.ink.shape
        return height, width

    def write(self, items: Sequence[Item], pens: dict[str, Pen], rng: Rng) -> None:
        """Draw items, each with the pen of its ink; the numbers of `owners` count them from 1."""
        grain = fibres(self.shape, 1.0, rng) if any(pen.grain for pen in pens.values()) else None
        for number, item in enumerate(items, 1):
            top, left = max(item.top, 0), max(item.left, 0)
            foot, right = min(item.foot, self.shape[0]), min(item.right, self.shape[1])
            if top >= foot or left >= right:
                continue
            cover = item.cover[
                top - item.top : foot - item.top, left - item.left : right - item.left
            ]
            part = np.s_[top:foot, left:right]
            pen = pens[item.ink]
            drawn = cover * np.float32(pen.opacity / 255)
            if grain is not None and pen.grain:
                drawn = np.clip(drawn * (1 + pen.grain * grain[part]), 0, 1)
            if pen.dither:
                drawn = (drawn > bayer(drawn.shape)).astype(np.float32)
            under = self.picture[part]
            under += drawn[..., None] * (np.array(pen.colour, np.float32) - under)
            self._own(part, cover, number, digit=item.digit >= 0)

    def _own(self, part: tuple[slice, slice], cover: Array, number: int, *, digit: bool) -> None:
        owners, ink = self.owners[part], self.ink[part]
        most = ink if digit else self.other[part]
        # Where a line crosses a digit, the digit's ink is there as well.
        taken = cover > most if digit else (cover > most) & (ink == 0)
        owners[taken] = number
        np.maximum(most, cover, out=most)

    def rule(
        self,
        places: Array,
        thickness: float,
        colour: tuple[float, float, float],
        *,
        strength: float = 0.75,
        across: bool,
    ) -> None:
        """Print lines at rows, or with `across` at columns as far as `across` says."""
        if not len(places):
            return
        cover = rule_cover(self.shape[0 if across else 1], places, thickness)
        cover = cover[:, None] if across else cover[None, :]
        self.picture += (strength * cover)[..., None] * (
            np.array(colour, np.float32) - self.picture
        )
        np.maximum(self.other, np.rint(255 * cover).astype(np.uint8), out=self.other)

    def print_on(
        self, cover: Array, colour: tuple[float, float, float], left: int, top: int
    ) -> None:
        """Print something that is no item, uint8 (h, w), as a title bar's words."""
        height, width = self.shape
        cover = cover[: max(0, height - top), : max(0, width - left)]
        part = np.s_[top : top + cover.shape[0], left : left + cover.shape[1]]
        share = (cover / np.float32(255))[..., None]
        self.picture[part] += share * (np.array(colour, np.float32) - self.picture[part])
        np.maximum(self.other[part], cover, out=self.other[part])

    def paste(self, sheet: Sheet, left: int, top: int) -> None:
        """Lay another sheet onto this one, all of which is no page."""
        self.page[:] = False
        part = np.s_[top : top + sheet.shape[0], left : left + sheet.shape[1]]
        for name in ("picture", "ink", "other", "owners", "page"):
            getattr(self, name)[part] = getattr(sheet, name)

    def lay(self, sheet: Sheet, corners: Array) -> None:
        """Lay another sheet onto this one, seen from an angle.

        `corners`, float (4, 2), are its upper left, lower left, lower right and upper right in this
        sheet's pixels.
        """
        tall, wide = sheet.shape
        forwards = np.array((*homography(corners, (wide, tall)), 1.0)).reshape(3, 3)
        back = np.linalg.inv(forwards)
        moved = _transformed(sheet, tuple((back / back[2, 2]).ravel()[:8]), self.shape)
        inside = moved.page
        self.page = inside
        self.picture[inside] = moved.picture[inside]
        for name in ("ink", "other", "owners"):
            array = getattr(moved, name)
            array[~inside] = 0
            setattr(self, name, array)

    def warped(self, corners: Array, size: tuple[int, int] | None = None) -> Sheet:
        """Return what is seen between four corners, float (4, 2), as a picture of its own.

        They are the upper left, lower left, lower right and upper right; `size` is the width and
        height of what is returned, as large as this sheet if not given.
        """
        size = size or (self.shape[1], self.shape[0])
        return _transformed(self, homography(corners, size), (size[1], size[0]))

    def reduced(self, size: tuple[int, int]) -> Sheet:
        """Return the same, smaller: `size` is its width and height."""
        picture = Image.fromarray(as_levels(self.picture)).resize(size, Image.Resampling.BOX)
        small = Sheet(
            np.asarray(picture, np.float32), self.dark, self.unit * size[0] // self.shape[1]
        )
        small.ink, small.other = (
            np.asarray(Image.fromarray(cover).resize(size, Image.Resampling.BOX))
            for cover in (self.ink, self.other)
        )
        rows, columns = (
            ((np.arange(new) + 0.5) * old / new).astype(np.intp)
            for new, old in zip(size[::-1], self.shape, strict=True)
        )
        small.owners, small.page = (a[np.ix_(rows, columns)] for a in (self.owners, self.page))
        return small

    def truth(self, digits: Sequence[int]) -> tuple[Array, Array]:
        """Return what each pixel is, uint8 (H, W), and the item that owns it, int32 (H, W).

        `digits` are the numbers of the items that are digits, as in `owners`.
        """
        count = int(self.owners.max(initial=0)) + 1 + max(digits, default=0)
        known = np.zeros(count, np.bool_)
        known[list(digits)] = True
        written = np.flatnonzero(self.owners)
        owners, cover = self.owners.ravel()[written], self.ink.ravel()[written]
        # A line thinner than a pixel nowhere covers one, but is seen all the same.
        most = np.zeros(count, np.uint8)
        np.maximum.at(most, owners, cover)
        least = np.clip(_SHARE * most, _FAINTEST, _INKED)[owners]
        ink = np.zeros(self.shape, np.bool_)
        ink.ravel()[written] = (cover >= least) & known[owners]
        truth = np.where(self.page, np.uint8(PAPER), np.uint8(NO_PAGE))
        truth[self.other >= _INKED] = OTHER_INK
        truth[ink] = DIGIT_INK
        return truth, np.where(ink | (truth == OTHER_INK) & ~known[self.owners], self.owners, 0)


def _transformed(sheet: Sheet, place: tuple[float, ...], shape: tuple[int, int]) -> Sheet:
    size = (shape[1], shape[0])

    def move(array: Array, how: Image.Resampling) -> Array:
        image = Image.fromarray(array)
        return np.asarray(image.transform(size, Image.Transform.PERSPECTIVE, place, how))

    bilinear, nearest = Image.Resampling.BILINEAR, Image.Resampling.NEAREST
    moved = Sheet(
        move(as_levels(sheet.picture), bilinear).astype(np.float32), sheet.dark, sheet.unit
    )
    moved.ink, moved.other = move(sheet.ink, bilinear).copy(), move(sheet.other, bilinear).copy()
    moved.owners = move(sheet.owners, nearest).copy()
    moved.page = move(sheet.page.astype(np.uint8), nearest) > 0
    return moved


_BAYER = (
    np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]], np.float32) + 0.5
) / 16


def bayer(shape: tuple[int, int]) -> Array:
    """Return thresholds, float32 `shape`, that turn greys into dots (Bayer, 1973)."""
    tiled: Array = np.tile(_BAYER, (-(-shape[0] // 4), -(-shape[1] // 4)))
    return tiled[: shape[0], : shape[1]]
