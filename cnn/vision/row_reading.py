"""What a network for rows says of touching digits: which digit's middle lies in which columns."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from cnn.models.network import Network
from cnn.vision.row_frame import COLUMNS, NEITHER, OTHER, RowFrame, frame_row

__all__ = ["InRow", "RowReading", "find_middles", "read_rows"]

Array = npt.NDArray[Any]

_LEAST = 1e-6  # probability that counts for a column at least


class InRow(NamedTuple):
    """What stands at a place of a row: the probabilities of one digit, and of something else."""

    digit: float
    other: float

    @classmethod
    def of(cls, said: Array) -> InRow:
        """Sum up what `RowReading.one_between` says."""
        return cls(float(np.exp(said[:OTHER]).sum()), float(np.exp(said[OTHER])))


class RowReading:
    """The answer for one row.

    Parameters
    ----------
    frame : RowFrame
        The row, as the network saw it.
    answers : ndarray of float32, (12, W)
        The probabilities of `cnn.models.model.ROW_CLASSES` of each column.
    """

    def __init__(self, frame: RowFrame, answers: Array) -> None:
        self._frame = frame
        self._logs = np.log(np.maximum(answers.astype(np.float64), _LEAST))
        self._none = np.concatenate([[0.0], np.cumsum(self._logs[NEITHER])])
        self._begins, self._ends = find_middles(answers.argmax(axis=0))

    @property
    def count(self) -> int:
        """How many middles there are: of digits, and of what is none."""
        return len(self._begins)

    @property
    def borders(self) -> Array:
        """The columns of the row midway between one middle and the next, (count - 1,)."""
        begins, ends = self._begins[1:], self._ends[:-1]
        return self._frame.place((begins + ends) / 2)

    @property
    def whole(self) -> Array:
        """As `one_between` says of all of it, (11,)."""
        return self.one_between(-np.inf, np.inf)

    def one_between(self, start: float, stop: float) -> Array:
        """Return the logarithms of the probabilities of one thing and nothing else, (11,).

        The ten digits, and what is none (`cnn.vision.row_frame.OTHER`).

        Parameters
        ----------
        start, stop : float
            The columns of the row between which it is looked for.

        Notes
        -----
        A sum over all beginnings and ends of the digit's middle, as in connectionist temporal
        classification (Graves et al., 2006).
        """
        edges = np.clip([self._frame.column(start), self._frame.column(stop)], 0, COLUMNS)
        first, last = (int(edge) for edge in np.ceil(edges))
        last = max(last, 1)
        first = min(first, last - 1)
        here = np.concatenate(
            [np.zeros((NEITHER, 1)), np.cumsum(self._logs[:NEITHER, first:last], axis=1)], axis=1
        )
        none = self._none[first : last + 1] - self._none[first]
        # A middle from column a to before b: none before, the thing between, none after.
        before = none - here  # (11, n + 1), by a
        after = here + none[-1] - none  # by b
        begun = np.logaddexp.accumulate(before[:, :-1], axis=1)
        total: Array = np.logaddexp.reduce(begun + after[:, 1:], axis=1)
        return np.minimum(total, 0.0)


def find_middles(columns: Array) -> tuple[Array, Array]:
    """Return the first and the last column of each middle, (M,) each.

    Parameters
    ----------
    columns : ndarray of int, (W,)
        The class of each column of a row.
    """
    said = np.concatenate([[NEITHER], columns, [NEITHER]])
    changes = np.diff(said.astype(np.int16)) != 0
    begins, ends = (changes & (side != NEITHER) for side in (said[1:], said[:-1]))
    return np.flatnonzero(begins), np.flatnonzero(ends) - 1


def read_rows(network: Network, inks: list[Array]) -> list[RowReading | None]:
    """Ask a network what rows show, with one call; None for one that does not fit its frame.

    Parameters
    ----------
    network : Network
        As `cnn.models.model.Model.row`.
    inks : list of ndarray of uint8, (H, W)
        The rows, cut to their ink.
    """
    frames = [frame_row(ink) for ink in inks]
    fitting = [frame for frame in frames if frame is not None]
    if not fitting:
        return [None] * len(inks)
    answers = iter(network.predict(np.stack([frame.pixels for frame in fitting])[:, None])[:, :, 0])
    return [None if frame is None else RowReading(frame, next(answers)) for frame in frames]
