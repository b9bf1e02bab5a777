"""Rings: round a digit or a number, the two of an 8 that do not touch, and the outline of a face.

A nought goes round nothing, but for a dot or a straight stroke, by which some tell it from an O.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from cnn.vision.components import Components, find_components

__all__ = ["find_eights", "find_faces", "find_rings", "is_face"]

Array = npt.NDArray[Any]

_LEAST_SIDE = 12  # pixels: smaller components are not looked at
_MOST, _WORK = 20, 3  # components that are looked at, and pixels in all, by those of the picture
_TALL = 0.3  # of its height: least height of something within
_MIDDLE = 0.6  # of the way from the middle to the edge: there are so few of its points
_WITHIN = 0.02
_SECTORS, _ALL_ROUND = 24, 0.85  # of the directions from the middle: in so many it has ink
# Deviations from the line through a stroke, by those along it: it is straight. It is a nought's if
# that is so narrow, width by height, or the stroke so tall.
_STRAIGHT, _NARROW, _LONG = 0.2, 0.8, 0.62
# An 8 of two rings: so wide by its height is each, so near are they, by the height of both, and so
# large is the smaller one, by the other. Of noughts in two rows, others stand beside one alone.
_SQUAT, _NEAR, _ALIKE = 0.75, 0.1, 0.55
_HOLE = 0.35  # as `_MIDDLE`: a thick pen leaves no more
_BESIDE, _LEVEL = 3.0, 0.6
# A face: so many features, each so long by its height; eyes so far above, a mouth so wide by it.
_FEWEST, _MOST_FEATURES, _FEATURE = 3, 8, 0.06
_EYES, _MOUTH = 0.55, 0.22
_MOST_PAIRS = 100_000  # of an outline and what may be a feature
_INK = 0.3  # darkness


def find_rings(components: Components, some: Array, shape: tuple[int, int]) -> Array:
    """Return those of some components that are rings, or boxes, round others of them.

    Parameters
    ----------
    components : Components
        Of the ink.
    some : ndarray of int64, (N,)
        Numbers of those that may be digits, or rings round such.
    shape : (int, int)
        Height and width of the picture.

    Returns
    -------
    ndarray of int64, (M,)
    """
    boxes = components.boxes[some]
    left, top, right, bottom = boxes.T
    wide, tall = right - left, bottom - top
    holds = (
        (left[:, None] < left)
        & (top[:, None] < top)
        & (right[:, None] > right)
        & (bottom[:, None] > bottom)
    )
    likely = np.flatnonzero((holds & (tall >= _TALL * tall[:, None])).any(axis=1))
    likely = likely[np.minimum(wide, tall)[likely] >= _LEAST_SIDE]
    likely = likely[np.argsort(-(wide * tall)[likely], kind="stable")[:_MOST]]
    likely = likely[np.cumsum((wide * tall)[likely]) <= _WORK * shape[0] * shape[1]]
    found = [
        at
        for at in likely
        if _is_round(_draw(components, some[at]))
        and not _is_nought(components, some[at], some[holds[at]])
    ]
    rings: Array = some[found]
    return rings


def find_eights(
    components: Components, some: Array, shape: tuple[int, int]
) -> list[tuple[int, int]]:
    """Return pairs of some components that are an 8 of two rings that do not touch.

    Parameters are those of `find_rings`. The upper of both is named first.
    """
    boxes = components.boxes[some]
    left, top, right, bottom = boxes.T
    wide, tall = right - left, bottom - top
    gap = top - bottom[:, None]  # below the one of the row, above that of the column
    both = bottom - top[:, None]
    overlap = np.minimum(right, right[:, None]) - np.maximum(left, left[:, None])
    sizes = np.minimum(wide, tall)
    squat = (wide >= _SQUAT * tall) & (sizes >= _LEAST_SIDE) & (tall >= _SQUAT * wide)
    likely = (
        (np.abs(gap) <= _NEAR * both)
        & (overlap >= _ALIKE * np.minimum(wide, wide[:, None]))
        & (np.minimum(tall, tall[:, None]) >= _ALIKE * np.maximum(tall, tall[:, None]))
        & squat
        & squat[:, None]
    )
    pairs = [(int(upper), int(lower)) for upper, lower in np.argwhere(likely)]
    chosen = [
        pair
        for pair in pairs
        if sum(bool({*pair} & {*other}) for other in pairs) == 1
        and not any(_stands_in_row(boxes, one, pair) for one in pair)
    ][:_MOST]
    area = np.cumsum([sum((wide * tall)[[*pair]]) for pair in chosen])
    return [
        (int(some[upper]), int(some[lower]))
        for (upper, lower), work in zip(chosen, area, strict=True)
        if work <= _WORK * shape[0] * shape[1]
        and all(_is_round(_draw(components, some[one]), _HOLE) for one in (upper, lower))
    ]


def find_faces(components: Components, some: Array) -> list[list[int]]:
    """Return the faces whose outline is one of some components: the outline, then its features.

    Two eyes are above a mouth, and hardly more is within. Where there is very much ink, none is
    looked for.

    Parameters
    ----------
    components : Components
        Of the ink.
    some : ndarray of int64, (N,)
        Numbers of those that may be digits, or outlines.
    """
    if len(some) * len(components) > _MOST_PAIRS:
        return []
    left, top, right, bottom = components.boxes.T
    wide, tall = (right - left)[some, None], (bottom - top)[some, None]
    within = (
        (left > left[some, None])
        & (top > top[some, None])
        & (right < right[some, None])
        & (bottom < bottom[some, None])
        & (np.maximum(right - left, bottom - top) >= _FEATURE * tall)
    )
    across = ((left + right) / 2 - left[some, None]) / wide
    down = ((top + bottom) / 2 - top[some, None]) / tall
    eyes = within & (down < _EYES)
    mouths = within & (down > 0.5) & (right - left >= _MOUTH * wide)
    many = within.sum(axis=1)
    likely = (
        (many >= _FEWEST)
        & (many <= _MOST_FEATURES)
        & (eyes & (across < 0.5)).any(axis=1)
        & (eyes & (across > 0.5)).any(axis=1)
        & mouths.any(axis=1)
        & (np.minimum(wide, tall)[:, 0] >= _LEAST_SIDE)
    )
    return [
        [int(some[at]), *map(int, np.flatnonzero(within[at]))]
        for at in np.flatnonzero(likely)[:_MOST]
        if _is_round(_draw(components, some[at]), _HOLE)
    ]


def is_face(ink: Array) -> bool:
    """Say whether what was taken for one digit is a face.

    Parameters
    ----------
    ink : ndarray of uint8, (H, W)
        Ink (255) on 0.
    """
    components = find_components(ink > _INK * 255)
    return bool(find_faces(components, np.arange(len(components))))


def _stands_in_row(boxes: Array, one: int, pair: tuple[int, int]) -> bool:
    """Say whether something about as tall as one of a pair stands beside it, on its level."""
    left, top, right, bottom = boxes.T
    wide, tall = right - left, bottom - top
    level = np.minimum(bottom, bottom[one]) - np.maximum(top, top[one])
    away = np.maximum(left - right[one], left[one] - right)
    beside = (
        (level >= _LEVEL * np.maximum(tall, tall[one])) & (away <= _BESIDE * wide[one]) & (tall > 0)
    )
    beside[[*pair]] = False
    return bool(beside.any())


def _draw(components: Components, one: int) -> Array:
    left, top, right, bottom = components.boxes[one]
    return components.draw(np.array([one]), slice(top, bottom), slice(left, right))


def _is_round(mask: Array, middle: float = _MIDDLE) -> bool:
    """Say whether ink lies all round the middle of its box, and hardly any in it."""
    down, across = (
        (at + 0.5) / side * 2 - 1 for at, side in zip(np.nonzero(mask), mask.shape, strict=True)
    )
    if np.mean(np.hypot(down, across) < middle) > _WITHIN:
        return False
    sectors = (np.arctan2(down, across) / (2 * np.pi) * _SECTORS).astype(np.intp) % _SECTORS
    return len(np.unique(sectors)) >= _ALL_ROUND * _SECTORS


def _is_nought(components: Components, one: int, within: Array) -> bool:
    """Say whether what is within is a straight stroke as of a nought's."""
    wide, tall = _size(components, one)
    heights = np.array([_size(components, each)[1] for each in within])
    large = within[heights >= _TALL * tall]
    if len(large) != 1:
        return False
    shares = np.linalg.eigvalsh(np.cov(np.nonzero(_draw(components, large[0])), bias=True))
    is_straight = bool(np.sqrt(max(shares[0], 0)) < _STRAIGHT * np.sqrt(shares[1]))
    return is_straight and (wide < _NARROW * tall or heights.max() > _LONG * tall)


def _size(components: Components, one: int) -> tuple[int, int]:
    left, top, right, bottom = components.boxes[one]
    return right - left, bottom - top
