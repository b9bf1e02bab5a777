"""Page maps: their place in the picture, agreement with boxes, and the drawing of them."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from cnn.models.model_file import PAGE_MODEL, load_model
from cnn.vision.page_map import PageMap, map_page

BLANK = np.zeros((10, 20), np.float32)


def of_digit(digit: np.ndarray, other: np.ndarray = BLANK) -> PageMap:
    return PageMap(1 - digit - other, digit, other, BLANK)


def test_a_map_has_the_pictures_shape_at_half_the_networks_size() -> None:
    network = load_model(PAGE_MODEL).network
    page = map_page(network, Image.new("RGB", (512, 128), "white"))
    assert page.digit.shape == (32, 128)
    total = page.paper + page.digit + page.other + page.outside
    np.testing.assert_allclose(total, 1, atol=1e-5)
    assert page.digit.max() < 0.5


def test_boxes_that_hold_all_digits_agree() -> None:
    digit, other = BLANK.copy(), BLANK.copy()
    digit[2:8, 2:6] = 0.9
    other[2:8, 10:14] = 0.9
    page = of_digit(digit, other)
    size = (200, 100)
    assert page.agreement([(20, 20, 40, 60)], size) == pytest.approx((1, 1))
    assert page.agreement([(20, 20, 20, 60)], size) == pytest.approx((0.5, 1))
    assert page.agreement([(20, 20, 40, 60), (100, 20, 40, 60)], size) == pytest.approx((1, 0.5))
    assert page.agreement([(100, 20, 40, 60)], size)[1] < 1e-3


def test_a_map_is_drawn_in_a_colour_for_each_class() -> None:
    ones = np.ones((2, 2), np.float32)
    parts = [ones * (place == np.arange(4)[:, None, None]) for place in range(4)]
    page = PageMap(*(np.concatenate(row, axis=1) for row in zip(*parts, strict=True)))
    drawn = page.draw()
    assert drawn.shape == (2, 8, 3)
    assert drawn.dtype == np.uint8
    assert len({tuple(drawn[0, column]) for column in range(0, 8, 2)}) == 4
