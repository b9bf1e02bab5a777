"""Schedules: the learning rate over the course of a training run."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi
from typing import Protocol

__all__ = ["Cosine", "OneCycle", "Schedule", "Step"]


class Schedule(Protocol):
    """A learning rate as a function of the epoch."""

    def rate(self, epoch: float, epochs: int) -> float:
        """Return the learning rate after `epoch` of `epochs` epochs; `epoch` may be a fraction."""
        ...


@dataclass(frozen=True)
class Step:
    """Step decay: `initial`, multiplied by `factor` after every `every` epochs."""

    initial: float
    every: int = 10
    factor: float = 0.1

    def rate(self, epoch: float, epochs: int) -> float:
        """Return the rate of the current step; see `Schedule.rate`."""
        return float(self.initial * self.factor ** (epoch // self.every))


@dataclass(frozen=True)
class Cosine:
    """Cosine annealing from `initial` to `final` (Loshchilov & Hutter, 2017)."""

    initial: float
    final: float = 0.0

    def rate(self, epoch: float, epochs: int) -> float:
        """Return the rate on the half cosine; see `Schedule.rate`."""
        return _half_cosine(self.initial, self.final, epoch / epochs)


@dataclass(frozen=True)
class OneCycle:
    """One cycle: up to `peak` during the first share `warm` of the run, then down.

    Starts at peak / 25 and ends at peak / 10,000 (Smith & Topin, "Super-Convergence",
    2018).
    """

    peak: float
    warm: float = 0.3

    def rate(self, epoch: float, epochs: int) -> float:
        """Return the rate on the way up, or down; see `Schedule.rate`."""
        done = epoch / epochs
        if done < self.warm:
            return _half_cosine(self.peak / 25, self.peak, done / self.warm)
        return _half_cosine(self.peak, self.peak / 10_000, (done - self.warm) / (1 - self.warm))


def _half_cosine(start: float, end: float, share: float) -> float:
    return end + (start - end) * (1 + cos(pi * min(share, 1.0))) / 2
