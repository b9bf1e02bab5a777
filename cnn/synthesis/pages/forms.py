"""Printed forms: combs, boxes and tables, with a digit or a number in each cell."""

from __future__ import annotations

from collections.abc import Callable

from cnn.synthesis.pages.draft import Ink, Item
from cnn.synthesis.pages.scribe import Scribe
from cnn.synthesis.pages.shapes import frame, line

__all__ = ["FORMS"]


def _put_in(scribe: Scribe, middle: tuple[float, float], *, line: int) -> None:
    """Write a digit about the middle of a cell."""
    drawn = scribe.draw()
    shift = scribe.rng.normal(0, 0.05, 2) * scribe.height
    left = middle[0] - drawn.cover.shape[1] / 2 + shift[0]
    scribe.put(drawn, left, middle[1] + drawn.cover.shape[0] / 2 + shift[1], line=line)


def _cells(scribe: Scribe) -> tuple[int, int, float]:
    """Draw a cell's width and height and the width of its lines, in pixels."""
    rng = scribe.rng
    wide = max(round(scribe.height * rng.uniform(1.05, 1.5)), scribe.height + 4)
    tall = max(round(scribe.height * rng.uniform(1.2, 1.7)), scribe.height + 6)
    return wide, tall, float(max(1, round(scribe.height * rng.uniform(0.01, 0.05))))


def _comb(scribe: Scribe) -> None:
    """Write into a comb: a base line with teeth between the digits."""
    wide, tall, width = _cells(scribe)
    rng = scribe.rng
    count = int(rng.integers(3, 10))
    tooth = tall * rng.uniform(0.25, 1.0)
    for place in range(count + 1):
        ends = (place * wide, tall - tooth, place * wide, tall)
        scribe.draft.add(line("line", ends, width, ink="print", rng=rng))
    scribe.draft.add(line("line", (0, tall, count * wide, tall), width, ink="print", rng=rng))
    for place in range(count):
        _put_in(scribe, ((place + 0.5) * wide, 0.47 * tall), line=0)


def _row_of_boxes(scribe: Scribe) -> None:
    """Write into a row of boxes, joined or apart; some of the last may be empty."""
    wide, tall, width = _cells(scribe)
    rng = scribe.rng
    apart = round(wide * rng.uniform(1.08, 1.4)) if rng.random() < 0.4 else wide
    count = int(rng.integers(2, 9))
    many = rng.random() < 0.2
    cells = count + (int(rng.integers(4, 20)) if many else int(rng.choice([0, 0, 0, 1, 2])))
    for place in range(cells):
        left = place * apart
        box = (left, 0, left + wide + (round(width) if apart == wide else 0), tall)
        scribe.draft.add(frame("box", box, width, rng=rng))
    for place in range(count):
        _put_in(scribe, (place * apart + wide / 2, tall / 2), line=0)


def _table(scribe: Scribe) -> None:
    """Write a digit or a small number into each cell of a table."""
    wide, tall, width = _cells(scribe)
    rng = scribe.rng
    each = int(rng.choice([1, 1, 2, 3]))
    wide = round(wide * (1 + 0.75 * (each - 1)))
    rows, columns = (int(rng.integers(2, 6)), int(rng.integers(1, 5)))
    ink: Ink = "print" if rng.random() < 0.7 else "second"
    wobble = 0.0 if ink == "print" else scribe.wobble
    lines: list[Item] = []
    for row in range(rows + 1):
        ends = (0, row * tall, columns * wide, row * tall)
        lines.append(line("line", ends, width, ink=ink, wobble=wobble, rng=rng))
    for column in range(columns + 1):
        ends = (column * wide, 0, column * wide, rows * tall)
        lines.append(line("line", ends, width, ink=ink, wobble=wobble, rng=rng))
    scribe.draft.add(*lines)
    for row in range(rows):
        for column in range(columns):
            for place in range(each):
                x = (column + (place + 1) / (each + 1)) * wide
                _put_in(scribe, (x, (row + 0.5) * tall), line=row)


def _labelled(scribe: Scribe) -> None:
    """Write a number after a printed word, on a printed line or in a box."""
    rng = scribe.rng
    word = str(rng.choice(["Name", "Date", "Total", "Amount", "Nr.", "Zip", "Tel.", "Age", "Sum"]))
    tall = scribe.height * rng.uniform(0.3, 0.6)
    foot = float(scribe.height)
    start = scribe.printed(word, 0, foot, height=tall) + round(0.5 * scribe.height)
    right = start
    for _ in range(int(rng.integers(1, 6))):
        right = scribe.digit(right, foot - 0.08 * scribe.height, line=0) + scribe.gap()
    more = right + round(scribe.height * rng.uniform(0.2, 2))
    width = float(max(1, round(0.02 * scribe.height)))
    if rng.random() < 0.6:
        ends = (
            start - 0.2 * scribe.height,
            foot + 0.1 * scribe.height,
            more,
            foot + 0.1 * scribe.height,
        )
        scribe.draft.add(line("line", ends, width, ink="print", rng=rng))
    else:
        box = (
            start - round(0.3 * scribe.height),
            round(-0.4 * scribe.height),
            more,
            round(1.35 * scribe.height),
        )
        scribe.draft.add(frame("box", box, width, rng=rng))


def _meter(scribe: Scribe) -> None:
    """Write digits as far apart as the windows of a meter, which the ground draws."""
    pitch = scribe.height * scribe.rng.uniform(1.1, 1.5)
    for place in range(int(scribe.rng.integers(4, 8))):
        drawn = scribe.draw()
        scribe.put(drawn, place * pitch - drawn.cover.shape[1] / 2, scribe.height, line=0)


#: Layouts by name.
FORMS: dict[str, Callable[[Scribe], None]] = {
    "comb": _comb,
    "boxes": _row_of_boxes,
    "table": _table,
    "labelled": _labelled,
    "meter": _meter,
}
