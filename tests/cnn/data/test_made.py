"""Files of made pictures: read back by other programs, and each says that it is made."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from cnn.data import decode_idx, load_folder
from cnn.data.made import KINDS, encode_line, encode_made, encode_png, is_made, save_made

RNG = np.random.default_rng(0)
LABELS = np.arange(12) % 3
CLASSES = ("a", "b", "c")


def pictures(channels: int) -> np.ndarray:
    return RNG.integers(0, 256, (12, channels, 8, 6)).astype(np.uint8)


def save(path: Path, made: np.ndarray) -> None:
    save_made(path, made, LABELS, CLASSES, maker="näme-1")


def assert_says_that_it_is_made(image: Image.Image) -> None:
    assert image.info["Source"] == "made"
    assert "Made by the generator näme-1" in image.info["Description"]


@pytest.mark.parametrize(("channels", "mode"), [(1, "L"), (3, "RGB")])
def test_a_sheet_has_ten_pictures_to_a_row(tmp_path: Path, channels: int, mode: str) -> None:
    made = pictures(channels)
    save(tmp_path / "sheet.PNG", made)
    with Image.open(tmp_path / "sheet.PNG") as sheet:
        assert (sheet.format, sheet.mode, sheet.size) == ("PNG", mode, (60, 16))
        assert_says_that_it_is_made(sheet)
        pixels = np.asarray(sheet).reshape(16, 60, channels)
    assert np.array_equal(pixels[8:, 6:12], made[11].transpose(1, 2, 0))
    assert not pixels[8:, 12:].any()


def test_one_picture_is_a_sheet_of_its_size() -> None:
    made = pictures(1)[0]
    with Image.open(io.BytesIO(encode_png(made, "näme-1"))) as image:
        assert np.array_equal(np.asarray(image), made[0])
        assert_says_that_it_is_made(image)


@pytest.mark.parametrize("channels", [1, 3])
def test_arrays(tmp_path: Path, channels: int) -> None:
    made = pictures(channels)
    save(tmp_path / "made.npz", made)
    with np.load(tmp_path / "made.npz") as arrays:
        assert arrays["images"].dtype == np.uint8
        expected = made[:, 0] if channels == 1 else made.transpose(0, 2, 3, 1)
        assert np.array_equal(arrays["images"], expected)
        assert arrays["labels"].tolist() == LABELS.tolist()
        assert arrays["classes"].tolist() == list(CLASSES)
        assert set(arrays["source"].tolist()) == {"made"}
        assert str(arrays["generator"]) == "näme-1"


def test_a_zip_is_a_folder_for_each_class_and_a_table(tmp_path: Path) -> None:
    made = pictures(3)
    save(tmp_path / "made.zip", made)
    with zipfile.ZipFile(tmp_path / "made.zip") as archive:
        assert archive.testzip() is None
        archive.extractall(tmp_path / "made")
    with (tmp_path / "made" / "labels.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 12
    for row, picture, label in zip(rows, made, LABELS, strict=True):
        assert (row["label"], row["source"], row["generator"]) == (CLASSES[label], "made", "näme-1")
        with Image.open(tmp_path / "made" / row["file"]) as image:
            assert np.array_equal(np.asarray(image), picture.transpose(1, 2, 0))
            assert_says_that_it_is_made(image)
    (tmp_path / "made" / "labels.csv").unlink()
    data = load_folder(tmp_path / "made", size=(8, 6), channels=3)
    assert data.classes == CLASSES
    assert np.array_equal(data.images, made[np.argsort(LABELS, kind="stable")])


def test_idx_files_are_those_of_mnist() -> None:
    made = pictures(1)
    content = encode_made("idx", made, LABELS, CLASSES, maker="näme-1")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        images = decode_idx(archive.read("made-images-idx3-ubyte"))
        assert np.array_equal(images, made[:, 0])
        assert decode_idx(archive.read("made-labels-idx1-ubyte")).tolist() == LABELS.tolist()
        assert "Made by the generator näme-1" in archive.read("README.txt").decode()


def test_a_file_in_memory_is_the_one_on_the_disk(tmp_path: Path) -> None:
    made = pictures(1)
    for kind in ("png", "zip"):
        save(tmp_path / f"made.{kind}", made)
        content = encode_made(kind, made, LABELS, CLASSES, maker="näme-1")
        assert content == (tmp_path / f"made.{kind}").read_bytes()
    assert {"png", "npz", "zip", "idx", "svg"} == {*KINDS}


def test_a_line_is_ink_on_a_transparent_ground() -> None:
    made = np.zeros((3, 1, 10, 10), np.uint8)
    made[0, 0, 2:8, 4:6] = made[2, 0, 2:8, 1:9] = 255
    with Image.open(io.BytesIO(encode_line(made, "näme-1"))) as line:
        assert_says_that_it_is_made(line)
        assert line.mode == "RGBA"
        assert line.size == (4 * (2 + 10 + 8 + 3 * 4), 40)  # an empty one keeps its room
        pixels = np.asarray(line)
    assert not pixels[:, :, :3].any()
    assert pixels[20, 12, 3] == 255
    assert pixels[20, 20 + 20, 3] == 0


def test_a_line_is_traced() -> None:
    made = np.zeros((2, 1, 10, 10), np.uint8)
    made[:, 0, 2:8, 4:6] = 255
    content = encode_made("svg", made, np.array([0, 1]), ("<a>", "b"), maker="näme-1")
    root = ElementTree.fromstring(content)
    title, about, path = root
    assert root.get("viewBox") == "0 0 12 10"
    assert title.text == "<a> b"
    assert "Made by the generator näme-1" in (about.text or "")
    assert (path.get("d") or "").count("M") == 2


def test_the_same_pictures_give_the_same_file(tmp_path: Path) -> None:
    made = pictures(1)
    for end in ("png", "zip"):
        for name in ("one", "other"):
            save(tmp_path / f"{name}.{end}", made)
        one, other = ((tmp_path / f"{name}.{end}").read_bytes() for name in ("one", "other"))
        assert one == other


def test_other_files_and_sheets_that_are_too_large_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"ends in \.png, \.npz or \.zip"):
        save(tmp_path / "made.jpg", pictures(1))
    many = np.zeros((10_001, 1, 1, 1), np.uint8)
    with pytest.raises(ValueError, match=r"at most 10,000 pictures, not 10,001; choose"):
        save_made(tmp_path / "made.png", many, np.zeros(10_001, int), CLASSES, maker="x")
    assert not list(tmp_path.iterdir())


def test_a_made_file_is_told_from_others() -> None:
    made = encode_png(pictures(1)[0], "näme-1")
    assert is_made(made)
    assert is_made(encode_line(pictures(1), "näme-1"))
    file = io.BytesIO()
    Image.open(io.BytesIO(made)).save(file, "PNG")
    assert not is_made(file.getvalue())
    start = made.index(b"tEXtSource")
    for damaged in (b"", made[:8], made[:30], made[:start], made[: start + 8], b"x" + made):
        assert not is_made(damaged)
    endless = made[:8] + b"\xff\xff\xff\xff" + made[12:]
    assert not is_made(endless)
