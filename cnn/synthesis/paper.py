"""Building blocks of synthetic photographs: blur, grain, uneven light, JPEG."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

__all__ = ["as_jpeg", "as_levels", "blur", "cloud", "grain", "homography", "rule_cover", "slope"]

Array = npt.NDArray[Any]


def blur(field: Array, radius: float) -> Array:
    """Smooth levels from 0 to 255, (H, W) or (H, W, 3), with a Gaussian of `radius` pixels."""
    image = Image.fromarray(as_levels(field)).filter(ImageFilter.GaussianBlur(radius))
    return np.asarray(image, np.float32)


def as_levels(field: Array) -> Array:
    """Round, and clip to 0..255, as uint8."""
    return np.clip(np.rint(field), 0, 255).astype(np.uint8)


def grain(shape: tuple[int, int], radius: float, rng: np.random.Generator) -> Array:
    """Return noise of mean 0 and deviation 1, float32 `shape`, smoothed by `radius` pixels."""
    noise = rng.standard_normal(shape, np.float32)
    if radius:
        noise = blur(noise * 32 + 128, radius)
    noise = noise - noise.mean()
    spread: Array = noise / max(float(noise.std()), 1e-6)
    return spread


def cloud(shape: tuple[int, int], cells: int, rng: np.random.Generator) -> Array:
    """Return smooth noise from 0 to 1, float32 `shape`, with `cells` bumps along each side."""
    coarse = Image.fromarray(rng.random((cells + 3, cells + 3), np.float32))
    field = np.asarray(coarse.resize(shape[::-1], Image.Resampling.BICUBIC))
    low, high = float(field.min()), float(field.max())
    result: Array = (field - low) / max(high - low, 1e-6)
    return result


def slope(shape: tuple[int, int], angle: float) -> Array:
    """Return a plane that rises from 0 to 1 across the picture, towards `angle` (radians)."""
    rows, columns = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    rise = np.cos(angle) * columns + np.sin(angle) * rows
    plane: Array = (rise - rise.min()) / np.ptp(rise)
    return plane


def rule_cover(length: int, places: Array, thickness: float) -> Array:
    """Return how much lines at `places` cover of each of `length` pixels, float32, 0 to 1."""
    distance = np.abs(np.arange(length)[:, None] - places).min(axis=1)
    cover: Array = np.clip(thickness / 2 + 0.5 - distance, 0, 1).astype(np.float32)
    return cover


def homography(corners: Array, size: tuple[int, int] | None = None) -> tuple[float, ...]:
    """Return Pillow's eight coefficients of the map from a picture's corners to others.

    Parameters
    ----------
    corners : ndarray of float, (4, 2)
        Where the upper left, lower left, lower right and upper right corner come from, as x and y.
    size : (int, int), optional
        Width and height of the picture; without it, what the corners reach.
    """
    wide, tall = size or (round(length) for length in corners.max(axis=0))
    source = np.array([(0, 0), (0, tall), (wide, tall), (wide, 0)], float)
    rows, targets = [], []
    for (x, y), (u, v) in zip(source, corners, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        targets += [u, v]
    return tuple(float(c) for c in np.linalg.solve(np.array(rows), np.array(targets)))


def as_jpeg(picture: Array, quality: int) -> bytes:
    """Return the bytes of a JPEG file from numbers 0 to 255, (H, W) or (H, W, 3)."""
    file = io.BytesIO()
    Image.fromarray(as_levels(picture)).save(file, "JPEG", quality=quality)
    return file.getvalue()
