"""Grounds: what a draft is written on, from a white canvas to a spiral notebook."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from cnn.synthesis.pages.draft import Draft
from cnn.synthesis.pages.sheet import Sheet
from cnn.synthesis.pages.textures import fibres, soft_cloud
from cnn.synthesis.paper import slope
from cnn.synthesis.strokes import stamp

__all__ = ["GROUNDS"]

Array = npt.NDArray[Any]
Rng = np.random.Generator
Shape = tuple[int, int]
Colour = tuple[float, float, float]


def _flat(shape: Shape, colour: Colour) -> Array:
    return np.full((*shape, 3), colour, np.float32)


def _white(draft: Draft, shape: Shape, rng: Rng) -> Sheet:
    level = float(rng.choice([255, 255, 255, 250, 240]))
    return Sheet(_flat(shape, (level, level, level)), False, draft.height)


def _fibrous(shape: Shape, level: float, rough: float, rng: Rng) -> Array:
    tint = (rng.uniform(-4, 6), 0.0, rng.uniform(-14, 4))
    picture = _flat(shape, (level + tint[0], level, level + tint[2]))
    if rough:
        picture += (rough * fibres(shape, float(rng.choice([1.0, 2.5])), rng))[..., None]
    return picture


def _paper(draft: Draft, shape: Shape, rng: Rng) -> Sheet:
    level, rough = rng.uniform(185, 250), rng.choice([0.0, 1.0, 2.0, 3.0])
    return Sheet(_fibrous(shape, level, rough, rng), False, draft.height)


def _rough(draft: Draft, shape: Shape, rng: Rng) -> Sheet:
    """Return recycled paper, with flecks."""
    picture = _fibrous(shape, rng.uniform(180, 225), 6.0, rng)
    flecks = np.clip(fibres(shape, 1.0, rng) - 3.2, 0, 1)
    picture -= 60 * flecks[..., None]
    return Sheet(picture, False, draft.height)


def _gradient(draft: Draft, shape: Shape, rng: Rng) -> Sheet:
    """Return a light gradient between two or three colours, as drawing programs offer."""
    colours = rng.uniform(130, 255, (int(rng.integers(2, 4)), 3))
    colours[:, int(rng.integers(3))] = 255
    along = slope(shape, rng.uniform(0, 2 * np.pi))
    if rng.random() < 0.3:
        along = np.abs(2 * along - 1) ** rng.uniform(0.5, 3)
    places = np.linspace(0, 1, len(colours))
    picture = np.stack([np.interp(along, places, channel) for channel in colours.T], axis=-1)
    return Sheet(picture.astype(np.float32), False, draft.height)


_TINTS: tuple[Colour, ...] = (
    (250, 235, 90),
    (255, 170, 190),
    (150, 210, 250),
    (170, 235, 150),
    (250, 200, 120),
    (225, 225, 222),
    (205, 190, 160),
    (190, 200, 190),
    (235, 215, 240),
)


def _tinted(draft: Draft, shape: Shape, rng: Rng) -> Sheet:
    """Return coloured paper, as of a sticky note or an envelope."""
    colour = np.array(_TINTS[int(rng.integers(len(_TINTS)))], np.float32)
    picture = np.broadcast_to(colour * rng.uniform(0.88, 1.0), (*shape, 3)).copy()
    if rng.random() < 0.7:
        picture += (rng.uniform(0.5, 2.5) * fibres(shape, 1.0, rng))[..., None]
    return Sheet(picture, False, draft.height)


def _any_paper(draft: Draft, shape: Shape, rng: Rng) -> Sheet:
    return (_paper, _paper, _white, _tinted)[int(rng.integers(4))](draft, shape, rng)


def _feet(draft: Draft, rng: Rng) -> tuple[float, float]:
    """Return the first base line and the distance of base lines, in pixels."""
    feet = [foot for _, _, _, foot in draft.line_boxes()] or [draft.height]
    pitch = draft.height * rng.uniform(1.1, 1.9)
    if len(feet) > 1 and feet[1] - feet[0] > draft.height:
        pitch = (feet[-1] - feet[0]) / (len(feet) - 1)
    return feet[0] + rng.uniform(-0.02, 0.08) * draft.height, pitch


def _ruled(draft: Draft, shape: Shape, rng: Rng) -> Sheet:
    """Return ruled paper, often with a margin line, which the writing follows mostly."""
    sheet = _any_paper(draft, shape, rng)
    first, pitch = _feet(draft, rng)
    if rng.random() < 0.2:
        pitch, first = pitch * 0.5, first + rng.uniform(-0.3, 0.3) * pitch
    places = first + pitch * np.arange(-np.ceil(first / pitch), (shape[0] - first) / pitch)
    tone = rng.uniform(80, 190)
    colour = (tone, tone + 20, tone + 55) if rng.random() < 0.7 else (tone, tone, tone)
    width = max(1.0, rng.uniform(0.01, 0.035) * draft.height)
    sheet.rule(places, width, colour, strength=rng.uniform(0.5, 0.95), across=True)
    if rng.random() < 0.6:
        left = draft.bounds()[0]
        edge = np.array([rng.uniform(0.15, 0.95) * left])
        if rng.random() < 0.2:
            edge = np.append(edge, edge + 3 * width)
        sheet.rule(edge, 1.3 * width, (215, 90, 95), strength=rng.uniform(0.5, 0.95), across=False)
    return sheet


def _graph(draft: Draft, shape: Shape, rng: Rng) -> Sheet:
    """Return squared paper, whose lines are pale or as dark as a pencil's."""
    sheet = _any_paper(draft, shape, rng)
    pitch = max(5.0, draft.height * rng.choice([0.2, 0.3, 0.5, 0.6, 0.8, 1.1]))
    tone = rng.uniform(70, 200)
    colour = (tone - 15, tone, tone + 25) if rng.random() < 0.6 else (tone, tone, tone)
    if rng.random() < 0.15:
        colour = (tone + 40, tone, tone - 30)
    width = max(1.0, rng.uniform(0.008, 0.03) * draft.height)
    strength = rng.uniform(0.45, 1.0)
    bold = int(rng.choice([0, 0, 0, 5, 10]))
    for across in (True, False):
        start = rng.uniform(0, pitch)
        places = start + pitch * np.arange(shape[0 if across else 1] / pitch)
        sheet.rule(places, width, colour, strength=strength, across=across)
        if bold:
            sheet.rule(places[::bold], 2 * width, colour, strength=strength, across=across)
    return sheet


def _dotted(draft: Draft, shape: Shape, rng: Rng) -> Sheet:
    """Return paper with a grid of dots."""
    sheet = _any_paper(draft, shape, rng)
    pitch = max(7.0, draft.height * rng.uniform(0.3, 0.7))
    grid = np.stack(np.meshgrid(*(np.arange(0, length, pitch) for length in shape[::-1])), axis=-1)
    points = grid.reshape(-1, 2) + rng.uniform(0, pitch, 2)
    radius = np.full(len(points), max(0.8, 0.02 * draft.height))
    dots = np.rint(255 * rng.uniform(0.5, 0.9) * stamp(points, radius, shape)).astype(np.uint8)
    tone = rng.uniform(90, 150)
    sheet.print_on(dots, (tone, tone, tone + 15), 0, 0)
    return sheet


def _edge(draft: Draft) -> tuple[bool, float]:
    """Return whether a wire runs along the top, not the left, and how much room it has there."""
    left, top, _, _ = draft.bounds()
    return top >= left, max(6.0, 0.8 * max(top, left))


def _print_wire(sheet: Sheet, points: Array, radii: Array, along_top: bool, rng: Rng) -> None:
    """Print discs, (N, 2): how far along the edge each lies, and how far from it."""
    cover = stamp(points if along_top else points[:, ::-1], radii, sheet.shape)
    tone = rng.uniform(25, 110)
    sheet.print_on(np.rint(255 * cover).astype(np.uint8), (tone, tone, tone + 5), 0, 0)


def _spiral(draft: Draft, shape: Shape, rng: Rng) -> Sheet:
    """Return a page of a notebook, with the holes or the wire along one side."""
    sheet = (_ruled, _graph, _paper)[int(rng.integers(3))](draft, shape, rng)
    along_top, room = _edge(draft)
    size = min(rng.uniform(0.12, 0.3) * draft.height, 0.3 * room)
    pitch, length = size * rng.uniform(2.6, 4.5), shape[1 if along_top else 0]
    centres = np.arange(rng.uniform(0.3, 1) * pitch, length, pitch)
    depth = room * rng.uniform(0.3, 0.6)
    points = [np.stack([centres, np.full_like(centres, depth)], axis=1)]
    radii = [np.full(len(centres), size)]
    if rng.random() < 0.6:
        # The wire: from each hole over the edge.
        turns = np.linspace(0, 1, max(8, round(2 * depth)))
        for centre in centres:
            x = centre + 0.8 * size * np.sin(np.pi * turns)
            points.append(np.stack([x, depth * (1 - turns)], axis=1))
            radii.append(np.full(len(turns), max(0.7, 0.22 * size)))
    _print_wire(sheet, np.concatenate(points), np.concatenate(radii), along_top, rng)
    return sheet


def _rings(draft: Draft, shape: Shape, rng: Rng) -> Sheet:
    """Return a page of a pad whose wire shows as a row of strokes or arcs along one side."""
    sheet = (_ruled, _ruled, _graph, _paper)[int(rng.integers(4))](draft, shape, rng)
    along_top, room = _edge(draft)
    pitch, length = room * rng.uniform(0.3, 0.8), shape[1 if along_top else 0]
    centres = np.arange(rng.uniform(0.2, 0.8) * pitch, length, pitch)
    turns = np.linspace(0, 1, max(8, round(2 * room)))
    ends, bow = np.sort(rng.uniform(0, 0.9, 2)) * room, rng.uniform(-0.4, 0.4) * pitch
    along = bow * np.sin(np.pi * turns) + rng.uniform(-0.3, 0.3) * pitch * turns
    depth = ends[0] + max(ends[1] - ends[0], 0.25 * room) * turns
    points = np.concatenate(
        [np.stack([centre + along, depth], axis=1) for centre in centres] or [np.zeros((1, 2))]
    )
    radii = np.full(len(points), max(0.7, rng.uniform(0.012, 0.03) * draft.height))
    _print_wire(sheet, points, radii, along_top, rng)
    return sheet


def _stripes(draft: Draft, shape: Shape, rng: Rng) -> Sheet:
    """Return paper with coloured stripes or waves that are paler than the ink."""
    base = np.array(_TINTS[int(rng.integers(len(_TINTS)))], np.float32)
    other = np.clip(base + rng.choice([-1, 1], 3) * rng.uniform(25, 80, 3), 110, 255)
    angle, pitch = rng.uniform(0, np.pi), draft.height * rng.uniform(0.3, 1.5)
    rows, columns = np.ogrid[: shape[0], : shape[1]]
    along = np.cos(angle) * columns + np.sin(angle) * rows
    wave = rng.choice([0.0, 0.2]) * draft.height
    across = np.cos(angle) * rows - np.sin(angle) * columns
    phase = (along + wave * np.sin(across / (0.4 * draft.height))) / pitch
    share = (phase % 1 < rng.uniform(0.2, 0.6)).astype(np.float32)[..., None]
    return Sheet(base + share * (other.astype(np.float32) - base), False, draft.height)


def _blackboard(draft: Draft, shape: Shape, rng: Rng) -> Sheet:
    boards: tuple[Colour, ...] = ((45, 75, 60), (38, 40, 42), (30, 50, 75), (60, 90, 70))
    picture = _flat(shape, boards[int(rng.integers(len(boards)))])
    # Earlier writing, wiped off, has left clouds of chalk.
    dust = rng.uniform(4, 22) * soft_cloud(shape, 5, rng) + 2.5 * fibres(shape, 1.0, rng)
    return Sheet(picture + dust[..., None].astype(np.float32), True, draft.height)


def _dark(draft: Draft, shape: Shape, rng: Rng) -> Sheet:
    level = float(rng.choice([0, 0, 0, 20, 40]))
    tint = rng.uniform(0, 30, 3) if rng.random() < 0.25 else np.zeros(3)
    colour = (level + tint[0], level + tint[1], level + tint[2])
    return Sheet(_flat(shape, colour), True, draft.height)


def _purple(draft: Draft, shape: Shape, rng: Rng) -> Sheet:
    """Return the darkest colour of a plotting program's scale."""
    colours: tuple[Colour, ...] = ((68, 1, 84), (0, 0, 128), (13, 8, 135), (0, 0, 4))
    picture = _flat(shape, colours[int(rng.integers(len(colours)))])
    return Sheet(picture, True, draft.height)


def _meter(draft: Draft, shape: Shape, rng: Rng) -> Sheet:
    """Return a light case with a dark window for each digit, or one for all."""
    level = rng.uniform(120, 250)
    sheet = Sheet(_fibrous(shape, level, float(rng.choice([0.0, 1.0])), rng), True, draft.height)
    sheet.page[:] = False
    room = round(draft.height * rng.uniform(0.08, 0.2))
    tone = rng.uniform(5, 50)
    digits = draft.digits
    top, foot = draft.bounds()[1] - room, draft.bounds()[3] + room
    middles = [(item.left + item.right) / 2 for item in digits]
    half = 0.5 * min(np.diff(middles), default=draft.height) - max(1, 0.03 * draft.height)
    half = max(half, 0.42 * draft.height)
    for item, middle in zip(digits, middles, strict=True):
        left = round(min(middle - half, item.left - 1))
        right = round(max(middle + half, item.right + 1))
        part = np.s_[max(top, 0) : foot, max(left, 0) : right]
        sheet.picture[part] = tone + (sheet.picture[part] - level)
        sheet.page[part] = True
    return sheet


#: Grounds by name: each takes a draft at its place, the sheet's height and width, and chance.
GROUNDS: dict[str, Callable[[Draft, Shape, Rng], Sheet]] = {
    "white": _white,
    "paper": _paper,
    "rough": _rough,
    "gradient": _gradient,
    "tinted": _tinted,
    "ruled": _ruled,
    "graph": _graph,
    "dotted": _dotted,
    "spiral": _spiral,
    "rings": _rings,
    "stripes": _stripes,
    "blackboard": _blackboard,
    "dark": _dark,
    "colour scale": _purple,
    "meter": _meter,
}
