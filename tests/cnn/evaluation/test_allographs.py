"""Evaluation by allograph: each form is measured by itself, and what it is taken for is counted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image

import cnn
from cnn.cli import main
from cnn.evaluation.allographs import AllographFigures, allographs_table, measure_allographs
from cnn.synthesis.strokes import ALLOGRAPHS


@pytest.fixture(scope="module")
def figures() -> tuple[AllographFigures, ...]:
    return measure_allographs(cnn.load_model(), each=3)


def test_every_form_is_measured(figures: tuple[AllographFigures, ...]) -> None:
    assert [one.name for one in figures] == [form.name for form in ALLOGRAPHS]
    for one in figures:
        assert one.count == 3
        assert one.normalised == pytest.approx(1 - len(one.mistakes) / 3)
        assert one.refused + sum(one.answers.values()) == len(one.mistakes)
        assert one.name[0] not in one.answers
        assert all(mistake.label == int(one.name[0]) for mistake in one.mistakes)
    assert sum(one.raw for one in figures) / len(figures) > 0.9


def test_the_same_digits_are_measured_each_time(figures: tuple[AllographFigures, ...]) -> None:
    again = measure_allographs(cnn.load_model(), each=3)
    assert [one.answers for one in again] == [one.answers for one in figures]


def test_the_table_has_a_line_for_each_form_and_one_for_all() -> None:
    one = AllographFigures("7-crossed", "", 4, 0.75, 0.25, 1, {"1": 2}, ())
    other = AllographFigures("7-plain", "", 4, 1.0, 1.0, 0, {}, ())
    lines = allographs_table([one, other]).splitlines()
    assert lines[1].split() == ["7-crossed", "75.00%", "25.00%", "1", "1", "(2)"]
    assert lines[-1].split() == ["all", "87.50%", "62.50%", "1"]


def test_the_command_prints_the_figures_and_draws_what_was_read_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = tmp_path / "wrong.png"
    assert main(["evaluate", "--strokes", "--limit", "1", "--json", "--wrong", str(wrong)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [form["name"] for form in found["forms"]] == [form.name for form in ALLOGRAPHS]
    with Image.open(wrong) as sheet:
        assert sheet.width > 100
    assert main(["evaluate", "--strokes", "--limit", "1"]) == 0
    assert "7-crossed" in capsys.readouterr().out
