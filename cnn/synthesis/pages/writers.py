"""Writers: where a page's digits come from, each writer with a manner of their own.

A source is a data set, the hands of `cnn.synthesis.strokes`, handwriting fonts, or a printer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal, Protocol

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from cnn.data.dataset import Dataset
from cnn.synthesis.fonts import Part, load_glyphs
from cnn.synthesis.fonts.letters import CAPITAL, Alphabet, load_alphabets
from cnn.synthesis.pages.draft import tight
from cnn.synthesis.strokes import (
    STYLES,
    TRAINING,
    VALIDATION,
    Hand,
    Line,
    Trace,
    as_mnist,
    draw_hand,
    rasterise,
    stamp,
    trace_digit,
)
from cnn.synthesis.strokes.trace import SPACING
from cnn.vision.morphology import slide

__all__ = ["Manner", "Source", "Sources", "Writer", "enlarge_ink", "printed"]

Array = npt.NDArray[Any]
Rng = np.random.Generator
#: Where digits come from.
Source = Literal["data", "strokes", "fonts", "print"]
#: How a page's digits look: as they are, with a fine or a broad pen, only their outlines, as dots
#: to be traced, or as the enlarged pixels of small pictures.
Manner = Literal["plain", "fine", "broad", "hollow", "dotted", "pixels"]

_PILLOWS = 0.3  # of printed pages: those in the font that comes with Pillow
_LARGEST = 120  # pixels of height up to which strokes are drawn; beyond, they are enlarged


class Writer(Protocol):
    """Who writes one page."""

    def write(self, digit: int, height: float, rng: Rng) -> Array:
        """Return a digit's ink of about `height` pixels, uint8 (h, w), with no edge around it."""
        ...


class Sources:
    """All that a page's digits may come from.

    Parameters
    ----------
    data : Dataset or None
        Pictures of digits, (N, 1, 28, 28).
    part : {"training", "test"}
        Which families of fonts, and which ranges of hands.

    Raises
    ------
    ValueError
        The pictures have another size, or one of the ten digits is missing.
    """

    def __init__(self, data: Dataset | None, part: Part) -> None:
        self.part = part
        self._fonts = list(load_glyphs(part).values())
        self._images: Array = np.empty((0, 28, 28), np.uint8)
        self._places: list[Array] = []
        if data is not None:
            self._places = [np.flatnonzero(data.labels == digit) for digit in range(10)]
            if data.images.shape[1:] != (1, 28, 28) or not all(map(len, self._places)):
                raise ValueError(
                    "expected pictures of all ten digits, (N, 1, 28, 28), got "
                    f"{data.images.shape} with {len(set(data.labels))} digits"
                )
            self._images = data.images[:, 0]

    def hand(self, rng: Rng) -> Hand:
        """Draw a hand."""
        ranges = TRAINING if self.part == "training" else VALIDATION
        return draw_hand(STYLES["world"], rng, ranges=ranges)

    def writer(self, source: Source, manner: Manner, rng: Rng) -> Writer:
        """Draw who writes a page; what needs the course of a pen is written by a hand."""
        if source == "print":
            bold = bool(rng.random() < 0.3)
            alphabets = [each for each in load_alphabets(self.part) if each.style == "print"]
            chosen = alphabets[int(rng.integers(len(alphabets)))]
            return _Printer(bold, None if rng.random() < _PILLOWS else chosen)
        if source == "strokes" or manner in ("fine", "dotted"):
            return _Writing(_with_pen(self.hand(rng), manner, rng), manner)
        if source == "fonts":
            family = self._fonts[int(rng.integers(len(self._fonts)))]
            shapes = tuple(glyph[None] for glyph in family)
            return _Pictures(shapes, 48, float(rng.uniform(-12, 22)), 0.5, manner)
        if not self._places:
            raise ValueError("expected a data set to take digits from, got None")
        images = tuple(self._images[rng.choice(found, 12)] for found in self._places)
        return _Pictures(images, 20, float(rng.normal(0, 4)), float(rng.uniform(0.3, 0.45)), manner)


@dataclass(frozen=True, eq=False)
class _Pictures:
    """Pictures of digits, enlarged.

    `images` has the pictures of each digit, uint8 (N, side, side); `inked` is the longer side of
    the ink in them, `lean` the page's slant in degrees, and `level` the level, 0 to 1, at which ink
    begins.
    """

    images: tuple[Array, ...]
    inked: int
    lean: float
    level: float
    manner: Manner

    def write(self, digit: int, height: float, rng: Rng) -> Array:
        """Write a digit."""
        images = self.images[digit]
        image = images[int(rng.integers(len(images)))]
        if self.manner == "pixels":
            return _as_pixels(image, height / self.inked)
        ink = enlarge_ink(image, height / self.inked, self.lean + rng.normal(0, 4), self.level)
        return _in_manner(ink, height, self.manner)


@dataclass(frozen=True, eq=False)
class _Writing:
    """Strokes of a hand."""

    hand: Hand
    manner: Manner

    def write(self, digit: int, height: float, rng: Rng) -> Array:
        """Write a digit."""
        # No pen's line is thinner than a pixel.
        hand = replace(self.hand, pen=max(self.hand.pen, 1.3 / height))
        trace = trace_digit(hand.allographs[digit], hand, rng)
        if self.manner == "pixels":
            return _as_pixels(as_mnist(trace), height / 20)
        if self.manner == "dotted":
            trace = tuple(
                Line(line.points[::step], np.full(len(line.points[::step]), hand.pen))
                for line in trace
                for step in [max(2, round(2.2 * hand.pen / SPACING))]
            )
            return _dots(trace, height)
        drawn = rasterise(trace, height=min(height, _LARGEST))
        if height > _LARGEST:
            drawn = enlarge_ink(drawn, height / _LARGEST, 0.0, 0.5)
        return _in_manner(drawn, height, self.manner)


@dataclass(frozen=True)
class _Printer:
    """One font of a computer: that of an alphabet, or the one that comes with Pillow."""

    bold: bool
    alphabet: Alphabet | None

    def write(self, digit: int, height: float, rng: Rng) -> Array:
        """Print a digit."""
        if self.alphabet is None:
            return printed(str(digit), height, bold=self.bold)
        strip = self.alphabet.write(str(digit))
        return enlarge_ink(strip, height / CAPITAL, 0.0, 0.3 if self.bold else 0.5)


def _with_pen(hand: Hand, manner: Manner, rng: Rng) -> Hand:
    """Give a hand the pen that a manner asks for."""
    if manner == "broad":
        return replace(hand, pen=float(rng.uniform(0.2, 0.27)), taper=0.2 * hand.taper)
    if manner == "hollow":
        return replace(hand, pen=float(rng.uniform(0.16, 0.24)))
    if manner == "fine":
        thin = float(rng.uniform(0.015, 0.04))
        return replace(hand, pen=thin, taper=0.3 * hand.taper, speed=0.3 * hand.speed)
    if manner == "dotted":
        return replace(hand, pen=float(rng.uniform(0.03, 0.07)))
    return hand


def _in_manner(ink: Array, height: float, manner: Manner) -> Array:
    if manner == "hollow":
        return _hollow(ink, height)
    if manner == "broad":
        return _grow(ink, 1 + 2 * round(0.03 * height))
    return ink


def _grow(ink: Array, length: int) -> Array:
    """Make strokes thicker by `length` - 1 pixels."""
    reach = length // 2
    ink = np.pad(ink, reach)
    for axis in (0, 1):
        ink = slide(ink, length, np.maximum, axis=axis)
    return ink


def _hollow(ink: Array, height: float) -> Array:
    """Leave a line along the edge of the ink."""
    reach = max(1, round(0.012 * height))
    outer = _grow(ink, 1 + 2 * reach)
    inner = np.pad(ink, reach)
    for axis in (0, 1):
        inner = slide(inner, 1 + 2 * (reach > 1), np.minimum, axis=axis)
    edge: Array = np.minimum(outer, 255 - inner)
    return edge


def _dots(trace: Trace, height: float) -> Array:
    """Draw the points of a trace as dots."""
    points = np.concatenate([line.points for line in trace]) * height
    radii = np.concatenate([line.widths for line in trace]) * height / 2
    radii = np.maximum(radii, 0.7)
    corner = points.min(axis=0) - radii.max() - 1
    size = np.ceil(points.max(axis=0) + radii.max() + 1 - corner).astype(int)
    ink = stamp(points - corner, radii, (int(size[1]), int(size[0])))
    return tight(np.rint(ink * 255).astype(np.uint8))


def enlarge_ink(image: Array, scale: float, lean: float, level: float) -> Array:
    """Enlarge a picture of a digit so that its edges stay as sharp as a pen's on paper.

    `lean` slants it to the right by so many degrees; ink begins where the enlarged picture is as
    light as `level`, 0 to 1.
    """
    slope = np.tan(np.deg2rad(lean))
    tall, wide = image.shape
    room = abs(slope) * tall + 2
    size = (max(2, round((wide + 2 * room) * scale)), max(2, round((tall + 4) * scale)))
    # For each pixel of the result, where it comes from.
    across = (1 / scale, slope / scale, -room - slope * (tall / 2 + 2))
    large = Image.fromarray(image).transform(
        size,
        Image.Transform.AFFINE,
        (*across, 0, 1 / scale, -2),
        Image.Resampling.BICUBIC if scale > 1 else Image.Resampling.BILINEAR,
    )
    if scale < 2:
        return tight(_as_dark(np.asarray(large)))
    smooth = np.asarray(large.filter(ImageFilter.GaussianBlur(0.4 * scale)), np.float32)
    sharp = np.clip((smooth - 255 * level) * scale + 127, 0, 255)
    return tight(sharp.astype(np.uint8))


def _as_dark(ink: Array) -> Array:
    """Make strokes solid that have become pale because they are thinner than a pixel."""
    strong = float(np.percentile(ink[ink > 30], 85)) if (ink > 30).any() else 255.0
    if strong >= 230:
        return ink
    solid: Array = np.minimum(ink * (230 / strong), 255).astype(np.uint8)
    return solid


def _as_pixels(image: Array, scale: float) -> Array:
    """Show each pixel as a square, as programs do that enlarge small pictures."""
    factor = max(1, round(scale))
    return tight(image).repeat(factor, axis=0).repeat(factor, axis=1)


@lru_cache(maxsize=64)
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size=size)


def printed(text: str, height: float, *, bold: bool = False) -> Array:
    """Return printed text whose capitals have `height` pixels, uint8 (h, w), cut to its ink."""
    font = _font(max(4, round(1.38 * height)))
    stroke = max(1, round(0.03 * height)) if bold else 0
    left, top, right, foot = font.getbbox(text, stroke_width=stroke)
    page = Image.new("L", (int(right - left) + 4, int(foot - top) + 4))
    ImageDraw.Draw(page).text((2 - left, 2 - top), text, fill=255, font=font, stroke_width=stroke)
    return tight(np.asarray(page))
