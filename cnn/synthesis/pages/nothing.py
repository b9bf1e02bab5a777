"""Pages without digits: text, drawings, signs, things, and nothing at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from cnn.synthesis import garbage
from cnn.synthesis.figures import curl
from cnn.synthesis.pages.draft import Draft, Item, tight
from cnn.synthesis.pages.marks import WORDS
from cnn.synthesis.pages.scribe import Scribe
from cnn.synthesis.pages.shapes import frame, line
from cnn.synthesis.pages.sheet import Sheet
from cnn.synthesis.pages.signs import LETTERS, SIGNS, draw_course, scrawl
from cnn.synthesis.pages.textures import fibres, soft_cloud

__all__ = ["PICTURES", "WITHOUT_DIGITS"]

Array = npt.NDArray[Any]
Rng = np.random.Generator


def _printed_text(scribe: Scribe) -> None:
    """Print a few lines of words, as large as digits or much smaller."""
    rng = scribe.rng
    size = scribe.height * rng.uniform(0.25, 0.8)
    width = scribe.height * rng.uniform(4, 10)
    for number in range(int(rng.integers(1, 9))):
        right, foot = 0, (number + 1) * 1.9 * size
        while right < width * (0.5 if rng.random() < 0.1 else 1.0):
            word = str(rng.choice(WORDS))
            word = word.capitalize() if rng.random() < 0.2 else word
            right = scribe.printed(word, right, foot, height=size) + round(0.6 * size)


def _handwriting(scribe: Scribe) -> None:
    """Scrawl a few lines, or write letters one by one."""
    rng = scribe.rng
    if rng.random() < 0.4:
        right = 0
        for _ in range(int(rng.integers(1, 9))):
            letter = str(rng.choice(list(LETTERS)))
            right = scribe.sign(letter, right, scribe.height) + scribe.gap()
        return
    size = scribe.height * rng.uniform(0.4, 0.9)
    for number in range(int(rng.integers(1, 6))):
        right = 0
        for _ in range(int(rng.integers(1, 6))):
            cover, top = draw_course([scrawl(rng.uniform(1, 3.5), rng)], scribe.hand, size)
            item = Item("word", cover, right, round(1.7 * number * size + top))
            scribe.draft.add(item)
            right = item.right + round(0.5 * size)


def _figures(scribe: Scribe) -> None:
    """Draw one or several scribbles, shapes, letters or curls."""
    rng = scribe.rng
    kinds = (garbage.shape, garbage.scribble, garbage.doodle, garbage.letter, curl)
    draw = kinds[int(rng.integers(len(kinds)))]
    left = 0
    for _ in range(int(rng.choice([1, 1, 1, 2, 3]))):
        side = round(scribe.height * rng.uniform(1.2, 2.5))
        cover = 255 - np.asarray(draw(rng).resize((side, side), Image.Resampling.BOX))
        item = Item("drawing", tight(cover), left, 0)
        scribe.draft.add(item)
        left = item.right + scribe.gap(0.6)


def _signs(scribe: Scribe) -> None:
    """Write a few signs that stand for nothing by themselves."""
    names = [name for name in SIGNS if name not in ("slash", "degree", "dollar", "percent")]
    right = 0
    for _ in range(int(scribe.rng.integers(1, 5))):
        name = str(scribe.rng.choice(names))
        right = scribe.sign(name, right, scribe.height) + scribe.gap(0.5)


def _empty_form(scribe: Scribe) -> None:
    """Print a table, a row of boxes or a few lines that nobody has filled in."""
    rng = scribe.rng
    wide, tall = (round(scribe.height * rng.uniform(0.9, 2)) for _ in range(2))
    rows, columns = (int(rng.integers(1, 7)) for _ in range(2))
    width = float(rng.choice([1, 1, 2, 3]))
    if rng.random() < 0.3:
        for row in range(rows):
            ends = (0, row * tall, columns * wide + wide, row * tall)
            scribe.draft.add(line("line", ends, width, ink="print", rng=rng))
        return
    for row in range(rows):
        for column in range(columns):
            box = (column * wide, row * tall, (column + 1) * wide + 1, (row + 1) * tall + 1)
            scribe.draft.add(frame("box", box, width, rng=rng))


def _empty(scribe: Scribe) -> None:
    """Leave the page as it is."""


#: Layouts without digits, by name.
WITHOUT_DIGITS: dict[str, Callable[[Scribe], None]] = {
    "printed text": _printed_text,
    "handwriting": _handwriting,
    "figures": _figures,
    "signs": _signs,
    "empty form": _empty_form,
    "empty": _empty,
}


def _things(draft: Draft, shape: tuple[int, int], rng: Rng) -> Sheet:
    """Return a simple coloured drawing, as of a house or a cup, with dark outlines or without."""
    page = Image.new("RGB", (shape[1], shape[0]), tuple(int(c) for c in rng.integers(200, 256, 3)))
    mask = Image.new("L", page.size)
    pens = (ImageDraw.Draw(page), ImageDraw.Draw(mask))
    outline = "#141419" if rng.random() < 0.6 else None
    width = max(1, round(0.012 * max(shape)))
    for _ in range(int(rng.integers(2, 8))):
        middle = rng.uniform(0.15, 0.85, 2) * shape[::-1]
        reach = rng.uniform(0.05, 0.3, 2) * min(shape)
        colour = "#{:02x}{:02x}{:02x}".format(*rng.integers(20, 256, 3))
        corners = np.sort(rng.uniform(0, 2 * np.pi, int(rng.integers(3, 7))))
        around = np.stack([np.cos(corners), np.sin(corners)], axis=1) * reach + middle
        way = int(rng.integers(3))
        for pen, colours in zip(pens, ((colour, outline), ("white", "white")), strict=True):
            _fill(pen, way, middle, reach, around, colours, width)
    sheet = Sheet(np.asarray(page, np.float32).copy(), False, draft.height)
    sheet.other = np.asarray(mask).copy()
    return sheet


def _fill(
    pen: ImageDraw.ImageDraw,
    way: int,
    middle: Array,
    reach: Array,
    corners: Array,
    colours: tuple[str, str | None],
    width: int,
) -> None:
    """Draw an ellipse, a rectangle or a polygon of a colour, with an outline of another."""
    fill, outline = colours
    box = (*(middle - reach), *(middle + reach))
    if way == 0:
        pen.ellipse(box, fill=fill, outline=outline, width=width)
    elif way == 1:
        pen.rectangle(box, fill=fill, outline=outline, width=width)
    else:
        points = [(float(x), float(y)) for x, y in corners]
        pen.polygon(points, fill=fill, outline=outline, width=width)


def _view_of_things(draft: Draft, shape: tuple[int, int], rng: Rng) -> Sheet:
    """Return something like a photograph of surfaces: no page is in it."""
    colours = rng.uniform(20, 235, (3, 3))
    picture = np.zeros((*shape, 3), np.float32)
    for colour, cells in zip(colours, (2, 5, 14), strict=True):
        cloud = soft_cloud(shape, cells, rng)
        edge = np.clip((cloud - rng.uniform(0.3, 0.6)) * rng.uniform(2, 30), 0, 1)
        picture += edge[..., None] * (colour.astype(np.float32) - picture)
    picture += (rng.uniform(1, 12) * fibres(shape, 1.0, rng))[..., None]
    sheet = Sheet(picture, False, draft.height)
    sheet.page[:] = False
    return sheet


#: Grounds that are pictures themselves.
PICTURES: dict[str, Callable[[Draft, tuple[int, int], Rng], Sheet]] = {
    "things": _things,
    "surfaces": _view_of_things,
}
