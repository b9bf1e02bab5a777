"""Composites: synthetic photographs of whole numbers, written with the digits of a data set."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from cnn.data.dataset import Dataset
from cnn.synthesis.paper import as_jpeg, as_levels, blur
from cnn.synthesis.scenes import SCENES, Scene

__all__ = ["KINDS", "Composite", "compose"]

Array = npt.NDArray[Any]
Box = tuple[int, int, int, int]
Rng = np.random.Generator

#: The kinds of photographs; "touching" are plain scans whose digits touch.
KINDS = (*SCENES, "touching")

_ENLARGED = 12  # factor for MNIST's pixels, before they are reduced to the pen's size
_LONGEST = 10  # digits of a number


@dataclass(frozen=True)
class Composite:
    """A synthetic photograph of a number.

    Attributes
    ----------
    kind : str
        One of `KINDS`.
    data : bytes
        The file: a JPEG, or for a scan a PNG.
    text : str
        The digits, with a line break for each line of writing.
    boxes : tuple of (int, int, int, int)
        Left, top, width, height of the ink of each digit, in reading order, before any
        perspective distortion.
    """

    kind: str
    data: bytes
    text: str
    boxes: tuple[Box, ...]


@dataclass
class _Page:
    """A page in progress: the ink of each pixel, 0 to 1."""

    ink: Array
    boxes: list[Box]

    def write(self, digit: Array, left: int, top: int) -> None:
        height, width = digit.shape
        part = self.ink[top : top + height, left : left + width]
        np.maximum(part, digit, out=part)
        self.boxes.append((left, top, width, height))


def compose(data: Dataset, *, each: int = 30, seed: int = 0) -> Iterator[Composite]:
    """Write numbers of 2 to 10 digits, and render photographs of them.

    Parameters
    ----------
    data : Dataset
        Pictures of digits, (N, 1, 28, 28): of the training set to choose
        hyperparameters, of the test set for the final figures.
    each : int
        Number of photographs of each kind.
    seed : int
        Seed; the photographs of one kind do not depend on which others are made.

    Yields
    ------
    Composite
        The kinds in turn.
    """
    for number in range(each):
        for index, kind in enumerate(KINDS):
            rng = np.random.default_rng([seed, index, number])
            yield _photograph(data, kind, rng)


def _photograph(data: Dataset, kind: str, rng: Rng) -> Composite:
    scene = SCENES.get(kind, SCENES["plain scan"])
    height = int(rng.integers(60, 120))
    lines = _lines(rng)
    page, text = _write(data, lines, height, rng, touching=kind == "touching", scene=scene)
    shown = scene.show(page.ink, height, rng)
    return Composite(kind, _encode(shown, scene, rng), text, tuple(page.boxes))


def _encode(shown: Array, scene: Scene, rng: Rng) -> bytes:
    if scene.quality:
        return as_jpeg(shown, scene.quality)
    file = io.BytesIO()
    Image.fromarray(as_levels(shown)).save(file, "PNG")
    return file.getvalue()


def _lines(rng: Rng) -> list[int]:
    """Draw the number of digits on each line; most numbers have one line."""
    total = int(rng.integers(2, _LONGEST + 1))
    count = min(int(rng.choice([1, 1, 1, 2, 2, 3])), total // 2)
    if total > 8 and count == 1:
        count = 2 if rng.random() < 0.5 else 1
    shares = rng.multinomial(total - 2 * count, [1 / count] * count) + 2
    return [int(share) for share in shares]


def _write(
    data: Dataset, lines: list[int], height: int, rng: Rng, *, touching: bool, scene: Scene
) -> tuple[_Page, str]:
    """Write lines of digits on an empty page; return the page and its text."""
    slant, turn, pen = rng.normal(0, 3), rng.normal(0, 1.5), rng.uniform(0.3, 0.45)
    rows, text = [], []
    for count in lines:
        chosen = rng.integers(0, len(data), count)
        text.append("".join(data.classes[label] for label in data.labels[chosen]))
        angles = rng.normal(slant, 4, count)
        sizes = height * rng.uniform(0.88, 1.1, count)
        rows.append(
            [
                _enlarge(data.images[place, 0], size, angle, pen)
                for place, size, angle in zip(chosen, sizes, angles, strict=True)
            ]
        )
    places, size = _arrange(rows, height, turn, rng, touching=touching, ruled=scene.ruled)
    page = _Page(np.zeros(size, np.float32), [])
    for digit, left, top in places:
        page.write(digit, left, top)
    return page, "\n".join(text)


def _enlarge(digit: Array, height: float, angle: float, pen: float) -> Array:
    """Return a digit as a pen would draw it: enlarged, rotated, with sharp edges, cropped."""
    side = round(28 * height / 20)
    large = Image.fromarray(digit).resize((28 * _ENLARGED,) * 2, Image.Resampling.BICUBIC)
    turned = np.asarray(large.rotate(angle, Image.Resampling.BICUBIC, expand=True))
    smooth = blur(turned, 0.5 * _ENLARGED) / 255
    # Enlarged, MNIST's grey edges would be as wide as a stroke; on paper they are narrow.
    sharp = np.clip((smooth - pen) * 6 + 0.5, 0, 1)
    reduced = Image.fromarray(sharp).resize(
        (round(side * turned.shape[1] / large.width), round(side * turned.shape[0] / large.height)),
        Image.Resampling.BOX,
    )
    ink = np.asarray(reduced)
    rows = np.flatnonzero(ink.max(axis=1) > 0.3)
    columns = np.flatnonzero(ink.max(axis=0) > 0.3)
    tight: Array = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return tight


def _arrange(
    rows: list[list[Array]], height: int, turn: float, rng: Rng, *, touching: bool, ruled: bool
) -> tuple[list[tuple[Array, int, int]], tuple[int, int]]:
    """Choose the place of each digit: (digit, left, top), and the page's (height, width)."""
    spacing = rng.uniform(0.08, 0.45)
    pitch = round(height * (1.6 if ruled else rng.uniform(1.35, 1.9)))
    margin = [round(height * share) for share in rng.uniform(0.8, 2.2, 4)]
    places, widest = [], 0
    for number, digits in enumerate(rows):
        left = margin[0] + round(height * rng.uniform(0, 0.8))
        base = margin[1] + round(1.15 * height) + number * pitch
        before: Array | None = None
        for digit in digits:
            rise = 0 if ruled else round(np.tan(np.deg2rad(turn)) * left)
            top = base - len(digit) - rise - round(height * abs(rng.normal(0, 0.03)))
            gap = round(height * max(0.05, spacing * rng.uniform(0.5, 1.5)))
            if before is not None:
                left += _contact(before, digit, base - top) if touching else gap
            places.append((digit, left, max(top, 2)))
            left += digit.shape[1]
            before = digit
        widest = max(widest, left)
    foot = max(top + len(digit) for digit, _, top in places) + margin[3]
    return places, (foot, widest + margin[2])


def _contact(before: Array, digit: Array, foot: int) -> int:
    """Return the shift, mostly negative, after which a digit's ink touches the previous one's."""
    tall = min(len(before), len(digit))
    right = before.shape[1] - 1 - np.argmax(before[-tall:, ::-1] > 0.5, axis=1)
    left = np.argmax(digit[-tall:] > 0.5, axis=1)
    inked = (before[-tall:].max(axis=1) > 0.5) & (digit[-tall:].max(axis=1) > 0.5)
    gaps = (before.shape[1] - 1 - right + left)[inked]
    return -int(gaps.min(initial=0)) - 3
