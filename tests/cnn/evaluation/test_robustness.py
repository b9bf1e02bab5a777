"""Evaluation: right answers, refusals and several digits are counted as what they are."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

import cnn
from cnn.data import Dataset
from cnn.evaluation.robustness import (
    draw_mistakes,
    measure_corruption,
    measure_robustness,
    raw_mistakes,
    robustness_table,
    spread,
)
from cnn.synthesis.corruptions import CORRUPTIONS, Corruption
from cnn.synthesis.damage import DAMAGE

Sheet = tuple[np.ndarray, np.ndarray]


@pytest.fixture(scope="module")
def data(sheet: Sheet) -> Dataset:
    images, labels = sheet
    return Dataset(images[:, None], labels.astype(np.int64), tuple("0123456789"))


def test_every_condition_is_measured(data: Dataset) -> None:
    conditions = measure_robustness(cnn.load_model(), data, limit=10)
    assert [c.name for c in conditions] == [c.name for c in (*CORRUPTIONS, *DAMAGE)]
    for condition in conditions:
        assert condition.count == 10
        assert condition.normalised == pytest.approx(1 - len(condition.mistakes) / 10)
        assert set(condition.confusion) == {"7/9", "1/7", "3/5", "4/9"}
    assert conditions[0].normalised >= 0.9
    assert conditions[len(CORRUPTIONS) - 1].raw is None
    table = robustness_table(conditions)
    assert all(condition.description in table for condition in conditions)
    assert table.splitlines()[1].split()[0] == "clean"


def test_a_refusal_is_an_error(data: Dataset) -> None:
    blank = Corruption("blank", "nothing is left", 0.5, lambda images, rng: images * np.float32(0))
    condition = measure_corruption(cnn.load_model(), data, blank)
    assert condition.normalised == 0
    assert condition.refused == 40
    assert condition.calibration is None
    assert condition.confusion["7/9"] is None
    assert {mistake.answer for mistake in condition.mistakes} == {"refused"}
    assert "×" in robustness_table([condition])


def test_several_digits_are_an_error(data: Dataset) -> None:
    def twice(images: np.ndarray, rng: np.random.Generator) -> tuple[Image.Image, ...]:
        pages = []
        for image in images:
            page = Image.new("L", (400, 200))
            for left in (20, 220):
                page.paste(Image.fromarray(image).resize((168, 168)), (left, 10))
            pages.append(page)
        return tuple(pages)

    condition = measure_corruption(
        cnn.load_model(),
        data.subset(np.arange(5)),
        Corruption("twice", "written twice", 0.5, twice),
    )
    assert condition.several == 5
    assert condition.normalised == 0


def test_what_is_read_wrong_is_drawn(data: Dataset) -> None:
    wrong = Dataset(data.images, (data.labels + 1) % 10, data.classes)
    mistakes = raw_mistakes(cnn.load_model(), wrong)
    assert len(mistakes) == 40
    assert mistakes[3].label == wrong.labels[3]
    sheet = draw_mistakes([("clean", mistake) for mistake in mistakes], each=4)
    assert sheet.width > 4 * 112
    with pytest.raises(ValueError, match="nothing was read wrong"):
        draw_mistakes([])


def test_a_limit_is_spread_over_the_data(data: Dataset) -> None:
    assert spread(data, None) is data
    assert spread(data, 100) is data
    few = spread(data, 4)
    assert few.labels.tolist() == data.labels[[0, 13, 26, 39]].tolist()
