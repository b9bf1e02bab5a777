"""A guard against collapse: a generator that makes nearly the same picture again and again."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["CollapseGuard", "spread_of_classes"]

Array = npt.NDArray[Any]


def spread_of_classes(pictures: Array, labels: Array, classes: int) -> Array:
    """Return how much the pictures of each class differ.

    Parameters
    ----------
    pictures : ndarray of float, (N, C, H, W)
        From 0 to 1.
    labels : ndarray of int, (N,)
        Their classes.
    classes : int
        How many there are.

    Returns
    -------
    ndarray of float64, (classes,)
        Root of the mean squared distance of two pictures; NaN for a class with fewer than two.
    """
    spread = np.full(classes, np.nan)
    for label in range(classes):
        own = pictures[labels == label].reshape(np.count_nonzero(labels == label), -1)
        if len(own) > 1:
            spread[label] = np.sqrt(2 * own.var(axis=0, ddof=1, dtype=np.float64).sum())
    return spread


class CollapseGuard:
    """Decides whether a training run should go back to its last good state.

    A run is good while all its numbers are finite and, once the pictures of every class differ
    by at least `least` of what real ones do, as long as they still do. Each return to the last
    good state halves the learning rates.

    Parameters
    ----------
    every : int
        Steps from one look at the pictures to the next; there is one after every epoch, too.
    least : float
        The share of the real pictures' `spread_of_classes`.
    most : int
        Returns after which the run is given up.

    Attributes
    ----------
    returns : int
        How often the run has gone back.
    collapses : int
        How often of these because the pictures of a class differed too little; otherwise a loss or
        a weight was no finite number.
    armed : bool
        Whether the pictures of every class have differed enough.
    """

    def __init__(self, *, every: int = 200, least: float = 0.5, most: int = 12) -> None:
        if every < 1 or most < 1 or not 0 <= least < 1:
            raise ValueError(
                "every and most must be 1 or more and least from 0 to below 1, got "
                f"{every}, {most} and {least}"
            )
        self.every = every
        self.least = least
        self.most = most
        self.returns = 0
        self.collapses = 0
        self.armed = False

    @property
    def rate(self) -> float:
        """The factor of the learning rates."""
        return float(0.5**self.returns)

    def has_collapsed(self, shares: Array) -> bool:
        """Judge the pictures of the classes, whose spread is so many times that of real ones."""
        differ = bool((shares[np.isfinite(shares)] >= self.least).all())
        collapsed = self.armed and not differ
        self.armed = self.armed or differ
        return collapsed

    def go_back(self, *, collapsed: bool) -> None:
        """Count a return to the last good state.

        Parameters
        ----------
        collapsed : bool
            Whether the pictures of a class differed too little, and all numbers were finite.

        Raises
        ------
        FloatingPointError
            If there have been too many.
        """
        self.returns += 1
        self.collapses += collapsed
        if self.returns > self.most:
            raise FloatingPointError(
                f"the training has failed {self.returns} times, and went back each time: lower "
                "the learning rate, or look for pictures that are not what they should be"
            )
