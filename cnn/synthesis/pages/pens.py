"""Pens: how ink looks on paper of a given lightness."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["PENS", "Pen", "second_pen"]

Array = npt.NDArray[Any]
Rng = np.random.Generator
Colour = tuple[float, float, float]

_DARK: tuple[Colour, ...] = (
    (15, 15, 18),
    (35, 35, 45),
    (30, 40, 95),
    (20, 25, 60),
    (28, 45, 150),
    (60, 60, 66),
)
_BRIGHT: tuple[Colour, ...] = (
    (40, 70, 190),
    (190, 40, 45),
    (30, 130, 70),
    (120, 50, 150),
    (205, 95, 20),
    (10, 120, 160),
    (170, 30, 110),
    (110, 70, 40),
)
_LIGHT: tuple[Colour, ...] = (
    (250, 250, 250),
    (235, 235, 228),
    (240, 230, 150),
    (235, 190, 200),
    (170, 215, 240),
    (255, 225, 60),
    (150, 240, 160),
)


@dataclass(frozen=True)
class Pen:
    """What a pen leaves on paper.

    Attributes
    ----------
    colour : tuple of float
        Red, green and blue of solid ink, 0 to 255.
    opacity : float
        How much of the paper solid ink hides, 0 to 1.
    grain : float
        How much more or less it hides from one fibre to the next: a standard deviation.
    dither : bool
        Whether the ink is dots of full strength, as printers and old scanners make greys.
    """

    colour: Colour
    opacity: float = 0.95
    grain: float = 0.06
    dither: bool = False


def _choose(colours: tuple[Colour, ...], rng: Rng) -> Colour:
    return colours[int(rng.integers(len(colours)))]


def _usual(dark: bool, rng: Rng) -> Pen:
    colour = _choose(_LIGHT[:2] if dark else _DARK, rng)
    return Pen(colour, rng.uniform(0.8, 0.97), rng.uniform(0, 0.1))


def _solid(dark: bool, rng: Rng) -> Pen:
    """Return what a program draws with."""
    level = float(rng.choice([255, 255, 240]) if dark else rng.choice([0, 0, 0, 20]))
    return Pen((level, level, level), 1.0, 0.0)


def _pencil(dark: bool, rng: Rng) -> Pen:
    colour = _LIGHT[0] if dark else (85.0, 85.0, 90.0)
    return Pen(colour, rng.uniform(0.35, 0.7), rng.uniform(0.05, 0.16))


def _pale(dark: bool, rng: Rng) -> Pen:
    """Return a pencil that is 9 to 22 % darker than its paper."""
    colour = (255.0, 255.0, 255.0) if dark else (90.0, 90.0, 94.0)
    return Pen(colour, rng.uniform(0.09, 0.22) / 0.6, rng.uniform(0.0, 0.08))


def _coloured(dark: bool, rng: Rng) -> Pen:
    colour = _choose(_LIGHT if dark else _BRIGHT, rng)
    return Pen(colour, rng.uniform(0.75, 1.0), rng.uniform(0, 0.08))


def _chalk(dark: bool, rng: Rng) -> Pen:
    colour = _choose(_LIGHT[:5], rng) if dark else _choose(_BRIGHT, rng)
    return Pen(colour, rng.uniform(0.75, 0.92), rng.uniform(0.12, 0.3))


def _dithered(dark: bool, rng: Rng) -> Pen:
    level = 255.0 if dark else 0.0
    return Pen((level, level, level), rng.uniform(0.55, 0.85), 0.0, dither=True)


#: Pens by name, each for dark (True) or light paper.
PENS: dict[str, Callable[[bool, Rng], Pen]] = {
    "usual": _usual,
    "solid": _solid,
    "pencil": _pencil,
    "pale": _pale,
    "coloured": _coloured,
    "chalk": _chalk,
    "dithered": _dithered,
}


def second_pen(dark: bool, rng: Rng) -> Pen:
    """Return the pen of rings, ticks and boxes that somebody else has drawn."""
    return (_coloured if rng.random() < 0.7 else _usual)(dark, rng)
