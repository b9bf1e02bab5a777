"""Finding a worksheet's page in a picture, and which page it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import zxingcpp
from PIL import Image

from app.errors import ErrorCode
from app.worksheets.codes import PageCode
from app.worksheets.corner_marks import FoundMark, find_marks
from app.worksheets.errors import PageError
from app.worksheets.geometry import Homography, Straightening, cut, fit_homography
from app.worksheets.layout import Layout, Page
from app.worksheets.paper import PAPERS, Paper, Rectangle, find_paper
from app.worksheets.registration import register

__all__ = ["FoundPage", "find_page"]

Array = npt.NDArray[Any]

_WORKING = 1600  # pixels of the longer side at which marks are found well
_LEAST_MARKS = 3
_LEAST_SIDE = 32  # pixels: what is smaller is not looked at
_CODE_WEIGHT = 0.3  # of a code's corner, beside a mark's
_ASTRAY = 12.0  # millimetres: marks that are so far from where the others say are another page's
_PATCH, _PATCH_ROOM = 12, 4.0  # pixels of a millimetre, and millimetres around, of a code cut out
_FORMATS = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
_LEAST_SHARPNESS = 3.2  # pixels of a millimetre: digits in a smaller picture cannot be read


@dataclass(frozen=True, eq=False)
class FoundPage:
    """A page that was found.

    Attributes
    ----------
    code : PageCode
        Which it is.
    page : Page
        Its layout.
    mapping : Straightening
        From its millimetres to pixels of the picture.
    """

    code: PageCode
    page: Page
    mapping: Straightening


@dataclass(frozen=True, eq=False)
class _ReadCode:
    """A QR code in a picture: its text and its corners (4, 2), clockwise from its top left."""

    text: str
    corners: Array


def find_page(picture: Image.Image, layout: Layout) -> FoundPage:
    """Find a page of a worksheet in a picture of mode L.

    Raises PageError if there is none, if it is not all there, or if there are two.
    """
    if min(picture.size) < _LEAST_SIDE:
        raise PageError("page_none")
    factor = max(1, round(max(picture.size) / _WORKING))
    small = picture.reduce(factor) if factor > 1 else picture
    marks = [FoundMark(mark.number, mark.corners * factor) for mark in find_marks(small)]
    codes = _read_codes(small, factor)
    if not any(map(_parse, codes)) and factor > 1 and len(marks) < _LEAST_MARKS:
        codes = _read_codes(picture, 1)
    marks = [mark for mark in marks if not any(_holds(code, mark) for code in codes)]
    _check_one(marks, codes)
    if len(marks) < _LEAST_MARKS:
        raise PageError(_without_marks(marks, codes))
    code, corners = _which(picture, marks, codes)
    page = _page_of(code, layout)
    paper = find_paper(*page.size)
    if paper is None:
        raise PageError("page_other_sheet")
    flat = _flat(paper, marks, corners)
    mapping = register(picture, _with_marks(flat, paper, marks), page)
    if mapping is None:
        raise PageError("page_unclear")
    if mapping.scale((page.size[0] / 2, page.size[1] / 2)) < _LEAST_SHARPNESS:
        raise PageError("page_small")
    return FoundPage(code, page, mapping)


def _parse(code: _ReadCode) -> PageCode | None:
    return PageCode.parse(code.text)


def _read_codes(picture: Image.Image, factor: int) -> list[_ReadCode]:
    found = zxingcpp.read_barcodes(
        np.asarray(picture),
        formats=zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode]),
        try_invert=False,
    )
    return [_ReadCode(one.text, factor * _corners(one.position)) for one in found]


def _holds(code: _ReadCode, mark: FoundMark) -> bool:
    """Say whether what was taken for a mark is a part of a code."""
    side = float(np.hypot(*(code.corners[0] - code.corners[2])))
    return bool(np.hypot(*(code.corners.mean(axis=0) - mark.corners.mean(axis=0))) < 0.6 * side)


def _corners(position: zxingcpp.Position) -> Array:
    return np.array(
        [
            (corner.x, corner.y)
            for corner in (
                position.top_left,
                position.top_right,
                position.bottom_right,
                position.bottom_left,
            )
        ],
        float,
    )


def _check_one(marks: Sequence[FoundMark], codes: Sequence[_ReadCode]) -> None:
    """Raise PageError if there are two pages in the picture."""
    numbers = [mark.number for mark in marks]
    pages = [code for code in codes if _parse(code)]
    if len(set(numbers)) < len(numbers) or len(pages) > 1:
        raise PageError("page_two")


def _without_marks(marks: Sequence[FoundMark], codes: Sequence[_ReadCode]) -> ErrorCode:
    """Return why a picture with too few marks shows no page."""
    if any(map(_parse, codes)):
        return "page_corners"
    if codes:
        return "page_other_program"
    return "page_corners" if len(marks) > 1 else "page_none"


def _which(
    picture: Image.Image, marks: Sequence[FoundMark], codes: Sequence[_ReadCode]
) -> tuple[PageCode, Array | None]:
    """Return which page it is, and the corners of its code where they were seen."""
    for code in codes:
        parsed = _parse(code)
        if parsed is not None:
            return parsed, code.corners
    # Straightened and enlarged, a code is read that was too small, too oblique or curled.
    for paper in PAPERS.values():
        mapping = _with_marks(_flat(paper, marks, None), paper, marks)
        left, top, width, height = paper.code
        around: Rectangle = (
            left - _PATCH_ROOM,
            top - _PATCH_ROOM,
            width + 2 * _PATCH_ROOM,
            height + 2 * _PATCH_ROOM,
        )
        for code in _read_codes(cut(picture, mapping, around, _PATCH), 1):
            parsed = _parse(code)
            if parsed is not None:
                return parsed, None
    raise PageError("page_other_program" if codes else "page_code")


def _page_of(code: PageCode, layout: Layout) -> Page:
    if code.sheet != layout.sheet or not 1 <= code.page <= len(layout.pages):
        raise PageError("page_other_sheet", sheet=code.sheet)
    return layout.pages[code.page - 1]


def _square(place: Rectangle) -> Array:
    left, top, width, height = place
    return np.array(
        [
            (left, top),
            (left + width, top),
            (left + width, top + height),
            (left, top + height),
        ]
    )


def _flat(paper: Paper, marks: Sequence[FoundMark], code: Array | None) -> Homography:
    """Return the map of the page as if it were flat; raises PageError if marks contradict it."""
    places = [_square(paper.marks[mark.number]) for mark in marks]
    seen = [mark.corners for mark in marks]
    weights = [np.ones(4)] * len(marks)
    if code is not None:
        places.append(_square(paper.code))
        seen.append(code)
        weights.append(np.full(4, _CODE_WEIGHT))
    points, pixels = np.concatenate(places), np.concatenate(seen)
    flat = fit_homography(points, pixels, np.concatenate(weights))
    miss = np.hypot(*(flat(points) - pixels).T)
    scale = Straightening(flat).scale((paper.width / 2, paper.height / 2))
    if not miss.max() < _ASTRAY * scale:
        raise PageError("page_two")
    return flat


def _with_marks(flat: Homography, paper: Paper, marks: Sequence[FoundMark]) -> Straightening:
    """Return the map with the displacements that the marks show."""
    points = np.concatenate([_square(paper.marks[mark.number]) for mark in marks])
    pixels = np.concatenate([mark.corners for mark in marks])
    back = Homography(np.linalg.inv(flat.matrix))
    return Straightening(flat).measured(points, back(pixels) - points)
