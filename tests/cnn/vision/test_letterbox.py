"""Letterboxing: place, size, fill, and pictures of odd shapes."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from cnn.vision.letterbox import FILL, letterbox


@pytest.mark.parametrize(
    ("size", "box"),
    [
        ((256, 256), (0, 0, 256, 256)),
        ((512, 256), (0, 64, 256, 128)),
        ((30, 60), (64, 0, 128, 256)),
        ((2000, 3), (0, 126, 256, 2)),
    ],
)
def test_the_longer_side_fills_the_square(
    size: tuple[int, int], box: tuple[int, int, int, int]
) -> None:
    pixels, found = letterbox(Image.new("RGB", size, (10, 20, 30)), 256)
    assert pixels.shape == (3, 256, 256)
    assert pixels.dtype == np.uint8
    assert found == box
    left, top, width, height = box
    inside = pixels[:, top : top + height, left : left + width]
    assert (inside == np.array([10, 20, 30])[:, None, None]).all()
    assert np.count_nonzero(pixels == FILL) == 3 * (256 * 256 - width * height)


def test_grey_pictures_get_three_equal_channels() -> None:
    shades = np.arange(64, dtype=np.uint8).reshape(8, 8)
    pixels, _ = letterbox(Image.fromarray(shades), 8)
    np.testing.assert_array_equal(pixels, np.stack([shades] * 3))
