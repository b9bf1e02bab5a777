"""Chains: the parts of a graph without branches, which are compiled one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cnn.layers import Layer, Merge

__all__ = ["INPUT", "Chain", "Node", "find_chains"]

#: The name of the network's input.
INPUT = "input"


@dataclass(frozen=True)
class Node:
    """A node of a graph.

    Attributes
    ----------
    name : str
        Its name, and that of its output.
    operation : Layer or Merge
        The layer or merge.
    inputs : tuple of str
        The names of the nodes whose outputs it takes, or `INPUT`.
    """

    name: str
    operation: Layer | Merge
    inputs: tuple[str, ...]


@dataclass(frozen=True)
class Chain:
    """Consecutive layers, or a single merge.

    Attributes
    ----------
    names : tuple of str
        Names of its nodes; the last is that of its output.
    inputs : tuple of str
        Names of the inputs of the first node.
    layers : tuple of Layer
        Each takes the output of the one before, which nothing else takes; none for a merge.
    merge : Merge or None
        The merge, if there are no layers.
    spent : tuple of str
        Names of outputs that are not needed after this chain.
    """

    names: tuple[str, ...]
    inputs: tuple[str, ...]
    layers: tuple[Layer, ...]
    merge: Merge | None
    spent: tuple[str, ...] = ()


def find_chains(nodes: Sequence[Node]) -> list[Chain]:
    """Divide a graph's nodes into chains, in an order of execution."""
    uses = [name for node in nodes for name in node.inputs]
    rows: list[list[Node]] = []
    for node in nodes:
        before = [row for row in rows if row[-1].name == node.inputs[0]]
        if before and _continues(before[0][-1], node, uses.count(node.inputs[0])):
            before[0].append(node)
        else:
            rows.append([node])
    chains: list[Chain] = []
    needed: set[str] = set()
    for row in reversed(rows):
        inputs = row[0].inputs
        spent = tuple(name for name in dict.fromkeys(inputs) if name not in needed)
        needed.update(inputs)
        chains.insert(0, _make_chain(row, spent))
    return chains


def _continues(before: Node, node: Node, uses: int) -> bool:
    return uses == 1 and isinstance(before.operation, Layer) and isinstance(node.operation, Layer)


def _make_chain(row: Sequence[Node], spent: tuple[str, ...]) -> Chain:
    layers = tuple(node.operation for node in row if isinstance(node.operation, Layer))
    first = row[0].operation
    return Chain(
        tuple(node.name for node in row),
        row[0].inputs,
        layers,
        first if isinstance(first, Merge) else None,
        spent,
    )
