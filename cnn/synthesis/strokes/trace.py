"""Traces: the course of a pen that writes a digit, and the width of its line.

What a form prescribes is displaced by the writer and by chance, slanted and stretched, smoothed
where the pen turns, and thinned where it is fast.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from cnn.synthesis.strokes.allograph import Allograph
from cnn.synthesis.strokes.hand import Hand

__all__ = ["SPACING", "Line", "Trace", "ink_course", "trace_digit"]

Array = npt.NDArray[Any]
Rng = np.random.Generator

#: Distance of a line's points, in heights of the digit.
SPACING = 0.02

_SHORTEST = 5  # points of a line
_MOST = 2.0  # standard deviations that a point is displaced at most
_THINNEST = 0.35  # of the pen's width
_SLOW = 6.0  # radians in a height: the curvature at which a fast pen has lost half its speed
# Standard deviations from one digit to the next, at a jitter of 1.
_TURN, _SLANT, _STRETCH = 5.0, 5.0, 0.12  # degrees, degrees, share


@dataclass(frozen=True)
class Line:
    """What the pen leaves between touching the paper and leaving it.

    Attributes
    ----------
    points : ndarray of float64, (M, 2)
        x to the right and y down, in heights of the digit, about `SPACING` apart.
    widths : ndarray of float64, (M,)
        The width of the line at each point, in heights of the digit.
    """

    points: Array
    widths: Array


#: The lines of a digit, in the order of writing.
Trace = tuple[Line, ...]


def trace_digit(allograph: Allograph, hand: Hand, rng: Rng) -> Trace:
    """Write a digit once.

    Parameters
    ----------
    allograph : Allograph
        The form: mostly `hand.allographs[digit]`.
    hand : Hand
        The writer.
    rng : numpy.random.Generator
        What differs from one digit of the writer to the next.
    """
    own = np.random.default_rng([hand.seed, zlib.crc32(allograph.name.encode())])
    matrix, stretch = _transformation(hand, rng)
    courses = []
    for stroke in allograph.strokes:
        shift = hand.deviation * _normal(own, stroke.points.shape)
        shift += hand.jitter * _normal(rng, stroke.points.shape)
        points = stroke.points + stroke.freedom * shift
        # A parabola moves the waist, and leaves top and base line where they are.
        y = np.clip(points[:, 1], 0, 1)
        points[:, 1] += 4 * hand.waist * y * (1 - y)
        courses.append(_course(stroke.curve @ (points * stretch @ matrix), hand, rng))
    if rng.random() < hand.slips:
        courses = _SLIPS[int(rng.integers(len(_SLIPS)))](courses, rng)
    return tuple(ink_course(course, hand) for course in courses)


def _normal(rng: Rng, shape: tuple[int, ...]) -> Array:
    return np.clip(rng.standard_normal(shape), -_MOST, _MOST)


def _transformation(hand: Hand, rng: Rng) -> tuple[Array, Array]:
    """Return the matrix (2, 2) of slant and turn, for rows x, y, and the factors of x and y."""
    turn, slant, wide, tall = hand.jitter * _normal(rng, (4,))
    lean = np.tan(np.deg2rad(hand.slant + _SLANT * slant))
    angle = np.deg2rad(_TURN * turn)
    cos, sin = np.cos(angle), np.sin(angle)
    slanted = np.array([[1, 0], [-lean, 1]])
    turned = np.array([[cos, sin], [-sin, cos]])
    return slanted @ turned, np.array([hand.width, 1.0]) * np.exp(_STRETCH * np.array([wide, tall]))


def _course(curve: Array, hand: Hand, rng: Rng) -> Array:
    """Return the pen's course (M, 2) along a curve: evenly spaced, smoothed, trembling."""
    course = _respace(curve)
    if hand.rounding > SPACING / 4:  # less would change nothing
        course = _smooth(course, hand.rounding)
    if hand.tremor > 0:
        knots = np.arange(0, len(course) + 6, 6)
        shakes = hand.tremor * rng.standard_normal((2, len(knots)))
        steps = np.arange(len(course))
        course = course + np.stack([np.interp(steps, knots, shake) for shake in shakes], axis=1)
    return course


def _respace(curve: Array) -> Array:
    """Return points on the same curve at equal distances of about `SPACING`."""
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(curve, axis=0).T))])
    places = np.linspace(0, along[-1], max(_SHORTEST, round(along[-1] / SPACING) + 1))
    return np.stack([np.interp(places, along, axis) for axis in curve.T], axis=1)


def _smooth(course: Array, deviation: float) -> Array:
    """Smooth a course with a Gaussian of `deviation` heights; its ends stay where they are."""
    reach = min(len(course) - 1, max(1, round(3 * deviation / SPACING)))
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) * SPACING / deviation) ** 2)
    kernel /= kernel.sum()
    # Beyond its ends the course goes on as its reflection in them.
    before = 2 * course[0] - course[reach:0:-1]
    after = 2 * course[-1] - course[-2 : -2 - reach : -1]
    longer = np.concatenate([before, course, after])
    return np.stack([np.convolve(axis, kernel, "valid") for axis in longer.T], axis=1)


def ink_course(course: Array, hand: Hand) -> Line:
    """Return the line that a hand's pen leaves along a course.

    Parameters
    ----------
    course : ndarray of float64, (M, 2)
        x to the right and y down, in heights of the digit, about `SPACING` apart; at least
        five points.
    hand : Hand
        The writer.
    """
    steps = np.diff(course, axis=0)
    lengths = np.maximum(np.hypot(steps[:, 0], steps[:, 1]), 1e-9)
    along = np.concatenate([[0.0], np.cumsum(lengths)])
    tail = 0.06 + 0.12 * hand.speed
    share = 1 - 0.5 * hand.taper * np.exp(-along / 0.06)
    share -= hand.taper * np.exp((along - along[-1]) / tail)
    directions = steps / lengths[:, None]
    share *= 1 - hand.contrast * (1 - directions[_repeat_ends(len(steps), len(share)), 1]) / 2
    straight = _straightness(directions)
    share *= 1 - 0.35 * hand.speed * straight[_repeat_ends(len(straight), len(share))]
    return Line(course, hand.pen * np.maximum(share, _THINNEST))


def _repeat_ends(count: int, wanted: int) -> Array:
    """Return the places of `wanted` values among `count`, of which the outermost are repeated."""
    return np.clip(np.arange(wanted) - (wanted - count) // 2, 0, count - 1)


def _straightness(directions: Array) -> Array:
    """Return how straight a course runs between its directions (M, 2): 0 to 1, (M - 1,).

    There the pen is fast.
    """
    (x, y), (next_x, next_y) = directions[:-1].T, directions[1:].T
    turns = np.abs(x * next_y - y * next_x) / SPACING
    window = min(_SHORTEST, len(turns))
    mean = np.convolve(turns, np.full(window, 1 / window), "same")
    straight: Array = 1 / (1 + (mean / _SLOW) ** 2)
    return straight


def _leave_gap(courses: list[Array], rng: Rng) -> list[Array]:
    """Let a line break off for a moment."""
    place, course = _pick(courses, rng)
    start = int(len(course) * rng.uniform(0.2, 0.8))
    gap = round(rng.uniform(0.03, 0.1) / SPACING)
    pieces = (course[:start], course[start + gap :])
    if min(map(len, pieces)) < _SHORTEST:
        return courses
    return [*courses[:place], *pieces, *courses[place + 1 :]]


def _stop_short(courses: list[Array], rng: Rng) -> list[Array]:
    """Let a line end before its end, or begin after its beginning."""
    place, course = _pick(courses, rng)
    lost = int(len(course) * rng.uniform(0.04, 0.12))
    kept = len(course) - lost
    return _put(courses, place, course[:kept] if rng.random() < 0.6 else course[lost:])


def _run_over(courses: list[Array], rng: Rng) -> list[Array]:
    """Let a line go on beyond its end."""
    place, course = _pick(courses, rng)
    direction = course[-1] - course[-min(4, len(course))]
    direction /= max(float(np.hypot(*direction)), 1e-9)
    steps = SPACING * np.arange(1, round(rng.uniform(0.06, 0.18) / SPACING) + 1)
    return _put(courses, place, np.concatenate([course, course[-1] + np.outer(steps, direction)]))


def _leave_hook(courses: list[Array], rng: Rng) -> list[Array]:
    """Let the pen touch the paper before it arrives, and leave a hook."""
    place, course = _pick(courses, rng)
    angle = rng.uniform(0, 2 * np.pi)
    steps = SPACING * np.arange(round(rng.uniform(0.04, 0.1) / SPACING), 0, -1)
    hook = course[0] + np.outer(steps, [np.cos(angle), np.sin(angle)])
    return _put(courses, place, np.concatenate([hook, course]))


def _go_astray(courses: list[Array], rng: Rng) -> list[Array]:
    """Put the last stroke beside its place, if it is not the only one."""
    if len(courses) == 1:
        return _run_over(courses, rng)
    return [*courses[:-1], courses[-1] + rng.uniform(-0.08, 0.08, 2)]


def _pick(courses: list[Array], rng: Rng) -> tuple[int, Array]:
    place = int(rng.integers(len(courses)))
    return place, courses[place]


def _put(courses: list[Array], place: int, course: Array) -> list[Array]:
    return [*courses[:place], course, *courses[place + 1 :]]


_SLIPS = (_leave_gap, _stop_short, _run_over, _leave_hook, _go_astray)
