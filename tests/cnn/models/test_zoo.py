"""Every architecture of the zoo is what its name says, runs both ways and trains."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pytest

from cnn import Trainer
from cnn.layers import Softmax
from cnn.models import zoo
from cnn.models.network import Network
from cnn.training.losses import BinaryCrossEntropy, CrossEntropy, MeanSquaredError
from cnn.training.optimisers import Adam

NETWORKS: dict[str, tuple[Callable[..., Network], tuple[int, ...], tuple[int, ...], int]] = {
    "reference digits": (zoo.reference_digits, (1, 28, 28), (10,), 458_570),
    "digits": (zoo.digits, (1, 28, 28), (10,), 288_170),
    "two convolutions": (zoo.two_convolutions, (3, 64, 64), (10,), 1_162_154),
    "VGG-like": (zoo.vgg_like, (3, 32, 32), (10,), 66_410),
    "textbook": (
        partial(zoo.textbook, input_shape=(3, 64, 64), classes=2, head="sigmoid"),
        (3, 64, 64),
        (1,),
        813_217,
    ),
    "small VGG": (
        partial(zoo.small_vgg, input_shape=(3, 32, 32), classes=10),
        (3, 32, 32),
        (10,),
        288_746,
    ),
    "small VGG of large pictures": (
        partial(zoo.small_vgg, input_shape=(1, 64, 64), classes=2, head="sigmoid"),
        (1, 64, 64),
        (1,),
        287_009,
    ),
    "discriminator": (zoo.discriminator, (1, 28, 28), (1,), 212_865),
    "generator": (zoo.generator, (100,), (1, 28, 28), 833_985),
    "encoder-decoder": (
        partial(zoo.encoder_decoder, input_shape=(3, 16, 24)),
        (3, 16, 24),
        (1, 16, 24),
        118_593,
    ),
}


@pytest.mark.parametrize(
    ("make", "taken", "given", "count"), NETWORKS.values(), ids=NETWORKS.keys()
)
def test_an_architecture_is_what_its_name_says(
    make: Callable[..., Network], taken: tuple[int, ...], given: tuple[int, ...], count: int
) -> None:
    network = make(seed=3)
    assert (network.input_shape, network.output_shape) == (taken, given)
    assert sum(array.size for array in network.parameters().values()) == count
    x = np.random.default_rng(0).random((5, *taken), np.float32)
    assert network.predict(x).shape == (5, *given)
    np.testing.assert_allclose(network.predict(x), network.forward(x)[0], rtol=1e-3, atol=1e-5)
    again = make(seed=3).state_dict()
    assert all(np.array_equal(again[key], array) for key, array in network.state_dict().items())


@pytest.mark.parametrize(
    ("make", "taken", "given", "count"), NETWORKS.values(), ids=NETWORKS.keys()
)
def test_an_architecture_learns_a_few_examples(
    make: Callable[..., Network], taken: tuple[int, ...], given: tuple[int, ...], count: int
) -> None:
    rng = np.random.default_rng(1)
    network, x = make(seed=3), rng.random((8, *taken), np.float32)
    targets: np.ndarray = (rng.random((8, *given)) < 0.5).astype(np.float32)
    loss: CrossEntropy | BinaryCrossEntropy | MeanSquaredError = BinaryCrossEntropy()
    if isinstance(network.last, Softmax):
        targets, loss = np.arange(8) % 10, CrossEntropy()
    elif network.input_shape == (100,):
        loss = MeanSquaredError()
    run = Trainer(network, loss=loss, optimiser=Adam(0.003), batch_size=8, workers=1)
    history = run.fit(x, targets, epochs=8)["loss"]
    assert history[-1] < 0.85 * history[0]


def test_the_encoder_decoder_is_for_256_by_256_unless_told_otherwise() -> None:
    assert zoo.encoder_decoder().output_shape == (1, 256, 256)


def test_the_command_line_offers_only_networks_for_digits() -> None:
    assert set(zoo.ARCHITECTURES) == {"digits", "reference"}
