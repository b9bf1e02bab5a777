"""The rejector: which views of a picture it sees, and what becomes of its answers."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import numpy.typing as npt
from PIL import Image

from cnn.models.network import Network
from cnn.reading.rejector import likeness


class _Witness:
    """Stands for a network: remembers what it is shown, and says the first pixel of each."""

    def __init__(self) -> None:
        self.shown: list[npt.NDArray[Any]] = []

    def predict(self, x: npt.NDArray[Any]) -> npt.NDArray[Any]:
        self.shown.append(x[:, 0])
        return x[:, 0, :1, 0]


def test_looks_at_each_picture_upright_and_turned_to_both_sides() -> None:
    pixels = np.random.default_rng(0).random((3, 28, 28), np.float32)
    witness = _Witness()
    likeness(cast(Network, witness), pixels, np.full(3, 0.5))
    turned = [
        np.asarray(Image.fromarray(picture).rotate(degrees, Image.Resampling.BILINEAR))
        for picture in pixels
        for degrees in (-12, -8, 8, 12)
    ]
    upright, others = witness.shown
    np.testing.assert_array_equal(upright, pixels)
    np.testing.assert_allclose(others, turned, atol=1e-6)


def test_what_is_clear_upright_is_not_turned() -> None:
    pixels = np.random.default_rng(0).random((3, 28, 28), np.float32)
    pixels[1, 0, 0] = 1.0  # 13.8
    witness = _Witness()
    found = likeness(cast(Network, witness), pixels, np.full(3, 0.5))
    assert [len(some) for some in witness.shown] == [3, 2 * 4]
    assert 12 < found[1] < 13.8


def test_is_the_mean_of_what_is_said_of_the_views_and_half_the_classifiers_odds() -> None:
    pixels = np.zeros((2, 28, 28), np.float32)
    pixels[1] = 0.5  # no odds either way, but where a turned picture's corner is empty: -13.8
    low = np.log(1e-6 / (1 - 1e-6))
    found = likeness(cast(Network, _Witness()), pixels, np.array([0.5, 0.8]))
    np.testing.assert_allclose(found, [low, 4 / 5 * low + np.log(4) / 2], rtol=1e-4)
