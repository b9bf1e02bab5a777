"""Losses of generators: cases by hand, gradients, what does not fit."""

from __future__ import annotations

import math

import numpy as np
import pytest

from cnn.layers.gradcheck import numerical_gradient, relative_error
from cnn.training.generative_losses import adversarial_loss, gaussian_divergence

RNG = np.random.default_rng(0)


@pytest.mark.parametrize("real", [True, False])
def test_gradients_of_the_adversarial_loss(real: bool) -> None:
    scores, labels = RNG.normal(size=(5, 3)), np.array([0, 2, 1, 2, 0])
    _, gradient = adversarial_loss(scores, labels, real=real)
    slope = numerical_gradient(lambda: adversarial_loss(scores, labels, real=real)[0], scores)
    assert relative_error(gradient, slope) < 1e-7


def test_the_adversarial_loss_by_hand() -> None:
    # The first is taken for real with probability 3/4, the second with 1/5; the rest is not asked.
    scores = np.array([[math.log(3), 7.0], [7.0, -math.log(4)]])
    loss, gradient = adversarial_loss(scores, np.array([0, 1]), real=True)
    assert loss == pytest.approx((math.log(4 / 3) + math.log(5)) / 2)
    np.testing.assert_allclose(gradient, [[-0.125, 0], [0, -0.4]])
    loss, gradient = adversarial_loss(scores, np.array([0, 1]), real=False)
    assert loss == pytest.approx((math.log(4) + math.log(5 / 4)) / 2)
    np.testing.assert_allclose(gradient, [[0.375, 0], [0, 0.1]])


def test_the_adversarial_loss_of_scores_of_any_size() -> None:
    scores = np.array([[-2000.0], [2000.0]], np.float32)
    loss, gradient = adversarial_loss(scores, np.zeros(2, int), real=True)
    assert loss == pytest.approx(1000)
    assert gradient.tolist() == [[-0.5], [0]]
    assert gradient.dtype == np.float32


def test_labels_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match=r"labels must lie in 0\.\.2, got 0\.\.3"):
        adversarial_loss(np.zeros((2, 3)), np.array([0, 3]), real=True)
    with pytest.raises(ValueError, match="got 2 rows of scores and 1 labels"):
        adversarial_loss(np.zeros((2, 3)), np.array([0]), real=True)


def test_gradients_of_the_divergence() -> None:
    moments = RNG.normal(size=(4, 6))
    _, gradient = gaussian_divergence(moments)
    slope = numerical_gradient(lambda: gaussian_divergence(moments)[0], moments)
    assert relative_error(gradient, slope) < 1e-7


def test_the_divergence_by_hand() -> None:
    assert gaussian_divergence(np.zeros((3, 8)))[0] == 0
    # Mean 2 and variance 1; mean 0 and variance e.
    loss, gradient = gaussian_divergence(np.array([[2.0, 0.0, 0.0, 1.0]]))
    assert loss == pytest.approx(4 / 2 + (math.e - 1 - 1) / 2)
    np.testing.assert_allclose(gradient, [[2, 0, 0, (math.e - 1) / 2]])
