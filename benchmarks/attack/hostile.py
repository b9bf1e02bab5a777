"""Small files, valid or nearly so, that take their reader long or much memory."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pillow_heif
from PIL import Image, ImageDraw

from benchmarks.attack.site import encode

__all__ = ["HOSTILE", "LARGE", "progressive", "tiff"]

pillow_heif.register_heif_opener()

SIDE = 4000  # pixels: as many as are read
MOST = 2_900_000  # bytes

Maker = Callable[[], bytes]


def progressive(side: int, size: int) -> bytes:
    """Make a JPEG whose last scan comes again and again."""
    data = encode(Image.new("RGB", (side, side), "white"), "JPEG", progressive=True)
    start = data.rindex(b"\xff\xda")
    head, scan = data[:start], data[start:-2]
    return head + scan * max(1, (size - len(head)) // len(scan)) + b"\xff\xd9"


def segments(marker: int, content: bytes, size: int) -> bytes:
    """Make a JPEG with one segment many times."""
    data = encode(Image.new("L", (SIDE, SIDE), "white"), "JPEG")
    segment = struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content
    return data[:2] + segment * ((size - len(data)) // len(segment)) + data[2:]


def png(
    width: int,
    height: int,
    kind: int,
    depth: int,
    *,
    interlaced: bool = False,
    before: bytes = b"",
    piece: int = 0,
) -> bytes:
    """Make a blank PNG; with `piece`, its data come in chunks of so many bytes."""
    samples = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[kind]
    if interlaced:
        rows = []
        for x, y, across, down in (
            (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2),
            (0, 1, 1, 2),
        ):  # fmt: skip
            columns = -(-(width - x) // across)
            rows += [bytes(1 + columns * samples * depth // 8)] * -(-(height - y) // down)
    else:
        rows = [bytes(1 + (width * samples * depth + 7) // 8)] * height
    packer = zlib.compressobj(9)
    data = b"".join(packer.compress(row) for row in rows) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, int(interlaced))
    pieces = [data[i : i + (piece or len(data))] for i in range(0, len(data), piece or len(data))]
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            chunk(b"IHDR", header),
            before,
            *(chunk(b"IDAT", part) for part in pieces),
            chunk(b"IEND", b""),
        )
    )


def chunk(name: bytes, content: bytes) -> bytes:
    """Return a chunk of a PNG."""
    return (
        struct.pack(">I", len(content))
        + name
        + content
        + struct.pack(">I", zlib.crc32(name + content))
    )


def tiff(image: Image.Image, **options: Any) -> bytes:
    """Encode a TIFF."""
    return encode(image, "TIFF", **options)


def raw_tiff(tags: Mapping[int, tuple[int, bytes | list[int]]]) -> bytes:
    """Lay out a TIFF of tags, each with its type (3: 16 bits, 4: 32 bits) and its values."""
    entries, extra = b"", b""
    begin = 8 + 2 + 12 * len(tags) + 4
    for tag, (kind, values) in sorted(tags.items()):
        packed = struct.pack(f"<{len(values)}{'H' if kind == 3 else 'I'}", *values)
        if len(packed) > 4:
            entries += struct.pack("<HHII", tag, kind, len(values), begin + len(extra))
            extra += packed
        else:
            entries += struct.pack("<HHI4s", tag, kind, len(values), packed)
    head = b"II*\0" + struct.pack("<IH", 8, len(tags))
    return head + entries + bytes(4) + extra


def strips(count: int, width: int = 40, compression: int = 1) -> bytes:
    """Make a TIFF of `count` strips, one row each, that are all the same bytes."""
    return raw_tiff(
        {
            256: (4, [width]),
            257: (4, [count]),
            258: (3, [8]),
            259: (3, [compression]),
            262: (3, [1]),
            273: (4, [8] * count),
            277: (3, [1]),
            278: (4, [1]),
            279: (4, [width] * count),
        }
    )


def tiles(side: int, tile: int = 16) -> bytes:
    """Make a TIFF of square tiles that are all the same bytes."""
    count = (side // tile) ** 2
    return raw_tiff(
        {
            256: (4, [side]),
            257: (4, [side]),
            258: (3, [8]),
            259: (3, [1]),
            262: (3, [1]),
            277: (3, [1]),
            322: (4, [tile]),
            323: (4, [tile]),
            324: (4, [8] * count),
            325: (4, [tile * tile] * count),
        }
    )


def jpeg_tiff(side: int, size: int) -> bytes:
    """Put a JPEG of many scans into a TIFF."""
    inner = progressive(side, size)
    tags: dict[int, tuple[int, bytes | list[int]]] = {
        256: (4, [side]),
        257: (4, [side]),
        258: (3, [8, 8, 8]),
        259: (3, [7]),
        262: (3, [6]),
        273: (4, [0]),
        277: (3, [3]),
        278: (4, [side]),
        279: (4, [len(inner)]),
    }
    tags[273] = (4, [len(raw_tiff(tags))])
    return raw_tiff(tags) + inner


def runs(side: int, size: int) -> bytes:
    """Make a BMP in runs of one pixel, which Pillow reads in Python."""
    body = b"\x01\x01" * ((size - 1100) // 2)
    header = struct.pack("<IiiHHIIiiII", 40, side, side, 1, 8, 1, len(body), 0, 0, 256, 0)
    palette = b"".join(bytes([i, i, i, 0]) for i in range(256))
    offset = 14 + 40 + len(palette)
    return struct.pack("<2sIHHI", b"BM", offset + len(body), 0, 0, offset) + header + palette + body


def remarks(size: int) -> bytes:
    """Make a GIF with a comment of `size` bytes, in blocks of one byte."""
    data = encode(Image.new("L", (8, 8)), "GIF")
    head = data.index(b",", 13 + 3 * 256 if len(data) > 800 else 13)
    return data[:head] + b"\x21\xfe" + b"\x01x" * (size // 2) + b"\0" + data[head:]


def frames(format: str, count: int) -> bytes:
    """Make an animation."""
    many = [Image.new("L", (64, 64), i % 256) for i in range(count)]
    return encode(many[0], format, save_all=True, append_images=many[1:], duration=20)


def understated(format: str, side: int) -> bytes:
    """Make a blank HEIC or AVIF that says it has 64 × 64 pixels."""
    data = encode(Image.new("L", (side, side), 255), format)
    size = data.index(b"ispe") + 8
    return data[:size] + struct.pack(">II", 64, 64) + data[size + 8 :]


def noise(format: str, mode: str, side: int, **options: Any) -> bytes:
    """Encode a picture in which every pixel matters, as large as may be sent."""
    rng = np.random.default_rng(0)
    small = rng.integers(0, 256, (side // 8, side // 8, 3)).astype(np.uint8)
    image = Image.fromarray(small).resize((side, side), Image.Resampling.BICUBIC).convert(mode)
    return encode(image, format, **options)


def blank(mode: str, format: str, **options: Any) -> bytes:
    """Encode a large picture with one thin stroke."""
    papers: dict[str, float | tuple[float, ...]] = {"F": 1.0, "I": 9, "CMYK": (0, 0, 0, 0)}
    image = Image.new(mode, (SIDE, SIDE), papers.get(mode, 255))
    if mode in ("L", "RGB", "RGBA"):
        ImageDraw.Draw(image).line([(900, 800), (3000, 800), (1800, 3100)], "black", 200)
    return encode(image, format, **options)


def sevens(rows: int, columns: int) -> bytes:
    """Draw a page of sevens whose bars join, but not so far as lines of the paper go."""
    page = Image.new("L", (720, 720), 255)
    pen = ImageDraw.Draw(page)
    width, height = 0.6 * 720 / columns, 720 / rows
    for row in range(rows):
        for column in range(columns):
            x, y = column * width, (row + 0.15) * height
            points = [(x, y), (x + width, y), (x + 0.4 * width, y + 0.7 * height)]
            pen.line(points, fill=0, width=max(1, 720 // rows // 14))
    return encode(page, "PNG")


DEFLATE = {"compression": "tiff_adobe_deflate"}
TEXT = chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(1_000_000), 9))

#: Pictures of 16 megapixels in the modes that take most memory.
LARGE: dict[str, Maker] = {
    "TIFF, floating point": lambda: blank("F", "TIFF", **DEFLATE),
    "TIFF, 32-bit numbers": lambda: blank("I", "TIFF", **DEFLATE),
    "TIFF, CMYK": lambda: blank("CMYK", "TIFF", **DEFLATE),
    "TIFF, LAB": lambda: blank("LAB", "TIFF", **DEFLATE),
    "PNG, RGBA": lambda: blank("RGBA", "PNG"),
    "PNG, 16 bits": lambda: png(SIDE, SIDE, 0, 16),
    "PNG, RGBA of 16 bits, interlaced": lambda: png(SIDE, SIDE, 6, 16, interlaced=True),
    "PNG, palette with transparency": lambda: blank("P", "PNG", transparency=0),
    "JPEG, CMYK": lambda: blank("CMYK", "JPEG"),
    "JPEG, progressive": lambda: blank("RGB", "JPEG", progressive=True),
    "GIF": lambda: blank("L", "GIF"),
    "WebP": lambda: blank("RGB", "WEBP"),
    "WebP, lossless RGBA": lambda: blank("RGBA", "WEBP", lossless=True),
    "BMP, one bit": lambda: blank("1", "BMP"),
    "HEIC, RGBA": lambda: blank("RGBA", "HEIF"),
    "AVIF, RGBA": lambda: blank("RGBA", "AVIF", speed=10),
}

#: Files that take long.
HOSTILE: dict[str, Maker] = {
    "JPEG, its last scan again, 97 kB": lambda: progressive(3990, 97_000),
    "JPEG, its last scan again, 2.9 MB": lambda: progressive(3990, MOST),
    "JPEG, an honest 16 MP progressive": lambda: noise(
        "JPEG", "RGB", SIDE, progressive=True, quality=60
    ),
    "JPEG, 700,000 empty segments": lambda: segments(0xE5, b"", MOST),
    "JPEG, 21,000 quantization tables": lambda: segments(0xDB, bytes([0, *[1] * 64]), MOST),
    "JPEG, a restart after every block": lambda: noise("JPEG", "L", 2000, restart_marker_blocks=1),
    "TIFF, a JPEG of many scans in it": lambda: jpeg_tiff(3984, MOST),
    "TIFF, 62,500 tiles": lambda: tiles(SIDE),
    "TIFF, 350,000 strips": lambda: strips(350_000),
    "TIFF, 350,000 packed strips": lambda: strips(350_000, compression=32773),
    "TIFF, LZMA": lambda: noise("TIFF", "RGB", 992, compression="lzma"),
    "PNG, 230,000 chunks of a byte": lambda: png(
        SIDE, SIDE, 2, 8, before=chunk(b"tEXt", b"a") * 183_000, piece=1
    ),
    "PNG, compressed text that grows": lambda: png(SIDE, SIDE, 0, 8, before=TEXT * 2000),
    "PNG, compressed profile that grows": lambda: png(
        SIDE, SIDE, 0, 8, before=chunk(b"iCCP", b"a\0\0" + zlib.compress(bytes(200_000_000), 9))
    ),
    "BMP, runs of one pixel": lambda: runs(SIDE, MOST),
    "GIF, a comment of a million blocks": lambda: remarks(MOST),
    "GIF, 5,000 frames": lambda: frames("GIF", 5000),
    "WebP, 2,000 frames": lambda: frames("WEBP", 2000),
    "WebP, lossless, every pixel another": lambda: noise("WEBP", "RGB", 1400, lossless=True),
    "WebP, 16 MP of noise": lambda: noise("WEBP", "RGB", SIDE, quality=30),
    "HEIC, 16 MP of noise": lambda: noise("HEIF", "RGB", SIDE, quality=60),
    "AVIF, 16 MP of noise": lambda: noise("AVIF", "RGB", SIDE, quality=60, speed=10),
    "HEIC, 100 MP that says it has 0.004": lambda: understated("HEIF", 10_000),
    "AVIF, 100 MP that says it has 0.004": lambda: understated("AVIF", 10_000),
    "PNG, 30 lines of 60 joined sevens": lambda: sevens(30, 60),
    **LARGE,
}
