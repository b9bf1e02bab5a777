"""Generators with their discriminators and encoders: shapes, sizes, what does not fit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from cnn.layers.functional import one_hot
from cnn.models.adversaries import ADVERSARIES, dcgan, vae_gan


@pytest.mark.parametrize("shape", [(1, 28, 28), (3, 32, 32), (3, 64, 48), (1, 16, 20)])
@pytest.mark.parametrize("name", ADVERSARIES)
def test_they_fit_pictures_of_many_sizes(name: str, shape: tuple[int, int, int]) -> None:
    networks = ADVERSARIES[name](shape=shape, classes=3, code=8, seed=2)
    codes = np.random.default_rng(0).standard_normal((2, 8), np.float32)
    rows = one_hot(np.array([0, 2]), 3)
    made = networks.generator.predict(np.concatenate([codes, rows], axis=1))
    assert made.shape == (2, *shape)
    assert made.min() >= 0
    assert made.max() <= 1
    assert networks.discriminator.predict(made).shape == (2, 3)
    if networks.encoder is not None:
        moments = networks.encoder.predict(np.concatenate([made.reshape(2, -1), rows], axis=1))
        assert moments.shape == (2, 16)
    again = ADVERSARIES[name](shape=shape, classes=3, code=8, seed=2)
    for key, network in networks.networks.items():
        state = again.networks[key].state_dict()
        assert all(np.array_equal(state[k], v) for k, v in network.state_dict().items())


def test_a_vae_gan_can_be_stored_in_two_megabytes() -> None:
    networks = vae_gan()
    assert networks.encoder is not None
    kept = (networks.generator, networks.encoder)
    count = sum(array.size for network in kept for array in network.state_dict().values())
    assert 2 * count < 2_000_000  # half the precision: two bytes each


@pytest.mark.parametrize("shape", [(1, 30, 28), (1, 12, 12), (3, 36, 36), (3, 72, 72)])
def test_sizes_that_cannot_be_made_are_refused(shape: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="cannot be made: the size is a multiple of 4"):
        dcgan(shape=shape)


def test_networks_that_do_not_fit_together_are_refused() -> None:
    networks = vae_gan()
    with pytest.raises(ValueError, match=r"\(42,\) is not \(41,\)"):
        replace(networks, code=31)
    with pytest.raises(ValueError, match=r"\(1, 28, 28\) is not \(3, 32, 32\)"):
        replace(networks, generator=vae_gan(shape=(3, 32, 32)).generator)
    with pytest.raises(ValueError, match="a generator ends in Sigmoid, not in Dense"):
        replace(networks, generator=networks.discriminator)
