"""The page in a picture: what lies round it is cut off, and digits are looked for anew.

The table under a page spoils the search: paper and ink are told apart by what is light and dark in
the whole picture, and the smaller the page is in it, the less a page map sees of its digits.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from cnn.vision.normalise import Normalised, normalise
from cnn.vision.page_map import PageMap

__all__ = ["PagePart", "cut_out_page", "move"]

Array = npt.NDArray[Any]
Box = tuple[int, int, int, int]

_OUTSIDE = 0.5  # probability from which on a point is no page
_LEAST, _MOST = 0.05, 0.9  # of a picture: a page that is smaller is none, a larger one all of it
_FULL = 0.6  # of the fullest row or column of the page: those at its edges have so much
_WHOLE = 0.8  # of that part: so much of it is page
_SIDES = 2  # of a page, at least, at which there is a table: a strip along one may be anything
_EDGE = 0.01  # of a side of the map: so much of the page is cut off, or the table shows beside it
_SMALLEST = 28  # pixels: a page that is smaller is none either
_CLEAR = 0.4  # probability from which on a point is taken for a digit's ink


@dataclass(frozen=True)
class PagePart:
    """A part of a picture.

    Attributes
    ----------
    found : Normalised
        What was found in it; its boxes are in pixels of the whole picture, but begin at the part.
    offset : (int, int)
        Left and top of the part in the whole picture.
    """

    found: Normalised
    offset: tuple[int, int]

    def holds(self, box: Box) -> bool:
        """Say whether a box (left, top, width, height) of the whole picture lies in the part."""
        (left, top), (width, height) = self.offset, self.found.size
        return (
            left <= box[0] <= box[0] + box[2] <= left + width
            and top <= box[1] <= box[1] + box[3] <= top + height
        )

    def in_whole(self, found: Normalised, size: tuple[int, int]) -> Normalised:
        """Return what was found in the part as found in the whole picture of some size."""
        return replace(
            found,
            digits=tuple(replace(one, box=move(one.box, self.offset)) for one in found.digits),
            pieces=tuple(replace(one, box=move(one.box, self.offset)) for one in found.dropped),
            removed=None,
            size=size,
        )


def move(box: Box, offset: tuple[int, int]) -> Box:
    """Return a box (left, top, width, height) with its corner moved."""
    left, top, width, height = box
    return left + offset[0], top + offset[1], width, height


def cut_out_page(found: Normalised, page: PageMap) -> PagePart | None:
    """Look for digits in the page alone, if a picture shows more than a page.

    Parameters
    ----------
    found : Normalised
        What `normalise` found in the picture.
    page : PageMap
        Of `found.picture`.
    """
    inside = page.outside < _OUTSIDE
    if not _LEAST <= inside.mean() <= _MOST:
        return None
    across, down = (
        np.flatnonzero(share >= _FULL * share.max())
        for share in (inside.mean(axis=0), inside.mean(axis=1))
    )
    part = inside[down[0] : down[-1] + 1, across[0] : across[-1] + 1]
    if part.mean() < _WHOLE:
        return None
    beyond = (across[0], down[0], inside.shape[1] - 1 - across[-1], inside.shape[0] - 1 - down[-1])
    if np.count_nonzero(beyond) < _SIDES:
        return None
    rows, columns = np.nonzero((page.digit > _CLEAR) & inside)
    (left, right), (top, bottom) = (
        _side(full, inked, length, pixels)
        for full, inked, length, pixels in zip(
            (across, down), (columns, rows), inside.shape[::-1], found.picture.size, strict=True
        )
    )
    if min(right - left, bottom - top) < _SMALLEST:
        return None
    picture = found.picture.crop((left, top, right, bottom))
    larger = [whole / seen for whole, seen in zip(found.size, found.picture.size, strict=True)]
    picture.info = {"size": (round(picture.width * larger[0]), round(picture.height * larger[1]))}
    offset = round(left * larger[0]), round(top * larger[1])
    return PagePart(normalise(picture, stages=bool(found.stages)), offset)


def _side(full: Array, inked: Array, length: int, pixels: int) -> tuple[int, int]:
    """Return where a page begins and ends, in pixels of a picture's side.

    `full` are the places of the page in a map of some length, `inked` those of digits' ink, all of
    which stays.
    """
    edge = math.ceil(_EDGE * length)
    begin = full[0] + (edge if full[0] > 0 else 0)
    end = full[-1] + 1 - (edge if full[-1] + 1 < length else 0)
    if len(inked):
        begin, end = min(begin, inked.min()), max(end, inked.max() + 1)
    return int(begin / length * pixels), round(end / length * pixels)
