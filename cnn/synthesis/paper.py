"""Building blocks of synthetic photographs: blur, grain, uneven light, JPEG."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

__all__ = ["as_jpeg", "as_levels", "blur", "cloud", "grain", "slope"]

Array = npt.NDArray[Any]


def blur(field: Array, radius: float) -> Array:
    """Smooth levels from 0 to 255, (H, W) or (H, W, 3), with a Gaussian of `radius` pixels."""
    image = Image.fromarray(as_levels(field)).filter(ImageFilter.GaussianBlur(radius))
    return np.asarray(image, np.float32)


def as_levels(field: Array) -> Array:
    """Round, and clip to 0..255, as uint8."""
    return np.clip(np.rint(field), 0, 255).astype(np.uint8)


def grain(shape: tuple[int, int], radius: float, rng: np.random.Generator) -> Array:
    """Return noise of mean 0 and deviation 1, float32 `shape`, smoothed by `radius` pixels."""
    noise = rng.standard_normal(shape, np.float32)
    if radius:
        noise = blur(noise * 32 + 128, radius)
    noise = noise - noise.mean()
    spread: Array = noise / max(float(noise.std()), 1e-6)
    return spread


def cloud(shape: tuple[int, int], cells: int, rng: np.random.Generator) -> Array:
    """Return smooth noise from 0 to 1, float32 `shape`, with `cells` bumps along each side."""
    coarse = Image.fromarray(rng.random((cells + 3, cells + 3), np.float32))
    field = np.asarray(coarse.resize(shape[::-1], Image.Resampling.BICUBIC))
    low, high = float(field.min()), float(field.max())
    result: Array = (field - low) / max(high - low, 1e-6)
    return result


def slope(shape: tuple[int, int], angle: float) -> Array:
    """Return a plane that rises from 0 to 1 across the picture, towards `angle` (radians)."""
    rows, columns = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    rise = np.cos(angle) * columns + np.sin(angle) * rows
    plane: Array = (rise - rise.min()) / np.ptp(rise)
    return plane


def as_jpeg(picture: Array, quality: int) -> bytes:
    """Return the bytes of a JPEG file from numbers 0 to 255, (H, W) or (H, W, 3)."""
    file = io.BytesIO()
    Image.fromarray(as_levels(picture)).save(file, "JPEG", quality=quality)
    return file.getvalue()
