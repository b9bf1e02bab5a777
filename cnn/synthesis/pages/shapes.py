"""Shapes: bars, frames and rings, printed with a ruler or drawn by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from cnn.synthesis.pages.draft import Ink, Item
from cnn.synthesis.strokes import stamp

__all__ = ["frame", "line", "polyline", "ring"]

Array = npt.NDArray[Any]
Rng = np.random.Generator


def polyline(
    what: str, points: Array, width: float, *, ink: Ink = "second", wobble: float = 0.0, rng: Rng
) -> Item:
    """Draw straight pieces between points (M, 2), trembling by `wobble` pixels."""
    pieces = np.diff(points, axis=0)
    lengths = np.maximum(np.hypot(pieces[:, 0], pieces[:, 1]), 1e-3)
    along = np.concatenate([[0.0], np.cumsum(lengths)])
    count = max(2, round(along[-1] / max(0.5, 0.3 * width)))
    places = np.linspace(0, along[-1], count)
    course = np.stack([np.interp(places, along, axis) for axis in points.T], axis=1)
    if wobble:
        knots = np.arange(0, along[-1] + 24, 12)
        for axis in (0, 1):
            # A hand wanders slowly and trembles a little.
            sway = np.cumsum(rng.normal(0, 0.5, len(knots)))
            sway -= np.linspace(sway[0], sway[-1], len(knots))
            course[:, axis] += wobble * np.interp(places, knots, sway)
    return _stamped(what, course, width, ink)


def _stamped(what: str, course: Array, width: float, ink: Ink) -> Item:
    low = np.floor(course.min(axis=0) - width / 2 - 1).astype(int)
    high = np.ceil(course.max(axis=0) + width / 2 + 1).astype(int)
    cover = stamp(course - low, np.full(len(course), width / 2), tuple((high - low)[::-1]))
    return Item(what, np.rint(255 * cover).astype(np.uint8), int(low[0]), int(low[1]), ink)


def line(
    what: str,
    ends: tuple[float, float, float, float],
    width: float,
    *,
    ink: Ink = "second",
    wobble: float = 0.0,
    rng: Rng,
) -> Item:
    """Draw a line from x, y to x, y."""
    x0, y0, x1, y1 = ends
    return polyline(what, np.array([(x0, y0), (x1, y1)]), width, ink=ink, wobble=wobble, rng=rng)


def frame(
    what: str,
    box: tuple[int, int, int, int],
    width: float,
    *,
    ink: Ink = "print",
    wobble: float = 0.0,
    rng: Rng,
) -> Item:
    """Draw a rectangle of left, top, right and foot; by hand, its corners do not quite meet."""
    left, top, right, foot = box
    if not wobble:
        solid = max(1, round(width))
        page = Image.new("L", (right - left, foot - top))
        ImageDraw.Draw(page).rectangle(
            (0, 0, right - left - 1, foot - top - 1), outline=255, width=solid
        )
        return Item(what, np.asarray(page), left, top, ink)
    corners = np.array(
        [(left, top), (right, top), (right, foot), (left, foot), (left, top)], np.float64
    )
    corners += rng.normal(0, 2 * wobble, corners.shape)
    return polyline(what, corners, width, ink=ink, wobble=wobble, rng=rng)


def ring(
    what: str,
    box: tuple[int, int, int, int],
    width: float,
    *,
    ink: Ink = "second",
    wobble: float = 0.0,
    rng: Rng,
) -> Item:
    """Draw an ellipse inside left, top, right and foot; by hand, its ends do not quite meet."""
    left, top, right, foot = box
    count = round(4 * (right - left + foot - top) / max(1.0, width))
    start, more = rng.uniform(0, 6.28), rng.normal(0, 0.2) if wobble else 0.0
    turns = start + np.linspace(0, 2 * np.pi + more, max(count, 24))
    reach = 1 + 0.015 * wobble * np.sin(2 * turns + rng.uniform(0, 6)) * np.linspace(
        0.5, 2, len(turns)
    )
    x = (left + right) / 2 + (right - left) / 2 * reach * np.cos(turns)
    y = (top + foot) / 2 + (foot - top) / 2 * reach * np.sin(turns)
    return _stamped(what, np.stack([x, y], axis=1), width, ink)
