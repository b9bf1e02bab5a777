"""Pictures as strangers send them, one of each kind that is read right: they stay right.

`strangers/MANIFEST.tsv` says what each shows; a hyphen parts lines, signs are left out, and "none"
is a picture that must be refused.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import cnn
from cnn.models.model import Model

FOLDER = Path(__file__).parent / "strangers"


def expected() -> list[tuple[str, str]]:
    with (FOLDER / "MANIFEST.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t")
        return [(row["file"], row["expected"]) for row in rows]


@pytest.mark.parametrize(("file", "text"), expected())
def test_what_is_read_right_stays_right(model: Model, file: str, text: str) -> None:
    reading = cnn.read(model, FOLDER / file)
    assert (reading.text.replace("\n", "-") or "none") == text


def test_all_are_asked() -> None:
    files = {path.name for path in FOLDER.iterdir()} - {"MANIFEST.tsv"}
    assert {file for file, _ in expected()} == files
    assert sum((FOLDER / file).stat().st_size for file in files) < 1_200_000
