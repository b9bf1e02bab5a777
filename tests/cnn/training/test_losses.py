"""Losses: cases by hand, gradients, labels of both kinds, big scores, wrong shapes."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest

from cnn.layers.functional import one_hot
from cnn.layers.gradcheck import numerical_gradient, relative_error
from cnn.training.losses import BinaryCrossEntropy, CrossEntropy, Loss, MeanSquaredError

RNG = np.random.default_rng(0)
SCORES = RNG.normal(size=(4, 3))
LABELS = np.array([0, 2, 1, 2])
SOFT = RNG.dirichlet([1, 1, 1], 4)


@pytest.mark.parametrize(
    ("loss", "targets"),
    [
        (CrossEntropy(), LABELS),
        (CrossEntropy(), SOFT),
        (CrossEntropy(), 2 * SOFT),
        (CrossEntropy(label_smoothing=0.2), LABELS),
        (CrossEntropy(class_weights=np.array([1, 2, 0.5])), LABELS),
        (CrossEntropy(label_smoothing=0.2, class_weights=np.array([1, 2, 0.5])), LABELS),
        (CrossEntropy(class_weights=np.array([1, 2, 0.5]), ignore_index=1), LABELS),
        (BinaryCrossEntropy(), SOFT),
        (MeanSquaredError(), SOFT),
    ],
)
def test_gradients(loss: Loss, targets: np.ndarray) -> None:
    scores = SCORES.copy()
    gradient = loss(scores, targets)[1]
    slope = numerical_gradient(lambda: loss(scores, targets)[0], scores)
    assert gradient.shape == scores.shape
    assert relative_error(gradient, slope) < 1e-7


def test_cross_entropy_by_hand() -> None:
    # Probabilities 1/4 and 3/4, then 1/2 and 1/2.
    scores = np.log(np.array([[1.0, 3.0], [5.0, 5.0]]))
    loss, gradient = CrossEntropy()(scores, np.array([1, 0]))
    assert loss == pytest.approx((math.log(4 / 3) + math.log(2)) / 2)
    np.testing.assert_allclose(gradient, [[0.125, -0.125], [-0.25, 0.25]])


def test_binary_cross_entropy_by_hand() -> None:
    loss, gradient = BinaryCrossEntropy()(np.array([[0.0], [math.log(3)]]), np.array([[1], [0]]))
    assert loss == pytest.approx((math.log(2) + math.log(4)) / 2)
    np.testing.assert_allclose(gradient, [[-0.25], [0.375]])


def test_mean_squared_error_by_hand() -> None:
    loss, gradient = MeanSquaredError()(np.array([[1.0, 2.0]]), np.array([[3.0, 1.0]]))
    assert loss == 2.5
    assert gradient.tolist() == [[-2, 1]]


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
@pytest.mark.parametrize("dtype", [np.uint8, np.int64])
def test_class_numbers_and_one_hot_rows_are_the_same(smoothing: float, dtype: type) -> None:
    loss = CrossEntropy(label_smoothing=smoothing)
    by_number = loss(SCORES, LABELS.astype(dtype))
    by_row = loss(SCORES, one_hot(LABELS, 3, np.float64))
    assert by_number[0] == pytest.approx(by_row[0])
    np.testing.assert_allclose(by_number[1], by_row[1])


def test_smoothing_spreads_its_share_over_all_classes() -> None:
    smooth = CrossEntropy(label_smoothing=0.3)(SCORES, LABELS)[0]
    rows = np.full((4, 3), 0.1)
    rows[np.arange(4), LABELS] = 0.8
    assert smooth == pytest.approx(CrossEntropy()(SCORES, rows)[0])


@pytest.mark.parametrize(
    ("loss", "targets", "expected"),
    [
        (CrossEntropy(), np.array([1]), 2e4),
        (CrossEntropy(), np.array([0]), 0),
        (BinaryCrossEntropy(), np.array([[0.0, 1.0]]), 1e4),
        (BinaryCrossEntropy(), np.array([[1.0, 0.0]]), 0),
    ],
)
def test_big_scores_stay_finite(loss: Loss, targets: np.ndarray, expected: float) -> None:
    value, gradient = loss(np.array([[1e4, -1e4]], np.float32), targets)
    assert value == pytest.approx(expected)
    assert np.isfinite(gradient).all()


def test_one_output_takes_a_row_of_answers() -> None:
    scores = np.array([[0.5], [-2.0]])
    row = BinaryCrossEntropy()(scores, np.array([1, 0]))
    column = BinaryCrossEntropy()(scores, np.array([[1], [0]]))
    assert row[0] == column[0]
    assert np.array_equal(row[1], column[1])


@pytest.mark.parametrize("loss", [CrossEntropy(), BinaryCrossEntropy(), MeanSquaredError()])
def test_gradients_keep_the_type_of_the_outputs(loss: Loss) -> None:
    gradient = loss(SCORES.astype(np.float32), SOFT)[1]
    assert gradient.dtype == np.float32


@pytest.mark.parametrize("loss", [CrossEntropy(), BinaryCrossEntropy(), MeanSquaredError()])
@pytest.mark.parametrize("shape", [(3, 4), (4, 2), (2, 3), (4, 3, 1)])
def test_targets_of_another_shape_are_refused_with_both(loss: Loss, shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=rf"{re.escape(str(shape))} do not fit .* \(4, 3\)"):
        loss(SCORES, np.zeros(shape))


def test_rows_of_answers_for_several_outputs_are_refused() -> None:
    for loss in (BinaryCrossEntropy(), MeanSquaredError()):
        with pytest.raises(ValueError, match=r"\(12,\) do not fit .* \(4, 3\)"):
            loss(SCORES, np.zeros(12))


@pytest.mark.parametrize("labels", [np.array([0, 1, 2, 3]), np.array([0, -1, 2, 1])])
def test_labels_that_name_no_class_are_refused(labels: np.ndarray) -> None:
    with pytest.raises(ValueError, match=r"must lie in 0\.\.2"):
        CrossEntropy()(SCORES, labels)


def test_as_many_labels_as_scores_are_wanted() -> None:
    with pytest.raises(ValueError, match=r"\(3,\) do not fit .* \(4, 3\)"):
        CrossEntropy()(SCORES, np.array([0, 1, 2]))


@pytest.mark.parametrize("smoothing", [-0.1, 1.0])
def test_smoothing_outside_its_range_is_refused(smoothing: float) -> None:
    with pytest.raises(ValueError, match=f"got {smoothing}"):
        CrossEntropy(label_smoothing=smoothing)


@pytest.mark.parametrize("smoothing", [0.0, 0.2])
def test_pixels_count_as_so_many_examples(smoothing: float) -> None:
    loss = CrossEntropy(label_smoothing=smoothing, class_weights=np.array([1, 2, 0.5]))
    value, gradient = loss(SCORES, LABELS)
    pictures = SCORES.reshape(2, 2, 1, 3).transpose(0, 3, 1, 2)
    found, slopes = loss(pictures, LABELS.reshape(2, 2, 1))
    assert found == pytest.approx(value)
    np.testing.assert_allclose(slopes.transpose(0, 2, 3, 1).reshape(4, 3), gradient)


def test_pixels_may_have_probabilities() -> None:
    pictures, goals = (a.reshape(2, 2, 1, 3).transpose(0, 3, 1, 2) for a in (SCORES, SOFT))
    assert CrossEntropy()(pictures, goals)[0] == pytest.approx(CrossEntropy()(SCORES, SOFT)[0])


def test_what_is_ignored_has_no_gradient() -> None:
    loss = CrossEntropy(label_smoothing=0.1, ignore_index=255)
    value, gradient = loss(SCORES, np.array([0, 255, 1, 255], np.uint8))
    known, slopes = CrossEntropy(label_smoothing=0.1)(SCORES[::2], np.array([0, 1]))
    assert value == pytest.approx(known / 2)
    np.testing.assert_allclose(gradient[::2], slopes / 2)
    assert not gradient[1::2].any()


def test_scores_that_are_neither_rows_nor_pictures_are_refused() -> None:
    with pytest.raises(ValueError, match=r"\(N, D\) or \(N, D, H, W\), got \(4, 3, 2\)"):
        CrossEntropy()(np.zeros((4, 3, 2)), np.zeros((4, 2), np.int64))
    with pytest.raises(ValueError, match=r"\(4, 2\) do not fit .* \(4, 3, 2, 2\)"):
        CrossEntropy()(np.zeros((4, 3, 2, 2)), np.zeros((4, 2), np.int64))


def test_a_class_that_weighs_twice_counts_as_if_its_examples_were_there_twice() -> None:
    weights = np.array([1, 2, 1])
    twice = np.repeat(np.arange(4), weights[LABELS])
    alone, gradient = CrossEntropy(class_weights=weights)(SCORES, LABELS)
    together, repeated = CrossEntropy()(SCORES[twice], LABELS[twice])
    assert alone * 4 == pytest.approx(together * len(twice))
    summed = np.zeros_like(SCORES)
    np.add.at(summed, twice, repeated * len(twice))
    np.testing.assert_allclose(gradient * 4, summed)


def test_two_classes_of_one_output_weigh_too() -> None:
    scores, answers = SCORES[:, :1], np.array([0, 1, 1, 0])
    loss, gradient = BinaryCrossEntropy(class_weights=np.array([3, 1]))(scores, answers)
    plain, unweighted = BinaryCrossEntropy()(scores, answers)
    np.testing.assert_allclose(gradient, unweighted * np.array([[3], [1], [1], [3]]))
    assert loss > plain


@pytest.mark.parametrize("weights", [[1, 0], [1, -1], [[1, 2]], [1, np.nan]])
@pytest.mark.parametrize("kind", [CrossEntropy, BinaryCrossEntropy])
def test_weights_that_are_none_are_refused(kind: type[Loss], weights: list[float]) -> None:
    with pytest.raises(ValueError, match="positive weight for each class"):
        kind(class_weights=np.array(weights))  # type: ignore[call-arg]


def test_weights_need_class_numbers() -> None:
    for loss in (CrossEntropy(class_weights=np.ones(3)), CrossEntropy(ignore_index=0)):
        with pytest.raises(ValueError, match="class numbers"):
            loss(SCORES, SOFT)
