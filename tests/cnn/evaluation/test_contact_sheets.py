"""Contact sheets: every picture is there, with its caption, and odd input is refused."""

from __future__ import annotations

import numpy as np
import pytest

from cnn.evaluation.contact_sheets import contact_sheet, picture_sheet


def test_a_contact_sheet_enlarges_each_pixel() -> None:
    images = np.zeros((3, 28, 28), dtype=np.uint8)
    images[1, 0, 0] = 200
    sheet = np.asarray(contact_sheet(images, ["a", "b\nc", "d"], columns=2))
    x, y = 12 + 28 * 4 + 12, 12
    assert (sheet[y : y + 4, x : x + 4] == 200).all()
    assert (sheet[y + 4 : y + 8, x : x + 4] == 0).all()
    assert sheet.shape[1] == 2 * (28 * 4 + 12) + 12


def test_a_contact_sheet_shows_colours() -> None:
    images = np.zeros((1, 3, 8, 8), dtype=np.uint8)
    images[0, 0] = 255
    sheet = contact_sheet(images, ["red"])
    assert sheet.getpixel((20, 20)) == (255, 0, 0)


def test_a_long_caption_stays_under_its_image() -> None:
    images = np.zeros((1, 1, 28, 28), dtype=np.uint8)
    sheet = np.asarray(contact_sheet(images, ["a caption much wider than its image is"]))
    below = sheet[12 + 28 * 4 + 2 :]
    written = np.flatnonzero((below < 128).any(axis=(0, 2)))
    assert len(written)
    assert written.min() >= 10
    assert written.max() <= 12 + 28 * 4 + 2


def test_a_caption_wider_than_the_narrowest_image_disappears() -> None:
    sheet = contact_sheet(np.zeros((1, 1, 1), dtype=np.uint8), ["caption"])
    assert sheet.width == 4 + 2 * 12


@pytest.mark.parametrize(
    ("images", "captions", "columns"),
    [
        (np.zeros((0, 28, 28), dtype=np.uint8), [], 8),
        (np.zeros((2, 28, 28), dtype=np.uint8), ["a"], 8),
        (np.zeros((1, 28, 28), dtype=np.uint8), ["a"], 0),
    ],
)
def test_a_sheet_needs_images_captions_and_columns(
    images: np.ndarray, captions: list[str], columns: int
) -> None:
    with pytest.raises(ValueError, match="expected at least one image"):
        contact_sheet(images, captions, columns=columns)


@pytest.mark.parametrize(
    "images",
    [np.zeros((2, 28, 28)), np.zeros((28, 28), np.uint8), np.zeros((1, 2, 8, 8), np.uint8)],
)
def test_a_sheet_refuses_other_arrays(images: np.ndarray) -> None:
    with pytest.raises(ValueError, match="images must be uint8"):
        contact_sheet(images, ["a"])


def test_a_sheet_of_pictures_reduces_large_ones_and_keeps_small_ones() -> None:
    large = np.full((400, 200, 3), (200, 0, 0), np.uint8)
    small = np.full((10, 20, 3), (0, 0, 200), np.uint8)
    pixels = np.asarray(picture_sheet([large, small], ["large", "small"], side=100))
    assert ((pixels == (200, 0, 0)).all(axis=2)).sum() == 100 * 50
    assert ((pixels == (0, 0, 200)).all(axis=2)).sum() == 10 * 20


@pytest.mark.parametrize(("count", "captions"), [(0, []), (2, ["a"])])
def test_a_sheet_of_pictures_needs_a_caption_for_each(count: int, captions: list[str]) -> None:
    pictures = [np.zeros((8, 8, 3), np.uint8)] * count
    with pytest.raises(ValueError, match="expected at least one picture"):
        picture_sheet(pictures, captions)
