"""Hands: their numbers are drawn from ranges that are data."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from cnn.synthesis.strokes import TRAINING, VALIDATION, Hand, Ranges, forms_of

FIRST = tuple(forms_of(digit)[0] for digit in range(10))


def test_validation_goes_beyond_training_in_every_number() -> None:
    for field in fields(Ranges):
        learned, validated = getattr(TRAINING, field.name), getattr(VALIDATION, field.name)
        assert validated[1] > learned[1], field.name


def test_what_is_impossible_is_said() -> None:
    with pytest.raises(ValueError, match="one allograph of each digit, 0 to 9, got 0-round, 1-"):
        Hand(FIRST[:9], seed=0)
    with pytest.raises(ValueError, match="a pen and a width above 0, got 0"):
        Hand(FIRST, seed=0, pen=0)
    with pytest.raises(ValueError, match=r"tremor: expected 0 or more, got -0\.1"):
        Hand(FIRST, seed=0, tremor=-0.1)
    with pytest.raises(ValueError, match="speed: expected 0 to 1, got 2"):
        Hand(FIRST, seed=0, speed=2)
    with pytest.raises(ValueError, match="slant: expected the least and the greatest, got 5, -5"):
        replace(TRAINING, slant=(5, -5))
