"""Models of pictures in folders: trained, measured and asked on the command line."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cnn.cli import main
from cnn.cli import train_pictures as command
from cnn.layers import Sigmoid, Softmax
from cnn.models.model_file import load_model
from cnn.training.callbacks import Callback, Checkpoint

COLOURS = {"blue": (40, 60, 200), "red": (200, 60, 40), "green": (40, 180, 60)}


def fill(
    folder: Path, count: int, colours: tuple[str, ...] = ("blue", "red"), seed: int = 0
) -> None:
    """Write so many pictures of each colour, with noise, in several sizes and formats."""
    rng = np.random.default_rng(seed)
    for colour in colours:
        (folder / colour).mkdir(parents=True)
        for number in range(count):
            size = rng.integers(20, 40, 2)
            pixels = np.array(COLOURS[colour]) + rng.normal(0, 40, (*size, 3))
            image = Image.fromarray(pixels.clip(0, 255).astype(np.uint8))
            image.save(folder / colour / f"{number}.{('png', 'jpg', 'webp')[number % 3]}")


def train(folder: Path, out: Path, *more: str) -> int:
    quick = ["--architecture", "textbook", "--size", "16", "--epochs", "3", "--quiet"]
    return main(["train", "--folder", str(folder), "--out", str(out), *quick, *more])


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return a folder with a training and a test part, and a model of it."""
    folder = tmp_path_factory.mktemp("pictures")
    fill(folder / "training_set", 40)
    fill(folder / "test_set", 10, seed=1)
    assert train(folder, folder / "model.dnm", "--curves", str(folder / "curves.png")) == 0
    return folder, folder / "model.dnm"


def test_a_folder_becomes_a_model_with_its_classes(trained: tuple[Path, Path]) -> None:
    folder, path = trained
    model = load_model(path)
    assert model.classes == ("blue", "red")
    assert model.normalisation == "picture"
    assert model.input_shape == (3, 16, 16)
    assert type(model.network.last) is Sigmoid
    assert model.metadata["accuracy"] == 1
    assert model.metadata["tested_on"] == "test pictures"
    with Image.open(folder / "curves.png") as curves:
        assert curves.size == (1120, 350)
    assert len(model.metadata["history"]["val_accuracy"]) == 3


def test_it_names_the_class_of_a_picture(
    trained: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder, path = trained
    pictures = [str(folder / "test_set" / colour / "1.jpg") for colour in ("red", "blue")]
    assert main(["predict", "--model", str(path), *pictures]) == 0
    red, blue = capsys.readouterr().out.splitlines()
    assert ": red (confidence " in red
    assert ": blue (confidence " in blue
    assert main(["predict", "--model", str(path), "--json", pictures[0]]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["class"] == "red"
    assert answer["confidence"] == max(answer["probabilities"].values())
    assert sum(answer["probabilities"].values()) == pytest.approx(1)
    assert answer["novelty"] < 1


def test_what_is_like_none_of_the_classes_is_said(
    trained: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, path = trained
    Image.radial_gradient("L").save(tmp_path / "other.png")
    ask = ["predict", "--model", str(path), str(tmp_path / "other.png")]
    assert main(ask) == 0
    assert "other.png: none of these: blue, red." in capsys.readouterr().out
    assert main([*ask, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["class"] is answer["confidence"] is None
    assert answer["novelty"] > 1
    assert list(answer["probabilities"]) == ["blue", "red"]


def test_it_is_measured_on_a_folder(
    trained: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, path = trained
    arguments = ["evaluate", "--model", str(path), "--folder"]
    assert main([*arguments, str(folder), "--confusion", str(tmp_path / "c.png")]) == 0
    shown = capsys.readouterr().out
    assert "accuracy 100.00%" in shown
    assert "as blue  as red" in shown
    assert "taken for none of these " in shown
    assert main([*arguments, str(folder), "--wrong", str(tmp_path / "w.png")]) == 0
    assert "nothing was wrong" in capsys.readouterr().out
    assert (tmp_path / "c.png").exists()
    # A folder without parts is measured as a whole, and may lack a class.
    shutil.copytree(folder / "test_set" / "red", tmp_path / "some" / "red")
    assert main([*arguments, str(tmp_path / "some"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["confusion_matrix"] == [[0, 0], [0, 10]]
    fill(tmp_path / "other", 1, ("green",))
    assert main([*arguments, str(tmp_path / "other")]) == 1
    assert "holds green, but the classes are blue, red" in capsys.readouterr().err


def test_more_classes_end_in_softmax(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fill(tmp_path / "pictures", 12, ("blue", "red", "green"))
    assert train(tmp_path / "pictures", tmp_path / "m.dnm", "--architecture", "small-vgg") == 0
    model = load_model(tmp_path / "m.dnm")
    assert type(model.network.last) is Softmax
    assert model.classes == ("blue", "green", "red")
    assert "held-out" in capsys.readouterr().out
    assert train(tmp_path / "pictures", tmp_path / "m.dnm", "--head", "sigmoid") == 1
    assert "tells two classes apart, not 3" in capsys.readouterr().err


def test_a_run_that_was_interrupted_ends_as_one_that_was_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path / "pictures", 20)
    run = (tmp_path / "pictures", tmp_path / "whole.dnm")
    assert train(*run) == 0

    class Interrupt(Callback):
        def on_epoch_end(self, run: object, metrics: object) -> None:
            raise KeyboardInterrupt

    checkpoint = tmp_path / "checkpoint"
    resumed = (tmp_path / "pictures", tmp_path / "resumed.dnm", "--checkpoint", str(checkpoint))
    with monkeypatch.context() as patch:
        callbacks = (Checkpoint(checkpoint), Interrupt())
        patch.setattr(command, "callbacks_of", lambda _: callbacks)
        assert train(*resumed) == 130
    # What was decoded is kept, and used while the files are the same.
    assert (tmp_path / "checkpoint.train.npz").exists()
    assert train(*resumed) == 0
    whole, again = (load_model(path).network.state_dict() for path in (run[1], resumed[1]))
    assert all(np.array_equal(whole[name], again[name]) for name in whole)


def test_files_that_are_no_pictures_are_named_and_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "pictures"
    fill(folder, 20)
    whole = (folder / "red" / "0.png").read_bytes()
    (folder / "red" / "empty.png").write_bytes(b"")
    (folder / "red" / "text.jpg").write_text("not a picture")
    (folder / "blue" / "cut.png").write_bytes(whole[: len(whole) // 2])
    odd = {
        "cmyk.jpg": Image.new("CMYK", (30, 30), (0, 200, 200, 0)),
        "deep.png": Image.fromarray(np.full((9, 9), 40_000, np.uint16)),
        "palette.png": Image.new("RGBA", (30, 30), (200, 0, 0, 90)).quantize(),
        "pixel.png": Image.new("RGB", (1, 1), "red"),
        "long.png": Image.new("RGB", (3000, 2), "red"),
    }
    for name, image in odd.items():
        image.save(folder / "red" / name)
    assert train(folder, tmp_path / "m.dnm") == 0
    told = capsys.readouterr()
    for name in ("empty.png", "text.jpg", "cut.png"):
        assert f"{name} is left out" in told.err
    assert "3 files are no readable picture" in told.err
    assert not any(name in told.err for name in odd)
    assert train(folder, tmp_path / "m.dnm", "--strict") == 1
    assert "without --strict" in capsys.readouterr().err


def broken(folder: Path, kind: str) -> None:
    if kind == "one class":
        fill(folder, 3, ("red",))
    elif kind == "an empty class":
        fill(folder, 3)
        (folder / "green").mkdir()
    elif kind == "nothing readable":
        fill(folder, 3)
        (folder / "green").mkdir()
        (folder / "green" / "x.png").write_text("x")
    elif kind == "another case":
        fill(folder, 3)
        (folder / "Red").mkdir()
        shutil.copy(folder / "red" / "0.png", folder / "Red")
    elif kind == "no training part":
        fill(folder / "test", 3)
    elif kind == "two training parts":
        fill(folder / "train", 3)
        fill(folder / "Training", 3)
    elif kind == "another class in the test part":
        fill(folder / "train", 3)
        fill(folder / "test", 3, ("red", "green"))


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("one class", "holds one class, red: a model tells two or more apart"),
        ("an empty class", "no pictures in green"),
        ("nothing readable", "green is a readable picture (x.png: none of the formats PNG"),
        ("another case", "if they are one class, put their pictures together"),
        ("no training part", "no folder train or training_set beside it"),
        ("two training parts", "keep one of them"),
        ("another class in the test part", "holds green, but the classes are blue, red"),
        ("no folder", "cannot read the folder"),
    ],
)
def test_a_folder_that_will_not_do_is_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str, words: str
) -> None:
    broken(tmp_path / "pictures", kind)
    assert train(tmp_path / "pictures", tmp_path / "m.dnm") == 1
    told = capsys.readouterr().err
    assert words in told
    assert told.count("\n") == 1
    assert not (tmp_path / "m.dnm").exists()


def test_the_surest_mistakes_are_drawn(
    trained: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, path = trained
    wrong = tmp_path / "wrong"
    fill(wrong, 3)
    (wrong / "red").rename(wrong / "blues")
    (wrong / "blue").rename(wrong / "red")
    (wrong / "blues").rename(wrong / "blue")
    sheet = tmp_path / "sheet.png"
    arguments = ["evaluate", "--model", str(path), "--folder", str(wrong)]
    assert main([*arguments, "--wrong", str(sheet)]) == 0
    assert "accuracy 0.00%" in capsys.readouterr().out
    with Image.open(sheet) as drawn:
        assert drawn.width > 6 * 16


def test_models_of_digits_and_of_pictures_are_kept_apart(
    trained: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, path = trained
    assert main(["evaluate", "--model", str(path)]) == 1
    assert "add --folder" in capsys.readouterr().err
    assert main(["evaluate", "--folder", str(folder)]) == 1
    assert "reads digits" in capsys.readouterr().err
    assert train(folder, tmp_path / "m.dnm", "--architecture", "digits") == 1
    assert "for pictures there are small-vgg, textbook" in capsys.readouterr().err
    assert main(["train", "--architecture", "textbook", "--out", str(tmp_path / "m.dnm")]) == 1
    assert "add --folder" in capsys.readouterr().err


def test_options_that_mean_nothing_are_said(
    trained: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, _ = trained
    out = ["--out", str(tmp_path / "m.dnm")]
    assert main(["train", *out, "--augment", "flip", "--held-out", "0.2"]) == 1
    assert "--augment, --held-out: for pictures in folders alone" in capsys.readouterr().err
    assert train(folder, tmp_path / "m.dnm", "--neighbours", str(tmp_path / "n.dnm")) == 1
    assert "--neighbours means nothing here" in capsys.readouterr().err
    assert main(["train", *out, "--data", "cifar10", "--size", "32", "--strict"]) == 1
    assert "--size, --strict means nothing here" in capsys.readouterr().err


def test_a_model_of_half_the_size_is_measured_as_it_is(
    trained: tuple[Path, Path], tmp_path: Path
) -> None:
    folder, whole = trained
    half = tmp_path / "half.dnm"
    assert train(folder, half, "--half") == 0
    assert half.stat().st_size < 0.6 * whole.stat().st_size
    read = load_model(half)
    assert read.metadata["tested_on"] == "test pictures"
    for array in read.network.state_dict().values():
        assert np.array_equal(array.astype(np.float16), array)


def test_unknown_changes_are_told_with_those_that_are_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        train(tmp_path, tmp_path / "m.dnm", "--augment", "shear=0.2,twist")
    assert "--augment" in capsys.readouterr().err
