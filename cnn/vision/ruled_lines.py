"""Ruled and squared paper: detection of printed lines as long, straight, thin runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from cnn.vision.morphology import open_runs, slide

__all__ = ["find_rules"]

Array = npt.NDArray[Any]

_LONG = 0.7  # of the side of the picture: least length of a printed line
_LEAST = 0.5 * _LONG  # of the same: straight pieces of it, together
_THICK = 0.012  # of the longer side: largest thickness of a printed line
_DARKER = 0.2  # of the darkest ink: ink that crosses a line is so much darker
# Of the side: straight pieces of a line by itself, and gaps that ink leaves between them; the same
# of a ruling, of which some lines are seen so far that strokes may lie along the others.
_PIECE, _GAP = 0.06, 0.12
_PIECE_OF_RULING, _GAP_OF_RULING = 0.03, 0.5
_INKED = 0.9  # of the side: a line that is not interrupted, but for what crosses it
_FEWEST = 3  # such lines make a ruling


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
        Whether a line may be by itself: in a picture without noise, it may be drawn as well.
        Otherwise there are several, or one that crosses them, as a margin does.

    Returns
    -------
    ndarray of bool, (H, W)
        The lines, without the ink that crosses them.
    """
    least = _LEAST if single else _LONG
    across, down = (
        _Direction.of(darkness, ink, least)
        for darkness, ink in ((strength, mask), (strength.T, mask.T))
    )
    lines = [one.find_ruling(_FEWEST) for one in (across, down)]
    if (lines[0] is None) != (lines[1] is None):
        lines = [
            one.find_ruling(1) if found is None else found
            for one, found in zip((across, down), lines, strict=True)
        ]
    if single:
        lines = [
            one.find_single() if found is None else found
            for one, found in zip((across, down), lines, strict=True)
        ]
    rules = np.zeros(mask.shape, bool)
    for found, turned in zip(lines, (rules, rules.T), strict=True):
        if found is not None:
            turned |= found
    return rules


@dataclass(frozen=True)
class _Direction:
    """A picture in which horizontal lines are looked for.

    Attributes
    ----------
    strength : ndarray of float32, (H, W)
        Darkness.
    mask, flat : ndarray of bool, (H, W)
        Ink, and that of it which is not too tall for a line.
    thickness : int
        Largest thickness of a line, in pixels.
    """

    strength: Array
    mask: Array
    flat: Array
    thickness: int

    @classmethod
    def of(cls, strength: Array, mask: Array, least: float) -> _Direction:
        """Look at a picture in which ink reaches at least so far, as a share of its width."""
        thickness = max(2, round(_THICK * max(mask.shape)))
        if not _reaches_far(mask, least):
            return cls(strength, mask, np.zeros(mask.shape, bool), thickness)
        flat = mask & ~open_runs(mask, 2 * thickness + 1, axis=0)
        return cls(strength, mask, flat, thickness)

    def find_single(self) -> Array | None:
        """Find lines that are hardly interrupted, each by itself."""
        straight = self._straight(self.flat, _PIECE)
        if straight is None:
            return None
        pieces, band, covered = straight
        lines = _join(band, covered, _GAP)
        own = self.strength[pieces & lines]
        if not len(own):
            return None
        found: Array = lines & band & self.flat & (self.strength < np.median(own) + _DARKER)
        return found

    def find_ruling(self, fewest: int) -> Array | None:
        """Find lines if so many are whole: the others are as thin and as pale as those."""
        width = self.mask.shape[1]
        straight = self._straight(self.flat, _PIECE_OF_RULING)
        if straight is None:
            return None
        pieces, _, covered = straight
        inked = slide(self.mask, 3, np.logical_or, axis=0).sum(axis=1) >= _INKED * width
        whole = (covered >= _LONG * width) | (inked & (covered >= _LEAST * width))
        own = pieces & whole[:, None]
        if np.count_nonzero(np.diff(whole.astype(np.int8), prepend=0) == 1) < fewest:
            return None
        tops = int(np.count_nonzero(np.diff(own.view(np.int8), axis=0, prepend=0) == 1))
        thin = 2 * -(-int(np.count_nonzero(own)) // max(tops, 1)) + 1
        paler = self.strength < np.median(self.strength[own]) + _DARKER
        slim = self.flat & paler & ~open_runs(self.flat, thin, axis=0)
        straight = self._straight(slim, _PIECE_OF_RULING)
        if straight is None:
            return None
        pieces, band, covered = straight
        lines = _join(band, covered, _GAP_OF_RULING)
        # Between two strokes that cross it, a piece of a line is short.
        along = slide(pieces & lines, round(_GAP_OF_RULING * width) | 1, np.logical_or, axis=1)
        found: Array = lines & (band | along) & slim
        return found if found.any() else None

    def _straight(self, flat: Array, piece: float) -> tuple[Array, Array, Array] | None:
        """Return straight pieces, the same thicker by a slight slope, and its points by row."""
        if not _reaches_far(flat):
            return None
        pieces = open_runs(flat, max(7, round(piece * flat.shape[1])) | 1, axis=1)
        band = slide(pieces, 2 * self.thickness + 1, np.logical_or, axis=0)
        return pieces, band, band.sum(axis=1)


def _reaches_far(mask: Array, least: float = _LEAST) -> bool:
    return bool(np.count_nonzero(mask.any(axis=0)) >= least * mask.shape[1])


def _join(band: Array, covered: Array, gap: float) -> Array:
    """Join pieces across gaps left by ink and noise; return where they are long together."""
    width = band.shape[1]
    joined = slide(band, max(9, round(gap * width)) | 1, np.logical_or, axis=1)
    lines = open_runs(joined, max(15, round(_LONG * width)) | 1, axis=1)
    lines &= (covered >= _LEAST * width)[:, None]
    return lines
