"""Pages of digits, maps of them, and why one was refused."""

from __future__ import annotations

import numpy as np
from PIL import Image

from cnn.reading.results import Reading
from cnn.vision.page_map import PageMap
from tests.cnn.drawn import Sheet, page


def code(reading: Reading) -> str:
    """Return why a picture was refused."""
    assert reading.refusal is not None
    assert reading.digits == ()
    assert reading.text == ""
    assert reading.only is None
    return reading.refusal.code


def page_of(sheet: Sheet, *lines: str, apart: int = 110) -> Image.Image:
    """Return a page with lines of MNIST's digits on it, each 112 pixels wide and high."""
    images, labels = sheet
    placed = [
        (images[int(np.flatnonzero(labels == int(digit))[0])], 40 + apart * x, 40 + 130 * y, 112)
        for y, line in enumerate(lines)
        for x, digit in enumerate(line)
    ]
    return page(placed, (80 + apart * max(map(len, lines)), 60 + 130 * len(lines)))


def as_map(picture: Image.Image, *, other: tuple[int, int, int, int] | None = None) -> PageMap:
    """Return a map of a page with black ink: a digit's, but in the box `other`."""
    ink = (np.asarray(picture.convert("L")) < 128).astype(np.float32)
    strange = np.zeros_like(ink)
    if other is not None:
        left, top, right, bottom = other
        strange[top:bottom, left:right] = ink[top:bottom, left:right]
    return PageMap(1 - ink, ink - strange, strange, np.zeros_like(ink))
