"""Measures how long a camera's frame takes from its JPEG to the answer, by stage.

    python -m benchmarks.frames [COUNT]

Writes MNIST's test digits on paper as a camera of 640×480 pixels sees them: the light is uneven,
the paper moves, and every frame has noise of its own. Each of COUNT frames (200) is decoded, its
ink found, its digits cut out and normalised, and read, in one thread as in the server. Prints
medians of the thread's time, which other programs on the machine do not lengthen: for one digit
and for a number of three, as the camera gives them and at the sides to which the page Live may
scale them; and how many were read right.
"""

from __future__ import annotations

import io
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
from PIL import Image

import cnn
from cnn.data.mnist import load_mnist
from cnn.engine.threads import shared_cores
from cnn.models.model import Model
from cnn.reading.reader import read, read_normalised
from cnn.vision.binarise import find_ink
from cnn.vision.decode import open_picture
from cnn.vision.normalise import normalise

Result = TypeVar("Result")

SIZE = (640, 480)
SIDES = (640, 480, 400, 320)
QUALITY = 80  # of JPEG, as the page sends it


def main() -> None:
    """Measure, and print what came out."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    model = cnn.load_model()
    print("longer side   digits   decode    ink   cut   read   all together   right")
    for digits in (1, 3):
        frames = list(make_frames(count, digits))
        for side in SIDES:
            _measure(model, [(text, encode(frame, side)) for text, frame in frames], side, digits)


def _measure(model: Model, frames: list[tuple[str, bytes]], side: int, digits: int) -> None:
    stages: dict[str, list[float]] = {name: [] for name in ("decode", "ink", "cut", "read")}
    alone: list[float] = []
    right = 0
    with shared_cores():
        for text, jpeg in frames:
            picture = _timed(stages["decode"], partial(open_picture, jpeg))
            _timed(stages["ink"], partial(find_ink, picture))
            found = _timed(stages["cut"], partial(normalise, picture, stages=False))
            _timed(stages["read"], partial(read_normalised, model, [found]))
            right += _timed(alone, partial(read, model, jpeg)).text == text
    decode, ink, cut, last = (statistics.median(one) for one in stages.values())
    print(
        f"{side:>11}{digits:>9}{decode:>9.1f}{ink:>7.1f}{cut - ink:>6.1f}{last:>7.1f}"
        f"{statistics.median(alone):>12.1f} ms{right:>8}/{len(frames)}"
    )


def _timed(times: list[float], work: Callable[[], Result]) -> Result:
    """Do some work, and note its milliseconds of this thread's time."""
    begin = time.thread_time()
    result = work()
    times.append(1000 * (time.thread_time() - begin))
    return result


def make_frames(count: int, digits: int, *, seed: int = 0) -> Iterator[tuple[str, Image.Image]]:
    """Yield what is written and the frame: the paper drifts, and is replaced every ten frames."""
    rng = np.random.default_rng(seed)
    data = load_mnist(os.environ.get("DIGITNET_MNIST_DIR"))[1]
    width, height = SIZE
    side = 220 if digits == 1 else 120
    light = np.linspace(-25, 25, width) + np.linspace(-10, 10, height)[:, None]
    text, paper = "", Image.new("L", SIZE, 255)
    for number in range(count):
        if number % 10 == 0:
            chosen = rng.integers(0, len(data.labels), digits)
            text = "".join(str(data.labels[one]) for one in chosen)
            paper = Image.new("L", (int(1.1 * side) * digits, side), 0)
            for place, one in enumerate(chosen):
                digit = Image.fromarray(_levels(data.images[one]))
                digit = digit.resize((side, side), Image.Resampling.BICUBIC)
                paper.paste(digit, (int(1.1 * side) * place, 0))
            left = int(rng.integers(20, width - paper.width - 60))
            top = int(rng.integers(20, height - side - 20))
        ink = Image.new("L", SIZE, 0)
        ink.paste(paper, (left + 3 * (number % 10), top + number % 4))
        seen = 215 + light - 0.72 * np.asarray(ink, np.float32) + rng.normal(0, 3, (height, width))
        yield text, Image.fromarray(np.clip(seen, 0, 255).astype(np.uint8)).convert("RGB")


def _levels(image: npt.NDArray[Any]) -> npt.NDArray[Any]:
    levels = np.squeeze(image)
    return levels if levels.dtype == np.uint8 else (levels * 255).astype(np.uint8)


def encode(frame: Image.Image, side: int) -> bytes:
    """Scale a frame to a longer side, in pixels, and return it as JPEG."""
    if side < max(frame.size):
        frame = frame.copy()
        frame.thumbnail((side, side), Image.Resampling.BILINEAR)
    file = io.BytesIO()
    frame.save(file, "JPEG", quality=QUALITY)
    return file.getvalue()


if __name__ == "__main__":
    main()
