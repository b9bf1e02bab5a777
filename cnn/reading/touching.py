"""Reading of digits that touch: what hangs together as one digit, or as several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from cnn.models.model import Model
from cnn.reading.joining import sureness
from cnn.reading.results import ReadDigit, Reading, answer_of
from cnn.vision.crosses import is_cross
from cnn.vision.framing import frame_digit
from cnn.vision.normalise import Digit, cut_stages
from cnn.vision.row_frame import OTHER
from cnn.vision.row_reading import InRow, RowReading, read_rows
from cnn.vision.split import Piece, is_boxed, is_wide, may_be_several, split

__all__ = ["as_seen", "read_wide", "take_apart"]

Array = npt.NDArray[Any]

_ONE = 5e-4  # probability, by the row network, below which a component is not one thing
# Least support of parts by the row network, beside others and alone, as most single digits are.
_SUPPORTED, _SUPPORTED_ALONE = 0.5, 0.6
_TINY = 1e-6


def read_wide(model: Model, digits: Sequence[Digit]) -> list[RowReading | None]:
    """Ask the model's row network what wide components of a picture show.

    Returns
    -------
    list of RowReading or None
        For each component; None if it is not wide, or the network is not sure of several things.
    """
    alone = len(digits) == 1
    wide = [
        place
        for place, one in enumerate(digits)
        if is_wide(*one.box[2:], alone=alone) and not is_boxed(one.stages[0].image)
    ]
    rows: list[RowReading | None] = [None] * len(digits)
    if model.row is None or not wide:
        return rows
    seen = read_rows(model.row, [digits[place].stages[0].image for place in wide])
    for place, row in zip(wide, seen, strict=True):
        if row is not None and row.count > 1 and sum(InRow.of(row.whole)) < _ONE:
            rows[place] = row
    return rows


def take_apart(
    model: Model, whole: ReadDigit, row: RowReading | None, *, alone: bool, room: int
) -> tuple[list[ReadDigit], int, bool]:
    """Read a component as one digit or, if that is likelier, as several that touch.

    A plus or times sign beside digits is one thing.

    Parameters
    ----------
    model : Model
        A model for digits.
    whole : ReadDigit
        The component as one digit.
    row : RowReading or None
        As `read_wide` gives it. Where its network does not see the pieces that are likeliest with
        it, the component is taken apart without it.
    alone : bool
        Whether there is nothing else in the picture.
    room : int
        Most pieces to try.

    Returns
    -------
    parts : list of ReadDigit
        `whole` alone, or its pieces from the left.
    asked : int
        How many pieces were tried.
    is_all : bool
        Whether `room` was enough; if not, `parts` are the digits at the left.
    """
    if not alone and is_cross(whole.stages[0].image):
        return [whole], 0, True
    _, _, width, height = whole.box
    parts: list[ReadDigit] = []
    asked, is_all = 0, True
    if row is not None:
        parts, asked, is_all = _split(model, whole, row, room)
        if is_all and _support(parts) < (_SUPPORTED_ALONE if alone else _SUPPORTED):
            parts = []
    several = may_be_several(width, height, whole.confidence, alone=alone)
    if several and is_all and len(parts) < 2:
        parts, more, is_all = _split(model, whole, None, room - asked)
        asked += more
    return (parts if len(parts) > 1 or not is_all else [whole]), asked, is_all


def as_seen(model: Model, reading: Reading) -> Reading:
    """Give pieces of a row the network's own probabilities, where the row has not changed them."""
    joined = [one for one in reading.digits if one.joined and one.in_row and not one.because]
    if not joined:
        return reading
    own = model.predict(np.stack([one.pixels for one in joined])[:, None])
    seen = {
        id(one): replace(one, **answer_of(probabilities, model.classes))
        for one, probabilities in zip(joined, own, strict=True)
        if int(probabilities.argmax()) == one.digit
    }
    return replace(reading, digits=tuple(seen.get(id(one), one) for one in reading.digits))


def _support(parts: Sequence[ReadDigit]) -> float:
    """Return the mean probability (geometric), by the row network, of one thing at each part."""
    seen = [sum(one.in_row) for one in parts if one.in_row is not None]
    return float(np.exp(np.mean(np.log(np.maximum(seen, _TINY))))) if seen else 0.0


def _split(
    model: Model, whole: ReadDigit, row: RowReading | None, room: int
) -> tuple[list[ReadDigit], int, bool]:
    """Return the likeliest pieces, how many were tried, and whether `room` was enough for all."""
    cut_out = whole.stages[0].image
    asked: dict[tuple[int, int], tuple[Array, Array, InRow | None]] = {}

    def judge(pieces: list[Piece]) -> Array:
        pixels = [frame_digit(piece.ink / np.float32(255))[1] for piece in pieces]
        said = [row.one_between(one.start, one.stop) for one in pieces] if row is not None else []
        digits = np.stack(said)[:, :OTHER] if said else None
        sure, answers = sureness(model, np.stack(pixels), digits)
        for number, piece in enumerate(pieces):
            in_row = InRow.of(said[number]) if said else None
            asked[piece.first, piece.last] = (pixels[number], answers[number], in_row)
        return sure

    left, top, width, height = whole.box
    across, down = width / cut_out.shape[1], height / cut_out.shape[0]
    beside = [] if row is None else row.borders.tolist()
    pieces, is_all = split(cut_out, judge, most=room, beside=beside)
    read = []
    for piece in pieces:
        pixels, probabilities, in_row = asked[piece.first, piece.last]
        box = (
            left + round(piece.left * across),
            top + round(piece.top * down),
            max(1, round(piece.ink.shape[1] * across)),
            max(1, round(piece.ink.shape[0] * down)),
        )
        read.append(
            ReadDigit(
                **answer_of(probabilities, model.classes),
                box=box,
                line=whole.line,
                pixels=pixels,
                stages=cut_stages(piece.ink),
                joined=len(pieces) > 1 or not is_all,
                in_row=in_row,
            )
        )
    return read, len(asked), is_all
