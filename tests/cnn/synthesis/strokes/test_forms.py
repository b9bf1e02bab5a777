"""The allographs: all that the world writes are there, each is drawn, and each can be read."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

import cnn
from cnn.synthesis.strokes import (
    ALLOGRAPHS,
    Allograph,
    Hand,
    as_mnist,
    find_allograph,
    forms_of,
    trace_digit,
)

NAMES = [allograph.name for allograph in ALLOGRAPHS]
COPYBOOK = Hand(tuple(forms_of(digit)[0] for digit in range(10)), seed=0)


def drawn(allograph: Allograph) -> np.ndarray:
    return as_mnist(trace_digit(allograph, COPYBOOK, np.random.default_rng(0)))


def test_every_digit_has_several_forms_of_different_names() -> None:
    assert len(set(NAMES)) == len(NAMES)
    assert min(len(forms_of(digit)) for digit in range(10)) >= 5
    assert all(allograph.digit == int(allograph.name.split("-")[0]) for allograph in ALLOGRAPHS)
    assert all(allograph.where for allograph in ALLOGRAPHS)


def test_the_forms_that_tell_writers_of_the_world_apart_are_there() -> None:
    assert {
        *("1-plain", "1-flag-short", "1-flag-long", "1-upstroke", "1-base"),
        *("7-plain", "7-crossed", "7-drop"),
        *("4-open", "4-closed", "4-looped", "4-far-bar"),
        *("9-straight", "9-hooked", "9-curled", "9-angular", "9-looped"),
        *("2-plain", "2-looped", "3-round", "3-flat", "5-one-stroke", "5-two-strokes"),
        *("0-narrow", "0-round", "0-wide", "0-open", "0-slashed", "0-lying"),
        *("6-narrow", "6-round", "6-wide", "6-open", "6-b"),
        *("8-one-stroke", "8-two-circles"),
    } <= set(NAMES)


@pytest.mark.parametrize("allograph", ALLOGRAPHS, ids=NAMES)
def test_a_form_is_drawn_with_its_line_within_the_picture(allograph: Allograph) -> None:
    picture = drawn(allograph)
    rows, columns = np.nonzero(picture)
    assert max(np.ptp(rows), np.ptp(columns)) == 19
    assert 30 < np.count_nonzero(picture > 128) < 250


def test_no_two_forms_of_a_digit_look_alike() -> None:
    for digit in range(10):
        pictures = [drawn(allograph).astype(int) for allograph in forms_of(digit)]
        for one, other in combinations(pictures, 2):
            assert np.abs(one - other).mean() > 2


def test_the_model_that_ships_reads_nearly_all_of_them_drawn_as_in_a_copybook() -> None:
    pictures = np.stack([drawn(allograph) for allograph in ALLOGRAPHS])
    answers = cnn.load_model().predict(pictures[:, None]).argmax(axis=1)
    wrong = [
        form.name for form, answer in zip(ALLOGRAPHS, answers, strict=True) if form.digit != answer
    ]
    assert len(wrong) <= 5, wrong


def test_the_name_of_no_form_is_answered_with_those_of_the_digit() -> None:
    assert find_allograph("7-crossed").name == "7-crossed"
    with pytest.raises(ValueError, match="there is no allograph '7-barred'; there are 7-plain, 7-"):
        find_allograph("7-barred")
    with pytest.raises(ValueError, match=r"there are 0-round, .*, 9-slanted"):
        find_allograph("crossed")
