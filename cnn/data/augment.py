"""Augmentation: random changes to batches of training pictures."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

__all__ = ["Augment", "dilate", "erode", "sample"]

Array = npt.NDArray[Any]

_GRID = 5  # control points of an elastic warp along each side


@dataclass(frozen=True)
class Augment:
    """Random changes that preserve the class of a digit; each option is a largest amount.

    Parameters
    ----------
    rotation : float
        Degrees, to either side.
    scale : float
        Share by which height and width, independently, grow or shrink.
    shear : float
        Columns of shift for each row.
    shift : float
        Pixels, in each direction.
    elastic : float
        Standard deviation, in pixels, of the displacements at 5×5 control points, which
        are interpolated by cubic B-splines.
    thickness : float
        0 to 1, where 1 makes strokes one pixel thicker or thinner on each side.
    salt_pepper : float
        Share of the pixels that are set to black or white.
    noise : float
        Standard deviation of Gaussian noise, where white is 1.
    coarse : float
        Share of the pictures that are shown as if enlarged from a third to a half of their
        pixels.
    rate : float
        Share of the pictures to which each of thickness, salt_pepper and noise is
        applied. Rotation to elastic are applied to all, in one resampling.

    References
    ----------
    Simard et al., "Best Practices for Convolutional Neural Networks Applied to Visual
    Document Analysis", 2003.
    """

    rotation: float = 0.0
    scale: float = 0.0
    shear: float = 0.0
    shift: float = 0.0
    elastic: float = 0.0
    thickness: float = 0.0
    salt_pepper: float = 0.0
    noise: float = 0.0
    coarse: float = 0.0
    rate: float = 0.5

    def __call__(self, x: Array, rng: np.random.Generator) -> Array:
        """Return augmented copies.

        Parameters
        ----------
        x : ndarray of float, (N, C, H, W)
            Pictures on black (0).
        rng : numpy.random.Generator
            Source of the changes.

        Returns
        -------
        ndarray of float, (N, C, H, W)
            The copies, within 0..1 if `x` was.
        """
        if x.ndim != 4:
            raise ValueError(f"expected pictures of shape (N, C, H, W), got {x.shape}")
        if self.rotation or self.scale or self.shear or self.shift or self.elastic:
            x = sample(x, *self._sources(x, rng))
        if self.thickness:
            x = self._thicken(x, rng)
        if self.salt_pepper:
            share = self._amounts(x, rng, self.salt_pepper)
            dice = rng.random(x.shape, np.float32)
            x = np.where(dice < share, (dice < share / 2).astype(x.dtype), x)
        if self.noise:
            sigma = self._amounts(x, rng, self.noise)
            x = np.clip(x + rng.standard_normal(x.shape, np.float32) * sigma, 0, 1)
        if self.coarse:
            x = self._coarsen(x, rng)
        return x

    def _amounts(self, x: Array, rng: np.random.Generator, most: float) -> Array:
        """Draw the amount of a change for each picture, (N, 1, 1, 1); 0 for all but some."""
        amount: Array = rng.uniform(0, most, len(x)) * (rng.random(len(x)) < self.rate)
        return amount.astype(x.dtype)[:, None, None, None]

    def _thicken(self, x: Array, rng: np.random.Generator) -> Array:
        amount = self._amounts(x, rng, self.thickness)
        thicker = rng.random((len(x), 1, 1, 1)) < 0.5
        other = np.where(thicker, dilate(x), erode(x))
        changed: Array = x + amount * (other - x)
        return changed

    def _coarsen(self, x: Array, rng: np.random.Generator) -> Array:
        some = np.flatnonzero(rng.random(len(x)) < self.coarse)
        left = rng.uniform(1 / 3, 1 / 2, len(some))
        x = x.copy()
        for place, share in zip(some, left, strict=True):
            down, across = (_enlarged(side, max(1, round(share * side))) for side in x.shape[2:])
            x[place] = np.clip(down @ x[place] @ across.T, 0, 1)
        return x

    def _sources(self, x: Array, rng: np.random.Generator) -> tuple[Array, Array]:
        """Draw the source of each pixel of the result: fractional rows and columns, (N, H·W)."""
        n, _, h, w = x.shape

        def draw(most: float) -> Array:
            return rng.uniform(-most, most, (n, 1))

        angle, slant = np.deg2rad(draw(self.rotation)), draw(self.shear)
        tall, wide = 1 / (1 + draw(self.scale)), 1 / (1 + draw(self.scale))
        grid = np.mgrid[:h, :w].reshape(2, 1, h * w)
        row, column = grid[0] - (h - 1) / 2, grid[1] - (w - 1) / 2
        column = column + slant * row
        rows = (np.cos(angle) * row - np.sin(angle) * column) * tall + draw(self.shift)
        columns = (np.sin(angle) * row + np.cos(angle) * column) * wide + draw(self.shift)
        if self.elastic:
            down, across = _spline(h), _spline(w)
            bends = rng.normal(0, self.elastic, (2, n, _GRID, _GRID))
            moved = (down @ bends @ across.T).reshape(2, n, h * w)
            rows, columns = rows + moved[0], columns + moved[1]
        return rows + (h - 1) / 2, columns + (w - 1) / 2


def _spline(length: int) -> Array:
    """Return the weights (length, 5) of cubic B-spline control points spread over a side."""
    place = np.linspace(0, _GRID - 1, length)[:, None]
    distance = np.abs(place - np.arange(_GRID))
    near = 2 / 3 - distance**2 + distance**3 / 2
    weights: Array = np.where(distance < 1, near, np.maximum(2 - distance, 0) ** 3 / 6)
    weights /= weights.sum(axis=1, keepdims=True)
    return weights


@cache
def _enlarged(length: int, pixels: int) -> Array:
    """Return the weights (length, length) of a side reduced to some pixels and enlarged again."""
    side = Image.fromarray(np.eye(length, dtype=np.float32))
    small = side.resize((length, pixels), Image.Resampling.BOX)
    weights: Array = np.asarray(small.resize((length, length), Image.Resampling.BICUBIC))
    return weights


def sample(x: Array, rows: Array, columns: Array) -> Array:
    """Sample (N, C, H, W) at fractional places (N, H·W), bilinearly, with 0 outside."""
    n, c, h, w = x.shape
    framed = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
    wide = w + 2
    rows, columns = np.clip(rows + 1, 0, h + 0.999), np.clip(columns + 1, 0, w + 0.999)
    top, left = rows.astype(np.int32), columns.astype(np.int32)
    down, right = (rows - top).astype(x.dtype), (columns - left).astype(x.dtype)
    first = (np.arange(n * c, dtype=np.int32) * ((h + 2) * wide)).reshape(n, c, 1)
    corner = (first + (top * wide + left)[:, None]).reshape(n * c, h * w)
    flat = framed.reshape(-1)
    down, right = (np.repeat(part, c, axis=0) for part in (down, right))
    upper = flat[corner] * (1 - right) + flat[corner + 1] * right
    lower = flat[corner + wide] * (1 - right) + flat[corner + wide + 1] * right
    read: Array = upper + (lower - upper) * down
    return read.reshape(x.shape)


def _spread(x: Array, choose: np.ufunc) -> Array:
    y = x.copy()
    choose(y[..., 1:, :], x[..., :-1, :], out=y[..., 1:, :])
    choose(y[..., :-1, :], x[..., 1:, :], out=y[..., :-1, :])
    choose(y[..., 1:], x[..., :-1], out=y[..., 1:])
    choose(y[..., :-1], x[..., 1:], out=y[..., :-1])
    return y


def dilate(x: Array) -> Array:
    """Make bright strokes one pixel thicker on each side: the maximum over a cross, (..., H, W)."""
    return _spread(x, np.maximum)


def erode(x: Array) -> Array:
    """Make bright strokes one pixel thinner on each side: the minimum over a cross, (..., H, W)."""
    return _spread(x, np.minimum)
