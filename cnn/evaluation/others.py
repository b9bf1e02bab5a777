"""Evaluation of a digit model on other people's digits than MNIST's, and on those of fonts."""

from __future__ import annotations

import numpy as np
from PIL import Image

from cnn.data.dataset import as_floats
from cnn.evaluation.robustness import Condition, measure_pictures, spread
from cnn.evaluation.small_digits import load_small_digits
from cnn.models.model import Model
from cnn.synthesis.fonts import font_pictures

__all__ = ["measure_others"]

_GOAL = 0.99


def measure_others(model: Model, *, limit: int | None = None) -> tuple[Condition, ...]:
    """Measure a digit model on collections that it has not learned from.

    Parameters
    ----------
    model : Model
        A model for digits.
    limit : int, optional
        Use only so many digits of each collection, spread evenly over it.
    """
    small = spread(load_small_digits(), limit)
    drawn = list(font_pictures())
    if limit is not None and limit < len(drawn):
        drawn = [drawn[place] for place in np.linspace(0, len(drawn) - 1, limit).astype(int)]
    return (
        measure_pictures(
            model,
            [Image.fromarray(255 - image[0]) for image in small.images],
            small.labels,
            name="load_digits",
            description="43 people in Turkey, 8×8 enlarged (cnn/evaluation/small_digits.py)",
            goal=_GOAL,
            raw=model.predict(as_floats(small.images)),
        ),
        measure_pictures(
            model,
            [one.picture for one in drawn],
            np.array([one.digit for one in drawn]),
            name="fonts",
            description="handwriting fonts never learned from (cnn/synthesis/fonts/families.py), "
            "each digit in four sizes and slants",
            goal=_GOAL,
        ),
    )
