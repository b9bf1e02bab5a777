"""Training: it learns, it repeats itself, it complains."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from cnn import Model, Trainer
from cnn.data.augment import Augment
from cnn.layers import (
    Conv2D,
    Dense,
    Flatten,
    Sigmoid,
    Softmax,
)
from cnn.models.sequential import Sequential
from cnn.training.callbacks import Callback
from cnn.training.losses import BinaryCrossEntropy, CrossEntropy, MeanSquaredError
from cnn.training.optimisers import SGD, Adam
from cnn.training.run import Run
from cnn.training.schedules import Cosine
from tests.cnn.training.runs import MakeTrainer, State, bars, same, vectors


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
    assert history["val_accuracy"][-1] == np.mean(answers == y)
    assert 0.5 < history["accuracy"][0] <= 1


def test_a_loss_that_is_no_number_ends_the_run(trainer: MakeTrainer) -> None:
    images = np.full((8, 1, 6, 6), np.nan, np.float32)
    run = trainer()
    before = run.network.state_dict()
    with pytest.raises(FloatingPointError, match="lower the learning rate"):
        run.fit(images, np.zeros(8, np.int64), epochs=1)
    assert same(run.network.state_dict(), before)


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


def test_a_model_is_not_taken_for_its_network() -> None:
    with pytest.raises(TypeError, match=r"got a Model: a model's is its `network`"):
        Trainer(Model(vectors(2, Softmax())))  # type: ignore[arg-type]


def test_epochs_below_nought_are_refused(trainer: MakeTrainer) -> None:
    with pytest.raises(ValueError, match="epochs must be 0 at least, got -1"):
        trainer().fit(*bars(8), epochs=-1)
