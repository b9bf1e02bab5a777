"""Compares the reading of single digits with that of other programs.

    python -m benchmarks.peers [MNIST]

MNIST is the folder of its four files (downloaded where it is missing). Of MNIST's test pictures, of
`load_digits` and of handwriting fonts that the model has not learned from, 200 pictures each are
read in turn by this library, by Tesseract (Debian's `tesseract-ocr`) for a single character that is
a digit, and by digit-recognizer-py, which `make peers` installs. Prints the share that each reads
right, and its median time for a picture; a refusal is an error.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import digit_recognizer
import numpy as np
from PIL import Image

import cnn
from cnn.data import Dataset, load_mnist
from cnn.evaluation.robustness import spread
from cnn.evaluation.small_digits import load_small_digits
from cnn.synthesis.fonts import font_pictures

EACH = 200
SIDE = 280  # pixels of the pictures that are made of 28×28
Reader = Callable[[Path], str]
Upload = tuple[str, Image.Image]

TESSERACT = ("--psm", "10", "-c", "tessedit_char_whitelist=0123456789")


def main() -> None:
    """Measure, and print a table."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    _, test = load_mnist(folder, progress=False)
    sets = {
        "MNIST": _enlarged(test),
        "load_digits": _enlarged(load_small_digits()),
        "fonts": _fonts(),
    }
    model = cnn.load_model()
    others = digit_recognizer.DigitRecognizer()
    readers: dict[str, Reader] = {
        f"DigitNet ({model.name})": lambda path: cnn.read(model, path).text,
        "Tesseract": _tesseract,
        "digit-recognizer-py": lambda path: str(others.predict(path)),
    }
    right = {(name, kind): 0 for name in readers for kind in sets}
    times: dict[str, list[float]] = {name: [] for name in readers}
    with TemporaryDirectory() as place:
        path = Path(place) / "upload.png"
        for kind, uploads in sets.items():
            for digit, picture in uploads:
                picture.save(path)
                for name, read in readers.items():
                    begin = time.perf_counter()
                    right[name, kind] += read(path) == digit
                    times[name].append(time.perf_counter() - begin)
    print(f"{'':<24}" + "".join(f"{kind:>14}" for kind in sets) + f"{'a picture':>14}")
    for name in readers:
        shares = "".join(f"{right[name, kind] / EACH:>14.1%}" for kind in sets)
        print(f"{name:<24}{shares}{statistics.median(times[name]) * 1000:>11.1f} ms")


def _enlarged(digits: Dataset) -> Iterator[Upload]:
    some = spread(digits, EACH)
    for image, label in zip(some.images[:, 0], some.labels, strict=True):
        picture = Image.fromarray(255 - image).resize((SIDE, SIDE), Image.Resampling.BICUBIC)
        yield str(label), picture


def _fonts() -> Iterator[Upload]:
    drawn = list(font_pictures())
    for place in np.linspace(0, len(drawn) - 1, EACH).astype(int):
        yield str(drawn[place].digit), drawn[place].picture


def _tesseract(path: Path) -> str:
    command = ("tesseract", path, "stdout", *TESSERACT)
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


if __name__ == "__main__":
    main()
