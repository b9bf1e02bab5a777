"""Joining the strokes of one digit that stand beside one another, as of a 4 with a gap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from cnn.models.model import Model
from cnn.reading.results import ReadDigit, answer_of
from cnn.vision.framing import frame_digit
from cnn.vision.normalise import cut_stages

__all__ = ["join_strokes", "sureness"]

Array = npt.NDArray[Any]
Box = tuple[int, int, int, int]

# Weight of the rejector beside the network in judging a piece, and the least that it counts.
_ALIKE, _ALIKE_IN_ROW, _LEAST_ALIKE = 1.0, 0.5, 1e-4
# Weight of the row network, and the least probability of a digit that counts beside it.
_IN_ROW, _LEAST = 1.0, 1e-4
# How doubtful two must be, and how much surer one of both: logarithms of a factor of probability.
_MARGIN = 1.0

_GAP = 0.25  # of the height: widest gap within a digit
_WIDEST = 0.95  # of the height: widest digit that two are joined to
_LOWEST = 0.4  # of the height of both: the lower of them


def sureness(model: Model, pixels: Array, in_row: Array | None = None) -> tuple[Array, Array]:
    """Return how sure it is that pieces are digits.

    Parameters
    ----------
    model : Model
        A model for digits.
    pixels : ndarray of float32, (N, 28, 28)
        The pieces, as inputs of the network.
    in_row : ndarray of float, (N, 10), optional
        Logarithms of the probabilities of what the row network sees at their places.

    Returns
    -------
    sure : ndarray of float, (N,)
        Logarithms of the network's confidence and of the rejector's probability, added.
    probabilities : ndarray of float, (N, 10)
        The network's answers; with those for the row, the product of both.
    """
    batch = pixels[:, None]
    answers = model.predict(batch)
    alike: Array = np.ones(len(batch), np.float32)
    weight = _ALIKE
    if model.rejector is not None:
        alike = model.rejector.network.predict(batch)[:, 0]
    if in_row is not None:
        both = np.log(np.maximum(answers, _LEAST)) + _IN_ROW * in_row
        best = both.max(axis=1)
        answers = np.exp(both - best[:, None])
        answers /= answers.sum(axis=1, keepdims=True)
        weight = _ALIKE_IN_ROW
    else:
        best = np.log(answers.max(axis=1))
    return best + weight * np.log(np.maximum(alike, _LEAST_ALIKE)), answers


def join_strokes(model: Model, digits: Sequence[ReadDigit]) -> list[ReadDigit]:
    """Join neighbours of which one is doubtful alone, and which are a digit together.

    Parameters
    ----------
    model : Model
        A model for digits; without a rejector, nothing is joined.
    digits : sequence of ReadDigit
        Of one picture, in reading order.
    """
    joined = list(digits)
    place = 0
    while model.rejector is not None and place + 1 < len(joined):
        both = _join(model, joined[place], joined[place + 1])
        if both is not None:
            joined[place : place + 2] = [both]
        place += 1
    return joined


def _join(model: Model, left: ReadDigit, right: ReadDigit) -> ReadDigit | None:
    """Return what two neighbours are together, if that is surer than both alone.

    Of two that were cut from one, that was decided when they were cut.
    """
    if left.line != right.line or not _near(left.box, right.box) or (left.joined and right.joined):
        return None
    apart, _ = sureness(model, np.stack([left.pixels, right.pixels]))
    if apart.sum() > -_MARGIN:
        return None
    ink, box = _lay(left, right)
    pixels = frame_digit(ink / np.float32(255))[1]
    together, (probabilities,) = sureness(model, pixels[None])
    if together[0] < apart.sum() + _MARGIN:
        return None
    return replace(
        left,
        **answer_of(probabilities, model.classes),
        box=box,
        pixels=pixels,
        stages=cut_stages(ink),
        joined=False,
    )


def _union(a: Box, b: Box) -> Box:
    left, top = min(a[0], b[0]), min(a[1], b[1])
    right, bottom = max(a[0] + a[2], b[0] + b[2]), max(a[1] + a[3], b[1] + b[3])
    return left, top, right - left, bottom - top


def _near(a: Box, b: Box) -> bool:
    """Say whether two boxes may be one digit's: no wider than one, and none much lower."""
    _, _, width, height = _union(a, b)
    gap = b[0] - (a[0] + a[2])
    return (
        width <= _WIDEST * height and gap <= _GAP * height and min(a[3], b[3]) >= _LOWEST * height
    )


def _lay(left: ReadDigit, right: ReadDigit) -> tuple[Array, Box]:
    """Lay two digits' ink on one page, uint8, as they stand in the picture; return its box."""
    box = _union(left.box, right.box)
    inks = [one.stages[0].image for one in (left, right)]
    scale = left.box[2] / inks[0].shape[1]
    corners = [
        (round((one.box[1] - box[1]) / scale), round((one.box[0] - box[0]) / scale))
        for one in (left, right)
    ]
    shape = [
        max(corner[axis] + ink.shape[axis] for corner, ink in zip(corners, inks, strict=True))
        for axis in (0, 1)
    ]
    page = np.zeros(shape, np.uint8)
    for (row, column), ink in zip(corners, inks, strict=True):
        part = page[row : row + ink.shape[0], column : column + ink.shape[1]]
        np.maximum(part, ink, out=part)
    return page, box
