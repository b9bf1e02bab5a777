"""Measures the time from the upload of a picture to the answer.

    python -m benchmarks.upload [COUNT]

Reads a JPEG of 1000×1000 pixels with one large digit, one of 640×480 with the same, as a camera's
frame, and a page of 30 digits, each COUNT times (60), in turn by the library alone and as a client
of the server sees it, which it starts. Prints medians.
"""

from __future__ import annotations

import http.client
import json
import statistics
import sys
import time

import numpy as np
from PIL import Image, ImageDraw

import cnn
from benchmarks.attack.site import ROOT, encode, running
from cnn.reading.reader import read
from cnn.synthesis.strokes import STYLES, draw_hand, rasterise, trace_digit

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
    large = _photograph()
    pictures = {
        "photograph, 1000×1000": encode(large, "JPEG", quality=90),
        "frame, 640×480": encode(large.resize((640, 640)).crop((0, 80, 640, 560)), "JPEG"),
        "page of 30 digits": encode(_page(), "JPEG", quality=90),
    }
    model = cnn.load_model()
    with running(ROOT, NATIVE_PORT="") as site:
        connection = http.client.HTTPConnection("127.0.0.1", site.port)
        for name, picture in pictures.items():
            alone, served = [], []
            for _ in range(count):
                begin = time.perf_counter()
                text = read(model, picture).text
                middle = time.perf_counter()
                answer = _upload(connection, picture)
                alone.append(middle - begin)
                served.append(time.perf_counter() - middle)
                if answer != text or not text:
                    raise RuntimeError(f"the server read {answer!r}, the library {text!r}")
            one, other = (1000 * statistics.median(times) for times in (alone, served))
            read_as = text.replace("\n", "-")
            print(f"{name:<24} library {one:>6.1f} ms, server {other:>6.1f} ms  {read_as}")


def _photograph() -> Image.Image:
    """Draw a two with a thick pen on unevenly lit paper."""
    image = Image.new("L", (SIDE, SIDE), 225)
    ImageDraw.Draw(image).line(TWO, fill=60, width=46, joint="curve")
    return _lit(image)


def _page() -> Image.Image:
    """Write three rows of all ten digits on a sheet."""
    rng = np.random.default_rng(0)
    hand = draw_hand(STYLES["careful"], rng)
    image = Image.new("L", (1400, 1000), 225)
    for row in range(3):
        for digit in range(10):
            ink = Image.fromarray(
                rasterise(trace_digit(hand.allographs[digit], hand, rng), height=80)
            )
            image.paste(60, (100 + 120 * digit, 180 + 250 * row), ink)
    return _lit(image)


def _lit(image: Image.Image) -> Image.Image:
    width, height = image.size
    light = np.linspace(-20, 20, width) + np.random.default_rng(0).normal(0, 3, (height, width))
    shaded = np.clip(np.asarray(image) + light, 0, 255).astype(np.uint8)
    return Image.fromarray(shaded).convert("RGB")


def _upload(connection: http.client.HTTPConnection, picture: bytes) -> str:
    connection.request("POST", "/predict", picture, {"Content-Type": "image/jpeg"})
    answer = json.load(connection.getresponse())
    return str(answer["text"])


if __name__ == "__main__":
    main()
