"""Metrics of classifiers."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["accuracy", "confusion_matrix", "expected_calibration_error", "pair_confusion"]

Array = npt.NDArray[Any]


def accuracy(probabilities: Array, labels: Array) -> float:
    """Return the share of rows (N, D) whose largest probability is that of the label (N,)."""
    _check(probabilities, labels)
    return float(np.mean(probabilities.argmax(axis=1) == labels))


def confusion_matrix(probabilities: Array, labels: Array) -> npt.NDArray[np.int64]:
    """Count how often each class was predicted for each true class.

    Parameters
    ----------
    probabilities : ndarray, (N, D)
        Outputs of a classifier.
    labels : ndarray of int, (N,)
        The true classes.

    Returns
    -------
    ndarray of int64, (D, D)
        Rows: true classes; columns: predicted classes.

    Raises
    ------
    ValueError
        If there are no rows, or their number is not that of the labels.
    """
    _check(probabilities, labels)
    classes = probabilities.shape[1]
    pairs = labels.astype(np.int64) * classes + probabilities.argmax(axis=1)
    return np.bincount(pairs, minlength=classes * classes).reshape(classes, classes)


def pair_confusion(matrix: Array, a: int, b: int) -> float:
    """Return how often two classes were confused with each other, as a share of both.

    `matrix` is a `confusion_matrix`: (a→b + b→a) / (n_a + n_b).
    """
    return float((matrix[a, b] + matrix[b, a]) / (matrix[a].sum() + matrix[b].sum()))


def expected_calibration_error(probabilities: Array, labels: Array, *, bins: int = 15) -> float:
    """Return the mean difference between confidence and accuracy.

    The answers are sorted into `bins` of equal width by confidence; the differences
    between mean confidence and accuracy are averaged, weighted by size (Guo et al.,
    "On Calibration of Modern Neural Networks", 2017). Shapes as in
    `confusion_matrix`.
    """
    _check(probabilities, labels)
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == labels
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    gap = np.bincount(place, confidence - right, minlength=bins)
    return float(np.abs(gap).sum() / len(labels))


def _check(probabilities: Array, labels: Array) -> None:
    if probabilities.ndim != 2 or labels.shape != probabilities.shape[:1] or not len(labels):
        raise ValueError(
            f"expected rows (N, D) and as many labels (N,), N at least 1; "
            f"got {probabilities.shape} and {labels.shape}"
        )
