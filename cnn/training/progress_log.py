"""Progress of training as a file that another program follows."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

from cnn.training.callbacks import Callback
from cnn.training.run import Run

__all__ = ["ProgressLog"]

_PAUSE = 0.25  # seconds between two lines about batches


class ProgressLog(Callback):
    """Appends a line of JSON to a file for each event.

    The events are "start" (with "epochs", "batches", "resumed_at"), "batch" (at most four a second,
    with "epoch" from 1, "batch", "batches", "seconds_left" and the epoch's metrics so far),
    "epoch" (with its metrics), and what `say` adds.

    Parameters
    ----------
    path : path
        The file; whole lines in it stay, and half a line, of a program that was stopped, goes.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = Path(path)
        if self._path.exists():
            whole = self._path.read_bytes().rfind(b"\n") + 1
            os.truncate(self._path, whole)
        self._epochs = self._batches = self._done = self._first = 0
        self._begun = self._said = 0.0

    def say(self, event: str, **values: Any) -> None:
        """Append an event."""
        line = json.dumps({"event": event, **values}, separators=(",", ":"))
        with self._path.open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")

    def on_fit_start(self, run: Run, epochs: int, batches: int) -> None:
        """Say how long the run is, and after how many epochs it goes on."""
        self._epochs, self._batches = epochs, batches
        self._first = len(run.history.get("loss", ()))
        self._done = self._first * batches
        self._begun = self._said = time.monotonic()
        self.say("start", epochs=epochs, batches=batches, resumed_at=self._first)

    def on_batch_end(self, run: Run, metrics: dict[str, float]) -> None:
        """Say the metrics of the epoch so far, and about how long the run will take."""
        self._done += 1
        now = time.monotonic()
        if now - self._said < _PAUSE:
            return
        self._said = now
        each = (now - self._begun) / (self._done - self._first * self._batches)
        epoch, batch = divmod(self._done - 1, self._batches)
        self.say(
            "batch",
            epoch=epoch + 1,
            batch=batch + 1,
            batches=self._batches,
            seconds_left=round(each * (self._epochs * self._batches - self._done), 1),
            **metrics,
        )

    def on_epoch_end(self, run: Run, metrics: dict[str, float]) -> None:
        """Say the metrics of the epoch."""
        self.say("epoch", epoch=len(run.history["loss"]), **metrics)
