"""Whitening: codes of every class as standard ones, and back."""

from __future__ import annotations

import numpy as np
import pytest

from cnn.layers.functional import one_hot
from cnn.models.whitening import Whitening, measure_whitening

COVARIANCE = np.array([[4.0, 1.0, 0.0], [1.0, 1.0, 0.0], [0.0, 0.0, 0.25]])


@pytest.fixture(scope="module")
def labels():
    return np.arange(20_000) % 2


@pytest.fixture(scope="module")
def codes(labels):
    """Return codes of two classes, the second elsewhere and turned."""
    drawn = np.random.default_rng(0).multivariate_normal(np.zeros(3), COVARIANCE, len(labels))
    drawn[labels == 1] = drawn[labels == 1][:, ::-1] + [5, 0, -5]
    return drawn


def test_codes_of_every_class_become_standard(codes, labels):
    whitening = measure_whitening(codes, np.zeros_like(codes), labels, ("a", "b"))
    white = whitening.whiten(codes, labels)
    for label in (0, 1):
        own = white[labels == label]
        np.testing.assert_allclose(own.mean(axis=0), 0, atol=1e-3)
        np.testing.assert_allclose(np.cov(own, rowvar=False), np.eye(3), atol=0.01)
    back = whitening.colour(white, one_hot(labels, 2))
    np.testing.assert_allclose(back, codes, atol=1e-3)


def test_what_the_encoder_leaves_open_counts(codes, labels):
    plain = measure_whitening(codes, np.zeros_like(codes), labels, ("a", "b"))
    wider = measure_whitening(codes, np.full_like(codes, 3.0), labels, ("a", "b"))
    for before, after in zip(plain.roots, wider.roots, strict=True):
        np.testing.assert_allclose(after @ after - before @ before, 3 * np.eye(3), atol=1e-4)


def test_between_two_classes(codes, labels):
    whitening = measure_whitening(codes, np.zeros_like(codes), labels, ("a", "b"))
    one, other, between = whitening.colour(
        np.ones((3, 3)), np.array([[1.0, 0.0], [0.0, 1.0], [0.5, 0.5]])
    )
    np.testing.assert_allclose(between, (one + other) / 2, atol=1e-5)


def test_few_pictures_or_none_are_enough():
    rng = np.random.default_rng(0)
    few = rng.standard_normal((3, 8))
    whitening = measure_whitening(few, np.full((3, 8), 0.1), np.array([0, 0, 1]), ("a", "b", "c"))
    assert whitening.roots.shape == (3, 8, 8)
    np.testing.assert_allclose(whitening.means[2], few.mean(axis=0), atol=1e-6)


@pytest.mark.parametrize(
    ("means", "roots", "message"),
    [
        (np.zeros((2, 3)), np.zeros((2, 3, 4)), "do not fit"),
        (np.zeros((2, 3)), np.stack([np.eye(3), np.full((3, 3), np.nan)]), "finite"),
        (np.zeros((2, 3)), np.zeros((2, 3, 3)), "positive definite"),
    ],
)
def test_wrong_ones_are_refused(means, roots, message):
    with pytest.raises(ValueError, match=message):
        Whitening(means, roots)
