"""What a model learns from in a folder of folders, and what is held out of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cnn.recipes.folders import PictureParts, read_parts


def fill(folder: Path, count: int, first: int = 0) -> Path:
    """Write so many pictures of two classes, each of a grey and a size of its own."""
    for label in "ab":
        (folder / label).mkdir(parents=True, exist_ok=True)
        for number in range(first, first + count):
            shade = (7 * number + ord(label)) % 256
            Image.new("L", (8, 8 + number), shade).save(folder / label / f"{number}.png")
    return folder


def read(folder: Path) -> PictureParts:
    return read_parts(folder, size=(8, 8), channels=1, by_content=True, cache=folder / "cache")


def shades(parts: PictureParts) -> set[tuple[int, int]]:
    """Return what is held out: each picture by its class and its shade."""
    data = parts.held_out
    return {
        (int(label), int(x[0, 0, 0])) for label, x in zip(data.labels, data.images, strict=True)
    }


def test_a_picture_is_held_out_or_not_whatever_else_there_is(tmp_path: Path) -> None:
    few = read(fill(tmp_path, 30))
    assert len(few.train) + len(few.held_out) == 60
    assert 2 <= len(few.held_out) <= 12
    again = read(tmp_path)  # from the cache
    np.testing.assert_array_equal(again.held_out.images, few.held_out.images)
    more = read(fill(tmp_path, 6, first=30))
    assert shades(more) >= shades(few)
    assert few.measured is few.held_out


def test_of_two_pictures_one_is_held_out(tmp_path: Path) -> None:
    parts = read(fill(tmp_path, 2))
    assert sorted(parts.train.labels) == sorted(parts.held_out.labels) == [0, 1]
    (tmp_path / "a" / "0.png").write_bytes(b"no picture")
    parts = read(tmp_path)
    assert parts.train.labels.tolist() == [0, 1]
    assert parts.held_out.labels.tolist() == [1]
    assert [one.path.as_posix() for one in parts.left_out] == [f"{tmp_path.name}/a/0.png"]
    (tmp_path / "b" / "0.png").unlink()
    with pytest.raises(ValueError, match="no class has two readable pictures"):
        read(tmp_path)
