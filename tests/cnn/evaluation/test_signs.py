"""Evaluation of signs: numbers by many hands with points, minus and other signs."""

from __future__ import annotations

import json

import pytest

import cnn
from cnn.cli import main
from cnn.evaluation.signs import KINDS_OF_SIGNS, SignFigures, measure_signs, signs_table


@pytest.fixture(scope="module")
def figures() -> tuple[SignFigures, ...]:
    return measure_signs(cnn.load_model(), each=12, seed=1)


def test_points_and_minus_signs_of_many_hands_are_read(figures: tuple[SignFigures, ...]) -> None:
    for one in figures:
        assert one.count == 12
        assert one.whole <= one.digits
        assert one.signs >= 0.75


def test_none_is_read_that_is_not_there(figures: tuple[SignFigures, ...]) -> None:
    assert [one.false for one in figures] == [0] * len(KINDS_OF_SIGNS)


def test_the_same_seed_makes_the_same_numbers(figures: tuple[SignFigures, ...]) -> None:
    assert measure_signs(cnn.load_model(), each=12, seed=1) == figures


def test_they_are_a_table() -> None:
    lines = signs_table([SignFigures("point", 4, 1.0, 0.75, 0.75, 1)]).splitlines()
    assert lines[-1].split() == ["point", "4", "100.00%", "75.00%", "75.00%", "1"]


def test_the_command_prints_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "--signs", "--limit", "1", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [one["kind"] for one in found["signs"]] == list(KINDS_OF_SIGNS)
    assert main(["evaluate", "--signs", "--limit", "1"]) == 0
    assert "false signs" in capsys.readouterr().out
