"""Pieces of ink among others, from drafts of pages: digits, signs, letters, lines, drawings."""

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
from cnn.models.model import OTHER_IN_CONTEXT
from cnn.synthesis.fonts import Part
from cnn.synthesis.pages.compose import write_draft
from cnn.synthesis.pages.draft import Draft
from cnn.synthesis.pages.expressions import EXPRESSIONS
from cnn.synthesis.pages.forms import FORMS
from cnn.synthesis.pages.kinds import Kind
from cnn.synthesis.pages.marks import MARKS
from cnn.synthesis.pages.writers import Source, Sources
from cnn.vision.components import find_components
from cnn.vision.neighbourhood import FRAME_SHAPE, Piece, frame_beside

__all__ = ["ContextLessons", "draw_contexts"]

Array = npt.NDArray[Any]
Rng = np.random.Generator

_ROWS = ("row", "row", "row", "rows", "rows", "column", "heading", "beside", "superscript")
_OTHERS = ("rising", "bent", "uneven", "joined noughts", "printed text", "handwriting")
_SIGNED = ("brackets", "fraction", "date", "letters", "currency")
_MARKS = tuple(name for name in MARKS if name != "pixel grid")  # which covers digits alone
_KIND = Kind(
    layouts=(
        *_ROWS,
        *_OTHERS,
        *EXPRESSIONS,
        *EXPRESSIONS,
        *_SIGNED,
        *_SIGNED,
        *FORMS,
        "figures",
        "signs",
    ),
    marks=("",) * 10 + (*_MARKS, "drawing", "blots", "words beside", "words above"),
    manners=("plain", "plain", "plain", "broad", "fine"),
)
_SOURCES: tuple[Source, ...] = ("data", "strokes", "fonts")
_PART = 500  # drafts that a process makes at a time
_LARGEST = 1400  # pixels of a draft's side
_MOST = 300  # pieces of a draft
_LEAST_HEIGHT = 0.3  # of a usual digit: what is lower is dust
_LONG = 1.7  # of a usual digit: of what is longer, pieces are looked at
_MIXED, _WHOLE = 0.05, 0.7  # share of a piece that is something else; of a digit that it has
# How often there is a digit beside the piece, and something that a reader took for one.
_DIGITS_THERE, _OTHERS_THERE = 0.95, 0.5


@dataclass(frozen=True, eq=False)
class ContextLessons:
    """Pieces to learn from.

    Attributes
    ----------
    images : ndarray of uint8, (N, 2, 32, 64)
        As `cnn.vision.neighbourhood.frame_beside` gives them.
    targets : ndarray of uint8, (N,)
        Which digit the piece is, or `cnn.models.model.OTHER_IN_CONTEXT`.
    """

    images: Array
    targets: Array


def draw_contexts(
    data: Dataset, drafts: int, *, part: Part = "training", seed: int = 0
) -> ContextLessons:
    """Draw pages of digits, signs, letters, lines and drawings, and take their pieces of ink.

    Parameters
    ----------
    data : Dataset
        Pictures of digits, (N, 1, 28, 28), beside which strokes and fonts are used.
    drafts : int
        How many pages; each has about six pieces in the mean.
    part : {"training", "test"}
        Which hands and fonts.
    seed : int
        Seed; the result does not depend on the number of processes.
    """
    sizes = [min(_PART, drafts - start) for start in range(0, drafts, _PART)]
    draw = partial(_draw_part, Sources(data, part), seed)
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        parts = list(pool.map(draw, range(len(sizes)), sizes))
    images, targets = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    return ContextLessons(images, targets)


def _draw_part(sources: Sources, seed: int, number: int, count: int) -> tuple[Array, Array]:
    rng = np.random.default_rng([seed, number])
    images = [np.zeros((0, *FRAME_SHAPE), np.uint8)]
    targets: list[int] = []
    for _ in range(count):
        manner = _KIND.manners[int(rng.integers(len(_KIND.manners)))]
        draft = write_draft(_KIND, sources, _SOURCES, manner, rng, free=True).draft
        frames, names = _frames(*_pieces(draft, rng), rng)
        if frames:
            images.append(np.stack(frames))
            targets += names
    return np.concatenate(images), np.array(targets, np.uint8)


def _frames(pieces: list[Piece], names: list[int], rng: Rng) -> tuple[list[Array], list[int]]:
    """Show each piece beside those that a reader might take for digits."""
    chance = rng.random(len(pieces))
    likely = [_OTHERS_THERE if name == OTHER_IN_CONTEXT else _DIGITS_THERE for name in names]
    there = chance < np.array(likely)
    frames, shown = [], []
    for place, (piece, name) in enumerate(zip(pieces, names, strict=True)):
        others = [pieces[at] for at in np.flatnonzero(there) if at != place]
        if others and name >= 0:
            stretch = float(np.exp(0.06 * rng.standard_normal()))
            frames.append(frame_beside(piece, others, stretch=stretch))
            shown.append(name)
    return frames, shown


def _pieces(draft: Draft, rng: Rng) -> tuple[list[Piece], list[int]]:
    """Return what hangs together on a page, and what it is; -1 is a part of a digit."""
    if not draft.items:
        return [], []
    ink, owners = _paint(draft)
    if max(ink.shape) > _LARGEST:
        return [], []
    level = 100.0
    if rng.random() < 0.4:
        radius = float(rng.uniform(0.3, 0.3 + 0.03 * draft.height))
        ink = np.asarray(Image.fromarray(ink).filter(ImageFilter.GaussianBlur(radius)))
        level = float(rng.uniform(70, 140))
    found = find_components(ink > level)
    if len(found) > _MOST:
        return [], []
    digit = np.array([-1, *(item.digit for item in draft.items)])
    areas = np.bincount(owners.ravel(), minlength=len(digit))
    usual = float(np.median([len(one.cover) for one in draft.digits] or [draft.height]))
    pieces: list[Piece] = []
    names: list[int] = []
    for number, (left, top, right, foot) in enumerate(found.boxes.tolist()):
        if foot - top < _LEAST_HEIGHT * usual:
            continue
        mask = found.draw(np.array([number]), slice(top, foot), slice(left, right))
        piece = Piece(
            np.where(mask, ink[top:foot, left:right], 0), (left, top, right - left, foot - top)
        )
        of = np.bincount(owners[top:foot, left:right][mask], minlength=len(digit))
        of[0] = 0
        share = of[digit >= 0].sum() / max(1, of.sum())
        best = int(of.argmax())
        if share < _MIXED:
            some = _cut(piece, usual, rng)
            pieces += some
            names += [OTHER_IN_CONTEXT] * len(some)
        elif share > 1 - _MIXED:
            whole = of[best] > (1 - _MIXED) * of.sum() and of[best] > _WHOLE * areas[best]
            pieces.append(piece)
            names.append(int(digit[best]) if whole else -1)
    return pieces, names


def _paint(draft: Draft) -> tuple[Array, Array]:
    """Return the ink of a draft, and of each pixel the number of its item, from 1; else 0."""
    left, top, right, foot = draft.bounds()
    ink = np.zeros((foot - top, right - left), np.uint8)
    owners = np.zeros(ink.shape, np.int16)
    for number, item in enumerate(draft.items, 1):
        rows = slice(item.top - top, item.foot - top)
        columns = slice(item.left - left, item.right - left)
        np.maximum(ink[rows, columns], item.cover, out=ink[rows, columns])
        owners[rows, columns][item.cover > 100] = number
    return ink, owners


def _cut(piece: Piece, usual: float, rng: Rng) -> list[Piece]:
    """Return a piece that is no digit; of a long one, what a reader leaves of it, twice."""
    ink, (left, top, width, height) = piece
    if max(width, height) <= _LONG * usual:
        return [piece]
    rows, columns = np.nonzero(ink)
    parts = []
    for at in rng.integers(len(rows), size=2):
        half_height, half_width = usual * rng.uniform(0.3, 0.65), usual * rng.uniform(0.05, 0.45)
        first, start = (
            max(0, int(rows[at] - half_height)),
            max(0, int(columns[at] - half_width)),
        )
        window = ink[
            first : int(rows[at] + half_height) + 1, start : int(columns[at] + half_width) + 1
        ]
        found = find_components(window > 0)
        largest = int(found.area.argmax())
        x, y, right, foot = found.boxes[largest].tolist()
        mask = found.draw(np.array([largest]), slice(y, foot), slice(x, right))
        if foot - y >= _LEAST_HEIGHT * usual:
            box = (left + start + x, top + first + y, right - x, foot - y)
            parts.append(Piece(np.where(mask, window[y:foot, x:right], 0), box))
    return parts
