"""Writing: many digits by many made writers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt

from cnn.synthesis.strokes.allograph import Allograph
from cnn.synthesis.strokes.hand import Ranges
from cnn.synthesis.strokes.raster import as_mnist
from cnn.synthesis.strokes.styles import STYLES, Style, draw_hand
from cnn.synthesis.strokes.trace import Trace, trace_digit

__all__ = ["WrittenDigit", "WrittenDigits", "write", "write_mnist"]

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class WrittenDigit:
    """One digit.

    Attributes
    ----------
    allograph : Allograph
        Its form, and so which digit it is.
    writer : int
        Who wrote it, from 0.
    trace : tuple of Line
        The pen's lines.
    """

    allograph: Allograph
    writer: int
    trace: Trace


@dataclass(frozen=True)
class WrittenDigits:
    """Many digits as pictures.

    Attributes
    ----------
    images : ndarray of uint8, (N, 28, 28)
        White ink on black, as MNIST's.
    labels : ndarray of int64, (N,)
        Which digits they are.
    allographs : ndarray of str, (N,)
        The names of their forms.
    writers : ndarray of int64, (N,)
        Who wrote them, from 0.
    """

    images: Array
    labels: Array
    allographs: Array
    writers: Array


def write(
    styles: Sequence[Style] = (STYLES["world"],),
    *,
    rng: np.random.Generator,
    digits: Sequence[int] = range(10),
    ranges: Ranges | None = None,
    each: int = 10,
) -> Iterator[WrittenDigit]:
    """Let writers write, one after the other, without end.

    Parameters
    ----------
    styles : sequence of Style
        The writers belong to them in turn.
    rng : numpy.random.Generator
        The source of chance: the same state, the same digits.
    digits : sequence of int
        What is written, again and again.
    ranges : Ranges, optional
        What the hands' numbers are drawn from, instead of the styles' ranges.
    each : int
        How many digits a writer writes.

    Yields
    ------
    WrittenDigit

    Raises
    ------
    ValueError
        There is no style or no digit, one is not 0 to 9, or `each` is below 1.
    """
    if not styles:
        raise ValueError("expected at least one style, got none")
    if not digits or not set(digits) <= set(range(10)):
        raise ValueError(f"expected digits from 0 to 9, got {list(digits)}")
    if each < 1:
        raise ValueError(f"expected at least 1 digit of each writer, got {each}")
    return _write(tuple(styles), rng, tuple(digits), ranges, each)


def _write(
    styles: tuple[Style, ...],
    rng: np.random.Generator,
    digits: tuple[int, ...],
    ranges: Ranges | None,
    each: int,
) -> Iterator[WrittenDigit]:
    number = 0
    while True:
        writer, place = divmod(number, each)
        if place == 0:
            hand = draw_hand(styles[writer % len(styles)], rng, ranges=ranges)
        allograph = hand.allographs[digits[number % len(digits)]]
        yield WrittenDigit(allograph, writer, trace_digit(allograph, hand, rng))
        number += 1


def write_mnist(
    count: int,
    styles: Sequence[Style] = (STYLES["world"],),
    *,
    rng: np.random.Generator,
    digits: Sequence[int] = range(10),
    ranges: Ranges | None = None,
    each: int = 10,
) -> WrittenDigits:
    """Return `count` digits of `write` as pictures like those of MNIST.

    Raises
    ------
    ValueError
        As `write`, or `count` is below 1.
    """
    if count < 1:
        raise ValueError(f"expected at least 1 digit, got {count}")
    written = list(islice(write(styles, rng=rng, digits=digits, ranges=ranges, each=each), count))
    return WrittenDigits(
        images=np.stack([as_mnist(digit.trace) for digit in written]),
        labels=np.array([digit.allograph.digit for digit in written], np.int64),
        allographs=np.array([digit.allograph.name for digit in written]),
        writers=np.array([digit.writer for digit in written], np.int64),
    )
