"""Networks as parts of a file: their arrays beside the description."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from cnn.models.description import build_network
from cnn.models.network import Network

__all__ = ["halve_arrays", "network_arrays", "part_of", "restore_network"]

Array = npt.NDArray[Any]
Arrays = dict[str, Array]


def network_arrays(part: str, network: Network) -> Arrays:
    """Return a network's parameters and buffers under "part/name".

    Raises
    ------
    ValueError
        If a number is not finite.
    """
    state = network.state_dict()
    if wrong := [name for name, array in state.items() if not np.isfinite(array).all()]:
        raise ValueError(f"parameters that are not finite numbers: {', '.join(wrong)}")
    return {f"{part}/{name}": array for name, array in state.items()}


def restore_network(
    part: str, described: Mapping[str, Any], arrays: Mapping[str, Array]
) -> Network:
    """Return the network of a description, with what `network_arrays` returned.

    Raises
    ------
    KeyError, TypeError, ValueError
        If the description is invalid, the arrays do not fit it, or a number is not finite.
    """
    network = build_network(described)
    own = part_of(arrays, part)
    network.load_state_dict(own)
    if not all(np.isfinite(array).all() for array in own.values()):
        raise ValueError("a parameter is not a finite number")
    return network


def part_of(arrays: Mapping[str, Array], part: str) -> Arrays:
    """Return the arrays that are called "part/name", by name."""
    prefix = f"{part}/"
    return {
        name.removeprefix(prefix): array
        for name, array in arrays.items()
        if name.startswith(prefix)
    }


def halve_arrays(arrays: Mapping[str, Array]) -> Arrays:
    """Return arrays with half the precision, in half the room.

    Raises
    ------
    ValueError
        If a number is too large.
    """
    halved: Arrays = {}
    for name, array in arrays.items():
        with np.errstate(over="ignore"):
            halved[name] = array.astype(np.float16)
        if not np.isfinite(halved[name]).all():
            raise ValueError(f"{name} holds numbers that are too large for half the precision")
    return halved
