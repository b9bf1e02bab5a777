"""Other people's digits than MNIST's."""

from __future__ import annotations

import cnn
from cnn.evaluation.others import measure_others


def test_each_collection_is_measured() -> None:
    small, fonts = measure_others(cnn.load_model(), limit=60)
    assert (small.name, fonts.name) == ("load_digits", "fonts")
    for condition in (small, fonts):
        assert condition.count == 60
        assert condition.normalised >= 0.9
        assert condition.calibration is not None
    assert small.raw is not None
    assert fonts.raw is None
