"""The charts: what they show can be found in the pixels, and odd histories do not break them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops

from cnn.evaluation import charts

BLUE, ORANGE = (37, 99, 235), (234, 88, 12)


def pixels_near(image: Image.Image, colour: tuple[int, int, int]) -> int:
    distance = np.abs(np.asarray(image, dtype=np.int64) - colour).max(axis=-1)
    return int((distance < 40).sum())


def halves(image: Image.Image) -> tuple[Image.Image, Image.Image]:
    middle = image.width // 2
    return (
        image.crop((0, 0, middle, image.height)),
        image.crop((middle, 0, image.width, image.height)),
    )


def test_curves_of_training_and_validation_appear_in_both_panels() -> None:
    image = charts.learning_curves(
        {
            "loss": [0.4, 0.2, 0.1],
            "val_loss": [0.3, 0.2, 0.15],
            "accuracy": [0.9, 0.95, 0.98],
            "val_accuracy": [0.92, 0.95, 0.97],
            "learning_rate": [0.001, 0.002, 0.0005],
        }
    )
    assert image.mode == "RGB"
    assert image.size == (1120, 350)
    for panel in halves(image):
        assert pixels_near(panel, BLUE) > 300
        assert pixels_near(panel, ORANGE) > 300


def test_curves_of_a_generator_and_its_discriminator() -> None:
    image = charts.adversarial_curves(
        {
            "adversarial": [1.4, 1.1, 1.0, 0.9, math.nan],
            "discriminator_loss": [1.3, 1.2, 1.3, 1.3, 1.3],
            "real_right": [0.9, 0.7, 0.6, 0.6],
            "made_right": [0.95, 0.8, 0.7, 0.6],
        }
    )
    assert image.size == (1120, 350)
    for panel in halves(image):
        assert pixels_near(panel, BLUE) > 300
        assert pixels_near(panel, ORANGE) > 300


def test_a_missing_metric_leaves_its_panel_without_curves() -> None:
    loss, accuracy = halves(charts.learning_curves({"loss": [2.0, 1.0]}))
    assert pixels_near(loss, BLUE) > 300
    assert pixels_near(accuracy, BLUE) == 0


@pytest.mark.parametrize(
    "history",
    [
        {"loss": [0.5]},
        {"accuracy": [1.0, 1.0], "val_accuracy": [1.0, 1.0]},
        {"loss": [0.0, 0.0]},
        {"loss": [math.nan, 3.0, math.inf, 2.0], "val_loss": [math.nan] * 4},
        {"loss": [1e-9, 2e-9], "learning_rate": [0.0, 0.0]},
        {"loss": [1.0, 2.0], "learning_rate": [math.nan, math.nan]},
        {"loss": [1.0, 2.0], "learning_rate": []},
        {"val_loss": [-1.0, -2.0], "seconds": [1.0, 1.1]},
        {"loss": [1.0] * 500},
    ],
)
def test_odd_histories_are_drawn(history: dict[str, list[float]]) -> None:
    assert charts.learning_curves(history).size == (1120, 350)


@pytest.mark.parametrize("history", [{}, {"learning_rate": [0.1]}, {"loss": [math.nan]}])
def test_a_history_without_values_is_refused(history: dict[str, list[float]]) -> None:
    with pytest.raises(ValueError, match="expected values of a loss or an accuracy"):
        charts.learning_curves(history)


@given(
    low=st.floats(-1e3, 1e3),
    span=st.one_of(st.just(0.0), st.floats(1e-3, 1e6)),
    n=st.integers(3, 9),
)
def test_ticks_enclose_the_range_in_even_steps(low: float, span: float, n: int) -> None:
    high = low + span
    ticks = charts._round_ticks(low, high, count=n)
    slack = 1e-6 * (ticks[-1] - ticks[0]) + 1e-9 * abs(low)
    assert 2 <= len(ticks) <= n + 3
    assert ticks[0] <= low + slack
    assert ticks[-1] >= high - slack
    assert np.allclose(np.diff(ticks), ticks[1] - ticks[0])


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0.0, 0.37, [0.0, 0.1, 0.2, 0.3, 0.4]),
        (0.0, 10.0, [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]),
        (0.915, 0.996, [0.9, 0.92, 0.94, 0.96, 0.98, 1.0]),
    ],
)
def test_ticks_are_round_numbers(low: float, high: float, ticks: list[float]) -> None:
    assert charts._round_ticks(low, high) == ticks


@pytest.mark.parametrize(
    ("ticks", "percent", "label"),
    [
        ([0.9, 0.92], True, "90 %"),
        ([0.995, 0.9975], True, "99.50 %"),
        ([0.0, 0.25], False, "0.00"),
        ([0.0, 2.5], False, "0.0"),
        ([0.0, 25.0], False, "0"),
    ],
)
def test_tick_labels_have_the_decimals_that_they_need(
    ticks: list[float], percent: bool, label: str
) -> None:
    assert charts._tick_label(ticks[0], ticks, percent=percent) == label


def test_a_confusion_matrix_shows_a_single_mistake() -> None:
    right = np.diag([1000, 1000])
    wrong = right + np.array([[0, 1], [0, 0]])
    before, after = (
        charts.confusion_matrix_chart(matrix, ["a", "b"], title="same title")
        for matrix in (right, wrong)
    )
    changed = np.asarray(ImageChops.difference(before, after)).max(axis=-1) > 8
    # The cell itself, 44 × 44, and the few numbers that count it.
    assert changed.sum() > 44 * 44


def test_a_confusion_matrix_is_deep_blue_where_rows_are_right() -> None:
    image = charts.confusion_matrix_chart(np.diag([5, 7, 9]), ["0", "1", "2"])
    deep = np.abs(np.asarray(image, dtype=np.int64) - (16, 62, 142)).max(axis=-1) < 20
    # Three cells of 44 × 44, less the digits.
    assert deep.sum() > 3 * 44 * 44 * 0.8


@pytest.mark.parametrize(
    ("matrix", "classes"),
    [
        (np.zeros((3, 3), dtype=np.int64), ["0", "1", "2"]),
        (np.full((4, 4), 123_456), ["a rather long name", "b", "c", "d"]),
        (np.eye(30, dtype=np.int64), [str(index) for index in range(30)]),
        (np.array([[4]]), ["only"]),
    ],
)
def test_odd_matrices_are_drawn(matrix: np.ndarray, classes: list[str]) -> None:
    image = charts.confusion_matrix_chart(matrix, classes)
    assert image.mode == "RGB"
    assert min(image.size) > 100


@pytest.mark.parametrize(
    ("matrix", "classes"),
    [
        (np.zeros((2, 3), dtype=np.int64), ["a", "b"]),
        (np.zeros((2, 2), dtype=np.int64), ["a", "b", "c"]),
        (np.zeros((0, 0), dtype=np.int64), []),
        (np.zeros((2, 2)), ["a", "b"]),
    ],
)
def test_a_matrix_of_the_wrong_shape_is_refused(matrix: np.ndarray, classes: list[str]) -> None:
    with pytest.raises(ValueError, match=r"matrix must be integers \(K, K\)"):
        charts.confusion_matrix_chart(matrix, classes)
