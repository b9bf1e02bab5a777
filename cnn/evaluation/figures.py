"""Metrics of a model on pictures that are its inputs already."""

from __future__ import annotations

from typing import Any

from cnn.data import Dataset, as_floats
from cnn.evaluation.metrics import accuracy, confusion_matrix, expected_calibration_error
from cnn.models.model import Model
from cnn.reading.classifier import measure_novelty

__all__ = ["measure"]


def measure(model: Model, test: Dataset) -> dict[str, Any]:
    """Return accuracy, calibration error, count and confusion matrix, as values for JSON.

    For a model that can tell, "none_of_these" is the share of pictures that it takes for none of
    its classes; the other figures are of its answers for all.

    Parameters
    ----------
    model : Model
        For the data set's classes.
    test : Dataset
        Pictures that it was not trained on.
    """
    probabilities = model.predict(as_floats(test.images))
    novelty = measure_novelty(model, test.images)
    figures = {
        "accuracy": accuracy(probabilities, test.labels),
        "expected_calibration_error": expected_calibration_error(probabilities, test.labels),
        "count": len(test),
        "confusion_matrix": confusion_matrix(probabilities, test.labels).tolist(),
    }
    if novelty is not None:
        figures["none_of_these"] = float((novelty > 1).mean())
    return figures
