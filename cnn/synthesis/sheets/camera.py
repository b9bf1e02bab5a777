"""Pictures of a page: a curled sheet in space, seen by a telephone or a scanner."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from cnn.synthesis.paper import as_levels, cloud, grain, slope

__all__ = ["DAMAGES", "Damage", "photograph"]

Array = npt.NDArray[Any]
Rng = np.random.Generator
Range = tuple[float, float]

_MESH = 48  # pixels of a picture that are mapped as one quadrilateral
_DISTANCE = 420.0  # millimetres between camera and page
_NEWTON = 12
_COARSE, _TILE, _MIDDLE = 8, 512, 128
_TABLES = ((70, 50, 35), (120, 85, 55), (55, 60, 66), (150, 150, 148), (40, 70, 60))


@dataclass(frozen=True)
class Damage:
    """What a picture suffers; ranges are drawn from uniformly.

    Attributes
    ----------
    pixels : Range
        Millions of pixels of a photograph; 0 is a scan of 150 dpi.
    tilt : Range
        Degrees between the camera's axis and the page's normal.
    turn : Range
        Degrees by which the page is turned, beside quarters.
    quarters : bool
        Whether it is turned by quarters as well.
    curl : Range
        Millimetres by which an edge stands up.
    shadow : Range
        Share of the light that a shadow takes.
    soft : Range
        Radius of the blur in pixels.
    thumb : float
        Probability of a thumb on a corner.
    quality : Range
        Of the JPEG.
    """

    pixels: Range = (8.0, 12.0)
    tilt: Range = (0.0, 10.0)
    turn: Range = (-6.0, 6.0)
    quarters: bool = False
    curl: Range = (0.0, 1.5)
    shadow: Range = (0.0, 0.0)
    soft: Range = (0.4, 1.0)
    thumb: float = 0.0
    quality: Range = (75.0, 90.0)


_PLAIN = Damage()

#: Kinds of pictures by name.
DAMAGES: Mapping[str, Damage] = {
    "scan, 150 dpi": Damage(
        pixels=(0, 0), tilt=(0, 0), turn=(-2.5, 2.5), quarters=True, curl=(0, 0), soft=(0.2, 0.6)
    ),
    "photograph": _PLAIN,
    "perspective to 35°": replace(_PLAIN, tilt=(20.0, 35.0), turn=(-12.0, 12.0)),
    "any rotation": replace(_PLAIN, turn=(-45.0, 45.0), quarters=True),
    "curled edge": replace(_PLAIN, curl=(6.0, 16.0)),
    "shadow": replace(_PLAIN, shadow=(0.3, 0.6)),
    "blur": replace(_PLAIN, soft=(1.6, 3.0)),
    "thumb on a corner": replace(_PLAIN, thumb=1.0, tilt=(0.0, 20.0)),
    "JPEG 40": replace(_PLAIN, quality=(40.0, 45.0)),
    "all at once": Damage(
        tilt=(5.0, 30.0),
        turn=(-20.0, 20.0),
        quarters=True,
        curl=(0.0, 8.0),
        shadow=(0.0, 0.5),
        soft=(0.5, 1.8),
        thumb=0.3,
        quality=(40.0, 90.0),
    ),
}


@dataclass(frozen=True)
class _View:
    """Where points of a page, in millimetres, are in a picture, in pixels."""

    size: tuple[float, float]
    rotation: Array
    fold: tuple[int, float, float]
    bow: float
    zoom: float
    centre: tuple[float, float]

    def __call__(self, points: Array) -> Array:
        """Project points, (N, 2)."""
        across = points - np.array(self.size) / 2
        lift = self.bow * np.cos(np.pi * across[:, 0] / self.size[0])
        # Behind the fold, the page is part of a cylinder that stands up.
        axis, place, bend = self.fold
        side = 1 if place > 0 else -1
        behind = np.maximum(side * (across[:, axis] - place), 0)
        if bend > 0:
            angle = np.minimum(behind * bend, 1.2)
            lift = lift + (1 - np.cos(angle)) / bend
            across[:, axis] += side * (np.sin(angle) / bend - behind)
        # The side that stands up is nearer to the camera.
        turned = np.column_stack([across, -lift]) @ self.rotation.T
        depth = np.maximum(_DISTANCE + turned[:, 2], 50)
        seen: Array = turned[:, :2] / depth[:, None] * self.zoom + np.array(self.centre)
        return seen


def photograph(picture: Array, scale: float, damage: Damage, rng: Rng) -> bytes:
    """Take a picture of a page.

    Parameters
    ----------
    picture : ndarray of uint8, (H, W, 3)
        The page.
    scale : float
        Pixels of a millimetre in it.
    damage : Damage
        What the picture suffers.
    rng : numpy.random.Generator
        The source of chance.

    Returns
    -------
    bytes
        A JPEG file.
    """
    page = (picture.shape[1] / scale, picture.shape[0] / scale)
    view, size = _look(page, damage, rng)
    taken = _project(picture, scale, view, size, scan=damage.pixels[1] == 0, rng=rng)
    if rng.random() < damage.thumb:
        taken = _with_thumb(taken, view, rng)
    lit = ImageChops.multiply(taken, _light(size, damage, rng))
    soft = lit.filter(ImageFilter.GaussianBlur(rng.uniform(*damage.soft)))
    shown = ImageChops.add(soft, _noise(size, rng), offset=-_MIDDLE)
    file = io.BytesIO()
    shown.save(file, "JPEG", quality=round(rng.uniform(*damage.quality)))
    return file.getvalue()


def _look(page: tuple[float, float], damage: Damage, rng: Rng) -> tuple[_View, tuple[int, int]]:
    """Return how a page is seen, and width and height of the picture."""
    turn = np.deg2rad(rng.uniform(*damage.turn))
    turn += np.pi / 2 * int(rng.integers(4)) if damage.quarters else 0.0
    tilt, towards = np.deg2rad(rng.uniform(*damage.tilt)), rng.uniform(0, 2 * np.pi)
    rotation = _tilted(tilt, towards) @ _turned(turn)
    axis = int(rng.integers(2))
    reach = rng.uniform(0.15, 0.35) * page[axis]
    lift = rng.uniform(*damage.curl)
    fold = (axis, rng.choice([-1, 1]) * (page[axis] / 2 - reach), 2 * lift / reach**2)
    bow = rng.uniform(-0.3, 0.3) * damage.curl[1]
    view = _View(page, rotation, fold, bow, 1.0, (0.0, 0.0))
    edge = np.array([(0, 0), (1, 0), (1, 1), (0, 1), (0.5, 0), (0.5, 1), (0, 0.5), (1, 0.5)])
    places = view(edge * np.array(page))
    low, high = places.min(axis=0), places.max(axis=0)
    if damage.pixels[1] == 0:
        zoom, room = 150 / 25.4 * _DISTANCE, 1.0
        size = np.array(page if abs(np.cos(turn)) > 0.7 else page[::-1]) * 150 / 25.4
    else:
        long = np.sqrt(rng.uniform(*damage.pixels) * 1e6 * 4 / 3)
        size = (
            np.array([long, long * 0.75])
            if np.diff(high - low) < 0
            else long * np.array([0.75, 1.0])
        )
        room = rng.uniform(0.85, 0.97)
        zoom = room * float((size / (high - low)).min())
    # The page is not quite in the middle.
    free = np.maximum(size - zoom * (high - low), 0)
    corner = free * (0.5 if room == 1.0 else rng.uniform(0.3, 0.7, 2))
    centre = corner - zoom * low if room < 1 else size / 2 - zoom * (low + high) / 2
    seen = replace(view, zoom=zoom, centre=(float(centre[0]), float(centre[1])))
    return seen, (round(float(size[0])), round(float(size[1])))


def _turned(angle: float) -> Array:
    cos, sin = np.cos(angle), np.sin(angle)
    return np.array([[cos, -sin, 0], [sin, cos, 0], [0, 0, 1]])


def _tilted(angle: float, towards: float) -> Array:
    """Return the rotation by an angle about an axis that lies in the page."""
    cos, sin = np.cos(angle), np.sin(angle)
    tilt = np.array([[1, 0, 0], [0, cos, -sin], [0, sin, cos]])
    rotation: Array = _turned(towards) @ tilt @ _turned(-towards)
    return rotation


def _project(
    picture: Array, scale: float, view: _View, size: tuple[int, int], *, scan: bool, rng: Rng
) -> Image.Image:
    """Return the picture of a page on a table, or on a scanner's white lid."""
    width, height = size
    columns = np.append(np.arange(0, width, _MESH), width)
    rows = np.append(np.arange(0, height, _MESH), height)
    nodes = np.stack(np.meshgrid(columns, rows), axis=-1).reshape(-1, 2).astype(float)
    places = (_find(view, nodes) * scale).reshape(len(rows), len(columns), 2)
    mesh = [
        (
            (int(columns[x]), int(rows[y]), int(columns[x + 1]), int(rows[y + 1])),
            tuple(
                float(length)
                for corner in ((y, x), (y + 1, x), (y + 1, x + 1), (y, x + 1))
                for length in places[corner]
            ),
        )
        for y in range(len(rows) - 1)
        for x in range(len(columns) - 1)
    ]
    page = Image.fromarray(picture)
    bilinear = Image.Resampling.BILINEAR
    flat = page.transform(size, Image.Transform.MESH, mesh, bilinear)
    inside = Image.new("L", size)
    ImageDraw.Draw(inside).polygon([tuple(place) for place in view(_outline(view.size))], fill=255)
    return Image.composite(flat, _table(size, scan, rng), inside)


def _outline(size: tuple[float, float]) -> Array:
    """Return points along the edges of a page, a hair inside."""
    along = np.linspace(0.001, 0.999, 60)
    low, high = np.full_like(along, along[0]), np.full_like(along, along[-1])
    sides = [(along, low), (high, along), (along[::-1], high), (low, along[::-1])]
    points: Array = np.concatenate([np.column_stack(side) for side in sides]) * size
    return points


def _find(view: _View, seen: Array) -> Array:
    """Return the points of a page, (N, 2), that are seen at pixels, by Newton's method."""
    points = np.broadcast_to(np.array(view.size) / 2, seen.shape).copy()
    for _ in range(_NEWTON):
        now = view(points)
        slopes = np.stack([(view(points + step) - now) / 0.1 for step in 0.1 * np.eye(2)], axis=2)
        miss = seen - now
        determinant = slopes[:, 0, 0] * slopes[:, 1, 1] - slopes[:, 0, 1] * slopes[:, 1, 0]
        safe = np.where(np.abs(determinant) < 1e-6, 1e-6, determinant)
        step = np.stack(
            [
                slopes[:, 1, 1] * miss[:, 0] - slopes[:, 0, 1] * miss[:, 1],
                slopes[:, 0, 0] * miss[:, 1] - slopes[:, 1, 0] * miss[:, 0],
            ],
            axis=1,
        )
        points += np.clip(step / safe[:, None], -80, 80)
    # Where no point of the page is seen, none is near.
    far = np.abs(view(points) - seen).max(axis=1) > 2
    points[far] = -1e4
    return points


def _table(size: tuple[int, int], scan: bool, rng: Rng) -> Image.Image:
    if scan:
        level = int(rng.integers(235, 256))
        return Image.new("RGB", size, (level, level, level))
    shape = _coarse(size)
    colour = np.array(_TABLES[int(rng.integers(len(_TABLES)))], np.float32)
    tone = 0.85 + 0.3 * cloud(shape, 6, rng) + 0.08 * grain(shape, 0, rng)
    return _enlarged(colour * tone[..., None], size)


def _coarse(size: tuple[int, int]) -> tuple[int, int]:
    """Return height and width of a picture that is enlarged to a size."""
    return size[1] // _COARSE, size[0] // _COARSE


def _enlarged(levels: Array, size: tuple[int, int]) -> Image.Image:
    return Image.fromarray(as_levels(levels)).resize(size, Image.Resampling.BILINEAR)


def _noise(size: tuple[int, int], rng: Rng) -> Image.Image:
    """Return a sensor's noise, around the middle grey."""
    spread = rng.uniform(0.5, 3.0)
    tile = _MIDDLE + spread * rng.standard_normal((_TILE, _TILE), np.float32)
    repeats = (-(-size[1] // _TILE), -(-size[0] // _TILE))
    tiled = np.tile(as_levels(tile), repeats)[: size[1], : size[0]]
    noise = Image.fromarray(tiled)
    return Image.merge("RGB", (noise, noise, noise))


def _with_thumb(taken: Image.Image, view: _View, rng: Rng) -> Image.Image:
    """Hold the page with a thumb, which hides one of its corners."""
    corner = np.array([(0, 0), (1, 0), (1, 1), (0, 1)])[int(rng.integers(4))] * view.size
    inwards = np.array(view.size) / 2 - corner
    inwards /= np.hypot(*inwards)
    tip = corner + inwards * rng.uniform(20, 30)
    root = corner - inwards * 60
    ends = view(np.stack([root, tip]))
    width = float(np.hypot(*(view(np.stack([tip, tip + np.array([0.0, 1.0])]))[1] - ends[1]))) * 20
    hand = Image.new("L", taken.size)
    draw = ImageDraw.Draw(hand)
    draw.line([tuple(end) for end in ends], fill=255, width=round(width))
    draw.ellipse([*(ends[1] - width / 2), *(ends[1] + width / 2)], fill=255)
    skin = np.array([(225, 175, 150), (150, 100, 75), (95, 62, 45)][int(rng.integers(3))])
    return Image.composite(
        Image.new("RGB", taken.size, tuple(int(level) for level in skin)),
        taken,
        hand.filter(ImageFilter.BoxBlur(3)),
    )


def _light(size: tuple[int, int], damage: Damage, rng: Rng) -> Image.Image:
    """Return the light on each pixel, 255 where there is all of it."""
    shape = _coarse(size)
    if damage.pixels[1] == 0:
        light: Array = np.full(shape, rng.uniform(0.94, 1.0))
    else:
        fall = rng.uniform(0, 0.25) * slope(shape, rng.uniform(0, 2 * np.pi))
        light = rng.uniform(0.75, 1.0) - fall
    taken = rng.uniform(*damage.shadow)
    if taken > 0:
        edge = slope(shape, rng.uniform(0, 2 * np.pi)) + 0.08 * cloud(shape, 3, rng)
        # The edge of a shadow is a few millimetres wide.
        dark = np.clip((edge - rng.uniform(0.35, 0.65)) * rng.uniform(50, 200), 0, 1)
        light = light * (1 - taken * dark)
    grey = _enlarged(255 * light, size)
    return Image.merge("RGB", (grey, grey, grey))
