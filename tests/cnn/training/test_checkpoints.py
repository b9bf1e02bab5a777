"""Checkpoints: a resumed run ends as the unbroken one, and no other run resumes from it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cnn import Trainer
from cnn.data.augment import Augment
from cnn.errors import ModelFileError
from cnn.training.callbacks import Callback, Checkpoint, EarlyStopping
from cnn.training.optimisers import SGD, AdamW
from cnn.training.progress import ProgressBar
from cnn.training.run import Run
from cnn.training.schedules import Cosine
from tests.cnn.training.runs import MakeTrainer, bars, same, vectors


class Breaker(Callback):
    """Breaks the run off after an epoch."""

    def __init__(self, epoch: int) -> None:
        self.epoch = epoch

    def on_epoch_end(self, run: Run, metrics: dict[str, float]) -> None:
        if len(run.history["loss"]) == self.epoch:
            raise KeyboardInterrupt


def long_run(
    trainer: MakeTrainer, path: Path, *before: Callback, after: Sequence[Callback] = ()
) -> Trainer:
    """Make a run with all that chance has a hand in, and go on from its checkpoint, if any."""
    run = trainer(
        seed=5,
        callbacks=[*before, Checkpoint(path), *after],
        schedule=Cosine(0.02),
        optimiser=AdamW(weight_decay=0.1),
    )
    run.fit(
        *bars(90),
        epochs=5,
        validation=bars(40, seed=1),
        augment=Augment(rotation=20, noise=0.2),
        resume=path if path.exists() else None,
    )
    return run


@pytest.mark.parametrize("stopping", [False, True])
def test_a_resumed_run_ends_as_the_unbroken_one(
    trainer: MakeTrainer, tmp_path: Path, stopping: bool
) -> None:
    def watch() -> list[Callback]:
        return [EarlyStopping(patience=9)] if stopping else []

    unbroken = long_run(trainer, tmp_path / "unbroken", *watch())
    with pytest.raises(KeyboardInterrupt):
        long_run(trainer, tmp_path / "broken", *watch(), after=[Breaker(2)])
    resumed = long_run(trainer, tmp_path / "broken", *watch())
    assert resumed.history == unbroken.history
    assert len(resumed.history["loss"]) == 5
    assert same(resumed.network.state_dict(), unbroken.network.state_dict())
    assert same(resumed.optimiser.slots, unbroken.optimiser.slots)


def test_a_run_that_had_stopped_early_stays_stopped_when_resumed(
    trainer: MakeTrainer, tmp_path: Path
) -> None:
    def run(resume: Path | None) -> Trainer:
        callbacks = [EarlyStopping(patience=1, least=10.0), Checkpoint(tmp_path / "run")]
        one = trainer(callbacks=callbacks)
        one.fit(*bars(40), epochs=9, validation=bars(20, seed=1), resume=resume)
        return one

    first, again = run(None), run(tmp_path / "run")
    assert len(first.history["loss"]) == 2
    assert again.history == first.history
    assert same(first.network.state_dict(), again.network.state_dict())


def checkpoint(trainer: MakeTrainer, path: Path, **options: Any) -> Path:
    trainer(callbacks=[Checkpoint(path)], **options).fit(*bars(20), epochs=1)
    return path


def test_a_checkpoint_of_another_seed_or_network_or_of_no_run_is_refused(
    trainer: MakeTrainer, tmp_path: Path
) -> None:
    path = checkpoint(trainer, tmp_path / "run", seed=1)
    with pytest.raises(ModelFileError, match="another run: its seed is 1, not 2"):
        trainer(seed=2).fit(*bars(20), epochs=2, resume=path)
    with pytest.raises(ModelFileError, match="another run: state does not fit"):
        Trainer(vectors(2), seed=1).fit(
            np.zeros((4, 2), np.float32), np.zeros(4, int), epochs=2, resume=path
        )
    with pytest.raises(ModelFileError, match=r"another run: .* does not fit SGD"):
        trainer(seed=1, optimiser=SGD(0.1)).fit(*bars(20), epochs=2, resume=path)
    with pytest.raises(ModelFileError, match="cannot read"):
        trainer().fit(*bars(20), epochs=2, resume=tmp_path / "nothing")


def test_a_run_may_be_resumed_without_its_progress_bar(
    trainer: MakeTrainer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "run"
    trainer(callbacks=[ProgressBar(), Checkpoint(path)]).fit(*bars(20), epochs=1)
    resumed = trainer()
    assert len(resumed.fit(*bars(20), epochs=2, resume=path)["loss"]) == 2
    assert "epoch 1/1" in capsys.readouterr().out


def test_a_checkpoint_with_other_callbacks_to_restore_is_refused(
    trainer: MakeTrainer, tmp_path: Path
) -> None:
    path = checkpoint(trainer, tmp_path / "run")
    run = trainer(callbacks=[EarlyStopping()])
    with pytest.raises(ModelFileError, match="another run"):
        run.fit(*bars(20), epochs=2, validation=bars(20), resume=path)
