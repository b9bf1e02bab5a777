"""Compares this library with PyTorch on networks of several kinds, in one process, in turn.

    make bench

Training steps (Adam, a batch at a time) and inference, float32, two threads each. PyTorch runs
in both of its memory layouts; what counts is the better. A line gives medians of the rounds,
and the median of the ratios of each round. With `--threads 1`, times are of the processor:
they can be compared on a machine that others use as well.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from threadpoolctl import threadpool_limits
from torch import nn

import cnn
from benchmarks.twins import make_twin
from cnn.training.losses import CrossEntropy, Loss, MeanSquaredError
from cnn.training.optimisers import Adam

BATCHES = 8  # in a run: what a call costs beside is not what is compared
PAUSE = 0.2  # seconds: the waiting threads of one side must not take the cores from the next
FORMATS = {
    "PyTorch eager": torch.contiguous_format,
    "PyTorch channels last": torch.channels_last,
}
OURS = "this library"
Run = Callable[[], object]
Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Case:
    """A network, and how many examples a batch has."""

    make: Callable[[], Any]
    batch: int = 32


CASES = {
    "reference network": Case(cnn.zoo.reference_digits),
    "two convolutions, 64×64": Case(cnn.zoo.two_convolutions),
    "VGG-like, batch normalisation": Case(cnn.zoo.vgg_like),
    "small VGG, the default of --folder": Case(
        partial(cnn.zoo.small_vgg, input_shape=(3, 32, 32), classes=2), batch=64
    ),
    "discriminator": Case(cnn.zoo.discriminator),
    "generator": Case(cnn.zoo.generator),
    "encoder-decoder, 256×256": Case(cnn.zoo.encoder_decoder, batch=4),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--only", metavar="TITLE", default="", help="only what begins like this")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--batch", type=int, help="examples in a batch, of every network")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    print(f"load of the machine: {os.getloadavg()[0]:.1f}, {options.threads} threads")
    print(f"{'examples a second':<44}{OURS:>14}{'eager':>9}{'channels last':>15}{'ratio':>7}")
    for title, case in CASES.items():
        if title.startswith(options.only):
            batch = options.batch or case.batch
            for kind, make in (("training", training), ("inference", inference)):
                with threadpool_limits(1 if options.threads == 1 else None, user_api="blas"):
                    sides = make(case.make(), batch, options.threads)
                    report(f"{title}, {kind}", sides, batch, options)


def report(title: str, sides: dict[str, Run], batch: int, options: argparse.Namespace) -> None:
    """Run all sides in turn, in another order each time, and print a line."""
    clock = time.process_time if options.threads == 1 else time.perf_counter
    pause = PAUSE if options.threads > 1 else 0
    draw = random.Random(0).sample
    times: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(options.rounds):
        for name, run in draw(list(sides.items()), len(sides)):
            time.sleep(pause)
            run()  # what the side before has left in the caches is nobody's gain or loss
            begin = clock()
            run()
            times[name].append((clock() - begin) / (BATCHES * batch))
    ours, *others = times.values()
    better = [min(each) for each in zip(*others, strict=True)]
    ratio = statistics.median(their / our for their, our in zip(better, ours, strict=True))
    figures = [1 / statistics.median(each) for each in times.values()]
    print(f"{title:<44}{figures[0]:>14.0f}{figures[1]:>9.0f}{figures[2]:>15.0f}{ratio:>7.2f}")


def inference(network: Any, batch: int, _: int) -> dict[str, Run]:
    """Return a prediction of a batch by each side, all with the same weights."""
    x = examples(network, batch)
    expected = network.predict(x)
    sides: dict[str, Run] = {OURS: again(partial(network.predict, x))}
    for name, form in FORMATS.items():
        module = make_twin(network).eval().to(memory_format=form)
        sides[name] = again(partial(_infer, module, in_format(x, form)))
        found = _infer(module, in_format(x, form))
        if isinstance(network.last, cnn.layers.Softmax):
            found = torch.softmax(found, 1)
        np.testing.assert_allclose(found.numpy(), expected, atol=1e-4, err_msg=name)
    return sides


def again(run: Run) -> Run:
    """Return what does it for as many batches as a run has."""

    def repeat() -> None:
        for _ in range(BATCHES):
            run()

    return repeat


def _infer(module: nn.Module, x: torch.Tensor) -> torch.Tensor:
    with torch.inference_mode():
        answer: torch.Tensor = module(x)
    return answer


def training(network: Any, batch: int, threads: int) -> dict[str, Run]:
    """Return a step of training by each side."""
    x = examples(network, batch)
    rng = np.random.default_rng(1)
    classes = isinstance(network.last, cnn.layers.Softmax)
    loss: Loss = CrossEntropy() if classes else MeanSquaredError()
    targets: Array = rng.random((batch, *network.output_shape), np.float32)
    if classes:
        targets = rng.integers(0, network.output_shape[0], batch)
    sides: dict[str, Run] = {}
    for name, form in FORMATS.items():
        module = make_twin(network).to(memory_format=form)
        criterion = nn.CrossEntropyLoss() if classes else nn.MSELoss()
        optimiser = torch.optim.Adam(module.parameters(), 1e-4)
        labels = torch.from_numpy(targets)
        step = partial(_step, module, criterion, optimiser, in_format(x, form), labels)
        sides[name] = again(step)
    trainer = cnn.Trainer(
        network, loss=loss, optimiser=Adam(1e-4), batch_size=batch, workers=threads
    )
    x, targets = np.concatenate([x] * BATCHES), np.concatenate([targets] * BATCHES)
    return {OURS: partial(trainer.fit, x, targets, epochs=1), **sides}


def _step(
    module: nn.Module,
    criterion: nn.Module,
    optimiser: torch.optim.Optimizer,
    x: torch.Tensor,
    targets: torch.Tensor,
) -> None:
    optimiser.zero_grad()
    criterion(module(x), targets).backward()
    optimiser.step()


def in_format(x: Array, form: torch.memory_format) -> torch.Tensor:
    """Return examples as a tensor, pictures in a memory layout."""
    tensor = torch.from_numpy(x)
    return tensor.contiguous(memory_format=form) if x.ndim == 4 else tensor


def examples(network: Any, count: int) -> Array:
    return np.random.default_rng(0).random((count, *network.input_shape), np.float32)


if __name__ == "__main__":
    main()
