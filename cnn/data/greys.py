"""Greys of more than 8 bits, as bytes: for pictures that are sent and for those of data sets."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from PIL import Image

__all__ = ["bands", "has_deep_greys", "reduce_greys"]

_BAND = 1_000_000  # pixels


def has_deep_greys(image: Image.Image) -> bool:
    """Say whether a picture's greys are 16-bit, 32-bit or floating-point numbers."""
    return image.mode.startswith(("I", "F"))


def reduce_greys(image: Image.Image) -> Image.Image:
    """Spread the greys of a picture evenly over 0 to 255.

    The smallest number becomes black, the largest white: how much of the range of its type a
    picture uses is its camera's or scanner's business (12 bits of 16, often). Pillow would
    cut off what is above 255. It is done part by part: memory is for one copy more.

    Parameters
    ----------
    image : PIL.Image.Image
        One that `has_deep_greys`.

    Returns
    -------
    PIL.Image.Image
        Of mode L. All black if there is but one number, or one that is not finite.
    """
    low, scale = _find_scale(image)
    reduced = Image.new("L", image.size)
    for top, band in bands(image):
        numbers = (np.asarray(band, np.float64) - low) * scale
        reduced.paste(Image.fromarray(np.rint(np.nan_to_num(numbers)).astype(np.uint8)), (0, top))
    return reduced


def bands(image: Image.Image) -> Iterator[tuple[int, Image.Image]]:
    """Cut a picture into bands of about a megapixel, each with its top row."""
    height = max(1, _BAND // image.width)
    for top in range(0, image.height, height):
        bottom = min(image.height, top + height)
        yield top, image.crop((0, top, image.width, bottom))


def _find_scale(image: Image.Image) -> tuple[float, float]:
    """Return the lowest number, and how much of a grey level one more is."""
    parts = [np.asarray(band) for _, band in bands(image)]
    low, high = (float(choose([choose(part) for part in parts])) for choose in (np.min, np.max))
    span = high - low
    return low, 255 / span if np.isfinite(span) and span > 0 else 0.0
