"""Callbacks: what is done after each batch or epoch, such as early stopping and checkpoints."""

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
    """Base of the callbacks; a subclass overrides the events that it needs."""

    def on_fit_start(self, run: Run, epochs: int, batches: int) -> None:
        """Do what is due before a run of `epochs` epochs, each of `batches` batches."""

    def on_batch_end(self, run: Run, metrics: Metrics) -> None:
        """Do what is due after a batch; `metrics` has the epoch's mean "loss" so far.

        And its "accuracy", if the targets are classes.
        """

    def on_epoch_end(self, run: Run, metrics: Metrics) -> None:
        """Do what is due after an epoch, whose metrics are given by name."""

    def on_fit_end(self, run: Run) -> None:
        """Do what is due after the run."""

    def state(self) -> tuple[dict[str, Any], dict[str, Array]]:
        """Return what a checkpoint stores of the callback: values for JSON, and arrays."""
        return {}, {}

    def load_state(self, state: dict[str, Any], arrays: dict[str, Array]) -> None:
        """Restore what `state` returned."""


class EarlyStopping(Callback):
    """Stop when a metric no longer improves, and restore the weights of its best epoch.

    Parameters
    ----------
    patience : int
        Epochs without improvement after which the run ends.
    monitor : str
        Name of the metric; one that ends in "accuracy" should rise, any other should
        fall.
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
        """Compare the epoch with the best so far, and end the run after `patience` worse ones.

        Raises
        ------
        ValueError
            If the run has no metric `monitor`, as when there are no validation data.
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
        """Restore the weights of the best epoch."""
        if self.weights:
            run.network.load_state_dict(self.weights)

    def state(self) -> tuple[dict[str, Any], dict[str, Array]]:
        """Return the best value, the epochs since then, and the best weights."""
        return {"best": self.best, "waited": self.waited}, self.weights

    def load_state(self, state: dict[str, Any], arrays: dict[str, Array]) -> None:
        """Restore the best value, the epochs since then, and the best weights."""
        self.best, self.waited, self.weights = state["best"], state["waited"], arrays


class Checkpoint(Callback):
    """Writes a file after every epoch from which the run can be resumed.

    Parameters
    ----------
    path : path
        The file, replaced each time; `Trainer.fit(resume=path)` resumes from it.
        List this callback after those whose state the file shall hold.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = path

    def on_epoch_end(self, run: Run, metrics: Metrics) -> None:
        """Write the checkpoint."""
        contents, arrays = run.state()
        write_container(self.path, kind="checkpoint", contents=contents, arrays=arrays)
