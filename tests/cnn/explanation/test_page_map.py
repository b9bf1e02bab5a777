"""Explanations of page maps: the map of the reader, and the levels before it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw

import cnn
from cnn.errors import ChoiceError, PictureError
from cnn.explanation.page_map import explain_page
from cnn.layers import AveragePool2D, Conv2D, Softmax
from cnn.models.model import PAGE_CLASSES
from cnn.models.sequential import Sequential
from cnn.vision.normalise import normalise
from cnn.vision.page_map import map_page
from tests.cnn.drawn import page as placed


def page(size: tuple[int, int] = (300, 200)) -> Image.Image:
    """Return a page with a 7 and a ruled line under it."""
    image = Image.new("L", size, "white")
    draw = ImageDraw.Draw(image)
    draw.line([(115, 40), (165, 38), (140, 115)], fill=0, width=7, joint="curve")
    draw.line([(20, 160), (280, 160)], fill=0, width=3)
    return image


def test_the_map_is_the_readers() -> None:
    model = cnn.load_model()
    assert model.page is not None
    found = explain_page(model, page())
    own = map_page(model.page, normalise(page()).picture)
    expected = np.stack([own.paper, own.digit, own.other, own.outside])
    np.testing.assert_allclose(found.probabilities, expected, atol=1e-4)
    assert found.pixels.shape == (170, 256, 3)
    assert found.probabilities.shape == (len(PAGE_CLASSES), 85, 128)
    np.testing.assert_allclose(found.probabilities.sum(axis=0), 1, atol=1e-5)


def test_a_digit_a_line_and_paper_are_told_apart(sheet: tuple[np.ndarray, np.ndarray]) -> None:
    image = placed([(sheet[0][0], 110, 20, 110)], (300, 200))
    ImageDraw.Draw(image).line([(20, 160), (280, 160)], fill=0, width=3)
    paper, digit, other, _ = explain_page(cnn.load_model(), image).probabilities
    # The map has 128 columns for the picture's 300.
    written, line = np.s_[8:56, 46:94], np.s_[66:71, 15:110]
    assert digit[written].sum() > 2 * other[written].sum()
    assert other[line].sum() > 5 * digit[line].sum()
    assert (paper[20:60, 5:40] > 0.5).all()


def test_each_size_on_the_way_down_and_up_is_shown() -> None:
    levels = explain_page(cnn.load_model(), page((300, 300))).levels
    sizes = [128, 64, 32, 16, 8, 16, 32, 64, 128]
    assert [level.strongest.shape for level in levels] == [(side, side) for side in sizes]
    assert [level.channels for level in levels] == [16, 24, 48, 64, 64, 48, 24, 16, 16]
    assert all(np.ptp(level.strongest) > 0 for level in levels)


def test_a_level_of_a_wide_picture_covers_it() -> None:
    levels = explain_page(cnn.load_model(), page()).levels
    assert [level.strongest.shape for level in levels[:5]] == [
        (85, 128),
        (43, 64),
        (22, 32),
        (12, 16),
        (6, 8),
    ]


@pytest.mark.parametrize("size", [(1, 1), (2000, 1), (3, 700)])
def test_pictures_without_room_for_a_digit_have_a_map(size: tuple[int, int]) -> None:
    found = explain_page(cnn.load_model(), Image.new("L", size, "white"))
    assert np.isfinite(found.probabilities).all()
    assert min(found.pixels.shape[:2]) >= 2


def test_a_page_network_that_is_no_graph_has_a_map_without_levels() -> None:
    layers = [AveragePool2D(2), Conv2D(len(PAGE_CLASSES), 1), Softmax()]
    network = Sequential(layers, input_shape=(3, 32, 32))
    found = explain_page(replace(cnn.load_model(), page=network), page())
    assert found.levels == ()
    assert found.probabilities.shape[0] == len(PAGE_CLASSES)


def test_a_model_without_a_page_network_and_a_broken_picture_are_refused() -> None:
    model = cnn.load_model()
    with pytest.raises(ChoiceError) as refused:
        explain_page(replace(model, page=None), page())
    assert refused.value.reason == "no_page_network"
    with pytest.raises(PictureError):
        explain_page(model, b"no picture")
