"""Opening what strangers send: every format upright, and nothing but PictureErrors."""

from __future__ import annotations

import io
import itertools
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pillow_heif
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from cnn.data.formats import FORMATS, HEIF_FORMATS
from cnn.errors import PictureError
from cnn.vision.decode import (
    MAX_BYTES,
    MAX_SCANNED,
    MAX_SECONDS,
    memory_needed,
    open_picture,
)

pillow_heif.register_heif_opener()

FIXTURES = Path(__file__).parents[2] / "fixtures"

# An arrow that no turn or flip maps onto itself, 24 wide and 16 high.
ARROW = np.full((16, 24, 3), 255, np.uint8)
ARROW[4:6, 3:20] = (200, 30, 30)
ARROW[6:12, 3:6] = (20, 40, 180)


def encoded(image: Image.Image, format: str = "PNG", **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, "HEIF" if format == "HEIC" else format, **options)
    return file.getvalue()


def png(width: int, height: int, data: bytes, *, depth: int = 1) -> bytes:
    """Return a grey PNG of any size, with these bytes for its pixels."""

    def chunk(name: bytes, content: bytes) -> bytes:
        check = zlib.crc32(name + content)
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", check)

    header = struct.pack(">IIBBBBB", width, height, depth, 0, 0, 0, 0)
    parts = [chunk(b"IHDR", header), chunk(b"IDAT", data), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def refusal(source: bytes | Path) -> str:
    with pytest.raises(PictureError) as caught:
        open_picture(source)
    message = str(caught.value)
    assert message
    assert "\n" not in message
    return caught.value.code


@pytest.mark.parametrize("format", [*FORMATS, *HEIF_FORMATS])
def test_every_format_is_read(format: str, tmp_path: Path) -> None:
    data = encoded(Image.fromarray(ARROW), format, quality=95)
    (tmp_path / "picture").write_bytes(data)
    for source in (data, tmp_path / "picture", str(tmp_path / "picture")):
        image = open_picture(source)
        assert image.info["size"] == image.size == (24, 16)
        difference = np.abs(np.asarray(image.convert("RGB")).astype(int) - ARROW)
        # The others share colours among neighbours.
        assert difference.mean() < (1 if format in ("PNG", "GIF", "BMP", "TIFF") else 6)


# The first row and the first column of what is stored are which sides of what is seen?
STORED = {
    1: ARROW,
    2: ARROW[:, ::-1],
    3: ARROW[::-1, ::-1],
    4: ARROW[::-1],
    5: ARROW.transpose(1, 0, 2),
    6: ARROW.transpose(1, 0, 2)[::-1],
    7: ARROW.transpose(1, 0, 2)[::-1, ::-1],
    8: ARROW.transpose(1, 0, 2)[:, ::-1],
}


@pytest.mark.parametrize("format", ["PNG", "JPEG", "TIFF", "WEBP"])
@pytest.mark.parametrize("orientation", STORED)
def test_pictures_stand_upright(orientation: int, format: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    lossless = {"lossless": True} if format == "WEBP" else {"quality": 100, "subsampling": 0}
    stored = Image.fromarray(np.ascontiguousarray(STORED[orientation]))
    options = {} if format in ("PNG", "TIFF") else lossless
    image = open_picture(encoded(stored, format, exif=exif, **options))
    assert image.size == image.info["size"] == (24, 16)
    assert np.abs(np.asarray(image).astype(int) - ARROW).max() <= (12 if format == "JPEG" else 0)


@pytest.mark.parametrize("format", ["JPEG", *HEIF_FORMATS])
def test_a_large_photo_may_come_smaller_and_tells_its_whole_size(format: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    data = encoded(Image.new("RGB", (2400, 1600), "white"), format, exif=exif.tobytes())
    image = open_picture(data, longest=500)
    assert image.info["size"] == (1600, 2400)
    assert 500 <= max(image.size) < 1300
    assert image.height > image.width
    assert open_picture(data).size == (1600, 2400)


@pytest.mark.parametrize("stored_as", [{}, {"keep_rgb": True}, {"progressive": True}])
def test_a_photo_may_come_without_its_colours(stored_as: dict[str, bool]) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = Image.fromarray(np.ascontiguousarray(STORED[6]))
    data = encoded(picture, "JPEG", exif=exif, quality=100, subsampling=0, **stored_as)
    image = open_picture(data, without_colours=True)
    assert (image.mode, image.size, image.info["size"]) == ("L", (24, 16), (24, 16))
    as_grey = np.asarray(open_picture(data).convert("L")).astype(int)
    assert np.abs(np.asarray(image) - as_grey).max() <= 3
    large = encoded(picture.resize((1600, 2400)), "JPEG")
    small = open_picture(large, longest=500, without_colours=True)
    assert small.mode == "L"
    assert small.width < 1600
    printed = encoded(picture.convert("CMYK"), "JPEG")
    assert open_picture(printed, without_colours=True).size == (16, 24)


def levels(image: Image.Image) -> list[int]:
    return np.asarray(image.convert("L")).ravel().tolist()


def test_transparency_is_kept() -> None:
    rgba = Image.new("RGBA", (2, 1), (10, 20, 30, 0))
    rgba.putpixel((1, 0), (200, 100, 50, 255))
    for format in ("PNG", "WEBP", "TIFF"):
        options = {"lossless": True, "exact": True} if format == "WEBP" else {}
        image = open_picture(encoded(rgba, format, **options))
        assert image.mode == "RGBA"
        assert np.asarray(image)[0, :, 3].tolist() == [0, 255]
    grey = Image.fromarray(np.array([[[0, 0], [90, 255]]], np.uint8))
    assert open_picture(encoded(grey)).mode == "LA"


@pytest.mark.parametrize("mode", ["P", "L", "RGB", "1"])
def test_a_colour_that_counts_as_transparent_is(mode: str) -> None:
    image = Image.new("L", (2, 1), 0)
    image.putpixel((1, 0), 255)
    marks: dict[str, Any] = {"P": 0, "L": 0, "RGB": (0, 0, 0), "1": 0}
    image = image.convert(mode)
    if mode == "P":
        marks["P"] = image.getpixel((0, 0))
    opened = open_picture(encoded(image, transparency=marks[mode]))
    assert opened.mode in ("LA", "RGBA")
    assert np.asarray(opened)[0, :, -1].tolist() == [0, 255]


def test_palettes_bits_and_printing_colours_become_plain() -> None:
    two = Image.fromarray(np.array([[0, 255]], np.uint8))
    for image, format in (
        (two.convert("1"), "PNG"),
        (two.convert("1"), "TIFF"),
        (two.convert("RGB").quantize(2), "PNG"),
        (two.convert("CMYK"), "TIFF"),
        (two, "GIF"),
    ):
        opened = open_picture(encoded(image, format))
        assert opened.mode in ("L", "RGB")
        assert levels(opened) == [0, 255]


def test_a_printers_jpeg_is_read() -> None:
    opened = open_picture(encoded(Image.new("CMYK", (8, 8), (0, 0, 0, 0)), "JPEG"))
    assert min(levels(opened)) > 250


@pytest.mark.parametrize("format", ["PNG", "TIFF"])
def test_sixteen_bits_are_scaled_not_clipped(format: str) -> None:
    deep = np.array([[1000, 20_000, 60_000]], np.uint16)
    opened = open_picture(encoded(Image.fromarray(deep), format))
    assert opened.mode == "L"
    assert levels(opened) == [0, 82, 255]


def test_floating_point_pictures_are_read_or_blank() -> None:
    opened = open_picture(encoded(Image.fromarray(np.array([[0.0, 0.5]], np.float32)), "TIFF"))
    assert levels(opened) == [0, 255]
    odd = Image.fromarray(np.array([[np.nan, np.inf]], np.float32))
    assert len(set(levels(open_picture(encoded(odd, "TIFF"))))) == 1


def test_the_first_frame_of_an_animation_counts() -> None:
    first, second = Image.new("RGB", (9, 9), "white"), Image.new("RGB", (9, 9), "black")
    data = encoded(first, "GIF", save_all=True, append_images=[second], duration=50)
    assert set(levels(open_picture(data))) == {255}


@pytest.mark.parametrize("format", [*FORMATS, *HEIF_FORMATS])
def test_a_truncated_picture_is_refused(format: str) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (60, 80, 3)).astype(np.uint8)
    data = encoded(Image.fromarray(noise), format)
    assert refusal(data[: len(data) // 2]) in ("truncated", "not_a_picture")
    assert refusal(data[:7]) == "not_a_picture"
    if format in ("PNG", "JPEG", "WEBP"):
        assert refusal(data[: len(data) // 2]) == "truncated"


@pytest.mark.parametrize(
    "data",
    [b"", b"hello, this is a text named x.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>"],
)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    assert refusal(data) == "not_a_picture"


def test_other_formats_are_refused() -> None:
    for format in ("PPM", "ICO", "PCX", "TGA", "EPS"):
        image = Image.new("RGB", (32, 32))
        assert refusal(encoded(image, format)) == "not_a_picture"


def test_a_missing_file_and_a_folder_are_refused_by_name(tmp_path: Path) -> None:
    for path in (tmp_path / "nothing.png", tmp_path):
        with pytest.raises(PictureError, match=path.name) as caught:
            open_picture(path)
        assert caught.value.code == "not_a_picture"


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(bytes(2501 * 1000)) for _ in range(20)) + packer.flush()
    bomb = png(20_000, 20_000, rows)
    assert len(bomb) < 100_000
    assert refusal(bomb) == "too_large"
    # Its pixels are no pixels at all: unpacking them would be another error.
    assert refusal(png(20_000, 20_000, b"no zlib")) == "too_large"
    assert refusal(png(2**31 - 1, 2**31 - 1, b"", depth=8)) == "too_large"


def test_sixteen_megapixels_are_read_and_no_more() -> None:
    assert open_picture(encoded(Image.new("1", (4000, 4000)))).size == (4000, 4000)
    assert refusal(encoded(Image.new("1", (4001, 4000)))) == "too_large"


def test_a_larger_jpeg_of_one_scan_is_read_reduced_if_that_is_allowed() -> None:
    large = Image.new("L", (4200, 4000), 200)
    limits: dict[str, Any] = {"most_pixels": 17_000_000, "longest": 2000}
    opened = open_picture(encoded(large, "JPEG"), **limits)
    assert opened.size == (2100, 2000)
    assert opened.info["size"] == (4200, 4000)
    assert open_picture(encoded(large.convert("RGB"), "JPEG"), **limits).size == (2100, 2000)
    assert refusal(encoded(large, "JPEG")) == "too_large"
    with pytest.raises(PictureError, match="more than 17000000"):
        open_picture(encoded(Image.new("L", (4300, 4000)), "JPEG"), **limits)
    # Of three components, the first of several scans has one.
    apart = bytearray(encoded(large.convert("RGB"), "JPEG"))
    apart[apart.index(b"\xff\xda") + 4] = 1
    for other in (bytes(apart), encoded(large, "JPEG", progressive=True), encoded(large)):
        with pytest.raises(PictureError, match="more than 16000000"):
            open_picture(other, **limits)


def test_three_million_bytes_are_read_and_no_more(tmp_path: Path) -> None:
    data = encoded(Image.fromarray(ARROW))
    full = data + bytes(MAX_BYTES - len(data))
    assert MAX_BYTES == 3_000_000
    assert open_picture(full).size == (24, 16)
    (tmp_path / "large.png").write_bytes(full + b"\0")
    assert refusal(full + b"\0") == refusal(tmp_path / "large.png") == "too_large"
    assert open_picture(full + b"\0", most_bytes=MAX_BYTES + 1).size == (24, 16)


def specimens() -> dict[str, bytes]:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "maker"
    arrow = Image.fromarray(ARROW)
    palette = arrow.quantize(4)
    deep = Image.fromarray(ARROW[..., 0].astype(np.uint16) * 200)
    return {
        "png": encoded(arrow, exif=exif),
        "palette": encoded(palette, transparency=1),
        "deep": encoded(deep),
        "jpeg": encoded(arrow, "JPEG", exif=exif),
        "progressive": encoded(arrow, "JPEG", progressive=True, exif=exif),
        "cmyk": encoded(arrow.convert("CMYK"), "JPEG"),
        "webp": encoded(arrow, "WEBP", exif=exif),
        "lossless": encoded(arrow.convert("RGBA"), "WEBP", lossless=True),
        "gif": encoded(palette, "GIF", save_all=True, append_images=[arrow], transparency=0),
        "bmp": encoded(arrow, "BMP"),
        "bits": encoded(arrow.convert("1"), "BMP"),
        "tiff": encoded(arrow, "TIFF", exif=exif),
        "lzw": encoded(palette, "TIFF", compression="tiff_lzw"),
        "deflate": encoded(deep, "TIFF", compression="tiff_adobe_deflate"),
    }


SPECIMENS = specimens()


def opened_or_refused(data: bytes) -> None:
    try:
        image = open_picture(data, longest=100)
    except PictureError:
        return
    assert image.mode in ("L", "LA", "RGB", "RGBA")
    assert image.width * image.height <= 16_000_000


@pytest.mark.parametrize("name", ["struct-error.jpg", "type-error.jpg"])
def test_a_picture_with_damaged_facts_about_it_is_read_all_the_same(name: str) -> None:
    assert set(levels(open_picture(FIXTURES / name))) != set()


def test_ten_scans_are_read_and_thousands_are_not() -> None:
    data = encoded(Image.fromarray(ARROW).resize((3000, 2000)), "JPEG", progressive=True)
    start = data.rindex(b"\xff\xda")
    scan = data[start:-2]
    assert open_picture(data).size == (3000, 2000)
    most = MAX_SCANNED // 6_000_000 - data.count(b"\xff\xda")
    assert open_picture(data[:-2] + scan * most + b"\xff\xd9").size == (3000, 2000)
    assert refusal(data[:-2] + scan * (most + 1) + b"\xff\xd9") == "too_large"


def test_a_decoder_has_its_time_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    data = encoded(Image.effect_noise((300, 300), 90), "JPEG", progressive=True)
    ticks = itertools.count()
    monkeypatch.setattr("cnn.vision.decode.work_time", lambda: next(ticks) * MAX_SECONDS / 1000)
    assert open_picture(data).size == (300, 300)
    monkeypatch.setattr("cnn.vision.decode.work_time", lambda: next(ticks) * MAX_SECONDS)
    assert refusal(data) == "too_large"


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P", "I;16", "F", "CMYK", "L"])
def test_the_memory_that_a_picture_needs_is_known_before(mode: str) -> None:
    array = np.zeros((600, 800), np.float32 if mode == "F" else np.uint16)
    image = Image.fromarray(array) if mode in ("F", "I;16") else Image.new(mode, (800, 600))
    needed = memory_needed(encoded(image, "TIFF" if mode in ("F", "CMYK", "RGB") else "PNG"))
    stored = {"L": 1, "P": 1, "I;16": 2}.get(mode, 4)
    assert 800 * 600 * stored <= needed <= 800 * 600 * 16
    with pytest.raises(PictureError):
        memory_needed(b"nothing")


@pytest.mark.parametrize("mode", ["P", "CMYK", "F", "I;16", "1"])
def test_pictures_of_several_bands_are_one_picture(
    mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = np.random.default_rng(0).integers(0, 256, (50, 40))
    if mode in ("F", "I;16"):
        image = Image.fromarray(numbers.astype(np.float32 if mode == "F" else np.uint16))
    else:
        image = Image.fromarray(numbers.astype(np.uint8)).convert(mode)
    data = encoded(image, "TIFF")
    whole = open_picture(data)
    monkeypatch.setattr("cnn.data.greys._BAND", 40 * 7)
    assert np.array_equal(np.asarray(open_picture(data)), np.asarray(whole))


@given(
    start=st.sampled_from([data[:12] for data in SPECIMENS.values()] + [b""]),
    rest=st.binary(max_size=300),
)
def test_any_bytes_are_opened_or_refused(start: bytes, rest: bytes) -> None:
    opened_or_refused(start + rest)


@pytest.mark.parametrize("name", SPECIMENS)
@given(data=st.data())
def test_any_damaged_picture_is_opened_or_refused(name: str, data: st.DataObject) -> None:
    raw = bytearray(SPECIMENS[name])
    for _ in range(data.draw(st.integers(1, 4))):
        # Most of what can go wrong stands in the first bytes.
        end = data.draw(st.sampled_from([min(len(raw), 120), len(raw)]))
        position = data.draw(st.integers(0, end - 1))
        kind = data.draw(st.sampled_from(["change", "delete", "insert", "cut"]))
        if kind == "change":
            raw[position] = data.draw(st.integers(0, 255))
        elif kind == "delete":
            del raw[position : position + data.draw(st.integers(1, 8))]
        elif kind == "insert":
            raw[position:position] = data.draw(st.binary(min_size=1, max_size=8))
        else:
            del raw[position + 1 :]
        if not raw:
            break
    opened_or_refused(bytes(raw))
