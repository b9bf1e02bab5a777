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
        self.shown: npt.NDArray[Any] = np.empty(0)

    def predict(self, x: npt.NDArray[Any]) -> npt.NDArray[Any]:
        self.shown = x[:, 0]
        return x[:, 0, :1, 0]


def test_looks_at_each_picture_upright_and_turned_to_both_sides() -> None:
    pixels = np.random.default_rng(0).random((3, 28, 28), np.float32)
    witness = _Witness()
    likeness(cast(Network, witness), pixels, np.full(3, 0.5))
    turned = [
        np.asarray(Image.fromarray(picture).rotate(degrees, Image.Resampling.BILINEAR))
        for picture in pixels
        for degrees in (0, -12, -8, 8, 12)
    ]
    np.testing.assert_allclose(witness.shown, turned, atol=1e-6)


def test_is_the_mean_of_what_is_said_of_the_views_and_half_the_classifiers_odds() -> None:
    pixels = np.zeros((2, 28, 28), np.float32)
    pixels[1] = 0.5  # no odds either way, but where a turned picture's corner is empty: -13.8
    low = np.log(1e-6 / (1 - 1e-6))
    found = likeness(cast(Network, _Witness()), pixels, np.array([0.5, 0.8]))
    np.testing.assert_allclose(found, [low, 4 / 5 * low + np.log(4) / 2], rtol=1e-4)
