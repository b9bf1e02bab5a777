"""Evaluation of habits: numbers by writers of both, alone and with their other digits."""

from __future__ import annotations

import json

import pytest

import cnn
from cnn.cli import main
from cnn.evaluation.habits import WRITERS, HabitFigures, habits_table, measure_habits
from cnn.synthesis.strokes import VALIDATION


@pytest.fixture(scope="module")
def figures() -> tuple[HabitFigures, ...]:
    return measure_habits(cnn.load_model(), each=12, ranges=VALIDATION)


def test_the_writer_s_other_digits_help(figures: tuple[HabitFigures, ...]) -> None:
    assert [one.name for one in figures] == [writers.name for writers in WRITERS]
    for one in figures:
        assert one.count >= 4 * (12 - one.apart) > 20
        assert one.own >= one.beside >= one.single
        assert one.beside >= 0.9
    assert sum(one.decided for one in figures) > 0


def test_the_table_marks_what_misses_the_goal() -> None:
    good = HabitFigures("a", 50, 0.9, 0.98, 1.0, 4, 1)
    bad = HabitFigures("b", 50, 0.9, 0.96, 1.0, 4, 1)
    lines = habits_table([good, bad]).splitlines()
    assert lines[1].split() == ["a", "50", "90.00%", "98.00%", "100.00%", "4", "1"]
    assert lines[2].split() == ["b", "50", "90.00%", "96.00%", "100.00%", "4", "1", "×"]


def test_the_command_prints_the_figures(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "--habits", "--limit", "2", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [one["name"] for one in found["habits"]] == [writers.name for writers in WRITERS]
    assert main(["evaluate", "--habits", "--limit", "2"]) == 0
    assert "7 crossed" in capsys.readouterr().out
