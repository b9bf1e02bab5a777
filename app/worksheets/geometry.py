"""Geometry: from places on a page, in millimetres, to pixels of its picture."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

__all__ = ["Homography", "Straightening", "cross", "cut", "fit_homography"]

Array = npt.NDArray[Any]

# Of the displacements of a page that is not flat: how far apart they are alike, how large they are,
# and how exactly they are measured, all in millimetres.
_ALIKE, _LARGE, _EXACT = 70.0, 4.0, 0.15
_MESH = 12.0  # millimetres that are cut out as one quadrilateral


@dataclass(frozen=True, eq=False)
class Homography:
    """The map of a plane that is seen in perspective, as a matrix (3, 3)."""

    matrix: Array

    def __call__(self, points: Array) -> Array:
        """Map points, (N, 2)."""
        mapped = np.column_stack([points, np.ones(len(points))]) @ self.matrix.T
        # What is on the horizon is far away.
        depth = np.where(np.abs(mapped[:, 2:]) < 1e-9, 1e-9, mapped[:, 2:])
        seen: Array = mapped[:, :2] / depth
        return seen


def cross(a: Array, b: Array) -> Array:
    """Return the cross products of vectors in the plane, (..., 2): positive for a right turn."""
    product: Array = a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]
    return product


def fit_homography(points: Array, seen: Array, weights: Array) -> Homography:
    """Find the map from points to where they are seen, by weighted least squares.

    Coordinates are normalised first: R. Hartley, "In Defense of the Eight-Point Algorithm", 1997.

    Parameters
    ----------
    points, seen : ndarray of float, (N, 2)
        At least four.
    weights : ndarray of float, (N,)
        How much each counts.
    """
    before, after = _normalising(points), _normalising(seen)
    x, y = before(points).T
    u, v = after(seen).T
    one, none = np.ones_like(x), np.zeros_like(x)
    rows = np.concatenate(
        [
            np.column_stack([x, y, one, none, none, none, -u * x, -u * y, -u]),
            np.column_stack([none, none, none, x, y, one, -v * x, -v * y, -v]),
        ]
    )
    rows *= np.tile(weights, 2)[:, None]
    _, axes = np.linalg.eigh(rows.T @ rows)
    matrix = np.linalg.inv(after.matrix) @ axes[:, 0].reshape(3, 3) @ before.matrix
    return Homography(matrix / matrix[2, 2])


def _normalising(points: Array) -> Homography:
    middle = points.mean(axis=0)
    scale = np.sqrt(2) / max(float(np.hypot(*(points - middle).T).mean()), 1e-9)
    return Homography(
        np.array([[scale, 0, -scale * middle[0]], [0, scale, -scale * middle[1]], [0, 0, 1]])
    )


@dataclass(frozen=True, eq=False)
class Straightening:
    """Where places of a page that may be curled are in its picture.

    What a homography leaves over is a smooth field of displacements, interpolated between places
    where it was measured (Gaussian process regression).

    Attributes
    ----------
    flat : Homography
        As if the page were flat.
    places, strengths : ndarray of float, (N, 2)
        Where displacements were measured, and what each adds, both in millimetres.
    """

    flat: Homography
    places: Array = field(default_factory=lambda: np.empty((0, 2)))
    strengths: Array = field(default_factory=lambda: np.empty((0, 2)))

    def __call__(self, points: Array) -> Array:
        """Map points in millimetres, (N, 2), to pixels."""
        return self.flat(points + self.displacement(points))

    def displacement(self, points: Array) -> Array:
        """Return by how many millimetres points, (N, 2), are displaced."""
        moved: Array = _alike(points, self.places) @ self.strengths
        return moved

    def measured(self, places: Array, displacements: Array) -> Straightening:
        """Return the same with other displacements, (N, 2); what is far from the rest is left out.

        Parameters
        ----------
        places, displacements : ndarray of float, (N, 2)
            In millimetres.
        """
        kept = np.ones(len(places), bool)
        for _ in range(3):
            fitted = Straightening(self.flat, places[kept], _fit(places[kept], displacements[kept]))
            miss = np.hypot(*(fitted.displacement(places) - displacements).T)
            before, kept = kept, miss < max(0.6, 4 * float(np.median(miss)))
            if (kept == before).all():
                break
        return fitted

    def scale(self, point: tuple[float, float]) -> float:
        """Return how many pixels a millimetre has about a place."""
        steps = np.array([point, (point[0] + 1, point[1]), (point[0], point[1] + 1)])
        here, right, down = self(steps)
        return float(np.sqrt(abs(float(cross(right - here, down - here)))))


def _alike(a: Array, b: Array) -> Array:
    apart = ((a[:, None] - b[None]) ** 2).sum(axis=2)
    alike: Array = np.exp(-apart / (2 * _ALIKE**2))
    return alike


def _fit(places: Array, displacements: Array) -> Array:
    noise = (_EXACT / _LARGE) ** 2 * np.eye(len(places))
    return np.linalg.solve(_alike(places, places) + noise, displacements)


def cut(
    picture: Image.Image,
    mapping: Straightening,
    box: tuple[float, float, float, float],
    scale: float,
) -> Image.Image:
    """Cut a part of a page out of its picture, straightened.

    Parameters
    ----------
    picture : PIL.Image.Image
        Of mode L.
    mapping : Straightening
        From millimetres to its pixels.
    box : (float, float, float, float)
        Left, top, width, height in millimetres.
    scale : float
        Pixels of a millimetre in the result.
    """
    left, top, width, height = box
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    across, down = (max(1, int(np.ceil(side / _MESH))) for side in (width, height))
    columns = np.rint(np.linspace(0, size[0], across + 1)).astype(int)
    rows = np.rint(np.linspace(0, size[1], down + 1)).astype(int)
    nodes = np.stack(np.meshgrid(columns, rows), axis=-1).reshape(-1, 2)
    seen = mapping(nodes / scale + (left, top)).reshape(down + 1, across + 1, 2)
    mesh = [
        (
            (int(columns[x]), int(rows[y]), int(columns[x + 1]), int(rows[y + 1])),
            tuple(
                float(length)
                for corner in ((y, x), (y + 1, x), (y + 1, x + 1), (y, x + 1))
                for length in seen[corner]
            ),
        )
        for y in range(down)
        for x in range(across)
    ]
    return picture.transform(size, Image.Transform.MESH, mesh, Image.Resampling.BILINEAR)
