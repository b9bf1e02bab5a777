"""Fitting a novelty detector: what is like the training pictures is familiar, the rest is not."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from cnn.layers import Conv2D, Dense, Flatten, MaxPool2D, ReLU, Sigmoid
from cnn.models.sequential import Sequential
from cnn.training.novelty import fit_novelty


def stripes(count: int, seed: int) -> npt.NDArray[np.uint8]:
    """Return stripes of two pixels across and down, in greys, (N, 1, 16, 16)."""
    rng = np.random.default_rng(seed)
    phase = rng.integers(0, 4, (count, 1, 1))
    rows = (np.arange(16)[None, :, None] + phase) // 2 % 2
    wave = np.broadcast_to(rows, (count, 16, 16)).copy()
    wave[::2] = wave[::2].transpose(0, 2, 1)
    light = rng.uniform(0.6, 1, (count, 1, 1))
    grain = np.clip(rng.normal(0, 6, wave.shape), -20, 20)
    grey: npt.NDArray[np.uint8] = (20 + 200 * light * wave + grain)[:, None].astype(np.uint8)
    return grey


def network() -> Sequential:
    layers = [Conv2D(16, 3), ReLU(), MaxPool2D(2), Conv2D(16, 3), ReLU(), MaxPool2D(2)]
    return Sequential([*layers, Flatten(), Dense(1), Sigmoid()], input_shape=(1, 16, 16), seed=3)


def test_the_familiar_is_told_from_the_rest() -> None:
    made = network()
    found = fit_novelty(made, stripes(400, 0), refused=0.02)
    assert found.depth == 6  # after the second pooling
    familiar = found.distance(made, stripes(400, 2)) > found.threshold
    assert familiar.mean() < 0.06
    rng = np.random.default_rng(0)
    noise = rng.integers(0, 256, (100, 1, 16, 16), np.uint8)
    plain = np.full((5, 1, 16, 16), 140, np.uint8)
    for other in (noise, plain):
        assert (found.distance(made, other) > found.threshold).all()


def test_few_pictures_and_channels_that_never_change_do_no_harm() -> None:
    made = network()
    state = made.state_dict()
    state["3.bias"][:] = -100  # nothing passes the second ReLU
    made.load_state_dict(state)
    found = fit_novelty(made, stripes(4, 0))
    assert all(np.isfinite(array).all() for array in found.arrays().values())
    assert np.isfinite(found.threshold)
    assert (found.distance(made, stripes(2, 1)) <= found.threshold).all()


def test_a_network_without_pooling_is_looked_at_after_its_first_layer() -> None:
    layers = [Conv2D(3, 3), ReLU(), Flatten(), Dense(1), Sigmoid()]
    made = Sequential(layers, input_shape=(1, 16, 16))
    assert fit_novelty(made, stripes(20, 0)).depth == 1
