"""Registration: a curled page is straightened by the boxes that are printed on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from app.worksheets.geometry import Straightening, cut
from app.worksheets.layout import Page
from app.worksheets.lighting import darkness_of
from app.worksheets.paper import Rectangle

__all__ = ["register"]

Array = npt.NDArray[Any]

_SCALE = 4  # pixels of a millimetre
_FAR, _NEAR = 4.0, 1.5  # millimetres: how far a box is searched for, at first and then
_WIDE = 1.5  # width by height of boxes whose ends are searched for one by one
_LINE = 0.9  # millimetres beside a line where there is paper
_LEAST = 0.025  # darkness of a line against the paper beside it
_FOUND = 0.5  # of the boxes: fewer, and the picture does not show what is printed


@dataclass(frozen=True)
class _Part:
    """Lines of boxes, between a left and a right end of them, in millimetres.

    Attributes
    ----------
    bounds : (float, float, float, float)
        Left, top, right and bottom.
    level : list of (float, float, float)
        Lines that run across: left, right, and how far down.
    upright : list of (float, float, float)
        Lines that run down: top, bottom, and how far right.
    """

    bounds: tuple[float, float, float, float]
    level: list[tuple[float, float, float]]
    upright: list[tuple[float, float, float]]

    @property
    def middle(self) -> tuple[float, float]:
        left, top, right, bottom = self.bounds
        return (left + right) / 2, (top + bottom) / 2


def register(picture: Image.Image, mapping: Straightening, page: Page) -> Straightening | None:
    """Return the map from a page to its picture, corrected by where its boxes are found.

    None if most of them are not found.
    """
    known, displaced = mapping.places, mapping.displacement(mapping.places)
    for reach, divide in ((_FAR, _whole), (_NEAR, _ends)):
        parts = [part for _, _, boxes in page.questions for part in divide(boxes)]
        shifts = [_search(picture, mapping, part, reach) for part in parts]
        found = np.array([shift is not None for shift in shifts])
        if found.mean() < _FOUND:
            return None
        seen = np.array([shift for shift in shifts if shift is not None])
        # What is printed at a place is seen where the map takes another one to.
        places = np.array([part.middle for part in parts])[found]
        moved = mapping.displacement(places) + seen
        mapping = mapping.measured(
            np.concatenate([known, places]), np.concatenate([displaced, moved])
        )
    return mapping


def _whole(boxes: tuple[Rectangle, ...]) -> list[_Part]:
    left, (x, _, width, _) = boxes[0][0], boxes[-1]
    return [_part(boxes, left, x + width)]


def _ends(boxes: tuple[Rectangle, ...]) -> list[_Part]:
    """Return both halves of boxes, which may lie aslant, if they are wide."""
    (whole,) = _whole(boxes)
    left, top, right, bottom = whole.bounds
    if right - left < _WIDE * (bottom - top):
        return [whole]
    middle, _ = whole.middle
    return [_part(boxes, left, middle), _part(boxes, middle, right)]


def _part(boxes: tuple[Rectangle, ...], left: float, right: float) -> _Part:
    """Return the lines of boxes between a left and a right end."""
    top, bottom = boxes[0][1], boxes[0][1] + boxes[0][3]
    level = [
        (max(x, left), min(x + width, right), side)
        for x, y, width, height in boxes
        for side in (y, y + height)
        if x < right and x + width > left
    ]
    upright = [
        (y, y + height, side)
        for x, y, width, height in boxes
        for side in (x, x + width)
        if left <= side <= right
    ]
    return _Part((left, top, right, bottom), level, upright)


def _search(
    picture: Image.Image, mapping: Straightening, part: _Part, reach: float
) -> tuple[float, float] | None:
    """Return by how many millimetres lines are displaced, None if they are not seen."""
    left, top, right, bottom = part.bounds
    room = reach + _LINE + 0.5
    around = (left - room, top - room, right - left + 2 * room, bottom - top + 2 * room)
    dark = darkness_of(cut(picture, mapping, around, _SCALE), _SCALE)
    steps = round(reach * _SCALE)
    size = 2 * steps + 1
    windows = np.lib.stride_tricks.sliding_window_view(dark, (size, size))
    # Each direction counts as much: the long sides of a wide box fit as well further along.
    score = np.mean(
        [
            _mean(windows, lines - steps) - _mean(windows, beside - steps)
            for lines, beside in _templates(part, around)
        ],
        axis=0,
    )
    row, column = divmod(int(score.argmax()), size)
    if score[row, column] < _LEAST or _is_doubtful(score, row, column):
        return None
    return (
        (column - steps + _vertex(score[row], column)) / _SCALE,
        (row - steps + _vertex(score[:, column], row)) / _SCALE,
    )


def _templates(part: _Part, around: Rectangle) -> list[tuple[Array, Array]]:
    """Return pixels, as rows and columns (N, 2), on lines, and of paper beside them.

    First those of the lines that run across, then of those that run down.
    """
    templates = []
    for along, lines in ((0, part.level), (1, part.upright)):
        on = []
        for begin, end, side in lines:
            steps = np.arange(begin, end, 1 / _SCALE)
            line = np.full((len(steps), 2), side)
            line[:, along] = steps
            on.append(line)
        away = np.zeros(2)
        away[1 - along] = _LINE
        beside = [line + side for line in on for side in (-away, away)]
        templates.append((_pixels(on, around), _pixels(beside, around)))
    return templates


def _pixels(points: list[Array], around: Rectangle) -> Array:
    places: Array = (np.concatenate(points) - around[:2]) * _SCALE
    return places[:, ::-1].astype(int)


def _mean(windows: Array, corners: Array) -> Array:
    """Return the mean of windows at corners, rows and columns (N, 2)."""
    rows = np.clip(corners[:, 0], 0, windows.shape[0] - 1)
    columns = np.clip(corners[:, 1], 0, windows.shape[1] - 1)
    mean: Array = windows[rows, columns].mean(axis=0)
    return mean


def _is_doubtful(score: Array, row: int, column: int) -> bool:
    """Say whether the boxes fit as well elsewhere."""
    far = score.copy()
    reach = _SCALE
    far[max(0, row - reach) : row + reach + 1, max(0, column - reach) : column + reach + 1] = -1
    return float(far.max()) > 0.8 * float(score[row, column])


def _vertex(values: Array, place: int) -> float:
    """Return how far the maximum of a parabola through three values lies from a place."""
    if not 0 < place < len(values) - 1:
        return 0.0
    before, here, after = (float(value) for value in values[place - 1 : place + 2])
    bend = before - 2 * here + after
    return 0.0 if bend >= 0 else float(np.clip((before - after) / (2 * bend), -0.5, 0.5))
