"""Which of the digits that a network sees are given as the answer, and what is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from cnn.models.model import Model, Rejector
from cnn.reading.rejector import likeness_of
from cnn.reading.results import Answers, LeftOut, ReadDigit, Reading
from cnn.vision.dots import is_dot
from cnn.vision.normalise import Refusal, RefusalReason
from cnn.vision.rings import is_face
from cnn.vision.row_reading import InRow, read_rows

__all__ = ["LEAST_CONFIDENCE", "judge_all"]

#: Below this confidence an answer is refused.
LEAST_CONFIDENCE = 0.5

# Beside others, what the rejector refuses is kept from this confidence on.
_ODD_HAND = 0.8

# Three or more that are cut from one must all be so far above the threshold: an m is 177, too.
_MANY_CUT, _CLEARLY = 3, 3.0

# From this probability of a digit on, the row network's word counts as much as the rejector's; from
# the other on, what the rejector is not clear about is no digit beside others.
_IN_ROW, _OTHER_IN_ROW = 0.9, 0.6
_UNCLEAR = 5.0  # above the threshold

_UNFINISHED = Refusal("runs_together", "rest_runs_together")

# Of the tallest digit's height: a dot below it is a full stop, one above may be a filled zero.
_FULL_STOP = 0.5
_FILLED = 0.5  # of its box: a disc fills 0.79


def judge_all(model: Model, found: Sequence[Answers | Refusal]) -> list[Reading]:
    """Drop dots and digits of low confidence; refuse the pictures where none or hardly any remain.

    The rejector is asked once for all of them.
    """
    return [
        Reading((), one, None) if isinstance(one, Refusal) else _judge(one, model.rejector)
        for one in _ask_row(model, _compare(model.rejector, found))
    ]


def _judge(answers: Answers, rejector: Rejector | None) -> Reading:
    """Judge a picture by what is written on it."""
    marked = _drop_dots(answers.digits)
    written = tuple(digit for digit, _ in marked)
    digits = tuple(one for one in written if one.confidence >= LEAST_CONFIDENCE)
    # A dot, which may be a filled zero, speaks for none of the others: two that touch are no digit.
    speaking = [one for one, dot in marked if not dot and one.confidence >= LEAST_CONFIDENCE]
    faces = [one.digit == 0 and _is_face(one) for one in speaking]
    alike = [
        not face
        and (
            rejector is None
            or one.likeness is None
            or one.likeness >= rejector.threshold
            or _is_seen_in_row(one)
        )
        for one, face in zip(speaking, faces, strict=True)
    ]
    unread = answers.unread
    seen = answers.digits if unread is None else (*answers.digits, unread)
    guess = max(seen, key=lambda answer: answer.box[2] * answer.box[3])
    if answers.digits and not written and unread is None:
        reason: RefusalReason = "dots" if all(map(_is_filled, answers.digits)) else "something_else"
        return Reading((), Refusal("not_a_digit", reason), guess)
    mostly_dots = len(alike) < len(digits) / 2 and not unread
    # Zeros that are filled in stand in a line with other digits; dots lie anywhere.
    scattered = mostly_dots and len({one.line for one in digits}) > 1
    # In a number, a digit in an odd hand is kept if the others are clear, and it is, too.
    in_pieces = rejector is not None and _is_cut_up(speaking, rejector.threshold)
    doubtful = [
        one
        for one, fine, face in zip(speaking, alike, faces, strict=True)
        if face or (not fine and one.confidence < _ODD_HAND) or _is_strange_in_row(one)
    ]
    kept = tuple(one for one in digits if not any(one is other for other in doubtful))
    if kept and alike and np.mean(alike) >= 0.5 and not scattered and not in_pieces:
        dots = [one for one in answers.digits if not any(one is other for other in written)]
        left_out = (
            *(LeftOut(one.box, "dot") for one in dots),
            *(LeftOut(one.box, "unsure") for one in written if one.confidence < LEAST_CONFIDENCE),
            *(LeftOut(one.box, "not_a_digit") for one in doubtful),
        )
        return Reading(kept, None, guess, _UNFINISHED if unread else None, left_out)
    if mostly_dots:
        return Reading((), Refusal("not_a_digit", "dots"), guess)
    refusal = Refusal("not_a_digit", "runs_together" if unread else "something_else")
    return Reading((), refusal, guess)


def _is_cut_up(digits: Sequence[ReadDigit], threshold: float) -> bool:
    """Return whether all were cut from something that rather is no number, such as a letter."""
    return (
        len(digits) >= _MANY_CUT
        and all(one.joined for one in digits)
        and any(
            one.likeness is not None
            and one.likeness < threshold + _CLEARLY
            and not _is_seen_in_row(one)
            for one in digits
        )
    )


def _is_seen_in_row(digit: ReadDigit) -> bool:
    """Return whether the row network is sure of it: a piece that was cut off is seldom clear."""
    return digit.in_row is not None and digit.in_row.digit >= _IN_ROW


def _is_strange_in_row(digit: ReadDigit) -> bool:
    """Return whether the row network is sure that it is a sign, a letter or the like."""
    return digit.in_row is not None and digit.in_row.other >= _OTHER_IN_ROW


def _drop_dots(digits: tuple[ReadDigit, ...]) -> tuple[tuple[ReadDigit, bool], ...]:
    """Return the digits without dots; all are dots if nothing else is there.

    With each goes whether it is like a dot, and kept for its height.
    """
    marked = [(digit, is_dot(digit.pixels)) for digit in digits]
    heights = [digit.box[3] for digit, dot in marked if not dot]
    if not heights:
        return ()
    least = _FULL_STOP * max(heights)
    return tuple((digit, dot) for digit, dot in marked if not dot or digit.box[3] >= least)


def _is_face(digit: ReadDigit) -> bool:
    return bool(digit.stages) and is_face(digit.stages[0].image)


def _is_filled(dot: ReadDigit) -> bool:
    """Return whether a dot is one in the picture, too, where a spiral's lines stand apart."""
    return not dot.stages or float(np.mean(dot.stages[0].image)) >= _FILLED * 255


def _compare(
    rejector: Rejector | None, found: Sequence[Answers | Refusal]
) -> list[Answers | Refusal]:
    """Give all digits that are sure enough their likeness, by one call of the rejector."""
    asked = [digit for one in _read(found) for digit in one.digits if _is_sure(digit)]
    if rejector is None or not asked:
        return list(found)
    values = likeness_of(rejector, asked)
    return _exchange(
        found,
        {
            id(digit): replace(digit, likeness=float(value))
            for digit, value in zip(asked, values, strict=True)
        },
    )


def _ask_row(model: Model, found: list[Answers | Refusal]) -> list[Answers | Refusal]:
    """Ask the row network of digits beside others that the rejector is not clear about."""
    if model.row is None or model.rejector is None:
        return found
    clear = model.rejector.threshold + _UNCLEAR
    asked = [
        digit
        for one in _read(found)
        if len(one.digits) > 1
        for digit in one.digits
        if digit.in_row is None and digit.stages
        if digit.likeness is not None and digit.likeness < clear
    ]
    rows = read_rows(model.row, [digit.stages[0].image for digit in asked])
    return _exchange(
        found,
        {
            id(digit): replace(digit, in_row=InRow.of(row.whole))
            for digit, row in zip(asked, rows, strict=True)
            if row is not None
        },
    )


def _read(found: Sequence[Answers | Refusal]) -> list[Answers]:
    return [one for one in found if isinstance(one, Answers)]


def _is_sure(digit: ReadDigit) -> bool:
    return digit.confidence >= LEAST_CONFIDENCE


def _exchange(
    found: Sequence[Answers | Refusal], new: Mapping[int, ReadDigit]
) -> list[Answers | Refusal]:
    """Put new digits in the place of those with these identities."""
    return [
        replace(one, digits=tuple(new.get(id(digit), digit) for digit in one.digits))
        if isinstance(one, Answers)
        else one
        for one in found
    ]
