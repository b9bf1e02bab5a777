"""Digits of handwriting fonts; `letters` has words of these and of fonts of print.

The families in `families` are divided: models learn from some, and the others are for tests.
`glyphs.npz` holds the digits of all of handwriting; `make fonts` draws it again from the fonts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps

from cnn.vision.framing import frame_digit
from cnn.vision.morphology import slide

__all__ = ["FILE", "GLYPH", "FontDigit", "Part", "font_pictures", "load_glyphs", "write_fonts"]

Array = npt.NDArray[Any]
Part = Literal["training", "test"]

#: Where the digits of all families lie.
FILE = Path(__file__).with_name("glyphs.npz")
#: Pixels of the longer side of a digit there.
GLYPH = 48

_MARGIN = 12  # pixels around a glyph that is slanted
# Side of the picture in pixels, share of it that the digit fills, and degrees to the right.
_TESTED = ((28, 0.72, 0.0), (56, 0.5, 12.0), (120, 0.6, -8.0), (280, 0.4, 20.0))


@dataclass(frozen=True)
class FontDigit:
    """A digit as it is sent: its family, which it is, and the picture, dark on white."""

    family: str
    digit: int
    picture: Image.Image


def load_glyphs(part: Part) -> dict[str, Array]:
    """Return the digits of each family of a part, by its name.

    Each is uint8, (10, 48, 48): white on black, the longer side of a digit 48 pixels.
    """
    with np.load(FILE, allow_pickle=False) as file:
        return {
            name.removeprefix(f"{part}/"): file[name]
            for name in file.files
            if name.startswith(f"{part}/")
        }


def write_fonts(count: int, *, rng: np.random.Generator) -> tuple[Array, Array]:
    """Draw digits of the families for training, slanted, stretched, thicker and thinner.

    Returns
    -------
    images : ndarray of uint8, (count, 28, 28)
        As MNIST's pictures are.
    labels : ndarray of int64, (count,)
    """
    families = list(load_glyphs("training").values())
    labels = rng.integers(10, size=count)
    images = np.empty((count, 28, 28), np.uint8)
    for place, digit in enumerate(labels):
        glyph = families[int(rng.integers(len(families)))][digit]
        ink = _weight(_slant(glyph, rng.uniform(-12, 22), rng.uniform(0.75, 1.3)), rng)
        images[place] = np.rint(frame_digit(ink / np.float32(255))[1] * 255)
    return images, labels


def font_pictures(part: Part = "test") -> Iterator[FontDigit]:
    """Draw each digit of each family of a part in four sizes and slants, as people send them."""
    for family, glyphs in load_glyphs(part).items():
        for digit, glyph in enumerate(glyphs):
            for side, fill, slant in _TESTED:
                ink = Image.fromarray(_slant(glyph, slant, 1.0))
                ink = ink.crop(ink.getbbox())
                longer = max(1, round(fill * side))
                ink = ImageOps.contain(ink, (longer, longer), Image.Resampling.BICUBIC)
                page = Image.new("L", (side, side))
                page.paste(ink, ((side - ink.width) // 2, (side - ink.height) // 2))
                yield FontDigit(family, digit, ImageOps.invert(page))


def _slant(glyph: Array, degrees: float, width: float) -> Array:
    """Slant a glyph to the right and stretch it, in a frame that has room for it."""
    slope = np.tan(np.deg2rad(degrees))
    middle = GLYPH / 2 + _MARGIN
    framed = Image.fromarray(np.pad(glyph, _MARGIN))
    # For each pixel of the result, where it comes from.
    across = (1 / width, slope / width, middle - (middle + slope * middle) / width)
    slanted = framed.transform(
        framed.size,
        Image.Transform.AFFINE,
        (*across, 0, 1, 0),
        Image.Resampling.BILINEAR,
    )
    return np.asarray(slanted)


def _weight(ink: Array, rng: np.random.Generator) -> Array:
    """Make strokes thicker by up to four pixels of a glyph's 48, or not at all."""
    length = 1 + 2 * int(rng.integers(3))
    for axis in (0, 1):
        ink = slide(ink, length, np.maximum, axis=axis)
    return ink
