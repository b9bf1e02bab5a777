"""A camera for Chromium: a video of MNIST's test digits as black ink on white paper."""

from pathlib import Path

import numpy as np
from PIL import Image

SHEET = Path(__file__).parents[1] / "fixtures" / "digits.png"  # four rows of 0 to 9, 28×28 each
WIDTH, HEIGHT = 640, 480
FRAMES = 10

#: Chromium shows a video as what its camera sees, and asks nobody whether a page may.
FAKE_CAMERA = "--use-fake-device-for-media-stream"
NOBODY_ASKED = "--use-fake-ui-for-media-stream"


def record_video(path: Path, digits: str, *, side: int) -> str:
    """Write a video of the paper, which moves a little, and return the argument that shows it."""
    chroma = bytes([128]) * (WIDTH * HEIGHT // 2)
    with path.open("wb") as file:
        file.write(b"YUV4MPEG2 W%d H%d F10:1 Ip A1:1 C420\n" % (WIDTH, HEIGHT))
        for number in range(FRAMES):
            file.write(b"FRAME\n" + _paper(digits, side, number).tobytes() + chroma)
    return f"--use-file-for-fake-video-capture={path}"


def _paper(digits: str, side: int, number: int) -> np.ndarray:
    with Image.open(SHEET) as sheet:
        pieces = [sheet.crop((28 * int(d), 0, 28 * int(d) + 28, 28)).convert("L") for d in digits]
    ink = Image.new("L", (WIDTH, HEIGHT))
    left = (WIDTH - side * len(digits)) // 2 + abs(number - FRAMES // 2)
    for place, piece in enumerate(pieces):
        large = piece.resize((side, side), Image.Resampling.BICUBIC)
        ink.paste(large, (left + side * place, (HEIGHT - side) // 2))
    noise = np.random.default_rng(number).normal(0, 2, (HEIGHT, WIDTH))
    seen = 225 - 0.75 * np.asarray(ink, np.float32) + noise
    return np.clip(seen, 16, 235).astype(np.uint8)
