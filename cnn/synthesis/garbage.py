"""Pictures of non-digits, for training and evaluating refusals.

Each kind is a function that takes a random generator and draws one picture as a person might
send it.
"""

from __future__ import annotations

from collections.abc import Callable
from math import cos, pi, sin
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from cnn.synthesis.paper import cloud

__all__ = [
    "KINDS",
    "LETTERS",
    "SIGNS",
    "blank",
    "blot",
    "doodle",
    "letter",
    "noise",
    "scribble",
    "shape",
    "sign",
]

Array = npt.NDArray[Any]
Points = list[tuple[float, float]]

_SIDE = 280

#: Letters that resemble no digit.
LETTERS = "AEFHKMNRWXaekmnrwx"
#: Other characters that resemble no digit, which are never trained on in print.
SIGNS = "&%@#$?©±{}[]<>*=^«»PUVdhpuv"


def blank(rng: np.random.Generator) -> Image.Image:
    """Draw blank paper, with uneven light and a camera's noise."""
    slope = np.linspace(0, rng.uniform(0, 60), _SIDE)
    grain = rng.normal(0, rng.uniform(0, 5), (_SIDE, _SIDE))
    paper = rng.uniform(150, 250) - (slope if rng.random() < 0.5 else slope[:, None]) + grain
    return Image.fromarray(np.clip(paper, 0, 255).astype(np.uint8))


def noise(rng: np.random.Generator) -> Image.Image:
    """Draw noise of single pixels, of blots, or of clouds."""
    cells = int(rng.choice([_SIDE, 56, 14, 7]))
    grain = rng.random((cells, cells))
    if rng.random() < 0.5:
        grain = (grain < rng.uniform(0.1, 0.9)).astype(float)
    image = Image.fromarray((grain * 255).astype(np.uint8))
    how = Image.Resampling.BICUBIC if rng.random() < 0.5 else Image.Resampling.NEAREST
    return image.resize((_SIDE, _SIDE), how)


def blot(rng: np.random.Generator) -> Image.Image:
    """Draw a dark thing of no certain form on light ground, as in a photograph."""
    field = cloud((_SIDE, _SIDE), int(rng.integers(3, 8)), rng)
    if rng.random() < 0.5:
        field = 0.7 * field + 0.3 * cloud((_SIDE, _SIDE), int(rng.integers(10, 30)), rng)
    away = np.abs(np.linspace(-1, 1, _SIDE)) / rng.uniform(0.6, 1.1, (2, 1))
    field = field - 0.6 * (away[0] ** 2 + away[1, :, None] ** 2)
    least = np.quantile(field, rng.uniform(0.6, 0.95))
    ink = np.clip((field - least) * rng.choice([3, 8, 30]) / np.ptp(field), 0, 1)
    return Image.fromarray((255 - 255 * ink).astype(np.uint8))


def scribble(rng: np.random.Generator) -> Image.Image:
    """Draw one or several strokes that wander about in many turns."""
    image, pen, width = _page(rng)
    for _ in range(int(rng.integers(1, 4))):
        turns = int(rng.integers(8, 24))
        corners = rng.uniform(0.12, 0.88, (turns, 2)) * _SIDE
        pen.line(_smooth(corners), fill="black", width=width, joint="curve")
    return image


def doodle(rng: np.random.Generator) -> Image.Image:
    """Draw a few straight or bent strokes between the points of a coarse grid, as in letters."""
    image, pen, width = _page(rng)
    grid = rng.integers(3, 5)
    for _ in range(int(rng.integers(3, 6))):
        corners = rng.integers(0, grid, (int(rng.integers(2, 4)), 2)) / (grid - 1)
        points = _place(corners + rng.normal(0, 0.03, corners.shape), rng)
        if rng.random() < 0.3:
            points = _smooth(np.array(points))
        pen.line(points, fill="black", width=width, joint="curve")
    return image


def shape(rng: np.random.Generator) -> Image.Image:
    """Draw a geometric shape, in outline or filled."""
    image, pen, width = _page(rng)
    strokes = _SHAPES[str(rng.choice(list(_SHAPES)))]
    filled = rng.random() < 0.2
    for stroke in strokes:
        points = _place(np.array(stroke, float), rng)
        if filled and len(strokes) == 1:
            pen.polygon(points, fill="black")
        else:
            pen.line(points, fill="black", width=width, joint="curve")
    return image


def letter(rng: np.random.Generator) -> Image.Image:
    """Draw a letter that resembles no digit, slanted."""
    return _character(str(rng.choice(list(LETTERS))), rng)


def sign(rng: np.random.Generator) -> Image.Image:
    """Draw another character that resembles no digit, slanted."""
    return _character(str(rng.choice(list(SIGNS))), rng)


def _character(text: str, rng: np.random.Generator) -> Image.Image:
    font = ImageFont.load_default(size=float(rng.uniform(120, 200)))
    image = Image.new("L", (_SIDE, _SIDE), 255)
    pen = ImageDraw.Draw(image)
    pen.text(
        (_SIDE / 2, _SIDE / 2),
        text,
        fill=0,
        font=font,
        anchor="mm",
        stroke_width=int(rng.integers(0, 6)),
    )
    slant, turn = rng.uniform(-0.25, 0.25), rng.uniform(-12, 12)
    middle = _SIDE / 2
    image = image.rotate(turn, Image.Resampling.BILINEAR, fillcolor=255)
    return image.transform(
        image.size,
        Image.Transform.AFFINE,
        (1, slant, -slant * middle, 0, 1, 0),
        Image.Resampling.BILINEAR,
        fillcolor=255,
    )


def _page(rng: np.random.Generator) -> tuple[Image.Image, ImageDraw.ImageDraw, int]:
    image = Image.new("L", (_SIDE, _SIDE), 255)
    return image, ImageDraw.Draw(image), int(rng.integers(8, 26))


def _smooth(corners: Array) -> Points:
    """Return points of a smooth curve near the given corners (Chaikin, 1974)."""
    for _ in range(3):
        first, second = corners[:-1], corners[1:]
        near, far = 0.75 * first + 0.25 * second, 0.25 * first + 0.75 * second
        corners = np.stack([near, far], axis=1).reshape(-1, 2)
    return [(float(x), float(y)) for x, y in corners]


def _place(points: Array, rng: np.random.Generator) -> Points:
    """Rotate, stretch and move points of the unit square onto the page."""
    angle = np.deg2rad(rng.uniform(-15, 15))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    size = rng.uniform(0.35, 0.75, 2) * _SIDE
    moved = (points - 0.5) @ turn * size + _SIDE / 2
    return [(float(x), float(y)) for x, y in moved]


def _ring(corners: int, *, step: int = 1, start: float = -0.25) -> Points:
    """Return a closed regular polygon, or a star where `step` is above 1."""
    turns = [2 * pi * (start + step * corner / corners) for corner in range(corners + 1)]
    return [(0.5 + 0.5 * cos(turn), 0.5 + 0.5 * sin(turn)) for turn in turns]


_SHAPES: dict[str, list[Points]] = {
    "triangle": [_ring(3)],
    "square": [[(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)]],
    "pentagon": [_ring(5)],
    "star": [_ring(5, step=2)],
    "great star": [_ring(7, step=3)],
    "cross": [[(0, 0), (1, 1)], [(1, 0), (0, 1)]],
    "plus": [[(0.5, 0), (0.5, 1)], [(0, 0.5), (1, 0.5)]],
    "arrow": [[(0, 0.5), (1, 0.5)], [(0.7, 0.2), (1, 0.5), (0.7, 0.8)]],
    "house": [[(0, 0.4), (0.5, 0), (1, 0.4), (1, 1), (0, 1), (0, 0.4), (1, 0.4)]],
    "zigzag": [[(0, 0.2), (0.2, 0.9), (0.4, 0.1), (0.6, 0.9), (0.8, 0.1), (1, 0.8)]],
    "hash": [
        [(0.3, 0), (0.3, 1)],
        [(0.7, 0), (0.7, 1)],
        [(0, 0.3), (1, 0.3)],
        [(0, 0.7), (1, 0.7)],
    ],
    "window": [
        [(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)],
        [(0.5, 0), (0.5, 1)],
        [(0, 0.5), (1, 0.5)],
    ],
    "hourglass": [[(0, 0), (1, 0), (0, 1), (1, 1), (0, 0)]],
}

#: The functions that draw, by the name of the kind.
KINDS: dict[str, Callable[[np.random.Generator], Image.Image]] = {
    "blank": blank,
    "noise": noise,
    "scribble": scribble,
    "doodle": doodle,
    "shape": shape,
    "letter": letter,
    "sign": sign,
}
