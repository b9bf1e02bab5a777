"""The ink of an answer: what is written in its boxes, without their lines, and beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

from app.worksheets.doubts import Doubt
from app.worksheets.geometry import Straightening, cut
from app.worksheets.layout import FREE
from app.worksheets.lighting import darkness_of
from app.worksheets.paper import Rectangle
from cnn.vision.components import Components, find_components

__all__ = ["AnswerInk", "find_ink"]

Array = npt.NDArray[Any]

_SCALE = 8  # pixels of a millimetre
_ABOVE = 5.5  # millimetres above and below the boxes that are looked at
_LINE = 1.0  # millimetres: how far from its place a box's line may reach
_OVER = 0.35  # of the ink's darkness: what is so much darker than a line is ink that crosses it
_PALEST = 0.06  # darkness of the palest ink
_SHARE = 0.38  # of the ink's darkness: what is paler is paper
_NOISE = 5.0  # of the paper's noise: so much is ink
_SPECK_LONG, _SPECK_AREA = 1.0, 0.35  # millimetres, square millimetres: what is smaller is dust
_MARK_LONG = 1.6  # millimetres: what is longer and outside the boxes was written there
_OUT = 1.0  # millimetres around a box that are taken to be within it
_WITHIN = 0.7  # of a stroke's area: if less is really within its box, it may lie beside it
_STRIKE = 0.5  # millimetres: a stroke that leaves its box so far on both sides
_ACROSS = 0.12  # of a stroke's area: if so much is in another box, it belongs to both
_THIN = 0.7  # millimetres: what is thinner and lies along a line is left over from it


@dataclass(frozen=True, eq=False)
class AnswerInk:
    """The ink of one answer.

    Attributes
    ----------
    boxes : tuple of ndarray of float32, (H, W)
        The ink in each box, 0 to 1, or an empty array where there is none.
    doubts : frozenset of Doubt
        What does not belong into a box.
    contrast : float
        Darkness of the ink, 0 to 1.
    """

    boxes: tuple[Array, ...] = field(repr=False)
    doubts: frozenset[Doubt]
    contrast: float


@dataclass(frozen=True, eq=False)
class _Patch:
    """A part of a page around an answer's boxes, straightened.

    Attributes
    ----------
    darkness : ndarray of float32, (H, W)
        Without the boxes' lines.
    boxes : ndarray of int, (N, 4)
        Left, top, right and bottom of the boxes in pixels.
    others : ndarray of float, (M, 4)
        The same of the other answers' boxes, which mostly lie outside.
    level, noise : float
        The darkness of the paper, and its standard deviation.
    """

    darkness: Array
    boxes: Array
    others: Array
    level: float
    noise: float


def find_ink(
    picture: Image.Image, mapping: Straightening, answers: Sequence[tuple[Rectangle, ...]]
) -> list[AnswerInk]:
    """Find the ink in and about the boxes of a page's answers.

    Parameters
    ----------
    picture : PIL.Image.Image
        Of mode L.
    mapping : Straightening
        From millimetres of the page to its pixels.
    answers : sequence of tuple of Rectangle
        The boxes of each answer.
    """
    patches = [
        _patch(picture, mapping, boxes, [box for some in answers if some != boxes for box in some])
        for boxes in answers
    ]
    peaks = [_peak(patch) for patch in patches]
    # One page is written with one pen: what is much paler than most of its ink is none.
    written = [peak for peak in peaks if peak > 2 * _PALEST]
    usual = float(np.median(written)) if written else 0.0
    return [_read_patch(patch, peak, usual) for patch, peak in zip(patches, peaks, strict=True)]


def _patch(
    picture: Image.Image,
    mapping: Straightening,
    boxes: tuple[Rectangle, ...],
    others: Sequence[Rectangle],
) -> _Patch:
    left, top = boxes[0][0] - FREE, boxes[0][1] - _ABOVE
    right, bottom = boxes[-1][0] + boxes[-1][2] + FREE, boxes[-1][1] + boxes[-1][3] + _ABOVE
    shown = cut(picture, mapping, (left, top, right - left, bottom - top), _SCALE)
    darkness = darkness_of(shown, _SCALE)
    places = np.array(
        [(x - left, y - top, x + width - left, y + height - top) for x, y, width, height in boxes]
    )
    pixels = np.rint(places * _SCALE).astype(int)
    level = float(np.median(darkness))
    noise = 1.4826 * float(np.median(np.abs(darkness - level)))
    around = (np.array(others).reshape(-1, 4) - (left, top, 0, 0)) * _SCALE
    around[:, 2:] += around[:, :2]
    return _Patch(_without_lines(darkness, pixels, level, noise), pixels, around, level, noise)


def _without_lines(darkness: Array, boxes: Array, level: float, noise: float) -> Array:
    """Return the darkness without the boxes' lines, whose ink stays where a pen crossed them."""
    cleaned = darkness.copy()
    reach = round(_LINE * _SCALE)
    peak = float(np.quantile(darkness, 0.995))
    for left, top, right, bottom in boxes:
        for view, at, along in (
            (cleaned, top, slice(left, right + 1)),
            (cleaned, bottom, slice(left, right + 1)),
            (cleaned.T, left, slice(top, bottom + 1)),
            (cleaned.T, right, slice(top, bottom + 1)),
        ):
            band = view[max(at - reach, 0) : at + reach + 1]
            part = band[:, max(along.start - reach, 0) : along.stop + reach]
            _remove_line(part, level, noise, peak)
    return cleaned


def _remove_line(band: Array, level: float, noise: float, peak: float) -> None:
    """Remove a line that runs along a band, in place.

    Where it is curved or slightly turned, its profile is followed piece by piece.
    """
    pieces = max(1, round(band.shape[1] / (4 * _SCALE)))
    whole = np.median(band, axis=1)
    for piece in np.array_split(np.arange(band.shape[1]), pieces):
        part = band[:, piece[0] : piece[-1] + 1]
        # A digit that lies along a piece of the line would be taken for it: the whole line tells.
        profile = np.minimum(np.median(part, axis=1), 1.3 * _spread(whole) + level)
        if profile.max() < level + 3 * noise:
            continue
        over = profile[:, None] + max(_OVER * peak * (1 - float(profile.max())), 4 * noise)
        lined = (profile > level + 2 * noise)[:, None]
        part[:] = np.where(lined & (part < over), np.minimum(part, level), part)


def _spread(profile: Array) -> Array:
    """Return a profile whose line may lie two pixels to either side."""
    wide = np.pad(profile, 2, mode="edge")
    spread: Array = np.max([wide[step : step + len(profile)] for step in range(5)], axis=0)
    return spread


def _inside(patch: _Patch, margin: float) -> Array:
    """Return the number of the box that pixels lie in, -1 in none, with so much around each."""
    owner = np.full(patch.darkness.shape, -1, np.int16)
    reach = round(margin * _SCALE)
    for number, (left, top, right, bottom) in enumerate(patch.boxes):
        rows = slice(max(top - reach, 0), bottom + reach + 1)
        owner[rows, max(left - reach, 0) : right + reach + 1] = number
    return owner


def _peak(patch: _Patch) -> float:
    """Return the darkness of the ink within the boxes, above the paper's."""
    own = patch.darkness[_inside(patch, -_LINE) >= 0]
    if not own.size:
        return 0.0
    # A stroke of a few square millimetres is as dark as that.
    return float(np.quantile(own, 0.985)) - patch.level


def _read_patch(patch: _Patch, peak: float, usual: float) -> AnswerInk:
    empty = np.empty((0, 0), np.float32)
    least = max(_PALEST, _NOISE * patch.noise, 0.4 * usual)
    dark = max(peak, least)
    mask = patch.darkness > patch.level + max(_SHARE * dark, 0.6 * least, 3.5 * patch.noise)
    components = find_components(mask)
    owner = _inside(patch, _OUT)
    shares = _shares(components, owner, len(patch.boxes))
    within = _shares(components, _inside(patch, 0.0), len(patch.boxes))
    kept = _strokes(components, patch)
    doubts: set[Doubt] = set()
    parts: list[list[int]] = [[] for _ in patch.boxes]
    for number in np.flatnonzero(kept).tolist():
        inside = shares[number] / components.area[number]
        best = int(inside.argmax())
        if inside[best] < 0.5:
            long = _length(components, number) > _MARK_LONG * _SCALE
            if long and _belongs(components.boxes[number], patch):
                doubts.add("beside")
            continue
        if float(np.delete(inside, best).max(initial=0)) > _ACROSS:
            doubts.add("across")
        if _leaves(components, number, patch):
            doubts.add("cut off")
        if within[number, best] < _WITHIN * components.area[number]:
            doubts.add("outside")
        if _strikes(components.boxes[number], patch.boxes[best]):
            doubts.add("struck")
        parts[best].append(number)
    strength = np.clip((patch.darkness - patch.level) / dark, 0, 1)
    boxes = tuple(_draw(components, some, strength) if some else empty for some in parts)
    return AnswerInk(boxes, frozenset(doubts), dark)


def _shares(components: Components, owner: Array, count: int) -> Array:
    """Return how many pixels of each component lie in each box, (M, N)."""
    shares = np.zeros((len(components), count), np.int64)
    rows, starts, stops = components.runs.T
    for number in range(count):
        total = np.zeros(owner.size + 1, np.int64)
        np.cumsum((owner == number).ravel(), out=total[1:])
        width = owner.shape[1]
        own = total[rows * width + stops] - total[rows * width + starts]
        shares[:, number] = np.bincount(components.owner, own, minlength=len(components))
    return shares


def _length(components: Components, number: int) -> int:
    left, top, right, bottom = components.boxes[number]
    return int(max(right - left, bottom - top))


def _strikes(stroke: Array, box: Array) -> bool:
    """Say whether a stroke leaves its box on both sides, as a line that crosses out."""
    reach = _STRIKE * _SCALE
    return bool(stroke[0] < box[0] - reach and stroke[2] > box[2] + reach)


def _belongs(box: Array, patch: _Patch) -> bool:
    """Say whether what lies outside the boxes is not nearer to another answer's."""
    return _distance(box, patch.boxes) <= _distance(box, patch.others)


def _distance(box: Array, boxes: Array) -> float:
    """Return how far a box is from the nearest of others, (N, 4)."""
    across = np.maximum(boxes[:, 0] - box[2], box[0] - boxes[:, 2])
    down = np.maximum(boxes[:, 1] - box[3], box[1] - boxes[:, 3])
    apart = np.hypot(np.maximum(across, 0), np.maximum(down, 0))
    return float(apart.min(initial=np.inf))


def _strokes(components: Components, patch: _Patch) -> Array:
    """Return which components, (M,), are neither dust nor left over from a line."""
    left, top, right, bottom = components.boxes.T
    long, short = np.maximum(right - left, bottom - top), np.minimum(right - left, bottom - top)
    large = (long >= _SPECK_LONG * _SCALE) & (components.area >= _SPECK_AREA * _SCALE**2)
    along = np.zeros(len(components), bool)
    reach = _LINE * _SCALE
    for x0, y0, x1, y1 in patch.boxes:
        for near, far, lines in ((top, bottom, (y0, y1)), (left, right, (x0, x1))):
            for line in lines:
                along |= (near >= line - reach) & (far <= line + reach + 1)
    kept: Array = large & ~(along & (short <= _THIN * _SCALE))
    return kept


def _leaves(components: Components, number: int, patch: _Patch) -> bool:
    """Say whether a stroke reaches the edge of what is seen."""
    left, top, right, bottom = components.boxes[number]
    height, width = patch.darkness.shape
    return bool(left <= 1 or top <= 1 or right >= width - 1 or bottom >= height - 1)


def _draw(components: Components, parts: list[int], strength: Array) -> Array:
    """Return the ink of some components, with the soft edge of their strokes."""
    height, width = strength.shape
    own = components.draw(np.array(parts), slice(0, height), slice(0, width))
    grown = Image.fromarray(own.astype(np.uint8) * 255)
    soft = np.asarray(grown.filter(ImageFilter.MaxFilter(3))) > 0
    ink = np.where(soft, strength, 0).astype(np.float32)
    rows, columns = np.flatnonzero(own.any(axis=1)), np.flatnonzero(own.any(axis=0))
    tight: Array = ink[max(rows[0] - 1, 0) : rows[-1] + 2, max(columns[0] - 1, 0) : columns[-1] + 2]
    return tight
