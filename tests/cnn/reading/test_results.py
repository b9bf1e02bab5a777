"""What was read: what a digit may be as well, and the text with its signs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from cnn.reading.results import LeftOut, ReadDigit, Reading


def test_other_digits_that_it_may_be_as_well_are_named() -> None:
    probabilities = (0.0, 0.15, 0.0, 0.0, 0.11, 0.0, 0.0, 0.65, 0.0, 0.09)
    seen = np.zeros((28, 28), np.float32)
    digit = ReadDigit(7, "7", 0.65, probabilities, (0, 0, 9, 9), 0, seen)
    assert digit.alternatives == (1, 4)
    assert ReadDigit(7, "7", 0.95, (*9 * (0.0,), 0.05), (0, 0, 9, 9), 0, seen).alternatives == ()


class TestSigns:
    def test_those_that_are_certain_stand_in_the_text(self) -> None:
        box = (0, 0, 1, 1)
        digits = tuple(
            ReadDigit(digit, str(digit), 0.9, (), box, line, np.zeros((28, 28)))
            for digit, line in ((5, 0), (9, 0), (9, 0), (3, 1))
        )
        left_out = (
            LeftOut(box, "point", 1),
            LeftOut(box, "point"),
            LeftOut(box, "minus", 3),
            LeftOut(box, "line"),
        )
        reading = Reading(digits, None, None, None, left_out)
        assert reading.text == "599\n3"
        assert reading.text_with_signs == "5.99\n-3"
        assert replace(reading, left_out=()).text_with_signs == "599\n3"
