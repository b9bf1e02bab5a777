"""Pictures as people send them, and as nobody should."""

import base64
import io
import struct
import zlib

import numpy as np
import pillow_heif
from PIL import Image, ImageDraw

from app.config import ROOT

pillow_heif.register_heif_opener()


def draw(*strokes, size=(280, 280), width=22, ink="black", paper="white"):
    image = Image.new("RGB", size, paper)
    pen = ImageDraw.Draw(image)
    for stroke in strokes:
        pen.line(stroke, fill=ink, width=width, joint="curve")
    return image


def encode(image, format="PNG", **options):
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def data_url(picture):
    return f"data:image/png;base64,{base64.b64encode(picture).decode()}"


def photograph_of(animal):
    """Return a photograph of a cat or a dog that the model which ships was not trained on."""
    return (ROOT / "tests" / "photographs" / f"{animal}.jpg").read_bytes()


def noise(count):
    """Return PNGs as large as one that is stored can be."""
    random = np.random.default_rng(count)
    shape = (256, 256, 3)
    return [encode(Image.fromarray(random.integers(0, 256, shape, np.uint8))) for _ in range(count)]


def pictures(count):
    """Return so many different PNGs, each of one stroke or two."""
    shapes = (
        [(140, 50), (140, 230)],
        [(60, 60), (210, 60), (110, 230)],
        [(90, 60), (90, 150), (200, 150), (180, 60), (180, 230)],
    )
    return [
        encode(
            draw(
                [(x + number % 17, y + number % 13) for x, y in shapes[number % 3]],
                width=14 + number % 11,
                size=(280 + number // 100, 280),
            )
        )
        for number in range(count)
    ]


def png_bomb(side):
    """Return a small, valid PNG of side × side white pixels."""
    row = b"\0" + b"\xff" * (side // 8)
    packer = zlib.compressobj(9)
    data = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()

    def chunk(kind, body):
        check = zlib.crc32(kind + body)
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", check)

    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
