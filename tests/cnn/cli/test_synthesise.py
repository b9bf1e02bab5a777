"""python -m cnn synthesise: folders, arrays and a sheet, and a sentence where it cannot."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cnn.cli import main
from cnn.data import load_folder
from cnn.synthesis.strokes import ALLOGRAPHS


def synthesise(*arguments: object) -> int:
    return main(["synthesise", *map(str, arguments)])


def failure(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    """Run a command that fails, and return the one line that it says."""
    assert synthesise(*arguments) == 1
    shown = capsys.readouterr()
    [line] = shown.err.splitlines()
    assert line.startswith("cnn: ")
    assert shown.out == ""
    return line


def test_a_folder_has_one_of_pictures_for_each_digit_and_a_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "digits"
    assert synthesise("--out", folder, "--count", 45, "--each", 20) == 0
    assert capsys.readouterr().out == f"{folder}: 45 digits by 3 writers\n"
    data = load_folder(folder)
    assert data.classes == tuple("0123456789")
    assert np.bincount(data.labels).tolist() == [5] * 5 + [4] * 5
    with (folder / "labels.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 45
    names = {allograph.name for allograph in ALLOGRAPHS}
    for row in rows:
        assert (folder / row["file"]).parent.name == row["label"] == row["allograph"][0]
        assert row["allograph"] in names
    assert Counter(row["writer"] for row in rows) == {"0": 20, "1": 20, "2": 5}
    with Image.open(folder / rows[0]["file"]) as picture:
        assert (picture.format, picture.mode, picture.size) == ("PNG", "L", (28, 28))
    assert {path.name for path in tmp_path.iterdir()} == {"digits"}


def test_a_file_has_arrays_and_the_folder_of_the_same_seed_the_same_pictures(
    tmp_path: Path,
) -> None:
    choice = ("--count", 24, "--style", "american", "hurried", "--digits", 7, 1, "--seed", 3)
    assert synthesise("--out", tmp_path / "digits.npz", *choice) == 0
    assert synthesise("--out", tmp_path / "digits", *choice) == 0
    with np.load(tmp_path / "digits.npz") as arrays:
        images, labels, allographs = (arrays[k] for k in ("images", "labels", "allographs"))
    assert images.shape == (24, 28, 28)
    assert images.dtype == np.uint8
    assert labels.tolist() == [7, 1] * 12
    assert set(allographs[:10].tolist()) == {"7-plain", "1-plain"}
    data = load_folder(tmp_path / "digits")
    assert np.array_equal(data.images[data.labels == 1, 0], images[labels == 7])


def test_another_seed_gives_other_digits(tmp_path: Path) -> None:
    for seed in (0, 1):
        assert synthesise("--out", tmp_path / f"{seed}.npz", "--count", 10, "--seed", seed) == 0
    with np.load(tmp_path / "0.npz") as one, np.load(tmp_path / "1.npz") as other:
        assert not np.array_equal(one["images"], other["images"])


def test_pictures_of_another_size_and_ranges(tmp_path: Path) -> None:
    out = tmp_path / "digits.npz"
    assert synthesise("--out", out, "--count", 3, "--size", 90, "--ranges", "careful") == 0
    with np.load(out) as arrays:
        assert arrays["images"].shape == (3, 90, 90)


def test_a_sheet_shows_the_forms_of_the_styles(tmp_path: Path) -> None:
    assert synthesise("--sheet", tmp_path / "all.png") == 0
    assert synthesise("--sheet", tmp_path / "some.png", "--style", "american") == 0
    with Image.open(tmp_path / "all.png") as everything, Image.open(tmp_path / "some.png") as some:
        assert everything.width == some.width > 11 * 112
        assert everything.height > 2 * some.height


def test_what_is_there_already_is_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("digits", "digits.npz"):
        assert synthesise("--out", tmp_path / name, "--count", 2) == 0
        capsys.readouterr()
        line = failure(capsys, "--out", tmp_path / name, "--count", 3)
        assert line == f"cnn: {tmp_path / name} exists already: choose another name, or remove it"
    assert sum(1 for _ in (tmp_path / "digits").rglob("*.png")) == 2
    (tmp_path / "empty").mkdir()
    assert synthesise("--out", tmp_path / "empty", "--count", 2) == 0


@pytest.mark.parametrize("ending", ["", ".npz"])
def test_what_cannot_be_written_is_said_and_nothing_is_left(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], ending: str
) -> None:
    line = failure(capsys, "--out", tmp_path / "none" / f"digits{ending}")
    assert "there is no folder" in line
    line = failure(capsys, "--out", tmp_path / f"{'x' * 300}{ending}", "--count", 2)
    assert "cannot be written (File name too long): choose another place or name" in line
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_take_its_name_leaves_no_pictures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "digits").symlink_to(tmp_path / "nowhere")
    line = failure(capsys, "--out", tmp_path / "digits", "--count", 2)
    assert "cannot be written" in line
    assert [path.name for path in tmp_path.iterdir()] == ["digits"]


def test_choices_that_are_impossible_are_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = ("--out", tmp_path / "digits")
    assert "add --out FOLDER, --out FILE.npz, --sheet PICTURE or --pages" in failure(capsys)
    line = failure(capsys, *out, "--style", "martian")
    assert "there is no style 'martian'; there are world, american" in line
    assert "expected digits from 0 to 9, got [12]" in failure(capsys, *out, "--digits", 12)
    assert "at most 2048 pixels" in failure(capsys, *out, "--size", 5000)
    line = failure(capsys, "--sheet", tmp_path / "sheet.txt")
    assert "a picture's name ends in .png" in line
    for option in ("--count", "--each", "--size"):
        with pytest.raises(SystemExit):
            synthesise(*out, option, 0)
        assert "expected a whole number of at least 1, got '0'" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_pages_of_every_kind_are_drawn(tmp_path: Path) -> None:
    for name, seed in (("one.png", 0), ("other.png", 1)):
        assert synthesise("--pages", tmp_path / name, "--seed", seed) == 0
    one, other = (np.asarray(Image.open(tmp_path / name)) for name in ("one.png", "other.png"))
    assert one.shape[0] > 1000
    assert one.shape == other.shape
    assert not np.array_equal(one, other)
