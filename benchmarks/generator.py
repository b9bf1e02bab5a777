"""Measures generators: the speed of their training, and how good what they make is.

    python -m benchmarks.generator speed
    python -m benchmarks.generator quality FILE ... --data MNIST
    python -m benchmarks.generator seeds --data MNIST

`speed` needs what `make bench` installs. A step is one of the discriminator and one of the
generator (and encoder), in turn, for a batch of 64; one in sixteen has the gradient penalty. Both
sides run in turn, in another order each time, two threads each; medians of the rounds are printed,
and the median of the ratios of each round. With `--threads 1`, times are of the processor: they can
be compared on a machine that others use as well.

`quality` compares what each generator makes with MNIST, with the digit model that ships as the
judge, and with made writers, and trains a network on made digits alone. `seeds` trains ten
generators, each for an epoch, and says how often the guard went back, and why.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

import cnn
from cnn.data import Dataset, load_mnist
from cnn.evaluation.made import (
    class_distances,
    features_of,
    frechet_distance,
    nearest_distances,
)
from cnn.evaluation.metrics import accuracy, expected_calibration_error
from cnn.evaluation.tables import table
from cnn.evaluation.writers import WriterDistance, draw_writers, measure_likeness
from cnn.models.adversaries import ADVERSARIES
from cnn.models.generator import Generator, load_generator
from cnn.recipes.generator import DIGIT_GENERATORS, GeneratorRecipe, train_generator
from cnn.training.adversarial import AdversarialTrainer
from cnn.training.callbacks import Callback
from cnn.training.optimisers import Adam, AdamW
from cnn.training.run import Run
from cnn.training.schedules import OneCycle

Array = npt.NDArray[Any]

PAUSE = 0.2  # seconds: the waiting threads of one side must not take the cores from the next
STEPS = 16  # in a round
BATCH = 64
LEAST = 0.5  # of what two real pictures of a class differ by: below, a class has collapsed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parts = parser.add_subparsers(required=True)
    speed = parts.add_parser("speed")
    speed.set_defaults(command=measure_speed)
    speed.add_argument("--rounds", type=int, default=9)
    speed.add_argument("--threads", type=int, default=2)
    quality = parts.add_parser("quality")
    quality.set_defaults(command=measure_quality)
    quality.add_argument("generators", nargs="+", type=Path, metavar="FILE")
    quality.add_argument("--data", type=Path, help="folder of MNIST's four files")
    quality.add_argument("--count", type=int, default=10_000, help="made digits (10000)")
    quality.add_argument(
        "--learned", type=int, default=60_000, help="made digits to learn from (60000; 0: none)"
    )
    quality.add_argument("--epochs", type=int, default=8, help="of that learning (8)")
    quality.add_argument(
        "--writers", type=int, default=100, help="made writers to resemble (100; 0: none)"
    )
    quality.add_argument(
        "--nearest", type=Path, help="save made digits and their nearest real ones"
    )
    seeds = parts.add_parser("seeds")
    seeds.set_defaults(command=compare_seeds)
    seeds.add_argument("--data", type=Path, help="folder of MNIST's four files")
    seeds.add_argument("--architecture", choices=ADVERSARIES, default="vae-gan")
    seeds.add_argument("--count", type=int, default=10)
    seeds.add_argument("--epochs", type=int, default=1)
    seeds.add_argument("--limit", type=int, help="training pictures (all)")
    options = parser.parse_args()
    options.command(options)


def compare_seeds(options: argparse.Namespace) -> None:
    train, _ = load_mnist(options.data)
    if options.limit is not None:
        train = train.split(options.limit, rng=np.random.default_rng(1))[1]
    recipe = replace(DIGIT_GENERATORS[options.architecture], epochs=options.epochs)
    steps = -(-len(train) // recipe.batch_size) * recipe.epochs
    print(
        f"{recipe.architecture}: {options.count} runs of {steps:,} steps, {len(train):,} pictures"
    )
    rows = [("seed", "went back", "no number", "collapses", "differ by", "read as asked for")]
    found, given_up = [], 0
    for seed in range(options.count):
        try:
            back, collapses, least, right = run_seed(recipe, train, seed)
        except FloatingPointError as error:
            print(f"seed {seed}: {error}")
            given_up += 1
            continue
        counts = (f"{back:.0f}", f"{back - collapses:.0f}", f"{collapses:.0f}")
        rows.append((str(seed), *counts, f"{least:.2f}", f"{right:.1%}"))
        found.append((back, least))
    print(table(rows))
    print(
        f"The guard went back {sum(back for back, _ in found):.0f} times, and gave {given_up} runs "
        f"up; {sum(least < LEAST for _, least in found)} of {options.count} ended with a class "
        f"whose pictures differ by less than {LEAST:g} of what real ones do"
    )


def run_seed(recipe: GeneratorRecipe, train: Dataset, seed: int) -> tuple[float, ...]:
    """Train a generator, and return what became of it.

    How often the guard went back, and how often of these for a collapse; the smallest share of the
    real pictures' difference that a class of what the averaged weights make has; the share that
    is read as what was asked for.
    """
    generator, history = train_generator(recipe, train, seed=seed)
    labels = np.arange(1000) % 10
    made = generator.make(generator.draw(1000, rng=np.random.default_rng(seed)), labels)
    real = class_distances(train.images, train.labels, 10)
    least = float((class_distances(made, labels, 10) / real).min())
    right = accuracy(cnn.load_model().predict(made), labels)
    return history["returns"][-1], history["collapses"][-1], least, right


# ---- Quality


def measure_quality(options: argparse.Namespace) -> None:
    train, test = load_mnist(options.data)
    judge = cnn.load_model()
    real = features_of(judge.network, test.images)
    order = np.random.default_rng(0).permutation(len(test))
    halves = np.array_split(order, 2)
    between = frechet_distance(*(real[half] for half in halves))
    count = options.count
    learned_from = train.subset(np.random.default_rng(1).permutation(len(train))[:count])
    others = frechet_distance(features_of(judge.network, learned_from.images), real)
    print("Fréchet distance in the features of the digit model")
    print(f"  two halves of MNIST's test digits      {between:8.3f}")
    print(f"  {count:,} training digits to the test's {others:8.3f}  ({others / between:.2f} ×)")
    for path in options.generators:
        generator = load_generator(path)
        print(f"\n{path}: {generator.name}, {path.stat().st_size / 1e6:.2f} MB")
        labels = np.arange(count) % 10
        codes = generator.draw(count, rng=np.random.default_rng(2))
        made = generator.make(codes, labels)
        answers = judge.predict(made)
        print(f"  read as what was asked for: {accuracy(answers, labels):.2%}; ", end="")
        print(f"calibration error {expected_calibration_error(answers, labels):.2%}")
        distance = frechet_distance(features_of(judge.network, made), real)
        print(f"  Fréchet distance to the test's: {distance:.3f} ({distance / between:.2f} ×)")
        report_diversity(made, labels, train, options.nearest)
        report_time(generator)
        if generator.encoder is not None and options.writers:
            report_likeness(generator, options.writers)
        if options.learned:
            report_learning(generator, test, options)


def report_diversity(made: Array, labels: Array, train: Dataset, sheet: Path | None) -> None:
    """Say how much made digits differ from one another, and from those that were learned from."""
    own = class_distances(made, labels, 10)
    real = class_distances(train.images, train.labels, 10)
    shares = ", ".join(f"{share:.2f}" for share in own / real)
    print(f"  two of a class differ by {own.mean() / real.mean():.3f} of what real ones do")
    print(f"    by digit: {shares}")
    some, others = made[:1000], train.images
    places, near = nearest_distances(some, others)
    # What is to be expected by chance: real digits among the other real ones.
    chosen = np.random.default_rng(3).permutation(len(others))
    _, usual = nearest_distances(others[chosen[:1000]], others[chosen[1000:]])
    print(
        f"  to the nearest of {len(others):,} training digits: {near.mean():.2f}, real ones "
        f"{usual.mean():.2f}; the closest {near.min():.2f}, real ones {usual.min():.2f}; exact "
        f"copies {np.count_nonzero(near == 0)} of {len(near)}, real ones "
        f"{np.count_nonzero(usual == 0)}"
    )
    if sheet is not None:
        pairs = np.stack([some[:100, 0], others[places[:100], 0]], axis=1)
        # (10, 10, 2, H, W) -> (10, H, 10, 2, W)
        rows = pairs.reshape(10, 10, 2, 28, 28).transpose(0, 3, 1, 2, 4).reshape(280, 560)
        Image.fromarray(rows).save(sheet)


def report_time(generator: Generator) -> None:
    labels = np.arange(100) % 10
    times = []
    for seed in range(11):
        codes = generator.draw(100, rng=np.random.default_rng(seed))
        begin = time.perf_counter()
        generator.make(codes, labels)
        times.append(time.perf_counter() - begin)
    print(f"  100 made digits: {1000 * statistics.median(times):.1f} ms")


def report_likeness(generator: Generator, writers: int) -> None:
    """Say whether digits made like one of a writer's resemble this writer, or another."""
    # Seeds of their own: no writer whom the distance was learned from is measured on.
    distance = WriterDistance(draw_writers(120, 4, seed=11))
    found = measure_likeness(generator, distance, draw_writers(writers, 6, seed=12))
    print(
        f"  like a digit of {writers} made writers: nearer to its writer than to another in "
        f"{found.own:.1%} of {found.comparisons:,}; than to one with the same form of the digit in "
        f"{found.same_form:.1%}\n"
        f"    turned into each other digit: {found.turned:.1%}; the real digits themselves: "
        f"{found.real:.1%}"
    )


def report_learning(generator: Generator, test: Dataset, options: argparse.Namespace) -> None:
    """Train a network on made digits alone, and let it read MNIST's test digits."""
    count = options.learned
    labels = np.arange(count) % 10
    codes = generator.draw(count, rng=np.random.default_rng(4))
    made = np.concatenate(
        [
            generator.make(codes[start : start + 1000], labels[start : start + 1000])
            for start in range(0, count, 1000)
        ]
    )
    network = cnn.zoo.reference_digits()
    trainer = cnn.Trainer(
        network, optimiser=AdamW(weight_decay=0.01), schedule=OneCycle(0.003), batch_size=100
    )
    trainer.fit(made, labels, epochs=options.epochs)
    answers = network.predict(test.images)
    right = answers.argmax(axis=1) == test.labels
    classes = [right[test.labels == digit].mean() for digit in range(10)]
    print(
        f"  a network that learned from {count:,} made digits alone reads {right.mean():.2%} of "
        f"MNIST's test digits; the worst class {min(classes):.2%}"
    )
    print(f"    by digit: {', '.join(f'{share:.1%}' for share in classes)}")


# ---- Speed

Side = Callable[[], float]
Clock = Callable[[], float]


class BatchClock(Callback):
    """Notes when each batch ends."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.times: list[float] = []

    def on_batch_end(self, run: Run, metrics: dict[str, float]) -> None:
        self.times.append(self._clock())


def measure_speed(options: argparse.Namespace) -> None:
    from benchmarks.adversarial_twin import make_torch_side, set_threads

    set_threads(options.threads)
    print(
        f"{'pictures a second':<12}{'this library':>14}{'PyTorch':>10}{'channels last':>15}", end=""
    )
    print(f"{'ratio':>8}")
    for name in ADVERSARIES:
        clock = time.process_time if options.threads == 1 else time.perf_counter
        sides: dict[str, Side] = {"ours": make_side(name, options.threads, clock)}
        for channels_last in (False, True):
            sides[str(channels_last)] = make_torch_side(
                name, batch=BATCH, steps=STEPS, channels_last=channels_last, clock=clock
            )
        times = in_turn(sides, options.rounds)
        ours, *others = times.values()
        better = [min(each) for each in zip(*others, strict=True)]
        ratio = statistics.median(their / own for their, own in zip(better, ours, strict=True))
        rates = [BATCH / statistics.median(each) for each in times.values()]
        print(f"{name:<12}{rates[0]:>19.0f}{rates[1]:>10.0f}{rates[2]:>15.0f}{ratio:>8.2f}")


def in_turn(sides: dict[str, Side], rounds: int) -> dict[str, list[float]]:
    """Return the seconds of a step of each side, round by round."""
    draw = random.Random(0).sample
    times: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(rounds):
        for name, run in draw(list(sides.items()), len(sides)):
            time.sleep(PAUSE)
            times[name].append(run())
    return times


def make_side(name: str, threads: int, clock: Clock) -> Side:
    """Return what gives the seconds of a step of this library, the mean of several."""
    recipe = DIGIT_GENERATORS[name]
    noted = BatchClock(clock)
    trainer = AdversarialTrainer(
        ADVERSARIES[name](code=recipe.code),
        recipe.objective,
        optimiser=Adam(recipe.rate, betas=recipe.betas),
        discriminator_optimiser=Adam(recipe.discriminator_rate, betas=recipe.betas),
        batch_size=BATCH,
        workers=threads,
        callbacks=[noted],
    )
    rng = np.random.default_rng(0)
    count = BATCH * (STEPS + 1)
    pictures, labels = rng.random((count, 1, 28, 28), np.float32), rng.integers(0, 10, count)

    def run() -> float:
        noted.times.clear()
        trainer.fit(pictures, labels, epochs=1)
        # From the end of the first: what a run begins with is not what is compared.
        return (noted.times[-1] - noted.times[0]) / STEPS

    return run


if __name__ == "__main__":
    main()
