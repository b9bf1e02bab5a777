"""Rasters: anti-aliased, of any size, and as the normalisation makes them of a picture."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from cnn.synthesis.strokes import (
    ALLOGRAPHS,
    STYLES,
    Line,
    as_mnist,
    as_picture,
    draw_hand,
    find_allograph,
    rasterise,
    stamp,
    trace_digit,
)
from cnn.vision.normalise import normalise

HAND = draw_hand(STYLES["careful"], np.random.default_rng(3))


def test_a_dot_covers_its_area_and_its_edge_is_soft() -> None:
    ink = stamp(np.array([[10.5, 7.5]]), np.array([4.0]), (15, 20))
    assert ink.shape == (15, 20)
    assert ink.dtype == np.float32
    assert ink.sum() == pytest.approx(np.pi * 16, rel=0.03)
    assert ink[7, 10] == 1
    assert ((ink > 0) & (ink < 1)).sum() > 12


def test_a_dot_may_lie_across_the_edge_or_outside() -> None:
    whole = stamp(np.array([[10.5, 10.5]]), np.array([4.0]), (21, 21))
    cut = stamp(np.array([[0.5, 10.5], [-90.0, 4.0], [4.0, 300.0]]), np.full(3, 4.0), (21, 21))
    assert np.allclose(cut[:, :5], whole[:, 10:15])
    assert not cut[:, 5:].any()
    assert not stamp(np.array([[-90.0, 4.0]]), np.array([2.0]), (8, 8)).any()


def test_a_line_thinner_than_a_pixel_is_pale() -> None:
    thin = stamp(np.array([[x, 4.5] for x in np.arange(0, 9, 0.25)]), np.full(36, 0.2), (9, 9))
    assert 0.2 < thin.max() <= 0.41


@pytest.mark.parametrize("height", [20, 90, 400])
def test_a_line_has_its_width_and_smooth_edges_at_every_size(height: int) -> None:
    points = np.stack([np.zeros(51), np.linspace(0, 1, 51)], axis=1)
    ink = rasterise((Line(points, np.full(51, 0.1)),), height=height) / 255
    widths = ink.sum(axis=1)[len(ink) // 4 : -len(ink) // 4]
    assert widths.mean() == pytest.approx(0.1 * height, rel=0.06)
    assert np.ptp(widths) < 0.25


@pytest.mark.parametrize("side", [1, 28, 64, 280])
def test_a_picture_has_the_asked_size_with_the_digit_in_the_middle(side: int) -> None:
    trace = trace_digit(find_allograph("0-round"), HAND, np.random.default_rng(0))
    picture = as_picture(trace, side, fill=1 if side == 1 else 0.7)
    assert picture.shape == (side, side)
    assert picture.dtype == np.uint8
    if side > 1:
        rows, columns = (np.flatnonzero(picture.max(axis=axis) > 100) for axis in (1, 0))
        assert max(np.ptp(rows), np.ptp(columns)) == pytest.approx(0.7 * side, abs=2)
        assert rows[0] + rows[-1] == pytest.approx(side - 1, abs=2)
        assert columns[0] + columns[-1] == pytest.approx(side - 1, abs=2)


def test_a_digit_that_touches_the_edge_fits() -> None:
    for form in ALLOGRAPHS:
        trace = trace_digit(form, HAND, np.random.default_rng(0))
        assert as_picture(trace, 50, fill=1).shape == (50, 50)


@pytest.mark.parametrize(("side", "fill"), [(0, 0.7), (28, 0), (28, 1.2), (-5, 0.7)])
def test_sizes_that_are_impossible_are_said(side: int, fill: float) -> None:
    trace = trace_digit(find_allograph("1-plain"), HAND, np.random.default_rng(0))
    with pytest.raises(ValueError, match="a side of at least 1 pixel and a fill up to 1, got"):
        as_picture(trace, side, fill=fill)


def test_pictures_are_like_mnists_in_size_place_and_greys() -> None:
    rng = np.random.default_rng(0)
    for form in ALLOGRAPHS:
        picture = as_mnist(trace_digit(form, HAND, rng))
        assert picture.shape == (28, 28)
        assert picture.dtype == np.uint8
        assert picture.max() == 255
        rows, columns = np.nonzero(picture)
        assert max(np.ptp(rows), np.ptp(columns)) + 1 == 20
        weights = picture.astype(float)
        middle = [(weights.sum(axis=axis) @ np.arange(28)) / weights.sum() for axis in (1, 0)]
        assert np.abs(np.array(middle) - 14).max() <= 0.6


def test_they_are_what_the_normalisation_makes_of_a_page() -> None:
    for form in ALLOGRAPHS[::5]:
        trace = trace_digit(form, HAND, np.random.default_rng(0))
        found = normalise(Image.fromarray(255 - as_picture(trace, 280)))
        assert len(found.digits) == 1, form.name
        # Rounded the other way, the centre of mass is a pixel aside.
        there, here = found.digits[0].pixels, as_mnist(trace) / 255
        distances = [
            np.abs(np.roll(here, (down, aside), (0, 1)) - there).mean()
            for down in (-1, 0, 1)
            for aside in (-1, 0, 1)
        ]
        assert min(distances) < 0.06, form.name
