"""Metrics of a digit model on pictures that are not normalised again."""

from __future__ import annotations

from typing import Any

from cnn.data import Dataset, as_floats
from cnn.evaluation.metrics import accuracy, confusion_matrix, expected_calibration_error
from cnn.models.model import Model

__all__ = ["measure"]


def measure(model: Model, test: Dataset) -> dict[str, Any]:
    """Return accuracy, calibration error, count and confusion matrix, as values for JSON.

    Parameters
    ----------
    model : Model
        For the data set's classes.
    test : Dataset
        Pictures that it was not trained on.
    """
    probabilities = model.predict(as_floats(test.images))
    return {
        "accuracy": accuracy(probabilities, test.labels),
        "expected_calibration_error": expected_calibration_error(probabilities, test.labels),
        "count": len(test),
        "confusion_matrix": confusion_matrix(probabilities, test.labels).tolist(),
    }
