"""Ruled and squared paper: detection of printed lines as long, straight, thin runs."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from cnn.vision.morphology import open_runs, slide

__all__ = ["find_rules"]

Array = npt.NDArray[Any]

_LONG = 0.7  # of the side of the picture: least length of a printed line
_PIECE = 0.06  # of the same side: length of its straight pieces, if it is slightly askew
_THICK = 0.012  # of the longer side: largest thickness of a printed line
_DARKER = 0.2  # of the darkest ink: ink that crosses a line is so much darker


def find_rules(strength: Array, mask: Array) -> Array:
    """Find the printed lines of paper.

    A line consists of straight, thin pieces that together are long. Where the picture is
    darker or thicker than the line, ink crosses it, which is kept.

    Parameters
    ----------
    strength : ndarray of float32, (H, W)
        0 on paper, 1 where the ink is darkest.
    mask : ndarray of bool, (H, W)
        What stands out from the paper, lines included.

    Returns
    -------
    ndarray of bool, (H, W)
        The lines, without the ink that crosses them.
    """
    across = _horizontal(strength, mask)
    down = _horizontal(strength.T, mask.T).T
    found: Array = across | down
    return found


def _horizontal(strength: Array, mask: Array) -> Array:
    height, width = mask.shape
    least = 0.5 * _LONG * width
    if np.count_nonzero(mask.any(axis=0)) < least:
        return np.zeros(mask.shape, bool)
    thickness = max(2, round(_THICK * max(height, width)))
    # Pieces are joined across gaps left by ink and noise, and along a slight slope.
    tall = open_runs(mask, 2 * thickness + 1, axis=0)
    pieces = open_runs(mask & ~tall, max(7, round(_PIECE * width)) | 1, axis=1)
    if np.count_nonzero(pieces.any(axis=0)) < least:
        return np.zeros(mask.shape, bool)
    band = slide(pieces, 2 * thickness + 1, np.logical_or, axis=0)
    gap = max(9, round(0.12 * width)) | 1
    joined = slide(band, gap, np.logical_or, axis=1)
    covered = band.sum(axis=1)
    lines = open_runs(joined, max(15, round(_LONG * width)) | 1, axis=1)
    lines &= (covered >= least)[:, None]
    near = lines & slide(pieces, 2 * (thickness // 2) + 1, np.logical_or, axis=0)
    if not near.any():
        return near
    own = strength[pieces & lines]
    limit = float(np.median(own)) + _DARKER
    band = lines & band & mask
    found: Array = band & (strength < limit) & ~tall
    return found
