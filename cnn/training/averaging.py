"""Averaged weights: a network's parameters, smoothed over the steps of its training."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from cnn.models.network import Network

__all__ = ["AveragedWeights"]

Array = npt.NDArray[Any]


class AveragedWeights:
    """Exponentially averaged parameters and buffers of a network.

    Parameters
    ----------
    network : Network
        Whose state is averaged; it is the average at first.
    decay : float
        How much of the average each step keeps, from 0 to below 1. During the first steps it is
        less, (1 + steps) / (10 + steps), so that the initial weights are soon forgotten.

    Attributes
    ----------
    steps : int
        How many states have been averaged.
    state : dict of str to ndarray
        The average, as `Network.load_state_dict` takes it.

    References
    ----------
    Polyak & Juditsky, "Acceleration of stochastic approximation by averaging", 1992; Yazıcı et
    al., "The Unusual Effectiveness of Averaging in GAN Training", 2019.
    """

    def __init__(self, network: Network, *, decay: float) -> None:
        if not 0 <= decay < 1:
            raise ValueError(f"decay must be from 0 to below 1, got {decay}")
        self._network = network
        self.decay = decay
        self.steps = 0
        self.state = network.state_dict()

    def update(self) -> None:
        """Move the average towards what the network is now."""
        decay = min(self.decay, (1 + self.steps) / (10 + self.steps))
        self.steps += 1
        for name, array in self._network.state_dict().items():
            average = self.state[name]
            average += (1 - decay) * (array - average)

    def load(self, state: Mapping[str, Array], steps: int) -> None:
        """Go on from an average of so many states.

        Raises
        ------
        ValueError
            If names or shapes are not those of the network.
        """
        if {name: a.shape for name, a in state.items()} != {
            name: a.shape for name, a in self.state.items()
        }:
            raise ValueError("the averaged weights do not fit the network")
        self.state = {name: np.array(array) for name, array in state.items()}
        self.steps = steps
