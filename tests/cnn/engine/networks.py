"""Small networks with everything that is joined, and much that is not."""

from collections.abc import Callable

import numpy as np

import cnn
from cnn.engine.training.plan import TrainingChain
from cnn.layers import (
    AveragePool2D,
    BatchNorm,
    Conv2D,
    ConvTranspose2D,
    Dense,
    Dropout,
    Flatten,
    Layer,
    LeakyReLU,
    MaxPool2D,
    MinPool2D,
    ReLU,
    Softmax,
    Tanh,
    Upsample2D,
)
from cnn.training.plans import Pass

HEAD = [Flatten, lambda: Dense(3), Softmax]

BODIES: dict[str, Callable[[], list[Layer]]] = {
    "conv": lambda: [Conv2D(5, 3)],
    "unpadded": lambda: [
        Conv2D(6, 3, padding=1),
        ReLU(),
        Conv2D(7, 3),
        ReLU(),
        Conv2D(5, 3),
        LeakyReLU(),
    ],
    "unpadded, pooled": lambda: [Conv2D(6, 1), Conv2D(7, 3), ReLU(), MaxPool2D(2)],
    "conv without bias": lambda: [Conv2D(5, 3, bias=False)],
    "conv, ReLU": lambda: [Conv2D(5, 3, padding=1), ReLU()],
    "conv, pool": lambda: [Conv2D(5, 3, padding=1), MaxPool2D(2)],
    "conv, ReLU, pool": lambda: [Conv2D(5, 3, padding=1), ReLU(), MaxPool2D(2)],
    "conv, pool, ReLU": lambda: [Conv2D(5, 3, padding=1), MaxPool2D(2), ReLU()],
    "conv, norm, ReLU, pool": lambda: [
        Conv2D(5, 3, padding="same", bias=False),
        BatchNorm(),
        ReLU(),
        MaxPool2D(2),
    ],
    "conv, norm": lambda: [Conv2D(5, 3), BatchNorm()],
    "norm first": lambda: [BatchNorm(), Conv2D(5, 3), ReLU()],
    "conv, ReLU, norm": lambda: [Conv2D(5, 3), ReLU(), BatchNorm(), MaxPool2D(2)],
    "two convs": lambda: [Conv2D(6, 3, padding=1), ReLU(), Conv2D(7, 3, padding=2), ReLU()],
    "two pooled": lambda: [
        Conv2D(6, 3, padding=1),
        ReLU(),
        MaxPool2D(2),
        Conv2D(7, 3, padding=1),
        ReLU(),
        MaxPool2D(2),
    ],
    "wide kernel, one-sided frame": lambda: [Conv2D(4, (5, 2), padding="same"), ReLU()],
    "even kernel, pooled": lambda: [Conv2D(4, 2, padding="same"), ReLU(), MaxPool2D(2)],
    "stride": lambda: [Conv2D(4, 3, stride=2, padding=1), ReLU()],
    "stride, pooled": lambda: [Conv2D(4, 3, stride=(2, 1), padding=1), ReLU(), MaxPool2D(2)],
    "overlapping pool": lambda: [Conv2D(4, 3), ReLU(), MaxPool2D(3, stride=2, padding=1)],
    "partial pool": lambda: [Conv2D(4, 2), ReLU(), MaxPool2D(2, partial=True)],
    "norm, ReLU alone": lambda: [BatchNorm(), ReLU(), Conv2D(4, 3), Tanh(), BatchNorm(), ReLU()],
    "norm, leaky ReLU, pool": lambda: [
        Conv2D(5, 3, padding=1),
        Tanh(),
        BatchNorm(),
        LeakyReLU(slope=0.3),
        MaxPool2D(2),
    ],
    "conv, norm, pool, leaky ReLU": lambda: [
        Conv2D(5, 3, padding=1),
        BatchNorm(),
        MaxPool2D(2),
        LeakyReLU(slope=0.3),
    ],
    "wide strides": lambda: [
        Conv2D(16, 5, stride=2, padding=2),
        LeakyReLU(slope=0.2),
        Conv2D(8, 5, stride=2, padding=2),
        LeakyReLU(slope=0.2),
    ],
    "wide strides on both sides": lambda: [
        Conv2D(16, 3, padding=1),
        Conv2D(17, 6, stride=2, padding=2),
        LeakyReLU(slope=0.2),
        Conv2D(8, 4, stride=2, padding=1),
        ReLU(),
    ],
    "wide strides, mixed": lambda: [
        Conv2D(16, 2),
        Conv2D(18, (5, 6), stride=2, padding="same"),
        BatchNorm(),
        ReLU(),
        Conv2D(7, (4, 5), stride=2, padding=(1, 3)),
    ],
    "wide strides, pooled": lambda: [
        Conv2D(16, 1),
        Conv2D(6, 5, stride=2, padding=2),
        ReLU(),
        MaxPool2D(2),
    ],
    "transposed, wide strides": lambda: [
        ConvTranspose2D(17, 5, stride=2, padding=2, output_padding=1),
        ReLU(),
        ConvTranspose2D(2, 5, stride=2, padding=2, output_padding=1),
        Tanh(),
    ],
    "transposed, norm": lambda: [
        Conv2D(6, 3),
        ConvTranspose2D(18, 5, stride=2, padding=2, bias=False),
        BatchNorm(),
        LeakyReLU(slope=0.2),
        ConvTranspose2D(16, 4, stride=2, padding=1),
    ],
    "transposed, of windows": lambda: [
        Conv2D(5, 3, padding=1),
        ConvTranspose2D(6, (3, 4), stride=(1, 3), padding=(0, 2), output_padding=(0, 1)),
        LeakyReLU(slope=0.2),
        ConvTranspose2D(5, 2, stride=3, padding=1),
    ],
    "transposed to few": lambda: [
        Conv2D(5, 3),
        ConvTranspose2D(3, (2, 5), stride=(3, 2), output_padding=(2, 1)),
        LeakyReLU(),
    ],
    "stride above kernel": lambda: [Conv2D(4, 1), Conv2D(3, 2, stride=3), ReLU()],
    "uneven stride and kernel": lambda: [
        Conv2D(4, 3, padding=1),
        ReLU(),
        Conv2D(5, (4, 3), stride=(3, 2), padding=(2, 0)),
        BatchNorm(),
        LeakyReLU(),
    ],
    "padding above kernel": lambda: [Conv2D(4, 3), Conv2D(4, (2, 1), padding=3), ReLU()],
    "windows, pooled": lambda: [Conv2D(4, 3), Conv2D(8, 5, padding=2), ReLU(), MaxPool2D(2)],
    "dense, leaky ReLU": lambda: [Flatten(), Dense(7), LeakyReLU(slope=0.1)],
    "leaky ReLU in tiles": lambda: [
        Conv2D(6, 3, padding=1),
        LeakyReLU(),
        Conv2D(7, 3, padding=1),
        LeakyReLU(slope=0.4),
        MaxPool2D(2),
    ],
    "other pools": lambda: [Conv2D(4, 3), AveragePool2D(2), Conv2D(4, 2), MinPool2D(2)],
    "other activations": lambda: [Conv2D(4, 3), LeakyReLU(), Conv2D(4, 2), Tanh()],
    "ReLU twice": lambda: [Conv2D(4, 3), ReLU(), ReLU(), MaxPool2D(2), ReLU()],
    "dropout between": lambda: [Conv2D(4, 3, padding=1), Dropout(0.5), ReLU(), MaxPool2D(2)],
    "transposed": lambda: [
        Conv2D(4, 3, stride=2, padding=1),
        ConvTranspose2D(5, 3, stride=2, padding=1, output_padding=1, bias=False),
        BatchNorm(),
        ReLU(),
        ConvTranspose2D(3, 2),
    ],
    "upsampled": lambda: [MaxPool2D(2), Upsample2D(2), Conv2D(4, 3, padding=1), ReLU()],
    "pool first": lambda: [MaxPool2D(2), Conv2D(4, 3, padding=1), ReLU()],
}


def build(layers, shape, seed=0):
    """Return a network whose every parameter and statistic is something."""
    network = cnn.Sequential([*layers, *(make() for make in HEAD)], input_shape=shape, seed=seed)
    rng = np.random.default_rng(seed)
    state = network.state_dict()
    for name, array in state.items():
        noise = rng.normal(0, 0.3, array.shape)
        state[name] = np.abs(array + noise) + 0.1 if "variance" in name else array + noise
    network.load_state_dict(state)
    return network


def make_chain(layers, dtype=np.float32):
    """Return layers compiled for training, called "0", "1", ..."""
    return TrainingChain(layers, np.dtype(dtype), names=list(map(str, range(len(layers)))))


def take_pass(chain, loss, x, targets, *, seed=0):
    """Return what a pass through compiled layers finds."""
    outputs = chain.forward(x, np.random.default_rng(seed))
    value, dy = loss(outputs, targets)
    chain.backward(dy)
    return Pass(value, outputs, chain.gradients(), chain.statistics())


def expect_reference(network, x):
    """Check what `predict` computes, as exactly as the sizes of the scores before softmax allow."""
    probabilities = network.forward(x)[0]
    scores = np.abs(network.forward(x, depth=-1)[0]).max()
    np.testing.assert_allclose(
        network.predict(x), probabilities, rtol=1e-4, atol=4e-7 * max(scores, 5)
    )


def expect_close(found, expected):
    """Check gradients by name, relative to the largest number of each."""
    # A bias before a normalisation has no gradient but rounding errors.
    least = 0.01 * max(np.abs(gradient).max() for gradient in expected.values())
    for name, gradient in expected.items():
        scale = max(np.abs(gradient).max(), least)
        np.testing.assert_allclose(
            found[name] / scale, gradient / scale, rtol=0, atol=2e-4, err_msg=name
        )
