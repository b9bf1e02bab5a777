"""Ruled and squared paper: detection of printed lines as long, straight, thin runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from cnn.vision.morphology import open_runs, slide

__all__ = ["find_rules"]

Array = npt.NDArray[Any]

_LONG = 0.7  # of the side of the picture: least length of a printed line
_LEAST = 0.5 * _LONG  # of the same: straight pieces of it, together
_THICK = 0.012  # of the longer side: largest thickness of a printed line
_DARKER = 0.2  # of the darkest ink: ink that crosses a line is so much darker


class _Sought(NamedTuple):
    """Which lines are looked for.

    Straight pieces are at least so long, and gaps that ink leaves between them at most, as shares
    of the side of the picture; so many lines are hardly interrupted.
    """

    piece: float
    gap: float
    whole: int


_SINGLE = _Sought(piece=0.06, gap=0.12, whole=0)
# Where there are several whole ones, the others may be covered by what is written along them.
_RULING = _Sought(piece=0.03, gap=0.5, whole=3)


def find_rules(strength: Array, mask: Array, *, single: bool) -> Array:
    """Find the printed lines of paper.

    A line consists of straight, thin pieces that together are long. Where the picture is
    darker or thicker than the line, ink crosses it, which is kept.

    Parameters
    ----------
    strength : ndarray of float32, (H, W)
        0 on paper, 1 where the ink is darkest.
    mask : ndarray of bool, (H, W)
        What stands out from the paper, lines included.
    single : bool
        Whether a line may be alone: in a picture without noise, it may be drawn as well.

    Returns
    -------
    ndarray of bool, (H, W)
        The lines, without the ink that crosses them.
    """
    sought = (_SINGLE, _RULING) if single else (_RULING,)
    across = _horizontal(strength, mask, sought)
    down = _horizontal(strength.T, mask.T, sought).T
    found: Array = across | down
    return found


def _horizontal(strength: Array, mask: Array, sought: Sequence[_Sought]) -> Array:
    height, width = mask.shape
    found = np.zeros(mask.shape, bool)
    if _columns_of(mask) < _LEAST * width:
        return found
    thickness = max(2, round(_THICK * max(height, width)))
    tall = open_runs(mask, 2 * thickness + 1, axis=0)
    flat = mask & ~tall
    if _columns_of(flat) < _LEAST * width:
        return found
    for one in sought:
        lines = _find_lines(flat, thickness, one)
        if lines is not None:
            band, pieces = lines
            found |= band & flat & (strength < float(np.median(strength[pieces])) + _DARKER)
    return found


def _columns_of(mask: Array) -> int:
    return int(np.count_nonzero(mask.any(axis=0)))


def _find_lines(flat: Array, thickness: int, sought: _Sought) -> tuple[Array, Array] | None:
    """Return where lines are, and their straight pieces; None if there are none.

    `flat` is ink without what is too tall for a line.
    """
    width = flat.shape[1]
    # Pieces are joined across gaps left by ink and noise, and along a slight slope.
    pieces = open_runs(flat, max(7, round(sought.piece * width)) | 1, axis=1)
    if _columns_of(pieces) < _LEAST * width:
        return None
    band = slide(pieces, 2 * thickness + 1, np.logical_or, axis=0)
    covered = band.sum(axis=1)
    whole = (covered >= _LONG * width).astype(np.int8)
    if np.count_nonzero(np.diff(whole, prepend=0) == 1) < sought.whole:
        return None
    joined = slide(band, max(9, round(sought.gap * width)) | 1, np.logical_or, axis=1)
    lines = open_runs(joined, max(15, round(_LONG * width)) | 1, axis=1)
    lines &= (covered >= _LEAST * width)[:, None]
    pieces &= lines
    return (lines & band, pieces) if pieces.any() else None
