"""Digits as JSON: what decided between two readings is said with its code and in words."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest

from app.web.encoding import describe_digit
from cnn.reading.results import Because, ReadDigit


@pytest.mark.parametrize("because", get_args(Because))
def test_what_decided_is_said(app, because):
    digit = ReadDigit(
        1, "1", 0.9, (0.1, 0.9), (0, 0, 9, 9), 0, np.zeros((28, 28), np.float32), because=because
    )
    with app.test_request_context():
        said = describe_digit(digit, with_picture=False)["because"]
    assert said["code"] == because
    assert said["message"].endswith(".")


def test_where_nothing_was_to_be_decided_nothing_is_said(app):
    digit = ReadDigit(1, "1", 0.9, (0.1, 0.9), (0, 0, 9, 9), 0, np.zeros((28, 28), np.float32))
    with app.test_request_context():
        assert describe_digit(digit, with_picture=False)["because"] is None
