"""The reader: from a picture to its digits with their confidence, or a refusal."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from cnn.models.model import Model, as_model
from cnn.models.network import Network
from cnn.reading.habits import Habits, decide_near
from cnn.reading.joining import join_strokes, sureness
from cnn.reading.judging import LEAST_CONFIDENCE, judge_all
from cnn.reading.leaving import with_left_out
from cnn.reading.results import Answers, LeftOut, ReadDigit, Reading
from cnn.reading.weighing import is_better, is_settled
from cnn.vision.framing import frame_digit
from cnn.vision.normalise import (
    Digit,
    Normalised,
    Refusal,
    Stage,
    cut_stages,
    normalise,
    normalise_guided,
)
from cnn.vision.page_map import PageMap, map_page
from cnn.vision.row_frame import OTHER
from cnn.vision.row_reading import InRow, RowReading, read_rows
from cnn.vision.split import MOST_PIECES, Piece, is_boxed, is_wide, may_be_several, split

__all__ = [
    "LEAST_CONFIDENCE",
    "Habits",
    "LeftOut",
    "ReadDigit",
    "Reading",
    "read",
    "read_all",
    "read_all_pixels",
    "read_by_map",
    "read_found",
    "read_normalised",
    "read_pixels",
]

Array = npt.NDArray[Any]

_LEAST_SIDE = 12  # pixels of a picture: in a smaller one there is no page to look at
_TINY = 1e-6
_ONE = 5e-4  # probability, by the row network, below which a component is not one thing
# Least support of parts by the row network, beside others and alone, as most single digits are.
_SUPPORTED, _SUPPORTED_ALONE = 0.5, 0.6
_BLANK = 0.06  # difference of lightest and darkest pixel below which nothing is there


def read(
    model: Model | Network,
    source: Image.Image | bytes | str | os.PathLike[str],
    *,
    habits: Habits | None = None,
) -> Reading:
    """Read the digits in a picture.

    Parameters
    ----------
    model : Model or Network
        A model for digits; a bare network that takes (N, 1, 28, 28) and ends in softmax
        is one without a rejector.
    source : PIL.Image.Image, bytes or path
        The picture, as for `cnn.vision.normalise.normalise`.
    habits : Habits, optional
        How its writer writes, as far as is known; what its digits show comes first. It decides
        between two readings that are near.

    Raises
    ------
    PictureError
        If it is no picture that can be opened.
    ValueError
        If the model is for something else.
    """
    return read_all(model, [source], habits=habits)[0]


def read_all(
    model: Model | Network,
    sources: Iterable[Image.Image | bytes | str | os.PathLike[str]],
    *,
    habits: Habits | None = None,
) -> list[Reading]:
    """Read many pictures as `read` does, with one call of the network for all digits."""
    model = _for_digits(model)
    found = [normalise(source, stages=False) for source in sources]
    return read_normalised(model, found, habits=habits)


def read_normalised(
    model: Model | Network,
    found: Sequence[Normalised],
    *,
    habits: Habits | None = None,
    beside: bool = True,
) -> list[Reading]:
    """Read normalised pictures as `read_all` does.

    Without `beside`, the digits of a picture say nothing of each other.
    """
    return [reading for reading, _ in read_found(model, found, habits=habits, beside=beside)]


def read_found(
    model: Model | Network,
    found: Sequence[Normalised],
    *,
    habits: Habits | None = None,
    beside: bool = True,
) -> list[tuple[Reading, Normalised]]:
    """Read pictures as `read_normalised` does; return with each reading what was found for it.

    Unless there is nothing but clear digits, the model's page network is asked where digits are,
    and what is found by its answer is read, too. Of the two readings that one is given which
    agrees better with the page and is surer; where only the second found digits, it must agree
    well.
    """
    model = _for_digits(model)

    def read(some: Sequence[Normalised]) -> list[Reading]:
        return _read_found(model, some, habits, beside)

    pairs = list(zip(read(found), found, strict=True))
    if model.page is not None:
        _look_again(model, model.page, pairs, read)
    return [(with_left_out(_as_seen(model, reading), one), one) for reading, one in pairs]


def _as_seen(model: Model, reading: Reading) -> Reading:
    """Give pieces of a row the network's own probabilities, where the row has not changed them."""
    joined = [one for one in reading.digits if one.joined and one.in_row and not one.because]
    if not joined:
        return reading
    own = model.predict(np.stack([one.pixels for one in joined])[:, None])
    seen = {
        id(one): replace(one, confidence=float(p.max()), probabilities=tuple(map(float, p)))
        for one, p in zip(joined, own, strict=True)
        if int(p.argmax()) == one.digit
    }
    return replace(reading, digits=tuple(seen.get(id(one), one) for one in reading.digits))


def read_by_map(model: Model, source: Image.Image | bytes | str | os.PathLike[str]) -> Reading:
    """Read the digits in a picture only where the model's page network says that they are.

    `read` weighs this against what it finds without that network; here it is measured alone.

    Parameters
    ----------
    model : Model
        A model for digits with a page network.
    source : PIL.Image.Image, bytes or path
        The picture, as for `read`.

    Raises
    ------
    PictureError
        If it is no picture that can be opened.
    ValueError
        If the model is for something else, or has no page network.
    """
    model = _for_digits(model)
    if model.page is None:
        raise ValueError(f"the model {model.name!r} has no page network")
    found = normalise(source, stages=False)
    guided = normalise_guided(found, map_page(model.page, found.picture))
    if guided is None:
        return Reading((), found.refusal or Refusal("not_a_digit", "something_else"), None)
    return _read_found(model, [guided], None, beside=True)[0]


def _look_again(
    model: Model,
    network: Network,
    pairs: list[tuple[Reading, Normalised]],
    read: Callable[[Sequence[Normalised]], list[Reading]],
) -> None:
    """Put what is read by a page map in the place of readings than which it is better."""
    maps: dict[int, PageMap] = {}
    again: dict[int, Normalised] = {}
    for place, (reading, one) in enumerate(pairs):
        if not is_settled(reading, one) and min(one.picture.size) >= _LEAST_SIDE:
            maps[place] = map_page(network, one.picture)
            guided = normalise_guided(one, maps[place])
            if guided is not None:
                again[place] = guided
    for (place, guided), reading in zip(again.items(), read(list(again.values())), strict=True):
        before, one = pairs[place]
        if is_better(reading, before, maps[place], one.size):
            pairs[place] = reading, guided


def _read_found(
    model: Model, found: Sequence[Normalised], habits: Habits | None, beside: bool
) -> list[Reading]:
    """Read what was found in pictures, with one call of the network."""
    digits = [digit for one in found for digit in one.digits]
    if not digits:
        return [Reading((), one.refusal, None) for one in found]
    answers = iter(model.predict(np.stack([digit.pixels for digit in digits])[:, None]))
    return judge_all(
        model,
        [
            one.refusal
            or _decide(
                model, _answers(model, one, list(islice(answers, len(one.digits)))), habits, beside
            )
            for one in found
        ],
    )


def read_pixels(model: Model | Network, pixels: Array, *, habits: Habits | None = None) -> Reading:
    """Read one picture that is normalised already.

    Parameters
    ----------
    model : Model or Network
        As for `read`.
    pixels : ndarray of float, (28, 28)
        White ink (1) on black (0).
    habits : Habits, optional
        As for `read`.

    Raises
    ------
    ValueError
        If the shape is another, or the model is for something else.
    """
    model = _for_digits(model)
    if pixels.shape != model.input_shape[1:]:
        raise ValueError(f"expected pixels of shape {model.input_shape[1:]}, got {pixels.shape}")
    return read_all_pixels(model, pixels[None], habits=habits)[0]


def read_all_pixels(
    model: Model | Network, pixels: Array, *, habits: Habits | None = None
) -> list[Reading]:
    """Read many pictures as `read_pixels` does, with one call of the network.

    Parameters
    ----------
    model : Model or Network
        As for `read`.
    pixels : ndarray of float, (N, 28, 28)
        White ink (1) on black (0).
    habits : Habits, optional
        As for `read`; every picture has one digit.

    Raises
    ------
    ValueError
        As `read_pixels`.
    """
    model = _for_digits(model)
    height, width = model.input_shape[1:]
    if pixels.shape[1:] != (height, width):
        raise ValueError(f"expected pixels of shape (N, {height}, {width}), got {pixels.shape}")
    if not len(pixels):
        return []
    answers: list[Answers | Refusal] = []
    predicted = model.predict(pixels[:, None].astype(np.float32))
    for one, row in zip(pixels, predicted, strict=True):
        blank = float(np.ptp(one)) < _BLANK
        read = Answers((_answer(model, row, (0, 0, width, height), 0, one),))
        answers.append(
            Refusal("blank", "blank") if blank else _decide(model, read, habits, beside=False)
        )
    return judge_all(model, answers)


def _decide(model: Model, answers: Answers, habits: Habits | None, beside: bool) -> Answers:
    """Let the writer's habits decide between readings that are near."""
    return replace(
        answers, digits=decide_near(answers.digits, model.classes, habits, beside=beside)
    )


def _answers(model: Model, found: Normalised, probabilities: list[Array]) -> Answers:
    """Return the digits of a picture, with touching ones split."""
    answers: list[ReadDigit] = []
    room = MOST_PIECES
    alone = len(found.digits) == 1
    rows = _read_rows(model, found.digits, alone)
    for place, (each, digit) in enumerate(zip(probabilities, found.digits, strict=True)):
        answer = _answer(model, each, digit.box, digit.line, digit.pixels, stages=digit.stages)
        _, _, width, height = digit.box
        several = may_be_several(width, height, answer.confidence, alone=alone)
        parts: list[ReadDigit] = []
        row, is_all = rows.get(place), True
        if row is not None:
            parts, asked, is_all = _split(model, digit, row, room)
            room -= asked
            if is_all and _support(parts) < (_SUPPORTED_ALONE if alone else _SUPPORTED):
                parts = []
        if several and is_all and len(parts) < 2:
            parts, asked, is_all = _split(model, digit, None, room)
            room -= asked
        if not is_all:
            return Answers((*answers, *parts), answer)
        answers += parts if len(parts) > 1 else [answer]
    return Answers(tuple(join_strokes(model, answers)))


def _support(parts: Sequence[ReadDigit]) -> float:
    """Return the mean probability (geometric), by the row network, of one thing at each part."""
    seen = [sum(one.in_row) for one in parts if one.in_row is not None]
    return float(np.exp(np.mean(np.log(np.maximum(seen, _TINY))))) if seen else 0.0


def _read_rows(model: Model, digits: Sequence[Digit], alone: bool) -> dict[int, RowReading]:
    """Return what the model's row network sees in wide components, where it is sure of several."""
    wide = [
        place
        for place, one in enumerate(digits)
        if is_wide(*one.box[2:], alone=alone) and not is_boxed(one.stages[0].image)
    ]
    if model.row is None or not wide:
        return {}
    rows = read_rows(model.row, [digits[place].stages[0].image for place in wide])
    return {
        place: row
        for place, row in zip(wide, rows, strict=True)
        if row is not None and row.count > 1 and sum(InRow.of(row.whole)) < _ONE
    }


def _split(
    model: Model, digit: Digit, row: RowReading | None, room: int
) -> tuple[list[ReadDigit], int, bool]:
    """Read a component that may be several touching digits, as one or as several.

    Returns also how many pieces were tried, and whether `room` was enough for all.
    """
    cut_out = digit.stages[0].image
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

    left, top, width, height = digit.box
    across, down = width / cut_out.shape[1], height / cut_out.shape[0]
    beside = [] if row is None else row.borders.tolist()
    pieces, is_all = split(cut_out, judge, most=room, beside=beside)
    read = []
    for piece in pieces:
        seen, probabilities, in_row = asked[piece.first, piece.last]
        box = (
            left + round(piece.left * across),
            top + round(piece.top * down),
            max(1, round(piece.ink.shape[1] * across)),
            max(1, round(piece.ink.shape[0] * down)),
        )
        stages, joined = cut_stages(piece.ink), len(pieces) > 1 or not is_all
        answer = _answer(model, probabilities, box, digit.line, seen, stages=stages, joined=joined)
        read.append(replace(answer, in_row=in_row))
    return read, len(asked), is_all


def _for_digits(model: Model | Network) -> Model:
    model = as_model(model)
    if model.normalisation != "digits":
        raise ValueError(
            f"the model {model.name!r} does not read digits: it takes inputs of {model.input_shape}"
        )
    return model


def _answer(
    model: Model,
    probabilities: Array,
    box: tuple[int, int, int, int],
    line: int,
    pixels: Array,
    *,
    stages: tuple[Stage, ...] = (),
    joined: bool = False,
) -> ReadDigit:
    best = int(probabilities.argmax())
    return ReadDigit(
        best,
        model.classes[best],
        float(probabilities[best]),
        tuple(float(p) for p in probabilities),
        box,
        line,
        pixels,
        stages,
        joined,
    )
