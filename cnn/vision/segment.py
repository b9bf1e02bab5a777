"""Segmentation: from a mask of ink to digits in reading order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from cnn.vision.components import Components, find_components
from cnn.vision.lines import divide_lines
from cnn.vision.rings import find_eights, find_faces, find_rings
from cnn.vision.small_rows import find_small_rows

__all__ = ["MOST_GLYPHS", "DropReason", "Glyph", "Segmented", "find_glyphs"]

Array = npt.NDArray[Any]
Box = tuple[int, int, int, int]

#: Why a component is no part of a digit: nowhere dark, at the edge of a photograph, much smaller
#: than the digits, or a ring round them.
DropReason: TypeAlias = Literal["faint", "cut_off", "small", "other_ink"]

#: Most digits that are read at once; a picture with more is refused.
MOST_GLYPHS = 200

_SPECK = 0.2  # of the tallest component: what is smaller in both directions is dust
_OVERLAP = 0.5  # of the narrower component's width: overlap of two that are one digit
_WHOLE = 0.6  # of the larger component: what is smaller may be a piece of it
# Of a large digit: size of the smallest with all its pieces; the same where a page map has guided.
_SCRAP, _SCRAP_GUIDED = 0.4, 0.3
# Width by height: a slimmer one beside a digit may be a piece of a line, or of the digit.
_SLIM, _SLIM_GUIDED = 0.3, 0.4
# Of a digit's height: size of a point beside it, its way from the base line, and from the digit.
_LARGEST_POINT, _ON_BASE, _BESIDE = 0.35, 0.2, 0.8
_DARK, _DARK_SHARE = 0.5, 0.08  # least darkness of a stroke, and least share that is so dark
_FLAT = 1.2  # width by height: the bar of a five, no digit
_BAR = 0.5  # of the tallest component: what is higher, such as a wide nought, is no bar
# Where so many are about as tall as the tallest component, nothing so much taller is one digit.
_SEVERAL, _TWO_LINES = 5, 1.6
_ROOM = 0.06  # of a digit's height: least room between it and a sign
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


class Segmented(NamedTuple):
    """What a mask of ink was divided into.

    Attributes
    ----------
    glyphs : list of Glyph
        Line by line from the top, each from the left; unordered if more than `MOST_GLYPHS`.
    components : Components
        The components that `Glyph.parts` refers to.
    dropped : dict of int to str
        The components that are no part of a glyph, and why.
    """

    glyphs: list[Glyph]
    components: Components
    dropped: dict[int, DropReason]


def find_glyphs(
    mask: Array,
    strength: Array,
    *,
    photograph: bool,
    small: bool = False,
    guided: bool = False,
) -> Segmented:
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
    guided : bool
        Whether there is hardly anything but digits: then a small piece beside a digit may be one.

    Returns
    -------
    Segmented
    """
    components = find_components(mask)
    dark = components.mean(strength > _DARK)
    kept, dropped = _plausible(components, dark, mask.shape, photograph)
    if len(kept) <= _MOST_PARTS:
        rings = find_rings(components, kept, mask.shape)
        dropped |= {int(part): "other_ink" for part in rings}
        kept = np.setdiff1d(kept, rings)
        likely = [*find_eights(components, kept, mask.shape), *find_faces(components, kept)]
    else:
        likely = []
    groups: list[list[int]] = []
    joined: set[int] = set()
    for group in likely:
        if joined.isdisjoint(group):
            groups.append([*group])
            joined.update(group)
    groups += [[int(part)] for part in kept if part not in joined]
    dropped = {part: why for part, why in dropped.items() if part not in joined}
    if len(groups) <= _MOST_PARTS:
        rows = find_small_rows(components.boxes[kept], least=3 if small else 2)
        own = frozenset(int(part) for part in kept[rows])
        groups = _merge(groups, components.boxes, small, own, guided)
        if not small:
            groups = [_without_sign(group, components) for group in groups]
            groups = _without_points(groups, components)
        least = _SCRAP_GUIDED if guided else _SCRAP
        groups = _without_scraps(groups, components.boxes, own, least)
    whole = {part for group in groups for part in group}
    dropped |= {int(part): "small" for part in kept if part not in whole}
    if len(groups) > MOST_GLYPHS:
        glyphs = [Glyph(_union(components.boxes[one]), 0, tuple(one)) for one in groups]
        return Segmented(glyphs, components, dropped)
    lines = divide_lines([(_union(components.boxes[group]), group) for group in groups])
    glyphs = [
        Glyph(box, number, tuple(group))
        for number, line in enumerate(lines)
        for box, group in sorted(line)
    ]
    return Segmented(glyphs, components, dropped)


def _without_scraps(
    groups: list[list[int]], boxes: Array, own: frozenset[int], share: float
) -> list[list[int]]:
    """Drop groups that are much smaller than the digits around them, and no row of their `own`."""
    if len(groups) < 2:
        return groups
    unions = np.array([_union(boxes[group]) for group in groups])
    heights = unions[:, 3] - unions[:, 1]
    least = share * float(np.quantile(heights, 0.75, method="higher"))
    return [
        group
        for group, height in zip(groups, heights, strict=True)
        if height >= least or own.intersection(group)
    ]


def _plausible(
    components: Components, dark: Array, shape: tuple[int, int], photograph: bool
) -> tuple[Array, dict[int, DropReason]]:
    """Return the components that are neither dust nor a photograph's frame, and the others."""
    left, top, right, bottom = components.boxes.T
    size = np.maximum(right - left, bottom - top)
    keep = dark >= _DARK_SHARE
    dropped: dict[int, DropReason] = {int(part): "faint" for part in np.flatnonzero(~keep)}
    if photograph:
        height, width = shape
        touches = (left == 0) | (top == 0) | (right == width) | (bottom == height)
        inside = size[keep & ~touches]
        # What remains must be more than dust beside something that only touches the border.
        if inside.max(initial=0) >= 0.05 * min(shape):
            dropped |= {int(part): "cut_off" for part in np.flatnonzero(keep & touches)}
            keep &= ~touches
    if keep.any():
        # Touching digits are wide, but no higher than one.
        large = size >= max(2, _SPECK * (bottom - top)[keep].max())
        dropped |= {int(part): "small" for part in np.flatnonzero(keep & ~large)}
        keep &= large
    return np.flatnonzero(keep), dropped


def _union(boxes: Array) -> Box:
    left, top = boxes[:, :2].min(axis=0)
    right, bottom = boxes[:, 2:].max(axis=0)
    return int(left), int(top), int(right), int(bottom)


def _merge(
    groups: list[list[int]], boxes: Array, small: bool, own: frozenset[int], guided: bool
) -> list[list[int]]:
    """Join groups that stand above one another, in a few rounds.

    Components in a row of their `own` are no pieces of what is outside of it.
    """
    unions = [_union(boxes[group]) for group in groups]
    tallest = max((box[3] - box[1] for box in unions), default=0)
    several = sum(box[3] - box[1] > _WHOLE * tallest for box in unions) >= _SEVERAL
    most = _TWO_LINES * tallest if several and not small else np.inf
    # A group of this height is taken for a digit; in a small picture, only the whole is.
    tallest = 2 * tallest if small else tallest
    for _ in range(_MOST_ROUNDS):
        before = len(groups)
        first = 0
        while first < len(groups):
            rest = range(first + 1, len(groups))
            second = next(
                (
                    i
                    for i in rest
                    if _belong(unions[first], unions[i], tallest, guided)
                    and _height_of_both(unions[first], unions[i]) <= most
                    and not _is_apart((groups[first], unions[first]), (groups[i], unions[i]), own)
                ),
                None,
            )
            if second is None:
                first += 1
            else:
                groups[first] += groups.pop(second)
                del unions[second]
                unions[first] = _union(boxes[groups[first]])
        if len(groups) == before:
            break
    return groups


def _height_of_both(a: Box, b: Box) -> int:
    return max(a[3], b[3]) - min(a[1], b[1])


def _is_apart(a: tuple[list[int], Box], b: tuple[list[int], Box], own: frozenset[int]) -> bool:
    """Say whether one of two groups is a digit of a small row, and the other no piece of it."""
    heights = [box[3] - box[1] for _, box in (a, b)]
    small = [not own.isdisjoint(group) for group, _ in (a, b)]
    return all(small) or (any(small) and heights[small.index(True)] < max(heights))


def _without_sign(group: list[int], components: Components) -> list[int]:
    """Return a digit's components without a comma, a point or a dash close beside it."""
    for part in group if len(group) > 1 else ():
        rest = [other for other in group if other != part]
        box = _union(components.boxes[[part]])
        if _is_sign(box, _union(components.boxes[rest]), components.area[part]):
            return rest
    return group


def _without_points(groups: list[list[int]], components: Components) -> list[list[int]]:
    """Return digits without the points of the line above, which stand on its base line."""
    unions = [_union(components.boxes[group]) for group in groups]
    return [
        [part for part in group if not _is_point_above(part, group, components, unions)]
        if len(group) > 1
        else group
        for group in groups
    ]


def _is_point_above(
    part: int, group: list[int], components: Components, unions: Sequence[Box]
) -> bool:
    """Say whether a component above the rest of its digit is a point beside a digit of `unions`."""
    left, top, right, bottom = components.boxes[part]
    rest = _union(components.boxes[[other for other in group if other != part]])
    area = components.area[part]
    if bottom >= rest[1] or not _is_round((left, top, right, bottom), area, rest[3] - rest[1]):
        return False
    return any(
        abs(box[3] - bottom) <= _ON_BASE * (box[3] - box[1])
        and bottom - top <= _LARGEST_POINT * (box[3] - box[1])
        and 0 < max(left - box[2], box[0] - right) <= _BESIDE * (box[3] - box[1])
        for box in unions
    )


def _is_round(box: Box, area: int, tall: int) -> bool:
    """Say whether a component is a filled blob, small beside a digit that is so tall."""
    left, top, right, bottom = box
    width, height = right - left, bottom - top
    return bool(
        max(width, height) <= min(1.5 * min(width, height), _LARGEST_POINT * tall)
        and area >= 0.65 * width * height
    )


def _is_sign(box: Box, digit: Box, area: int) -> bool:
    """Say whether a box beside a digit, with room between, is a comma, a point or a dash."""
    left, top, right, bottom = box
    width, height, tall = right - left, bottom - top, digit[3] - digit[1]
    if max(left - digit[2], digit[0] - right) < _ROOM * tall:
        return False
    level = ((top + bottom) / 2 - digit[1]) / tall
    below = (bottom - digit[3]) / tall
    is_dash = width >= 2 * height and 0.2 <= width / tall <= 0.9 and 0.3 <= level <= 0.7
    is_comma = below >= 0.08 and top > digit[1] + 0.6 * tall and height <= 0.5 * tall
    is_point = _is_round(box, area, tall) and abs(below) <= 0.12
    return is_dash or is_comma or is_point


def _size(box: Box, tallest: int) -> int:
    """Return the longer side or, if the box is as high as a digit, the height."""
    left, top, right, bottom = box
    return bottom - top if bottom - top > _WHOLE * tallest else max(right - left, bottom - top)


def _is_flat(box: Box, tallest: int) -> bool:
    """Say whether a box is too low for a digit, or for several in a row."""
    left, top, right, bottom = box
    return right - left > _FLAT * (bottom - top) and bottom - top <= _BAR * tallest


def _belong(a: Box, b: Box, tallest: int, guided: bool) -> bool:
    """Decide whether two boxes are one digit: one above the other, or a piece beside a digit."""
    across = max(a[0], b[0]) - min(a[2], b[2])
    down = max(a[1], b[1]) - min(a[3], b[3])
    # Of a page nearly all pairs are so far apart.
    if across >= _NEAR * max(a[2] - a[0], a[3] - a[1], b[2] - b[0], b[3] - b[1]):
        return False
    sizes = sorted(_size(box, tallest) for box in (a, b))
    # Two digits, of one line or of two, are about the same size.
    if sizes[0] > _WHOLE * sizes[1]:
        flat = any(_is_flat(box, tallest) for box in (a, b))
        reach = 0.15 * _height_of_both(a, b) if flat else 0
        return across < 0 and down < reach and _nested(a, b)
    if -across >= _OVERLAP * min(a[2] - a[0], b[2] - b[0]):
        return down < 0.25 * sizes[1]
    if across > 0 and (_may_be_raised(a, b) or (guided and _may_be_small(a, b))):
        return False
    return max(across, down) < _NEAR * sizes[1]


def _may_be_raised(a: Box, b: Box) -> bool:
    """Say whether the lower of two boxes may be a digit behind the other one, as an exponent is.

    If it is none, `cnn.reading.joining` puts both together, by what the network says of them.
    """
    small, large = sorted((a, b), key=lambda box: box[3] - box[1])
    width, height, tall = small[2] - small[0], small[3] - small[1], large[3] - large[1]
    return (
        height >= _SCRAP * tall
        and _SLIM * height <= width <= _FLAT * height
        and small[0] >= large[2]
        and small[1] <= large[1] + 0.2 * tall
        and small[3] <= large[1] + 0.7 * tall
    )


def _may_be_small(a: Box, b: Box) -> bool:
    """Say whether the lower of two boxes may be a small digit beside the other one."""
    small, large = sorted((a, b), key=lambda box: box[3] - box[1])
    width, height, tall = small[2] - small[0], small[3] - small[1], large[3] - large[1]
    return height >= _SCRAP_GUIDED * tall and _SLIM_GUIDED * height <= width <= _FLAT * height


def _nested(a: Box, b: Box) -> bool:
    """Say whether two boxes that overlap share most of the narrower one's width."""
    return min(a[2], b[2]) - max(a[0], b[0]) >= _OVERLAP * min(a[2] - a[0], b[2] - b[0])
