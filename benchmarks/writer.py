"""A writer whose digits a model reads badly: what 500 of them are worth.

The writer is made: their digits are of MNIST's training pictures, but each 7 has a bar through its
stem, and each 1 a long flag, as on the continent. 500 are learned from, and 500 others are tried.
The model that ships knows the other eight digits, so what is measured is the 1s and 7s. Then the
same with shuffled labels, which the gate must refuse.

    .venv/bin/python -m benchmarks.writer [--data FOLDER]
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from cnn.data import Dataset, load_mnist
from cnn.models.model_file import DIGIT_MODEL
from cnn.recipes.retraining import split_mnist

_EACH = 500
_FINE = 4  # pixels of the pen's picture for one of the digit's


def make_writer(mnist: Dataset, *, seed: int) -> tuple[npt.NDArray[np.uint8], Any]:
    """Return a thousand digits of the writer, (N, 28, 28), and what they are."""
    rng = np.random.default_rng(seed)
    chosen = mnist.subset(np.sort(rng.permutation(len(mnist))[: 2 * _EACH]))
    images = chosen.images[:, 0].copy()
    for image, label in zip(images, chosen.labels, strict=True):
        if label in (1, 7):
            image[:] = np.maximum(image, (_bar if label == 7 else _flag)(image, rng))
    return images, chosen.labels


def _bar(image: npt.NDArray[np.uint8], rng: np.random.Generator) -> npt.NDArray[np.uint8]:
    """A bar through the middle of a 7's stem."""
    rows, columns = np.nonzero(image > 128)
    top, bottom = rows.min(), rows.max()
    row = top + (bottom - top) * rng.uniform(0.45, 0.6)
    stem = columns[np.abs(rows - row) < 1.5].mean()
    half, tilt = rng.uniform(3.5, 5.5), rng.uniform(-1.5, 0.5)
    return _stroke([(stem - half, row - tilt), (stem + half, row + tilt)], rng)


def _flag(image: npt.NDArray[np.uint8], rng: np.random.Generator) -> npt.NDArray[np.uint8]:
    """A long up-stroke to the top of a 1."""
    rows, columns = np.nonzero(image > 128)
    top, bottom = rows.min(), rows.max()
    head = columns[rows == top].mean()
    length = (bottom - top) * rng.uniform(0.4, 0.6)
    angle = np.deg2rad(rng.uniform(35, 50))
    foot = (head - length * np.sin(angle), top + length * np.cos(angle))
    return _stroke([(head, top + 0.5), foot], rng)


def _stroke(points: list[tuple[float, float]], rng: np.random.Generator) -> npt.NDArray[np.uint8]:
    page = Image.new("L", (28 * _FINE, 28 * _FINE))
    line = [((x + 0.5) * _FINE, (y + 0.5) * _FINE) for x, y in points]
    width = round(rng.uniform(1.6, 2.6) * _FINE)
    ImageDraw.Draw(page).line(line, fill=255, width=width)
    return np.asarray(page.resize((28, 28), Image.Resampling.BOX))


def _train(folder: Path, settings: dict[str, Any], images: Any, labels: Any) -> dict[str, Any]:
    folder.mkdir()
    held_out = np.arange(len(labels)) >= _EACH
    np.savez(folder / "writer.npz", images=images, labels=labels, held_out=held_out)
    (folder / "settings.json").write_text(json.dumps(settings))
    command = (sys.executable, "-m", "cnn", "retrain", str(folder))
    subprocess.run(command, check=True)
    gate: dict[str, Any] = json.loads((folder / "gate.json").read_text())
    return gate


def _print(title: str, gate: dict[str, Any]) -> None:
    print(f"\n{title}: {gate['decision']}, {gate['changed_count']:,} answers changed")
    for one in gate["sets"]:
        before, after = one["in_service"]["accuracy"], one["candidate"]["accuracy"]
        print(
            f"  {one['name']:12} {one['count']:6,} digits: {before:.2%} -> {after:.2%} "
            f"({100 * (after - before):+.2f} points, margin {100 * one['margin']:.2f})"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="folder of MNIST's files")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    mnist, _ = load_mnist(options.data)
    # The gate looks at what the model that ships has not learned from.
    images, labels = make_writer(split_mnist(mnist)[0], seed=options.seed)
    settings = {
        "base": str(DIGIT_MODEL),
        "in_service": str(DIGIT_MODEL),
        "examples": ["writer.npz"],
        "mnist_folder": str(options.data.absolute()) if options.data else None,
        "seed": options.seed,
        "name": "digits-2",
    }
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        _print("500 digits of the writer", _train(root / "right", settings, images, labels))
        shuffled = labels.copy()
        shuffled[:_EACH] = np.random.default_rng(options.seed).permutation(labels[:_EACH])
        _print("shuffled labels", _train(root / "shuffled", settings, images, shuffled))


if __name__ == "__main__":
    main()
