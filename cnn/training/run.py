"""What a training run shows to those who watch it."""

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
        What is trained.
    history : dict of str to list of float
        The metrics of each epoch that is over.
    stopping : bool
        Set it to end the run after this epoch.
    """

    network: Network
    history: dict[str, list[float]]
    stopping: bool

    def state(self) -> tuple[dict[str, Any], dict[str, Array]]:
        """Return all that a checkpoint keeps, as JSON and as arrays."""
