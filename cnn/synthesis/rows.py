"""Rows of digits that touch, drawn with the place of each."""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

from cnn.data.dataset import Dataset
from cnn.synthesis.fonts import Part
from cnn.synthesis.pages.draft import INKED, tight
from cnn.synthesis.pages.signs import LETTERS, SIGNS, draw_sign
from cnn.synthesis.pages.writers import Manner, Source, Sources
from cnn.vision.row_frame import COLUMNS, NEITHER, OTHER, frame_row

__all__ = ["RowLessons", "draw_rows"]

Array = npt.NDArray[Any]
Rng = np.random.Generator

_COUNTS, _SHARES = (1, 2, 3, 4, 5, 6), (0.18, 0.36, 0.24, 0.12, 0.06, 0.04)
_MANNERS: tuple[Manner, ...] = ("plain", "plain", "plain", "fine", "broad")
_SOURCES: tuple[Source, ...] = ("data", "data", "data", "strokes", "strokes", "fonts")
_NOUGHTS = 0.15  # of the rows: those that end in noughts, as 6000
_STRANGE = 0.12  # of the rows: those in which signs or letters stand
_CORE = 0.3  # of an item's width: the middle, whose columns are called by its class
_PART = 500  # rows that a process makes at a time
_STROKES = list((SIGNS | LETTERS).values())


@dataclass(frozen=True, eq=False)
class RowLessons:
    """Rows to learn from.

    Attributes
    ----------
    images : ndarray of uint8, (N, 1, H, W)
        As `cnn.vision.row_frame.frame_row` gives them.
    targets : ndarray of uint8, (N, 1, W / 2)
        For each column of the answer the digit whose middle is there, `OTHER` in the middle of a
        sign or a letter, `NEITHER` elsewhere.
    """

    images: Array
    targets: Array


def draw_rows(data: Dataset, count: int, *, part: Part = "training", seed: int = 0) -> RowLessons:
    """Draw rows of one to six digits, each of which touches the next.

    Parameters
    ----------
    data : Dataset
        Pictures of digits, (N, 1, 28, 28), beside which strokes and fonts are used.
    count : int
        How many rows.
    part : {"training", "test"}
        Which hands and fonts.
    seed : int
        Seed; the result does not depend on the number of processes.
    """
    sizes = [min(_PART, count - start) for start in range(0, count, _PART)]
    draw = partial(_draw_part, Sources(data, part), seed)
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        parts = list(pool.map(draw, range(len(sizes)), sizes))
    images, targets = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    return RowLessons(images, targets)


def _draw_part(sources: Sources, seed: int, number: int, count: int) -> tuple[Array, Array]:
    rng = np.random.default_rng([seed, number])
    rows = [_draw(sources, rng) for _ in range(count)]
    return np.stack([image for image, _ in rows]), np.stack([target for _, target in rows])


def _draw(sources: Sources, rng: Rng) -> tuple[Array, Array]:
    """Draw a row until it is one that fits its frame."""
    while True:
        ink, items = _write(sources, rng)
        spoiled = _spoil(ink, rng)
        inked = np.flatnonzero((spoiled > INKED).any(axis=0))
        if not items or not len(inked):
            continue
        left = int(inked[0])
        frame = frame_row(tight(spoiled), shift=float(rng.uniform(-1, 1)))
        if frame is not None:
            break
    target = np.full((1, COLUMNS), NEITHER, np.uint8)
    for name, start, stop in items:
        middle, half = (start + stop) / 2 - left, _CORE * (stop - start) / 2
        first, last = (frame.column(place) for place in (middle - half, middle + half))
        target[0, max(0, round(first)) : max(0, round(last)) + 1] = name
    return frame.pixels[None], target


def _write(sources: Sources, rng: Rng) -> tuple[Array, list[tuple[int, int, int]]]:
    """Write a row; return its ink and (class, left edge, right edge) of each item."""
    height = float(rng.uniform(22, 60))
    writer = sources.writer(
        _SOURCES[int(rng.integers(len(_SOURCES)))],
        _MANNERS[int(rng.integers(len(_MANNERS)))],
        rng,
    )
    count = int(rng.choice(_COUNTS, p=_SHARES))
    digits = [int(digit) for digit in rng.integers(0, 10, count)]
    noughts = count > 1 and rng.random() < _NOUGHTS
    if noughts:
        digits[1:] = [0] * (count - 1)
    strange = rng.random() < _STRANGE
    overlap = float(rng.uniform(0.02, 0.18) if noughts else rng.uniform(-0.02, 0.09))
    unequal, uneven = rng.uniform(0.02, 0.1), rng.uniform(0.01, 0.08)
    page = np.zeros((round(2.2 * height), round((count + 2) * 1.8 * height)), np.uint8)
    items: list[tuple[int, int, int]] = []
    foot, right = round(1.6 * height), 2
    for digit in digits:
        name, below = digit, 0
        if strange and rng.random() < 0.6:
            name = OTHER
            strokes = _STROKES[int(rng.integers(len(_STROKES)))]
            cover, above = draw_sign(strokes, sources.hand(rng), height, rng)
            below = above + len(cover) - round(height)
        else:
            cover = writer.write(digit, height * float(rng.normal(1, unequal)), rng)
        top = foot + below - len(cover) + round(height * uneven * rng.normal())
        top = min(max(top, 0), len(page) - len(cover))
        if top < 0:
            continue
        left = _beside(page, cover, top, right, max(1, round(overlap * height))) if items else right
        if left < 0 or left + cover.shape[1] > page.shape[1]:
            continue
        part = page[top : top + len(cover), left : left + cover.shape[1]]
        np.maximum(part, cover, out=part)
        items.append((name, left, left + cover.shape[1]))
        right = max(right, left + cover.shape[1])
    return page, items


def _beside(page: Array, cover: Array, top: int, right: int, overlap: int) -> int:
    """Return the left edge at which ink overlaps what is written by some pixels."""
    one = page[top : top + len(cover), :right] > 127
    two = cover > 127
    both = one.any(axis=1) & two.any(axis=1)
    if not both.any():
        return right - overlap
    ends = right - np.argmax(one[:, ::-1], axis=1)
    return int((ends - np.argmax(two, axis=1))[both].max()) - overlap


def _spoil(ink: Array, rng: Rng) -> Array:
    """Change a row's ink as a camera, a pale pen and a threshold do."""
    if rng.random() < 0.5:
        blurred = Image.fromarray(ink).filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 1.6)))
        ink = np.asarray(blurred)
    level = ink.astype(np.float32)
    if rng.random() < 0.4:
        level *= 1 - rng.uniform(0, 0.5) * rng.random(ink.shape, np.float32)
    if rng.random() < 0.3:
        level = np.where(level > rng.uniform(60, 160), 255.0, 0.0)
    level[level < rng.uniform(8, 60)] = 0
    level *= rng.uniform(0.7, 1)
    return level.astype(np.uint8)
