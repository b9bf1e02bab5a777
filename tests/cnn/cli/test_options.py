"""Options that cannot be, and files of the wrong kind: what is said of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from cnn.cli import main

WEIGHTS = Path(__file__).parents[3] / "cnn" / "weights"


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("--augment=foo=1", "there is no augmentation 'foo=1'; there are shear, zoom, flip"),
        ("--augment=zoom=99", "zoom must be from 0 to"),
        ("--augment=shear=x", "shear takes a number, got 'x'"),
        ("--rate=nan", "argument --rate: expected a number between 0 and 1, got 'nan'"),
        ("--held-out=1", "argument --held-out: expected a number between 0 and 1, got '1'"),
        ("--held-out=x", "argument --held-out: expected a number between 0 and 1, got 'x'"),
        ("--seed=-1", "argument --seed: expected a whole number of at least 0, got '-1'"),
    ],
)
def test_of_a_training(option: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["train", "--folder", "nowhere", "--out", "m.dnm", option])
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("--seed=-1", "argument --seed: expected a whole number of at least 0, got '-1'"),
        ("--spread=nan", "argument --spread: expected a number from 0 to 3, got 'nan'"),
        ("--spread=much", "argument --spread: expected a number from 0 to 3, got 'much'"),
    ],
)
def test_of_made_digits(option: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["generate", "--out", "sheet.png", option])
    assert said in capsys.readouterr().err


def test_a_file_of_another_kind_is_called_what_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reads, makes = WEIGHTS / "cats-dogs-1.dnm", WEIGHTS / "digit-generator-1.dnm"
    assert main(["generate", "--model", str(reads), "--out", str(tmp_path / "sheet.png")]) == 1
    assert f"{reads} is no generator: it is a model, which reads pict" in capsys.readouterr().err
    assert main(["predict", "--model", str(makes), "picture.png"]) == 1
    assert f"{makes} is no model: it is a generator, which makes pict" in capsys.readouterr().err


def test_folders_with_too_little(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = ["--out", str(tmp_path / "m.dnm"), "--folder"]
    empty, few = tmp_path / "empty", tmp_path / "few"
    empty.mkdir()
    for number, name in enumerate(("cats", "dogs")):
        (few / name).mkdir(parents=True)
        Image.new("RGB", (16, 16), (99 * number, 0, 0)).save(few / name / "1.png")
    assert main(["train-generator", *out, str(empty)]) == 1
    assert f"{empty} holds no pictures: put some there" in capsys.readouterr().err
    assert main(["train", *out, str(few)]) == 1
    assert f"2 pictures in {few} are too few to hold 0.1 of them" in capsys.readouterr().err
    assert main(["train-generator", *out, str(few), "--size", "33"]) == 1
    said = capsys.readouterr()
    assert "pictures of 33×33 cannot be made" in said.err
    assert said.out == ""
