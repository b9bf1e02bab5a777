"""Reading digits that touch with the network that reads rows, and without it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw

from cnn.models.model import Model
from cnn.models.model_file import CATS_DOGS_MODEL, load_model
from cnn.models.zoo import page_segmenter, row_reader
from cnn.reading.reader import Reading, read
from cnn.synthesis.pages import compose_pages
from cnn.synthesis.pages.signs import written_sign

KINDS = ("touching pair", "touching three", "joined noughts")


def test_digits_that_touch_are_read_by_the_row_network(model: Model) -> None:
    pages = list(compose_pages(None, kinds=KINDS, each=6, seed=5, sources=["strokes"]))

    def right(reader: Model) -> int:
        return sum(read(reader, Image.fromarray(one.picture)).text == one.text for one in pages)

    assert right(model) >= right(replace(model, row=None)) + 6
    assert right(model) >= 10


def rings(count: int) -> Reading:
    """Read noughts of which each shares a wall with the next."""
    picture = Image.new("L", (140 * count + 200, 320), 255)
    pen = ImageDraw.Draw(picture)
    for place in range(count):
        left = 100 + 96 * place
        pen.ellipse((left, 80, left + 110, 240), outline=0, width=14)
    return read(load_model(), picture)


@pytest.mark.parametrize("count", [2, 3, 4])
def test_noughts_that_share_a_wall_are_cut_through_it(count: int) -> None:
    reading = rings(count)
    assert reading.text == "0" * count
    assert all(digit.joined and digit.in_row is not None for digit in reading.digits)
    lefts = [digit.box[0] for digit in reading.digits]
    assert all(70 <= gap <= 120 for gap in np.diff(lefts))


def test_signs_and_letters_beside_digits_are_left_out(model: Model) -> None:
    kinds = ("letters beside", "currency and percent", "brackets")
    pages = list(compose_pages(None, kinds=kinds, each=6, seed=5, sources=["strokes"]))

    def right(reader: Model) -> int:
        return sum(read(reader, Image.fromarray(one.picture)).text == one.text for one in pages)

    # Without the page network, which leaves some of them out as well.
    alone = replace(model, page=None)
    assert right(alone) >= right(replace(alone, row=None)) + 4


def test_of_signs_alone_nothing_is_read(model: Model) -> None:
    rng = np.random.default_rng(3)
    signs = [written_sign(rng) for _ in range(30)]
    pairs = [
        Image.fromarray(
            np.hstack([np.asarray(one.resize((160, 160))) for one in signs[start : start + 2]])
        )
        for start in range(0, 30, 2)
    ]
    readings = [read(model, one) for one in pairs]
    assert all(reading.digits or reading.refusal is not None for reading in readings)
    assert sum(not reading.digits for reading in readings) >= 10


def test_models_of_digits_have_a_row_network_and_others_none(model: Model) -> None:
    assert model.row is not None
    assert model.row.output_shape == (12, 1, 64)
    assert load_model(CATS_DOGS_MODEL).row is None


def test_row_networks_of_another_shape_are_refused(model: Model) -> None:
    with pytest.raises(ValueError, match=r"maps \(1, H, W\) to \(12, 1, W / 2\)"):
        replace(model, row=page_segmenter(side=32))
    with pytest.raises(ValueError, match="only digits are looked for in rows"):
        replace(load_model(CATS_DOGS_MODEL), row=row_reader())
