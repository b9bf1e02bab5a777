"""Signs and letters that people write beside digits, as strokes of the same hands."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from cnn.synthesis.strokes import STYLES, Hand, Stroke, draw_hand, rasterise
from cnn.synthesis.strokes.trace import ink_course

__all__ = [
    "LETTERS",
    "SIGNS",
    "draw_course",
    "draw_sign",
    "free_form",
    "scrawl",
    "written_sign",
]

Array = npt.NDArray[Any]
Rng = np.random.Generator


def _strokes(*texts: str) -> tuple[Stroke, ...]:
    return tuple(Stroke(text) for text in texts)


# Points in hundredths of a digit's height: y is 0 at the top of digits and 100 at their foot.
_LOOP = "15 0, 2 12, 14 28, 28 14, 15 0"

#: Signs by name.
SIGNS = {
    "minus": _strokes("0 55~2, 25 55~2, 48 55~2"),
    "plus": _strokes("0 55, 52 55", "26 28, 26 82"),
    "times": _strokes("0 32, 46 82", "46 32, 0 82"),
    "equals": _strokes("0 45~2, 50 45~2", "0 66~2, 50 66~2"),
    "divide": _strokes("0 55, 50 55", "25 33, 26 35", "25 75, 26 77"),
    "slash": _strokes("36 -5, 0 108"),
    "point": _strokes("0 95~1, 2 97~1, 1 99~1"),
    "comma": _strokes("5 93~1, 6 104~1, 0 118~2"),
    "colon": _strokes("0 40~1, 2 42~1", "0 88~1, 2 90~1"),
    "percent": _strokes("66 0, 8 100", _LOOP, "61 66, 48 80, 60 98, 76 82, 61 66"),
    "dollar": _strokes("50 14, 26 5, 4 24, 27 48, 50 72, 27 94, 0 84", "27 -12, 27 114"),
    "euro": _strokes("58 14, 34 2, 10 50, 34 98, 60 84", "-4 40, 42 40", "-4 60, 38 60"),
    "degree": _strokes(_LOOP),
    "hash": _strokes("20 5, 10 95", "46 5, 36 95", "0 36, 56 36", "0 66, 56 66"),
    "opening bracket": _strokes("24 -8, 4 50, 24 110"),
    "closing bracket": _strokes("0 -8, 20 50, 0 110"),
    "opening square": _strokes("22 -6!, 0 -6!, 0 106!, 22 106"),
    "closing square": _strokes("0 -6!, 22 -6!, 22 106!, 0 106"),
    "tick": _strokes("0 62, 20 94!, 72 -6"),
    "cross": _strokes("0 8, 66 92", "64 6, 2 94"),
    "arrow": _strokes("0 55, 90 55", "66 36, 90 55!, 66 76"),
    "tilde": _strokes("0 58, 14 46, 32 56, 50 48"),
    "root": _strokes("-26 60, -16 56!, -4 104!, 12 -14!, 60 -14"),
}

#: Letters that resemble no digit, by the letter.
LETTERS = {
    "A": _strokes("0 100, 30 0!, 60 100", "12 64, 48 64"),
    "E": _strokes("50 0!, 0 0!, 0 100!, 52 100", "0 48, 42 48"),
    "F": _strokes("52 0!, 0 0!, 0 100", "0 48, 42 48"),
    "H": _strokes("0 0, 0 100", "54 0, 54 100", "0 50, 54 50"),
    "K": _strokes("0 0, 0 100", "52 0, 2 54!, 54 100"),
    "M": _strokes("0 100, 8 0!, 36 66!, 64 0!, 72 100"),
    "N": _strokes("0 100, 0 0!, 54 100!, 54 0"),
    "R": _strokes("0 100, 0 0!, 40 6, 42 40, 2 50!, 52 100"),
    "W": _strokes("0 0, 18 100!, 38 30!, 58 100!, 76 0"),
    "X": _strokes("0 0, 58 100", "58 0, 0 100"),
    "a": _strokes("44 50, 20 42, 2 72, 20 98, 44 56!, 46 98, 56 96"),
    "e": _strokes("4 72, 40 66, 24 44, 2 72, 20 100, 46 88"),
    "h": _strokes("2 0, 2 100!, 6 62, 26 46, 42 62, 42 100"),
    "k": _strokes("2 0, 2 100", "40 46, 4 74!, 42 100"),
    "m": _strokes("2 46, 2 100!, 6 58, 20 46, 32 62, 32 100!, 36 58, 50 46, 62 62, 62 100"),
    "n": _strokes("2 46, 2 100!, 6 60, 24 46, 40 62, 40 100"),
    "r": _strokes("2 46, 2 100!, 6 62, 22 46, 34 52"),
    "u": _strokes("2 46, 4 88, 22 100, 38 80, 40 46!, 42 100"),
    "w": _strokes("0 46, 12 100!, 26 62!, 40 100!, 54 46"),
    "x": _strokes("0 46, 42 100", "42 46, 0 100"),
    "y": _strokes("0 46, 20 96", "42 46, 6 132"),
    "t": _strokes("18 10, 18 88, 34 98", "0 42, 38 42"),
}

_BRACKETS = ("opening bracket", "closing bracket", "opening square", "closing square")

# Of the others, a point is refused by its shape, and alone the rest may be a 0 or a 1.
_TWINS = ("slash", "point", "comma", "colon", "degree", "opening bracket", "closing bracket")
_NO_TWINS = [strokes for name, strokes in (SIGNS | LETTERS).items() if name not in _TWINS]


def draw_sign(
    strokes: tuple[Stroke, ...], hand: Hand, height: float, rng: Rng
) -> tuple[Array, int]:
    """Write a sign.

    Returns
    -------
    cover : ndarray of uint8, (h, w)
        Its ink, with no edge around it.
    top : int
        Pixels from the top of a digit beside it down to its own top; negative above.
    """
    courses = []
    for stroke in strokes:
        points = stroke.points + 0.6 * stroke.freedom * rng.standard_normal(stroke.points.shape)
        points[:, 0] -= np.tan(np.deg2rad(min(hand.slant, 20))) * (points[:, 1] - 1) * 0.7
        courses.append(stroke.curve @ points)
    return draw_course(courses, hand, height)


def free_form(what: str, rng: Rng) -> tuple[Stroke, ...] | None:
    """Return a sign as another hand writes it: higher, lower, leaning, more or less bent.

    None if it is one whose form does not vary so: those of which a 1 is a twin do.
    """
    top, foot = rng.uniform(-28, 14), rng.uniform(86, 126)
    if what == "slash":
        return _strokes(f"{rng.uniform(14, 70):.0f} {top:.0f}, 0 {foot:.0f}")
    if what == "plus":
        arm, middle = rng.uniform(18, 36), rng.uniform(48, 60)
        return _strokes(
            f"0 {middle:.0f}, {2 * arm:.0f} {middle:.0f}",
            f"{arm:.0f} {middle - arm:.0f}, {arm:.0f} {middle + arm:.0f}",
        )
    if what not in _BRACKETS:
        return None
    deep = rng.uniform(10, 38)
    heights = np.array([top, 0.55 * top + 0.225 * (top + foot), (top + foot) / 2])
    heights = np.concatenate([heights, (top + foot) - heights[1::-1]])
    bent = deep * np.array([1, 0.15, 0, 0.15, 1])
    if what.endswith("square"):
        heights, bent = heights[[0, 0, 4, 4]], deep * np.array([1, 0, 0, 1])
    if what.startswith("closing"):
        bent = deep - bent
    corner = "!" if what.endswith("square") else ""
    points = zip(bent, heights, strict=True)
    return _strokes(", ".join(f"{x:.0f} {y:.0f}{corner}" for x, y in points))


def written_sign(rng: Rng) -> Image.Image:
    """Write a sign or a letter that alone is no digit's twin, dark on light, as people send it."""
    hand = draw_hand(STYLES["world"], rng)
    cover, _ = draw_sign(_NO_TWINS[int(rng.integers(len(_NO_TWINS)))], hand, 100, rng)
    return Image.fromarray(255 - np.pad(cover, 20))


def draw_course(courses: list[Array], hand: Hand, height: float) -> tuple[Array, int]:
    """Draw a pen's courses, each (M, 2) in heights of a digit; return ink and top as above."""
    trace = tuple(ink_course(_longer(course), hand) for course in courses)
    top = min(float((line.points[:, 1] - line.widths / 2).min()) for line in trace)
    return rasterise(trace, height=height), round(top * height)


def _longer(course: Array) -> Array:
    """Return at least five points, about evenly spaced."""
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(course, axis=0).T))])
    places = np.linspace(0, along[-1], max(5, round(along[-1] / 0.02) + 1))
    return np.stack([np.interp(places, along, axis) for axis in course.T], axis=1)


def scrawl(length: float, rng: Rng) -> Array:
    """Return the course (M, 2) of a word that nobody can read, `length` heights long."""
    steps = max(12, round(length * 24))
    phase = np.linspace(0, 2 * np.pi * length * rng.uniform(1.6, 3.2), steps)
    tall = 0.35 * (1 + 0.5 * np.sin(phase * rng.uniform(0.11, 0.37) + rng.uniform(0, 6)))
    x = np.linspace(0, length, steps) + 0.08 * np.sin(2 * phase + rng.uniform(0, 6))
    y = 0.65 + tall * np.sin(phase) * rng.choice([-1, 1])
    return np.stack([x, y], axis=1)
