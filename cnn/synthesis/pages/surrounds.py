"""Surrounds: what a page lies on, or what stands around it on a screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from cnn.synthesis.pages.sheet import Sheet
from cnn.synthesis.pages.textures import fibres, soft_cloud
from cnn.synthesis.pages.writers import printed
from cnn.synthesis.strokes import stamp

__all__ = ["SURROUNDS"]

Array = npt.NDArray[Any]
Rng = np.random.Generator
Colour = tuple[float, float, float]


def _plain_table(shape: tuple[int, int], rng: Rng) -> Array:
    tone = rng.uniform(8, 80)
    colour = np.clip(tone + rng.uniform(-12, 12, 3), 0, 255).astype(np.float32)
    table = np.broadcast_to(colour, (*shape, 3)).copy()
    if rng.random() < 0.7:
        table += (rng.uniform(0.5, 4) * fibres(shape, 1.0, rng))[..., None]
    return table


def _wood(shape: tuple[int, int], rng: Rng) -> Array:
    """Return boards with a grain along them."""
    light = np.array(
        [(150, 105, 60), (115, 72, 38), (190, 150, 105), (90, 55, 35)][int(rng.integers(4))],
        np.float32,
    )
    rows, columns = np.ogrid[: shape[0], : shape[1]]
    along, across = (columns, rows) if rng.random() < 0.6 else (rows, columns)
    pitch = rng.uniform(6, 26)
    bend = 3 * soft_cloud(shape, 3, rng) + 0.6 * np.sin(along / rng.uniform(40, 120))
    rings = np.sin(2 * np.pi * (across / pitch + bend))
    grain = rng.uniform(0.06, 0.25) * rings + 0.05 * fibres(shape, 1.0, rng)
    board = (across // rng.uniform(70, 200)).astype(int)
    tone = 1 + 0.08 * np.sin(7.3 * board)
    table: Array = light * (tone * (1 + grain)).astype(np.float32)[..., None]
    return table


def _speckled(shape: tuple[int, int], rng: Rng) -> Array:
    """Return stone, a carpet or cloth."""
    tone = rng.uniform(60, 170)
    spread = rng.uniform(14, 45)
    speckles = spread * fibres(shape, float(rng.choice([0.5, 1.0, 2.5])), rng)
    colour = tone + rng.uniform(-18, 18, 3).astype(np.float32)
    table: Array = colour + speckles[..., None]
    return table.astype(np.float32)


def _on(table: Callable[[tuple[int, int], Rng], Array]) -> Callable[[Sheet, Rng], Sheet]:
    def lay(sheet: Sheet, rng: Rng) -> Sheet:
        return _laid(sheet, table, rng)

    return lay


def _laid(sheet: Sheet, table: Callable[[tuple[int, int], Rng], Array], rng: Rng) -> Sheet:
    """Lay a sheet on a table: as a whole, or so that the table shows on one side or two."""
    tall, wide = sheet.shape
    room = min(wide, tall) * rng.uniform(0.05, 0.6, 4)
    if rng.random() < 0.4:
        # The sheet ends with the picture on some sides.
        room[rng.choice(4, int(rng.integers(1, 4)), replace=False)] = 0
    left, top, right, foot = (round(length) for length in room)
    height, width = tall + top + foot, wide + left + right
    under = Sheet(table((height, width), rng), False, sheet.unit)
    corners = np.array([(0, 0), (0, tall), (wide, tall), (wide, 0)], np.float64)
    middle = np.array([wide / 2, tall / 2])
    angle = np.deg2rad(rng.normal(0, 4) if room.min() > 0 else rng.normal(0, 0.6))
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    corners = (corners - middle) @ turn + middle
    slack = 0.05 if room.min() > 0 else 0.012
    corners += rng.uniform(-slack, slack, (4, 2)) * min(wide, tall)
    # Where the table does not show, the sheet goes on beyond the picture.
    beyond = 0.03 * max(wide, tall)
    sides = np.array(
        [
            [-(left == 0), -(top == 0)],
            [-(left == 0), foot == 0],
            [right == 0, foot == 0],
            [right == 0, -(top == 0)],
        ],
        np.float64,
    )
    corners += beyond * sides + (left, top)
    under.lay(sheet, corners)
    if rng.random() < 0.6:
        _cast_shadow(under, rng)
    return under


def _cast_shadow(under: Sheet, rng: Rng) -> None:
    """Darken the table along one side of the page."""
    reach = max(1, round(0.02 * max(under.shape)))
    shift = (int(rng.choice([-1, 1])) * reach, int(rng.choice([-1, 1])) * reach)
    shadow = np.roll(under.page, shift, axis=(0, 1)) & ~under.page
    under.picture[shadow] *= np.float32(rng.uniform(0.45, 0.8))


def _desk(shape: tuple[int, int], rng: Rng) -> Array:
    level = float(rng.choice([255, 250, 240, 225, 236, 60]))
    return np.full((*shape, 3), level, np.float32)


def _screen(sheet: Sheet, rng: Rng, *, room: Array) -> tuple[Sheet, int, int]:
    """Return the sheet with an even surface around it, and where it lies."""
    left, top, right, foot = (max(0, round(length)) for length in room)
    shape = (sheet.shape[0] + top + foot, sheet.shape[1] + left + right)
    around = Sheet(_desk(shape, rng), sheet.dark, sheet.unit)
    around.paste(sheet, left, top)
    return around, left, top


def _outline(around: Sheet, box: tuple[int, int, int, int], tone: float, width: int) -> None:
    """Draw a frame inside left, top, width, height."""
    left, top, wide, tall = box
    cover = np.full((tall, wide), 255, np.uint8)
    cover[width : tall - width, width : wide - width] = 0
    around.print_on(cover, (tone, tone, tone), left, top)


def _canvas(sheet: Sheet, rng: Rng) -> Sheet:
    """Show a canvas on a web page, often with a border, buttons and a heading."""
    side = min(sheet.shape)
    around, left, top = _screen(sheet, rng, room=side * rng.uniform(0.05, 0.5, 4))
    tall, wide = sheet.shape
    bright = around.picture[0, 0, 0] > 128
    if rng.random() < 0.6 and min(left, top) > 3:
        tone = float(rng.choice([0, 80, 160, 200]))
        _outline(around, (left - 2, top - 2, wide + 4, tall + 4), tone, int(rng.integers(1, 3)))
    size = max(6.0, 0.06 * side)
    ink: Colour = (40, 40, 45) if bright else (225, 225, 225)
    if top > 2.5 * size and rng.random() < 0.7:
        word = str(rng.choice(["Draw a digit", "Canvas", "Write here", "Digit recognizer"]))
        around.print_on(printed(word, size), ink, left, round(top - 2 * size))
    below = around.shape[0] - top - tall
    if below > 3 * size and rng.random() < 0.7:
        x = left
        for word in ("Clear", "Predict", "Save")[: int(rng.integers(1, 4))]:
            label = printed(word, 0.7 * size)
            button = np.full((round(1.8 * size), label.shape[1] + round(1.6 * size)), 255, np.uint8)
            y = top + tall + round(0.8 * size)
            colour: Colour = [(60, 120, 230), (205, 205, 208), (70, 170, 90)][int(rng.integers(3))]
            around.print_on(button, colour, x, y)
            place = (x + round(0.8 * size), y + round(0.5 * size))
            around.print_on(label, (255, 255, 255) if colour[0] < 200 else (20, 20, 20), *place)
            x += button.shape[1] + round(0.5 * size)
    return around


def _window(sheet: Sheet, rng: Rng) -> Sheet:
    """Show a window with a title bar; the desktop may show beside it."""
    bar = round(min(max(0.1 * min(sheet.shape), 14), 34))
    border = int(rng.choice([0, 1, 2, 6]))
    out = float(rng.choice([0, 0, 0, 30]))
    room = np.array([border + out, bar + border + out, border + out, border + out])
    around, left, top = _screen(sheet, rng, room=room)
    tall, wide = sheet.shape
    tone = float(rng.choice([255, 240, 215, 70, 32]))
    colour: Colour = (tone, tone, tone) if rng.random() < 0.8 else (60, 110, 200)
    part = np.s_[top - bar : top, left : left + wide]
    around.picture[part] = colour
    ink: Colour = (25, 25, 25) if colour[0] > 128 else (235, 235, 235)
    size = 0.36 * bar
    if wide > 9 * bar or rng.random() < 0.4:
        word = str(rng.choice(["tk", "Draw", "Binary Img", "image", "Figure", "Paint"]))
        around.print_on(printed(word, size), ink, left + 5, round(top - 0.7 * bar))
    for place in range(int(rng.integers(1, 4))):
        x = round(left + wide - (0.85 + place) * bar)
        if x < left:
            break
        around.print_on(_symbol(place, round(size) + 1), ink, x, round(top - 0.68 * bar))
    if border:
        _outline(
            around,
            (left - border, top - bar - border, wide + 2 * border, tall + bar + 2 * border),
            float(rng.choice([0, 90, 160])),
            min(border, 2),
        )
    return around


def _symbol(place: int, size: int) -> Array:
    """Return a cross, a square or a dash, uint8."""
    side = max(5, size)
    cover = np.zeros((side, side), np.uint8)
    if place == 0:
        diagonal = np.arange(side)
        cover[diagonal, diagonal] = cover[diagonal, side - 1 - diagonal] = 255
    elif place == 1:
        cover[[0, -1]] = cover[:, [0, -1]] = 255
    else:
        cover[-2] = 255
    return cover


def _plot(sheet: Sheet, rng: Rng) -> Sheet:
    """Show a panel of a plotting program, with ticks, their numbers and a title."""
    side = min(sheet.shape)
    size = min(max(0.045 * side, 5.0), 12.0)
    room = np.array([4.5, 4.0, 2.5, 4.0]) * size * rng.uniform(0.9, 1.8, 4)
    around, left, top = _screen(sheet, rng, room=room)
    around.picture[~around.page] = 255
    tall, wide = sheet.shape
    ink: Colour = (0, 0, 0)
    _outline(around, (left - 1, top - 1, wide + 2, tall + 2), 0, 1)
    tick = np.full((1, round(0.5 * size)), 255, np.uint8)
    step = float(rng.choice([5, 5, 10, 50]))
    free = (0, 0)
    for number in range(int(rng.integers(5, 7))):
        label = printed(str(round(number * step)), size)
        share = (number + 0.1) / 6
        x, y = round(left + share * wide), round(top + share * tall)
        start, place = x - label.shape[1] // 2, left - label.shape[1] - round(size)
        # Where a label would stand on the one before, there is none.
        if start > free[0]:
            around.print_on(tick.T, ink, x, top + tall)
            around.print_on(label, ink, start, round(top + tall + size))
            free = (start + label.shape[1] + 2, free[1])
        if place > 0 and y - label.shape[0] > free[1]:
            around.print_on(tick, ink, left - tick.shape[1] - 1, y)
            around.print_on(label, ink, place, y - label.shape[0] // 2)
            free = (free[0], y)
    if rng.random() < 0.7 and top > 2.2 * size:
        word = str(rng.choice(["Label", "Predicted", "Digit", "Sample", "image"]))
        title = printed(
            f"{word}: {int(rng.integers(10))}" if rng.random() < 0.5 else word, 1.2 * size
        )
        around.print_on(
            title, ink, max(0, left + (wide - title.shape[1]) // 2), round(top - 2 * size)
        )
    return around


def _art(sheet: Sheet, rng: Rng) -> Sheet:
    """Show a frame of coloured dots, stripes or squares."""
    wide = float(max(6, min(sheet.shape) * rng.uniform(0.06, 0.16)))
    around, _, _ = _screen(sheet, rng, room=np.full(4, wide))
    colours = rng.uniform(20, 255, (int(rng.integers(2, 6)), 3)).astype(np.float32)
    rows, columns = np.ogrid[: around.shape[0], : around.shape[1]]
    pitch = wide * rng.uniform(0.3, 1.2)
    way = int(rng.integers(3))
    number = (rows + (columns if way == 0 else 0)) // pitch + (way == 1) * (columns // pitch)
    if way == 2:
        number = np.hypot(rows % (2 * pitch) - pitch, columns % (2 * pitch) - pitch) // (
            0.35 * pitch
        )
    pattern = colours[number.astype(int) % len(colours)]
    outside = ~around.page
    around.picture[outside] = np.broadcast_to(pattern, around.picture.shape)[outside]
    return around


def _border(sheet: Sheet, rng: Rng) -> Sheet:
    """Draw the page's own edge as thin lines at the picture's: on all sides, or on some."""
    tall, wide = sheet.shape
    tone, width = rng.uniform(0, 130), int(rng.choice([1, 1, 2, 3]))
    away = round(rng.choice([0, 0, 1, 3, 6]))
    if rng.random() < 0.5:
        _outline(sheet, (away, away, wide - 2 * away, tall - 2 * away), tone, width)
        return sheet
    for side in rng.choice(4, int(rng.integers(1, 3)), replace=False):
        box = ((width, tall), (wide, width))[side % 2]
        cover = np.full(box[::-1], 255, np.uint8)
        left = (away, 0, wide - width - away, 0)[side]
        top = (0, away, 0, tall - width - away)[side]
        sheet.print_on(cover, (tone, tone, tone), left, top)
    return sheet


def _dark_corner(sheet: Sheet, rng: Rng) -> Sheet:
    """Let the table show in a corner or two, as far as no digit is there."""
    rows, columns = np.ogrid[: sheet.shape[0], : sheet.shape[1]]
    for _ in range(int(rng.choice([1, 1, 2]))):
        down = rows if rng.random() < 0.5 else sheet.shape[0] - rows
        away = columns if rng.random() < 0.5 else sheet.shape[1] - columns
        reach = min(sheet.shape) * rng.uniform(0.1, 0.4)
        while reach > 4:
            corner = (down + away * rng.uniform(0.5, 1.6)) < reach
            if not sheet.ink[corner].any():
                sheet.picture[corner] = rng.uniform(0, 50)
                sheet.page[corner] = False
                sheet.other[corner] = 0
                break
            reach *= 0.6
    return sheet


def _holes(sheet: Sheet, rng: Rng) -> Sheet:
    """Punch two holes at the left."""
    tall = sheet.shape[0]
    size = rng.uniform(0.012, 0.03) * max(sheet.shape)
    points = np.array([[2.2 * size, 0.3 * tall], [2.2 * size, 0.7 * tall]])
    cover = np.rint(255 * stamp(points, np.full(2, size), sheet.shape)).astype(np.uint8)
    if not sheet.ink[cover > 0].any():
        sheet.print_on(cover, (60, 60, 62), 0, 0)
    return sheet


#: Surrounds by name: each takes a sheet and returns it with what is around it.
SURROUNDS: dict[str, Callable[[Sheet, Rng], Sheet]] = {
    "table": _on(_plain_table),
    "wood": _on(_wood),
    "speckled": _on(_speckled),
    "canvas": _canvas,
    "window": _window,
    "plot": _plot,
    "art": _art,
    "border": _border,
    "dark corner": _dark_corner,
    "holes": _holes,
}
