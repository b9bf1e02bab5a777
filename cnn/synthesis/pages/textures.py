"""Textures: noise and clouds cut from a few large fields, which are drawn once."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from cnn.synthesis.paper import cloud, grain

__all__ = ["fibres", "soft_cloud"]

Array = npt.NDArray[Any]
Rng = np.random.Generator

_SIDE = 1024


@lru_cache(maxsize=8)
def _field(radius: float) -> Array:
    """Return one field for all pages: drawing noise anew would be half the time of a page."""
    field = grain((_SIDE, _SIDE), radius, np.random.default_rng([7, round(10 * radius)]))
    field.setflags(write=False)
    return field


def fibres(shape: tuple[int, int], radius: float, rng: Rng) -> Array:
    """Return noise of mean 0 and deviation 1, float32 `shape`, smoothed by `radius` pixels.

    `radius` is one of a few values: each costs 4 MB for as long as the process runs.
    """
    field = _field(radius)
    repeats = [-(-length // _SIDE) + 1 for length in shape]
    if max(repeats) > 2:
        field = np.tile(field, repeats)
    top, left = (
        int(rng.integers(0, size - length + 1))
        for size, length in zip(field.shape, shape, strict=True)
    )
    part = field[top : top + shape[0], left : left + shape[1]]
    return part[:: int(rng.choice([-1, 1])), :: int(rng.choice([-1, 1]))]


def soft_cloud(shape: tuple[int, int], cells: int, rng: Rng) -> Array:
    """Return smooth noise from 0 to 1, float32 `shape`: `cloud`, made at a quarter of the size."""
    small = cloud((-(-shape[0] // 4), -(-shape[1] // 4)), cells, rng)
    return small.repeat(4, axis=0).repeat(4, axis=1)[: shape[0], : shape[1]]
