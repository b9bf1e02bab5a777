"""Hashes by which pictures that look nearly the same are found without comparing all of them.

Each picture is averaged over squares of 2×2 pixels and projected on 96 fixed directions, whose
signs make 96 bits (Charikar, "Similarity estimation techniques from rounding algorithms", 2002).
They are cut into four bands of 24 bits: of two pictures that are nearly the same, one band at least
is likely equal (Indyk and Motwani, "Approximate nearest neighbors", 1998).
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

__all__ = ["BANDS", "NEARLY_EQUAL", "bands_of", "distance"]

#: How many bands a picture has.
BANDS = 4
#: The distance below which two pictures look nearly the same.
NEARLY_EQUAL = 0.3

_SIDE = 28
_HALF = _SIDE // 2
_BITS = 24  # of a band
_SEED = 2002


def bands_of(pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.int32]:
    """Return the bands of pictures, int32 (N, 4), from their pixels, uint8 (N, 784)."""
    squares = pixels.reshape(-1, _HALF, 2, _HALF, 2).mean(axis=(2, 4)).reshape(-1, _HALF**2)
    centred = squares - squares.mean(axis=1, keepdims=True)
    bits = centred @ _directions() > 0  # (N, 96)
    powers = np.left_shift(1, np.arange(_BITS, dtype=np.int32))
    bands: npt.NDArray[np.int32] = bits.reshape(-1, BANDS, _BITS) @ powers
    return bands


def distance(one: bytes, other: bytes) -> float:
    """Return the Euclidean distance of two pictures' pixels, as a share of the brighter one.

    0 for equal pictures; 0 as well if both are black.
    """
    a, b = (np.frombuffer(each, np.uint8).astype(np.float32) for each in (one, other))
    brighter = max(float(np.linalg.norm(a)), float(np.linalg.norm(b)))
    return float(np.linalg.norm(a - b)) / brighter if brighter else 0.0


@cache
def _directions() -> npt.NDArray[np.float64]:
    """Return 96 directions of ±1, (196, 96), the same with every version of NumPy."""
    count = _HALF**2 * BANDS * _BITS
    raw = np.random.PCG64(_SEED).random_raw(count // 64).astype("<u8")
    bits = np.unpackbits(raw.view(np.uint8)).astype(np.float64)
    return (2 * bits - 1).reshape(_HALF**2, BANDS * _BITS)
