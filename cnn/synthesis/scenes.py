"""Scenes: synthetic paper, light and camera for photographs of writing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from cnn.synthesis.paper import (
    as_levels,
    blur,
    cloud,
    grain,
    homography,
    rule_cover,
    slope,
)

__all__ = ["SCENES", "Scene"]

Array = npt.NDArray[Any]
Rng = np.random.Generator
Colour = tuple[float, float, float]

_BLUE_BLACK = ((35, 35, 45), (30, 40, 95), (20, 25, 60))
_COLOURS = ((40, 70, 190), (190, 40, 45), (30, 130, 70), (120, 50, 150), (205, 95, 20))


@dataclass(frozen=True)
class Scene:
    """A kind of photograph.

    Attributes
    ----------
    show : callable
        Takes ink, float (H, W), 0 to 1, the height of a digit in pixels, and a random
        generator; returns the picture, float (H, W, 3), 0 to 255.
    quality : int
        Quality of the JPEG file; 0 for a PNG.
    ruled : bool
        Whether the paper has lines that the writing follows.
    """

    show: Callable[[Array, int, Rng], Array]
    quality: int = 85
    ruled: bool = False


def _paper(shape: tuple[int, int], level: float, rough: float, rng: Rng) -> Array:
    """Return paper, (H, W, 3), of a warm or cold white, with fibres of `rough` grey levels."""
    tint = np.array([rng.uniform(-4, 6), 0, rng.uniform(-12, 4)], np.float32)
    fibres = grain(shape, 1.0, rng) + 0.7 * grain(shape, 3.5, rng)
    sheet: Array = level + rough * fibres[..., None] + tint
    return sheet


def _pen(paper: Array, ink: Array, colour: Colour, rng: Rng, *, opacity: float = 0.93) -> Array:
    """Draw ink on paper, with uneven pressure and some paper showing through."""
    pressure = opacity * (1 - 0.25 * cloud(ink.shape, 9, rng)) * (1 - 0.05 * rng.random())
    cover = (ink * pressure)[..., None]
    written: Array = paper * (1 - cover) + np.array(colour, np.float32) * cover
    return written


def _camera(shown: Array, rng: Rng, *, noise: float = 2.5, soft: float = 0.8) -> Array:
    """Apply a camera: slight blur, and sensor noise."""
    noisy: Array = blur(shown, soft) + noise * grain(shown.shape[:2], 0.4, rng)[..., None]
    noisy += 0.5 * noise * rng.standard_normal(shown.shape, np.float32)
    return noisy


def _dark_pen(rng: Rng) -> Colour:
    return _BLUE_BLACK[int(rng.integers(len(_BLUE_BLACK)))]


def _light(shape: tuple[int, int], rng: Rng, *, most: float = 0.25) -> Array:
    """Return the light on a page, (H, W, 1): a gradient up to 1."""
    fall = rng.uniform(0.3, 1) * most * slope(shape, rng.uniform(0, 2 * np.pi))
    even: Array = (1 - fall - 0.3 * most * cloud(shape, 2, rng))[..., None]
    return even


def _scan(ink: Array, height: int, rng: Rng) -> Array:
    paper = _paper(ink.shape, rng.uniform(238, 250), 1.0, rng)
    return _camera(_pen(paper, ink, _dark_pen(rng), rng), rng, noise=1.0, soft=0.6)


def _uneven(ink: Array, height: int, rng: Rng) -> Array:
    paper = _paper(ink.shape, rng.uniform(200, 235), 2.0, rng)
    page = _pen(paper, ink, _dark_pen(rng), rng)
    rows, columns = np.mgrid[-1 : 1 : ink.shape[0] * 1j, -1 : 1 : ink.shape[1] * 1j]
    away = (rows - rng.uniform(-1, 1)) ** 2 + (columns - rng.uniform(-1, 1)) ** 2
    lamp = 1 / (1 + rng.uniform(0.2, 0.45) * away).astype(np.float32)
    return _camera(page * lamp[..., None] * _light(ink.shape, rng, most=0.45), rng)


def _rule(paper: Array, places: Array, thickness: float, colour: Colour, *, across: bool) -> None:
    """Print lines at `places`, slightly pale and uneven."""
    length = paper.shape[0] if across else paper.shape[1]
    cover = 0.75 * rule_cover(length, places, thickness)
    cover = cover[:, None, None] if across else cover[None, :, None]
    paper += cover * (np.array(colour, np.float32) - paper)


def _ruled(ink: Array, height: int, rng: Rng) -> Array:
    paper = _paper(ink.shape, rng.uniform(215, 240), 1.8, rng)
    blue = (rng.uniform(120, 160), rng.uniform(150, 185), rng.uniform(195, 220))
    foot = int(np.flatnonzero(ink.max(axis=1) > 0.3)[-1])
    pitch = round(1.6 * height)
    # The writing follows the lines, but not exactly.
    places = foot - rng.integers(0, 5) + pitch * np.arange(-12, 13)
    _rule(paper, places, rng.uniform(1.5, 3), blue, across=True)
    if rng.random() < 0.4:
        edge = np.array([rng.uniform(0.2, 0.6) * height])
        _rule(paper, edge, rng.uniform(1.5, 3), (215, 120, 120), across=False)
    page = _pen(paper, ink, _dark_pen(rng), rng)
    return _camera(page * _light(ink.shape, rng), rng)


def _squared(ink: Array, height: int, rng: Rng) -> Array:
    paper = _paper(ink.shape, rng.uniform(218, 242), 1.8, rng)
    pitch = height * rng.uniform(0.45, 0.85)
    tone = rng.uniform(150, 190)
    for axis, across in ((0, True), (1, False)):
        start = rng.uniform(0, pitch)
        places = start + pitch * np.arange(ink.shape[axis] / pitch)
        colour = (tone - 15, tone, tone + 20)
        _rule(paper, places, rng.uniform(1.2, 2.2), colour, across=across)
    page = _pen(paper, ink, _dark_pen(rng), rng)
    return _camera(page * _light(ink.shape, rng), rng)


def _shadow(ink: Array, height: int, rng: Rng) -> Array:
    page = _pen(
        _paper(ink.shape, rng.uniform(210, 238), 2.0, rng), ink, _dark_pen(rng), rng
    ) * _light(ink.shape, rng)
    angle = rng.uniform(0, 2 * np.pi)
    place = rng.uniform(0.3, 0.7)
    # The shadow of a hand or a telephone is seldom quite straight.
    edge = slope(ink.shape, angle) + 0.04 * cloud(ink.shape, 3, rng)
    dark = blur(255 * (edge > place), rng.uniform(1.5, 6)) / 255
    return _camera(page * (1 - rng.uniform(0.3, 0.5) * dark[..., None]), rng)


def _crease(ink: Array, height: int, rng: Rng) -> Array:
    page = _pen(
        _paper(ink.shape, rng.uniform(205, 235), 2.0, rng), ink, _dark_pen(rng), rng
    ) * _light(ink.shape, rng)
    relief = np.ones(ink.shape, np.float32)
    for _ in range(int(rng.integers(1, 4))):
        angle = rng.uniform(0, 2 * np.pi)
        along = slope(ink.shape, angle) - rng.uniform(0.2, 0.8)
        along = (along + 0.012 * cloud(ink.shape, 4, rng)) * max(ink.shape)
        side, wide = np.sign(along), rng.uniform(15, 60)
        relief *= 1 - rng.uniform(0.03, 0.12) * side * np.exp(-np.abs(along) / wide)
        relief *= 1 - rng.uniform(0.05, 0.2) * np.exp(-((along / rng.uniform(1, 2.5)) ** 2))
    return _camera(page * relief[..., None], rng)


def _coloured(ink: Array, height: int, rng: Rng) -> Array:
    paper = _paper(ink.shape, rng.uniform(210, 242), 1.8, rng)
    paper += np.array(rng.choice([(0, 0, 0), (5, 2, -25), (-20, -2, 5), (5, -18, -10)]))
    colour = _COLOURS[int(rng.integers(len(_COLOURS)))]
    page = _pen(paper, ink, colour, rng, opacity=rng.uniform(0.75, 0.95))
    return _camera(page * _light(ink.shape, rng), rng)


def _blackboard(ink: Array, height: int, rng: Rng) -> Array:
    boards = ((45, 75, 60), (38, 40, 42), (30, 50, 75))
    board = np.array(boards[int(rng.integers(len(boards)))], np.float32)
    # Earlier writing, wiped off, has left clouds of chalk.
    dust = 14 * cloud(ink.shape, 5, rng) + 8 * cloud(ink.shape, 17, rng)
    surface = board + (dust + 2.5 * grain(ink.shape, 1.5, rng))[..., None]
    chalk = ink * np.clip(0.78 + 0.22 * grain(ink.shape, 1.2, rng), 0.15, 1)
    colour = rng.choice([(235, 235, 228), (235, 225, 150), (225, 190, 200)])
    page = surface * (1 - 0.9 * chalk[..., None]) + 0.9 * chalk[..., None] * colour
    return _camera(page * _light(ink.shape, rng), rng)


def _pencil(ink: Array, height: int, rng: Rng) -> Array:
    paper = _paper(ink.shape, rng.uniform(200, 235), 2.5, rng)
    # Graphite covers only raised fibres.
    caught = ink * np.clip(0.8 + 0.25 * grain(ink.shape, 1.0, rng), 0.1, 1)
    page = _pen(paper, caught, (95, 95, 100), rng, opacity=rng.uniform(0.4, 0.65))
    return _camera(page * _light(ink.shape, rng), rng)


def _angled(ink: Array, height: int, rng: Rng) -> Array:
    page = _pen(_paper(ink.shape, rng.uniform(205, 240), 2.0, rng), ink, _dark_pen(rng), rng)
    tall, wide = ink.shape
    # Corners of the picture on the page: upper left, lower left, lower right, upper right.
    most = 0.5 * height
    corners = np.array([(0, 0), (0, tall), (wide, tall), (wide, 0)], float)
    inwards = np.array([(1, 1), (1, -1), (-1, -1), (-1, 1)])
    corners += inwards * rng.uniform(-0.3 * most, most, (4, 2))
    seen = Image.fromarray(as_levels(page)).transform(
        (wide, tall),
        Image.Transform.PERSPECTIVE,
        homography(corners),
        Image.Resampling.BICUBIC,
        fillcolor=tuple(int(level) for level in rng.integers((70, 50, 35), (120, 90, 70))),
    )
    return _camera(np.asarray(seen, np.float32) * _light(ink.shape, rng), rng)


def _textured(ink: Array, height: int, rng: Rng) -> Array:
    paper = _paper(ink.shape, rng.uniform(185, 225), 6.0, rng)
    paper += 5 * (cloud(ink.shape, 30, rng) - 0.5)[..., None]
    # Flecks, as in recycled paper.
    flecks = np.clip(grain(ink.shape, 1.3, rng) - 3.3, 0, 1)
    paper -= 60 * flecks[..., None]
    page = _pen(paper, ink, _dark_pen(rng), rng)
    return _camera(page * _light(ink.shape, rng), rng, noise=6)


#: The scenes by name.
SCENES = {
    "plain scan": Scene(_scan, quality=0),
    "uneven light": Scene(_uneven),
    "ruled paper": Scene(_ruled, ruled=True),
    "squared paper": Scene(_squared),
    "sharp shadow": Scene(_shadow),
    "crease": Scene(_crease),
    "coloured ink": Scene(_coloured),
    "blackboard": Scene(_blackboard),
    "pale pencil": Scene(_pencil),
    "angled, JPEG 40": Scene(_angled, quality=40),
    "rough paper": Scene(_textured),
}
