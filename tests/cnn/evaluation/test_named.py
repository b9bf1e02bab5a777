"""Evaluation of pictures whose names say what they show."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image

import cnn
from cnn.cli import main
from cnn.evaluation.named import NamedKind, measure_named, named_table
from tests.cnn.drawn import Sheet
from tests.cnn.reading.pages import page_of


@pytest.fixture
def folder(tmp_path: Path, sheet: Sheet) -> Path:
    page_of(sheet, "27", "4").save(tmp_path / "rows-a__27-4.png")
    page_of(sheet, "31").save(tmp_path / "rows-b__37.png")
    Image.new("L", (200, 100), 255).save(tmp_path / "blank-a__none.png")
    (tmp_path / "README.txt").write_text("no picture", encoding="utf-8")
    return tmp_path


def test_they_are_counted_by_kind(folder: Path) -> None:
    blank, rows = measure_named(cnn.load_model(), folder)
    assert blank == NamedKind("blank", 1, 1, ())
    assert rows == NamedKind("rows", 2, 1, (("rows-b__37.png", "31"),))
    lines = named_table((blank, rows)).splitlines()
    assert lines[-2].split() == ["rows", "2", "1", "rows-b__37.png:", "31"]
    assert lines[-1].split() == ["all", "3", "2"]


def test_a_folder_without_any_is_an_error(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "missing"):
        with pytest.raises(ValueError, match="has no pictures with names such as"):
            measure_named(cnn.load_model(), folder)


def test_the_command_prints_them(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "--named", str(folder), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [one["right"] for one in found["kinds"]] == [1, 1]
    assert main(["evaluate", "--named", str(folder)]) == 0
    assert "rows" in capsys.readouterr().out
