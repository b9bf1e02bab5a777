"""Figures of a classifier of any classes, as text and as a sheet of its worst mistakes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from PIL import Image

from cnn.data.dataset import Dataset
from cnn.evaluation.charts import confusion_matrix_chart
from cnn.evaluation.contact_sheets import contact_sheet
from cnn.evaluation.tables import percent, table
from cnn.models.model import Model

__all__ = ["draw_confusion", "draw_mistakes", "figures_table"]


def figures_table(figures: dict[str, Any], classes: Sequence[str]) -> str:
    """Return accuracy, calibration, and a line for each class with what it was taken for.

    Parameters
    ----------
    figures : dict
        Of `cnn.evaluation.figures.measure`.
    classes : sequence of str
        The names of the classes.
    """
    matrix = np.array(figures["confusion_matrix"])
    right, true, answered = np.diag(matrix), matrix.sum(axis=1), matrix.sum(axis=0)
    rows = [["true class", "pictures", "found", "of answers", *(f"as {name}" for name in classes)]]
    for index, name in enumerate(classes):
        found = right[index] / true[index] if true[index] else None
        precise = right[index] / answered[index] if answered[index] else None
        counts = [f"{count:,}" for count in matrix[index]]
        rows.append([name, f"{true[index]:,}", percent(found), percent(precise), *counts])
    summary = (
        f"accuracy {figures['accuracy']:.2%}, "
        f"expected calibration error {figures['expected_calibration_error']:.2%}"
    )
    if "none_of_these" in figures:
        summary += f", taken for none of these {figures['none_of_these']:.2%}"
    return f"{summary}\n{table(rows)}"


def draw_confusion(model: Model, figures: dict[str, Any]) -> Image.Image:
    """Draw the confusion matrix of figures that were measured."""
    title = f"{model.name}: {figures['accuracy']:.2%}"
    return confusion_matrix_chart(figures["confusion_matrix"], model.classes, title=title)


def draw_mistakes(model: Model, data: Dataset, *, most: int = 40) -> Image.Image | None:
    """Draw the pictures of which the model was surest, and wrong; None if it was always right."""
    probabilities = model.predict(data.images)
    answers = probabilities.argmax(axis=1)
    confidence = probabilities.max(axis=1)
    wrong = np.flatnonzero(answers != data.labels)
    worst = wrong[np.argsort(-confidence[wrong], kind="stable")][:most]
    if not len(worst):
        return None
    captions = [
        f"{data.classes[data.labels[i]]}\n{data.classes[answers[i]]} {confidence[i]:.0%}"
        for i in worst
    ]
    return contact_sheet(data.images[worst], captions)
