"""Touching digits: cut where that makes digits, and left whole where it does not."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

import cnn
from cnn.reading.reader import read
from cnn.vision.split import Piece, find_pieces, may_be_several, split

Sheet = tuple[np.ndarray, np.ndarray]


def two_rings() -> np.ndarray:
    image = Image.new("L", (90, 50))
    pen = ImageDraw.Draw(image)
    pen.ellipse((1, 1, 46, 48), outline=255, width=6)
    pen.ellipse((43, 1, 88, 48), outline=255, width=6)
    return np.asarray(image)


def test_the_best_pieces_are_chosen() -> None:
    def likes_rings(pieces: list[Piece]) -> np.ndarray:
        return np.array([-abs(p.ink.shape[1] / p.ink.shape[0] - 0.95) * 30 for p in pieces])

    (left, right), is_all = split(two_rings(), likes_rings)
    assert is_all
    assert abs(left.ink.shape[1] - 45) <= 10
    assert abs(right.left - 45) <= 10
    assert right.top <= 2


def test_what_is_likeliest_whole_stays_whole() -> None:
    def likes_all(pieces: list[Piece]) -> np.ndarray:
        return np.where([p.ink.shape[1] > 85 for p in pieces], 0.0, -50.0)

    [whole], _ = split(two_rings(), likes_all)
    assert whole.ink.shape == (48, 88)


def test_pieces_cover_the_ink_once() -> None:
    ink = two_rings()
    pieces, _ = find_pieces(ink)
    last = max(piece.last for piece in pieces)
    whole = next(p for p in pieces if (p.first, p.last) == (0, last))
    assert int(whole.ink.sum()) == int(ink.sum())
    assert all(piece.first < piece.last for piece in pieces)


def test_no_more_pieces_are_cut_than_may_be() -> None:
    every, is_all = find_pieces(two_rings())
    assert is_all
    for most in range(len(every)):
        pieces, is_all = find_pieces(two_rings(), most=most)
        assert len(pieces) <= most
        assert not is_all
        ends = {(piece.first, piece.last) for piece in every}
        assert {(piece.first, piece.last) for piece in pieces} < ends
    assert find_pieces(two_rings(), most=len(every))[1]


def test_of_too_many_the_digits_at_the_left_are_chosen() -> None:
    def likes_rings(pieces: list[Piece]) -> np.ndarray:
        return np.array([-abs(p.ink.shape[1] / p.ink.shape[0] - 0.95) * 30 for p in pieces])

    ink = np.hstack([two_rings()[:, :88]] * 8)
    every, _ = split(ink, likes_rings)
    assert len(every) == 16
    some, is_all = split(ink, likes_rings, most=len(find_pieces(ink)[0]) // 2)
    assert not is_all
    assert 5 <= len(some) <= 8
    for left, right in zip(some, every, strict=False):
        np.testing.assert_array_equal(left.ink, right.ink)


def test_without_any_room_nothing_is_asked() -> None:
    def is_not_asked(pieces: list[Piece]) -> np.ndarray:
        raise AssertionError("too many were asked")

    assert split(two_rings(), is_not_asked, most=0) == ([], False)


def test_what_is_too_low_to_be_cut_has_no_pieces() -> None:
    assert split(np.full((2, 100), 255, np.uint8), lambda pieces: np.zeros(len(pieces))) == (
        [],
        True,
    )


def test_only_wide_or_doubtful_things_are_tried() -> None:
    assert not may_be_several(70, 100, 0.99, alone=False)
    assert not may_be_several(120, 100, 0.99, alone=True)
    assert may_be_several(120, 100, 0.99, alone=False)
    assert may_be_several(90, 100, 0.6, alone=False)
    assert may_be_several(250, 100, 0.99, alone=True)


def test_digits_that_touch_are_read(sheet: Sheet) -> None:
    images, labels = sheet
    page = np.zeros((200, 460), np.uint8)
    left = 60
    for label in (2, 0, 6):
        digit = images[np.flatnonzero(labels == label)[0]]
        rows, columns = np.nonzero(digit > 100)
        tight = Image.fromarray(
            digit[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
        )
        scale = 100 / tight.height
        large = np.asarray(
            tight.resize((round(tight.width * scale), 100), Image.Resampling.BICUBIC)
        )
        part = page[50:150, left : left + large.shape[1]]
        np.maximum(part, large, out=part)
        left += large.shape[1] - 4
    answer = read(cnn.load_model(), Image.fromarray(255 - page))
    assert answer.text == "206"
    boxes = [digit.box for digit in answer.digits]
    assert boxes == sorted(boxes)
