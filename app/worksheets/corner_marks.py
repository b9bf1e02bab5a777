"""Finding the corner marks of worksheets in a picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

from app.worksheets.geometry import Homography, cross, fit_homography
from app.worksheets.paper import MARK_MODULES, MARKS
from cnn.vision.components import Components, find_components

__all__ = ["FoundMark", "find_marks"]

Array = npt.NDArray[Any]

_AROUND = 0.025  # of the longer side: how far around a pixel its surroundings go
_DARKER = 0.78  # of its surroundings' light: a pixel that is dark
_LEAST, _MOST = 11, 0.16  # pixels, and share of the longer side: a mark's box
_FULL = (0.3, 0.97)  # of the box: black of a mark, turned in any way
_SQUARE = 0.4  # the shorter side of a mark by the longer one, seen from aside
_CONVEX = 0.84  # of the hull's area: the four corners' of a square with rough edges
_CONTRAST = 30  # grey levels between black and white
_CLEAR, _SMEARED = 0.22, 3  # of the contrast: between grey and black or white; grey modules
_MISREAD = 1  # modules of a mark that may be hidden or smeared


@dataclass(frozen=True, eq=False)
class FoundMark:
    """A corner mark in a picture.

    Attributes
    ----------
    number : int
        Which, in the order of `Paper.marks`.
    corners : ndarray of float, (4, 2)
        Where its corners are, in pixels: those that are printed at the top left, top right, bottom
        right and bottom left.
    """

    number: int
    corners: Array

    @property
    def side(self) -> float:
        """Its side in pixels, on the average."""
        return float(np.hypot(*(self.corners - np.roll(self.corners, 1, axis=0)).T).mean())


def find_marks(grey: Image.Image) -> list[FoundMark]:
    """Find all corner marks in a picture of mode L, some hundred pixels of a page's height or more.

    Each is a dark square in which the modules of a mark are read, in any direction.
    """
    levels = np.asarray(grey, np.float32)
    longest = max(grey.size)
    around = np.asarray(grey.filter(ImageFilter.BoxBlur(_AROUND * longest)), np.float32)
    components = find_components(levels < _DARKER * around)
    found = []
    for number in _likely(components, longest):
        corners = _corners(components, number)
        mark = None if corners is None else _read(levels, corners)
        if mark is not None:
            found.append(mark)
    return found


def _likely(components: Components, longest: int) -> Array:
    left, top, right, bottom = components.boxes.T
    width, height = right - left, bottom - top
    full = components.area / np.maximum(width * height, 1)
    fits = (np.minimum(width, height) >= _LEAST) & (np.maximum(width, height) <= _MOST * longest)
    fits &= (full > _FULL[0]) & (full < _FULL[1])
    fits &= np.minimum(width, height) > _SQUARE * np.maximum(width, height)
    return np.flatnonzero(fits)


def _corners(components: Components, number: int) -> Array | None:
    """Return the corners (4, 2) of a component that is a square in perspective, clockwise."""
    rows, starts, stops = components.runs[components.owner == number].T
    points = np.concatenate(
        [np.column_stack([x, y]) for x in (starts, stops) for y in (rows, rows + 1)]
    )
    hull = _hull(points)
    if len(hull) < 4:
        return None
    corners, area = hull, _area(hull)
    while len(corners) > 4:
        # The corner that matters least goes first.
        before, after = np.roll(corners, 1, axis=0), np.roll(corners, -1, axis=0)
        loss = np.abs(cross(corners - before, after - before))
        corners = np.delete(corners, int(loss.argmin()), axis=0)
    if _area(corners) < _CONVEX * area:
        return None
    sides = np.hypot(*(corners - np.roll(corners, 1, axis=0)).T)
    if sides.min() < _SQUARE * sides.max():
        return None
    return _fit_edges(hull, corners)


def _fit_edges(hull: Array, corners: Array) -> Array:
    """Return the corners as intersections of lines along the sides."""
    lines = []
    for start, end in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        along = (end - start) / np.hypot(*(end - start))
        reach = (hull - start) @ along
        aside = np.abs(cross(along, hull - start))
        near = (aside < 1.5) & (reach > -0.5) & (reach < np.hypot(*(end - start)) + 0.5)
        middle = hull[near].mean(axis=0) if near.sum() > 2 else (start + end) / 2
        lines.append((middle, along))
    places = []
    for (a, along_a), (b, along_b) in zip([lines[-1], *lines[:-1]], lines, strict=True):
        turn = float(cross(along_a, along_b))
        if abs(turn) < 0.2:
            return corners
        places.append(a + along_a * float(cross(b - a, along_b)) / turn)
    return np.array(places)


def _hull(points: Array) -> Array:
    """Return the convex hull of points, clockwise as seen: A. Andrew's monotone chain, 1979."""
    ordered = [(int(x), int(y)) for x, y in np.unique(points, axis=0)]
    sides = []
    for line in (ordered, ordered[::-1]):
        side: list[tuple[int, int]] = []
        for x, y in line:
            while len(side) > 1:
                (ax, ay), (bx, by) = side[-2:]
                if (bx - ax) * (y - ay) - (by - ay) * (x - ax) > 0:
                    break
                side.pop()
            side.append((x, y))
        sides += side[:-1]
    return np.array(sides, float)


def _area(corners: Array) -> float:
    x, y = corners.T
    return abs(float(x @ np.roll(y, 1) - y @ np.roll(x, 1))) / 2


def _read(levels: Array, corners: Array) -> FoundMark | None:
    """Return which mark has its corners there, if any."""
    unit = np.array([(0, 0), (1, 0), (1, 1), (0, 1)], float) * MARK_MODULES
    plane = fit_homography(unit, corners, np.ones(4))
    inside = _sample(levels, plane, np.arange(MARK_MODULES) + 0.5)
    if inside is None or np.ptp(inside) < _CONTRAST:
        return None
    middle = (float(inside.min()) + float(inside.max())) / 2
    black = inside < middle
    # The corners of a QR code are squares in squares, too: of other proportions.
    smeared = np.abs(inside - middle) < _CLEAR * float(np.ptp(inside))
    if np.count_nonzero(smeared) > _SMEARED:
        return None
    # From one corner on, the same picture is read in four ways.
    misread = np.array(
        [[np.count_nonzero(np.rot90(black, turn) != mark) for turn in range(4)] for mark in MARKS]
    )
    number, turn = np.unravel_index(int(misread.argmin()), misread.shape)
    if misread[number, turn] > _MISREAD or not _is_free(levels, plane, middle):
        return None
    return FoundMark(int(number), np.roll(corners, -int(turn), axis=0))


def _is_free(levels: Array, plane: Homography, middle: float) -> bool:
    """Say whether there is white around a mark."""
    ring = _sample(levels, plane, np.arange(-1, MARK_MODULES + 1) + 0.5)
    if ring is None:
        return False
    outside = np.concatenate([ring[0], ring[-1], ring[1:-1, 0], ring[1:-1, -1]])
    return bool(np.mean(outside > middle) > 0.7)


def _sample(levels: Array, plane: Homography, places: Array) -> Array | None:
    """Return the grey of the modules at places across and down, each the mean of nine pixels."""
    fine = (places[:, None] + np.array([-0.22, 0, 0.22])).ravel()
    grid = np.stack(np.meshgrid(fine, fine), axis=-1).reshape(-1, 2)
    pixels = np.floor(plane(grid))
    height, width = levels.shape
    if pixels.min() < 0 or not (pixels.max(axis=0) < (width, height)).all():
        return None
    x, y = pixels.astype(int).T
    seen = levels[y, x].reshape(len(places), 3, len(places), 3)
    means: Array = seen.mean(axis=(1, 3))
    return means
