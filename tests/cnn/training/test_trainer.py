"""Training: it learns, it repeats itself, it resumes to the same end, it complains."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cnn import Trainer
from cnn.data.augment import Augment
from cnn.errors import ModelFileError
from cnn.layers import (
    BatchNorm,
    Concatenate,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    Layer,
    Merge,
    ReLU,
    Sigmoid,
    Softmax,
)
from cnn.models.graph import Graph
from cnn.models.network import Network
from cnn.models.sequential import Sequential
from cnn.training.callbacks import Callback, Checkpoint, EarlyStopping
from cnn.training.losses import BinaryCrossEntropy, CrossEntropy, MeanSquaredError
from cnn.training.optimisers import SGD, Adam, AdamW
from cnn.training.progress import ProgressBar
from cnn.training.run import Run
from cnn.training.schedules import Cosine

State = dict[str, np.ndarray]
MakeTrainer = Callable[..., Trainer]


def bars(count: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return noisy pictures, uint8 (N, 1, 6, 6), of a bar that lies (0) or stands (1)."""
    rng = np.random.default_rng(seed)
    images = rng.integers(0, 60, (count, 1, 6, 6))
    labels = rng.integers(0, 2, count)
    for image, label, place in zip(images, labels, rng.integers(0, 6, count), strict=True):
        line = image[0, :, place] if label else image[0, place]
        line += 190
    return images.astype(np.uint8), labels


def network(kind: type[Network]) -> Network:
    layers: list[Layer] = [
        Conv2D(4, 3, padding=1, bias=False),
        BatchNorm(),
        ReLU(),
        Flatten(),
        Dropout(0.1),
        Dense(2),
        Softmax(),
    ]
    if kind is Sequential:
        return Sequential(layers, input_shape=(1, 6, 6))
    conv, norm, relu, flatten, dropout, dense, softmax = layers
    nodes: dict[str, tuple[Layer | Merge, str | tuple[str, ...]]] = {
        "conv": (conv, "input"),
        "norm": (norm, "conv"),
        "relu": (relu, "norm"),
        "joined": (Concatenate(), ("relu", "input")),
        "flat": (flatten, "joined"),
        "drop": (dropout, "flat"),
        "scores": (dense, "drop"),
        "answers": (softmax, "scores"),
    }
    return Graph(nodes, input_shape=(1, 6, 6))


@pytest.fixture(params=[Sequential, Graph])
def trainer(request: pytest.FixtureRequest) -> MakeTrainer:
    """Return a maker of trainers of a new network, a row of layers or a graph."""

    def make(**options: Any) -> Trainer:
        options = {"optimiser": Adam(0.01), "batch_size": 16, "workers": 2, **options}
        return Trainer(network(request.param), **options)

    return make


def vectors(outputs: int, *last: Any, seed: int = 0) -> Sequential:
    layers = [Dense(8), ReLU(), Dense(outputs), *last]
    return Sequential(layers, input_shape=(2,), seed=seed)


def same(one: State, other: State) -> bool:
    return one.keys() == other.keys() and all(np.array_equal(one[k], other[k]) for k in one)


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


class Breaker(Callback):
    """Breaks the run off after an epoch."""

    def __init__(self, epoch: int) -> None:
        self.epoch = epoch

    def on_epoch_end(self, run: Run, metrics: dict[str, float]) -> None:
        if len(run.history["loss"]) == self.epoch:
            raise KeyboardInterrupt


def test_it_learns_to_tell_bars_apart(trainer: MakeTrainer) -> None:
    run = trainer()
    history = run.fit(*bars(300), epochs=5, validation=bars(100, seed=1))
    assert history["val_accuracy"][-1] > 0.97
    assert history["accuracy"][-1] > history["accuracy"][0]
    assert history["loss"][-1] < 0.3 * history["loss"][0]
    assert {len(values) for values in history.values()} == {5}
    images, labels = bars(100, seed=2)
    answers = run.network.predict(images.astype(np.float32) / 255)
    assert np.mean(answers.argmax(axis=1) == labels) > 0.95


def test_evaluation_agrees_with_prediction(trainer: MakeTrainer) -> None:
    run = trainer()
    run.fit(*bars(100), epochs=1)
    images, labels = bars(120, seed=1)
    metrics = run.evaluate(images, labels)
    answers = run.network.predict(images.astype(np.float32) / 255)
    likelihood = answers[np.arange(120), labels]
    assert metrics.keys() == {"loss", "accuracy"}
    assert metrics["accuracy"] == pytest.approx(np.mean(answers.argmax(axis=1) == labels))
    assert metrics["loss"] == pytest.approx(-np.log(likelihood).mean(), rel=1e-4)


def test_the_same_seed_and_threads_give_the_same_weights(trainer: MakeTrainer) -> None:
    def weights(seed: int, workers: int) -> State:
        run = trainer(seed=seed, workers=workers)
        run.fit(*bars(90), epochs=2, augment=Augment(shift=1, noise=0.1))
        return run.network.state_dict()

    assert same(weights(3, 2), weights(3, 2))
    assert not same(weights(3, 2), weights(4, 2))


def test_every_epoch_has_its_own_order_and_changes(trainer: MakeTrainer) -> None:
    seen: list[np.ndarray] = []

    def watch(x: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        seen.append(np.append(x.ravel(), rng.random()))
        return x

    trainer(batch_size=20, workers=1).fit(*bars(20), epochs=2, augment=watch)
    first, second = seen
    assert not np.array_equal(first[:-1], second[:-1])
    assert first[-1] != second[-1]


def test_the_number_of_threads_does_not_change_a_step_without_chance() -> None:
    images, labels = bars(50)

    def weights(workers: int) -> State:
        flat = Sequential([Flatten(), Dense(2), Softmax()], input_shape=(1, 6, 6))
        run = Trainer(flat, optimiser=SGD(0.1), batch_size=20, workers=workers)
        run.fit(images, labels, epochs=2)
        return flat.state_dict()

    one, three = weights(1), weights(3)
    for name, array in one.items():
        np.testing.assert_allclose(array, three[name], rtol=1e-4, atol=1e-6)


def test_bytes_and_floats_are_the_same_to_it(trainer: MakeTrainer) -> None:
    images, labels = bars(60)
    runs = [trainer(), trainer()]
    runs[0].fit(images, labels, epochs=1)
    runs[1].fit(images / np.float32(255), labels, epochs=1)
    assert same(*(run.network.state_dict() for run in runs))


def test_one_hot_rows_train_as_class_numbers_do(trainer: MakeTrainer) -> None:
    images, labels = bars(60)
    runs = [trainer(), trainer()]
    history = runs[0].fit(images, np.eye(2, dtype=np.float32)[labels], epochs=1)
    runs[1].fit(images, labels, epochs=1)
    assert "accuracy" not in history
    assert same(*(run.network.state_dict() for run in runs))


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


def test_stopping_early_without_validation_says_what_is_missing(trainer: MakeTrainer) -> None:
    run = trainer(callbacks=[EarlyStopping()])
    with pytest.raises(ValueError, match=r"no metric 'val_loss' .*'accuracy', .*'loss'"):
        run.fit(*bars(20), epochs=1)


def test_the_schedule_sets_the_rate_batch_by_batch(trainer: MakeTrainer) -> None:
    rates: list[float] = []

    class Reader(Callback):
        def on_batch_end(self, _: Run, metrics: dict[str, float]) -> None:
            rates.append(run.optimiser.learning_rate)

    schedule = Cosine(0.01)
    run = trainer(schedule=schedule, callbacks=[Reader()], batch_size=10)
    history = run.fit(*bars(40), epochs=3)
    assert rates == pytest.approx([schedule.rate(step / 4, 3) for step in range(12)])
    assert history["learning_rate"] == rates[3::4]


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


def test_numbers_are_learnt_by_mean_squared_error() -> None:
    x = np.random.default_rng(0).uniform(-1, 1, (400, 2)).astype(np.float32)
    y = np.stack([x[:, 0] + x[:, 1], np.abs(x[:, 0])], axis=1)
    run = Trainer(vectors(2), loss=MeanSquaredError(), optimiser=Adam(0.02), batch_size=20)
    history = run.fit(x, y, epochs=15, validation=(x, y))
    assert history["val_loss"][-1] < 0.02
    assert "val_accuracy" not in history


def test_pictures_are_learnt_channels_first() -> None:
    # The target is the input with its two channels exchanged: in another order of axes, none is.
    x = np.random.default_rng(0).uniform(-1, 1, (64, 2, 4, 3)).astype(np.float32)
    model = Sequential([Conv2D(2, 1)], input_shape=(2, 4, 3))
    run = Trainer(model, loss=MeanSquaredError(), optimiser=Adam(0.05), batch_size=16)
    history = run.fit(x, x[:, ::-1], epochs=40, validation=(x, x[:, ::-1]))
    assert history["loss"][-1] < 1e-3
    assert history["val_loss"][-1] < 1e-3
    weight = model.parameters()["0.weight"].reshape(2, 2)
    np.testing.assert_allclose(weight, [[0, 1], [1, 0]], atol=0.05)


@pytest.mark.parametrize("last", [(), (Sigmoid(),)])
def test_yes_or_no_is_learnt_by_binary_cross_entropy(last: tuple[Sigmoid, ...]) -> None:
    x = np.random.default_rng(0).uniform(-1, 1, (400, 2)).astype(np.float32)
    y = (x[:, 0] > x[:, 1]).astype(np.int64)
    model = vectors(1, *last)
    run = Trainer(model, loss=BinaryCrossEntropy(), optimiser=Adam(0.03), batch_size=20)
    history = run.fit(x, y, epochs=10, validation=(x, y))
    answers = model.predict(x)[:, 0] > (0.5 if last else 0)
    assert np.mean(answers == y) > 0.95
    # A single output has no largest: a share of such "right" answers would mean nothing.
    assert "accuracy" not in history
    assert "val_accuracy" not in history


def test_a_loss_that_is_no_number_ends_the_run(trainer: MakeTrainer) -> None:
    images = np.full((8, 1, 6, 6), np.nan, np.float32)
    with pytest.raises(FloatingPointError, match="lower the learning rate"):
        trainer().fit(images, np.zeros(8, np.int64), epochs=1)


@pytest.mark.parametrize(
    ("inputs", "targets", "message"),
    [(8, 7, "got 8 inputs and 7 targets"), (0, 0, "got 0 inputs and 0 targets")],
)
def test_other_numbers_of_targets_are_refused(
    trainer: MakeTrainer, inputs: int, targets: int, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        trainer().fit(bars(inputs)[0], np.zeros(targets, np.int64), epochs=1)
    with pytest.raises(ValueError, match=message):
        trainer().evaluate(bars(inputs)[0], np.zeros(targets, np.int64))
    few = bars(inputs)[0], np.zeros(targets, np.int64)
    with pytest.raises(ValueError, match=message):
        trainer().fit(*bars(8), epochs=1, validation=few)


def test_pictures_of_another_shape_are_refused(trainer: MakeTrainer) -> None:
    with pytest.raises(ValueError, match=r"\(N, 1, 6, 6\), got uint8 \(\d+, 1, 5, 6\)"):
        trainer().fit(bars(8)[0][:, :, 1:], np.zeros(8, np.int64), epochs=1)


def test_a_batch_of_nothing_is_refused(trainer: MakeTrainer) -> None:
    with pytest.raises(ValueError, match="batch_size must be at least 1, got 0"):
        trainer(batch_size=0)


def test_the_last_short_batch_and_more_threads_than_pictures_do_no_harm(
    trainer: MakeTrainer,
) -> None:
    history = trainer(batch_size=4, workers=6).fit(*bars(9), epochs=1)
    assert np.isfinite(history["loss"]).all()


class Louder(Softmax):
    """Answers otherwise than the layer that it comes from."""

    def forward(self, x: np.ndarray, **options: Any) -> tuple[np.ndarray, Any]:
        y, cache = super().forward(x, **options)
        return 10 * y, cache

    def backward(self, dy: np.ndarray, cache: Any) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        return super().backward(10 * dy, cache)


def test_a_subclass_of_an_activation_that_the_loss_contains_is_not_left_out() -> None:
    model = vectors(2, Louder())
    x = np.random.default_rng(0).uniform(-1, 1, (30, 2)).astype(np.float32)
    rows = np.eye(2, dtype=np.float32)[(x[:, 0] > 0).astype(int)]
    metrics = Trainer(model, loss=CrossEntropy()).evaluate(x, rows)
    expected, _ = CrossEntropy()(model.predict(x), rows)
    assert metrics["loss"] == pytest.approx(expected, rel=1e-5)


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


def test_a_loss_without_its_activation_trains_too() -> None:
    # Softmax is left out in training where the loss contains it, and only there.
    x = np.random.default_rng(0).uniform(-1, 1, (200, 2)).astype(np.float32)
    y = (x[:, 0] > 0).astype(np.int64)
    with_, without = vectors(2, Softmax()), vectors(2)
    for model in (with_, without):
        Trainer(model, loss=CrossEntropy(), workers=1).fit(x, y, epochs=2)
    assert same(with_.state_dict(), without.state_dict())
    squared = vectors(2, Softmax())
    rows = np.eye(2, dtype=np.float32)[y]
    run = Trainer(squared, loss=MeanSquaredError(), optimiser=Adam(0.05), batch_size=20)
    run.fit(x, rows, epochs=8)
    assert np.mean(squared.predict(x).argmax(axis=1) == y) > 0.9
