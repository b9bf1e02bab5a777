"""The trainer: batches, gradients, steps and validation, for any network and loss."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt

from cnn.engine.threads import shared_cores
from cnn.errors import ModelFileError
from cnn.models.network import Network
from cnn.training.callbacks import Callback
from cnn.training.checkpoints import collect_callbacks, read_checkpoint, restore_callbacks
from cnn.training.epoch_loop import EpochLoop
from cnn.training.losses import BinaryCrossEntropy, CrossEntropy, Loss
from cnn.training.optimisers import Adam, Optimiser
from cnn.training.plans import Pass, Plan
from cnn.training.schedules import Schedule

__all__ = ["Augmentation", "Trainer"]

Array = npt.NDArray[Any]
Augmentation = Callable[[Array, np.random.Generator], Array]


class Trainer(EpochLoop):
    """Fits a network to examples.

    Each batch is divided among threads, one for each core, each with its own part
    of the batch (batch normalisation sees that part); the gradients are added up in
    a fixed order, so that the same seed and number of threads give the same weights.

    Parameters
    ----------
    network : Network
        A `Sequential` or a `Graph`; changed in place.
    loss : Loss
        The loss to minimise; by default `CrossEntropy`.
    optimiser : Optimiser
        The update rule; by default `Adam`.
    schedule : Schedule, optional
        Learning rate over the run; by default the optimiser's.
    batch_size : int
        Number of examples for each step.
    workers : int, optional
        Number of threads; by default the number of cores.
    seed : int
        Seed of the order, augmentation and dropout.
    callbacks : sequence of Callback
        Called in this order after every batch and epoch.

    Attributes
    ----------
    history : dict of str to list of float
        A value for each epoch of "loss", "accuracy" (for class numbers), "learning_rate",
        and, if there are validation data, "val_loss" and "val_accuracy".
    stopping : bool
        Set by a callback to end the run after this epoch.
    """

    def __init__(
        self,
        network: Network,
        *,
        loss: Loss | None = None,
        optimiser: Optimiser | None = None,
        schedule: Schedule | None = None,
        batch_size: int = 128,
        workers: int | None = None,
        seed: int = 0,
        callbacks: Sequence[Callback] = (),
    ) -> None:
        if not isinstance(network, Network):
            raise TypeError(
                f"expected a network, got a {type(network).__name__}: a model's is its `network`"
            )
        super().__init__(
            network, batch_size=batch_size, workers=workers, seed=seed, callbacks=callbacks
        )
        self.loss = loss or CrossEntropy()
        self.optimiser = optimiser or Adam()
        self.schedule = schedule
        # A subclass of that activation may compute something else: it runs like any other layer.
        folded = type(network.last) is self.loss.folds
        self._depth = -1 if folded else None
        self._plans = [Plan(network, self.loss, self._depth) for _ in range(self.workers)]

    def fit(
        self,
        inputs: Array,
        targets: Array,
        *,
        epochs: int,
        validation: tuple[Array, Array] | None = None,
        augment: Augmentation | None = None,
        resume: str | os.PathLike[str] | None = None,
    ) -> dict[str, list[float]]:
        """Train for some epochs.

        Parameters
        ----------
        inputs : ndarray of uint8 or float, (N, C, H, W) or (N, D)
            uint8 is divided by 255, a batch at a time.
        targets : ndarray, (N, ...)
            What the loss expects.
        epochs : int
            How often every example is used, counted from the beginning of the run.
        validation : (inputs, targets), optional
            Looked at after each epoch, never trained on.
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
            If there are no examples, or not one target for each, or `epochs` is below 0.
        ModelFileError
            If the checkpoint cannot be read or belongs to another run.
        FloatingPointError
            If the loss is no longer a number: the learning rate is too high, or an input is
            not a number. The batch that gave it has changed nothing.
        """
        if epochs < 0:
            raise ValueError(f"epochs must be 0 at least, got {epochs}")
        _check_counts(inputs, targets)
        if validation is not None:
            _check_counts(*validation)
        self.stopping = False
        first = self._load(resume) if resume is not None else 0

        def train(pool: ThreadPoolExecutor, epoch: int) -> dict[str, float]:
            metrics = self._train_epoch(pool, inputs, targets, epoch, epochs, augment)
            if validation is not None:
                found = self._evaluate(pool, *validation)
                metrics |= {f"val_{name}": value for name, value in found.items()}
            return metrics

        return self._run(train, first=first, epochs=epochs, count=len(inputs))

    def evaluate(self, inputs: Array, targets: Array) -> dict[str, float]:
        """Measure the network on examples, without training.

        Parameters
        ----------
        inputs, targets : ndarray
            As for `fit`.

        Returns
        -------
        dict of str to float
            "loss" and, for class numbers, "accuracy", over all examples.

        Raises
        ------
        ValueError
            If there are no examples, or not one target for each.
        """
        _check_counts(inputs, targets)
        with shared_cores(), ThreadPoolExecutor(self.workers) as pool:
            return self._evaluate(pool, inputs, targets)

    def state(self) -> tuple[dict[str, Any], dict[str, Array]]:
        """Return all that a checkpoint stores: values for JSON, and arrays."""
        contents: dict[str, Any] = {
            "seed": self.seed,
            "steps": self.optimiser.steps,
            "history": self.history,
            "stopping": self.stopping,
        }
        arrays = {f"network/{k}": v for k, v in self.network.state_dict().items()}
        arrays |= {f"optimiser/{k}": v for k, v in self.optimiser.slots.items()}
        contents["callbacks"], own = collect_callbacks(self.callbacks)
        return contents, arrays | own

    def _load(self, path: str | os.PathLike[str]) -> int:
        """Restore a checkpoint, and return its number of epochs."""
        contents, parts = read_checkpoint(path)
        try:
            if contents["seed"] != self.seed:
                raise ValueError(f"its seed is {contents['seed']}, not {self.seed}")
            self.network.load_state_dict(parts["network"])
            self.optimiser.load_slots(parts.get("optimiser", {}), self.network.parameters())
            self.optimiser.steps = contents["steps"]
            self.history = contents["history"]
            self.stopping = contents["stopping"]
            restore_callbacks(self.callbacks, contents["callbacks"], parts)
        except (KeyError, ValueError) as error:
            raise ModelFileError(f"{path} belongs to another run: {error}") from error
        return len(self.history["loss"])

    def _train_epoch(
        self,
        pool: ThreadPoolExecutor,
        inputs: Array,
        targets: Array,
        epoch: int,
        epochs: int,
        augment: Augmentation | None,
    ) -> dict[str, float]:
        # Seeding each epoch by its number makes a resumed run the same as an unbroken one.
        rng = np.random.default_rng([self.seed, epoch])
        order = rng.permutation(len(inputs))
        loss, right = 0.0, 0

        def means(count: int) -> dict[str, float]:
            found = {"loss": loss / count}
            return found | ({"accuracy": right / count} if self._has_classes(targets) else {})

        for start in range(0, len(order), self.batch_size):
            if self.schedule is not None:
                moment = epoch + start / len(order)
                self.optimiser.learning_rate = self.schedule.rate(moment, epochs)
            batch = order[start : start + self.batch_size]
            more, answers = self._train_batch(pool, inputs, targets, batch, rng, augment)
            loss, right = loss + more, right + answers
            self._notify("on_batch_end", means(start + len(batch)))
        return means(len(order)) | {"learning_rate": self.optimiser.learning_rate}

    def _train_batch(
        self,
        pool: ThreadPoolExecutor,
        inputs: Array,
        targets: Array,
        batch: Array,
        rng: np.random.Generator,
        augment: Augmentation | None,
    ) -> tuple[float, int]:
        """Take one step; return the sum of the losses, and the number of correct answers."""

        def work(plan: Plan, part: Array, own: np.random.Generator) -> Pass:
            x = inputs[part]
            if augment is not None:
                x = augment(self.network.to_floats(x), own)
            share = len(part) / len(batch)
            return plan.run(x, targets[part], rng=own, weight=share)

        self.network.make_writeable()
        parts = [part for part in np.array_split(batch, self.workers) if len(part)]
        mine, *others = zip(self._plans, parts, rng.spawn(len(parts)), strict=False)
        waiting = [pool.submit(work, *each) for each in others]
        passes = [work(*mine), *(each.result() for each in waiting)]
        loss = sum(each.loss * len(part) for each, part in zip(passes, parts, strict=True))
        if not np.isfinite(loss):
            # Before the step: the network stays as it was.
            raise FloatingPointError(
                "the loss is not a number: lower the learning rate, or look for such inputs"
            )
        for each in passes:
            for layer, cache in each.statistics:
                layer.update_statistics(cache)
        self.optimiser.step(self.network.parameters(), *(each.grads for each in passes))
        right = sum(
            self._count_right(each.outputs, targets[part])
            for each, part in zip(passes, parts, strict=True)
        )
        return loss, right

    def _evaluate(
        self, pool: ThreadPoolExecutor, inputs: Array, targets: Array
    ) -> dict[str, float]:
        def work(part: slice) -> tuple[float, int]:
            y, _ = self.network.forward(inputs[part], depth=self._depth)
            return self.loss(y, targets[part])[0] * len(y), self._count_right(y, targets[part])

        parts = [slice(start, start + 50) for start in range(0, len(inputs), 50)]
        results = list(pool.map(work, parts))
        metrics = {"loss": sum(loss for loss, _ in results) / len(inputs)}
        if self._has_classes(targets):
            metrics["accuracy"] = sum(right for _, right in results) / len(inputs)
        return metrics

    def _has_classes(self, targets: Array) -> bool:
        # A single output tells two classes apart only if the loss says so.
        single = self.network.output_shape == (1,)
        return targets.ndim == 1 and (not single or isinstance(self.loss, BinaryCrossEntropy))

    def _count_right(self, outputs: Array, targets: Array) -> int:
        if targets.ndim != 1:
            return 0
        # A single score above 0 names the second class.
        single = self.network.output_shape == (1,)
        answers = outputs[:, 0] > 0 if single else outputs.argmax(axis=1)
        return int(np.count_nonzero(answers == targets))


def _check_counts(inputs: Array, targets: Array) -> None:
    if len(inputs) != len(targets) or not len(inputs):
        raise ValueError(f"got {len(inputs)} inputs and {len(targets)} targets")
