"""Ink as outlines: curves around what is darker than a level, for drawings that can be enlarged."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["svg_path", "trace_ink"]

_LEVEL = 127.5  # of 0 to 255: the outline is half-way from paper to ink

_Edge = tuple[str, int, int]  # "h" or "v", row and column of its first point
Point = tuple[float, float]


def trace_ink(ink: NDArray[np.uint8]) -> list[list[Point]]:
    """Return the outlines of ink, by marching squares.

    Parameters
    ----------
    ink : ndarray of uint8, (H, W)
        0 for paper to 255 for ink.

    Returns
    -------
    list of list of (float, float)
        Closed outlines, of ink and of the holes in it: points (x, y) in pixels from the left and
        the top edge.

    References
    ----------
    Lorensen & Cline, "Marching Cubes", 1987, in two dimensions.
    """
    levels = np.pad(ink.astype(float), 1)
    inside = levels > _LEVEL
    mixed = inside[:-1, :-1].astype(int) + inside[:-1, 1:] + inside[1:, :-1] + inside[1:, 1:]
    beside: dict[_Edge, list[_Edge]] = {}
    for row, column in np.argwhere((mixed > 0) & (mixed < 4)).tolist():
        for one, other in _segments(inside, levels, row, column):
            beside.setdefault(one, []).append(other)
            beside.setdefault(other, []).append(one)
    return [[_point(levels, edge) for edge in loop] for loop in _loops(beside)]


def svg_path(outlines: list[list[Point]]) -> str:
    """Return outlines as the data of an SVG path: smooth curves, to be filled by "evenodd"."""
    parts = []
    for points in outlines:
        following = points[1:] + points[:1]
        middles = [
            ((x + next_x) / 2, (y + next_y) / 2)
            for (x, y), (next_x, next_y) in zip(points, following, strict=True)
        ]
        curves = "".join(
            f"Q{x:.2f} {y:.2f} {to_x:.2f} {to_y:.2f}"
            for (x, y), (to_x, to_y) in zip(following, middles[1:] + middles[:1], strict=True)
        )
        parts.append(f"M{middles[0][0]:.2f} {middles[0][1]:.2f}{curves}Z")
    return "".join(parts)


def _segments(
    inside: NDArray[np.bool_], levels: NDArray[Any], row: int, column: int
) -> list[tuple[_Edge, _Edge]]:
    """Return the pieces of outlines in a square of four points, by the edges that they cross."""
    corners = [
        bool(inside[row, column]),
        bool(inside[row, column + 1]),
        bool(inside[row + 1, column + 1]),
        bool(inside[row + 1, column]),
    ]
    # Clockwise from the top; each edge lies between the corner of its number and the next.
    edges: list[_Edge] = [
        ("h", row, column),
        ("v", row, column + 1),
        ("h", row + 1, column),
        ("v", row, column),
    ]
    crossed = [edge for n, edge in enumerate(edges) if corners[n] != corners[(n + 1) % 4]]
    if len(crossed) == 2:
        return [(crossed[0], crossed[1])]
    middle = levels[row : row + 2, column : column + 2].mean() > _LEVEL
    if corners[0] == middle:  # the corners of that kind are joined through the middle
        return [(edges[0], edges[1]), (edges[2], edges[3])]
    return [(edges[3], edges[0]), (edges[1], edges[2])]


def _loops(beside: dict[_Edge, list[_Edge]]) -> list[list[_Edge]]:
    """Return closed ways over edges, each of which has two neighbours."""
    left, loops = dict.fromkeys(beside), []
    while left:
        edge: _Edge | None = next(iter(left))
        loop = []
        while edge is not None:
            del left[edge]
            loop.append(edge)
            edge = next((other for other in beside[edge] if other in left), None)
        loops.append(loop)
    return loops


def _point(levels: NDArray[Any], edge: _Edge) -> Point:
    """Return where an outline crosses an edge, without the padding."""
    kind, row, column = edge
    down, across = (0, 1) if kind == "h" else (1, 0)
    one, other = levels[row, column], levels[row + down, column + across]
    way = float((_LEVEL - one) / (other - one))
    return column + across * way - 0.5, row + down * way - 0.5
