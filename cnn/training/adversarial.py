"""The trainer of a generator and its discriminator, in turn."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt

from cnn.errors import ModelFileError
from cnn.layers.functional import one_hot
from cnn.models.adversaries import Adversaries
from cnn.training.adversarial_plan import AdversarialPlan, Objective, Turn
from cnn.training.averaging import AveragedWeights
from cnn.training.callbacks import Callback
from cnn.training.checkpoints import (
    collect_callbacks,
    divide_parts,
    read_checkpoint,
    restore_callbacks,
)
from cnn.training.epoch_loop import EpochLoop
from cnn.training.guard import CollapseGuard, spread_of_classes
from cnn.training.optimisers import Adam, Optimiser
from cnn.training.schedules import Schedule
from cnn.training.trainer import Augmentation

__all__ = ["AdversarialTrainer"]

Array = npt.NDArray[Any]

_LOOKED_AT = 20  # made pictures of each class
_REAL = 2000  # pictures, at most, that they are compared with
_MAKING = ("generator", "encoder")


class AdversarialTrainer(EpochLoop):
    """Trains a generator against its discriminator, and the encoder with it if there is one.

    In each step the discriminator learns from real and made pictures, then the generator from the
    discriminator's judgement of the same made ones. Each batch is divided among threads as in
    `cnn.training.trainer.Trainer`, to the same end: the same seed and number of threads give the
    same weights.

    Parameters
    ----------
    networks : Adversaries
        Changed in place.
    objective : Objective
        What they are trained for.
    optimiser, discriminator_optimiser : Optimiser
        The update rules of generator and encoder, and of the discriminator; by default `Adam`
        with a rate of 0.0002 and betas of 0.5 and 0.999.
    schedule, discriminator_schedule : Schedule, optional
        Their learning rates over the run; by default the optimisers'.
    average : float
        Decay of the `AveragedWeights` of generator and encoder; 0 for the weights as they are.
    guard : CollapseGuard, optional
        When the run goes back; by default with its usual settings.
    batch_size : int
        Real pictures in each step.
    workers : int, optional
        Number of threads; by default the number of cores.
    seed : int
        Seed of the order, the codes and the augmentation.
    callbacks : sequence of Callback
        Called in this order after every batch and epoch.

    Attributes
    ----------
    network : Network
        The generator.
    history : dict of str to list of float
        A value for each epoch of "loss" (the generator's), "discriminator_loss", "adversarial",
        "real_right" and "made_right" (shares that the discriminator tells right), "spread" (the
        smallest share of the real pictures' spread that a class has), "returns" (how often the
        guard went back so far), "collapses" (how often of these because a class had collapsed),
        "learning_rate", and, where they are in use, "reconstruction", "divergence" and "penalty".
    stopping : bool
        Set by a callback to end the run after this epoch.
    """

    def __init__(
        self,
        networks: Adversaries,
        objective: Objective,
        *,
        optimiser: Optimiser | None = None,
        discriminator_optimiser: Optimiser | None = None,
        schedule: Schedule | None = None,
        discriminator_schedule: Schedule | None = None,
        average: float = 0.999,
        guard: CollapseGuard | None = None,
        batch_size: int = 64,
        workers: int | None = None,
        seed: int = 0,
        callbacks: Sequence[Callback] = (),
    ) -> None:
        super().__init__(
            networks.generator,
            batch_size=batch_size,
            workers=workers,
            seed=seed,
            callbacks=callbacks,
        )
        self.networks = networks
        self.objective = objective
        self.optimiser = optimiser or Adam(0.0002, betas=(0.5, 0.999))
        self.discriminator_optimiser = discriminator_optimiser or Adam(0.0002, betas=(0.5, 0.999))
        self.guard = guard or CollapseGuard()
        self.averages = {
            name: AveragedWeights(network, decay=average)
            for name, network in networks.networks.items()
            if name in _MAKING
        }
        self._optimisers = {
            "optimiser": (self.optimiser, schedule),
            "discriminator_optimiser": (self.discriminator_optimiser, discriminator_schedule),
        }
        self._rates = {name: each.learning_rate for name, (each, _) in self._optimisers.items()}
        self._plans = [AdversarialPlan(networks, objective) for _ in range(self.workers)]
        self._good: tuple[dict[str, Any], dict[str, Array]] = ({}, {})
        self._real_spread: Array = np.zeros(networks.classes)

    def fit(
        self,
        pictures: Array,
        labels: Array,
        *,
        epochs: int,
        augment: Augmentation | None = None,
        resume: str | os.PathLike[str] | None = None,
    ) -> dict[str, list[float]]:
        """Train for some epochs.

        Parameters
        ----------
        pictures : ndarray of uint8 or float, (N, C, H, W)
            Real pictures; uint8 is divided by 255, a batch at a time.
        labels : ndarray of int, (N,)
            Their classes.
        epochs : int
            How often every picture is used, counted from the beginning of the run.
        augment : callable, optional
            Takes a float batch and a generator, returns a changed batch of its shape.
        resume : path, optional
            A checkpoint: go on from there, to the same end as without a break.

        Returns
        -------
        dict of str to list of float
            `history`.

        Raises
        ------
        ValueError
            If there are no pictures, or not one label for each, or `epochs` is below 0.
        ModelFileError
            If the checkpoint cannot be read or belongs to another run.
        FloatingPointError
            If the run failed again after the guard went back, too often.
        """
        if epochs < 0:
            raise ValueError(f"epochs must be 0 at least, got {epochs}")
        if len(pictures) != len(labels) or not len(pictures):
            raise ValueError(f"got {len(pictures)} pictures and {len(labels)} labels")
        self.stopping = False
        first = self._load(resume) if resume is not None else 0
        self._measure(pictures, labels)
        self._keep()

        def train(pool: ThreadPoolExecutor, epoch: int) -> dict[str, float]:
            return self._train_epoch(pool, pictures, labels, epoch, epochs, augment)

        return self._run(train, first=first, epochs=epochs, count=len(pictures))

    def load_averages(self) -> None:
        """Put the averaged weights into generator and encoder, where the run has ended."""
        for name, average in self.averages.items():
            self.networks.networks[name].load_state_dict(average.state)

    def state(self) -> tuple[dict[str, Any], dict[str, Array]]:
        """Return all that a checkpoint stores: values for JSON, and arrays."""
        contents, arrays = self._state()
        contents |= {"seed": self.seed, "history": self.history, "stopping": self.stopping}
        contents |= {"returns": self.guard.returns, "collapses": self.guard.collapses}
        contents["callbacks"], own = collect_callbacks(self.callbacks)
        return contents, arrays | own

    def _state(self) -> tuple[dict[str, Any], dict[str, Array]]:
        """Return what changes from step to step, in copies."""
        contents: dict[str, Any] = {"armed": self.guard.armed}
        arrays: dict[str, Array] = {}
        for name, network in self.networks.networks.items():
            arrays |= {f"{name}/{key}": array for key, array in network.state_dict().items()}
        for name, average in self.averages.items():
            contents[f"{name}_averaged"] = average.steps
            arrays |= {f"{name}_average/{k}": array.copy() for k, array in average.state.items()}
        for name, (optimiser, _) in self._optimisers.items():
            contents[f"{name}_steps"] = optimiser.steps
            arrays |= {f"{name}/{key}": slot.copy() for key, slot in optimiser.slots.items()}
        return contents, arrays

    def _restore(self, contents: dict[str, Any], parts: dict[str, dict[str, Array]]) -> None:
        for name, network in self.networks.networks.items():
            network.load_state_dict(parts[name])
        for name, average in self.averages.items():
            average.load(parts[f"{name}_average"], contents[f"{name}_averaged"])
        for name, (optimiser, _) in self._optimisers.items():
            slots = parts.get(name, {})
            if slots or contents[f"{name}_steps"]:
                optimiser.load_slots(slots, self._parameters(name))
            else:
                optimiser.slots = {}
            optimiser.steps = contents[f"{name}_steps"]
        self.guard.armed = contents["armed"]

    def _load(self, path: str | os.PathLike[str]) -> int:
        """Restore a checkpoint, and return its number of epochs."""
        contents, parts = read_checkpoint(path)
        try:
            if contents["seed"] != self.seed:
                raise ValueError(f"its seed is {contents['seed']}, not {self.seed}")
            self._restore(contents, parts)
            self.guard.returns = contents["returns"]
            self.guard.collapses = contents["collapses"]
            self.history = contents["history"]
            self.stopping = contents["stopping"]
            restore_callbacks(self.callbacks, contents["callbacks"], parts)
        except (KeyError, ValueError) as error:
            raise ModelFileError(f"{path} belongs to another run: {error}") from error
        return len(self.history["loss"])

    def _parameters(self, optimiser: str) -> dict[str, Array]:
        """Return the parameters that an optimiser changes, "network.layer.parameter"."""
        judging = optimiser == "discriminator_optimiser"
        return {
            f"{name}.{key}": array
            for name, network in self.networks.networks.items()
            if (name == "discriminator") == judging
            for key, array in network.parameters().items()
        }

    def _train_epoch(
        self,
        pool: ThreadPoolExecutor,
        pictures: Array,
        labels: Array,
        epoch: int,
        epochs: int,
        augment: Augmentation | None,
    ) -> dict[str, float]:
        # Seeding each epoch by its number makes a resumed run the same as an unbroken one.
        rng = np.random.default_rng([self.seed, epoch])
        order = rng.permutation(len(pictures))
        totals: dict[str, float] = {}
        counts: dict[str, int] = {}
        for number, start in enumerate(range(0, len(order), self.batch_size), 1):
            self._set_rates(epoch + start / len(order), epochs)
            batch = order[start : start + self.batch_size]
            found: dict[str, float] = {}
            while not found:  # the guard ends it
                found = self._train_batch(pool, pictures, labels, batch, rng, augment)
            for name, value in found.items():
                totals[name] = totals.get(name, 0.0) + value * len(batch)
                counts[name] = counts.get(name, 0) + len(batch)
            if number % self.guard.every == 0:
                self._watch()
            self._notify("on_batch_end", {k: v / counts[k] for k, v in totals.items()})
        spread = self._watch()
        metrics = {name: total / counts[name] for name, total in totals.items()}
        if self.objective.penalty:
            # An epoch of few steps may have none with the penalty: it is what it was.
            metrics.setdefault("penalty", self.history.get("penalty", [0.0])[-1])
        return metrics | {
            "spread": float(np.nanmin(spread)) if np.isfinite(spread).any() else 0.0,
            "returns": float(self.guard.returns),
            "collapses": float(self.guard.collapses),
            "learning_rate": self.optimiser.learning_rate,
        }

    def _set_rates(self, epoch: float, epochs: int) -> None:
        for name, (optimiser, schedule) in self._optimisers.items():
            rate = self._rates[name] if schedule is None else schedule.rate(epoch, epochs)
            optimiser.learning_rate = rate * self.guard.rate

    def _train_batch(
        self,
        pool: ThreadPoolExecutor,
        pictures: Array,
        labels: Array,
        batch: Array,
        rng: np.random.Generator,
        augment: Augmentation | None,
    ) -> dict[str, float]:
        """Take a step of each optimiser, and return the losses; none if it failed."""
        parts = [part for part in np.array_split(batch, self.workers) if len(part)]
        plans = self._plans[: len(parts)]
        streams = rng.spawn(len(parts))
        objective = self.objective
        steps = self.discriminator_optimiser.steps
        penalised = bool(objective.penalty) and steps % objective.penalty_every == 0

        def judge(place: int) -> Turn:
            part, own = parts[place], streams[place]
            x = self.network.to_floats(pictures[part])
            if augment is not None:
                x = augment(x, own)
            weight = len(part) / len(batch)
            return plans[place].judge(x, labels[part], rng=own, weight=weight, penalised=penalised)

        def improve(place: int) -> Turn:
            weight = len(parts[place]) / len(batch)
            return plans[place].improve(rng=streams[place], weight=weight)

        found: dict[str, float] = {}
        for network in self.networks.networks.values():
            network.make_writeable()
        for work, name in ((judge, "discriminator_optimiser"), (improve, "optimiser")):
            waiting = [pool.submit(work, place) for place in range(1, len(parts))]
            turns = [work(0), *(each.result() for each in waiting)]
            for part, turn in zip(parts, turns, strict=True):
                for key, value in turn.metrics.items():
                    found[key] = found.get(key, 0.0) + value * len(part) / len(batch)
            if not all(map(np.isfinite, found.values())):
                self._go_back(collapsed=False)
                return {}
            for turn in turns:
                for layer, cache in turn.statistics:
                    layer.update_statistics(cache)
            self._optimisers[name][0].step(self._parameters(name), *(turn.grads for turn in turns))
        for average in self.averages.values():
            average.update()
        return found

    def _watch(self) -> Array:
        """Keep the state if it is good, or go back; return the spread as shares of the real."""
        shares = self._spread()
        finite = all(np.isfinite(array).all() for array in self._state()[1].values())
        if not finite or self.guard.has_collapsed(shares):
            self._go_back(collapsed=finite)
            return self._spread()
        self._keep()
        return shares

    def _keep(self) -> None:
        self._good = self._state()

    def _go_back(self, *, collapsed: bool) -> None:
        self.guard.go_back(collapsed=collapsed)
        contents, arrays = self._good
        copies = {name: array.copy() for name, array in arrays.items()}
        self._restore(contents, divide_parts(copies))

    def _measure(self, pictures: Array, labels: Array) -> None:
        """Find out how much real pictures of each class differ."""
        some = np.random.default_rng(self.seed).permutation(len(pictures))[:_REAL]
        x = self.network.to_floats(pictures[some])
        self._real_spread = spread_of_classes(x, labels[some], self.networks.classes)

    def _spread(self) -> Array:
        """Return how much made pictures of each class differ, as shares of the real ones."""
        classes = self.networks.classes
        rng = np.random.default_rng(self.seed)
        labels = np.repeat(np.arange(classes), _LOOKED_AT)
        codes = rng.standard_normal((len(labels), self.networks.code), np.float32)
        inputs = np.concatenate([codes, one_hot(labels, classes)], axis=1)
        made, _ = self.network.forward(inputs)
        shares: Array = np.full(classes, np.nan)
        spread = spread_of_classes(made, labels, classes)
        np.divide(spread, self._real_spread, out=shares, where=self._real_spread > 0)
        return shares
