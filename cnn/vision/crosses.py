"""Crosses: plus and times signs, which look the same when they are turned by a right angle."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

__all__ = ["is_cross"]

Array = npt.NDArray[Any]

_SIDE = 33  # pixels, odd: a piece of ink is looked at in so many
_SQUARE = 0.7  # shorter by longer side, at least
_INK = 0.3  # of the darkest: what is as dark is ink
_ALIKE = 0.65  # share of ink, upright or turned, that both have in common
_MIDDLE = 1  # pixels around the middle, all of which are ink
_WAY = np.linspace(0, 2 * np.pi, 96, endpoint=False)
_RADIUS = 0.75  # of half a side: a circle that crosses each arm once
_ARMS = 4


def is_cross(ink: Array) -> bool:
    """Say whether a piece of ink is two strokes of one length that cross in their middles.

    Parameters
    ----------
    ink : ndarray of uint8, (H, W)
        The piece, bright ink on 0, that fills its box.
    """
    shorter, longer = sorted(ink.shape)
    if shorter < _SQUARE * longer:
        return False
    mask = (ink > _INK * ink.max()).view(np.uint8) * 255
    small = np.asarray(Image.fromarray(mask).resize((_SIDE, _SIDE), Image.Resampling.BOX)) > 127
    turned = np.rot90(small)
    if np.count_nonzero(small & turned) < _ALIKE * np.count_nonzero(small | turned):
        return False
    half = _SIDE // 2
    middle = slice(half - _MIDDLE, half + _MIDDLE + 1)
    if not small[middle, middle].all():
        return False
    rows, columns = (np.rint(half * (1 + _RADIUS * f(_WAY))).astype(int) for f in (np.sin, np.cos))
    around = small[rows, columns]
    return bool(np.count_nonzero(around & ~np.roll(around, 1)) == _ARMS)
