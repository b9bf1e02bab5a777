"""Damage that goes through a digit, at amounts at which a person still reads it.

Most kinds are those of Mu & Gilmer, "MNIST-C: A Robustness Benchmark for Computer Vision", 2019, in
definitions of our own: their amounts vary from one digit to the next.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from cnn.data.dataset import as_floats
from cnn.synthesis.corruptions import Corruption
from cnn.synthesis.strokes import stamp
from cnn.vision.morphology import slide

__all__ = ["DAMAGE"]

Array = npt.NDArray[Any]
Rng = np.random.Generator

_SIDE = 28
_FINE = 4  # pixels of an enlarged digit, along each side of one of its own


def _each(images: Array, low: float, high: float, rng: Rng) -> Array:
    """Draw a number for each of N digits, float32 (N, 1, 1)."""
    return rng.uniform(low, high, (len(images), 1, 1)).astype(np.float32)


def _shot_noise(images: Array, rng: Rng) -> Array:
    photons = _each(images, 2.5, 6, rng)
    noisy: Array = rng.poisson(as_floats(images) * photons) / photons
    return noisy


def _impulse_noise(images: Array, rng: Rng) -> Array:
    dice, share = rng.random(images.shape, np.float32), _each(images, 0.12, 0.25, rng)
    return np.where(dice < share, (dice < share / 2).astype(np.float32), as_floats(images))


def _frosted_glass(images: Array, rng: Rng) -> Array:
    seen = _soften(as_floats(images))
    for _ in range(2):
        seen = _shuffle(seen, rng)
    return _soften(seen)


def _places(images: Array) -> tuple[Array, Array, Array]:
    """Return open grids of the number, row and column of each pixel of (N, H, W)."""
    number, row, column = (np.arange(length) for length in images.shape)
    return number[:, None, None], row[:, None], column


def _soften(images: Array) -> Array:
    """Blur (N, H, W) with a binomial of 3×3, whose standard deviation is 0.7 pixels."""
    for axis in (1, 2):
        pad = [(0, 0), (0, 0), (0, 0)]
        pad[axis] = (1, 1)
        wide = np.moveaxis(np.pad(images, pad), axis, 0)
        images = np.moveaxis((wide[:-2] + 2 * wide[1:-1] + wide[2:]) / 4, 0, axis)
    return images


def _shuffle(images: Array, rng: Rng) -> Array:
    """Show in half of the pixels one of the eight about it."""
    down, right = rng.integers(-1, 2, (2, *images.shape)) * (rng.random(images.shape) < 9 / 16)
    number, row, column = _places(images)
    rows, columns = np.clip(row + down, 0, _SIDE - 1), np.clip(column + right, 0, _SIDE - 1)
    shuffled: Array = images[number, rows, columns]
    return shuffled


def _motion_blur(images: Array, rng: Rng) -> Array:
    steps, reach = 9, 3
    angles, lengths = _each(images, 0, np.pi, rng), _each(images, 3, 6, rng)
    padded = np.pad(as_floats(images), ((0, 0), (reach, reach), (reach, reach)))
    number, row, column = _places(images)
    smeared = np.zeros(images.shape, np.float32)
    for part in np.linspace(-0.5, 0.5, steps):
        down = np.rint(part * lengths * np.sin(angles)).astype(int) + reach
        right = np.rint(part * lengths * np.cos(angles)).astype(int) + reach
        smeared += padded[number, row + down, column + right]
    # The light is spread, but a camera exposes for it.
    bright: Array = smeared / np.maximum(smeared.max(axis=(1, 2), keepdims=True), 1)
    return bright


def _spattered(images: Array, rng: Rng) -> Array:
    shown = as_floats(images)
    for digit in shown:
        count = int(rng.integers(8, 20))
        drops = stamp(rng.uniform(0, _SIDE, (count, 2)), rng.uniform(0.5, 1.7, count), digit.shape)
        digit += drops * (np.float32(rng.uniform(0.2, 0.9)) - digit)
    return shown


def _dotted(images: Array, rng: Rng) -> Array:
    return _crossed(images, rng, _draw_dots)


def _struck_through(images: Array, rng: Rng) -> Array:
    return _crossed(images, rng, _draw_line)


def _zigzagged(images: Array, rng: Rng) -> Array:
    return _crossed(images, rng, _draw_zigzag)


def _crossed(images: Array, rng: Rng, draw: Callable[[Array, Array, float, Rng], Array]) -> Array:
    """Draw across each digit, from beyond its ink on one side to beyond it on the other."""
    shown = as_floats(images)
    for digit in shown:
        rows, columns = np.nonzero(digit > 0.5)
        if not len(rows):
            continue
        middle = np.array([columns.mean(), rows.mean()]) + 0.5 + rng.uniform(-2, 2, 2)
        angle = np.deg2rad(rng.uniform(-60, 60))
        along = np.array([np.cos(angle), np.sin(angle)])
        places = (np.stack([columns, rows], axis=1) + 0.5 - middle) @ along
        start, stop = places.min() - rng.uniform(1, 4), places.max() + rng.uniform(1, 4)
        ends = middle + np.outer([start, stop], along)
        np.maximum(digit, draw(ends, along, _pen_width(digit), rng), out=digit)
    return shown


def _pen_width(digit: Array) -> float:
    """Return the width of a digit's strokes in pixels, 1.5 to 3."""
    solid = np.pad(digit > 0.5, 1)
    inner = solid[1:-1, :-2] & solid[1:-1, 2:] & solid[:-2, 1:-1] & solid[2:, 1:-1]
    edge = int(np.count_nonzero(solid[1:-1, 1:-1] & ~inner))
    # A stroke of width w and length l has about w·l pixels and 2·l on its edge.
    return float(np.clip(2 * np.count_nonzero(solid) / max(edge, 1), 1.5, 3))


def _between(ends: Array, distance: float) -> Array:
    """Return points (M, 2) at about `distance` pixels between two ends (2, 2)."""
    count = max(2, round(float(np.hypot(*(ends[1] - ends[0]))) / distance) + 1)
    points: Array = np.linspace(ends[0], ends[1], count)
    return points


def _draw_dots(ends: Array, along: Array, width: float, rng: Rng) -> Array:
    points = _between(ends, rng.uniform(2.5, 4))
    return stamp(points, np.full(len(points), rng.uniform(0.6, 1)), (_SIDE, _SIDE))


def _draw_line(ends: Array, along: Array, width: float, rng: Rng) -> Array:
    points = _between(ends, 0.4)
    return stamp(points, np.full(len(points), width / 2), (_SIDE, _SIDE))


def _draw_zigzag(ends: Array, along: Array, width: float, rng: Rng) -> Array:
    points = _between(ends, 0.2)
    period = width * rng.uniform(2.6, 4)
    turns = np.linspace(0, len(points) * 0.2 / period, len(points)) + rng.random()
    aside = width * rng.uniform(0.5, 1.0) * (4 * np.abs(turns % 1 - 0.5) - 1)
    points = points + np.outer(aside, [-along[1], along[0]])
    return stamp(points, np.full(len(points), width / 2), (_SIDE, _SIDE))


def _outlined(images: Array, rng: Rng) -> Array:
    return np.array([_outline(image) for image in images], np.float32).reshape(images.shape)


def _outline(image: Array) -> Array:
    """Leave a line of a pixel along the edge of the ink."""
    side = _FINE * _SIDE
    large = np.asarray(Image.fromarray(image).resize((side, side), Image.Resampling.BICUBIC))
    ink = large > 127
    grown, shrunk = ink, ink
    for axis in (0, 1):
        grown = slide(grown, _FINE - 1, np.logical_or, axis=axis)
        shrunk = slide(shrunk, _FINE - 1, np.logical_and, axis=axis)
    # (28, 4, 28, 4) -> (28, 28)
    edge: Array = (grown & ~shrunk).reshape(_SIDE, _FINE, _SIDE, _FINE).mean(axis=(1, 3))
    return edge


#: All kinds of damage.
DAMAGE = (
    Corruption("shot noise", "2.5 to 6 photons for white", 0.97, _shot_noise),
    Corruption("impulse noise", "12 to 25 % of the pixels black or white", 0.97, _impulse_noise),
    Corruption(
        "frosted glass",
        "blurred, half of the pixels exchanged for a neighbour, twice, and blurred again",
        0.97,
        _frosted_glass,
    ),
    Corruption("motion blur", "moved by 3 to 6 pixels while exposed", 0.97, _motion_blur),
    Corruption("spatter", "8 to 19 drops of grey, also on the ink", 0.97, _spattered),
    Corruption("dotted line", "dots 2.5 to 4 pixels apart, straight across", 0.97, _dotted),
    Corruption(
        "struck through", "by a straight line of the pen's own width", 0.90, _struck_through
    ),
    Corruption("zigzag", "struck through by a zigzag of the pen's own width", 0.90, _zigzagged),
    Corruption("outline", "only a line of a pixel along the edge of the ink", 0.90, _outlined),
)
