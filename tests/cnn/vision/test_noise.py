"""The noise that is estimated is the noise that was added."""

import numpy as np
import pytest
from PIL import Image

from cnn.vision.noise import estimate_noise, take_middle


def noisy(sigma: float, paper: np.ndarray | float = 128.0, side: int = 300) -> Image.Image:
    noise = np.random.default_rng(0).normal(0, sigma, (side, side))
    return Image.fromarray(np.clip(np.rint(paper + noise), 0, 255).astype(np.uint8))


@pytest.mark.parametrize("sigma", [4.0, 10.0, 25.0])
def test_white_noise_is_measured_as_a_share_of_the_light(sigma: float) -> None:
    assert estimate_noise(noisy(sigma)) == pytest.approx(sigma / 128, rel=0.03)
    assert estimate_noise(noisy(sigma, 150.0)) == pytest.approx(sigma / 150, rel=0.03)


def test_noise_in_the_dark_is_a_share_of_the_darkness() -> None:
    assert estimate_noise(noisy(5.0, 55.0)) == pytest.approx(5 / 200, rel=0.03)


def test_neither_shading_nor_the_edge_of_a_shadow_is_noise() -> None:
    shaded = np.linspace(100, 200, 300)[:, None] + np.where(np.arange(300) < 150, 0, 50)
    assert estimate_noise(noisy(0.0, shaded)) < 0.005
    assert estimate_noise(noisy(10.0, shaded)) == pytest.approx(10 / np.median(shaded), rel=0.1)


def test_a_picture_without_neighbours_has_no_noise() -> None:
    assert estimate_noise(Image.new("L", (2, 50))) == 0
    assert estimate_noise(Image.new("RGB", (1, 1))) == 0


def test_the_middle_of_a_picture_is_bounded() -> None:
    picture = Image.new("RGB", (2000, 500))
    picture.paste("red", (640, 0, 1360, 500))
    middle = take_middle(picture)
    assert middle.size == (720, 500)
    assert middle.getcolors() == [(720 * 500, (255, 0, 0))]
    assert take_middle(Image.new("LA", (3, 4))).size == (3, 4)
