"""How passes of training are taken through a network, of whatever kind it is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from cnn.engine.training.plan import LossFunction, Pass, TrainingPlan
from cnn.layers.functional import channels_first, channels_last
from cnn.models.network import Network
from cnn.models.sequential import Sequential

__all__ = ["Plan", "make_plan"]

Array = npt.NDArray[Any]


class Plan(Protocol):
    """Takes passes of training through a network, for one thread at a time."""

    def run(
        self, x: Array, targets: Array, *, rng: np.random.Generator, weight: float = 1.0
    ) -> Pass:
        """Compute outputs, loss and gradients.

        Parameters
        ----------
        x : ndarray of float or uint8, (N, C, H, W) or (N, D)
            The examples.
        targets : ndarray, (N, ...)
            What the loss expects.
        rng : numpy.random.Generator
            For layers that draw random numbers.
        weight : float
            What the gradients are multiplied by.
        """


def make_plan(network: Network, loss: LossFunction, depth: int | None) -> Plan:
    """Return a way to take passes of training.

    Parameters
    ----------
    network : Network
        Its parameters may change between passes.
    loss : callable
        Takes outputs and targets, and returns the mean loss and its gradient.
    depth : int, optional
        How many of the layers run, as for `Network.forward`.
    """
    if isinstance(network, Sequential):
        return _CompiledPlan(network, loss, depth)
    return _NetworkPlan(network, loss, depth)


class _CompiledPlan:
    """Passes through layers in a row, compiled."""

    def __init__(self, network: Sequential, loss: LossFunction, depth: int | None) -> None:
        def loss_of(outputs: Array, targets: Array) -> tuple[float, Array]:
            value, gradient = loss(channels_first(outputs), targets)
            return value, channels_last(gradient)

        self._network = network
        self._plan = TrainingPlan(network.layers[:depth], loss_of, network.dtype)

    def run(
        self, x: Array, targets: Array, *, rng: np.random.Generator, weight: float = 1.0
    ) -> Pass:
        """See `Plan.run`."""
        found = self._plan.run(self._network.prepare(x), targets, rng=rng, weight=weight)
        return replace(found, outputs=channels_first(found.outputs))


class _NetworkPlan:
    """Passes by the methods that every network has."""

    def __init__(self, network: Network, loss: LossFunction, depth: int | None) -> None:
        self._network = network
        self._loss = loss
        self._depth = depth

    def run(
        self, x: Array, targets: Array, *, rng: np.random.Generator, weight: float = 1.0
    ) -> Pass:
        """See `Plan.run`."""
        y, caches = self._network.forward(x, training=True, rng=rng, depth=self._depth)
        loss, dy = self._loss(y, targets)
        grads = self._network.parameter_gradients(dy * dy.dtype.type(weight), caches)
        return Pass(loss, y, grads, list(self._network.pair_caches(caches)))
