"""Binarisation: the ink of a picture, separated from paper, shading and shadows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageChops, ImageFilter

from cnn.data.greys import bands
from cnn.vision.denoise import level_panels, remove_impulses
from cnn.vision.morphology import close
from cnn.vision.ruled_lines import find_rules

__all__ = [
    "GRAINY",
    "SMALL",
    "Ink",
    "as_dark_ink",
    "choose_window",
    "darkness_of",
    "estimate_paper",
    "find_ink",
    "flatten",
    "soften",
    "to_grey",
]

Array = npt.NDArray[Any]

#: Pixels on the shorter side; a smaller picture hardly shows more than one digit.
SMALL = 100

#: Of the darkness of the ink: noise that makes holes in strokes.
GRAINY = 0.06

_CELLS = 10  # the paper is judged on a picture so coarse that a window has so many cells
_WIDEST_STROKE = 0.4  # of the shorter side: what is wider than this is paper
_LIGHT_PAPER = 110  # out of 255: paper above is taken to be light, if in doubt
_LEAST_SKEW = 1.3  # of the levels around the border's: writing has more, shading less
_ROOM, _LEAST_WINDOW = 2.5, 9  # a window is so many times as wide as a stroke, and so much more
_STEEPEST = 0.997  # of the places: the rest are as steep as edges of strokes
_PALEST = 0.3  # of the darkest ink: what is paler, in a photograph, is not ink
_SOFTEST, _PER_SOFTNESS = 3.0, 20  # pixels; a window is so many times as wide
_NOISY = 0.04  # of the light of the paper
_AFAR = ImageFilter.Kernel((3, 3), (1, 2, 1, 2, 4, 2, 1, 2, 1))
_AROUND = 0.15  # of the shorter side: how far around a pixel its surroundings go
_CLEAR_SKEW = 0.7  # of what is left without shading: writing has more, noise less
_DARKEST_PAPER = 24  # out of 255: below, dividing by the paper would amplify noise


@dataclass(frozen=True)
class Ink:
    """The ink of a picture.

    Attributes
    ----------
    grey, paper : ndarray of uint8, (H, W)
        The picture with dark ink on light paper, and the estimate of the blank paper.
    strength : ndarray of float32, (H, W)
        0 on paper, 1 where the ink is darkest.
    mask : ndarray of bool, (H, W)
        Pixels of ink.
    contrast : float
        Darkness of the darkest ink against the paper, 0 to 1.
    noise : float
        Standard deviation of the paper's darkness, 0 to 1.
    light_on_dark : bool
        Whether the picture was inverted.
    removed : ndarray of bool, (H, W), or None
        What stood out as ink does and is not in the mask: printed lines of the paper, or what a
        page map takes for no digits' ink.
    """

    grey: Array
    paper: Array
    strength: Array
    mask: Array
    contrast: float
    noise: float
    light_on_dark: bool
    removed: Array | None = None

    @property
    def blank(self) -> bool:
        """Whether there is no ink: nothing stands out from the paper."""
        # In a small picture, ink covers so much that it also raises the noise.
        certain = 6 if min(self.mask.shape) >= SMALL else 3.5
        return self.contrast < max(0.06, certain * self.noise)


def flatten(image: Image.Image) -> Image.Image:
    """Composite a picture with transparency onto a page on which its ink shows.

    The page is white, unless the opaque pixels are themselves nearly white.
    """
    if image.mode not in ("LA", "RGBA"):
        return image
    mode = image.mode.removesuffix("A")
    page = Image.new(mode, image.size, "black" if _is_light(image) else "white")
    for top, band in bands(image):
        page.paste(band.convert(mode), (0, top), band.getchannel("A"))
    return page


def _is_light(image: Image.Image) -> bool:
    """Say whether the opaque pixels, if not all pixels are opaque, are nearly white."""
    light = opaque = 0
    for _, band in bands(image):
        solid = np.asarray(band.getchannel("A")) > 127
        light += int(np.asarray(band.convert("L"))[solid].sum(dtype=np.int64))
        opaque += int(np.count_nonzero(solid))
    return 0 < opaque < image.width * image.height and light > 191 * opaque


def to_grey(image: Image.Image) -> tuple[Image.Image, bool]:
    """Convert to grey so that ink of any colour is dark on light paper.

    Returns
    -------
    grey : PIL.Image.Image
        Of mode L.
    light_on_dark : bool
        Whether the ink was lighter than the paper.
    """
    luminance = image.convert("L")
    lopsided = _skew_without_shading(luminance) if min(image.size) >= SMALL else 0.0
    if abs(lopsided) >= _CLEAR_SKEW:
        light_on_dark = lopsided > 0
    else:
        light_on_dark = _ink_is_light(np.asarray(luminance))
    return as_dark_ink(image, light_on_dark=light_on_dark), light_on_dark


def as_dark_ink(image: Image.Image, *, light_on_dark: bool) -> Image.Image:
    """Convert a picture of mode L or RGB to grey, inverted if its ink is light on dark."""
    grey = image.convert("L")
    if image.mode == "RGB":
        red, green, blue = image.split()
        choose = ImageChops.lighter if light_on_dark else ImageChops.darker
        # A yellow line on white paper hardly shows in the luminance, but well in the blue.
        grey = Image.blend(grey, choose(choose(red, green), blue), 0.5)
    return ImageChops.invert(grey) if light_on_dark else grey


def _skew_without_shading(luminance: Image.Image) -> float:
    """Return the skewness of the deviations from the local mean.

    The two sides of a shadow's edge cancel out.
    """
    coarse = luminance.reduce(max(1, min(luminance.size) // 120))
    around = coarse.filter(ImageFilter.BoxBlur(_AROUND * min(coarse.size)))
    deviation = np.asarray(coarse, np.float32) - np.asarray(around, np.float32)
    deviation -= np.median(deviation)
    squares = deviation * deviation
    spread = float(squares.mean())
    squares *= deviation  # a third of the time of a power
    return float(squares.mean() / max(spread, 1.0) ** 1.5)


def _ink_is_light(grey: Array) -> bool:
    """Decide by the skewness of the deviations from the brightness of the border."""
    height, width = grey.shape
    frame = max(1, round(0.04 * min(height, width)))
    border = np.concatenate(
        [
            grey[:frame].ravel(),
            grey[-frame:].ravel(),
            grey[:, :frame].ravel(),
            grey[:, -frame:].ravel(),
        ]
    )
    # The third moment tells whether rare, strong deviations lie above the border or below it.
    middle = float(np.median(border))
    levels = np.arange(256) - middle
    shares = _histogram(grey) / grey.size
    # A light page that is only shaded is skewed as well, but less than by writing.
    least = _LEAST_SKEW * float(shares @ levels**2) ** 1.5 if middle > _LIGHT_PAPER else 0.0
    return float(shares @ levels**3) > least


def find_ink(image: Image.Image) -> Ink:
    """Separate ink from paper under any light.

    The paper is estimated by a closing (a maximum, then a minimum) with a window wider than
    a stroke, and smoothing; the picture is divided by it. The threshold follows from the noise
    of the paper and the darkness of the ink.

    Parameters
    ----------
    image : PIL.Image.Image
        Of mode L or RGB.

    Returns
    -------
    Ink
    """
    large = min(image.size) >= SMALL
    grey, light_on_dark = to_grey(image if large else level_panels(image))
    if not large:
        grey = remove_impulses(grey)
    window = choose_window(grey)
    levels, paper = np.asarray(grey), np.asarray(estimate_paper(grey, window))
    darkness, seen, (level, noise, peak) = _compare(grey, levels, paper, window)
    span = max(peak - level, 1e-3)
    strength = np.clip((darkness - level) / span, 0, 1)
    contrast = (peak - level) / max(1 - level, 1e-3)
    least = _PALEST if large and noise else 0.2 if noise else 0.08
    mask = seen > level + span * max(least, min(0.5 if large else 0.6, 4.5 * noise / span))
    rules = None
    if large:
        rules = find_rules(strength, mask, single=noise > 0)
        mask &= ~rules
    return Ink(levels, paper, strength, mask, contrast, noise, light_on_dark, rules)


def _compare(
    grey: Image.Image, levels: Array, paper: Array, window: int
) -> tuple[Array, Array, tuple[float, float, float]]:
    """Return the darkness of each pixel, the same smoothed if need be, and its statistics."""
    darkness = darkness_of(levels, paper)
    level, noise, peak = statistics = _statistics(darkness)
    if min(grey.size) < SMALL and noise > _NOISY:
        # In so small a picture noise is single pixels: smooth them.
        seen = darkness_of(np.asarray(grey.filter(_AFAR)), paper)
        return darkness, seen, _statistics(seen)
    if min(grey.size) >= SMALL and noise > GRAINY * (peak - level):
        # Pale ink on rough paper: removing the grain gains more than blurred edges lose.
        darkness = darkness_of(np.asarray(soften(grey, window)), paper)
        statistics = _statistics(darkness)
    return darkness, darkness, statistics


def darkness_of(grey: Array, paper: Array) -> Array:
    """Return the share of the paper's light that is missing, float32 (H, W), 0 to 1."""
    darkness: Array = 1 - grey / np.maximum(paper, np.float32(_DARKEST_PAPER))
    return np.clip(darkness, 0, 1, out=darkness)


def _histogram(levels: Array) -> Array:
    """Count each level of a picture of uint8, (H, W): int64 (256,), faster than NumPy does."""
    return np.array(Image.fromarray(levels).histogram(), np.int64)


def choose_window(grey: Image.Image) -> int:
    """Choose the window of the closing, in pixels: wider than any stroke."""
    widest = max(3, round(_WIDEST_STROKE * min(grey.size)))
    if min(grey.size) < SMALL:
        return widest
    return min(widest, round(_ROOM * _stroke_width(grey)) + _LEAST_WINDOW)


def _stroke_width(grey: Image.Image) -> float:
    """Measure the width of a stroke along rows: from a dark edge to the next light one.

    Shading has no edges, and a shadow has only one.
    """
    factor = max(1, min(grey.size) // 180)
    coarse = np.asarray(grey.reduce(factor), np.int16)
    widths = []
    for lines in (coarse, coarse.T):
        rise = np.ascontiguousarray(lines[:, 2:] - lines[:, :-2])
        steepness = np.abs(rise).astype(np.uint8)
        steep = np.cumsum(_histogram(steepness))
        least = 0.4 * float(np.searchsorted(steep, _STEEPEST * steep[-1]))
        edges = np.flatnonzero(steepness > max(least, 8))
        signs = rise.ravel()[edges] > 0
        row = edges // rise.shape[1]
        stroke = ~signs[:-1] & signs[1:] & (row[:-1] == row[1:])
        widths.append(float(np.median(np.diff(edges)[stroke])) + 1 if stroke.any() else 0.0)
    return float(factor * max(widths))


def soften(grey: Image.Image, window: int) -> Image.Image:
    """Blur away the grain of paper, by what a window of `choose_window` allows."""
    return grey.filter(ImageFilter.GaussianBlur(min(_SOFTEST, window / _PER_SOFTNESS)))


def estimate_paper(grey: Image.Image, window: int) -> Image.Image:
    """Estimate the blank paper under the ink, by a closing and smoothing."""
    factor = max(1, window // _CELLS)
    size = max(3, round(window / factor)) | 1
    closed = close(np.asarray(grey.reduce(factor)), size)
    smooth = Image.fromarray(closed).filter(ImageFilter.GaussianBlur(size / 6))
    return smooth.resize(grey.size, Image.Resampling.BILINEAR)


def _statistics(darkness: Array) -> tuple[float, float, float]:
    """Return the paper's level, its noise, and the level of the darkest ink."""
    steps = _histogram((darkness * np.float32(255) + np.float32(0.5)).astype(np.uint8))
    total = np.cumsum(steps)
    level = int(np.searchsorted(total, total[-1] / 2))
    distance = np.zeros(256, np.int64)
    np.add.at(distance, np.abs(np.arange(256) - level), steps)
    spread = int(np.searchsorted(np.cumsum(distance), total[-1] / 2))
    top = max(4, round(0.0005 * total[-1]))
    peak = int(np.searchsorted(total, total[-1] - top))
    return level / 255, 1.4826 * spread / 255, peak / 255
