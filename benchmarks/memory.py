"""Compares how much memory training takes, here and in PyTorch, each in a process of its own.

    make bench

Adam, batches of 128, the reference network, two threads. What is printed is how far the
highest resident memory of the training lies above what the process had before it, with
packages, data and network already there.
"""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import numpy as np

BATCH, IMAGES, EPOCHS = 128, 1024, 3


def main() -> None:
    if len(sys.argv) > 1:
        print(measure(sys.argv[1]))
        return
    grown = {}
    for name in ("this library", "PyTorch eager", "PyTorch channels last"):
        command = [sys.executable, "-m", "benchmarks.memory", name]
        grown[name] = float(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
    print(f"\ngrowth of memory in training, batch {BATCH} (MiB)")
    for name, size in grown.items():
        ratio = grown["this library"] / size
        print(f"  {name:<28}{size:>9.0f}   this library takes {ratio:.2f} times as much")


def measure(name: str) -> float:
    """Return by how many MiB the process grows."""
    import cnn
    from benchmarks.network import THREADS, torch_training
    from cnn.training.optimisers import Adam

    rng = np.random.default_rng(0)
    x, y = rng.random((IMAGES, 1, 28, 28), np.float32), rng.integers(0, 10, IMAGES)
    network = cnn.zoo.reference_digits()
    if name == "this library":
        trainer = cnn.Trainer(network, optimiser=Adam(1e-3), batch_size=BATCH, workers=THREADS)
        before = resident()
        trainer.fit(x, y, epochs=EPOCHS)
    else:
        run = torch_training(name, x, y, BATCH)
        before = resident()
        for _ in range(EPOCHS):
            run()
    highest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return max(highest - before, 0)


def resident() -> float:
    """Return the process's resident memory in MiB, as Linux tells it."""
    [line] = [
        line
        for line in Path("/proc/self/status").read_text().splitlines()
        if line.startswith("VmRSS")
    ]
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    main()
