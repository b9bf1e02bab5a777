"""Metrics and calibration: cases by hand."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pytest

from cnn.data import Dataset, as_floats
from cnn.evaluation.metrics import (
    accuracy,
    confusion_matrix,
    expected_calibration_error,
    pair_confusion,
)
from cnn.layers import Dense, Flatten, Sigmoid, Softmax
from cnn.layers.functional import softmax
from cnn.models.model import Model
from cnn.models.sequential import Sequential
from cnn.training.calibration import calibrate, fit_temperature

ANSWERS = np.array([[0.9, 0.1, 0.0], [0.2, 0.5, 0.3], [0.4, 0.35, 0.25], [0.1, 0.1, 0.8]])
LABELS = np.array([0, 1, 2, 2])


def test_accuracy_and_confusions_by_hand() -> None:
    assert accuracy(ANSWERS, LABELS) == 0.75
    matrix = confusion_matrix(ANSWERS, LABELS.astype(np.uint8))
    assert matrix.tolist() == [[1, 0, 0], [0, 1, 0], [1, 0, 1]]
    assert pair_confusion(matrix, 0, 2) == pair_confusion(matrix, 2, 0) == pytest.approx(1 / 3)
    assert pair_confusion(matrix, 0, 1) == 0


def test_large_class_numbers_do_not_overflow_in_bytes() -> None:
    answers = np.eye(20)[[19, 18]]
    assert confusion_matrix(answers, np.array([19, 18], np.uint8)).trace() == 2


def test_calibration_error_by_hand() -> None:
    # Bins of width 1/2: confidences 0.4 (wrong) below; 0.5, 0.8, 0.9 (all right) above.
    error = expected_calibration_error(ANSWERS, LABELS, bins=2)
    assert error == pytest.approx((0.4 + abs(0.5 + 0.8 + 0.9 - 3)) / 4)


def test_certainty_that_is_right_has_no_calibration_error() -> None:
    assert expected_calibration_error(np.eye(3), np.arange(3)) == 0
    assert expected_calibration_error(np.eye(3), np.array([1, 2, 0])) == 1


@pytest.mark.parametrize("measure", [accuracy, confusion_matrix, expected_calibration_error])
@pytest.mark.parametrize(
    ("answers", "labels"),
    [(ANSWERS, LABELS[:3]), (ANSWERS[0], LABELS[:3]), (ANSWERS[:0], LABELS[:0])],
)
def test_what_does_not_fit_is_refused_with_its_shapes(
    measure: Callable[..., object], answers: np.ndarray, labels: np.ndarray
) -> None:
    shapes = re.escape(f"got {answers.shape} and {labels.shape}")
    with pytest.raises(ValueError, match=shapes):
        measure(answers, labels)


@pytest.mark.parametrize("temperature", [0.4, 1.0, 3.0])
def test_the_temperature_that_made_the_answers_is_found(temperature: float) -> None:
    rng = np.random.default_rng(0)
    scores = rng.normal(size=(20_000, 4)) * 2
    labels = (rng.random((20_000, 1)) > softmax(scores).cumsum(axis=1)).sum(axis=1)
    found = fit_temperature(scores * temperature, labels)
    assert found == pytest.approx(temperature, rel=0.05)


def overconfident() -> tuple[Sequential, Dataset]:
    """Return a network that is always sure and right four times in five, and its data."""
    network = Sequential(
        [Flatten(), Dense(2, bias=False), Softmax()], input_shape=(1, 1, 2), seed=0
    )
    network.load_state_dict({"1.weight": np.array([[20.0, 0], [0, 20.0]], np.float32)})
    labels = np.tile([0, 1], 100)
    shown = np.where(np.arange(200) % 10 < 8, labels, 1 - labels)
    images = (np.eye(2, dtype=np.uint8) * 255)[shown].reshape(200, 1, 1, 2)
    return network, Dataset(images, labels, ("a", "b"))


def test_calibration_makes_confidence_mean_what_it_says_and_changes_no_answer() -> None:
    network, data = overconfident()
    before = network.predict(as_floats(data.images))
    assert expected_calibration_error(before, data.labels) == pytest.approx(0.2, abs=1e-3)
    calibrate(network, data)
    after = network.predict(as_floats(data.images))
    assert expected_calibration_error(after, data.labels) < 1e-3
    assert np.array_equal(before.argmax(axis=1), after.argmax(axis=1))


def test_one_sigmoid_is_calibrated_by_the_weights_before_it() -> None:
    _, data = overconfident()
    network = Sequential([Flatten(), Dense(1), Sigmoid()], input_shape=(1, 1, 2))
    weight = np.array([[-20.0], [20.0]], np.float32)
    network.load_state_dict({"1.weight": weight, "1.bias": np.zeros(1, np.float32)})
    before = Model(network).predict(data.images)
    calibrate(network, data)
    after = Model(network).predict(data.images)
    assert expected_calibration_error(before, data.labels) == pytest.approx(0.2, abs=1e-3)
    assert expected_calibration_error(after, data.labels) < 1e-3
    assert np.array_equal(before.argmax(axis=1), after.argmax(axis=1))


def test_only_a_network_that_gives_probabilities_is_calibrated() -> None:
    _, data = overconfident()
    with pytest.raises(ValueError, match="ends in Softmax, or in Dense and one Sigmoid"):
        calibrate(Sequential([Flatten(), Dense(2)], input_shape=(1, 1, 2)), data)
