"""How often an answer that is written on the page Practice is marked by itself, and wrongly.

python -m benchmarks.practice --data FOLDER [--each 500] [--seed 0] writes numbers of one to four
digits of MNIST's test set on a paper as large as the page's, side by side as a hand does. What
counts as certain is decided as in static/js/features/practice/reading.js.
"""

from __future__ import annotations

import argparse
import io
from itertools import pairwise
from pathlib import Path

import numpy as np
from PIL import Image

import cnn
from cnn.data.dataset import Dataset
from cnn.data.mnist import load_mnist
from cnn.evaluation.tables import percent, table
from cnn.models.model import Model
from cnn.reading.results import Reading

PAPER = 280  # pixels, as the page sends it
SURE, WIDEST = 0.95, 1.4
LENGTHS = (1, 2, 3, 4)
HEAD = ["digits", "numbers", "certain", "of these misread", "in doubt, and read right"]

_STEP = 0.95  # at most, of a digit's square, to the next one's; the ink takes 20 of its 28 pixels


def write(test: Dataset, length: int, rng: np.random.Generator) -> tuple[str, bytes]:
    """Return a number, and a PNG of it: ink of black on white paper."""
    places = rng.integers(len(test.labels), size=length)
    widest = 1 + _STEP * (length - 1)  # in sides of a digit's square
    side = int(rng.uniform(0.7, 1.0) * min(150, (PAPER - 16) / widest))
    paper = np.zeros((PAPER, PAPER), np.uint8)
    left = int(rng.integers(0, PAPER - int(side * widest) + 1))
    top = int(rng.integers(0, PAPER - side - 8))
    for place in places:
        digit = Image.fromarray(test.images[place, 0])
        large = np.asarray(digit.resize((side, side), Image.Resampling.BICUBIC))
        own_top = top + int(rng.integers(0, 9))
        spot = paper[own_top : own_top + side, left : left + side]
        np.maximum(spot, large, out=spot)
        left += int(rng.uniform(0.72, _STEP) * side)
    file = io.BytesIO()
    Image.fromarray(255 - paper).save(file, "PNG")
    return "".join(str(test.labels[place]) for place in places), file.getvalue()


def is_certain(reading: Reading) -> bool:
    """Say whether a reading counts without a question."""
    return (
        reading.text.isdigit()
        and reading.refusal is None
        and reading.unfinished is None
        and not reading.left_out
        and all(
            one.confidence >= SURE
            and not one.alternatives
            and one.because is None
            and one.box[2] <= WIDEST * one.box[3]
            for one in reading.digits
        )
        and all(
            right.box[0] >= left.box[0] + left.box[2] for left, right in pairwise(reading.digits)
        )
    )


def measure(model: Model, test: Dataset, length: int, count: int, seed: int) -> list[str]:
    """Return the row of numbers of one length."""
    rng = np.random.default_rng([seed, length])
    certain = misread = right = 0
    for _ in range(count):
        text, picture = write(test, length, rng)
        reading = cnn.read(model, picture)
        if is_certain(reading):
            certain += 1
            misread += reading.text != text
        else:
            right += reading.text == text
    doubted = count - certain
    return [
        str(length),
        str(count),
        percent(certain / count),
        f"{misread} ({percent(misread / max(1, certain))})",
        f"{right} of {doubted}",
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, help="the folder of MNIST")
    parser.add_argument("--each", type=int, default=500, help="numbers of each length")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    _, test = load_mnist(options.data)
    model = cnn.load_model()
    rows = [measure(model, test, one, options.each, options.seed) for one in LENGTHS]
    print(table([HEAD, *rows]))


if __name__ == "__main__":
    main()
