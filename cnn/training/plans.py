"""Training passes through a network, compiled where that is possible."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from cnn.engine.memory import Scratch
from cnn.engine.training.plan import LossFunction, Pass, TrainingChain, TrainingPlan
from cnn.layers import Merge
from cnn.layers.functional import channels_first, channels_last
from cnn.models.chains import INPUT, Chain, find_chains
from cnn.models.graph import Graph
from cnn.models.network import Network
from cnn.models.sequential import Sequential

__all__ = ["Plan", "make_plan"]

Array = npt.NDArray[Any]


class Plan(Protocol):
    """Computes training passes through a network, for one thread at a time."""

    def run(
        self, x: Array, targets: Array, *, rng: np.random.Generator, weight: float = 1.0
    ) -> Pass:
        """Compute outputs, loss and gradients.

        Parameters
        ----------
        x : ndarray of float or uint8, (N, C, H, W) or (N, D)
            The examples.
        targets : ndarray, (N, ...)
            Targets, as for the loss.
        rng : numpy.random.Generator
            Source of layers' random numbers.
        weight : float
            Factor of the gradients.
        """


def make_plan(network: Network, loss: LossFunction, depth: int | None) -> Plan:
    """Return a plan for a network.

    Parameters
    ----------
    network : Network
        Its parameters may change between passes.
    loss : callable
        Takes outputs and targets, and returns the mean loss and its gradient.
    depth : int, optional
        Number of layers to run, as for `Network.forward`.
    """
    if isinstance(network, Sequential):
        return _SequentialPlan(network, loss, depth)
    if isinstance(network, Graph):
        return _GraphPlan(network, loss, depth)
    return _NetworkPlan(network, loss, depth)


class _SequentialPlan:
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
        """Run the compiled layers; see `Plan.run`."""
        found = self._plan.run(self._network.prepare(x), targets, rng=rng, weight=weight)
        return replace(found, outputs=channels_first(found.outputs))


class _GraphPlan:
    """Passes through a graph, chain by chain, each compiled."""

    def __init__(self, network: Graph, loss: LossFunction, depth: int | None) -> None:
        self._network = network
        self._loss = loss
        self._scratch = Scratch()
        self._chains = [
            (chain, _compile(chain, network.dtype)) for chain in find_chains(network.nodes[:depth])
        ]

    def run(
        self, x: Array, targets: Array, *, rng: np.random.Generator, weight: float = 1.0
    ) -> Pass:
        """Run the graph's compiled rows of layers; see `Plan.run`."""
        y = channels_first(self._forward(self._network.prepare(x), rng))
        loss, dy = self._loss(y, targets)
        self._backward(channels_last(dy * dy.dtype.type(weight)))
        compiled = [each for _, each in self._chains if each is not None]
        grads = {name: value for each in compiled for name, value in each.gradients().items()}
        return Pass(loss, y, grads, [pair for each in compiled for pair in each.statistics()])

    def _forward(self, x: Array, rng: np.random.Generator) -> Array:
        values = {INPUT: x}
        for chain, compiled in self._chains:
            inputs = [values[name] for name in chain.inputs]
            if compiled is not None:
                x = compiled.forward(inputs[0], rng)
            elif chain.merge is not None:
                x = chain.merge.forward(inputs, out=self._buffer(chain.merge, len(x)))
            values[chain.names[-1]] = x
        return x

    def _buffer(self, merge: Merge, n: int) -> Array | None:
        """Return memory for what a merge gives, as compiled chains want it to lie."""
        if self._network.dtype != np.float32 or len(merge.output_shape) != 3:
            return None
        return self._scratch.pictures(merge, (n, *merge.output_shape))

    def _backward(self, dy: Array) -> None:
        waiting: dict[str, Array] = {self._chains[-1][0].names[-1]: dy}
        for chain, compiled in reversed(self._chains):
            dy = waiting.pop(chain.names[-1])
            if chain.merge is not None:
                parts: list[Array | None] = list(chain.merge.backward(dy))
            elif compiled is not None:
                parts = [compiled.backward(dy)]
            for name, part in zip(chain.inputs, parts, strict=True):
                if part is not None:
                    waiting[name] = waiting[name] + part if name in waiting else part


def _compile(chain: Chain, dtype: np.dtype[Any]) -> TrainingChain | None:
    """Return the layers of a chain, compiled; None for a merge."""
    if chain.merge is not None:
        return None
    first = chain.inputs == (INPUT,)
    return TrainingChain(chain.layers, dtype, names=chain.names, first=first)


class _NetworkPlan:
    """Passes by `forward` and the gradients of any network."""

    def __init__(self, network: Network, loss: LossFunction, depth: int | None) -> None:
        self._network = network
        self._loss = loss
        self._depth = depth

    def run(
        self, x: Array, targets: Array, *, rng: np.random.Generator, weight: float = 1.0
    ) -> Pass:
        """Run the network's own methods; see `Plan.run`."""
        y, caches = self._network.forward(x, training=True, rng=rng, depth=self._depth)
        loss, dy = self._loss(y, targets)
        grads = self._network.parameter_gradients(dy * dy.dtype.type(weight), caches)
        return Pass(loss, y, grads, list(self._network.pair_caches(caches)))
