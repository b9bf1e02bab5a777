"""The context network: what stands among digits and is none is left out, and a 1 stays."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw

from cnn.models.model import CONTEXT_CLASSES, Model
from cnn.models.model_file import CATS_DOGS_MODEL, load_model
from cnn.models.zoo import context_reader, row_reader
from cnn.reading.context import see_beside, with_context
from cnn.reading.reader import read
from tests.cnn.drawn import Sheet
from tests.cnn.reading.pages import page_of


def with_slash(sheet: Sheet) -> Image.Image:
    """Return a page that shows 2/5."""
    picture = page_of(sheet, "25", apart=150)
    ImageDraw.Draw(picture).line((154, 145, 188, 47), fill=0, width=8)
    return picture


def test_a_slash_is_no_digit_among_others_and_a_one_is(model: Model, sheet: Sheet) -> None:
    assert model.context is not None
    rules = replace(model, page=None)
    slash, one = (read(rules, page) for page in (with_slash(sheet), page_of(sheet, "215")))
    assert slash.text == one.text == "215"
    first, second = (
        see_beside(model.context, reading.digits, range(3)) for reading in (slash, one)
    )
    assert min(first[0], first[2], *second.values()) > 2
    assert first[1] < -2


def test_the_slash_is_left_out_and_the_one_is_read(model: Model, sheet: Sheet) -> None:
    reading = read(model, with_slash(sheet))
    assert reading.text == "25"
    assert [one.why for one in reading.left_out] == ["not_a_digit"]
    assert read(model, page_of(sheet, "215")).text == "215"


def test_a_digit_alone_is_not_asked_about(model: Model, sheet: Sheet) -> None:
    assert model.context is not None
    reading = read(model, page_of(sheet, "7"))
    assert with_context(model.context, reading).digits[0].in_context is None
    pair = read(model, page_of(sheet, "72"))
    assert see_beside(model.context, pair.digits, []) == {}
    far = read(model, page_of(sheet, "72", apart=600))
    assert far.text == "72"
    assert see_beside(model.context, far.digits, [0, 1]) == {}
    bare = tuple(replace(one, stages=()) for one in pair.digits)
    assert see_beside(model.context, bare, [0, 1]) == {}


def test_of_a_piece_that_was_cut_the_network_is_never_so_sure(model: Model, sheet: Sheet) -> None:
    assert model.context is not None
    reading = read(replace(model, page=None), with_slash(sheet))
    slash = see_beside(model.context, reading.digits, [1])[1]
    assert slash < -4
    cut = tuple(replace(one, joined=True) for one in reading.digits)
    assert see_beside(model.context, cut, [1]) == {1: -4.0}


def test_without_the_network_digits_are_read(model: Model, sheet: Sheet) -> None:
    reading = read(replace(model, context=None), page_of(sheet, "7295"))
    assert reading.text == "7295"
    assert all(one.in_context is None for one in reading.digits)


def test_models_of_digits_have_a_context_network_and_others_none(model: Model) -> None:
    assert model.context is not None
    assert model.context.output_shape == (len(CONTEXT_CLASSES),)
    assert load_model(CATS_DOGS_MODEL).context is None
    told = model.context.predict(np.zeros((1, 2, 32, 64), np.uint8))
    assert told.sum() == pytest.approx(1, rel=1e-4)


def test_context_networks_of_another_shape_are_refused(model: Model) -> None:
    with pytest.raises(ValueError, match=r"maps \(2, H, W\) to \(11,\)"):
        replace(model, context=row_reader())
    with pytest.raises(ValueError, match="only digits are looked at among others"):
        replace(load_model(CATS_DOGS_MODEL), context=context_reader())
