"""Composites: numbers in photographs, of every kind, that say what they show."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from cnn.data.dataset import Dataset
from cnn.synthesis.composites import KINDS, Composite, compose

Sheet = tuple[np.ndarray, np.ndarray]


@pytest.fixture(scope="module")
def composites(sheet: Sheet) -> list[Composite]:
    return list(compose(digits(sheet), each=1, seed=3))


def digits(sheet: Sheet) -> Dataset:
    images, labels = sheet
    return Dataset(images[:, None], labels.astype(np.int64), tuple("0123456789"))


def test_there_is_one_of_every_kind(composites: list[Composite]) -> None:
    assert [composite.kind for composite in composites] == list(KINDS)


def test_a_composite_is_a_picture_of_the_number_that_it_names(
    composites: list[Composite],
) -> None:
    for composite in composites:
        number = composite.text.replace("\n", "")
        assert number.isdecimal()
        assert 2 <= len(number) <= 10
        assert len(composite.boxes) == len(number)
        with Image.open(io.BytesIO(composite.data)) as picture:
            assert picture.format in ("JPEG", "PNG")
            assert max(picture.size) <= 1600
            for left, top, width, height in composite.boxes:
                assert 0 <= left < left + width <= picture.width
                assert 0 <= top < top + height <= picture.height


def test_ink_stands_in_the_boxes(composites: list[Composite]) -> None:
    scan = composites[0]
    with Image.open(io.BytesIO(scan.data)) as picture:
        dark = np.asarray(picture.convert("L")) < 150
    outside = dark.copy()
    for left, top, width, height in scan.boxes:
        part = np.s_[top : top + height, left : left + width]
        assert dark[part].mean() > 0.05
        outside[part] = False
    assert outside.mean() < 0.001


def test_the_same_seed_gives_the_same_photographs(sheet: Sheet) -> None:
    data = digits(sheet)
    first, again = (next(iter(compose(data, each=1, seed=5))) for _ in range(2))
    other = next(iter(compose(data, each=1, seed=6)))
    assert first == again
    assert other.data != first.data
