"""Dropped ink: what stands out from the paper and is no part of a candidate for a digit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from cnn.vision.components import Components, find_components
from cnn.vision.segment import DropReason, Segmented

__all__ = ["Dropped", "WhyDropped", "list_dropped", "list_removed", "scale_box"]

Array = npt.NDArray[Any]
Box = tuple[int, int, int, int]

#: Why ink is dropped: as for components, or since it is a printed line of the paper, or since the
#: page map, or its shape in the case of a frame or a ring, says that it is other ink.
WhyDropped: TypeAlias = Literal[DropReason, "ruling"]

_MOST = 100  # pieces, the largest ones
_LEAST = 2  # pixels of the longer side


@dataclass(frozen=True)
class Dropped:
    """A piece of ink that is no part of a candidate for a digit.

    Attributes
    ----------
    box : (int, int, int, int)
        Left, top, width, height in pixels of the whole picture, upright.
    why : str
        "faint", "cut_off", "small", "ruling" or "other_ink".
    fill : float
        The share of its box that it covers, 0 to 1: about 0.8 for a disc.
    """

    box: Box
    why: WhyDropped
    fill: float


def list_dropped(
    segmented: Segmented, shape: tuple[int, int], size: tuple[int, int]
) -> tuple[Dropped, ...]:
    """List the components that are no part of a glyph, at most 100.

    Parameters
    ----------
    segmented : Segmented
        What a mask was divided into.
    shape : (int, int)
        Height and width of the mask.
    size : (int, int)
        Width and height of the whole picture.
    """
    return _describe(segmented.components, segmented.dropped, shape, size)


def list_removed(removed: Array, size: tuple[int, int], *, is_ruling: bool) -> tuple[Dropped, ...]:
    """List what was removed from a mask, at most 100 pieces.

    Parameters
    ----------
    removed : ndarray of bool, (H, W)
        The ink that was removed.
    size : (int, int)
        Width and height of the whole picture.
    is_ruling : bool
        Whether it is printed lines of the paper: they are listed as one.
    """
    height, width = removed.shape
    if is_ruling:
        rows, columns = (np.flatnonzero(removed.any(axis=axis)) for axis in (1, 0))
        if not len(rows):
            return ()
        box = (int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)
        fill = float(removed.sum()) / ((box[2] - box[0]) * (box[3] - box[1]))
        return (Dropped(scale_box(box, (height, width), size), "ruling", fill),)
    components = find_components(removed)
    reasons: dict[int, WhyDropped] = dict.fromkeys(range(len(components)), "other_ink")
    return _describe(components, reasons, (height, width), size)


def _describe(
    components: Components,
    reasons: dict[int, Any],
    shape: tuple[int, int],
    size: tuple[int, int],
) -> tuple[Dropped, ...]:
    left, top, right, bottom = components.boxes.T
    longest = np.maximum(right - left, bottom - top)
    large = sorted((part for part in reasons if longest[part] >= _LEAST), key=lambda p: -longest[p])
    fill = components.area / ((right - left) * (bottom - top))
    return tuple(
        Dropped(
            scale_box(tuple(components.boxes[part].tolist()), shape, size),
            reasons[part],
            float(fill[part]),
        )
        for part in large[:_MOST]
    )


def scale_box(box: Box, shape: tuple[int, int], size: tuple[int, int]) -> Box:
    """Bring a box of a mask to the whole picture.

    Parameters
    ----------
    box : (int, int, int, int)
        Left, top, right, bottom in the mask; right and bottom are exclusive.
    shape : (int, int)
        Height and width of the mask.
    size : (int, int)
        Width and height of the whole picture.

    Returns
    -------
    (int, int, int, int)
        Left, top, width, height in pixels of the picture.
    """
    across, down = size[0] / shape[1], size[1] / shape[0]
    left, top, right, bottom = box
    return (
        round(left * across),
        round(top * down),
        max(1, round((right - left) * across)),
        max(1, round((bottom - top) * down)),
    )
