"""Connected components of a mask, in NumPy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["Components", "find_components"]

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Components:
    """The connected components of a mask.

    Attributes
    ----------
    runs : ndarray of int64, (R, 3)
        Row, first column and column after the last of every horizontal run of the mask.
    owner : ndarray of int64, (R,)
        The component, 0 to M - 1, that a run belongs to.
    area : ndarray of int64, (M,)
        Pixels of each component.
    boxes : ndarray of int64, (M, 4)
        Left, top, right, bottom of each; right and bottom are exclusive.
    """

    runs: Array
    owner: Array
    area: Array
    boxes: Array

    def __len__(self) -> int:
        return len(self.area)

    def draw(self, chosen: Array, rows: slice, columns: slice) -> Array:
        """Return the part of the mask in `rows`, `columns` with the components in `chosen` only."""
        runs = self.runs[np.isin(self.owner, chosen)] - (rows.start, columns.start, columns.start)
        shape = (rows.stop - rows.start, columns.stop - columns.start + 1)
        change = np.zeros(shape, np.int8)
        np.add.at(change, (runs[:, 0], runs[:, 1]), 1)
        np.add.at(change, (runs[:, 0], runs[:, 2]), -1)
        return np.cumsum(change[:, :-1], axis=1, dtype=np.int8).astype(bool)

    def mean(self, values: Array) -> Array:
        """Return the mean over each component, float64 (M,), of values (H, W) of bool or float."""
        rows, starts, stops = self.runs.T
        total = np.zeros(values.size + 1, np.int32 if values.dtype == bool else np.float64)
        np.cumsum(values.ravel(), out=total[1:])
        line = rows * values.shape[1]
        sums = np.bincount(self.owner, total[line + stops] - total[line + starts], len(self))
        means: Array = sums / np.maximum(self.area, 1)
        return means


def find_components(mask: Array) -> Components:
    """Find the 8-connected components of a mask.

    Horizontal runs of pixels are joined where they touch in consecutive rows; the smallest
    number of a component spreads to all its runs by pointer jumping (Shiloach & Vishkin, 1982).

    Parameters
    ----------
    mask : ndarray of bool, (H, W)
        The foreground.

    Returns
    -------
    Components
        In the order of their first runs, row by row.
    """
    runs = _find_runs(mask)
    parent = _join(len(runs), *_touching(runs, mask.shape[0]))
    _, owner = np.unique(parent, return_inverse=True)
    count = int(owner.max()) + 1 if len(runs) else 0
    rows, starts, stops = runs.T
    boxes = np.empty((count, 4), np.int64)
    boxes[:, :2], boxes[:, 2:] = np.iinfo(np.int64).max, 0
    np.minimum.at(boxes[:, 0], owner, starts)
    np.minimum.at(boxes[:, 1], owner, rows)
    np.maximum.at(boxes[:, 2], owner, stops)
    np.maximum.at(boxes[:, 3], owner, rows + 1)
    area = np.bincount(owner, stops - starts, minlength=count).astype(np.int64)
    return Components(runs, owner, area, boxes)


def _find_runs(mask: Array) -> Array:
    # In one long line, with a gap between the rows, runs begin and end in turn.
    width = mask.shape[1] + 1
    padded = np.zeros((mask.shape[0], width), bool)
    padded[:, 1:] = mask
    line = np.append(padded.ravel(), False)
    changes = np.flatnonzero(line[1:] != line[:-1])
    rows, starts = np.divmod(changes[::2], width)
    return np.stack([rows, starts, changes[1::2] - rows * width], axis=1)


def _touching(runs: Array, height: int) -> tuple[Array, Array]:
    """Return the pairs of runs in consecutive rows that touch, corners included."""
    rows, starts, stops = runs.T
    # With all rows in one long line, a single sorted search serves them all.
    width = int(stops.max(initial=0)) + 2
    upper = np.nonzero(rows < height - 1)[0]
    below = (rows[upper] + 1) * width
    first = np.searchsorted(rows * width + stops, below + starts[upper], side="left")
    last = np.searchsorted(rows * width + starts, below + stops[upper], side="right")
    count = np.maximum(last - first, 0)
    total = int(count.sum())
    offset = np.arange(total) - np.repeat(np.cumsum(count) - count, count)
    return np.repeat(upper, count), np.repeat(first, count) + offset


def _join(count: int, a: Array, b: Array) -> Array:
    """Return for each of `count` nodes the smallest node of its component."""
    parent = np.arange(count)
    while True:
        low = np.minimum(parent[a], parent[b])
        before = parent.copy()
        for side in (parent[a], parent[b], a, b):
            np.minimum.at(parent, side, low)
        while not np.array_equal(parent, parent[parent]):
            parent = parent[parent]
        if np.array_equal(parent, before):
            return parent
