"""A small generator, discriminator and encoder for the pictures of `runs.bars`."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from cnn.layers import (
    BatchNorm,
    Concatenate,
    Conv2D,
    ConvTranspose2D,
    Dense,
    Flatten,
    Layer,
    LeakyReLU,
    Merge,
    Sigmoid,
    Slice,
    Tanh,
    Unflatten,
)
from cnn.models.adversaries import Adversaries
from cnn.models.graph import Graph
from cnn.models.sequential import Sequential
from cnn.training.adversarial import AdversarialTrainer
from cnn.training.adversarial_plan import Objective
from cnn.training.optimisers import Adam
from tests.cnn.training.runs import bars

#: With everything that there is.
ALL = Objective(adversarial=0.7, reconstruction=0.1, divergence=0.05, penalty=0.3, penalty_every=3)


def small(*, encoder: bool = True, dtype: npt.DTypeLike = np.float32, seed: int = 0) -> Adversaries:
    """Build networks for two classes of (1, 6, 6), with codes of 3 numbers."""
    options: dict[str, Any] = {"dtype": dtype, "seed": seed}
    generator: list[Layer] = [
        Dense(4 * 3 * 3, bias=False),
        Unflatten((4, 3, 3)),
        BatchNorm(),
        LeakyReLU(slope=0.2),
        ConvTranspose2D(1, 4, stride=2, padding=1),
        Sigmoid(),
    ]
    judging: list[Layer] = [Conv2D(4, 3, padding=1), Tanh(), Flatten(), Dense(2)]
    return Adversaries(
        Sequential(generator, input_shape=(5,), **options),
        Sequential(judging, input_shape=(1, 6, 6), **options),
        _encoder(options) if encoder else None,
        classes=2,
        code=3,
    )


def _encoder(options: dict[str, Any]) -> Graph:
    nodes: dict[str, tuple[Layer | Merge, str | tuple[str, ...]]] = {
        "picture": (Slice(0, 36), "input"),
        "class": (Slice(36, 38), "input"),
        "seen": (Dense(8), "picture"),
        "bent": (Tanh(), "seen"),
        "joined": (Concatenate(), ("bent", "class")),
        "code": (Dense(6), "joined"),
    }
    return Graph(nodes, input_shape=(38,), **options)


def make_trainer(**options: Any) -> AdversarialTrainer:
    """Return a trainer of small networks on two threads."""
    objective = options.pop("objective", ALL)
    networks = options.pop("networks", None) or small(encoder=bool(objective.reconstruction))
    options = {
        "optimiser": Adam(0.01, betas=(0.5, 0.99)),
        "discriminator_optimiser": Adam(0.01, betas=(0.5, 0.99)),
        "batch_size": 16,
        "workers": 2,
        **options,
    }
    return AdversarialTrainer(networks, objective, **options)


def fit(run: AdversarialTrainer, epochs: int = 4, **options: Any) -> dict[str, list[float]]:
    """Train on 60 pictures."""
    return run.fit(*bars(60), epochs=epochs, **options)
