"""Stems: what a 1, 4, 7 or 9 has besides its stem, from the pixels alone.

A 1 with a flag and a 7 without a bar may be the same strokes, as may a closed 4 and a 9. What a
shape has is measured here; what it stands for depends on the writer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

__all__ = ["Stem", "examine_stem"]

Array = npt.NDArray[Any]

_INK = 0.3  # darkness from which a pixel is ink
_LEAST_ROWS = 8  # of ink: what is lower has no stem
_LEAST_HOLE = 2  # pixels of a loop's inside

# Shares of the ink's height.
_STEM = (0.15, 0.92)  # where a stem's right edge is looked for
_BAR = (0.3, 0.75)  # where a bar crosses it
_HEAD = 0.5  # down to where a flag reaches, or the top of a 7
_FOOT = 0.75  # from where a hook begins
_LOOP = 0.7  # down to where a loop's middle lies

# Pixels, of a digit whose longer side is 20.
_BESIDE = 1.0  # ink that is so far to the right of a stem belongs to a bar
_BEYOND = 1.0  # so far to its left
_LONGER = 3.0  # so much longer than a stem is wide is a bar
_HOOK = 4.5


@dataclass(frozen=True)
class Stem:
    """What a shape has besides a stem.

    Attributes
    ----------
    crossed : bool
        A bar across the middle of the stem, as a crossed 7.
    flag : float
        Pixels that its upper half reaches to the left of it: a 1's flag, or the top of a 7.
    closed : bool
        A loop or another hole in the upper part, as in a 9 or a closed 4.
    hooked : bool
        A foot that turns to the left, as in a 9 with a hook.
    """

    crossed: bool
    flag: float
    closed: bool
    hooked: bool


def examine_stem(pixels: Array) -> Stem | None:
    """Examine a shape as if it had a stem at its right side.

    Parameters
    ----------
    pixels : ndarray of float, (H, W)
        One digit as `cnn.vision.normalise` frames it: white ink (1) on black (0), its longer
        side 20 pixels.

    Returns
    -------
    Stem or None
        None where the ink is too low to have a stem, or has none in its middle.
    """
    ink = pixels > _INK * pixels.max(initial=1e-6)
    rows = np.flatnonzero(ink.any(axis=1))
    if not len(rows) or rows[-1] - rows[0] + 1 < _LEAST_ROWS:
        return None
    ink = ink[rows[0] : rows[-1] + 1]
    columns = np.arange(ink.shape[1])
    right = np.array([columns[row].max(initial=0) for row in ink], float)
    left = np.array([columns[row].min(initial=ink.shape[1]) for row in ink], float)
    place = np.linspace(0, 1, len(ink))
    used = (place >= _STEM[0]) & (place <= _STEM[1]) & ink.any(axis=1)
    if used.sum() < _LEAST_ROWS // 2:
        return None
    edge, width = _fit_stem(ink, right, place, used)
    beside, beyond = right - edge, edge - width - left
    return Stem(
        crossed=_is_crossed(ink, edge, width, beside, place),
        flag=float(beyond[place <= _HEAD].max()),
        closed=_has_loop(ink),
        hooked=bool(beyond[place >= _FOOT].max() >= _HOOK),
    )


def _fit_stem(ink: Array, right: Array, place: Array, used: Array) -> tuple[Array, float]:
    """Return a stem's right edge in every row, (H,), and its horizontal width.

    Both are measured in the rows `used`, (H,): a parabola through the right edge of
    the ink, without those where something protrudes.
    """
    edge: Array = np.zeros(len(place))
    for degree in (1, 1, 1, 2, 2):
        edge = np.polyval(np.polyfit(place[used], right[used], degree), place)
        off = right - edge
        worst = off[used].max(initial=0)
        kept = used & (off < max(0.7, 0.6 * worst))
        if kept.sum() < _LEAST_ROWS // 2 or (kept == used).all():
            continue
        used = kept
    widths = [_run_length(row, int(end)) for row, end in zip(ink[used], right[used], strict=True)]
    return edge, float(np.median(widths)) if widths else 1.0


def _run_length(row: Array, end: int) -> int:
    """Return how many pixels of ink stand in a row up to `end`, without a gap."""
    gaps = np.flatnonzero(~row[: end + 1])
    return end - int(gaps[-1]) if len(gaps) else end + 1


def _is_crossed(ink: Array, edge: Array, width: float, beside: Array, place: Array) -> bool:
    """Say whether a line across the stem begins at its left and ends at its right."""
    middle = (place >= _BAR[0]) & (place <= _BAR[1])
    if beside[middle].max() < _BESIDE:
        return False
    length = 0
    crossing = int(np.flatnonzero(middle)[beside[middle].argmax()])
    # A bar rises or falls a little: its left half is in a row near that of its right one.
    reach = max(2, len(ink) // 6)
    for row in range(max(0, crossing - 1), min(len(ink), crossing + reach + 1)):
        start = round(edge[row] - width)
        if start > 0 and _run_length(ink[row], start) >= _BEYOND:
            end = start + int(np.argmin(np.append(ink[row, start:], False)))
            length = max(length, end - start + _run_length(ink[row], start))
    return length >= width + _LONGER


def _has_loop(ink: Array) -> bool:
    """Say whether ink encloses something in its upper part."""
    image = Image.fromarray(np.pad(ink, 1).astype(np.uint8)).copy()
    ImageDraw.floodfill(image, (0, 0), 2)
    holes = np.argwhere(np.asarray(image)[1:-1, 1:-1] == 0)
    return len(holes) >= _LEAST_HOLE and holes[:, 0].mean() <= _LOOP * len(ink)
