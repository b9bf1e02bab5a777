"""Novelty detectors: distances by hand, and only parts that fit together."""

from __future__ import annotations

import numpy as np
import pytest

from cnn.layers import Conv2D, Dense, Flatten, MaxPool2D, Sigmoid
from cnn.models.model import Model
from cnn.models.novelty import NoveltyDetector, channel_statistics
from cnn.models.sequential import Sequential


def network() -> Sequential:
    layers = [Conv2D(2, 1), MaxPool2D(2), Flatten(), Dense(1), Sigmoid()]
    made = Sequential(layers, input_shape=(1, 4, 4))
    state = made.state_dict()
    state["0.weight"] = np.array([1, 2], np.float32).reshape(state["0.weight"].shape)
    state["0.bias"] = np.zeros(2, np.float32)
    made.load_state_dict(state)
    return made


def detector(**changes: object) -> NoveltyDetector:
    parts = {
        "depth": 2,
        "threshold": 3.0,
        "mean": np.zeros(4, np.float32),
        "scale": np.array([1, 1, 0.5, 1], np.float32),
        "whitening": np.eye(4, dtype=np.float32),
    }
    return NoveltyDetector(**{**parts, **changes})  # type: ignore[arg-type]


def test_statistics_are_mean_and_deviation_of_each_channel() -> None:
    x = np.zeros((1, 1, 4, 4), np.float32)
    x[0, 0, 0, 0], x[0, 0, 3, 3] = 0.4, 0.8
    pooled = np.array([0.4, 0, 0, 0.8])
    expected = [pooled.mean(), 2 * pooled.mean(), pooled.std(), 2 * pooled.std()]
    np.testing.assert_allclose(channel_statistics(network(), x, 2)[0], expected, rtol=1e-6)
    # After a vector there are no channels: its elements count.
    assert channel_statistics(network(), np.repeat(x, 70, axis=0), 3).shape == (70, 8)


def test_the_distance_is_that_of_the_standardised_features() -> None:
    x = np.full((1, 1, 4, 4), 0.5, np.float32)  # means 0.5 and 1, no deviation
    assert detector().distance(network(), x) == pytest.approx([np.hypot(0.5, 1)])
    mean = np.array([0, 0, 1, 0], np.float32)
    assert detector(mean=mean).distance(network(), x) == pytest.approx([np.sqrt(0.25 + 1 + 4)])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"mean": np.zeros(3)}, r"expected arrays of \(D,\)"),
        ({"whitening": np.eye(3)}, r"expected arrays of \(D,\)"),
        ({"depth": 0}, "depth must be 1"),
        ({"threshold": 0.0}, "threshold"),
        ({"threshold": float("nan")}, "threshold"),
        ({"scale": np.zeros(4)}, "every scale"),
    ],
)
def test_parts_that_do_not_fit_are_refused(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        detector(**changes)


def test_a_detector_belongs_to_its_network() -> None:
    assert Model(network(), novelty=detector()).novelty is not None
    with pytest.raises(ValueError, match=r"expects features of \(4,\)"):
        Model(network(), novelty=detector(depth=3))
