"""Ruled and squared paper: lines found as long, straight, thin runs, and taken out."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from cnn.vision.morphology import open_runs, slide

__all__ = ["find_rules"]

Array = npt.NDArray[Any]

_LONG = 0.7  # of the side of the picture: a printed line goes on at least so far
_PIECE = 0.06  # of the same side: nearly straight pieces of it, if it is a little askew
_THICK = 0.012  # of the longer side: a printed line is no thicker
_DARKER = 0.2  # of the darkest ink: what is so much darker than the line crosses it


def find_rules(strength: Array, mask: Array) -> Array:
    """Find the lines that are printed on paper.

    A line is made of straight, thin pieces that together go on for long. Where ink
    crosses it, the picture is darker than the line or thicker than it, and is kept.

    Parameters
    ----------
    strength : ndarray of float32, (H, W)
        0 on paper, 1 where the ink is darkest.
    mask : ndarray of bool, (H, W)
        What stands out from the paper, lines and all.

    Returns
    -------
    ndarray of bool, (H, W)
        The lines, without the ink on them.
    """
    across = _horizontal(strength, mask)
    down = _horizontal(strength.T, mask.T).T
    found: Array = across | down
    return found


def _horizontal(strength: Array, mask: Array) -> Array:
    height, width = mask.shape
    thickness = max(2, round(_THICK * max(height, width)))
    # Pieces, joined over the gaps that ink and noise leave, and over a slight slope.
    tall = open_runs(mask, 2 * thickness + 1, axis=0)
    pieces = open_runs(mask & ~tall, max(7, round(_PIECE * width)) | 1, axis=1)
    rows = np.flatnonzero(pieces.any(axis=1))
    if not len(rows):
        return pieces
    band = slide(pieces, 2 * thickness + 1, np.logical_or, axis=0)
    gap = max(9, round(0.12 * width)) | 1
    joined = slide(band, gap, np.logical_or, axis=1)
    covered = band.sum(axis=1)
    lines = open_runs(joined, max(15, round(_LONG * width)) | 1, axis=1)
    lines &= (covered >= 0.5 * _LONG * width)[:, None]
    near = lines & slide(pieces, 2 * (thickness // 2) + 1, np.logical_or, axis=0)
    if not near.any():
        return near
    own = strength[pieces & lines]
    limit = float(np.median(own)) + _DARKER
    band = lines & band & mask
    found: Array = band & (strength < limit) & ~tall
    return found
