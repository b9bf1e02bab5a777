"""HEIC and AVIF pictures: decoded apart, within limits of time and memory."""

from __future__ import annotations

import io
import struct

import numpy as np
import pillow_heif
import pytest
from PIL import Image

from cnn.data import heif
from cnn.data.heif import HeifDamaged, HeifError, HeifTooMuch, decode_heif, heif_memory, heif_pixels

pillow_heif.register_heif_opener()


def heic(image: Image.Image, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, "HEIF", **options)
    return file.getvalue()


def avif(image: Image.Image, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, "AVIF", speed=10, **options)
    return file.getvalue()


def claiming(data: bytes, width: int, height: int) -> bytes:
    """Return a file that says it has another size."""
    place = data.index(b"ispe") + 8
    return data[:place] + struct.pack(">II", width, height) + data[place + 8 :]


def opened(data: bytes, **options: int) -> Image.Image:
    pixels = heif_pixels(data)
    assert pixels is not None
    return decode_heif(data, pixels, **options)


HALF = Image.fromarray(np.repeat(np.array([[0], [255]], np.uint8), 40, axis=0).repeat(64, axis=1))


@pytest.mark.parametrize("encode", [heic, avif])
@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA"])
def test_a_picture_is_decoded(encode, mode: str) -> None:
    image = opened(encode(HALF.convert(mode)))
    assert image.size == image.info["size"] == (64, 80)
    assert image.mode in ("L", "RGB", "RGBA")
    grey = np.asarray(image.convert("L")).astype(int)
    assert grey[:36].max() < 12
    assert grey[44:].min() > 243


@pytest.mark.parametrize("encode", [heic, avif])
def test_a_picture_is_turned_upright(encode) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    image = opened(encode(HALF.rotate(90, expand=True), exif=exif.tobytes()))
    assert image.size == (64, 80)
    assert np.asarray(image.convert("L"))[:36].max() < 12


def test_deep_colours_are_read() -> None:
    deep = np.repeat(np.linspace(0, 65535, 64).astype(np.uint16)[None], 64, axis=0)
    file = io.BytesIO()
    pillow_heif.encode("L;16", (64, 64), deep.tobytes(), file)
    grey = np.asarray(opened(file.getvalue()).convert("L")).astype(int)
    assert grey[:, 0].max() < 12
    assert grey[:, -1].min() > 243


@pytest.mark.parametrize("data", [b"", b"\0\0\0\x18ftypisom", b"\x89PNG\r\n\x1a\n" + bytes(20)])
def test_other_files_are_left_to_others(data: bytes) -> None:
    assert heif_pixels(data) is None


def test_a_file_without_a_size_is_none() -> None:
    with pytest.raises(HeifError):
        heif_pixels(b"\0\0\0\x18ftypheic" + bytes(100))
    with pytest.raises(HeifError):
        opened(b"\0\0\0\x18ftypheic" + b"ispe" + struct.pack(">III", 0, 10, 10) + bytes(100))


@pytest.mark.parametrize("encode", [heic, avif])
def test_half_a_file_is_damaged_or_none(encode) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3)).astype(np.uint8)
    data = encode(Image.fromarray(noise))
    with pytest.raises(HeifError):
        opened(data[: len(data) // 2])


@pytest.mark.parametrize("encode", [heic, avif])
def test_a_picture_larger_than_it_says_takes_no_more_than_it_says(encode) -> None:
    data = claiming(encode(Image.new("L", (6000, 6000), 255)), 64, 64)
    assert heif_pixels(data) == 64 * 64
    with pytest.raises((HeifTooMuch, HeifDamaged)):
        opened(data)
    assert heif_memory(64 * 64) < 6000 * 6000 * 1.5


def test_sixteen_megapixels_find_the_memory_that_was_granted() -> None:
    for encode in (heic, avif):
        assert opened(encode(Image.new("RGBA", (4000, 4000), "white"))).size == (4000, 4000)


def test_a_decoder_has_its_time_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    data = heic(Image.new("L", (64, 64)))
    monkeypatch.setattr(heif, "_SECONDS", 0)
    with pytest.raises(HeifTooMuch):
        opened(data)


def test_who_does_not_answer_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heif, "_PATIENCE", 0.0)
    with pytest.raises(HeifTooMuch):
        opened(heic(Image.new("L", (64, 64))))
