"""From a mask of ink to digits: what belongs together, what is left out, and in which order."""

from __future__ import annotations

import numpy as np
import pytest

from cnn.vision.segment import MOST_GLYPHS, Glyph, find_glyphs

Box = tuple[int, int, int, int]

HEIGHT, WIDTH = 300, 400


def find(
    *boxes: Box,
    photograph: bool = False,
    small: bool = False,
    guided: bool = False,
    pale: tuple[Box, ...] = (),
) -> list[Glyph]:
    """Find the glyphs of a page with rectangles of ink: (left, top, right, bottom)."""
    strength = np.zeros((HEIGHT, WIDTH), np.float32)
    for darkness, some in ((1.0, boxes), (0.4, pale)):
        for left, top, right, bottom in some:
            strength[top:bottom, left:right] = darkness
    glyphs, *_ = find_glyphs(strength, strength, photograph=photograph, small=small, guided=guided)
    return glyphs


def boxes_of(glyphs: list[Glyph]) -> list[Box]:
    return [glyph.box for glyph in glyphs]


def test_an_empty_page_has_no_digits() -> None:
    assert find() == []


def test_the_boxes_and_parts_are_those_of_the_ink() -> None:
    one, other = (50, 60, 70, 140), (120, 55, 160, 135)
    strength = np.zeros((HEIGHT, WIDTH), np.float32)
    for left, top, right, bottom in (one, other):
        strength[top:bottom, left:right] = 1
    glyphs, components, _ = find_glyphs(strength > 0, strength, photograph=False)
    assert boxes_of(glyphs) == [one, other]
    for glyph in glyphs:
        [part] = glyph.parts
        assert tuple(components.boxes[part]) == glyph.box


class TestOrder:
    def test_lines_are_read_from_the_top_and_each_from_the_left(self) -> None:
        upper = [(40 + 80 * n, 30 + 6 * (n % 2), 80 + 80 * n, 110 + 6 * (n % 2)) for n in range(4)]
        lower = [(10 + 80 * n, 180, 50 + 80 * n, 260) for n in range(4)]
        glyphs = find(*reversed(lower), *reversed(upper))
        assert boxes_of(glyphs) == [*upper, *lower]
        assert [glyph.line for glyph in glyphs] == [0] * 4 + [1] * 4

    def test_a_line_may_slope(self) -> None:
        """Each digit overlaps the one before it, but the first and the last hardly do."""
        sloping = [(20 + 60 * n, 60 + 15 * n, 50 + 60 * n, 140 + 15 * n) for n in range(5)]
        assert [glyph.line for glyph in find(*sloping)] == [0] * 5

    def test_a_row_may_bend_steeply(self) -> None:
        """Both ends are equally high, and the middle far above them."""
        tops = [150, 95, 45, 40, 60, 110, 160]
        bent = [(20 + 48 * n, top, 55 + 48 * n, top + 70) for n, top in enumerate(tops)]
        glyphs = find(*bent)
        assert boxes_of(glyphs) == bent
        assert [glyph.line for glyph in glyphs] == [0] * 7

    def test_rows_that_nearly_touch_stay_two(self) -> None:
        upper = [(40 + 60 * n, 60, 80 + 60 * n, 130) for n in range(4)]
        lower = [(60 + 60 * n, 132, 100 + 60 * n, 202) for n in range(4)]
        glyphs = find(*upper, *lower)
        assert [glyph.line for glyph in glyphs] == [0] * 4 + [1] * 4
        assert boxes_of(glyphs) == [*upper, *lower]

    def test_a_low_digit_stands_on_the_line_of_its_neighbours(self) -> None:
        tall, low = (40, 60, 80, 160), (120, 110, 160, 170)
        glyphs = find(tall, low)
        assert boxes_of(glyphs) == [tall, low]
        assert [glyph.line for glyph in glyphs] == [0, 0]


class TestPieces:
    @pytest.mark.parametrize("left", [105, 120])
    def test_the_bar_above_a_five_belongs_to_it(self, left: int) -> None:
        body, bar = (100, 90, 150, 200), (left, 70, left + 60, 80)
        [five] = find(body, bar)
        assert five.box == (100, 70, left + 60, 200)
        assert len(five.parts) == 2

    def test_a_small_piece_beside_a_digit_belongs_to_it(self) -> None:
        body, piece = (100, 80, 150, 200), (158, 100, 185, 135)
        assert boxes_of(find(body, piece)) == [(100, 80, 185, 200)]

    def test_a_small_piece_farther_away_does_not(self) -> None:
        body, piece = (100, 80, 150, 200), (185, 100, 212, 155)
        assert boxes_of(find(body, piece)) == [body, piece]

    def test_a_small_digit_beside_a_large_one_is_none_of_its_pieces(self) -> None:
        large, raised = (100, 80, 150, 180), (158, 65, 180, 110)
        assert boxes_of(find(large, raised)) == [large, raised]

    @pytest.mark.parametrize("small", [False, True])
    def test_a_small_row_under_large_digits_is_none_of_their_pieces(self, small: bool) -> None:
        large = [(100, 20, 160, 120), (170, 20, 230, 120)]
        row = [(100, 130, 125, 172), (135, 130, 160, 172), (170, 132, 195, 172)]
        glyphs = find(*large, *row, small=small)
        assert boxes_of(glyphs) == [*large, *row]
        assert [glyph.line for glyph in glyphs] == [0, 0, 1, 1, 1]

    def test_two_digits_beside_one_another_are_two(self) -> None:
        boxes = [(100, 80, 150, 180), (153, 80, 203, 180)]
        assert boxes_of(find(*boxes)) == boxes

    def test_several_that_run_together_are_no_whole_that_the_next_is_a_piece_of(self) -> None:
        boxes = [(20, 100, 260, 180), (265, 90, 310, 190)]
        assert boxes_of(find(*boxes)) == boxes

    def test_two_digits_above_one_another_are_two(self) -> None:
        boxes = [(100, 40, 150, 120), (100, 130, 150, 210)]
        glyphs = find(*boxes)
        assert boxes_of(glyphs) == boxes
        assert [glyph.line for glyph in glyphs] == [0, 1]

    def test_a_wide_nought_close_below_a_digit_is_no_bar_of_it(self) -> None:
        upper, nought, tall = (40, 40, 92, 102), (44, 119, 111, 162), (200, 60, 240, 132)
        assert boxes_of(find(upper, nought, tall)) == [upper, tall, nought]

    def test_on_a_page_of_digits_one_that_reaches_into_the_next_row_is_one(self) -> None:
        beside = [(200 + 60 * n, 40, 240 + 60 * n, 120) for n in range(3)]
        tail, below = (100, 120, 110, 130), (115, 125, 150, 205)
        glyphs = find(*beside, (100, 45, 140, 120), tail, below, (180, 130, 220, 205))
        assert boxes_of(glyphs) == [(100, 45, 140, 130), *beside, below, (180, 130, 220, 205)]

    def test_in_a_small_picture_they_are_the_pieces_of_one(self) -> None:
        """The two halves of a three or an eight, wider than high, that do not meet."""
        boxes = [(100, 40, 200, 100), (100, 104, 200, 164)]
        assert boxes_of(find(*boxes, small=True)) == [(100, 40, 200, 164)]
        assert boxes_of(find(*boxes)) == boxes


class TestLeftOut:
    def test_specks_of_dust(self) -> None:
        digit = (100, 80, 150, 200)
        specks = [(20 + 60 * n, 20, 24 + 60 * n, 25) for n in range(6)]
        assert boxes_of(find(digit, *specks)) == [digit]

    def test_a_lone_speck_is_all_there_is(self) -> None:
        assert boxes_of(find((100, 80, 104, 85))) == [(100, 80, 104, 85)]

    def test_scraps_far_below_the_size_of_the_digits(self) -> None:
        digits = [(40, 80, 80, 180), (140, 80, 180, 180), (240, 80, 280, 180)]
        scrap = (340, 120, 370, 150)
        assert boxes_of(find(*digits, scrap)) == digits

    def test_what_is_nowhere_dark(self) -> None:
        digit, shade = (100, 80, 150, 200), (220, 80, 270, 200)
        assert boxes_of(find(digit, pale=(shade,))) == [digit]

    def test_a_pale_digit_with_some_dark_ink_stays(self) -> None:
        pale = (220, 80, 270, 200)
        assert boxes_of(find((230, 90, 255, 120), pale=(pale,))) == []
        strength = np.zeros((HEIGHT, WIDTH), np.float32)
        strength[80:200, 220:270] = 0.4
        strength[80:95, 220:270] = 1
        glyphs, *_ = find_glyphs(strength > 0, strength, photograph=False)
        assert boxes_of(glyphs) == [pale]

    @pytest.mark.parametrize(
        "edge", [(0, 280, 400, 300), (0, 0, 400, 20), (0, 0, 15, 300), (385, 0, 400, 300)]
    )
    def test_in_a_photograph_what_touches_the_border(self, edge: Box) -> None:
        digit = (150, 80, 200, 200)
        assert boxes_of(find(digit, edge, photograph=True)) == [digit]

    def test_but_in_a_scan_writing_may_touch_the_border(self) -> None:
        digits = [(0, 80, 50, 200), (150, 80, 200, 200)]
        assert boxes_of(find(*digits)) == digits
        assert boxes_of(find(*digits, photograph=True)) == digits[1:]

    def test_nor_is_it_left_out_if_nothing_else_is_there(self) -> None:
        """A digit that was photographed from too near is cut off, but it is the digit."""
        digit, dust = (150, 100, 250, 300), (20, 20, 25, 26)
        assert boxes_of(find(digit, dust, photograph=True)) == [digit]


class TestGuided:
    """Where a page map has left hardly anything but digits."""

    def test_a_small_digit_is_none_of_the_scraps(self) -> None:
        digits = [(40, 80, 80, 180), (140, 80, 180, 180), (240, 80, 280, 180)]
        small = (340, 145, 365, 180)
        assert boxes_of(find(*digits, small)) == digits
        assert boxes_of(find(*digits, small, guided=True)) == [*digits, small]

    def test_a_small_digit_close_beside_a_large_one_is_no_piece_of_it(self) -> None:
        large, small = (140, 80, 190, 180), (196, 140, 220, 180)
        assert boxes_of(find(large, small)) == [(140, 80, 220, 180)]
        assert boxes_of(find(large, small, guided=True)) == [large, small]

    def test_but_a_slim_stroke_is(self) -> None:
        large, stroke = (140, 80, 190, 180), (196, 140, 204, 180)
        assert boxes_of(find(large, stroke, guided=True)) == [(140, 80, 204, 180)]


class TestMany:
    @staticmethod
    def grid(count: int) -> list[Box]:
        return [
            (4 + 16 * (n % 24), 4 + 32 * (n // 24), 14 + 16 * (n % 24), 26 + 32 * (n // 24))
            for n in range(count)
        ]

    def test_a_page_of_the_most_digits_is_read_in_order(self) -> None:
        boxes = self.grid(MOST_GLYPHS)
        assert boxes_of(find(*boxes)) == boxes

    def test_one_more_is_no_page_of_digits_and_says_so_by_its_number(self) -> None:
        assert len(find(*self.grid(MOST_GLYPHS + 1))) == MOST_GLYPHS + 1

    def test_noise_is_more_than_any_page_has(self) -> None:
        mask = np.zeros((HEIGHT, WIDTH), bool)
        mask[::4, ::4] = mask[1::4, ::4] = True
        glyphs, components, _ = find_glyphs(mask, mask.astype(np.float32), photograph=False)
        assert len(glyphs) == len(components) == 75 * 100
