"""Callbacks: they hear what happens, stop a run early, and show its progress."""

from __future__ import annotations

import numpy as np
import pytest

from cnn.training.callbacks import Callback, EarlyStopping
from cnn.training.optimisers import SGD
from cnn.training.progress import ProgressBar
from cnn.training.run import Run
from tests.cnn.training.runs import MakeTrainer, State, bars, same


class Listener(Callback):
    """Writes down what it hears."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.metrics: dict[str, float] = {}

    def on_fit_start(self, run: Run, epochs: int, batches: int) -> None:
        self.heard.append(f"start {epochs} {batches}")

    def on_batch_end(self, run: Run, metrics: dict[str, float]) -> None:
        assert metrics["loss"] > 0
        self.heard.append("batch")

    def on_epoch_end(self, run: Run, metrics: dict[str, float]) -> None:
        self.metrics = metrics
        self.heard.append("epoch")

    def on_fit_end(self, run: Run) -> None:
        self.heard.append("end")


def test_early_stopping_stops_and_brings_back_the_best_weights(trainer: MakeTrainer) -> None:
    seen: list[State] = []

    class Keeper(Callback):
        def on_epoch_end(self, run: Run, metrics: dict[str, float]) -> None:
            seen.append(run.network.state_dict())

    # A rate so high that the loss soon jumps about.
    run = trainer(optimiser=SGD(1.5, momentum=0.9), callbacks=[EarlyStopping(patience=2), Keeper()])
    history = run.fit(*bars(60), epochs=40, validation=bars(60, seed=1))
    best = int(np.argmin(history["val_loss"]))
    assert len(seen) == best + 3 < 40
    assert same(run.network.state_dict(), seen[best])
    assert not same(run.network.state_dict(), seen[-1])


def test_an_accuracy_should_rise(trainer: MakeTrainer) -> None:
    stopping = EarlyStopping(patience=1, monitor="val_accuracy")
    run = trainer()
    for value, expected in ((0.5, False), (0.7, False), (0.6, True)):
        stopping.on_epoch_end(run, {"val_accuracy": value})
        assert run.stopping == expected


def test_stopping_early_without_validation_says_what_is_missing(trainer: MakeTrainer) -> None:
    run = trainer(callbacks=[EarlyStopping()])
    with pytest.raises(ValueError, match=r"no metric 'val_loss' .*'accuracy', .*'loss'"):
        run.fit(*bars(20), epochs=1)


def test_callbacks_hear_everything_in_order(trainer: MakeTrainer) -> None:
    first, second = Listener(), Listener()
    run = trainer(callbacks=[first, second], batch_size=20)
    run.fit(*bars(50), epochs=2, validation=bars(20, seed=1))
    epoch = ["batch"] * 3 + ["epoch"]
    assert first.heard == second.heard == ["start 2 3", *epoch, *epoch, "end"]
    assert set(first.metrics) == {"loss", "accuracy", "learning_rate", "val_loss", "val_accuracy"}


def test_a_progress_bar_shows_epochs_and_figures(
    trainer: MakeTrainer, capsys: pytest.CaptureFixture[str]
) -> None:
    trainer(callbacks=[ProgressBar()]).fit(*bars(50), epochs=2, validation=bars(20, seed=1))
    shown = capsys.readouterr()
    assert "epoch 1/2" in shown.err
    assert [line[:9] for line in shown.out.splitlines()] == ["epoch 1/2", "epoch 2/2"]
    assert "val_accuracy" in shown.out
