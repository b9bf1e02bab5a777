"""Views: how a page becomes a picture, by a screenshot, a scanner or a telephone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from cnn.synthesis.pages.sheet import Sheet, bayer
from cnn.synthesis.pages.textures import fibres, soft_cloud
from cnn.synthesis.paper import as_jpeg, as_levels, blur, slope

__all__ = ["VIEWS", "View"]

Array = npt.NDArray[Any]
Rng = np.random.Generator


@dataclass(frozen=True)
class View:
    """A way to take a picture of a sheet.

    Attributes
    ----------
    take : callable
        From a sheet and chance to the sheet as seen.
    bleed : float
        Share of the picture's longer side that may be lost at each edge.
    """

    take: Callable[[Sheet, Rng], Sheet]
    bleed: float = 0.0


def _seen(sheet: Sheet, rng: Rng, *, most: float) -> Sheet:
    """See a sheet from an angle, and lose at most a share `most` of it at each edge."""
    tall, wide = sheet.shape
    corners = np.array([(0, 0), (0, tall), (wide, tall), (wide, 0)], np.float64)
    inwards = np.array([(1, 1), (1, -1), (-1, -1), (-1, 1)])
    corners += inwards * rng.uniform(0.05, 0.95, (4, 2)) * most * max(tall, wide)
    return sheet.warped(corners)


def _develop(sheet: Sheet, rng: Rng, *, soft: float, noise: float, quality: int) -> Sheet:
    """Blur, add noise, and compress as JPEG, if there is a quality."""
    shown = blur(sheet.picture, soft) if soft else as_levels(sheet.picture).astype(np.float32)
    if noise:
        shown = shown + (noise * fibres(sheet.shape, 0.5, rng))[..., None]
        if rng.random() < 0.5:
            colour = [fibres(sheet.shape, 0.5, rng) for _ in range(3)]
            shown = shown + 0.5 * noise * np.stack(colour, axis=-1)
    if quality:
        with Image.open(BytesIO(as_jpeg(shown, quality))) as picture:
            shown = np.asarray(picture, np.float32)
    sheet.picture = shown
    return sheet


def _screenshot(sheet: Sheet, rng: Rng) -> Sheet:
    return sheet


def _scan(sheet: Sheet, rng: Rng) -> Sheet:
    sheet = _seen(sheet, rng, most=0.015)
    quality = int(rng.choice([0, 75, 90]))
    return _develop(
        sheet, rng, soft=rng.uniform(0.3, 0.8), noise=rng.uniform(0.3, 2), quality=quality
    )


def _fax(sheet: Sheet, rng: Rng) -> Sheet:
    """Scan in black and white: by a threshold with noise, or with dithered greys."""
    sheet = _develop(sheet, rng, soft=rng.uniform(0.3, 0.7), noise=rng.uniform(1, 6), quality=0)
    grey = sheet.picture.mean(axis=2)
    way = int(rng.integers(3))
    if way == 0:
        dots = np.asarray(Image.fromarray(as_levels(grey)).convert("1"), np.float32) * 255
    elif way == 1:
        dots = 255 * (grey / 255 > 0.1 + 0.8 * bayer(grey.shape)).astype(np.float32)
    else:
        paper = float(np.median(grey))
        dark = grey < 0.72 * paper if paper > 110 else grey < paper + 60
        dots = np.where(dark, 0, 255).astype(np.float32)
    sheet.picture = np.repeat(dots[..., None], 3, axis=2)
    return sheet


def _lit(sheet: Sheet, rng: Rng, *, most: float) -> None:
    """Let the light fall off across the picture, warm or cold."""
    fall = rng.uniform(0.2, 1) * most * slope(sheet.shape, rng.uniform(0, 2 * np.pi))
    light = 1 - fall - 0.3 * most * soft_cloud(sheet.shape, 2, rng)
    warm = np.array([1.0, 1 - rng.uniform(0, 0.06), 1 - rng.uniform(-0.08, 0.12)], np.float32)
    sheet.picture = sheet.picture * (
        rng.uniform(0.85, 1.12) * light[..., None].astype(np.float32) * warm
    )


def _photo(sheet: Sheet, rng: Rng) -> Sheet:
    sheet = _seen(sheet, rng, most=0.05)
    _lit(sheet, rng, most=0.35)
    quality = int(rng.integers(50, 96))
    return _develop(
        sheet, rng, soft=rng.uniform(0.4, 1.2), noise=rng.uniform(1, 5), quality=quality
    )


def _shadow(sheet: Sheet, rng: Rng) -> Sheet:
    """Let the shadow of a hand, an arm or a telephone fall on the page."""
    tall, wide = sheet.shape
    rows, columns = np.mgrid[:tall, :wide].astype(np.float32)
    middle, lean = wide * rng.uniform(0.2, 0.9), rng.uniform(-0.6, 0.6)
    width = wide * rng.uniform(0.1, 0.4)
    tip = tall * rng.uniform(0.0, 0.6)
    inside = np.abs(columns - middle - lean * (rows - tip)) < width * (0.5 + 0.5 * rows / tall)
    inside &= rows > tip
    if rng.random() < 0.4:
        edge = slope(sheet.shape, rng.uniform(0, 6.28)) + 0.05 * soft_cloud(sheet.shape, 3, rng)
        inside = edge > rng.uniform(0.3, 0.7)
    dark = blur(255 * inside, rng.uniform(1, 0.03 * max(tall, wide) + 1.5)) / 255
    sheet.picture = sheet.picture * (1 - rng.uniform(0.25, 0.55) * dark[..., None])
    return _photo(sheet, rng)


def _glare(sheet: Sheet, rng: Rng) -> Sheet:
    """Let a lamp or a flash be mirrored, so that ink becomes pale there."""
    tall, wide = sheet.shape
    rows, columns = np.ogrid[:tall, :wide]
    size = max(tall, wide) * rng.uniform(0.15, 0.4)
    away = ((rows - rng.uniform(0, tall)) / size) ** 2
    away = away + ((columns - rng.uniform(0, wide)) / (size * rng.uniform(0.6, 1.6))) ** 2
    spot = rng.uniform(0.4, 0.8) * np.exp(-away)
    sheet = _dimmed(sheet, rng.uniform(0.6, 0.95))
    sheet.picture = sheet.picture + spot[..., None].astype(np.float32) * (255 - sheet.picture)
    return _photo(sheet, rng)


def _dimmed(sheet: Sheet, share: float) -> Sheet:
    sheet.picture = sheet.picture * np.float32(share)
    return sheet


def _vignette(sheet: Sheet, rng: Rng) -> Sheet:
    """Let the corners be dark, as a cheap lens does or a lamp close by."""
    rows, columns = (np.linspace(-1, 1, length, dtype=np.float32) for length in sheet.shape)
    away = (rows[:, None] - rng.uniform(-0.4, 0.4)) ** 2 + (columns - rng.uniform(-0.4, 0.4)) ** 2
    sheet.picture = sheet.picture * (1 / (1 + rng.uniform(0.3, 1.0) * away))[..., None]
    return _photo(sheet, rng)


def _moire(sheet: Sheet, rng: Rng) -> Sheet:
    """Photograph a screen: its lines beat with the camera's."""
    rows, columns = np.ogrid[: sheet.shape[0], : sheet.shape[1]]
    bend = rng.uniform(0, 0.0012, 2)
    waves = [
        np.sin(
            rng.uniform(0.15, 1.6) * columns + rng.uniform(-0.5, 0.5) * rows + bend[0] * rows**2
        ),
        np.sin(
            rng.uniform(0.15, 1.6) * rows + rng.uniform(-0.5, 0.5) * columns + bend[1] * columns**2
        ),
    ]
    beat = rng.uniform(0.03, 0.12) * waves[0] + rng.uniform(0, 0.06) * waves[1]
    shift = rng.uniform(0.8, 1.2, 3).astype(np.float32)
    sheet.picture = sheet.picture * (1 + beat[..., None].astype(np.float32) * shift)
    sheet = _seen(sheet, rng, most=0.04)
    quality = int(rng.integers(60, 96))
    return _develop(
        sheet, rng, soft=rng.uniform(0.3, 0.8), noise=rng.uniform(0, 3), quality=quality
    )


def _poor_jpeg(sheet: Sheet, rng: Rng) -> Sheet:
    return _develop(sheet, rng, soft=0.0, noise=0.0, quality=int(rng.integers(30, 46)))


def _small(sheet: Sheet, rng: Rng) -> Sheet:
    """Reduce to 60 to 200 pixels, as far as digits keep 14 pixels and strokes most of one."""
    longest = max(sheet.shape)
    wanted = max(rng.uniform(60, 200) / longest, 14 / sheet.unit)
    if wanted < 0.9:
        height, width = (max(1, round(length * wanted)) for length in sheet.shape)
        sheet = sheet.reduced((width, height))
    return _poor_jpeg(sheet, rng) if rng.random() < 0.4 else sheet


#: Views by name.
VIEWS = {
    "screenshot": View(_screenshot),
    "scan": View(_scan, bleed=0.02),
    "fax": View(_fax),
    "photo": View(_photo, bleed=0.06),
    "shadow": View(_shadow, bleed=0.06),
    "glare": View(_glare, bleed=0.06),
    "vignette": View(_vignette, bleed=0.06),
    "moire": View(_moire, bleed=0.05),
    "poor JPEG": View(_poor_jpeg),
    "small": View(_small),
}
