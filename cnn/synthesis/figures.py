"""Figures that a pen draws and that are no digit, for training refusals.

They are made with the pens of `cnn.synthesis.strokes`, so that not the line itself tells them from
digits.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from cnn.synthesis.strokes import STYLES, Hand, Line, Trace, as_picture, draw_hand, trace_digit
from cnn.synthesis.strokes.trace import ink_course

__all__ = ["curl", "misdrawn"]

Array = npt.NDArray[Any]
Rng = np.random.Generator

_SIDE = 140
_STEPS = 50  # of a pen's course in a height of the figure

# Ways to turn a digit, and the digits that are none afterwards: a 2 mirrored is nearly an S, but a
# 5 mirrored is nearly a 2.
_MIRRORED = np.array([[-1.0, 0.0], [0.0, 1.0]])
_TURNS = (
    (_MIRRORED, (2, 3, 4, 6, 7, 9)),
    (-np.eye(2), (3, 4, 7)),
    (-_MIRRORED, (4, 6, 7, 9)),
    (np.array([[0.0, 1.0], [-1.0, 0.0]]), (2, 3, 4, 5, 6, 7, 9)),
    (np.array([[0.0, -1.0], [1.0, 0.0]]), (2, 3, 4, 5, 6, 7, 9)),
)


def curl(rng: Rng) -> Image.Image:
    """Draw one to three strokes of arcs, loops, corners and straight pieces, as signs have."""
    hand = _draw_hand(rng)
    count = int(rng.integers(1, 4))
    courses = [_bend(rng, pieces=int(rng.integers(1, 4)) + 2 * (count == 1)) for _ in range(count)]
    placed = [courses[0]]
    for course in courses[1:]:
        # A pen goes on near what it has written.
        near = placed[int(rng.integers(len(placed)))]
        touched = near[int(rng.integers(len(near)))] + rng.normal(0, 0.06, 2)
        placed.append(course - course[int(rng.integers(len(course)))] + touched)
    longest = max(np.ptp(np.concatenate(placed), axis=0))
    stretch = rng.uniform(0.7, 1, 2) / longest
    return _picture(tuple(ink_course(course * stretch, hand) for course in placed))


def misdrawn(rng: Rng) -> Image.Image:
    """Draw a digit mirrored, upside down or on its side, or its half with that of one so turned."""
    hand = _draw_hand(rng)
    turn, digits = _TURNS[int(rng.integers(len(_TURNS)))]
    written = _digit(hand, int(rng.choice(digits)), rng)
    turned = tuple(replace(line, points=line.points @ turn) for line in written)
    if rng.random() < 0.5:
        turned = _half(_centred(turned), above=True)
        turned += _half(_centred(_digit(hand, int(rng.integers(10)), rng)), above=False)
    return _picture(turned)


def _draw_hand(rng: Rng) -> Hand:
    return draw_hand(STYLES["world"], rng)


def _digit(hand: Hand, digit: int, rng: Rng) -> Trace:
    return trace_digit(hand.allographs[digit], hand, rng)


def _bend(rng: Rng, *, pieces: int) -> Array:
    """Return a course (M, 2) of pieces that are straight or bent, some with a corner between."""
    directions = [rng.uniform(0, 2 * np.pi)]
    for _ in range(pieces):
        steps = int(_STEPS * rng.uniform(0.3, 1.2))
        angle = 0.0 if rng.random() < 0.35 else rng.choice([-1, 1]) * rng.uniform(0.5, 4.5)
        corner = rng.normal(0, 1.5) if rng.random() < 0.4 else 0.0
        directions += list(directions[-1] + corner + np.linspace(0, angle, steps))
    course = np.stack([np.cos(directions), np.sin(directions)], axis=1).cumsum(axis=0)
    return course / _STEPS


def _centred(trace: Trace) -> Trace:
    """Move a trace so that its box's middle is at (0, 0)."""
    points = np.concatenate([line.points for line in trace])
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    return tuple(replace(line, points=line.points - middle) for line in trace)


def _half(trace: Trace, *, above: bool) -> Trace:
    """Return what lies above, or below, the middle of a centred trace."""
    kept = []
    for line in trace:
        inside = (line.points[:, 1] < 0) == above
        ends = np.flatnonzero(np.diff(inside)) + 1
        for part, points, widths in zip(
            np.split(inside, ends),
            np.split(line.points, ends),
            np.split(line.widths, ends),
            strict=True,
        ):
            if part[0]:
                kept.append(Line(points, widths))
    return tuple(kept)


def _picture(trace: Trace) -> Image.Image:
    """Draw a trace dark on light paper."""
    return Image.fromarray(255 - as_picture(trace, _SIDE))
