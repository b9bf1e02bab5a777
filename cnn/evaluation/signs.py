"""Evaluation of points and minus signs in numbers by many hands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from cnn.evaluation.tables import percent, table
from cnn.models.model import Model
from cnn.reading.reader import Reading, read_all
from cnn.synthesis.strokes import (
    STYLES,
    VALIDATION,
    Hand,
    Ranges,
    draw_hand,
    rasterise,
    stamp,
    trace_digit,
)

__all__ = ["KINDS_OF_SIGNS", "SignFigures", "measure_signs", "signs_table"]

Array = npt.NDArray[Any]
Rng = np.random.Generator

#: Patterns by kind, in which d is a digit. Of the signs, a point and a minus before the first
#: digit are to be read.
KINDS_OF_SIGNS: dict[str, tuple[str, ...]] = {
    "point": ("d.d", "d.dd", "dd.d", "dd.dd", "ddd.dd"),
    "minus": ("-d", "-dd", "-ddd"),
    "minus and point": ("-d.d", "-d.dd", "-dd.d"),
    "no sign": ("d", "dd", "ddd", "dddd"),
    "other signs": ("d,dd", "dd:dd", "d-dd", "dd=dd", "=dd"),
}

_HEIGHT = 90  # pixels of a digit


@dataclass(frozen=True)
class SignFigures:
    """Results of a model on numbers of one kind.

    Attributes
    ----------
    kind : str
        One of `KINDS_OF_SIGNS`.
    count : int
        Number of numbers.
    digits : float
        Share of them whose digits are all right.
    signs : float
        Share of these that have the signs that are to be read, and no others.
    whole : float
        Share of all that are right in digits and signs.
    false : int
        How many have a sign that is not to be read there.
    """

    kind: str
    count: int
    digits: float
    signs: float
    whole: float
    false: int


def measure_signs(
    model: Model, *, each: int = 100, ranges: Ranges = VALIDATION, seed: int = 0
) -> tuple[SignFigures, ...]:
    """Measure how often points and minus signs are read, and signs that are not there.

    Parameters
    ----------
    model : Model
        A model for digits.
    each : int
        Numbers of each kind, each by another writer.
    ranges : Ranges
        What the writers' hands are drawn from.
    seed : int
        Seed; the numbers of one kind do not depend on those of the others.
    """
    return tuple(_measure(model, kind, each, ranges, seed) for kind in KINDS_OF_SIGNS)


def _measure(model: Model, kind: str, each: int, ranges: Ranges, seed: int) -> SignFigures:
    rng = np.random.default_rng([seed, *kind.encode()])
    texts, pictures = [], []
    for _ in range(each):
        hand = draw_hand(STYLES["world"], rng, ranges=ranges)
        text, picture = _write(hand, str(rng.choice(KINDS_OF_SIGNS[kind])), rng)
        texts.append(text)
        pictures.append(picture)
    readings = read_all(model, pictures)
    fine = [_digits(text) == reading.text for text, reading in zip(texts, readings, strict=True)]
    whole = [_expected(t) == r.text_with_signs for t, r in zip(texts, readings, strict=True)]
    return SignFigures(
        kind,
        each,
        sum(fine) / each,
        sum(whole) / max(sum(fine), 1),
        sum(whole) / each,
        sum(_has_false(text, one) for text, one in zip(texts, readings, strict=True)),
    )


def _digits(text: str) -> str:
    return "".join(one for one in text if one.isdigit())


def _expected(text: str) -> str:
    """Return what is to be read: the digits, points, and a minus before the first digit."""
    sign = "-" if text.startswith("-") else ""
    return sign + "".join(one for one in text if one.isdigit() or one == ".")


def _has_false(text: str, reading: Reading) -> bool:
    """Say whether more points or minus signs were read than are to be read."""
    return any(reading.text_with_signs.count(one) > _expected(text).count(one) for one in ".-")


def _write(hand: Hand, pattern: str, rng: Rng) -> tuple[str, Image.Image]:
    """Write a number by a pattern; return it, and a picture of it."""
    pen = hand.pen * _HEIGHT
    text, inks = "", []
    for mark in pattern:
        digit = int(rng.integers(10))
        text += str(digit) if mark == "d" else mark
        if mark == "d":
            trace = trace_digit(hand.allographs[digit], hand, rng)
            inks.append(rasterise(trace, height=_HEIGHT))
        else:
            inks.append(_draw_sign(mark, pen, rng))
    tallest = max(len(ink) for ink in inks)
    gaps = [int(rng.uniform(0.16, 0.4) * _HEIGHT) for _ in inks]
    foot = _HEIGHT // 2 + tallest
    page = np.zeros((foot + _HEIGHT, sum(ink.shape[1] for ink in inks) + sum(gaps) + _HEIGHT))
    left = _HEIGHT // 2
    for mark, ink, gap in zip(pattern, inks, gaps, strict=True):
        # A sign is drawn on a sheet that reaches half a digit below the base line.
        top = foot - len(ink) + (0 if mark == "d" else _HEIGHT // 2)
        part = page[top : top + len(ink), left : left + ink.shape[1]]
        np.maximum(part, ink[: len(part)], out=part)
        left += ink.shape[1] + gap
    return text, Image.fromarray((255 - page).astype(np.uint8))


def _draw_sign(mark: str, pen: float, rng: Rng) -> Array:
    """Draw a sign on a sheet as high as a digit and a half, ink (255) on 0, (H, W)."""
    high = float(_HEIGHT)
    base, thick = high - pen / 2, pen * float(rng.uniform(0.8, 1.4))
    if mark in ".:":
        thick = max(pen, 3.0) * float(rng.uniform(1.0, 1.6))
        places = [base - thick / 4, base - 0.5 * high] if mark == ":" else [base - thick / 4]
        strokes = [((0.0, row), (float(rng.uniform(0, 0.3)) * pen, row)) for row in places]
    elif mark == ",":
        strokes = [((0.12 * high, base - 0.04 * high), (0.0, base + 0.2 * high))]
    else:
        wide = float(rng.uniform(0.3, 0.65)) * high
        rise = float(rng.normal(0, 0.05)) * high
        rows = [0.4, 0.65] if mark == "=" else [float(rng.uniform(0.42, 0.6))]
        strokes = [((0.0, row * high), (wide, row * high - rise)) for row in rows]
    dots = np.concatenate([np.linspace(a, b, 60) for a, b in strokes])
    dots[:, 0] += thick / 2 + 1
    width = int(np.ceil(dots[:, 0].max() + thick / 2)) + 1
    return 255 * stamp(dots, np.full(len(dots), thick / 2), (_HEIGHT + _HEIGHT // 2, width))


def signs_table(figures: Sequence[SignFigures]) -> str:
    """Format the results as a table of text."""
    rows = [["", "numbers", "digits right", "signs right, of these", "all right", "false signs"]]
    for one in figures:
        shares = [percent(share) for share in (one.digits, one.signs, one.whole)]
        rows.append([one.kind, str(one.count), *shares, str(one.false)])
    return table(rows)
