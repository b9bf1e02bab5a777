"""Record what a generator makes of the same codes after each epoch of a short training.

    .venv/bin/python -m benchmarks.generator_epochs --data MNIST \\
        --out static/made/generator-epochs.png

The picture has a row of sheets, one below the other: before the training, and after each epoch. A
sheet is two rows of the ten digits, each row of one code, as the network at work draws it, without
averaged weights. What the run was is in the text chunk "Comment", as JSON, which the site reads.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from cnn.data import load_mnist
from cnn.data.made import MADE
from cnn.models.generator import Generator
from cnn.recipes.generator import DIGIT_GENERATORS, train_generator
from cnn.training.callbacks import Callback

_ROWS, _DIGITS, _SIDE = 2, 10, 28
_LEVELS = 16  # of grey: half a byte


class _Recorder(Callback):
    """Keeps a sheet of made digits, (rows * 28, 10 * 28), after each epoch, and saves them all."""

    def __init__(self, path: Path, code: int, pictures: int) -> None:
        self._path, self._pictures = path, pictures
        hands = np.random.default_rng(5).standard_normal((_ROWS, code)).astype(np.float32)
        self.codes = np.repeat(hands, _DIGITS, axis=0)
        self.sheets: list[npt.NDArray[np.uint8]] = []

    def on_fit_start(self, run: Any, epochs: int, batches: int) -> None:
        self._keep(run)

    def on_epoch_end(self, run: Any, metrics: dict[str, float]) -> None:
        self._keep(run)
        sheet = [_ROWS * _SIDE, _DIGITS * _SIDE]
        about = {"pictures": self._pictures, "epochs": len(self.sheets) - 1, "sheet": sheet}
        _save(self._path, self.sheets, about)
        print(f"epoch {len(self.sheets) - 1}", flush=True)

    def _keep(self, run: Any) -> None:
        classes = tuple("0123456789")
        generator = Generator(run.networks.generator, classes=classes, normalisation="digits")
        labels = np.tile(np.arange(_DIGITS), _ROWS)
        made = generator.make(self.codes, labels).reshape(_ROWS, _DIGITS, _SIDE, _SIDE)
        sheet = made.transpose(0, 2, 1, 3).reshape(_ROWS * _SIDE, _DIGITS * _SIDE)
        self.sheets.append(sheet)


def _save(path: Path, sheets: list[npt.NDArray[np.uint8]], about: dict[str, Any]) -> None:
    text = PngInfo()
    text.add_text("Source", MADE)
    text.add_text("Comment", json.dumps(about))
    step = 255 // (_LEVELS - 1)
    image = Image.fromarray(np.rint(np.concatenate(sheets) / step).astype(np.uint8))
    image.putpalette([value for level in range(_LEVELS) for value in [level * step] * 3])
    image.save(path, pnginfo=text, bits=4, optimize=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="MNIST's folder")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--limit", type=int, default=3000, help="training digits")
    parser.add_argument("--epochs", type=int, default=10)
    options = parser.parse_args()
    recipe = replace(DIGIT_GENERATORS["vae-gan"], epochs=options.epochs)
    data = load_mnist(options.data)[0].split(options.limit, rng=np.random.default_rng(1))[1]
    recorder = _Recorder(options.out, recipe.code, len(data))
    train_generator(recipe, data, callbacks=[recorder])


if __name__ == "__main__":
    main()
