"""Allographs: the forms that a digit takes in different people's hands, as pen strokes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["Allograph", "Stroke"]

Array = npt.NDArray[Any]

_POINT = re.compile(r"(-?\d+) (-?\d+)(!?)(?:~(\d+))?")
_FREEDOM = 3  # hundredths of a point's own, where none is stated
_STEPS = 10  # samples of a curve between two of its points


@dataclass(frozen=True)
class Stroke:
    """What a pen draws between touching the paper and leaving it: a curve through points.

    Parameters
    ----------
    text : str
        Points as "x y", separated by commas, in hundredths of the digit's height: x to the right,
        y down from its top. "!" after a point makes it a corner; "~8" lets it lie up to two times
        8 hundredths away from one writer to the next, instead of 3.

    Raises
    ------
    ValueError
        The text is of another form, or has fewer than two points.
    """

    text: str

    def __post_init__(self) -> None:
        points = self.text.split(", ")
        if len(points) < 2 or not all(_POINT.fullmatch(point) for point in points):
            raise ValueError(
                'expected two or more points such as "10 20", "10 20!" or "10 20~5", separated '
                f"by a comma and a space, got {self.text!r}"
            )

    @cached_property
    def points(self) -> Array:
        """The points in heights of the digit, float64 (K, 2)."""
        return np.array([(float(x), float(y)) for x, y, _, _ in self._parsed]) / 100

    @cached_property
    def freedom(self) -> Array:
        """How far each point wanders, in heights of the digit, float64 (K, 1)."""
        return np.array([[float(freedom or _FREEDOM)] for *_, freedom in self._parsed]) / 100

    @cached_property
    def curve(self) -> Array:
        """The matrix (M, K) that takes K points, however displaced, to M samples of the curve.

        Between corners these are Catmull-Rom splines, whose knots are the square roots of the
        undisplaced distances (Yuksel, Schaefer & Keyser, "Parameterization and applications of
        Catmull-Rom curves", 2011), so that a curve is linear in its points.
        """
        last = len(self.points) - 1
        corners = [place for place, (_, _, mark, _) in enumerate(self._parsed) if mark]
        ends = sorted({0, *corners, last})
        parts = []
        for start, stop in pairwise(ends):
            part = np.zeros((_STEPS * (stop - start) + 1, last + 1))
            part[:, start : stop + 1] = _spline(self.points[start : stop + 1])
            parts.append(part if stop == last else part[:-1])
        return np.concatenate(parts)

    @property
    def _parsed(self) -> list[tuple[str, str, str, str]]:
        return [(m[1], m[2], m[3], m[4] or "") for m in _POINT.finditer(self.text)]


@dataclass(frozen=True)
class Allograph:
    """One form of a digit.

    Attributes
    ----------
    name : str
        The digit and the form, as "7-crossed".
    where : str
        Where or by whom it is written.
    strokes : tuple of Stroke
        In the order of writing.
    """

    name: str
    where: str
    strokes: tuple[Stroke, ...]

    @property
    def digit(self) -> int:
        """The digit that it is a form of."""
        return int(self.name[0])


def _spline(points: Array) -> Array:
    """Return the matrix (_STEPS * (K - 1) + 1, K) from K points to a smooth curve through them."""
    count = len(points)
    steps = np.sqrt(np.linalg.norm(np.diff(points, axis=0), axis=1))
    unit = np.eye(count)
    slopes = np.diff(unit, axis=0) / steps[:, None]
    # The tangent at a point is that of the parabola through it and both its neighbours.
    before, after = steps[:-1, None], steps[1:, None]
    inner = (after * slopes[:-1] + before * slopes[1:]) / (before + after)
    if count == 2:
        tangents = np.concatenate([slopes, slopes])
    else:
        tangents = np.concatenate(
            [1.5 * slopes[:1] - 0.5 * inner[:1], inner, 1.5 * slopes[-1:] - 0.5 * inner[-1:]]
        )
    t = np.linspace(0, 1, _STEPS, endpoint=False)[:, None]
    hermite = (2 * t**3 - 3 * t**2 + 1, t**3 - 2 * t**2 + t, 3 * t**2 - 2 * t**3, t**3 - t**2)
    spans = [
        hermite[0] * unit[k]
        + hermite[1] * steps[k] * tangents[k]
        + hermite[2] * unit[k + 1]
        + hermite[3] * steps[k] * tangents[k + 1]
        for k in range(count - 1)
    ]
    return np.concatenate([*spans, unit[-1:]])
