"""How many made digits one core draws a second: as traces, as MNIST's pictures, and large.

    .venv/bin/python -m benchmarks.strokes

The best of several rounds counts, in time of the processor, which other programs disturb less.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import islice
from typing import Any

import numpy as np

from cnn.synthesis.strokes import Trace, as_mnist, as_picture, write

_COUNT, _ROUNDS = 500, 7


def _measure(draw: Callable[[Trace], Any]) -> float:
    best = np.inf
    for seed in range(_ROUNDS):
        digits = islice(write(rng=np.random.default_rng(seed)), _COUNT)
        start = time.process_time()
        for digit in digits:
            draw(digit.trace)
        best = min(best, time.process_time() - start)
    return _COUNT / float(best)


def main() -> None:
    for name, draw in (
        ("traces", lambda trace: trace),
        ("pictures like MNIST's, 28×28", as_mnist),
        ("pictures of 280×280", lambda trace: as_picture(trace, 280)),
    ):
        print(f"{name}: {_measure(draw):,.0f} a second")


if __name__ == "__main__":
    main()
