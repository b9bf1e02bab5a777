"""The frame of a row, and what a network's answer for its columns says of a part of it."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from cnn.models.model_file import ROW_MODEL, load_model
from cnn.vision.row_frame import COLUMNS, NEITHER, OTHER, ROW_SHAPE, RowFrame, frame_row
from cnn.vision.row_reading import InRow, RowReading, read_rows

# A row as large as its frame, so that column x of it is column x / 2 of the answer.
FRAME = RowFrame(np.zeros(ROW_SHAPE, np.uint8), 1.0, 0.0)


def answers(columns: dict[int, int], surety: float = 0.97) -> np.ndarray:
    """Return answers that are nearly sure of a class for some columns, and of none elsewhere."""
    classes = np.full(COLUMNS, NEITHER)
    for column, name in columns.items():
        classes[column] = name
    given = np.full((12, COLUMNS), (1 - surety) / 11)
    given[classes, np.arange(COLUMNS)] = surety
    return given


def test_a_row_is_brought_to_the_frames_height() -> None:
    ink = np.zeros((60, 100), np.uint8)
    ink[:, :5] = ink[:, -5:] = 80
    frame = frame_row(ink)
    assert frame is not None
    assert frame.pixels.shape == ROW_SHAPE
    assert frame.pixels.max() == 255
    rows, columns = np.nonzero(frame.pixels)
    assert np.ptp(rows) == 25
    # The first and the last column of the ink, in columns of the answer.
    assert frame.column(0) == pytest.approx(columns.min() / 2 - 0.5)
    assert frame.column(100) == pytest.approx((columns.max() + 1) / 2 - 0.5)


@pytest.mark.parametrize("shape", [(10, 60), (0, 0), (5, 0)])
def test_what_is_too_wide_or_empty_has_no_frame(shape: tuple[int, int]) -> None:
    assert frame_row(np.full(shape, 255, np.uint8)) is None


def test_no_ink_has_no_frame() -> None:
    assert frame_row(np.zeros((20, 20), np.uint8)) is None


def test_digits_are_found_between_columns() -> None:
    row = RowReading(FRAME, answers({10: 4, 11: 4, 20: 7, 21: 7, 30: OTHER}))
    assert row.count == 3
    # Columns 10 and 11 of the answer are the columns 20 to 24 of the row.
    np.testing.assert_allclose(row.borders, [32, 52])
    first, second = (row.one_between(*span) for span in ((10, 32), (32, 50)))
    assert first.argmax() == 4
    assert second.argmax() == 7
    assert min(first.max(), second.max()) > np.log(0.5)
    # Two digits, none, or a digit and something else are not one thing.
    for span in ((10, 50), (0, 16), (24, 34), (32, 70)):
        assert row.one_between(*span).max() < np.log(0.5)


def test_what_is_no_digit_is_told_from_digits() -> None:
    row = RowReading(FRAME, answers({10: 4, 11: 4, 30: OTHER, 31: OTHER}))
    first, second = (InRow.of(row.one_between(*span)) for span in ((10, 42), (42, 70)))
    assert first.digit > 0.5 > first.other
    assert second.other > 0.5 > second.digit


def test_it_is_a_sum_over_all_places_of_the_middle() -> None:
    rng = np.random.default_rng(0)
    given = rng.dirichlet(np.ones(12), COLUMNS).T
    row = RowReading(FRAME, given)
    start, stop = 7, 13
    total = np.zeros(11)
    for a in range(start, stop):
        for b in range(a + 1, stop + 1):
            none = np.prod(given[NEITHER, start:a]) * np.prod(given[NEITHER, b:stop])
            total += none * np.prod(given[:11, a:b], axis=1)
    # Columns of the answer lie half a column to the left of the ink's.
    said = row.one_between(2 * start + 1, 2 * stop + 1)
    np.testing.assert_allclose(np.exp(said), total, rtol=1e-6)


def test_a_part_without_a_column_is_read_by_the_next() -> None:
    row = RowReading(FRAME, answers({COLUMNS - 1: 3}))
    assert row.one_between(200, 201).shape == (11,)
    assert np.isfinite(row.one_between(-5, -5)).all()


def rings(count: int) -> np.ndarray:
    """Draw noughts of which each shares a wall with the next."""
    picture = Image.new("L", (34 * count + 6, 48))
    for place in range(count):
        ImageDraw.Draw(picture).ellipse((34 * place, 0, 34 * place + 39, 47), outline=255, width=5)
    return np.asarray(picture)


def test_rows_are_read_with_one_call_and_in_their_order() -> None:
    network = load_model(ROW_MODEL).network
    ring, two = rings(1), rings(2)
    read = read_rows(network, [ring, np.full((10, 80), 255, np.uint8), two])
    assert read[1] is None
    assert read[0] is not None
    assert read[2] is not None
    assert (read[0].count, read[2].count) == (1, 2)
    assert read_rows(network, []) == []
