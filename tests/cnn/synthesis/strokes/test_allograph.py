"""Forms as text: points, corners, freedom, and the curve through them."""

from __future__ import annotations

import numpy as np
import pytest

from cnn.synthesis.strokes import Stroke


def test_points_corners_and_freedom_are_read_from_the_text() -> None:
    stroke = Stroke("10 20, -5 90!, 60 95~8")
    assert stroke.points.tolist() == [[0.1, 0.2], [-0.05, 0.9], [0.6, 0.95]]
    assert stroke.freedom.ravel().tolist() == [0.03, 0.03, 0.08]


def test_a_curve_goes_through_its_points() -> None:
    stroke = Stroke("0 0, 30 50, 60 20, 80 90")
    curve = stroke.curve @ stroke.points
    for point in stroke.points:
        assert np.linalg.norm(curve - point, axis=1).min() < 1e-9


def test_a_curve_through_points_of_a_circle_is_nearly_a_circle() -> None:
    turns = np.linspace(0, 2 * np.pi, 13)
    circle = np.rint(50 + 50 * np.stack([np.cos(turns), np.sin(turns)], axis=1)).astype(int)
    stroke = Stroke(", ".join(f"{x} {y}" for x, y in circle))
    radii = np.linalg.norm(stroke.curve @ stroke.points - 0.5, axis=1)
    assert np.abs(radii - 0.5).max() < 0.015


def test_a_curve_is_linear_in_its_points_so_that_a_moved_form_is_the_moved_curve() -> None:
    stroke = Stroke("0 0, 30 50!, 60 20, 80 90")
    moved = stroke.curve @ (stroke.points * [2, 1] + [0.1, -0.2])
    assert np.allclose(moved, (stroke.curve @ stroke.points) * [2, 1] + [0.1, -0.2])


@pytest.mark.parametrize(("mark", "sharp"), [("!", True), ("", False)])
def test_a_corner_is_sharp_and_other_points_are_not(mark: str, sharp: bool) -> None:
    stroke = Stroke(f"0 50, 50 0{mark}, 100 50")
    steps = np.diff(stroke.curve @ stroke.points, axis=0)
    angles = np.unwrap(np.arctan2(steps[:, 1], steps[:, 0]))
    assert bool(np.abs(np.diff(angles)).max() > np.deg2rad(80)) == sharp


@pytest.mark.parametrize("text", ["", "10 20", "10 20; 30 40", "10 20, 30", "10 20, 3.5 40"])
def test_what_is_no_stroke_is_said(text: str) -> None:
    with pytest.raises(ValueError, match="expected two or more points") as caught:
        Stroke(text)
    assert repr(text) in str(caught.value)
