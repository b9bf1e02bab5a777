"""Networks whose layers form a graph, with skips and branches."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt

from cnn.engine.inference.plan import Plan, compile_plan
from cnn.engine.threads import shared_cores
from cnn.layers import Layer, Merge
from cnn.layers.base import Shape, first_layer_gradients
from cnn.layers.functional import channels_first
from cnn.models.chains import INPUT, Chain, Node, find_chains
from cnn.models.network import (
    Network,
    check_new,
    shape_channels_first,
    shape_channels_last,
)

__all__ = ["Graph", "Nodes"]

Array = npt.NDArray[Any]

#: The nodes of a graph by name: a layer or merge, and the names of its inputs.
Nodes = Mapping[str, tuple[Layer | Merge, str | Sequence[str]]]

# Number of pictures that go through the chains at a time, to bound the memory.
_FEW = 8
_NAME = re.compile(r"[\w-]+")


class Graph(Network):
    """A network of layers and merges, each with the names of its inputs.

    Parameters
    ----------
    nodes : mapping of str to (Layer or Merge, str or sequence of str)
        Layers and merges by name, each with the names of the nodes whose outputs it takes,
        which come before it; "input" is the network's input. The last node gives the
        network's output. No layer occurs twice or is shared with another network.
    input_shape : tuple of int
        Shape of one input: (C, H, W), or (D,) for flat vectors.
    seed : int
        Where the initial weights come from; the same seed gives the same weights.
    dtype : dtype
        Of parameters and computation: float32, or float64 for gradient checks.

    Raises
    ------
    ValueError
        If a node names no node before it, cannot take its inputs, or has an unused output;
        the message names it.

    Examples
    --------
    >>> from cnn.layers import Add, Conv2D, ReLU
    >>> network = Graph(
    ...     {
    ...         "first": (Conv2D(8, 3, padding=1), "input"),
    ...         "active": (ReLU(), "first"),
    ...         "second": (Conv2D(8, 3, padding=1), "active"),
    ...         "sum": (Add(), ("active", "second")),
    ...     },
    ...     input_shape=(1, 28, 28),
    ... )
    >>> network.output_shape
    (8, 28, 28)
    """

    def __init__(
        self,
        nodes: Nodes,
        *,
        input_shape: tuple[int, ...],
        seed: int = 0,
        dtype: npt.DTypeLike = np.float32,
    ) -> None:
        super().__init__(input_shape=input_shape, dtype=dtype)
        self.nodes = [
            Node(name, operation, (inputs,) if isinstance(inputs, str) else tuple(inputs))
            for name, (operation, inputs) in nodes.items()
        ]
        _check_names(self.nodes)
        rng = np.random.default_rng(seed)
        shapes: dict[str, Shape] = {INPUT: shape_channels_last(self.input_shape)}
        for node in self.nodes:
            try:
                shapes[node.name] = _build(node, shapes, rng, self.dtype)
            except ValueError as error:
                raise ValueError(f"node {node.name}, {node.operation!r}: {error}") from error
        self.output_shape = shape_channels_first(shapes[self.nodes[-1].name])
        self._compiled: list[tuple[Chain, Plan | None]] = []

    @property
    def last(self) -> Layer | Merge:
        """The layer or merge of the output."""
        return self.nodes[-1].operation

    def named_layers(self) -> Iterator[tuple[str, Layer]]:
        """Yield the layers with their nodes' names."""
        for node in self.nodes:
            if isinstance(node.operation, Layer):
                yield node.name, node.operation

    def pair_caches(self, caches: list[Any]) -> Iterator[tuple[Layer, Any]]:
        """Yield the layers that ran, each with its cache."""
        for node, cache in zip(self.nodes, caches, strict=False):
            if isinstance(node.operation, Layer):
                yield node.operation, cache

    def outputs_of(self, names: Collection[str], x: Array) -> dict[str, Array]:
        """Return what some nodes give, beside the last one.

        The layers run one by one, not compiled: this takes several times as long as `predict`.

        Parameters
        ----------
        names : collection of str
            Names of nodes.
        x : ndarray of float or uint8, (N, C, H, W) or (N, D)
            The inputs, as for `predict`.

        Returns
        -------
        dict of str to ndarray
            The output of each, (N, C, H, W) or (N, D), in the order of the nodes.

        Raises
        ------
        ValueError
            If shape or type of `x` are others, or there is no such node.
        """
        known = [node.name for node in self.nodes]
        if missing := set(names).difference(known):
            raise ValueError(f"expected names of nodes, got {', '.join(sorted(missing))}")
        return {
            name: channels_first(y)
            for name, y, _ in self._steps(self.prepare(x), self.nodes)
            if name in names
        }

    def _forward(
        self,
        x: Array,
        *,
        training: bool = False,
        rng: np.random.Generator | None = None,
        depth: int | None = None,
    ) -> tuple[Array, list[Any]]:
        caches = []
        for _, y, cache in self._steps(x, self.nodes[:depth], training=training, rng=rng):
            x = y
            caches.append(cache)
        return x, caches

    def _steps(
        self,
        x: Array,
        nodes: Sequence[Node],
        *,
        training: bool = False,
        rng: np.random.Generator | None = None,
    ) -> Iterator[tuple[str, Array, Any]]:
        """Run nodes in their order; yield the name of each, its output and its cache."""
        values = {INPUT: x}
        for node in nodes:
            inputs = [values[name] for name in node.inputs]
            cache = None
            if isinstance(node.operation, Merge):
                x = node.operation.forward(inputs)
            else:
                x, cache = node.operation.forward(inputs[0], training=training, rng=rng)
            values[node.name] = x
            yield node.name, x, cache

    def _backward(
        self, dy: Array, caches: list[Any], *, to_input: bool
    ) -> tuple[Array, dict[str, Array]]:
        grads: dict[str, Array] = {}
        nodes = self.nodes[: len(caches)]
        waiting = {nodes[-1].name if nodes else INPUT: dy}
        for node, cache in zip(reversed(nodes), reversed(caches), strict=True):
            if node.name not in waiting:
                continue  # it leads only to nodes that did not run
            dy = waiting.pop(node.name)
            if isinstance(node.operation, Merge):
                parts = node.operation.backward(dy)
            elif node.inputs[0] != INPUT or to_input:
                dx, own = node.operation.backward(dy, cache)
                parts = [dx]
            else:
                parts, own = [], first_layer_gradients(node.operation, dy, cache)
            if not isinstance(node.operation, Merge):
                grads.update({f"{node.name}.{key}": gradient for key, gradient in own.items()})
            for name, part in zip(node.inputs, parts, strict=False):
                waiting[name] = waiting[name] + part if name in waiting else part
        return waiting.get(INPUT, dy), grads

    def _predict_compiled(self, x: Array) -> Array:
        compiled = self._compile()
        y = np.empty((len(x), *shape_channels_last(self.output_shape)), np.float32)
        cores = os.cpu_count() or 1
        step = max(1, min(_FEW, -(-len(x) // cores)))

        def run(start: int) -> None:
            part = slice(start, start + step)
            y[part] = _run(compiled, x[part])

        with shared_cores(), ThreadPoolExecutor(cores) as pool:
            list(pool.map(run, range(0, len(x), step)))
        return y

    def _compile(self) -> list[tuple[Chain, Plan | None]]:
        """Return the chains with their compiled plans."""
        plans = [plan for _, plan in self._compiled if plan is not None]
        if not self._compiled or not all(plan.valid for plan in plans):
            # The parameters that were compiled must not change unnoticed.
            self._set_writeable(False)
            self._compiled = [
                (chain, compile_plan(chain.layers) if chain.layers else None)
                for chain in find_chains(self.nodes)
            ]
        return self._compiled

    def _discard_plan(self) -> bool:
        had, self._compiled = bool(self._compiled), []
        return had

    def _nodes(self) -> Iterator[tuple[str, Layer | Merge]]:
        for node in self.nodes:
            yield f"{node.name} {node.operation!r} of {', '.join(node.inputs)}", node.operation


def _run(compiled: Sequence[tuple[Chain, Plan | None]], x: Array) -> Array:
    """Return the output of the last chain."""
    values = {INPUT: x}
    for chain, plan in compiled:
        inputs = [values[name] for name in chain.inputs]
        if plan is not None:
            x = plan.run(inputs[0])
        elif chain.merge is not None:
            x = chain.merge.forward(inputs)
        for name in chain.spent:
            del values[name]
        values[chain.names[-1]] = x
    return x


def _build(
    node: Node, shapes: Mapping[str, Shape], rng: np.random.Generator, dtype: npt.DTypeLike
) -> Shape:
    """Build the layer of a node, and return the shape of its output."""
    check_new(node.operation)
    taken = [shapes[name] for name in node.inputs]
    if isinstance(node.operation, Merge):
        return node.operation.build(taken)
    if len(taken) != 1:
        raise ValueError(f"a layer takes one input, not {len(taken)}")
    return node.operation.build(taken[0], rng=rng, dtype=dtype)


def _check_names(nodes: Sequence[Node]) -> None:
    """Raise a ValueError unless every node's inputs exist, and its output is used."""
    if not nodes:
        raise ValueError("a graph needs one node at least")
    known = {INPUT}
    for node in nodes:
        if not _NAME.fullmatch(node.name) or node.name == INPUT:
            raise ValueError(
                f"a node is named by letters, digits, _ and -, and not {INPUT!r}, got {node.name!r}"
            )
        if missing := [name for name in node.inputs if name not in known]:
            raise ValueError(f"node {node.name} takes {', '.join(missing)}, not there before it")
        known.add(node.name)
    taken = {name for node in nodes for name in node.inputs}
    if idle := [node.name for node in nodes[:-1] if node.name not in taken]:
        raise ValueError(f"nothing takes the output of {', '.join(idle)}")
