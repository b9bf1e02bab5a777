"""The frame of a piece of ink among others: in the middle, as large as these are usual."""

from __future__ import annotations

import numpy as np
import pytest

from cnn.vision.neighbourhood import FRAME_SHAPE, Piece, frame_beside, height_beside


def solid(left: int, top: int, width: int, height: int) -> Piece:
    return Piece(np.full((height, width), 200, np.uint8), (left, top, width, height))


def test_a_piece_is_shown_in_the_middle_and_the_others_where_they_are() -> None:
    others = [solid(0, 0, 30, 40), solid(100, 0, 30, 40)]
    frame = frame_beside(solid(60, 0, 10, 40), others)
    assert frame.shape == FRAME_SHAPE
    assert frame.dtype == np.uint8
    own, beside = frame > 127
    rows, columns = np.nonzero(own)
    # 40 pixels, the others' height, are 20 rows.
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (6, 25, 30, 33)
    assert not (own & beside).any()
    columns = np.flatnonzero(beside.any(axis=0))
    assert (columns.min(), columns.max()) == (0, 63)
    assert not beside[:, 15:49].any()
    assert frame.max() == 255


def test_the_height_is_that_of_the_nearest_that_are_no_strokes() -> None:
    near = [solid(at, 0, 20, 30) for at in (20, 50, 80, 110)]
    far = [solid(at, 400, 60, 90) for at in (0, 80, 160)]
    strokes = [solid(at, 0, 4, 200) for at in (5, 15)]
    assert height_beside((0, 0, 5, 33), [*far, *strokes, *near]) == 30
    assert height_beside((0, 0, 5, 33), strokes) == 33


@pytest.mark.parametrize(
    "piece",
    [
        solid(0, 0, 1, 1),
        solid(0, 0, 3000, 2),
        solid(0, 0, 2, 3000),
        solid(-500, -500, 9000, 9000),
        Piece(np.zeros((30, 20), np.uint8), (0, 0, 20, 30)),
    ],
)
def test_any_piece_has_a_frame(piece: Piece) -> None:
    others = [solid(5, 5, 20, 30)]
    for frame in (frame_beside(piece, others), frame_beside(others[0], [piece])):
        assert frame.shape == FRAME_SHAPE
    assert frame_beside(piece, []).shape == FRAME_SHAPE
