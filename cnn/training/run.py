"""The training run as callbacks see it."""

from __future__ import annotations

from typing import Any, Protocol

import numpy.typing as npt

from cnn.models.network import Network

__all__ = ["Run"]

Array = npt.NDArray[Any]


class Run(Protocol):
    """A training run, as callbacks see it.

    Attributes
    ----------
    network : Network
        The network in training.
    history : dict of str to list of float
        The metrics, by name, with a value for each finished epoch.
    stopping : bool
        Set it to end the run after this epoch.
    """

    network: Network
    history: dict[str, list[float]]
    stopping: bool

    def state(self) -> tuple[dict[str, Any], dict[str, Array]]:
        """Return all that a checkpoint stores: values for JSON, and arrays."""
