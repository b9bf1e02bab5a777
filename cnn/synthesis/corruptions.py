"""Corruptions of digits, each of a stated strength.

Stripes and fog are defined as by Mu & Gilmer, "MNIST-C: A Robustness Benchmark for
Computer Vision", 2019.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

from cnn.data.dataset import as_floats
from cnn.synthesis.paper import as_jpeg, blur, cloud, grain, slope

__all__ = ["CORRUPTIONS", "Corrupted", "Corruption"]

Array = npt.NDArray[Any]
Rng = np.random.Generator

_SIDE = 28
_STRIPE = 7  # columns at either side
_FOG, _CALM = 2.5, 1.7  # MNIST-C's third severity: thickness and smoothness
_PHOTO = 280  # pixels of each side of a photograph


@dataclass(frozen=True)
class Corrupted:
    """Corrupted digits.

    Attributes
    ----------
    raw : ndarray of float32, (N, 28, 28), or None
        White (1) on black (0), as input for `Sequential.predict`; None where the
        corruption makes larger pictures only.
    pictures : tuple of PIL.Image.Image or bytes
        The same as pictures that a person would send, for `cnn.vision.normalise`.
    """

    raw: Array | None
    pictures: tuple[Image.Image | bytes, ...]


@dataclass(frozen=True)
class Corruption:
    """One kind of corruption.

    Attributes
    ----------
    name : str
        Its name in tables.
    description : str
        What is done, and its strength.
    goal : float
        The accuracy to reach with the normalisation.
    change : callable
        From uint8 (N, 28, 28) and a generator to float32 (N, 28, 28), or to pictures.
    """

    name: str
    description: str
    goal: float
    change: Callable[[Array, Rng], Array | tuple[Image.Image | bytes, ...]]

    def apply(self, images: Array, *, seed: int = 0) -> Corrupted:
        """Corrupt digits, uint8 (N, 28, 28), reproducibly for each seed.

        Raises
        ------
        ValueError
            If the array is not uint8 of that shape.
        """
        if images.dtype != np.uint8 or images.ndim != 3 or images.shape[1:] != (_SIDE, _SIDE):
            raise ValueError(
                f"expected digits, uint8 (N, 28, 28), got {images.dtype} {images.shape}"
            )
        changed = self.change(images, np.random.default_rng(seed))
        if isinstance(changed, tuple):
            return Corrupted(None, changed)
        pixels = np.rint(np.clip(changed, 0, 1) * 255).astype(np.uint8)
        return Corrupted(as_floats(pixels), tuple(Image.fromarray(digit) for digit in pixels))


def _nothing(images: Array, rng: Rng) -> Array:
    return as_floats(images)


def _squares(images: Array) -> Array:
    """Return the four pixels of every 2×2 square, (4, N, 28, 28), black outside."""
    padded = np.pad(as_floats(images), ((0, 0), (0, 1), (0, 1)))
    return np.stack([padded[:, y : y + _SIDE, x : x + _SIDE] for y in (0, 1) for x in (0, 1)])


def _thinner(images: Array, rng: Rng) -> Array:
    thin: Array = _squares(images).min(axis=0)
    return thin


def _thicker(images: Array, rng: Rng) -> Array:
    thick: Array = _squares(images).max(axis=0)
    return thick


def _shifted(images: Array, rng: Rng) -> Array:
    padded = np.pad(as_floats(images), ((0, 0), (4, 4), (4, 4)))
    corners = rng.choice([0, 8], (len(images), 2))
    moved = [
        picture[top : top + _SIDE, left : left + _SIDE]
        for picture, (top, left) in zip(padded, corners, strict=True)
    ]
    return np.array(moved)


def _warped(images: Array, angles: Array, scales: Array) -> Array:
    """Rotate by angles (N,), in radians, and scale by factors (N,), about the centre."""
    middle = (_SIDE - 1) / 2 + 0.5
    warped = []
    for image, angle, scale in zip(images, angles, scales, strict=True):
        a, b = np.cos(angle) / scale, np.sin(angle) / scale
        place = (a, b, middle * (1 - a - b), -b, a, middle * (1 + b - a))
        size = (_SIDE, _SIDE)
        turned = Image.fromarray(image).transform(
            size, Image.Transform.AFFINE, place, Image.Resampling.BICUBIC
        )
        warped.append(np.asarray(turned))
    return as_floats(np.array(warped))


def _rotated(images: Array, rng: Rng) -> Array:
    angles = np.deg2rad(rng.uniform(-20, 20, len(images)))
    return _warped(images, angles, np.ones(len(images)))


def _scaled(images: Array, rng: Rng) -> Array:
    return _warped(images, np.zeros(len(images)), rng.uniform(0.7, 1.2, len(images)))


def _salt_and_pepper(images: Array, rng: Rng) -> Array:
    dice = rng.random(images.shape)
    return np.where(dice < 0.1, (dice < 0.05).astype(np.float32), as_floats(images))


def _noise(images: Array, rng: Rng) -> Array:
    return as_floats(images) + np.float32(0.2) * rng.standard_normal(images.shape, np.float32)


def _blurred(images: Array, rng: Rng) -> Array:
    filter_ = ImageFilter.GaussianBlur(1)
    return as_floats(
        np.array([np.asarray(Image.fromarray(image).filter(filter_)) for image in images])
    )


def _pale(images: Array, rng: Rng) -> Array:
    return (as_floats(images) - np.float32(0.5)) * np.float32(0.3) + np.float32(0.5)


def _inverted(images: Array, rng: Rng) -> Array:
    return 1 - as_floats(images)


def _striped(images: Array, rng: Rng) -> Array:
    digits = as_floats(images)
    digits[:, :, :_STRIPE] = 1 - digits[:, :, :_STRIPE]
    digits[:, :, -_STRIPE:] = 1 - digits[:, :, -_STRIPE:]
    return digits


def _fogged(images: Array, rng: Rng) -> Array:
    # Part of a fractal of 256×256 pixels: waves of 128, 64, ... 2 pixels.
    thickness = np.zeros(images.shape, np.float32)
    weights = _CALM ** -np.arange(1.0, 8.0)
    for step, weight in enumerate(weights, 1):
        cells = max(1, _SIDE * 2**step // 256)
        part = min(1.0, _SIDE * 2**step / 256)
        for fog in thickness:
            low = rng.random() * (1 - part)
            fog += weight * (low + part * cloud((_SIDE, _SIDE), cells, rng))
    thickness /= weights.sum()
    foggy: Array = (as_floats(images) + _FOG * thickness) / (1 + _FOG)
    return foggy


def _photographed(images: Array, rng: Rng) -> tuple[bytes, ...]:
    return tuple(_photograph(image, rng) for image in images)


def _photograph(digit: Array, rng: Rng) -> bytes:
    """Write a digit on shaded, textured paper, and take a JPEG of quality 75."""
    side, shape = int(rng.integers(140, 241)), (_PHOTO, _PHOTO)
    large = Image.fromarray(digit).resize((side, side), Image.Resampling.BICUBIC)
    left, top = rng.integers(0, _PHOTO - side + 1, 2)
    ink = np.zeros(shape, np.float32)
    ink[top : top + side, left : left + side] = as_floats(np.asarray(large))
    light = 1 - rng.uniform(0.2, 0.5) * slope(shape, rng.uniform(0, 2 * np.pi))
    light *= 1 - 0.15 * cloud(shape, 2, rng)
    fibres = 4 * grain(shape, 1.2, rng) + 3 * grain(shape, 4, rng)
    paper = (rng.uniform(170, 235) + fibres) * light
    pen = rng.uniform(25, 80) * light
    shown = blur(paper + ink * (pen - paper), 0.8) + 2 * grain(shape, 0, rng)
    return as_jpeg(shown, 75)


#: All corruptions of the table, after the clean pictures.
CORRUPTIONS = (
    Corruption("clean", "the pictures as they are", 0.9975, _nothing),
    Corruption("thinner", "ink one pixel thinner: the least of 2×2 pixels", 0.99, _thinner),
    Corruption("thicker", "ink one pixel thicker: the most of 2×2 pixels", 0.99, _thicker),
    Corruption("shifted", "moved by 4 pixels down or up, and left or right", 0.99, _shifted),
    Corruption("rotated", "turned by up to 20° either way", 0.99, _rotated),
    Corruption("scaled", "0.7 to 1.2 times as large", 0.99, _scaled),
    Corruption("salt and pepper", "10 % of the pixels black or white", 0.98, _salt_and_pepper),
    Corruption("Gaussian noise", "of standard deviation 0.2, cut off at 0 and 1", 0.98, _noise),
    Corruption("Gaussian blur", "of standard deviation 1 pixel", 0.99, _blurred),
    Corruption("low contrast", "at 30 %, around the middle grey", 0.99, _pale),
    Corruption("inverted", "black ink on white paper", 0.99, _inverted),
    Corruption("stripes", "the outer 7 columns at either side in negative", 0.98, _striped),
    Corruption("fog", "MNIST-C's third severity: a fractal of 2.5 times the ink", 0.98, _fogged),
    Corruption("photograph", "280×280 JPEG of shaded, textured paper", 0.99, _photographed),
)
