"""Reading pages with the network that finds digits, and without it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw

from cnn.models.model import Model
from cnn.models.model_file import CATS_DOGS_MODEL, load_model
from cnn.models.zoo import encoder_decoder, page_segmenter
from cnn.reading.reader import read, read_found
from cnn.synthesis.pages import PageScene, compose_pages
from cnn.vision.normalise import normalise
from tests.cnn.drawn import Sheet
from tests.cnn.reading.pages import page_of


@pytest.fixture(scope="module")
def model() -> Model:
    return load_model()


def scenes(*kinds: str) -> list[PageScene]:
    return list(compose_pages(None, kinds=kinds, each=3, seed=11, sources=["strokes"]))


def test_digits_in_boxes_rings_and_on_tables_are_read_by_the_page_network(model: Model) -> None:
    pages = scenes("box", "ring", "underlined", "page on wood", "dark canvas on a light page")
    pictures = [Image.fromarray(page.picture) for page in pages]
    alone = replace(model, page=None)
    by_rules = sum(
        read(alone, one).text == page.text for one, page in zip(pictures, pages, strict=True)
    )
    by_page = sum(
        read(model, one).text == page.text for one, page in zip(pictures, pages, strict=True)
    )
    assert by_page >= by_rules + 4
    assert by_page >= 10


def test_the_stages_are_those_of_the_reading_that_is_given(model: Model) -> None:
    one, boxed = (
        read_found(model, [normalise(Image.fromarray(scenes(kind)[0].picture))])[0]
        for kind in ("one digit", "box")
    )
    assert "page" not in [stage.name for stage in one[1].stages]
    assert "page" in [stage.name for stage in boxed[1].stages]
    assert [digit.box for digit in boxed[0].digits] == [digit.box for digit in boxed[1].digits]


def test_of_a_page_without_digits_none_is_read_by_the_map_alone(model: Model) -> None:
    picture = Image.new("RGB", (400, 300), "white")
    assert read(model, picture).refusal == read(replace(model, page=None), picture).refusal


def test_models_of_digits_have_a_page_network_and_others_none(model: Model) -> None:
    assert model.page is not None
    assert model.page.output_shape == (4, 128, 128)
    assert load_model(CATS_DOGS_MODEL).page is None


def test_page_networks_of_another_shape_are_refused(model: Model) -> None:
    with pytest.raises(ValueError, match=r"maps \(3, S, S\) to \(4, S / 2, S / 2\)"):
        replace(model, page=encoder_decoder(input_shape=(3, 64, 64)))
    with pytest.raises(ValueError, match="only digits are looked for"):
        replace(load_model(CATS_DOGS_MODEL), page=page_segmenter())


def test_pictures_of_odd_sizes_are_read(model: Model) -> None:
    for size in ((1, 1), (2, 700), (11, 11), (720, 12), (5000, 13)):
        noise = np.random.default_rng(0).integers(0, 256, size[::-1]).astype(np.uint8)
        assert read(model, Image.fromarray(noise)).text is not None


@pytest.mark.parametrize(("ink", "frame"), [(0, 0), (120, 0), (0, 120)])
@pytest.mark.parametrize("inset", [0, 3])
def test_digits_that_touch_the_boxes_round_them_are_read(
    model: Model, sheet: Sheet, ink: int, frame: int, inset: int
) -> None:
    picture = page_of(sheet, "2358", apart=130)
    digits = read(model, picture).digits
    picture = picture.point([ink + (255 - ink) * level // 255 for level in range(256)])
    pen = ImageDraw.Draw(picture)
    for digit in digits:
        left, top, width, height = digit.box
        box = (left + inset, top - 12, left + width - 1 - inset, top + height + 11)
        pen.rectangle(box, outline=frame, width=3)
    for some in (model, replace(model, page=None)):
        reading = read(some, picture)
        assert reading.text == "2358"
        assert {one.why for one in reading.left_out} == {"frame"}
