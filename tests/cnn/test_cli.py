"""The command line: what it prints, what it writes, and one clear line where it fails."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from PIL import Image

import cnn
from benchmarks.attack.hostile import sevens
from cnn.cli import main
from cnn.data import encode_idx, mnist
from cnn.errors import PictureError
from cnn.explanation.blocks import in_row
from cnn.explanation.neighbours import Neighbours
from cnn.layers import Dense, Softmax
from cnn.models.sequential import Sequential
from cnn.reading.reader import read, read_pixels
from cnn.reading.results import WhyLeftOut
from cnn.synthesis import garbage

ROOT = Path(__file__).parents[2]
Sheet = tuple[np.ndarray, np.ndarray]


def enlarged(digit: np.ndarray) -> Image.Image:
    """Return a digit of MNIST as dark ink, off the middle of a larger page."""
    image = Image.new("L", (400, 340), 255)
    image.paste(Image.fromarray(255 - digit).resize((168, 168)), (190, 40))
    return image


@pytest.fixture
def pictures(tmp_path: Path, sheet: Sheet) -> list[Path]:
    """Return files of a 4, a 7, and a 2 and 6 in two lines."""
    images, labels = sheet
    four, seven, two, six = (images[np.flatnonzero(labels == digit)[0]] for digit in (4, 7, 2, 6))
    lines = Image.new("L", (400, 680), 255)
    lines.paste(enlarged(two), (0, 0))
    lines.paste(enlarged(six), (0, 340))
    paths = [tmp_path / name for name in ("four.png", "seven.jpg", "lines.png")]
    for path, image in zip(paths, (enlarged(four), enlarged(seven), lines), strict=True):
        image.save(path)
    return paths


@pytest.fixture
def small_mnist(tmp_path: Path, sheet: Sheet, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder of MNIST's files with 40 pictures each, and make the loader expect it."""
    images, labels = sheet
    folder = tmp_path / "mnist"
    folder.mkdir()
    files = []
    for file in mnist.FILES:
        data = encode_idx(images if "images" in file.name else labels.astype(np.uint8))
        (folder / file.name).write_bytes(data)
        files.append(mnist.MnistFile(file.name, hashlib.sha256(data).hexdigest()))
    monkeypatch.setattr(mnist, "FILES", tuple(files))
    return folder


def failure(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    """Run a command that fails, and return the one line that it says."""
    assert main([str(argument) for argument in arguments]) == 1
    shown = capsys.readouterr()
    [line] = shown.err.splitlines()
    assert line.startswith("cnn: ")
    assert shown.out == ""
    return line


def test_the_sheet_is_read_from_pages_as_a_person_would_send_them(sheet: Sheet) -> None:
    model = cnn.load_model()
    right = [
        read(model, enlarged(image)).text == str(label) for image, label in zip(*sheet, strict=True)
    ]
    assert sum(right) >= 38


def test_pictures_are_read_in_a_shell(pictures: list[Path]) -> None:
    command = [sys.executable, "-m", "cnn", "predict", *map(str, pictures)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
    answers = [line.split(" (confidence ")[0] for line in done.stdout.splitlines()]
    assert answers == [
        f"{pictures[0]}: 4",
        f"{pictures[1]}: 7",
        f"{pictures[2]}: 2 / 6",
    ]


def test_answers_come_as_json_lines(
    pictures: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Image.new("L", (50, 50), 255).save(tmp_path / "blank.png")
    assert main(["predict", "--json", str(pictures[2]), str(tmp_path / "blank.png")]) == 0
    found, blank = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert found["text"] == "2\n6"
    assert [digit["digit"] for digit in found["digits"]] == [2, 6]
    assert all(0.5 <= digit["confidence"] <= 1 for digit in found["digits"])
    assert all(len(digit["box"]) == 4 for digit in found["digits"])
    assert found["refusal"] is None
    assert blank["refusal"]["code"] == "blank"
    assert blank["digits"] == []


def test_a_picture_that_fails_does_not_keep_the_others_from_being_read(
    pictures: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "text.png").write_text("no picture")
    assert main(["predict", str(tmp_path / "text.png"), str(pictures[0]), "nothing.png"]) == 1
    shown = capsys.readouterr()
    assert shown.out.startswith(f"{pictures[0]}: 4 ")
    first, second = shown.err.splitlines()
    assert "text.png: This is not a picture" in first
    assert second == "cnn: nothing.png: No such file or directory."


def test_a_blank_page_is_said_to_be_blank(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Image.new("L", (50, 50), 255).save(tmp_path / "blank.png")
    assert main(["predict", str(tmp_path / "blank.png")]) == 0
    assert "the page is blank" in capsys.readouterr().out


def test_what_was_left_out_is_said_on_a_line_of_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.png"
    page.write_bytes(sevens(30, 60))
    assert main(["predict", str(page)]) == 0
    first, second, third = capsys.readouterr().out.splitlines()
    assert first.startswith(f"{page}: 7777777777")
    assert "left out" in second
    assert third.startswith(f"{page}: Left out: ")
    assert main(["predict", "--json", str(page)]) == 0
    [line] = capsys.readouterr().out.splitlines()
    assert json.loads(line)["unfinished"]["message"] in second
    assert {one["why"] for one in json.loads(line)["left_out"]} <= set(get_args(WhyLeftOut))


def test_a_missing_or_damaged_model_is_one_line(
    pictures: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "damaged.dnm").write_bytes(b"DIGITNET and then nothing")
    missing = failure(capsys, "predict", "--model", tmp_path / "none.dnm", pictures[0])
    assert "cannot read" in missing
    damaged = failure(capsys, "predict", "--model", tmp_path / "damaged.dnm", pictures[0])
    assert "damaged" in damaged


def test_a_model_for_something_else_than_pictures_is_one_line(
    pictures: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = Sequential([Dense(2), Softmax()], input_shape=(5,))
    cnn.save_model(model, tmp_path / "other.dnm")
    line = failure(capsys, "predict", "--model", tmp_path / "other.dnm", pictures[0])
    assert "does not look at a picture as a whole" in line


def test_missing_data_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for command in (["evaluate"], ["train", "--out", tmp_path / "m.dnm"]):
        line = failure(capsys, *command, "--data", tmp_path)
        assert "MNIST is not complete" in line
    assert list(tmp_path.iterdir()) == []


def test_a_result_that_could_not_be_saved_is_known_before_the_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nowhere = tmp_path / "nowhere"
    line = failure(capsys, "train", "--data", tmp_path, "--out", nowhere / "m.dnm")
    assert "no folder" in line
    for option, command in (("--curves", "train"), ("--confusion", "evaluate")):
        out = ["--out", tmp_path / "m.dnm"] if command == "train" else []
        line = failure(capsys, command, "--data", tmp_path, *out, option, tmp_path / "a.txt")
        assert ".png" in line


@pytest.mark.parametrize(
    "arguments", [[], ["dance"], ["predict"], ["train"], ["train", "--out", "m", "--epochs", "0"]]
)
def test_a_command_that_makes_no_sense_shows_the_usage(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert "usage: python -m cnn" in capsys.readouterr().err


def test_a_model_is_trained_on_mnist(
    mnist_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, curves, run = (tmp_path / name for name in ("m.dnm", "curves.png", "run"))
    command = ["train", "--data", mnist_folder, "--out", out, "--limit", 300, "--epochs", 1]
    command += ["--quiet", "--architecture", "reference", "--name", "trial"]
    command += ["--curves", curves, "--checkpoint", run, "--neighbours", tmp_path / "near.dnm"]
    assert main([str(argument) for argument in command]) == 0
    shown = capsys.readouterr()
    assert shown.err == ""
    assert shown.out.startswith(f"{out}: ")
    assert "of 10,000 test pictures read right" in shown.out
    model = cnn.load_model(out)
    metadata = model.metadata
    assert model.rejector is not None
    assert np.isfinite(model.rejector.threshold)
    assert len(Neighbours(tmp_path / "near.dnm")) == 150
    assert metadata["name"] == "trial"
    assert metadata["trained_on"].startswith("MNIST, 270 training pictures, with digits of")
    assert 0.05 < metadata["accuracy"] < 0.9
    assert run.exists()
    with Image.open(curves) as picture:
        assert picture.size == (1120, 350)


def test_a_training_run_writes_a_model_that_is_measured(
    small_mnist: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "m.dnm"
    data = ["--data", str(small_mnist)]
    train = ["train", *data, "--out", str(out), "--architecture", "reference"]
    train += ["--limit", "40", "--epochs"]
    checkpoint = ["--checkpoint", str(tmp_path / "run")]
    assert main([*train, "1", *checkpoint]) == 0
    assert "epoch 1/1" in capsys.readouterr().out
    # The second time, it goes on from the checkpoint.
    assert main([*train, "2", *checkpoint]) == 0
    assert "epoch 2/2" in (shown := capsys.readouterr().out)
    assert "epoch 1/2" not in shown
    accuracy = cnn.load_model(out).metadata["accuracy"]
    assert main(["evaluate", *data, "--model", str(out), "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["model"] == "digits-1"
    assert figures["accuracy"] == accuracy
    assert 0 <= figures["expected_calibration_error"] <= 1
    assert np.sum(figures["confusion_matrix"]) == figures["count"] == 40
    assert np.trace(figures["confusion_matrix"]) == round(accuracy * 40)


def test_too_few_pictures_to_train_on_is_one_line(
    small_mnist: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "m.dnm"
    train = ["train", "--data", small_mnist, "--quiet", "--out", out]
    assert "cannot hold out" in failure(capsys, *train, "--limit", 1)
    assert not out.exists()


def test_the_shipped_models_figures_are_printed_and_drawn(
    small_mnist: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    matrix = tmp_path / "matrix.png"
    assert main(["evaluate", "--data", str(small_mnist), "--confusion", str(matrix)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("digits-1: accuracy ")
    assert "of 40 read wrong" in lines[1]
    assert lines[-11].split() == [str(digit) for digit in range(10)]
    rows = np.array([line.split() for line in lines[-10:]], int)
    assert rows[:, 0].tolist() == list(range(10))
    assert rows[:, 1:].sum(axis=1).tolist() == [4] * 10
    assert 40 - np.trace(rows[:, 1:]) == int(lines[1].split()[0])
    with Image.open(matrix) as picture:
        assert picture.format == "PNG"


def test_robustness_is_printed_and_what_went_wrong_is_drawn(
    small_mnist: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = tmp_path / "wrong.png"
    command = ["evaluate", "--data", str(small_mnist), "--robustness", "--limit", "10"]
    assert main([*command, "--wrong", str(wrong)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "digits-1, 10 digits each"
    assert lines[2].split()[0] == "clean"
    with Image.open(wrong) as picture:
        assert picture.format == "PNG"
    assert main([*command, "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["conditions"][0]["name"] == "clean"
    assert figures["conditions"][0]["normalised"] >= 0.9


def test_refusals_are_printed_by_kind(
    small_mnist: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    photographs = tmp_path / "photographs"
    command = ["evaluate", "--data", str(small_mnist), "--photographs", str(photographs)]
    assert "--garbage" in failure(capsys, *command)
    command += ["--garbage", "--limit", "3"]
    assert "no photographs" in failure(capsys, *command)
    photographs.mkdir()
    Image.effect_noise((300, 200), 60).save(photographs / "one.png")
    assert main([*command, "--json"]) == 0
    kinds = json.loads(capsys.readouterr().out)["kinds"]
    counts = {kind["kind"]: kind["count"] for kind in kinds}
    drawn = dict.fromkeys([*garbage.KINDS, "written sign", "real digits"], 3)
    assert counts == {**drawn, "photograph": 1}
    assert next(kind["refused"] for kind in kinds if kind["kind"] == "blank") == 1
    assert main(command) == 0
    assert "photograph (never shown)" in capsys.readouterr().out


def test_numbers_are_printed_by_kind(
    small_mnist: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["evaluate", "--data", str(small_mnist), "--numbers", "--limit", "1"]
    assert main([*command, "--json"]) == 0
    kinds = json.loads(capsys.readouterr().out)["kinds"]
    assert [kind["count"] for kind in kinds] == [1] * len(kinds)
    assert main(command) == 0
    assert capsys.readouterr().out.splitlines()[2].startswith("plain scan")
    refusal = failure(capsys, *command, "--wrong", tmp_path / "wrong.png")
    assert "single digits" in refusal


def test_pages_are_printed_by_kind_and_the_misread_drawn(
    small_mnist: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = tmp_path / "wrong.png"
    command = ["evaluate", "--data", str(small_mnist), "--pages", "--limit", "1"]
    assert main([*command, "--json", "--wrong", str(wrong)]) == 0
    kinds = json.loads(capsys.readouterr().out)["kinds"]
    assert [kind["count"] for kind in kinds] == [1] * len(kinds)
    assert all(kind["numbers"] == 1 - len(kind["wrong"]) for kind in kinds)
    with Image.open(wrong) as sheet:
        assert min(sheet.size) > 150


def test_the_map_alone_is_measured_on_pages_alone(
    small_mnist: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["evaluate", "--data", str(small_mnist), "--limit", "1", "--map-only"]
    assert "--map-only goes with --pages" in failure(capsys, *command)
    with pytest.raises(SystemExit):
        main([*command, "--pages", "--rules-only"])


def test_pixels_that_are_already_as_mnists_are_read_as_they_are(sheet: Sheet) -> None:
    model = cnn.load_model()
    images, labels = sheet
    reading = read_pixels(model, images[3] / 255)
    assert reading.text == str(labels[3])
    [digit] = reading.digits
    assert reading.guess is digit
    assert digit.box == (0, 0, 28, 28)
    assert sum(digit.probabilities) == pytest.approx(1, abs=1e-5)
    assert digit.confidence == max(digit.probabilities)
    for level in (0.0, 1.0):
        blank = read_pixels(model, np.full((28, 28), level))
        assert blank.refusal is not None
        assert blank.refusal.code == "blank"
        assert blank.guess is None
    with pytest.raises(ValueError, match=r"\(28, 28\), got \(1, 28, 28\)"):
        read_pixels(model, images[:1] / 255)


def test_what_the_network_doubts_is_no_digit(sheet: Sheet) -> None:
    doubting = cnn.load_model()
    in_row(doubting.network).layers[-1] = Softmax(temperature=1000.0)
    reading = read(doubting, enlarged(sheet[0][0]))
    assert reading.digits == ()
    assert reading.text == ""
    assert reading.refusal is not None
    assert reading.refusal.code == "not_a_digit"
    assert reading.guess is not None
    assert reading.guess.confidence < 0.5


def test_what_is_no_picture_is_a_picture_error() -> None:
    with pytest.raises(PictureError):
        read(cnn.load_model(), b"text")
