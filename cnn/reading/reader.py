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
from cnn.reading.context import see_beside, with_context
from cnn.reading.habits import Habits, decide_near
from cnn.reading.joining import join_strokes
from cnn.reading.judging import LEAST_CONFIDENCE, judge_all
from cnn.reading.leaving import with_left_out
from cnn.reading.results import Answers, LeftOut, ReadDigit, Reading, answer_of
from cnn.reading.sifting import DOUBTED_SLASH, lone_slashes, sift
from cnn.reading.touching import as_seen, read_wide, take_apart
from cnn.reading.weighing import is_better, is_clear, is_settled
from cnn.vision.closer_look import map_closely
from cnn.vision.normalise import Normalised, Refusal, normalise, normalise_guided
from cnn.vision.page_map import PageMap
from cnn.vision.part import cut_out_page, move
from cnn.vision.split import MOST_PIECES

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
# Log-odds of a 1 among others that is none: the map is asked even if all is clear.
_STRANGE = -1.0
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

    Unless all that was read is certain, the model's page network is asked where digits are. What
    speaks against a digit by its answer is left out, and unless there is nothing but clear digits,
    what is found by it is read, too. Of the two readings that one is given which
    agrees better with the page and is surer; where only the second found digits, it must agree
    well. Where something lies round a page, the page alone is read in the same way, too.
    """
    model = _for_digits(model)

    def read(some: Sequence[Normalised]) -> list[Reading]:
        return _read_found(model, some, habits, beside)

    pairs = list(zip(read(found), found, strict=True))
    if model.page is not None:
        maps = _look_again(model, model.page, pairs, read)
        for place, page in maps.items():
            pairs[place] = _read_page(model, model.page, pairs[place], found[place], page, read)
    return [(with_left_out(as_seen(model, reading), one), one) for reading, one in pairs]


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
    guided = normalise_guided(found, map_closely(model.page, found.picture))
    if guided is None:
        return Reading((), found.refusal or Refusal("not_a_digit", "something_else"), None)
    return _read_found(model, [guided], None, beside=True)[0]


def _look_again(
    model: Model,
    network: Network,
    pairs: list[tuple[Reading, Normalised]],
    read: Callable[[Sequence[Normalised]], list[Reading]],
) -> dict[int, PageMap]:
    """Put what is read by a page map in the place of readings than which it is better.

    Return the maps, by the places of the pictures of which they were made.
    """
    maps: dict[int, PageMap] = {}
    again: dict[int, Normalised] = {}
    for place, (reading, one) in enumerate(pairs):
        if min(one.picture.size) >= _LEAST_SIDE and not _is_certain(model, reading, one):
            maps[place] = map_closely(network, one.picture)
            clear = is_clear(reading, one)
            reading = _in_context(model, reading)
            pairs[place] = sift(reading, maps[place], one.size, clear=clear), one
            guided = None if clear else normalise_guided(one, maps[place])
            if guided is not None:
                again[place] = guided
    for (place, guided), reading in zip(again.items(), read(list(again.values())), strict=True):
        before, one = pairs[place]
        reading = sift(_in_context(model, reading), maps[place], one.size)
        if is_better(reading, before, maps[place], one.size):
            pairs[place] = reading, guided
    return maps


def _read_page(
    model: Model,
    network: Network,
    pair: tuple[Reading, Normalised],
    found: Normalised,
    page: PageMap,
    read: Callable[[Sequence[Normalised]], list[Reading]],
) -> tuple[Reading, Normalised]:
    """Return a reading and what was found for it, or those of the page alone if they are better."""
    part = cut_out_page(found, page)
    reading, one = pair
    if part is None or not all(part.holds(digit.box) for digit in reading.digits):
        return pair
    pairs = [(read([part.found])[0], part.found)]
    maps = _look_again(model, network, pairs, read)
    (new, seen), (x, y) = pairs[0], part.offset
    if not new.digits or len(new.digits) < len(reading.digits):
        return pair
    if _strange(new) > _strange(reading):
        return pair
    if maps and not is_better(new, _moved(reading, (-x, -y)), maps[0], part.found.size):
        return pair
    return _moved(new, part.offset), part.in_whole(seen, one.size)


def _strange(reading: Reading) -> int:
    """Return how many digits are none to the network that sees them among the others."""
    seen = [one.in_context for one in reading.digits if one.in_context is not None]
    return sum(odds < _STRANGE for odds in seen)


def _moved(reading: Reading, offset: tuple[int, int]) -> Reading:
    """Return a reading with its boxes moved."""
    moved = {id(one): replace(one, box=move(one.box, offset)) for one in reading.digits}
    guess = reading.guess
    return replace(
        reading,
        digits=tuple(moved.values()),
        guess=guess and moved.get(id(guess), replace(guess, box=move(guess.box, offset))),
        left_out=tuple(replace(one, box=move(one.box, offset)) for one in reading.left_out),
    )


def _is_certain(model: Model, reading: Reading, found: Normalised) -> bool:
    """Return whether no page map is needed: slashes and brackets look like a clear 1."""
    if not is_settled(reading, found):
        return False
    if model.context is None or reading.unfinished is not None:
        return True
    ones = [place for place, one in enumerate(reading.digits) if one.digit == 1]
    seen = see_beside(model.context, reading.digits, ones)
    slashes = lone_slashes(reading.digits)
    return all(
        odds >= (DOUBTED_SLASH if place in slashes else _STRANGE) for place, odds in seen.items()
    )


def _in_context(model: Model, reading: Reading) -> Reading:
    return reading if model.context is None else with_context(model.context, reading)


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
        whole = (0, 0, width, height)
        read = Answers((ReadDigit(**answer_of(row, model.classes), box=whole, line=0, pixels=one),))
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
    rows = read_wide(model, found.digits)
    for each, digit, row in zip(probabilities, found.digits, rows, strict=True):
        whole = ReadDigit(
            **answer_of(each, model.classes),
            box=digit.box,
            line=digit.line,
            pixels=digit.pixels,
            stages=digit.stages,
        )
        parts, asked, is_all = take_apart(model, whole, row, alone=alone, room=room)
        answers += parts
        if not is_all:
            return Answers(tuple(answers), whole)
        room -= asked
    return Answers(tuple(join_strokes(model, answers)))


def _for_digits(model: Model | Network) -> Model:
    model = as_model(model)
    if model.normalisation != "digits":
        raise ValueError(
            f"the model {model.name!r} does not read digits: it takes inputs of {model.input_shape}"
        )
    return model
