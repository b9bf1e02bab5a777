"""A progress bar for training on the command line."""

from __future__ import annotations

from typing import Any

from tqdm import tqdm

from cnn.training.callbacks import Callback
from cnn.training.run import Run

__all__ = ["ProgressBar"]


class ProgressBar(Callback):
    """Shows a bar with the loss during each epoch, and a line of metrics after it."""

    def __init__(self) -> None:
        self._epochs = 0
        self._batches = 0
        self._bar: tqdm[Any] | None = None

    def on_fit_start(self, run: Run, epochs: int, batches: int) -> None:
        """Note the numbers of epochs and batches."""
        self._epochs, self._batches = epochs, batches

    def on_batch_end(self, run: Run, metrics: dict[str, float]) -> None:
        """Advance the bar, and show the loss of the epoch so far."""
        if self._bar is None:
            epoch = len(run.history.get("loss", ())) + 1
            title = f"epoch {epoch}/{self._epochs}"
            self._bar = tqdm(total=self._batches, desc=title, unit="batch", leave=False)
        self._bar.set_postfix(loss=f"{metrics['loss']:.4f}", refresh=False)
        self._bar.update()

    def on_epoch_end(self, run: Run, metrics: dict[str, float]) -> None:
        """Replace the bar by a line of the epoch's metrics."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None
        figures = "  ".join(f"{name} {value:.5f}" for name, value in metrics.items())
        tqdm.write(f"epoch {len(run.history['loss'])}/{self._epochs}  {figures}")
