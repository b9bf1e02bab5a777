"""Registration: a curled page is straightened by the boxes that are printed on it."""

from __future__ import annotations

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
_REACHES = (4.0, 1.5)  # millimetres: how far a box is searched for, at first and then
_LINE = 0.9  # millimetres beside a line where there is paper
_LEAST = 0.025  # darkness of a line against the paper beside it
_FOUND = 0.5  # of the boxes: fewer, and the picture does not show what is printed


def register(picture: Image.Image, mapping: Straightening, page: Page) -> Straightening | None:
    """Return the map from a page to its picture, corrected by where its boxes are found.

    None if most of them are not found.
    """
    questions = [boxes for _, _, boxes in page.questions]
    places = np.array([_middle(boxes) for boxes in questions])
    known, displaced = mapping.places, mapping.displacement(mapping.places)
    for reach in _REACHES:
        shifts = [_search(picture, mapping, boxes, reach) for boxes in questions]
        found = np.array([shift is not None for shift in shifts])
        if found.mean() < _FOUND:
            return None
        seen = np.array([shift for shift in shifts if shift is not None])
        # What is printed at a place is seen where the map takes another one to.
        moved = mapping.displacement(places[found]) + seen
        mapping = mapping.measured(
            np.concatenate([known, places[found]]), np.concatenate([displaced, moved])
        )
    return mapping


def _middle(boxes: tuple[Rectangle, ...]) -> tuple[float, float]:
    left, top, _, _ = boxes[0]
    right, bottom = boxes[-1][0] + boxes[-1][2], boxes[-1][1] + boxes[-1][3]
    return (left + right) / 2, (top + bottom) / 2


def _search(
    picture: Image.Image, mapping: Straightening, boxes: tuple[Rectangle, ...], reach: float
) -> tuple[float, float] | None:
    """Return by how many millimetres boxes are displaced, None if they are not seen."""
    left, top = boxes[0][0], boxes[0][1]
    right, bottom = boxes[-1][0] + boxes[-1][2], boxes[-1][1] + boxes[-1][3]
    room = reach + _LINE + 0.5
    around = (left - room, top - room, right - left + 2 * room, bottom - top + 2 * room)
    dark = darkness_of(cut(picture, mapping, around, _SCALE), _SCALE)
    lines, beside = _templates(boxes, around)
    steps = round(reach * _SCALE)
    size = 2 * steps + 1
    windows = np.lib.stride_tricks.sliding_window_view(dark, (size, size))
    score = _mean(windows, lines - steps) - _mean(windows, beside - steps)
    row, column = divmod(int(score.argmax()), size)
    if score[row, column] < _LEAST or _is_doubtful(score, row, column):
        return None
    return (
        (column - steps + _vertex(score[row], column)) / _SCALE,
        (row - steps + _vertex(score[:, column], row)) / _SCALE,
    )


def _templates(boxes: tuple[Rectangle, ...], around: Rectangle) -> tuple[Array, Array]:
    """Return pixels, as rows and columns (N, 2), on the boxes' lines, and of paper beside them."""
    lines, beside = [], []
    for left, top, width, height in boxes:
        across = np.arange(left, left + width, 1 / _SCALE)
        down = np.arange(top, top + height, 1 / _SCALE)
        for y in (top, top + height):
            lines.append(np.column_stack([across, np.full_like(across, y)]))
            beside += [lines[-1] + (0, side) for side in (-_LINE, _LINE)]
        for x in (left, left + width):
            lines.append(np.column_stack([np.full_like(down, x), down]))
            beside += [lines[-1] + (side, 0) for side in (-_LINE, _LINE)]
    return _pixels(lines, around), _pixels(beside, around)


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
