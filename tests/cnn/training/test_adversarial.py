"""A generator and its discriminator in turn: gradients, checkpoints, and the way back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from cnn.data.augment import Augment
from cnn.errors import ModelFileError
from cnn.layers.functional import one_hot
from cnn.layers.gradcheck import numerical_gradient, relative_error
from cnn.training.adversarial import AdversarialTrainer
from cnn.training.adversarial_plan import AdversarialPlan, Objective
from cnn.training.callbacks import Callback, Checkpoint, EarlyStopping
from cnn.training.guard import CollapseGuard, spread_of_classes
from cnn.training.run import Run
from cnn.training.schedules import Cosine
from tests.cnn.training.adversaries import ALL, fit, make_trainer, small
from tests.cnn.training.runs import bars, same
from tests.cnn.training.test_checkpoints import Breaker

PLAIN = Objective()


@pytest.mark.parametrize("objective", [ALL, PLAIN], ids=["VAE-GAN", "GAN"])
def test_all_gradients_are_those_of_the_losses(objective: Objective) -> None:
    networks = small(encoder=objective is ALL, dtype=np.float64)
    plan = AdversarialPlan(networks, objective)
    x = np.random.default_rng(1).uniform(0, 1, (4, 1, 6, 6))
    labels = np.array([0, 1, 1, 0])

    def judged() -> float:
        rng = np.random.default_rng(2)
        turn = plan.judge(x, labels, rng=rng, weight=1, penalised=False)
        return turn.metrics["discriminator_loss"]

    def improved() -> float:
        judged()
        return plan.improve(rng=np.random.default_rng(3), weight=1).metrics["loss"]

    rng = np.random.default_rng(2)
    turn = plan.judge(x, labels, rng=rng, weight=0.5, penalised=False)
    grads = {name: (gradient.copy(), judged) for name, gradient in turn.grads.items()}
    turn = plan.improve(rng=np.random.default_rng(3), weight=0.5)
    grads |= {name: (gradient.copy(), improved) for name, gradient in turn.grads.items()}
    names = [
        f"{name}.{key}"
        for name, network in networks.networks.items()
        for key in network.parameters()
    ]
    assert sorted(grads) == sorted(names)
    for name, (gradient, loss) in grads.items():
        network, _, key = name.partition(".")
        array = networks.networks[network].parameters()[key]
        assert relative_error(2 * gradient, numerical_gradient(loss, array)) < 1e-6, name


def test_it_learns_to_make_pictures_of_each_class() -> None:
    run = make_trainer(batch_size=20)
    history = run.fit(*bars(200), epochs=60)
    assert history["reconstruction"][-1] < 0.8 * history["reconstruction"][0]
    assert history["spread"][-1] > 0.5
    assert history["returns"][-1] == 0
    run.load_averages()
    labels = np.arange(200) % 2
    codes = np.random.default_rng(5).standard_normal((200, 3), np.float32)
    made = run.network.predict(np.concatenate([codes, one_hot(labels, 2)], axis=1))[:, 0]
    # A bar that lies is bright in a row, one that stands in a column.
    stands = made.mean(axis=1).max(axis=1) > made.mean(axis=2).max(axis=1)
    assert np.mean(stands == labels) > 0.9


def test_its_history_has_a_value_for_each_epoch() -> None:
    history = fit(make_trainer())
    always = {
        *("loss", "discriminator_loss", "adversarial", "real_right", "made_right", "spread"),
        *("returns", "collapses", "learning_rate"),
    }
    assert history.keys() == always | {"reconstruction", "divergence", "penalty"}
    assert {len(values) for values in history.values()} == {4}
    assert fit(make_trainer(objective=PLAIN)).keys() == always


def test_an_epoch_without_a_penalty_repeats_the_last() -> None:
    history = fit(make_trainer(batch_size=60), epochs=3)
    assert history["penalty"] == [history["penalty"][0]] * 3


def test_the_same_seed_gives_the_same_networks() -> None:
    runs = [make_trainer(seed=seed) for seed in (1, 1, 2)]
    for run in runs:
        fit(run)
    one, again, other = (run.network.state_dict() for run in runs)
    assert same(one, again)
    assert not same(one, other)


@pytest.mark.parametrize("objective", [ALL, PLAIN], ids=["VAE-GAN", "GAN"])
def test_a_resumed_run_ends_as_the_unbroken_one(objective: Objective, tmp_path: Path) -> None:
    path = tmp_path / "run.dnm"

    def run(*after: Callback) -> AdversarialTrainer:
        callbacks = [EarlyStopping(patience=9, monitor="spread"), Checkpoint(path), *after]
        made = make_trainer(
            objective=objective,
            seed=5,
            schedule=Cosine(0.02),
            discriminator_schedule=Cosine(0.01),
            callbacks=callbacks,
        )
        resume = path if path.exists() else None
        fit(made, 5, augment=Augment(rotation=20, noise=0.2), resume=resume)
        return made

    with pytest.raises(KeyboardInterrupt):
        run(Breaker(2))
    resumed = run()
    path.unlink()
    unbroken = run()
    assert resumed.history == unbroken.history
    for (name, one), other in zip(
        resumed.networks.networks.items(), unbroken.networks.networks.values(), strict=True
    ):
        assert same(one.state_dict(), other.state_dict()), name
    assert same(resumed.averages["generator"].state, unbroken.averages["generator"].state)


def test_a_checkpoint_of_another_run_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "run.dnm"
    fit(make_trainer(callbacks=[Checkpoint(path)]), 1)
    other = make_trainer(seed=1)
    state = other.network.state_dict()
    with pytest.raises(ModelFileError, match="another run: its seed is 0, not 1"):
        fit(other, 2, resume=path)
    assert same(state, other.network.state_dict())


class Spoiler(Callback):
    """Changes all parameters of the generator, once, after some epochs."""

    def __init__(self, epoch: int, factor: float) -> None:
        self.epoch, self.factor = epoch, factor

    def on_epoch_end(self, run: Run, metrics: dict[str, float]) -> None:
        if len(run.history["loss"]) == self.epoch:
            for array in run.network.parameters().values():
                array *= self.factor


@pytest.mark.parametrize(
    ("factor", "collapses"), [(np.nan, 0), (0, 1)], ids=["not numbers", "all pictures alike"]
)
def test_it_goes_back_to_the_last_good_state(factor: float, collapses: int) -> None:
    run = make_trainer(callbacks=[Spoiler(2, factor)], guard=CollapseGuard(every=2, least=0.01))
    history = fit(run, 4)
    assert history["returns"] == [0, 0, 1, 1]
    assert history["collapses"] == [0, 0, collapses, collapses]
    assert history["learning_rate"] == [0.01, 0.01, 0.005, 0.005]
    assert run.guard.returns == 1
    assert all(np.isfinite(array).all() for array in run.network.state_dict().values())
    assert history["spread"][-1] > 0.01


def test_a_run_that_fails_again_and_again_is_given_up() -> None:
    x, labels = bars(60)
    broken = x / np.float32(255)
    broken[:] = np.nan
    with pytest.raises(FloatingPointError, match=r"has failed 4 times.*lower the learning rate"):
        make_trainer(guard=CollapseGuard(most=3)).fit(broken, labels, epochs=1)


def test_the_guard_waits_until_the_pictures_differ() -> None:
    guard = CollapseGuard(least=0.5)
    assert not guard.has_collapsed(np.array([0.2, 0.9]))
    assert not guard.has_collapsed(np.array([0.6, 0.9]))
    assert not guard.has_collapsed(np.array([0.5, np.nan]))
    assert guard.has_collapsed(np.array([0.4, 0.9]))
    for every, least, most in ((0, 0.5, 1), (1, 1.0, 1), (1, 0.5, 0)):
        with pytest.raises(ValueError, match="every and most must be"):
            CollapseGuard(every=every, least=least, most=most)


def test_the_spread_of_pictures_by_hand() -> None:
    pictures = np.zeros((5, 1, 1, 2))
    pictures[1] = [3, 4]
    spread = spread_of_classes(pictures, np.array([0, 0, 1, 1, 2]), 3)
    # Of two pictures the mean squared distance is that of the pair.
    np.testing.assert_allclose(spread, [5, 0, np.nan])


def test_averaged_weights_follow_the_network() -> None:
    run = make_trainer(average=0.9)
    start = run.network.state_dict()
    fit(run, 1)
    now, average = run.network.state_dict(), run.averages["generator"].state
    assert run.averages["generator"].steps == 4
    for name in start:
        far = np.abs(now[name] - start[name]).max()
        assert 0 < np.abs(average[name] - now[name]).max() < 1.5 * far
    run.load_averages()
    assert same(run.network.state_dict(), average)


def test_impossible_runs_are_refused() -> None:
    with pytest.raises(ValueError, match="got 60 pictures and 59 labels"):
        make_trainer().fit(bars(60)[0], bars(59)[1], epochs=1)
    with pytest.raises(ValueError, match="epochs must be 0 at least"):
        fit(make_trainer(), -1)
    with pytest.raises(ValueError, match="batch_size must be at least 1"):
        make_trainer(batch_size=0)
    with pytest.raises(ValueError, match="decay must be from 0 to below 1"):
        make_trainer(average=1.0)
    with pytest.raises(ValueError, match="judge pictures first"):
        AdversarialPlan(small(), ALL).improve(rng=np.random.default_rng(0), weight=1)
