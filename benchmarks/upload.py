"""Measures the time from the upload of a photograph to the answer.

    python -m benchmarks.upload [COUNT]

Reads a JPEG of 1000×1000 pixels with one large digit COUNT times (60), in turn by the
library alone and as a client of the server sees it, which it starts. Prints medians.
"""

from __future__ import annotations

import http.client
import json
import statistics
import sys
import time
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw

import cnn
from benchmarks.attack.site import ROOT, encode, running
from cnn.reading.reader import read

SIDE = 1000  # pixels
TWO = [
    (330, 390),
    (370, 300),
    (480, 250),
    (600, 290),
    (640, 390),
    (580, 500),
    (330, 720),
    (680, 720),
]


def main() -> None:
    """Measure, and print what came out."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    photograph = _photograph()
    model = cnn.load_model()
    with running(ROOT, NATIVE_PORT="") as site:
        connection = http.client.HTTPConnection("127.0.0.1", site.port)
        sides: dict[str, Callable[[], object]] = {
            "the library alone": lambda: read(model, photograph).text,
            "through the server": lambda: _upload(connection, photograph),
        }
        times: dict[str, list[float]] = {name: [] for name in sides}
        for _ in range(count):
            for name, run in sides.items():
                begin = time.perf_counter()
                answer = str(run())
                times[name].append(time.perf_counter() - begin)
                if answer != "2":
                    raise RuntimeError(f"{name} read {answer!r} instead of '2'")
    alone = statistics.median(times["the library alone"])
    for name, found in times.items():
        median = statistics.median(found)
        print(f"{name:<20}{median * 1000:>7.1f} ms   {median / alone:.2f} times the library's")


def _photograph() -> bytes:
    """Draw a two with a thick pen on unevenly lit paper, as JPEG."""
    image = Image.new("L", (SIDE, SIDE), 225)
    ImageDraw.Draw(image).line(TWO, fill=60, width=46, joint="curve")
    light = np.linspace(-20, 20, SIDE) + np.random.default_rng(0).normal(0, 3, (SIDE, SIDE))
    shaded = np.clip(np.asarray(image) + light, 0, 255).astype(np.uint8)
    return encode(Image.fromarray(shaded).convert("RGB"), "JPEG", quality=90)


def _upload(connection: http.client.HTTPConnection, picture: bytes) -> object:
    connection.request("POST", "/predict", picture, {"Content-Type": "image/jpeg"})
    answer = json.load(connection.getresponse())
    return answer["digit"]


if __name__ == "__main__":
    main()
