"""Generators on the command line: trained on folders and digits, asked, and bad input."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cnn.cli import main
from cnn.models.adversaries import vae_gan
from cnn.models.generator import Generator, load_generator, save_generator
from tests.cnn.cli.test_pictures import fill
from tests.cnn.drawn import SEVEN, TWO, drawn


def run(*arguments: object) -> int:
    return main([*map(str, arguments)])


def failure(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    """Run a command that fails, and return the last line that it says."""
    assert run(*arguments) == 1
    line: str = capsys.readouterr().err.splitlines()[-1]
    assert line.startswith("cnn: ")
    return line


def train(out: Path, *more: object) -> int:
    return run("train-generator", "--out", out, "--epochs", 1, "--quiet", *more)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return a folder with pictures of two classes, and a generator of them."""
    folder = tmp_path_factory.mktemp("pictures")
    fill(folder / "pictures", 12)
    out, curves = folder / "generator.dnm", folder / "curves.png"
    some = ("--size", 16, "--augment", "flip", "--curves", curves)
    assert train(out, "--folder", folder / "pictures", *some) == 0
    return folder, out


@pytest.fixture(scope="module")
def digits(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file of a generator of digits that has learned nothing yet."""
    networks = vae_gan(code=4)
    path = tmp_path_factory.mktemp("digits") / "generator.dnm"
    generator = Generator(
        networks.generator,
        encoder=networks.encoder,
        classes=tuple("0123456789"),
        normalisation="digits",
        metadata={"name": "made-up"},
    )
    save_generator(generator, path)
    return path


def test_a_folder_becomes_a_generator_of_its_classes(trained: tuple[Path, Path]) -> None:
    folder, path = trained
    generator = load_generator(path)
    assert generator.classes == ("blue", "red")
    assert generator.shape == (3, 16, 16)
    assert generator.normalisation == "picture"
    assert generator.encoder is not None
    metadata = generator.metadata
    assert metadata["trained_on"] == "24 pictures of blue, red"
    assert (metadata["architecture"], metadata["name"]) == ("vae-gan", "generator")
    assert metadata["history"]["returns"] == [0]
    with Image.open(folder / "curves.png") as curves:
        assert curves.size == (1120, 350)


def test_pictures_beside_one_another_are_one_class(tmp_path: Path) -> None:
    fill(tmp_path, 20, ("red",))
    (tmp_path / "red" / "notes.txt").write_text("no picture")
    out = tmp_path / "generator.dnm"
    assert train(out, "--folder", tmp_path / "red", "--size", 16, "--channels", 1) == 0
    generator = load_generator(out)
    assert generator.classes == ("red",)
    assert generator.shape == (1, 16, 16)
    like = tmp_path / "red" / "0.png"
    sheet = tmp_path / "like.png"
    assert run("generate", "--model", out, "--like", like, "--count", 3, "--out", sheet) == 0
    with Image.open(sheet) as picture:
        assert (picture.mode, picture.size) == ("L", (48, 16))


def test_digits_by_the_textbook(
    mnist_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, checkpoint = tmp_path / "generator.dnm", tmp_path / "run.dnm"
    given = ("--data", mnist_folder, "--limit", 40, "--architecture", "dcgan")
    assert train(out, *given, "--checkpoint", checkpoint, "--name", "plain") == 0
    said = capsys.readouterr().out
    assert "pictures: 40; classes: 10; dcgan; epochs: 1;" in said
    assert "made digits are read as what was asked for" in said
    generator = load_generator(out)
    assert (generator.name, generator.normalisation) == ("plain", "digits")
    assert generator.encoder is None
    before = out.read_bytes()
    assert train(out, *given, "--checkpoint", checkpoint, "--name", "plain") == 0  # goes on
    assert load_generator(out).make(np.ones((1, 100)), np.array([3])).tolist() == (
        generator.make(np.ones((1, 100)), np.array([3])).tolist()
    )
    assert len(out.read_bytes()) == len(before)
    sheet = tmp_path / "sheet.png"
    drawn(SEVEN).save(tmp_path / "seven.png")
    asked = ("generate", "--model", out, "--out", sheet)
    said = failure(capsys, *asked, "--like", tmp_path / "seven.png")
    assert "plain has no encoder" in said
    assert "leave out --like, or train a generator with --architecture vae-gan" in said
    assert not sheet.exists()
    assert run(*asked, "--digit", 7, "--count", 20) == 0
    with Image.open(sheet) as picture:
        assert picture.size == (280, 56)


def test_the_textbook_on_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fill(tmp_path / "pictures", 12)
    out, sheet = tmp_path / "generator.dnm", tmp_path / "sheet.png"
    given = ("--folder", tmp_path / "pictures", "--size", 16, "--architecture", "dcgan")
    assert train(out, *given) == 0
    asked = ("generate", "--model", out, "--count", 4, "--out", sheet)
    like = ("--like", tmp_path / "pictures" / "red" / "0.png")
    assert "leave out --like" in failure(capsys, *asked, *like)
    assert run(*asked, "--class", "red") == 0
    with Image.open(sheet) as picture:
        assert (picture.mode, picture.size) == ("RGB", (64, 16))


def test_made_digits_are_all_ten_equally_or_the_one_that_is_asked_for(
    digits: Path, tmp_path: Path
) -> None:
    out = tmp_path / "made.npz"
    assert run("generate", "--model", digits, "--out", out, "--count", 25) == 0
    with np.load(out) as arrays:
        assert arrays["images"].shape == (25, 28, 28)
        assert arrays["labels"].tolist() == [n % 10 for n in range(25)]
        all_ten = arrays["images"]
    made = []
    for seed in (1, 1, 2):
        more = ("--digit", 7, "--count", 3, "--seed", seed)
        assert run("generate", "--model", digits, "--out", out, *more) == 0
        with np.load(out) as arrays:
            assert arrays["labels"].tolist() == [7, 7, 7]
            made.append(arrays["images"])
    assert np.array_equal(made[0], made[1])
    assert not np.array_equal(made[0], made[2])
    assert not np.array_equal(made[0], all_ten[:3])


def test_the_most_ordinary_digits_are_all_alike(digits: Path, tmp_path: Path) -> None:
    out = tmp_path / "made.npz"
    more = ("--digit", 7, "--count", 3)
    for spread, alike in ((0, True), (2, False)):
        given = ("--model", digits, "--out", out, *more, "--spread", spread)
        assert run("generate", *given) == 0
        with np.load(out) as arrays:
            assert np.array_equal(arrays["images"][0], arrays["images"][1]) == alike


def test_made_digits_like_a_drawing(digits: Path, tmp_path: Path) -> None:
    drawn(SEVEN).save(tmp_path / "seven.png")
    labels = []
    for more in ((), ("--digit", 9)):
        out = tmp_path / "made.npz"
        like = ("--like", tmp_path / "seven.png", "--count", 2)
        assert run("generate", "--model", digits, "--out", out, *like, *more) == 0
        with np.load(out) as arrays:
            labels.append(arrays["labels"].tolist())
    assert labels == [[7, 7], [9, 9]]


def test_what_cannot_be_made_is_said_in_a_sentence(
    digits: Path,
    trained: tuple[Path, Path],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder, colours = trained
    out = tmp_path / "made.png"

    def said(*arguments: object, model: Path = digits) -> str:
        return failure(capsys, "generate", "--model", model, "--out", out, *arguments)

    assert "makes no '12', but 0, 1, 2" in said("--digit", 12)
    assert "at most 1,000,000 at a time" in said("--count", 2_000_000)
    assert "ends in .png, .npz or .zip" in failure(
        capsys, "generate", "--model", digits, "--out", tmp_path / "made.gif"
    )
    Image.new("RGB", (300, 300), "white").save(tmp_path / "blank.png")
    assert "the page is blank" in said("--like", tmp_path / "blank.png")
    pair = Image.new("RGB", (800, 300), "white")
    for left, strokes in ((0, SEVEN), (400, TWO)):
        pair.paste(drawn(strokes), (left, 0))
    pair.save(tmp_path / "pair.png")
    assert "shows 2 digits: cut out the one" in said("--like", tmp_path / "pair.png")
    (tmp_path / "text.png").write_text("no picture")
    assert "not a picture that can be read here" in said("--like", tmp_path / "text.png")
    picture = folder / "pictures" / "red" / "0.png"
    assert "say what" in said("--like", picture, model=colours)
    assert "not a generator file" in said(model=picture)
    assert not out.exists()
    for wrong in (("--count", 0), ("--spread", 9), ("--spread", "wide")):
        with pytest.raises(SystemExit):
            run("generate", "--model", digits, "--out", out, *wrong)


def test_what_cannot_be_learned_from_is_said_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(tmp_path / "one", 1, ("red",))
    out = tmp_path / "generator.dnm"

    def said(*arguments: object) -> str:
        return failure(capsys, "train-generator", "--out", out, "--quiet", *arguments)

    assert "20 pictures at least" in said("--folder", tmp_path / "one")
    assert "there is 1: add more" in said("--folder", tmp_path / "one" / "red")
    assert "empty holds no pictures" in said("--folder", _made(tmp_path / "empty"))
    assert "cannot read the folder" in said("--folder", tmp_path / "nowhere")
    assert "--size: for pictures in folders alone" in said("--size", 32)
    assert "leave it out with --folder" in said("--folder", tmp_path / "one", "--data", "x")
    broken = _made(tmp_path / "broken")
    for number in range(25):
        (broken / f"{number}.png").write_bytes(b"\x89PNG\r\n\x1a\n and no more")
    told = said("--folder", broken)
    assert told.startswith(f"cnn: none of the files in {broken} is a readable picture (0.png: ")
    assert told.endswith("): remove or replace them")
    fill(tmp_path / "many", 20, ("red",))
    assert "the size is a multiple of 4" in said("--folder", tmp_path / "many", "--size", 30)
    assert "there is no folder" in failure(
        capsys, "train-generator", "--out", tmp_path / "no" / "x.dnm"
    )
    assert not out.exists()


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder
