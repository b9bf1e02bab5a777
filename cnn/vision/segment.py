"""Segmentation: from a mask of ink to digits in reading order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from cnn.vision.components import Components, find_components

__all__ = ["MOST_GLYPHS", "Glyph", "find_glyphs"]

Array = npt.NDArray[Any]
Box = tuple[int, int, int, int]

#: Most digits that are read; a picture with more is no page of digits.
MOST_GLYPHS = 60

_SPECK = 0.2  # of the tallest component: what is smaller in both directions is dust
_OVERLAP = 0.5  # of the narrower component's width: overlap of two that are one digit
_WHOLE = 0.6  # of the larger component: what is smaller may be a piece of it
_SCRAP = 0.4  # of a large digit: size of the smallest digit, with all its pieces
_DARK, _DARK_SHARE = 0.5, 0.08  # least darkness of a stroke, and least share that is so dark
_FLAT = 1.2  # width by height: the bar of a five, no digit
_NEAR = 0.2  # of the larger component: largest distance of a piece
_MOST_PARTS = 300  # components: more are not joined, as no page of digits has so many
_MOST_ROUNDS = 8  # rounds of joining: a page hardly needs three


@dataclass(frozen=True)
class Glyph:
    """Connected components that are taken for one digit.

    Attributes
    ----------
    box : (int, int, int, int)
        Left, top, right, bottom in the mask; right and bottom are exclusive.
    line : int
        The line of writing, from 0.
    parts : tuple of int
        Numbers of its components.
    """

    box: tuple[int, int, int, int]
    line: int
    parts: tuple[int, ...]


def find_glyphs(
    mask: Array, strength: Array, *, photograph: bool, small: bool = False
) -> tuple[list[Glyph], Components]:
    """Find candidates for digits, in reading order.

    Parameters
    ----------
    mask : ndarray of bool, (H, W)
        Where there is ink.
    strength : ndarray of float32, (H, W)
        Darkness, 0 to 1. Components that are nowhere dark are dropped.
    photograph : bool
        Whether ink at the border may be no writing, but the edge of a table or a shadow:
        then it is dropped, if anything plausible remains.

    small : bool
        Whether the picture is so small that hardly more than one line fits: then components
        above one another are one digit, even if each could be one.

    Returns
    -------
    glyphs : list of Glyph
        Line by line from the top, each from the left; unordered if more than `MOST_GLYPHS`.
    components : Components
        The components that `Glyph.parts` refers to.
    """
    components = find_components(mask)
    kept = _plausible(components, _dark_share(components, strength), mask.shape, photograph)
    groups = [[int(part)] for part in kept]
    if len(groups) <= _MOST_PARTS:
        groups = _without_scraps(_merge(groups, components.boxes, small), components.boxes)
    if len(groups) > MOST_GLYPHS:
        return [Glyph(_union(components.boxes[one]), 0, tuple(one)) for one in groups], components
    lines = _lines([(_union(components.boxes[group]), group) for group in groups])
    glyphs = [
        Glyph(box, number, tuple(group))
        for number, line in enumerate(lines)
        for box, group in sorted(line)
    ]
    return glyphs, components


def _dark_share(components: Components, strength: Array) -> Array:
    """Return the share of each component that is at least half as dark as the darkest ink, (M,)."""
    width = strength.shape[1]
    rows, starts, stops = components.runs.T
    total = np.zeros(strength.size + 1, np.int32)
    np.cumsum(strength.ravel() > _DARK, out=total[1:])
    dark = total[rows * width + stops] - total[rows * width + starts]
    counts = np.bincount(components.owner, dark, minlength=len(components))
    return counts / np.maximum(components.area, 1)


def _without_scraps(groups: list[list[int]], boxes: Array) -> list[list[int]]:
    """Drop groups that are much smaller than the digits around them."""
    if len(groups) < 2:
        return groups
    unions = np.array([_union(boxes[group]) for group in groups])
    heights = unions[:, 3] - unions[:, 1]
    least = _SCRAP * float(np.quantile(heights, 0.75, method="higher"))
    return [group for group, height in zip(groups, heights, strict=True) if height >= least]


def _plausible(
    components: Components, dark: Array, shape: tuple[int, int], photograph: bool
) -> Array:
    """Return the components that are neither dust nor, in a photograph, its frame."""
    left, top, right, bottom = components.boxes.T
    size = np.maximum(right - left, bottom - top)
    keep = dark >= _DARK_SHARE
    if photograph:
        height, width = shape
        touches = (left == 0) | (top == 0) | (right == width) | (bottom == height)
        inside = size[keep & ~touches]
        # What remains must be more than dust beside something that only touches the border.
        if inside.max(initial=0) >= 0.05 * min(shape):
            keep &= ~touches
    if keep.any():
        # Touching digits are wide, but no higher than one.
        keep &= size >= max(2, _SPECK * (bottom - top)[keep].max())
    return np.nonzero(keep)[0]


def _union(boxes: Array) -> Box:
    left, top = boxes[:, :2].min(axis=0)
    right, bottom = boxes[:, 2:].max(axis=0)
    return int(left), int(top), int(right), int(bottom)


def _merge(groups: list[list[int]], boxes: Array, small: bool) -> list[list[int]]:
    """Join groups that stand above one another, in a few rounds."""
    unions = [_union(boxes[group]) for group in groups]
    tallest = max((box[3] - box[1] for box in unions), default=0)
    # A group of this height is taken for a digit; in a small picture, only the whole is.
    tallest = 2 * tallest if small else tallest
    for _ in range(_MOST_ROUNDS):
        before = len(groups)
        first = 0
        while first < len(groups):
            rest = range(first + 1, len(groups))
            second = next((i for i in rest if _belong(unions[first], unions[i], tallest)), None)
            if second is None:
                first += 1
            else:
                groups[first] += groups.pop(second)
                del unions[second]
                unions[first] = _union(boxes[groups[first]])
        if len(groups) == before:
            break
    return groups


def _size(box: Box, tallest: int) -> int:
    """Return the longer side or, if the box is as high as a digit, the height."""
    left, top, right, bottom = box
    return bottom - top if bottom - top > _WHOLE * tallest else max(right - left, bottom - top)


def _is_flat(box: Box, tallest: int) -> bool:
    """Say whether a box is too low for a digit, or for several in a row."""
    left, top, right, bottom = box
    return right - left > _FLAT * (bottom - top) and bottom - top <= _WHOLE * tallest


def _belong(a: Box, b: Box, tallest: int) -> bool:
    """Decide whether two boxes are one digit: one above the other, or a piece beside a digit."""
    sizes = sorted(_size(box, tallest) for box in (a, b))
    across = max(a[0], b[0]) - min(a[2], b[2])
    down = max(a[1], b[1]) - min(a[3], b[3])
    # Two digits, of one line or of two, are about the same size.
    if sizes[0] > _WHOLE * sizes[1]:
        flat = any(_is_flat(box, tallest) for box in (a, b))
        reach = 0.15 * (max(a[3], b[3]) - min(a[1], b[1])) if flat else 0
        return across < 0 and down < reach and _nested(a, b)
    if -across >= _OVERLAP * min(a[2] - a[0], b[2] - b[0]):
        return down < 0.25 * sizes[1]
    return max(across, down) < _NEAR * sizes[1]


def _nested(a: Box, b: Box) -> bool:
    """Say whether two boxes that overlap share most of the narrower one's width."""
    return min(a[2], b[2]) - max(a[0], b[0]) >= _OVERLAP * min(a[2] - a[0], b[2] - b[0])


def _lines(items: list[tuple[Box, list[int]]]) -> list[list[Any]]:
    """Divide boxes into lines: a box joins a line if half of its height lies within it."""
    lines: list[list[Any]] = []
    for item in sorted(items, key=lambda item: item[0][1] + item[0][3]):
        (_, top, _, bottom), _ = item
        for line in lines:
            upper = np.median([box[1] for box, _ in line])
            lower = np.median([box[3] for box, _ in line])
            shared = min(bottom, lower) - max(top, upper)
            if shared >= 0.5 * min(bottom - top, lower - upper):
                line.append(item)
                break
        else:
            lines.append([item])
    return lines
