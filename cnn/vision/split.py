"""Splitting of touching digits: candidate cuts, and the likeliest sequence of pieces."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["MOST_PIECES", "Piece", "find_pieces", "is_boxed", "is_wide", "may_be_several", "split"]

Array = npt.NDArray[Any]

#: Most pieces that are tried in one picture. A row of ten digits has 500, and a written
#: page hardly ever more than 900; each takes the network half a millisecond.
MOST_PIECES = 1200

_WIDE, _BROAD = 1.05, 0.75  # width by height of the widest digit; if the answer is doubtful
_WIDE_ALONE, _BROAD_ALONE = 1.6, 0.8
_SURE = 0.9
_ROW = 0.02  # cost of a cut for each row, beside the ink that it crosses
_ASIDE = 0.03  # cost of each step to the side
_THROUGH = 0.6  # of the height: most ink that a cut may cross
_CUTS = 6  # for each height that it is wide
_NARROWEST, _WIDEST = 0.1, 1.35  # of the height: widths of a piece
_EDGE, _LINE = 0.15, 0.75  # of the height: where a box has its lines; of the width: their length
# Costs of cuts and pieces, in units of the logarithm of a probability.
_PER_CUT, _PER_INK, _PER_STROKE = 0.35, 3.0, 6.0
_PER_WIDTH, _STUMP = 10.0, 15.0
_USUAL = 1.1  # width by height: wider digits are less likely
_HEIGHT = 0.85  # of the whole height: lower digits are less likely


@dataclass(frozen=True)
class Piece:
    """The ink between two cuts.

    Attributes
    ----------
    first, last : int
        Numbers of the cuts; 0 is the left edge.
    left, top : int
        Upper left corner of its bounding box.
    ink : ndarray of uint8, (H, W)
        Its ink, cropped to the bounding box.
    cost : float
        Negative log-likelihood of its geometry and of the cut at its left.
    start, stop : float
        The mean columns of the two cuts.
    """

    first: int
    last: int
    left: int
    top: int
    ink: Array
    cost: float
    start: float
    stop: float


def may_be_several(width: int, height: int, confidence: float, *, alone: bool) -> bool:
    """Say whether what was taken for one digit may be several that touch.

    A component that is `alone` in a picture is mostly one digit, even if wide.
    """
    shape = width / height
    sure = _WIDE_ALONE if alone else _WIDE
    doubted = _WIDE if alone else _BROAD
    return shape > sure or (shape > doubted and confidence < _SURE)


def is_wide(width: int, height: int, *, alone: bool) -> bool:
    """Say whether a component is wide enough for several digits; one `alone` is mostly one."""
    return width / height > (_BROAD_ALONE if alone else _BROAD)


def is_boxed(ink: Array) -> bool:
    """Say whether ink, uint8 (H, W), has lines above and below: the sides of a box look like 1."""
    line = (ink > 50).mean(axis=1)
    reach = max(1, round(_EDGE * len(ink)))
    return bool(min(line[:reach].max(), line[-reach:].max()) > _LINE)


def split(
    ink: Array,
    judge: Callable[[list[Piece]], Array],
    *,
    most: int = MOST_PIECES,
    beside: Sequence[float] = (),
) -> tuple[list[Piece], bool]:
    """Split touching digits into the likeliest sequence of digits.

    All combinations of cuts through little ink are tried (over-segmentation and
    recognition, as in Casey & Lecolinet, "A Survey of Methods and
    Strategies in Character Segmentation", 1996).

    Parameters
    ----------
    ink : ndarray of uint8, (H, W)
        One connected component.
    judge : callable
        Takes M pieces and returns the log-probabilities that each is a digit, (M,).
    most : int
        Most pieces to try.
    beside : sequence of float
        Columns where one digit ends and the next begins, as far as is known: there it is cut
        straight as well, through any ink, since a wall that two noughts share has no weak place.

    Returns
    -------
    chosen : list of Piece
        From the left; one if the ink is best left whole, none if it is too low to be cut.
    is_all : bool
        Whether they are all of the ink. If not, there were more than `most` pieces, and the
        chosen ones are the digits at the left for which that was enough.
    """
    pieces, is_all = find_pieces(ink, most=most, beside=beside)
    if not pieces:
        return [], is_all
    scores = judge(pieces) - np.array([piece.cost for piece in pieces])
    # The cheapest sequence of pieces up to each cut, from the left.
    best: dict[int, tuple[float, list[Piece]]] = {0: (0.0, [])}
    for piece, score in sorted(zip(pieces, scores, strict=True), key=lambda pair: pair[0].last):
        if piece.first in best:
            before, chain = best[piece.first]
            total = before + float(score)
            if piece.last not in best or total > best[piece.last][0]:
                best[piece.last] = (total, [*chain, piece])
    _, chosen = best[max(best)]
    # The rest may begin in the middle of a digit.
    return (chosen if is_all else chosen[:-1]), is_all


def find_pieces(
    ink: Array, *, most: int = MOST_PIECES, beside: Sequence[float] = ()
) -> tuple[list[Piece], bool]:
    """Return all pieces between candidate cuts of ink, uint8 (H, W), and True.

    If there are more than `most`, return those left of some cut, and False; they are
    counted before any is cut out. `beside` is as in `split`.
    """
    height, width = ink.shape
    paths, costs = _cuts(ink)
    if len(beside):
        straight = np.clip(np.rint(beside), 1, width - 1).astype(np.int64)
        paths = np.vstack([paths, np.repeat(straight[:, None], height, axis=1)])
        costs = np.concatenate([costs, np.full(len(straight), _PER_CUT)])
        order = np.argsort(paths.mean(axis=1), kind="stable")
        paths, costs = paths[order], costs[order]
    paths = np.vstack([np.zeros(height, np.int64), paths, np.full(height, width)])
    costs = np.concatenate([[0.0], costs, [0.0]])
    spans, is_all = _spans(paths, most)
    pieces = [_piece(ink, paths, first, last, float(costs[first])) for first, last in spans]
    return [piece for piece in pieces if piece is not None], is_all


def _spans(paths: Array, most: int) -> tuple[list[tuple[int, int]], bool]:
    """Return the pairs of paths, (M, H), that are a digit's width apart, and True.

    If there are more than `most`, return the pairs at the left, and False.
    """
    height, last = paths.shape[1], len(paths) - 1
    total = paths.sum(axis=1)
    wide = (total - total[:, None]) / height / height
    fits = np.triu((wide >= _NARROWEST) & (wide <= _WIDEST), 1)
    fits[0, last] = True
    reached = int(np.searchsorted(fits.sum(axis=0).cumsum(), most, side="right"))
    fits[:, reached:] = False
    return [(int(a), int(b)) for a, b in np.argwhere(fits)], reached > last


def _piece(ink: Array, paths: Array, first: int, last: int, cost: float) -> Piece | None:
    begin, end = int(paths[first].min()), int(paths[last].max())
    columns = np.arange(begin, end)
    own = (columns >= paths[first][:, None]) & (columns < paths[last][:, None])
    part = np.where(own, ink[:, begin:end], 0)
    solid = part > 50
    rows, columns = np.flatnonzero(solid.any(axis=1)), np.flatnonzero(solid.any(axis=0))
    if len(rows) < 3:
        return None
    top, left = int(rows[0]), int(columns[0])
    tight = part[top : rows[-1] + 1, left : columns[-1] + 1]
    cost += _PER_WIDTH * max(0.0, tight.shape[1] / tight.shape[0] - _USUAL)
    cost += _STUMP * max(0.0, _HEIGHT - len(tight) / len(part))
    start, stop = float(paths[first].mean()), float(paths[last].mean())
    return Piece(first, last, begin + left, top, tight, cost, start, stop)


def _cuts(ink: Array) -> tuple[Array, Array]:
    """Find paths from top to bottom through little ink.

    Returns
    -------
    paths : ndarray of int64, (M, H)
        The column of each path in each row; paths from the left.
    costs : ndarray of float, (M,)
        Negative log-likelihood that each separates two digits.
    """
    cost = ink.astype(np.float32) / 255 + _ROW
    total, steps = cost[0], []
    for row in cost[1:]:
        beside = np.pad(total, 1, constant_values=np.inf)
        ways = np.stack([beside[:-2] + _ASIDE, total, beside[2:] + _ASIDE])
        step = ways.argmin(axis=0)
        steps.append(step - 1)
        total = row + ways[step, np.arange(len(row))]
    ends = _valleys(total, len(ink))
    paths = np.empty((len(ends), len(ink)), np.int64)
    paths[:, -1] = ends
    for row in range(len(ink) - 2, -1, -1):
        paths[:, row] = paths[:, row + 1] + steps[row][paths[:, row + 1]]
    along = ink[np.arange(len(ink)), paths]
    crossed = along.sum(axis=1) / 255 / len(ink)
    # Digits touch at one place; a path that crosses two strokes crosses a loop.
    strokes = np.count_nonzero(np.diff((along > 127).astype(np.int8), axis=1) == 1, axis=1)
    cost = _PER_CUT + _PER_INK * crossed + _PER_STROKE * np.maximum(strokes - 1, 0)
    _, unique = np.unique(paths[:, len(ink) // 2], return_index=True)
    kept = unique[crossed[unique] <= _THROUGH]
    return paths[kept], cost[kept]


def _valleys(total: Array, height: int) -> Array:
    """Return the cheapest columns, none close to another, from the left."""
    apart = max(2, round(0.12 * height))
    most = round(_CUTS * len(total) / height) + 2
    chosen: list[int] = []
    for column in np.argsort(total, kind="stable"):
        near = any(abs(column - other) < apart for other in chosen)
        if not near and apart <= column < len(total) - apart:
            chosen.append(int(column))
        if len(chosen) == most:
            break
    return np.array(sorted(chosen), np.int64)
