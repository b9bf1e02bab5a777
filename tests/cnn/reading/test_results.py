"""What was read: what a digit may be as well."""

from __future__ import annotations

import numpy as np

from cnn.reading.results import ReadDigit


def test_other_digits_that_it_may_be_as_well_are_named() -> None:
    probabilities = (0.0, 0.15, 0.0, 0.0, 0.11, 0.0, 0.0, 0.65, 0.0, 0.09)
    seen = np.zeros((28, 28), np.float32)
    digit = ReadDigit(7, "7", 0.65, probabilities, (0, 0, 9, 9), 0, seen)
    assert digit.alternatives == (1, 4)
    assert ReadDigit(7, "7", 0.95, (*9 * (0.0,), 0.05), (0, 0, 9, 9), 0, seen).alternatives == ()
