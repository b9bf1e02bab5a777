"""What every trainer shares: one epoch after the other, told to the callbacks."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from cnn.engine.threads import shared_cores
from cnn.models.network import Network
from cnn.training.callbacks import Callback

__all__ = ["EpochLoop"]


class EpochLoop:
    """The base of the trainers: a `cnn.training.run.Run` that calls its callbacks.

    Parameters are those of `cnn.training.trainer.Trainer`.
    """

    def __init__(
        self,
        network: Network,
        *,
        batch_size: int,
        workers: int | None,
        seed: int,
        callbacks: Sequence[Callback],
    ) -> None:
        if batch_size < 1:
            raise ValueError(f"batch_size must be at least 1, got {batch_size}")
        self.network = network
        self.batch_size = batch_size
        self.workers = workers or os.cpu_count() or 1
        self.seed = seed
        self.callbacks = list(callbacks)
        self.history: dict[str, list[float]] = {}
        self.stopping = False

    def _run(
        self,
        train: Callable[[ThreadPoolExecutor, int], dict[str, float]],
        *,
        first: int,
        epochs: int,
        count: int,
    ) -> dict[str, list[float]]:
        """Train the epochs from `first` on, of `count` examples each, and return the history.

        `train` is given the threads and an epoch's number, and returns its metrics.
        """
        self._notify("on_fit_start", epochs, -(-count // self.batch_size))
        with shared_cores(), ThreadPoolExecutor(self.workers) as pool:
            for epoch in range(first, epochs):
                if self.stopping:
                    break
                metrics = train(pool, epoch)
                for name, value in metrics.items():
                    self.history.setdefault(name, []).append(value)
                self._notify("on_epoch_end", metrics)
        self._notify("on_fit_end")
        return self.history

    def _notify(self, event: str, *arguments: Any) -> None:
        for callback in self.callbacks:
            getattr(callback, event)(self, *arguments)
