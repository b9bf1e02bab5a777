"""Ink and paper: told apart whatever the colours, the light and the grain of the paper."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from cnn.vision.binarise import Ink, find_ink, flatten, to_grey
from tests.cnn.drawn import drawn, photographed

#: Where there is ink in each picture that `drawn` makes in the size it is given.
DRAWN = np.asarray(drawn(mode="L", ink=0, paper=255)) < 128


def agreement(found: Ink, ink: np.ndarray = DRAWN) -> float:
    """Return how much of what is ink, or was found to be ink, is both."""
    return float((found.mask & ink).sum() / (found.mask | ink).sum())


class TestFlatten:
    def test_a_picture_without_transparency_is_left_alone(self) -> None:
        for mode in ("L", "RGB"):
            image = Image.new(mode, (4, 3))
            assert flatten(image) is image

    @pytest.mark.parametrize(
        ("ink", "paper"),
        [
            ((0, 0, 0), 255),
            ((200, 30, 30), 255),
            ((255, 255, 0), 0),
            ((255, 255, 255), 0),
            ((190, 190, 190), 255),
        ],
    )
    def test_the_paper_is_white_unless_the_ink_is_nearly(
        self, ink: tuple[int, int, int], paper: int
    ) -> None:
        flat = flatten(drawn(mode="RGBA", ink=(*ink, 255), paper=(0, 0, 0, 0)))
        assert flat.mode == "RGB"
        assert flat.getpixel((0, 0)) == (paper,) * 3
        assert flat.getpixel((175, 80)) == ink

    def test_half_transparent_ink_lets_the_paper_through(self) -> None:
        image = Image.new("LA", (9, 9), (0, 128))
        assert flatten(image).mode == "L"
        assert flatten(image).getpixel((4, 4)) == pytest.approx(127, abs=1)

    def test_an_opaque_white_picture_is_a_white_page(self) -> None:
        """Nothing shines through: there is no paper to choose, and no ink."""
        assert flatten(Image.new("RGBA", (9, 9), "white")).getpixel((0, 0)) == (255,) * 3

    def test_a_high_picture_is_put_on_one_paper_from_top_to_bottom(self) -> None:
        image = Image.new("LA", (1000, 3000), (255, 0))
        image.paste((255, 255), (100, 2900, 900, 2950))
        flat = np.asarray(flatten(image))
        assert flat[2900:2950, 100:900].min() == 255
        assert flat.sum(dtype=np.int64) == 255 * 50 * 800


class TestToGrey:
    @pytest.mark.parametrize("size", [(400, 300), (70, 60)])
    @pytest.mark.parametrize(
        ("ink", "paper", "light"),
        [
            ("black", "white", False),
            ("white", "black", True),
            ("yellow", "white", False),
            ("yellow", "black", True),
            ("navy", "lightyellow", False),
            ("white", "darkgreen", True),
        ],
    )
    def test_ink_of_any_colour_is_the_darker(
        self, size: tuple[int, int], ink: str, paper: str, light: bool
    ) -> None:
        width, height = size
        box = (width // 3, height // 5, width // 3, height // 2)
        image = drawn(size=size, box=box, width=max(3, width // 25), ink=ink, paper=paper)
        grey, light_on_dark = to_grey(image)
        assert light_on_dark is light
        assert grey.mode == "L"
        shown = np.asarray(grey, int)
        # In the middle of the seven's bar, and in a corner.
        place = (box[1] + round(0.1 * box[3]), box[0] + box[2] // 2)
        assert shown[place] < shown[2, 2] - 60

    def test_yellow_on_white_shows_more_than_in_its_luminance(self) -> None:
        image = drawn(ink="yellow")
        luminance = np.asarray(image.convert("L"), int)
        grey = np.asarray(to_grey(image)[0], int)
        assert np.ptp(luminance) < 40
        assert np.ptp(grey) > 120

    def test_a_grey_picture_keeps_its_grey(self) -> None:
        image = drawn(mode="L", ink=40, paper=200)
        grey, light_on_dark = to_grey(image)
        assert not light_on_dark
        assert np.array_equal(np.asarray(grey), np.asarray(image))
        turned, light_on_dark = to_grey(drawn(mode="L", ink=200, paper=40))
        assert light_on_dark
        assert np.asarray(turned).max() == 215

    def test_a_shaded_page_is_not_turned_to_its_negative(self) -> None:
        assert not to_grey(photographed(drawn()))[1]
        assert to_grey(photographed(drawn(ink="white", paper=(60, 60, 60)), shade=0.8))[1]


class TestFindInk:
    def test_ink_on_clean_paper_is_found_exactly(self) -> None:
        found = find_ink(drawn())
        assert agreement(found) > 0.99
        assert not found.light_on_dark
        assert found.contrast > 0.95
        assert found.noise == 0
        assert not found.blank

    def test_all_arrays_have_the_pictures_size_and_their_range(self) -> None:
        found = find_ink(photographed(drawn()))
        for array in (found.grey, found.paper, found.strength, found.mask):
            assert array.shape == (300, 400)
        assert found.grey.dtype == found.paper.dtype == np.uint8
        assert found.strength.dtype == np.float32
        assert found.strength.min() == 0
        assert found.strength.max() == 1
        assert found.mask.dtype == bool

    @pytest.mark.parametrize("shade", [1.0, 0.6, 0.35])
    def test_the_light_does_not_matter(self, shade: float) -> None:
        found = find_ink(photographed(drawn(), shade=shade))
        assert agreement(found) > 0.85

    def test_the_paper_is_as_if_nothing_stood_on_it(self) -> None:
        empty = np.asarray(photographed(Image.new("RGB", (400, 300), "white"), noise=0.01), int)
        found = find_ink(photographed(drawn(), noise=0.01))
        paper = found.paper.astype(int)
        inside = np.s_[10:-10, 10:-10]
        assert np.abs(paper - empty.reshape(300, 400))[inside].max() < 16

    def test_light_ink_on_dark_paper_is_found_as_well(self) -> None:
        found = find_ink(drawn(ink="white", paper=(40, 40, 40)))
        assert found.light_on_dark
        assert agreement(found) > 0.98

    @pytest.mark.parametrize("level", [0, 128, 255])
    def test_one_colour_is_blank(self, level: int) -> None:
        assert find_ink(Image.new("L", (300, 200), level)).blank

    @pytest.mark.parametrize("size", [(400, 300), (60, 50)])
    def test_the_grain_of_empty_paper_is_blank(self, size: tuple[int, int]) -> None:
        rng = np.random.default_rng(1)
        grain = rng.normal(200, 4, (size[1], size[0])).clip(0, 255).astype(np.uint8)
        found = find_ink(Image.fromarray(grain))
        assert found.blank
        assert found.noise > 0.005

    def test_empty_paper_in_a_photograph_is_blank(self) -> None:
        assert find_ink(photographed(Image.new("RGB", (400, 300), "white"))).blank

    def test_pale_ink_is_no_blank_page(self) -> None:
        found = find_ink(drawn(ink=(225, 225, 225)))
        assert not found.blank
        assert agreement(found) > 0.98
        assert 0.08 < found.contrast < 0.16

    def test_the_strength_says_how_dark_ink_is_against_the_darkest(self) -> None:
        image = drawn(ink="black")
        image.paste((128, 128, 128), (20, 200, 60, 260))
        found = find_ink(image)
        assert np.median(found.strength[DRAWN]) > 0.95
        assert found.strength[220, 40] == pytest.approx(0.5, abs=0.1)

    def test_printed_lines_in_a_photograph_are_no_ink(self) -> None:
        image = drawn()
        for top in (40, 110, 250):
            image.paste((170, 190, 215), (0, top, 400, top + 2))
        image.paste("black", mask=Image.fromarray(DRAWN))
        found = find_ink(photographed(image, shade=0.9))
        assert agreement(found) > 0.85
        assert found.mask[:, :120].mean() < 0.01

    def test_impulses_in_a_small_picture_are_no_ink(self) -> None:
        small = drawn(mode="L", size=(60, 60), box=(20, 10, 20, 40), width=5, ink=0, paper=255)
        spoilt = np.array(small)
        rng = np.random.default_rng(0)
        struck = rng.random(spoilt.shape) < 0.05
        spoilt[struck] = 255 - spoilt[struck]
        found = find_ink(Image.fromarray(spoilt))
        assert agreement(found, np.asarray(small) < 128) > 0.8

    @pytest.mark.parametrize("seed", range(3))
    def test_the_grain_of_a_small_picture_is_no_ink(self, seed: int) -> None:
        small = drawn(mode="L", size=(60, 60), box=(20, 10, 20, 40), width=5, ink=60, paper=220)
        grain = np.random.default_rng(seed).normal(0, 40, (60, 60))
        spoilt = (np.asarray(small) + grain).clip(0, 255).astype(np.uint8)
        found = find_ink(Image.fromarray(spoilt))
        assert agreement(found, np.asarray(small) < 128) > 0.87
