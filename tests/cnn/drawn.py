"""Pictures with digits in them, for the tests in this folder."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from cnn.vision.normalise import Digit, Normalised

Sheet = tuple[np.ndarray, np.ndarray]
Box = tuple[int, int, int, int]

# Strokes in a unit square.
SEVEN = [(0.15, 0.1), (0.85, 0.1), (0.4, 0.95)]
TWO = [(0.15, 0.3), (0.3, 0.1), (0.65, 0.08), (0.8, 0.3), (0.15, 0.92), (0.88, 0.92)]


def drawn(
    strokes: list[tuple[float, float]] = SEVEN,
    *,
    size: tuple[int, int] = (400, 300),
    box: Box = (140, 60, 120, 170),
    width: int = 18,
    ink: object = "black",
    paper: object = "white",
    mode: str = "RGB",
) -> Image.Image:
    """Draw a digit into a box (left, top, width, height) of a page."""
    image = Image.new(mode, size, paper)  # type: ignore[arg-type]
    points = [(box[0] + x * box[2], box[1] + y * box[3]) for x, y in strokes]
    pen = ImageDraw.Draw(image)
    pen.line(points, fill=ink, width=width, joint="curve")  # type: ignore[arg-type]
    for x, y in points:
        pen.circle((x, y), width / 2, fill=ink)  # type: ignore[arg-type]
    return image


def page(placed: list[tuple[np.ndarray, int, int, int]], size: tuple[int, int]) -> Image.Image:
    """Put MNIST digits, black on white, as (digit, left, top, side of its square)."""
    image = Image.new("L", size, 255)
    for digit, left, top, side in placed:
        square = Image.fromarray(255 - digit).resize((side, side), Image.Resampling.BICUBIC)
        image.paste(square, (left, top))
    return image


def only(found: Normalised) -> Digit:
    assert found.refusal is None
    [digit] = found.digits
    return digit


def likeness(a: np.ndarray, b: np.ndarray) -> float:
    """Return the correlation of two pictures."""
    return float(np.corrcoef(a.ravel(), b.ravel())[0, 1])


def photographed(
    image: Image.Image, *, seed: int = 0, noise: float = 4.0, shade: float = 0.55
) -> Image.Image:
    """Light a page from one side, give it texture and a blur, and save it as JPEG."""
    rng = np.random.default_rng(seed)
    width, height = image.size
    light = np.linspace(1.0, shade, width) * np.linspace(1.0, 0.8, height)[:, None]
    grain = Image.fromarray(rng.integers(0, 256, (height, width)).astype(np.uint8))
    texture = np.asarray(grain.filter(ImageFilter.GaussianBlur(1.2)), np.float32) - 127.5
    ink = np.asarray(image.convert("L").filter(ImageFilter.GaussianBlur(1)), np.float32) / 255
    shown = (60 + 165 * ink) * light + texture * (noise / texture.std())
    file = io.BytesIO()
    Image.fromarray(np.clip(shown, 0, 255).astype(np.uint8)).save(file, "JPEG", quality=80)
    return Image.open(file)
