"""Sprites: the maps of a layer side by side in one picture."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["sprite"]

Array = npt.NDArray[Any]

# Side by side. Programs that show pictures know none that are much wider.
_MOST_MAPS, _MOST_NUMBERS = 8, 1024


def sprite(maps: Array) -> tuple[Array, int]:
    """Lay the maps of a layer side by side in one picture.

    Parameters
    ----------
    maps : ndarray of float, (H, W, C) or (D,)
        The output of a layer for one picture.

    Returns
    -------
    sheet : ndarray of uint8, (rows · H, columns · W)
        The maps in reading order; the layer's smallest number is 0, its largest 255.
    columns : int
        How many maps stand side by side. The numbers of a vector are maps of one pixel.
    """
    most = _MOST_MAPS
    if maps.ndim == 1:
        maps, most = maps[None, None, :], _MOST_NUMBERS
    height, width, count = maps.shape
    columns = min(count, most)
    rows = -(-count // columns)
    low, high = float(maps.min()), float(maps.max())
    scaled = (maps - low) / max(high - low, 1e-9) * 255
    sheet = np.zeros((rows * columns, height, width), np.uint8)
    sheet[:count] = np.rint(scaled).astype(np.uint8).transpose(2, 0, 1)
    grid = sheet.reshape(rows, columns, height, width).transpose(0, 2, 1, 3)
    return grid.reshape(rows * height, columns * width), columns
