"""Descriptions of networks for JSON: layers, options and connections."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cnn.layers import LAYERS, MERGES, Layer, Merge
from cnn.models.graph import Graph
from cnn.models.network import Network
from cnn.models.sequential import Sequential

__all__ = ["build_network", "describe_network"]


def describe_network(network: Network) -> dict[str, Any]:
    """Return a description from which `build_network` builds the same network.

    Returns
    -------
    dict
        "input_shape", and either "layers", each as [type, options], or "nodes", each as
        [name, type, options, inputs].

    Raises
    ------
    ValueError
        If it is neither a `Sequential` nor a `Graph`, or has a layer or merge of a type that
        is not in `cnn.layers.LAYERS` or `MERGES`.
    """
    described: dict[str, Any] = {"input_shape": list(network.input_shape)}
    if isinstance(network, Sequential):
        described["layers"] = [[_kind(layer), layer.config()] for layer in network.layers]
    elif isinstance(network, Graph):
        described["nodes"] = [
            [node.name, _kind(node.operation), _options(node.operation), list(node.inputs)]
            for node in network.nodes
        ]
    else:
        raise ValueError(f"a {type(network).__name__} cannot be described")
    return described


def build_network(described: Mapping[str, Any]) -> Network:
    """Build a network, with new weights, from what `describe_network` returned.

    Raises
    ------
    KeyError, TypeError, ValueError
        If the description is invalid.
    """
    shape = tuple(described["input_shape"])
    if "nodes" not in described:
        layers = [LAYERS[kind](**options) for kind, options in described["layers"]]
        return Sequential(layers, input_shape=shape)
    nodes = {
        name: (_make(kind, options), tuple(inputs))
        for name, kind, options, inputs in described["nodes"]
    }
    if len(nodes) != len(described["nodes"]):
        raise ValueError("two nodes have the same name")
    return Graph(nodes, input_shape=shape)


def _kind(operation: Layer | Merge) -> str:
    """Return the name of a layer's or merge's type, from which it can be made again."""
    kind = type(operation)
    if {**LAYERS, **MERGES}.get(kind.__name__) is not kind:
        raise ValueError(
            f"{operation!r} is of a type that files cannot name: add {kind.__module__}."
            f"{kind.__qualname__} to cnn.layers.LAYERS or MERGES, also where the file is loaded"
        )
    return kind.__name__


def _options(operation: Layer | Merge) -> dict[str, Any]:
    return operation.config() if isinstance(operation, Layer) else {}


def _make(kind: str, options: Mapping[str, Any]) -> Layer | Merge:
    return MERGES[kind](**options) if kind in MERGES else LAYERS[kind](**options)
