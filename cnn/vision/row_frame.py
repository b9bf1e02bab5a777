"""The frame in which a row of touching digits is shown to the network that reads rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from cnn.models.model import ROW_CLASSES

__all__ = ["COLUMNS", "NEITHER", "OTHER", "ROW_SHAPE", "RowFrame", "frame_row"]

Array = npt.NDArray[Any]

#: Rows and columns of the frame.
ROW_SHAPE = (32, 128)
#: Columns of the network's answer.
COLUMNS = ROW_SHAPE[1] // 2
#: Places among the classes behind the ten digits: the middle of what is no digit, and no middle.
OTHER, NEITHER = map(ROW_CLASSES.index, ("something else", "nothing"))

_INK, _LEFT = 26, 4  # height of the ink in its frame, and pixels at its left


@dataclass(frozen=True, eq=False)
class RowFrame:
    """A row in its frame.

    Attributes
    ----------
    pixels : ndarray of uint8, (H, W)
        The ink, 0 where there is none.
    scale, left : float
        A column x of the row is the column left + scale · x of the frame.
    """

    pixels: Array
    scale: float
    left: float

    def column(self, place: float) -> float:
        """Return the column of the network's answer at a place of the row."""
        return (self.left + self.scale * place) / 2 - 0.5

    def place(self, column: Array) -> Array:
        """Return the places of the row at columns of the network's answer, (M,)."""
        places: Array = (2 * column + 1 - self.left) / self.scale
        return places


def frame_row(ink: Array, *, shift: float = 0.0) -> RowFrame | None:
    """Scale a row to the height of its frame; None if it is too wide for it, or empty.

    Parameters
    ----------
    ink : ndarray of uint8, (H, W)
        The row, cut to its ink.
    shift : float
        Pixels by which it stands further right, and three times as many percent by which it is
        larger: rows to learn from vary.
    """
    height, width = ink.shape
    scale = _INK * (1 + 0.03 * shift) / max(height, 1)
    left = round(_LEFT + shift)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    if not ink.size or left + size[0] > ROW_SHAPE[1]:
        return None
    filter_ = Image.Resampling.BOX if scale < 1 else Image.Resampling.BILINEAR
    scaled = np.asarray(Image.fromarray(ink).resize(size, filter_), np.float32)
    peak = float(scaled.max())
    if not peak:
        return None
    pixels = np.zeros(ROW_SHAPE, np.uint8)
    top = (ROW_SHAPE[0] - size[1]) // 2
    pixels[top : top + size[1], left : left + size[0]] = np.rint(scaled * (255 / peak))
    return RowFrame(pixels, size[0] / width, left)
