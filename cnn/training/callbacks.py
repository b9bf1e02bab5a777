"""What happens around a training run: stopping early, checkpoints, a progress bar."""

from __future__ import annotations

import os
from typing import Any

import numpy.typing as npt

from cnn.models.container import write_container
from cnn.training.run import Run

__all__ = ["Callback", "Checkpoint", "EarlyStopping"]

Array = npt.NDArray[Any]
Metrics = dict[str, float]


class Callback:
    """Hears of a training run as it goes; a subclass overrides what it wants to hear."""

    def on_fit_start(self, run: Run, epochs: int, batches: int) -> None:
        """Hear that a run of so many epochs of so many batches begins."""

    def on_batch_end(self, run: Run, metrics: Metrics) -> None:
        """Hear that a batch has been trained on."""

    def on_epoch_end(self, run: Run, metrics: Metrics) -> None:
        """Hear that an epoch is over, and how it went."""

    def on_fit_end(self, run: Run) -> None:
        """Hear that the run is over."""

    def state(self) -> tuple[dict[str, Any], dict[str, Array]]:
        """Return what a checkpoint must keep, as JSON and as arrays."""
        return {}, {}

    def load_state(self, state: dict[str, Any], arrays: dict[str, Array]) -> None:
        """Take over what `state` returned."""


class EarlyStopping(Callback):
    """Stop when validation no longer improves, and bring back the best weights.

    Parameters
    ----------
    patience : int
        Epochs without improvement that are waited for.
    monitor : str
        The metric that is watched; one that ends in "accuracy" should rise, any
        other should fall.
    least : float
        The smallest change that counts as an improvement.
    """

    def __init__(self, *, patience: int = 5, monitor: str = "val_loss", least: float = 0.0) -> None:
        self.patience = patience
        self.monitor = monitor
        self.least = least
        self.best: float | None = None
        self.waited = 0
        self.weights: dict[str, Array] = {}

    def on_epoch_end(self, run: Run, metrics: Metrics) -> None:
        """Compare with the best epoch so far.

        Raises
        ------
        ValueError
            If the run has no such metric, as without validation data.
        """
        if self.monitor not in metrics:
            raise ValueError(f"no metric {self.monitor!r} to watch; there are {sorted(metrics)}")
        value = metrics[self.monitor] * (-1 if self.monitor.endswith("accuracy") else 1)
        if self.best is None or value < self.best - self.least:
            self.best, self.waited = value, 0
            self.weights = run.network.state_dict()
            return
        self.waited += 1
        if self.waited >= self.patience:
            run.stopping = True

    def on_fit_end(self, run: Run) -> None:
        """Bring back the best weights."""
        if self.weights:
            run.network.load_state_dict(self.weights)

    def state(self) -> tuple[dict[str, Any], dict[str, Array]]:
        """See `Callback.state`."""
        return {"best": self.best, "waited": self.waited}, self.weights

    def load_state(self, state: dict[str, Any], arrays: dict[str, Array]) -> None:
        """See `Callback.load_state`."""
        self.best, self.waited, self.weights = state["best"], state["waited"], arrays


class Checkpoint(Callback):
    """After every epoch, write all that is needed to go on from there.

    Parameters
    ----------
    path : path
        The file, replaced each time; `Trainer.fit(resume=path)` goes on from it.
        Name this callback after those whose state it is to keep.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = path

    def on_epoch_end(self, run: Run, metrics: Metrics) -> None:
        """Write the checkpoint."""
        contents, arrays = run.state()
        write_container(self.path, kind="checkpoint", contents=contents, arrays=arrays)
