"""Letterboxing: a picture of any shape in a square, as a network for whole pages takes it."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

__all__ = ["FILL", "letterbox"]

Array = npt.NDArray[Any]
Box = tuple[int, int, int, int]

#: The grey of what is not covered, 0 to 255.
FILL = 128


def letterbox(image: Image.Image, side: int) -> tuple[Array, Box]:
    """Scale a picture so that its longer side fills a square, in whose middle it lies.

    Parameters
    ----------
    image : PIL.Image.Image
        Of mode L or RGB.
    side : int
        Pixels of the square's side, even.

    Returns
    -------
    pixels : ndarray of uint8, (3, side, side)
        RGB; `FILL` where no picture is.
    box : (int, int, int, int)
        Left, top, width and height of the picture in it: even, as a network's answers have half
        the size.
    """
    scale = side / max(image.size)
    width, height = (max(2, 2 * round(length * scale / 2)) for length in image.size)
    left, top = ((side - length) // 4 * 2 for length in (width, height))
    filter_ = Image.Resampling.BOX if scale < 1 else Image.Resampling.BILINEAR
    scaled = image.convert("RGB").resize((width, height), filter_)
    pixels = np.full((side, side, 3), FILL, np.uint8)
    pixels[top : top + height, left : left + width] = np.asarray(scaled)
    return np.ascontiguousarray(pixels.transpose(2, 0, 1)), (left, top, width, height)
