"""Rows of digits that touch, drawn with the place of each."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

from cnn.data.dataset import Dataset
from cnn.synthesis.fonts import Part
from cnn.synthesis.garbage import LETTERS as PRINTED
from cnn.synthesis.pages.draft import INKED, tight
from cnn.synthesis.pages.signs import LETTERS, SIGNS, draw_course, draw_sign, scrawl
from cnn.synthesis.pages.writers import Manner, Source, Sources, Writer, printed
from cnn.vision.row_frame import COLUMNS, NEITHER, OTHER, frame_row

__all__ = ["RowLessons", "draw_rows"]

Array = npt.NDArray[Any]
Rng = np.random.Generator

_COUNTS, _SHARES = (1, 2, 3, 4, 5, 6), (0.22, 0.34, 0.22, 0.12, 0.06, 0.04)
_MANNERS: tuple[Manner, ...] = ("plain", "plain", "plain", "fine", "broad")
_SOURCES: tuple[Source, ...] = ("data", "data", "data", "strokes", "strokes", "fonts")
_NOUGHTS = 0.15  # of the rows: those that end in noughts, as 6000
# Of the rows: those with signs or letters among their digits, and those of letters or a scrawl
# alone; of the first, the items that are none.
_MIXED, _WORDS, _SIGNS = 0.12, 0.08, 0.6
_STRETCHED = 0.3  # of the rows
_CORE, _CORE_SCRAWL = 0.3, 0.8  # of an item's width: the middle, called by its class
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
    frame = None
    while frame is None:
        ink, items = _write(sources, rng)
        stretch = float(rng.uniform(0.85, 1.3)) if rng.random() < _STRETCHED else 1.0
        size = (round(ink.shape[1] * stretch), len(ink))
        ink = _spoil(np.asarray(Image.fromarray(ink).resize(size, Image.Resampling.BILINEAR)), rng)
        inked = np.flatnonzero((ink > INKED).any(axis=0))
        if len(inked):
            frame = frame_row(tight(ink), shift=float(rng.uniform(-1, 1)))
    target = np.full((1, COLUMNS), NEITHER, np.uint8)
    for name, *edges in items:
        first, last = (max(0, round(frame.column(edge * stretch - inked[0]))) for edge in edges)
        target[0, first : last + 1] = name
    return frame.pixels[None], target


def _write(sources: Sources, rng: Rng) -> tuple[Array, list[tuple[int, float, float]]]:
    """Write a row; return its ink and (class, first column, last column) of each middle."""
    height = float(rng.uniform(22, 60))
    writer = sources.writer(
        _SOURCES[int(rng.integers(len(_SOURCES)))],
        _MANNERS[int(rng.integers(len(_MANNERS)))],
        rng,
    )
    noughts = rng.random() < _NOUGHTS
    draw = _choose(sources, writer, noughts, rng)
    count = int(rng.choice(_COUNTS, p=_SHARES))
    overlap = float(rng.uniform(0.02, 0.18) if noughts else rng.uniform(-0.02, 0.09))
    unequal, uneven = rng.uniform(0.02, 0.1), rng.uniform(0.01, 0.08)
    page = np.zeros((round(2.2 * height), round((count + 4) * 1.8 * height)), np.uint8)
    items: list[tuple[int, float, float]] = []
    foot, right = round(1.6 * height), 2
    for place in range(count):
        name, cover, above, core = draw(place, height * float(rng.normal(1, unequal)))
        top = foot - round(height) + above + round(height * uneven * rng.normal())
        top = max(0, min(top, len(page) - len(cover)))
        left = right
        if items:
            left = _beside(page, cover, top, right, max(1, round(overlap * height)))
        part = page[top : top + len(cover), max(left, 0) : left + cover.shape[1]]
        if part.shape != cover.shape:
            continue
        np.maximum(part, cover, out=part)
        middle, half = left + cover.shape[1] / 2, core * cover.shape[1] / 2
        items.append((name, middle - half, middle + half))
        right = max(right, left + cover.shape[1])
    return page, items


def _choose(
    sources: Sources, writer: Writer, noughts: bool, rng: Rng
) -> Callable[[int, float], tuple[int, Array, int, float]]:
    """Draw what a row shows.

    Returns what draws its item at a place with a height: its class, its ink, its distance from the
    top of a digit, and the share of its width that is its middle.
    """
    hand = sources.hand(rng)
    kind = rng.random()
    is_scrawl, is_printed = rng.random() < 0.4, rng.random() < 0.4

    def draw(place: int, height: float) -> tuple[int, Array, int, float]:
        if kind >= _MIXED + _WORDS or (kind < _MIXED and rng.random() >= _SIGNS):
            digit = 0 if noughts and place else int(rng.integers(10))
            cover = writer.write(digit, height, rng)
            return digit, cover, round(height) - len(cover), _CORE
        if kind >= _MIXED and is_scrawl:
            course = scrawl(float(rng.uniform(0.8, 2.5)), rng)
            return OTHER, *draw_course([course], hand, height), _CORE_SCRAWL
        if is_printed:
            cover = printed(str(rng.choice(list(PRINTED))), height, bold=rng.random() < 0.3)
            return OTHER, cover, round(height) - len(cover), _CORE
        strokes = _STROKES[int(rng.integers(len(_STROKES)))]
        return OTHER, *draw_sign(strokes, hand, height, rng), _CORE

    return draw


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
