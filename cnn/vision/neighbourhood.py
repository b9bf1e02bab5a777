"""The frame in which a piece of ink is shown together with what stands beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image

__all__ = ["FRAME_SHAPE", "Piece", "frame_beside", "height_beside"]

Array = npt.NDArray[Any]

#: The ink of the piece in the middle, and that of all others; rows and columns.
FRAME_SHAPE = (2, 32, 64)

_HEIGHT = 20.0  # rows of the frame that the digits beside it are tall
_NEAREST, _WIDE = 4, 0.35  # pieces that it is compared with: the nearest that are no mere strokes
_MOST_PIXELS = 40_000  # of a piece that is scaled to be shown: larger ones are no digits


class Piece(NamedTuple):
    """A piece of ink: (H, W) of uint8, and left, top, width and height of where it lies."""

    ink: Array
    box: tuple[int, int, int, int]


def height_beside(box: tuple[int, int, int, int], others: Sequence[Piece]) -> float:
    """Return the median height of the four nearest pieces that are wide; its own, if none is."""
    x, y = _middle(box)
    wide = [other.box for other in others if other.box[2] >= _WIDE * other.box[3]]
    wide.sort(key=lambda one: abs(_middle(one)[0] - x) + abs(_middle(one)[1] - y))
    return float(np.median([one[3] for one in wide[:_NEAREST]])) if wide else float(box[3])


def frame_beside(piece: Piece, others: Sequence[Piece], *, stretch: float = 1.0) -> Array:
    """Show a piece in the middle of those beside it, all as large as these are usual.

    Parameters
    ----------
    piece : Piece
        What is looked at.
    others : sequence of Piece
        What else there is, as far as it may be a digit.
    stretch : float
        How much larger it is shown: frames to learn from vary.

    Returns
    -------
    ndarray of uint8, (2, 32, 64)
        The ink of the piece, and that of the others, 255 where it is darkest.
    """
    scale = _HEIGHT * stretch / height_beside(piece.box, others)
    frame = np.zeros(FRAME_SHAPE, np.uint8)
    middle = _middle(piece.box)
    _show(frame[0], piece, middle, scale)
    for other in others:
        _show(frame[1], other, middle, scale)
    return frame


def _middle(box: tuple[int, int, int, int]) -> tuple[float, float]:
    left, top, width, height = box
    return left + width / 2, top + height / 2


def _show(plane: Array, piece: Piece, middle: tuple[float, float], scale: float) -> None:
    """Draw what of a piece lies in the frame whose middle is there."""
    tall, wide = plane.shape
    left, top, width, height = piece.box
    x, y = (left - middle[0]) * scale + wide / 2, (top - middle[1]) * scale + tall / 2
    first, last = round(x), round(x + width * scale)
    start, stop = round(y), round(y + height * scale)
    last, stop = max(last, first + 1), max(stop, start + 1)
    size = (last - first, stop - start)
    if last <= 0 or first >= wide or stop <= 0 or start >= tall or size[0] * size[1] > _MOST_PIXELS:
        return
    filter_ = Image.Resampling.BOX if scale < 1 else Image.Resampling.BILINEAR
    shown = np.asarray(Image.fromarray(piece.ink).resize(size, filter_))
    shown = shown[max(-start, 0) : tall - start, max(-first, 0) : wide - first]
    part = plane[max(start, 0) : stop, max(first, 0) : last]
    peak = float(shown.max(initial=1))
    np.maximum(part, np.rint(shown * (255 / peak)).astype(np.uint8), out=part)
