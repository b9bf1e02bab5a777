"""What every training run stores in a checkpoint beside its networks and optimisers."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy.typing as npt

from cnn.models.container import read_container
from cnn.training.callbacks import Callback

__all__ = ["collect_callbacks", "divide_parts", "read_checkpoint", "restore_callbacks"]

Array = npt.NDArray[Any]
Parts = dict[str, dict[str, Array]]


def collect_callbacks(
    callbacks: Iterable[Callback],
) -> tuple[list[dict[str, Any]], dict[str, Array]]:
    """Return what a checkpoint stores of callbacks: values for JSON, and arrays by name."""
    states: list[dict[str, Any]] = []
    arrays: dict[str, Array] = {}
    for index, callback in enumerate(_stateful(callbacks)):
        state, own = callback.state()
        states.append(state)
        arrays |= {f"callback{index}/{name}": array for name, array in own.items()}
    return states, arrays


def restore_callbacks(
    callbacks: Iterable[Callback],
    states: Sequence[dict[str, Any]],
    parts: Mapping[str, dict[str, Array]],
) -> None:
    """Restore what `collect_callbacks` returned, with the arrays in parts.

    Raises
    ------
    ValueError
        If there are more or fewer states than callbacks.
    """
    for index, (callback, state) in enumerate(zip(_stateful(callbacks), states, strict=True)):
        callback.load_state(state, parts.get(f"callback{index}", {}))


def read_checkpoint(path: str | os.PathLike[str]) -> tuple[dict[str, Any], Parts]:
    """Read a checkpoint, and return its values, and its arrays by part.

    Raises
    ------
    ModelFileError
        If it cannot be read.
    """
    contents, arrays = read_container(path, kind="checkpoint")
    return contents, divide_parts(arrays)


def divide_parts(arrays: Mapping[str, Array]) -> Parts:
    """Return arrays by part and name, those that are called "part/name"."""
    parts: Parts = {}
    for name, array in arrays.items():
        part, _, key = name.partition("/")
        parts.setdefault(part, {})[key] = array
    return parts


def _stateful(callbacks: Iterable[Callback]) -> list[Callback]:
    """Return the callbacks whose state a checkpoint keeps."""
    return [callback for callback in callbacks if any(callback.state())]
