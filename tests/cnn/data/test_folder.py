"""A folder of pictures for each class: every format, and everything that people leave there."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pillow_heif
import pytest
from PIL import Image

from cnn.data import load_folder
from cnn.errors import DataError
from cnn.vision.decode import open_picture

pillow_heif.register_heif_opener()


def save(path: Path, image: Image.Image, **options: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path, **options)  # type: ignore[arg-type]


def grey(value: int, size: tuple[int, int] = (40, 30)) -> Image.Image:
    return Image.new("L", size, value)


@pytest.mark.parametrize("suffix", ["png", "jpg", "webp", "gif", "bmp", "tiff", "heic", "avif"])
@pytest.mark.parametrize(("channels", "mode"), [(1, "L"), (3, "RGB")])
def test_every_format_is_read(tmp_path: Path, suffix: str, channels: int, mode: str) -> None:
    save(tmp_path / "a" / f"one.{suffix}", grey(100).convert(mode))
    read = load_folder(tmp_path, channels=channels)
    assert read.images.shape == (1, channels, 28, 28)
    assert np.abs(read.images.astype(int) - 100).max() <= 2


def test_classes_are_sorted_as_numbers_then_as_text(tmp_path: Path) -> None:
    names = ["10", "9", "b", "A", "007"]
    for value, name in enumerate(names):
        save(tmp_path / name / "x.png", grey(value * 10))
    read = load_folder(tmp_path)
    assert read.classes == ("007", "9", "10", "A", "b")
    assert read.labels.tolist() == [0, 1, 2, 3, 4]
    assert read.images[:, 0, 0, 0].tolist() == [40, 10, 0, 30, 20]


def test_pictures_come_in_the_order_of_their_names(tmp_path: Path) -> None:
    for name, value in (("c", 30), ("a", 10), ("b", 20)):
        save(tmp_path / "0" / f"{name}.png", grey(value))
    assert load_folder(tmp_path).images[:, 0, 0, 0].tolist() == [10, 20, 30]


def test_the_size_is_height_and_width(tmp_path: Path) -> None:
    # Dark above, light below: the rows must stay rows.
    pixels = np.zeros((30, 40), dtype=np.uint8)
    pixels[15:] = 255
    save(tmp_path / "a" / "x.png", Image.fromarray(pixels))
    read = load_folder(tmp_path, size=(6, 8)).images
    assert read.shape == (1, 1, 6, 8)
    assert read[0, 0, 0].max() < 5
    assert read[0, 0, 5].min() > 250


def test_colours_stay_in_their_channels(tmp_path: Path) -> None:
    save(tmp_path / "a" / "x.png", Image.new("RGB", (9, 9), (200, 100, 50)))
    assert load_folder(tmp_path, channels=3).images[0, :, 3, 3].tolist() == [200, 100, 50]


def test_a_photograph_is_turned_upright(tmp_path: Path) -> None:
    pixels = np.zeros((28, 28), dtype=np.uint8)
    pixels[:, :14] = 255
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by a quarter clockwise
    save(tmp_path / "a" / "x.png", Image.fromarray(pixels), exif=exif)
    read = load_folder(tmp_path).images[0, 0]
    assert read[0].min() == 255
    assert read[-1].max() == 0


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_transparency_is_laid_on_white(tmp_path: Path, mode: str) -> None:
    # Transparent black with an opaque black left half.
    image = Image.new("RGBA", (28, 28), (0, 0, 0, 0))
    image.paste((0, 0, 0, 255), (0, 0, 14, 28))
    save(tmp_path / "a" / "x.png", image.convert(mode))
    read = load_folder(tmp_path).images[0, 0]
    assert read[:, 0].max() == 0
    assert read[:, -1].min() == 255


@pytest.mark.parametrize("suffix", ["png", "tiff"])
@pytest.mark.parametrize("most", [4095, 65_535])
def test_deep_greys_are_spread_as_in_pictures_that_are_sent(
    tmp_path: Path, suffix: str, most: int
) -> None:
    # Cameras and scanners often use 12 bits of the 16.
    pixels = np.linspace(most // 100, most, 28 * 28).astype(np.uint16).reshape(28, 28)
    path = tmp_path / "a" / f"x.{suffix}"
    save(path, Image.fromarray(pixels))
    read = load_folder(tmp_path).images[0, 0]
    assert (read[0, 0], read[-1, -1]) == (0, 255)
    assert np.array_equal(read, np.asarray(open_picture(path)))


def test_floating_point_greys_are_spread_too(tmp_path: Path) -> None:
    save(tmp_path / "a" / "x.tiff", Image.fromarray(np.eye(28, dtype=np.float32) / 2))
    assert np.array_equal(load_folder(tmp_path).images[0, 0], np.eye(28) * 255)


def test_the_first_frame_of_an_animation_is_read(tmp_path: Path) -> None:
    save(tmp_path / "a" / "x.gif", grey(50), save_all=True, append_images=[grey(200)])
    assert load_folder(tmp_path).images[0, 0, 0, 0] == 50


def test_hidden_files_and_what_lies_elsewhere_are_ignored(tmp_path: Path) -> None:
    save(tmp_path / "a" / "x.png", grey(1))
    save(tmp_path / "a" / "deeper" / "y.png", grey(2))
    save(tmp_path / ".hidden" / "z.png", grey(3))
    for name in ("a/.DS_Store", "a/Thumbs.db", "a/desktop.ini", "README.txt"):
        (tmp_path / name).write_bytes(b"no picture")
    read = load_folder(tmp_path)
    assert len(read) == 1
    assert read.classes == ("a",)


def test_files_that_are_no_pictures_are_listed(tmp_path: Path) -> None:
    save(tmp_path / "a" / "good.png", grey(1))
    save(tmp_path / "a" / "cut.jpg", Image.effect_noise((200, 200), 50))
    cut = tmp_path / "a" / "cut.jpg"
    cut.write_bytes(cut.read_bytes()[:2000])
    (tmp_path / "a" / "empty.png").write_bytes(b"")
    for index in range(6):
        (tmp_path / "a" / f"text{index}.png").write_text("not a picture")
    with pytest.raises(DataError) as caught:
        load_folder(tmp_path)
    message = str(caught.value)
    assert message.startswith(f"8 files in {tmp_path} cannot be read as pictures")
    assert str(Path("a") / "cut.jpg") in message
    assert str(Path("a") / "empty.png") in message
    assert "text2.png" in message
    assert "text3.png" not in message
    assert "and 3 more" in message
    assert "good.png" not in message


def test_a_single_unreadable_file_is_reported_alone(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x.svg").write_text("<svg/>")
    with pytest.raises(DataError, match=r"^1 file in") as caught:
        load_folder(tmp_path)
    assert "more" not in str(caught.value)


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_an_enormous_picture_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save(tmp_path / "a" / "x.png", grey(1, (100, 100)))
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1000)
    with pytest.raises(DataError, match=r"x\.png: Image size"):
        load_folder(tmp_path)


def test_empty_and_missing_folders_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="holds no folders: expected one for each class"):
        load_folder(tmp_path)
    with pytest.raises(DataError, match="cannot read the folder"):
        load_folder(tmp_path / "nothing")
    save(tmp_path / "a" / "x.png", grey(1))
    (tmp_path / "b").mkdir()
    with pytest.raises(DataError, match="no pictures in b of"):
        load_folder(tmp_path)


@pytest.mark.parametrize(("size", "channels"), [((28, 28), 2), ((0, 28), 1)])
def test_impossible_settings_are_refused(
    tmp_path: Path, size: tuple[int, int], channels: int
) -> None:
    with pytest.raises(ValueError, match=r"expected 1 or 3 channels and a size >= 1"):
        load_folder(tmp_path, size=size, channels=channels)


def test_progress_is_shown_only_on_request(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save(tmp_path / "a" / "x.png", grey(1))
    load_folder(tmp_path)
    assert capsys.readouterr().err == ""
    load_folder(tmp_path, progress=True)
    assert "1/1" in capsys.readouterr().err
