"""Frames: straight lines all round a component of ink, and from side to side within it.

A digit that touches the box round it is one component with it, and so are the cells of a table.
Geometry tells them apart: all four sides of the component are straight, thin lines, and what is
within them is none.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from cnn.vision.binarise import Ink
from cnn.vision.components import Components, find_components
from cnn.vision.morphology import slide

__all__ = ["find_frames", "without_frames"]

Array = npt.NDArray[Any]

_LEAST_SIDE = 12  # pixels: smaller components are not looked at
# Components, the largest, that are looked at, and pixels in all, by those of the picture.
_MOST, _WORK = 100, 3
# Of a side: places through two of which its line may go.
_ANCHORS = np.linspace(0, 1, 12)[1:-1]
_PAIRS = np.triu_indices(len(_ANCHORS), 1)
_STEEP = 0.2  # slope of a side, at most
_STRAIGHT = 0.75  # of a side: so much of it lies on one straight line
_OFF = 0.02  # of a side: how far off that line it may lie, but at least a pixel
_THICKEST, _FINE = 0.2, 3  # of the shorter side: thickness of a line; pixels that are always fine
_THIN = 0.25  # of a line's places: so many are no thicker than it is
_COVERED = 0.9  # of its length: so much of a line within is ink
_TWO_BESIDE, _TWO_ABOVE = 1.3, 1.8  # width by height, height by width of two cells
_TALL = 0.35  # of the height of a cell: least height of what is in one
_SOFT = 1  # pixels: the edge of a line
_DARKEST = 0.9  # of the points of ink, once frames are gone: the rest are the darkest
_PALEST = 0.3  # of the darkest ink with the frames: ink is not taken for paler
_BEYOND = 2  # pixels beside a line in which ink goes on that crosses it


@dataclass(frozen=True)
class _Side:
    """A straight side: its places (length,), its line's thickness, how far it strays; in pixels."""

    places: Array
    thickness: float
    off: float


@dataclass(frozen=True)
class _Bands:
    """Where lines go: the two sides, `count` within, and how thick they are in whole pixels."""

    sides: Array
    inner: Array
    count: int
    thickness: int

    def draw(self, *, within: bool) -> Array:
        return self.sides | self.inner if within else self.sides


def find_frames(components: Components, shape: tuple[int, int]) -> Array | None:
    """Find the lines of boxes and tables that hang together with what is in them.

    Parameters
    ----------
    components : Components
        Of the ink.
    shape : (int, int)
        Height and width of the picture.

    Returns
    -------
    ndarray of bool, (H, W), or None
        The lines, but for what crosses them; None if there are none.
    """
    likely = np.flatnonzero(_may_have_frames(components))
    likely = likely[np.argsort(-components.area[likely], kind="stable")[:_MOST]]
    wide, tall = (components.boxes[likely, 2:] - components.boxes[likely, :2]).T
    lines: Array | None = None
    for one in likely[np.cumsum(wide * tall) <= _WORK * shape[0] * shape[1]]:
        x, y, x1, y1 = components.boxes[one]
        place = slice(y, y1), slice(x, x1)
        found = _frame_of(components.draw(np.array([one]), *place))
        if found is not None:
            lines = np.zeros(shape, bool) if lines is None else lines
            lines[place] |= found
    return lines


def without_frames(ink: Ink, frames: Array) -> Ink:
    """Return ink without the lines that `find_frames` found, which may have been darker than it."""
    mask = ink.mask & ~frames
    darkest = float(np.quantile(ink.strength[mask], _DARKEST)) if mask.any() else 1.0
    strength = np.where(frames, 0, ink.strength / np.float32(max(darkest, _PALEST)))
    return replace(ink, mask=mask, strength=np.clip(strength, 0, 1))


def _may_have_frames(components: Components) -> Array:
    """Say which components are large enough, and begin and end near their sides in most rows."""
    left, top, right, bottom = components.boxes.T
    wide, tall = right - left, bottom - top
    _, starts, stops = components.runs.T
    owner = components.owner
    most = _STEEP * wide[owner]
    near = (starts - left[owner] <= most, right[owner] - stops <= most)
    likely: Array = np.minimum(wide, tall) >= _LEAST_SIDE
    for side in near:
        likely &= np.bincount(owner[side], minlength=len(components)) >= _STRAIGHT * tall
    return likely


def _frame_of(mask: Array) -> Array | None:
    """Return the lines of a component, bool (h, w), if it has a frame and something within."""
    thickest = max(_THICKEST * min(mask.shape), _FINE)
    sides = []
    for turned in (mask, mask[:, ::-1], mask.T, mask.T[:, ::-1]):
        side = _find_side(turned, thickest)
        if side is None:
            return None
        sides.append(side)
    left, right, upper, lower = sides
    height, width = mask.shape
    upright = _find_bands(mask, left, right)
    level = _find_bands(mask.T, upper, lower)
    cell = width / (1 + upright.count), height / (1 + level.count)
    if min(cell) < _LEAST_SIDE:
        return None
    # A digit as large as its box, such as a 4, may have strokes like the lines of a table.
    is_table = min(upright.count, level.count) > 0 and upright.count + level.count > 2
    across = upright.draw(within=is_table or width > _TWO_BESIDE * height)
    down = level.draw(within=is_table or height > _TWO_ABOVE * width).T
    lines = across | down
    rest = mask & ~lines
    boxes = find_components(rest).boxes
    if not len(boxes) or np.max(boxes[:, 3] - boxes[:, 1]) < _TALL * cell[1]:
        return None
    crossing = _crosses(rest, across & ~down, upright.thickness)
    crossing |= _crosses(rest.T, (down & ~across).T, level.thickness).T
    return mask & lines & ~crossing


def _find_side(mask: Array, thickest: float) -> _Side | None:
    """Return the left side of a component, if it is a straight line no thicker than that."""
    height, width = mask.shape
    first = np.where(mask.any(axis=1), mask.argmax(axis=1), -width)
    rows = np.arange(height)
    anchors = (rows[-1] * _ANCHORS).astype(np.intp)
    a, b = anchors[_PAIRS[0]], anchors[_PAIRS[1]]
    slopes = (first[b] - first[a]) / (b - a)
    likely = np.abs(slopes) <= _STEEP
    if not likely.any():
        return None
    slopes, a = slopes[likely], a[likely]
    off = max(1.0, _OFF * height)
    near = np.abs(first - first[a][:, None] - slopes[:, None] * (rows - a[:, None])) <= off
    on = np.flatnonzero(near[near.sum(axis=1).argmax()])
    if len(on) < _STRAIGHT * height:
        return None
    down, across = on - on.mean(), first[on] - first[on].mean()
    places = first[on].mean() + (rows - on.mean()) * (down @ across) / (down @ down)
    beyond = ~mask[on] & (np.arange(width) > first[on][:, None])
    runs = np.where(beyond.any(axis=1), beyond.argmax(axis=1), width) - first[on]
    # The thinner places: elsewhere the digit within touches it.
    thickness = float(np.sort(runs)[int(_THIN * len(runs))])
    return _Side(places, thickness, off) if thickness <= thickest else None


def _find_bands(mask: Array, left: _Side, right: _Side) -> _Bands:
    """Find the upright lines of a frame between two of its sides."""
    width = mask.shape[1]
    x = np.arange(width)
    from_left, from_right = x - left.places[:, None], width - 1 - right.places[:, None] - x
    outer = _is_on(from_left, left) | _is_on(from_right, right)
    thickness = max(left.thickness, right.thickness)
    # Lines within lie at the same share of the way from side to side all along.
    share = from_left / np.maximum(from_left + from_right, 1)
    place = np.clip(np.rint(share * width), 0, width).astype(np.intp)
    total = np.bincount(place.ravel(), minlength=width + 1)
    inked = np.bincount(place.ravel(), mask.ravel(), minlength=width + 1)
    whole = np.r_[False, inked >= _COVERED * np.maximum(total, 1), False]
    edges = np.flatnonzero(np.diff(whole.astype(np.int8)))
    within = np.zeros(width + 1, bool)
    count = 0
    edge = thickness + 2 * _SOFT
    for begin, end in zip(edges[::2], edges[1::2], strict=True):
        if end - begin <= edge and begin > edge and end < width - edge:
            within[begin - _SOFT : end + _SOFT] = True
            count += 1
    return _Bands(outer, within[place], count, round(edge + max(left.off, right.off)))


def _is_on(distance: Array, side: _Side) -> Array:
    on: Array = (distance >= -_SOFT - side.off) & (distance < side.thickness + _SOFT)
    return on


def _crosses(rest: Array, band: Array, thick: int) -> Array:
    """Return where ink goes on at both sides of upright lines."""
    length = (thick + _BEYOND) | 1
    width = rest.shape[1]
    tall = slide(rest, 3, np.logical_or, axis=0)
    near = slide(np.pad(tall, ((0, 0), (length, length))), length, np.logical_or, axis=1)
    before, after = length - 1 - length // 2, length + 1 + length // 2
    crossing: Array = band & near[:, before : before + width] & near[:, after : after + width]
    return crossing
