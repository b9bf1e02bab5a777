"""Training passes through a network, compiled where that is possible."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from cnn.engine.memory import Scratch
from cnn.engine.training.plan import TrainingChain
from cnn.layers import Layer, Merge
from cnn.layers.functional import channels_first, channels_last
from cnn.models.chains import INPUT, Chain, find_chains
from cnn.models.graph import Graph
from cnn.models.network import Network
from cnn.models.sequential import Sequential

__all__ = ["LossFunction", "Pass", "Passes", "Plan", "compile_passes"]

Array = npt.NDArray[Any]
#: Takes outputs and targets, returns the mean loss and its gradient by the outputs.
LossFunction = Callable[[Array, Array], tuple[float, Array]]


@dataclass(frozen=True)
class Pass:
    """What a pass found.

    Attributes
    ----------
    loss : float
        Mean over the examples.
    outputs : ndarray, (N, ...)
        Of the last layer that ran; good until the plan runs again.
    grads : dict of str to ndarray
        Gradient for each parameter, named "layer.parameter", times the pass's weight;
        good until the plan runs again.
    statistics : list of (Layer, object)
        Layers, each with what its `update_statistics` takes.
    """

    loss: float
    outputs: Array
    grads: dict[str, Array]
    statistics: list[tuple[Layer, Any]]


class Passes(Protocol):
    """Passes of training through a network, for one thread at a time."""

    def forward(self, x: Array, rng: np.random.Generator) -> Array:
        """Begin a pass.

        Parameters
        ----------
        x : ndarray of float or uint8, (N, C, H, W) or (N, D)
            The examples.
        rng : numpy.random.Generator
            Source of layers' random numbers.

        Returns
        -------
        ndarray, (N, C, H, W) or (N, D)
            Output of the last layer that runs; good until the next pass.
        """

    def backward(self, dy: Array, *, parameters: bool = True) -> Array | None:
        """Go backward through the pass that was begun last.

        Parameters
        ----------
        dy : ndarray
            Gradient of the loss with respect to what `forward` returned, in its shape.
        parameters : bool
            Whether `gradients` is wanted; without, it has nothing to say.

        Returns
        -------
        ndarray or None
            The gradient of the input, in its shape, good until the next pass; None if the passes
            were compiled without it.
        """

    def gradients(self) -> dict[str, Array]:
        """Return the gradients of the parameters by name, good until the next pass."""

    def statistics(self) -> list[tuple[Layer, Any]]:
        """Return layers, each with what its `update_statistics` takes."""


def compile_passes(network: Network, *, depth: int | None = None, to_input: bool = False) -> Passes:
    """Return passes through a network, whose parameters may change between them.

    Parameters
    ----------
    network : Network
        The network.
    depth : int, optional
        Number of layers to run, as for `Network.forward`.
    to_input : bool
        Whether the gradient of the input is wanted.
    """
    if isinstance(network, Sequential):
        return _SequentialPasses(network, depth, to_input)
    if isinstance(network, Graph):
        return _GraphPasses(network, depth, to_input)
    return _NetworkPasses(network, depth, to_input)


class Plan:
    """Computes losses and their gradients, for one thread at a time.

    Parameters
    ----------
    network : Network
        Its parameters may change between passes.
    loss : callable
        Takes outputs and targets, and returns the mean loss and its gradient.
    depth : int, optional
        Number of layers to run, as for `Network.forward`.
    """

    def __init__(self, network: Network, loss: LossFunction, depth: int | None) -> None:
        self._passes = compile_passes(network, depth=depth)
        self._loss = loss

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
        outputs = self._passes.forward(x, rng)
        loss, dy = self._loss(outputs, targets)
        self._passes.backward(dy * dy.dtype.type(weight))
        return Pass(loss, outputs, self._passes.gradients(), self._passes.statistics())


class _SequentialPasses:
    """Passes through layers in a row, compiled."""

    def __init__(self, network: Sequential, depth: int | None, to_input: bool) -> None:
        self._network = network
        layers = network.layers[:depth]
        names = list(map(str, range(len(layers))))
        self._chain = TrainingChain(layers, network.dtype, names=names, first=not to_input)

    def forward(self, x: Array, rng: np.random.Generator) -> Array:
        """Run the compiled layers; see `Passes.forward`."""
        return channels_first(self._chain.forward(self._network.prepare(x), rng))

    def backward(self, dy: Array, *, parameters: bool = True) -> Array | None:
        """Run the compiled layers backward; see `Passes.backward`."""
        dx = self._chain.backward(channels_last(dy), parameters=parameters)
        return None if dx is None else channels_first(dx)

    def gradients(self) -> dict[str, Array]:
        """Return the gradients of the layers' parameters."""
        return self._chain.gradients()

    def statistics(self) -> list[tuple[Layer, Any]]:
        """Return what the layers' `update_statistics` takes."""
        return self._chain.statistics()


class _GraphPasses:
    """Passes through a graph, chain by chain, each compiled."""

    def __init__(self, network: Graph, depth: int | None, to_input: bool) -> None:
        self._network = network
        self._to_input = to_input
        self._scratch = Scratch()
        self._chains = [
            (chain, _compile(chain, network.dtype, to_input))
            for chain in find_chains(network.nodes[:depth])
        ]

    def forward(self, x: Array, rng: np.random.Generator) -> Array:
        """Run the graph's compiled rows of layers; see `Passes.forward`."""
        return channels_first(self._forward(self._network.prepare(x), rng))

    def backward(self, dy: Array, *, parameters: bool = True) -> Array | None:
        """Run them backward; see `Passes.backward`."""
        dx = self._backward(channels_last(dy), parameters)
        return None if dx is None else channels_first(dx)

    def gradients(self) -> dict[str, Array]:
        """Return the gradients of the nodes' parameters."""
        return {
            name: value
            for _, compiled in self._chains
            if compiled is not None
            for name, value in compiled.gradients().items()
        }

    def statistics(self) -> list[tuple[Layer, Any]]:
        """Return what the nodes' `update_statistics` takes."""
        return [
            pair
            for _, compiled in self._chains
            if compiled is not None
            for pair in compiled.statistics()
        ]

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

    def _backward(self, dy: Array, parameters: bool) -> Array | None:
        waiting: dict[str, Array] = {self._chains[-1][0].names[-1]: dy}
        for chain, compiled in reversed(self._chains):
            dy = waiting.pop(chain.names[-1])
            if chain.merge is not None:
                parts: list[Array | None] = list(chain.merge.backward(dy))
            elif compiled is not None:
                parts = [compiled.backward(dy, parameters=parameters)]
            for name, part in zip(chain.inputs, parts, strict=True):
                if part is not None:
                    waiting[name] = waiting[name] + part if name in waiting else part
        return waiting[INPUT] if self._to_input else None


def _compile(chain: Chain, dtype: np.dtype[Any], to_input: bool) -> TrainingChain | None:
    """Return the layers of a chain, compiled; None for a merge."""
    if chain.merge is not None:
        return None
    first = chain.inputs == (INPUT,) and not to_input
    return TrainingChain(chain.layers, dtype, names=chain.names, first=first)


class _NetworkPasses:
    """Passes by `forward` and the gradients of any network."""

    def __init__(self, network: Network, depth: int | None, to_input: bool) -> None:
        self._network = network
        self._depth = depth
        self._to_input = to_input
        self._caches: list[Any] = []
        self._grads: dict[str, Array] = {}

    def forward(self, x: Array, rng: np.random.Generator) -> Array:
        """Run the network's own method; see `Passes.forward`."""
        y, self._caches = self._network.forward(x, training=True, rng=rng, depth=self._depth)
        return y

    def backward(self, dy: Array, *, parameters: bool = True) -> Array | None:
        """Run the network's own methods; see `Passes.backward`."""
        self._grads = self._network.parameter_gradients(dy, self._caches) if parameters else {}
        return self._network.input_gradient(dy, self._caches) if self._to_input else None

    def gradients(self) -> dict[str, Array]:
        """Return the gradients of the network's parameters."""
        return self._grads

    def statistics(self) -> list[tuple[Layer, Any]]:
        """Return what the layers' `update_statistics` takes."""
        return list(self._network.pair_caches(self._caches))
