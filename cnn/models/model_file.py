"""Models as files, and the one that ships."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from cnn.errors import ModelFileError
from cnn.layers import LAYERS
from cnn.models.container import read_container, write_container
from cnn.models.sequential import Sequential

__all__ = ["DIGIT_MODEL", "load_model", "save_model"]

Array = npt.NDArray[Any]

#: The digit model that ships.
DIGIT_MODEL = Path(__file__).parents[1] / "weights" / "digits-1.dnm"


def save_model(network: Sequential, path: str | os.PathLike[str]) -> None:
    """Write a network with its parameters, metadata and rejector to a file, atomically."""
    contents, arrays = _describe(network)
    if network.rejector is not None:
        contents["rejector"], own = _describe(network.rejector)
        arrays |= {f"rejector/{name}": array for name, array in own.items()}
    write_container(path, kind="model", contents=contents, arrays=arrays)


def load_model(path: str | os.PathLike[str] | None = None) -> Sequential:
    """Load a network, ready to predict.

    Parameters
    ----------
    path : path, optional
        A file that `save_model` wrote; without it, the digit model that ships.

    Returns
    -------
    Sequential
        For the digit model: `predict` takes (N, 1, 28, 28), white ink on black in 0..1,
        and gives (N, 10) probabilities.

    Raises
    ------
    ModelFileError
        If the file is missing, damaged, or describes no network that can be built.
    """
    path = DIGIT_MODEL if path is None else path
    contents, arrays = read_container(path, kind="model")
    own = {name: array for name, array in arrays.items() if not name.startswith("rejector/")}
    try:
        network = _build(contents, own)
        if "rejector" in contents:
            others = {name.removeprefix("rejector/"): arrays[name] for name in arrays.keys() - own}
            network.rejector = _build(contents["rejector"], others)
    except (KeyError, TypeError, ValueError, MemoryError) as error:
        raise ModelFileError(f"{path} describes no network that works: {error}") from error
    return network


def _describe(network: Sequential) -> tuple[dict[str, Any], dict[str, Array]]:
    contents = {
        "input_shape": list(network.input_shape),
        "layers": [[type(layer).__name__, layer.config()] for layer in network.layers],
        "metadata": network.metadata,
    }
    return contents, network.state_dict()


def _build(contents: dict[str, Any], arrays: dict[str, Array]) -> Sequential:
    layers = [LAYERS[name](**config) for name, config in contents["layers"]]
    network = Sequential(
        layers, input_shape=tuple(contents["input_shape"]), metadata=contents["metadata"]
    )
    network.load_state_dict(arrays)
    if not all(np.isfinite(array).all() for array in arrays.values()):
        raise ValueError("a parameter is not a finite number")
    return network
