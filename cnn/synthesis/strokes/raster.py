"""Rasters: lines of a varying width as anti-aliased pixels, white ink on black."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from cnn.synthesis.strokes.trace import SPACING, Trace
from cnn.vision.framing import frame_digit

__all__ = ["as_mnist", "as_picture", "rasterise", "stamp"]

Array = npt.NDArray[Any]

_FINE = 40  # pixels of the longer side before the normalisation reduces it to 20


def stamp(points: Array, radii: Array, shape: tuple[int, int]) -> Array:
    """Cover pixels with round dots; close together, they are a line.

    Parameters
    ----------
    points : ndarray of float, (M, 2)
        Centres x and y in pixels; (0.5, 0.5) is the middle of the first one. They may lie
        outside.
    radii : ndarray of float, (M,)
        In pixels.
    shape : (int, int)
        Height and width.

    Returns
    -------
    ndarray of float32, (H, W)
        The ink of each pixel, 0 to 1.
    """
    height, width = shape
    reach = int(np.ceil(radii.max(initial=0) + 0.5))
    inside = ((points > -reach) & (points < np.array([width, height]) + reach)).all(axis=1)
    points, radii = points[inside].astype(np.float32), radii[inside].astype(np.float32)
    # A frame as wide as a dot takes what lies outside.
    framed = np.zeros((height + 4 * reach, width + 4 * reach), np.float32)
    corners = np.floor(points)
    window = np.arange(-reach, reach + 1, dtype=np.float32)
    x, y = (window - (points - corners - 0.5)[:, axis, None] for axis in (0, 1))
    distances = np.sqrt(x[:, None, :] ** 2 + y[:, :, None] ** 2)  # (M, window, window)
    # A dot smaller than a pixel is paler than one.
    most = np.minimum(1, 2 * radii)[:, None, None]
    ink = np.clip(radii[:, None, None] + np.float32(0.5) - distances, 0, most)
    columns, rows = (corners.T.astype(np.intp)[:, :, None] + 2 * reach) + window.astype(np.intp)
    places = rows[:, :, None] * framed.shape[1] + columns[:, None, :]
    np.maximum.at(framed.reshape(-1), places.reshape(-1), ink.reshape(-1))
    edge = 2 * reach
    return framed[edge : edge + height, edge : edge + width]


def rasterise(trace: Trace, *, height: float) -> Array:
    """Draw a trace.

    Parameters
    ----------
    trace : tuple of Line
        A digit, as of `trace_digit`.
    height : float
        Pixels for the height of a digit: one writer's digits keep their sizes.

    Returns
    -------
    ndarray of uint8, (H, W)
        The ink, with no empty row or column around it.
    """
    points = np.concatenate([line.points for line in trace])
    radii = np.concatenate([line.widths for line in trace])[:, None] / 2
    corner = (points - radii).min(axis=0)
    columns, rows = np.ceil(height * ((points + radii).max(axis=0) - corner)).astype(int) + 1
    ink = np.zeros((max(rows, 1), max(columns, 1)), np.float32)
    for line in trace:
        dots = height * (line.points - corner) + 0.5
        radius = height * line.widths / 2
        # Dots of radius r at a distance s leave an edge scalloped by s² / 8r: at most 0.1 pixels.
        finer = int(np.ceil(height * SPACING / np.sqrt(0.8 * max(float(radius.min()), 1))))
        if finer > 1:
            places = np.linspace(0, len(dots) - 1, finer * (len(dots) - 1) + 1)
            known = np.arange(len(dots))
            dots = np.stack([np.interp(places, known, axis) for axis in dots.T], axis=1)
            radius = np.interp(places, known, radius)
        np.maximum(ink, stamp(dots, radius, ink.shape), out=ink)
    levels = np.rint(ink * 255).astype(np.uint8)
    inked_rows, inked_columns = (np.flatnonzero(levels.any(axis=axis)) for axis in (1, 0))
    tight: Array = levels[
        inked_rows[0] : inked_rows[-1] + 1,
        inked_columns[0] : inked_columns[-1] + 1,
    ]
    return tight


def _longer_side(trace: Trace) -> float:
    """Return the longer side of a trace's box, in heights of the digit."""
    points = np.concatenate([line.points for line in trace])
    radii = np.concatenate([line.widths for line in trace])[:, None] / 2
    return float(((points + radii).max(axis=0) - (points - radii).min(axis=0)).max())


def as_picture(trace: Trace, side: int, *, fill: float = 0.7) -> Array:
    """Draw a trace in the middle of a square picture.

    Parameters
    ----------
    trace : tuple of Line
        A digit, as of `trace_digit`.
    side : int
        Pixels of each side.
    fill : float
        The longer side of the digit as a share of the picture's, at most 1.

    Returns
    -------
    ndarray of uint8, (side, side)

    Raises
    ------
    ValueError
        The digit would be smaller than a pixel, or larger than the picture.
    """
    if not (0 < fill <= 1 and fill * side >= 1):
        raise ValueError(
            f"expected a side of at least 1 pixel and a fill up to 1, got {side}, {fill}"
        )
    ink = rasterise(trace, height=(fill * side) / _longer_side(trace))[:side, :side]
    picture = np.zeros((side, side), np.uint8)
    top, left = (side - ink.shape[0]) // 2, (side - ink.shape[1]) // 2
    picture[top : top + ink.shape[0], left : left + ink.shape[1]] = ink
    return picture


def as_mnist(trace: Trace) -> Array:
    """Draw a trace as MNIST's pictures are made, with `cnn.vision.framing.frame_digit`.

    Returns
    -------
    ndarray of uint8, (28, 28)
        The longer side of the ink is 20, its centre of mass in the middle.
    """
    ink = rasterise(trace, height=_FINE / _longer_side(trace))
    _, framed = frame_digit(ink.astype(np.float32) / 255)
    picture: Array = np.rint(framed * 255).astype(np.uint8)
    return picture
