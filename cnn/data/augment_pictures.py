"""Augmentation of photographs: random changes that keep what they show."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from cnn.data.augment import sample

__all__ = ["PictureAugment", "PictureChanges"]

Array = npt.NDArray[Any]

# The largest amounts that make sense.
_MOST = {"shear": 1.5, "zoom": 0.9, "rotate": 180, "shift": 1, "brightness": 1, "cutout": 1}


@dataclass(frozen=True)
class PictureAugment:
    """Random changes of photographs; each option is a largest amount, and 0 leaves it out.

    What comes in from beyond the edge is the edge's own colour, as in Keras.

    Parameters
    ----------
    shear : float
        Radians of shear, to either side.
    zoom : float
        Share by which the picture grows or shrinks.
    flip : bool
        Whether half of the pictures are mirrored, left to right.
    rotate : float
        Degrees, to either side.
    shift : float
        Share of height and width.
    brightness : float
        Share by which all numbers are multiplied or divided.
    cutout : float
        Side of a square that is made grey, as a share of the picture's side
        (DeVries & Taylor, "Improved Regularization … with Cutout", 2017).
    """

    shear: float = 0.0
    zoom: float = 0.0
    flip: bool = False
    rotate: float = 0.0
    shift: float = 0.0
    brightness: float = 0.0
    cutout: float = 0.0

    def __post_init__(self) -> None:
        for name, most in _MOST.items():
            value = getattr(self, name)
            if not 0 <= value <= most:
                raise ValueError(f"{name} must be from 0 to {most}, got {value}")

    @classmethod
    def parse(cls, text: str) -> PictureAugment:
        """Make one of "shear=0.2,flip,cutout": a name alone is an option's usual amount.

        Raises
        ------
        ValueError
            For a name that is none, or an amount that is impossible. "none" is no change.
        """
        names = [field.name for field in fields(cls)]
        chosen: dict[str, Any] = {}
        if text.strip() == "none":
            return cls()
        for part in text.split(","):
            name, _, amount = part.strip().partition("=")
            if name not in names or (name == "flip" and amount):
                raise ValueError(
                    f"there is no augmentation {part.strip()!r}; there are {', '.join(names)}, "
                    "as in shear=0.2,flip"
                )
            try:
                chosen[name] = float(amount) if amount else getattr(_USUAL, name)
            except ValueError:
                raise ValueError(f"{name} takes a number, got {amount!r}") from None
        return cls(**chosen)

    def __str__(self) -> str:
        """Return what `parse` takes."""
        parts = [
            name if name == "flip" else f"{name}={value:g}"
            for name, value in ((field.name, getattr(self, field.name)) for field in fields(self))
            if value
        ]
        return ",".join(parts) or "none"

    def __call__(self, x: Array, rng: np.random.Generator) -> Array:
        """Return augmented copies of pictures, float (N, C, H, W) from 0 to 1."""
        return self.draw(x, rng)(x)

    def draw(self, x: Array, rng: np.random.Generator) -> PictureChanges:
        """Draw what is to be done to each of some pictures, (N, C, H, W)."""
        if x.ndim != 4:
            raise ValueError(f"expected pictures of shape (N, C, H, W), got {x.shape}")
        n = len(x)

        def amount(most: float) -> Array:
            return rng.uniform(-most, most, (n, 1)).astype(np.float32)

        drawn: dict[str, Array] = {}
        if self.flip:
            drawn["flip"] = rng.random((n, 1)) < 0.5
        if self.shear or self.zoom or self.rotate or self.shift:
            for name in ("rotate", "shear", "zoom"):
                drawn[name] = amount(getattr(self, name))
            drawn["down"], drawn["across"] = amount(self.shift), amount(self.shift)
        if self.brightness:
            drawn["brightness"] = (1 + self.brightness) ** rng.uniform(-1, 1, (n, 1))
        if self.cutout:
            # The middle may lie anywhere, so that part of a square may lie outside.
            drawn["cut_row"], drawn["cut_column"] = rng.uniform(0, 1, (2, n, 1))
        return PictureChanges(cutout=self.cutout, **drawn)


@dataclass(frozen=True, eq=False, kw_only=True)
class PictureChanges:
    """What is done to each of N pictures: arrays (N, 1), or numbers that are the same for all.

    `rotate` is in degrees, clockwise, and `shear` in radians; `zoom` makes a picture larger by
    this share; `down` and `across` are the shares of height and width by which the window moves
    over it; all numbers are multiplied by `brightness`; `cutout` is the side of the square, as
    a share, and `cut_row` and `cut_column` are where its middle lies.
    """

    flip: Array | bool = False
    rotate: Array | float = 0.0
    shear: Array | float = 0.0
    zoom: Array | float = 0.0
    down: Array | float = 0.0
    across: Array | float = 0.0
    brightness: Array | float = 1.0
    cutout: float = 0.0
    cut_row: Array | float = 0.5
    cut_column: Array | float = 0.5

    def __call__(self, x: Array) -> Array:
        """Return changed copies of pictures, float (N, C, H, W) from 0 to 1."""
        if np.any(self.flip):
            x = np.where(_each(self.flip), x[..., ::-1], x)
        if any(map(np.any, (self.rotate, self.shear, self.zoom, self.down, self.across))):
            rows, columns = self._sources(*x.shape[2:])
            count = (len(x), rows.shape[1])
            rows, columns = np.broadcast_to(rows, count), np.broadcast_to(columns, count)
            height, width = x.shape[2:]
            # Within the picture: beyond the edge there is more of the edge.
            x = sample(x, np.clip(rows, 0, height - 1), np.clip(columns, 0, width - 1))
        if np.any(self.brightness != 1):
            x = np.clip(x * _each(self.brightness).astype(x.dtype), 0, 1)
        if self.cutout:
            x = self._cut(x)
        return x

    def _sources(self, h: int, w: int) -> tuple[Array, Array]:
        """Return the source of each pixel of the result: fractional rows and columns, (N, H·W)."""
        angle, slant = np.deg2rad(self.rotate), np.tan(self.shear)
        size = 1 / (1 + self.zoom)
        grid = np.mgrid[:h, :w].reshape(2, 1, h * w).astype(np.float32)
        row, column = grid[0] - (h - 1) / 2, grid[1] - (w - 1) / 2
        column = column + slant * row
        rows = (np.cos(angle) * row - np.sin(angle) * column) * size + self.down * h
        columns = (np.sin(angle) * row + np.cos(angle) * column) * size + self.across * w
        return rows + (h - 1) / 2, columns + (w - 1) / 2

    def _cut(self, x: Array) -> Array:
        h, w = x.shape[2:]
        row = np.abs(np.arange(h) + 0.5 - np.reshape(self.cut_row, (-1, 1)) * h)
        column = np.abs(np.arange(w) + 0.5 - np.reshape(self.cut_column, (-1, 1)) * w)
        inside = (row < self.cutout * h / 2)[:, None, :, None]
        covered = inside & (column < self.cutout * w / 2)[:, None, None, :]
        return np.where(covered, x.dtype.type(0.5), x)


def _each(amounts: Array | float) -> Array:
    """Return an amount for each picture, in the shape that meets (N, C, H, W)."""
    return np.reshape(amounts, (-1, 1, 1, 1))


#: What a name alone means.
_USUAL = PictureAugment(
    shear=0.2, zoom=0.2, flip=True, rotate=10, shift=0.1, brightness=0.2, cutout=0.25
)
