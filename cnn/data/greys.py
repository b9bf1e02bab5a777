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
        Of mode L. All black if there is but one number. What is infinite is as black or as white as
        can be, and what is no number as grey as the middle of its part.
    """
    low, high = _find_range(image)
    scale = 255 / (high - low) if high > low else 0.0
    reduced = Image.new("L", image.size)
    for top, band in bands(image):
        numbers = np.asarray(band, np.float64)
        unknown = np.isnan(numbers)
        if unknown.any():
            known = numbers[~unknown]
            numbers = np.where(unknown, np.median(known) if len(known) else low, numbers)
        levels = np.rint((np.clip(numbers, low, high) - low) * scale)
        reduced.paste(Image.fromarray(levels.astype(np.uint8)), (0, top))
    return reduced


def bands(image: Image.Image) -> Iterator[tuple[int, Image.Image]]:
    """Cut a picture into bands of about a megapixel, each with its top row."""
    height = max(1, _BAND // image.width)
    for top in range(0, image.height, height):
        bottom = min(image.height, top + height)
        yield top, image.crop((0, top, image.width, bottom))


def _find_range(image: Image.Image) -> tuple[float, float]:
    """Return the lowest and the highest finite number; twice 0 where there is none."""
    ends = []
    for _, band in bands(image):
        numbers = np.asarray(band)
        finite = numbers[np.isfinite(numbers)]
        if len(finite):
            ends.append((float(finite.min()), float(finite.max())))
    return (min(low for low, _ in ends), max(high for _, high in ends)) if ends else (0.0, 0.0)
