"""A closer look: where digits are small on a page, its network is asked of parts of it again.

A whole page is brought to the size of the network's input. There the digits of a form are but a few
points tall, and run into the lines beside them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from cnn.models.network import Network
from cnn.vision.components import find_components
from cnn.vision.page_map import PageMap, enlarge, map_page

__all__ = ["choose_parts", "map_closely"]

Array = npt.NDArray[Any]
Part = tuple[int, int, int, int]

_CLEAR = 0.4  # probability from which on a point is taken for a digit's ink
_SPECK = 3  # points: smaller pieces of ink say nothing of how tall digits are
_TALL = 22.0  # points: so tall should digits be in a map
_MOST = 4  # parts
_WIDTH = 4.0  # heights of a digit: least side of a part
_MARGIN, _OVERLAP, _SEAM = 1.0, 1.5, 0.5  # the same: around all digits, of two parts, of edges
_LEAST, _FINEST = 1.25, 4.0  # how many times as fine as the page's map: less is not worth it
_STRIP = 4.0  # longer by shorter side: in a strip, digits may be too small to be seen at all
_FAINT = 1e-4


def map_closely(network: Network, picture: Image.Image) -> PageMap:
    """Ask a network what each point of a picture is, and again of parts of it if digits are small.

    Of a part, the map has the geometric mean of both answers: only the whole shows the sides of a
    large box, or where a page ends. A long strip in which no digit is seen is looked at again, too.

    Parameters are those of `map_page`.
    """
    page = map_page(network, picture)
    height, width = page.digit.shape
    tall, parts = choose_parts(page.digit)
    side = max((max(right - left, bottom - top) for left, top, right, bottom in parts), default=1)
    finer = min(_FINEST, max(height, width) / side)
    if not parts or finer < _LEAST:
        return page
    coarse = _resize(page.points, round(width * finer), round(height * finer))
    seen, trust = np.zeros_like(coarse), np.zeros(coarse.shape[1:], np.float32)
    across, down = picture.width / width, picture.height / height
    for left, top, right, bottom in parts:
        x, y = round(left * across), round(top * down)
        crop = x, y, max(x + 1, round(right * across)), max(y + 1, round(bottom * down))
        columns = slice(round(left * finer), round(right * finer))
        rows = slice(round(top * finer), round(bottom * finer))
        answer = map_page(network, picture.crop(crop)).points
        answer = _resize(answer, columns.stop - columns.start, rows.stop - rows.start)
        # At the edges of a part its network does not see what is beyond.
        counts = np.minimum(_from_edges(answer.shape[1:]) / (_SEAM * tall * finer), 1)
        seen[:, rows, columns] += counts * answer
        trust[rows, columns] += counts
    fine = np.log(seen / np.maximum(trust, _FAINT) + _FAINT)
    # A map that sees no digit at all says nothing.
    share = np.minimum(trust, 1) / (2 if (page.digit > _CLEAR).any() else 1)
    both = np.exp((1 - share) * np.log(coarse + _FAINT) + share * fine)
    return PageMap(*(both / both.sum(axis=0)))


def choose_parts(digit: Array) -> tuple[float, list[Part]]:
    """Choose the parts of a page in which digits are as tall as they should be, as far as possible.

    Parameters
    ----------
    digit : ndarray of float, (H, W)
        Probability of digits' ink, of the whole page.

    Returns
    -------
    tall : float
        Height of a digit, the median; 0 if there is none.
    parts : list of (int, int, int, int)
        Left, top, right and bottom of squares that overlap, or of what is narrower than one; only
        such as have a digit's ink. If there is none at all, those of a strip, or none.
    """
    height, width = digit.shape
    mask = digit > _CLEAR
    left, top, right, bottom = find_components(mask).boxes.T
    is_ink = np.maximum(right - left, bottom - top) >= _SPECK
    if is_ink.any():
        tall = float(np.median((bottom - top)[is_ink]))
        margin = _MARGIN * tall
        columns = max(0, left[is_ink].min() - margin), min(width, right[is_ink].max() + margin)
        rows = max(0, top[is_ink].min() - margin), min(height, bottom[is_ink].max() + margin)
    elif max(width, height) >= _STRIP * min(width, height):
        tall, columns, rows = min(width, height) / 2, (0.0, float(width)), (0.0, float(height))
    else:
        return 0.0, []
    side = tall * max(_WIDTH, max(height, width) / _TALL)
    while (count := _count(columns, side, tall) * _count(rows, side, tall)) > _MOST:
        side *= (count / _MOST) ** 0.25
    parts = [
        (across[0], down[0], across[1], down[1])
        for across in _divide(columns, side, tall)
        for down in _divide(rows, side, tall)
    ]
    if is_ink.any():
        parts = [part for part in parts if mask[part[1] : part[3], part[0] : part[2]].any()]
    return tall, parts


def _count(span: tuple[float, float], side: float, tall: float) -> int:
    """Return how many parts cover a span."""
    length, overlap = span[1] - span[0], _OVERLAP * tall
    return 1 if length <= side else int(np.ceil((length - overlap) / (side - overlap)))


def _divide(span: tuple[float, float], side: float, tall: float) -> list[tuple[int, int]]:
    """Return beginning and end of the parts that cover a span."""
    begins = np.linspace(span[0], max(span[0], span[1] - side), _count(span, side, tall))
    return [(int(begin), int(np.ceil(min(span[1], begin + side)))) for begin in begins]


def _resize(points: Array, width: int, height: int) -> Array:
    """Return a map's probabilities (4, H, W) at another size."""
    return np.stack([enlarge(one, (width, height)) for one in points])


def _from_edges(shape: tuple[int, ...]) -> Array:
    """Return how far each point is from the nearest edge, 1 at it, float32 (H, W)."""
    down, across = (np.minimum(np.arange(n) + 1, n - np.arange(n)) for n in shape)
    return np.minimum(down[:, None], across).astype(np.float32)
