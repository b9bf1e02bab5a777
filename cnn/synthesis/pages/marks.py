"""Marks: what is drawn around, under and through digits that are there already."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from cnn.synthesis.pages.draft import Draft, Ink, Item, bounds
from cnn.synthesis.pages.scribe import Scribe
from cnn.synthesis.pages.shapes import frame, line, polyline, ring
from cnn.synthesis.pages.signs import draw_course, scrawl

__all__ = ["MARKS", "WORDS"]

Box = tuple[int, int, int, int]

#: What pages say beside digits.
WORDS = tuple(
    [
        "the",
        "and",
        "name",
        "date",
        "total",
        "page",
        "answer",
        "sheet",
        "class",
        "month",
        "exercise",
        "home",
        "work",
        "number",
        "amount",
        "sum",
        "write",
        "here",
        "please",
        "sign",
        "address",
        "town",
        "phone",
        "street",
        "order",
        "price",
        "form",
        "test",
        "draw",
        "left",
        "right",
        "result",
        "school",
        "lesson",
        "week",
        "year",
        "hour",
        "train",
        "house",
        "garden",
        "paper",
        "example",
        "question",
    ]
)


def _around(box: Box, room: float, scribe: Scribe) -> Box:
    """Return a box with about `room` heights between it and the digits."""
    rooms = [scribe.height * room * share for share in scribe.rng.uniform(0.7, 1.4, 4)]
    left, top, right, foot = box
    return (
        round(left - rooms[0]),
        round(top - rooms[1]),
        round(right + rooms[2]),
        round(foot + rooms[3]),
    )


def _width(scribe: Scribe) -> float:
    return float(scribe.rng.uniform(0.6, 1.2) * scribe.pen)


def _printed_width(scribe: Scribe) -> float:
    return max(1.0, scribe.height * scribe.rng.uniform(0.008, 0.06))


def _box(scribe: Scribe) -> None:
    """Print a box around all digits."""
    around = _around(scribe.draft.bounds(), scribe.rng.uniform(0.15, 0.8), scribe)
    scribe.draft.add(frame("box", around, _printed_width(scribe), rng=scribe.rng))


def _box_by_hand(scribe: Scribe) -> None:
    rng = scribe.rng
    around = _around(scribe.draft.bounds(), rng.uniform(0.2, 0.6), scribe)
    ink: Ink = "pen" if rng.random() < 0.6 else "second"
    scribe.draft.add(
        frame("box", around, _width(scribe), ink=ink, wobble=max(0.5, scribe.wobble), rng=rng)
    )


def _touched_box(scribe: Scribe) -> None:
    """Print a box that the digits reach or cross."""
    left, top, right, foot = scribe.draft.bounds()
    inset = scribe.height * scribe.rng.uniform(-0.12, 0.08, 4)
    box = (
        round(left - 0.25 * scribe.height + inset[0]),
        round(top + inset[1]),
        round(right + 0.25 * scribe.height + inset[2]),
        round(foot + inset[3]),
    )
    scribe.draft.add(frame("box", box, _printed_width(scribe), rng=scribe.rng))


def _box_each(scribe: Scribe) -> None:
    """Draw a thin box around every digit, as programs do that have found them."""
    width = float(scribe.rng.choice([1, 1, 2, 3]))
    for item in scribe.draft.digits:
        room = max(2, round(0.08 * scribe.height))
        box = (item.left - room, item.top - room, item.right + room, item.foot + room)
        scribe.draft.add(frame("box", box, width, ink="second", rng=scribe.rng))


def _ring(scribe: Scribe) -> None:
    """Ring all digits, or those of one line."""
    rng = scribe.rng
    boxes = scribe.draft.line_boxes()
    one = boxes and rng.random() < 0.3
    box = boxes[int(rng.integers(len(boxes)))] if one else scribe.draft.bounds()
    left, top, right, foot = _around(box, rng.uniform(0.1, 0.25), scribe)
    # An ellipse around a rectangle is half as large again.
    more, down = round(0.2 * (right - left)), round(0.2 * (foot - top))
    tall = foot - top + 2 * down
    if rng.random() < 0.4 and right - left < 1.4 * tall:
        more = max(more, (tall - (right - left)) // 2)
    ink: Ink = "second" if rng.random() < 0.6 else "pen"
    around = (left - more, top - down, right + more, foot + down)
    scribe.draft.add(ring("ring", around, _width(scribe), ink=ink, wobble=scribe.wobble, rng=rng))


def _underline(scribe: Scribe, *, times: int) -> None:
    rng = scribe.rng
    boxes = scribe.draft.line_boxes()
    ink: Ink = "pen" if rng.random() < 0.7 else "second"
    for left, _, right, foot in boxes[-1:] if rng.random() < 0.6 else boxes:
        y = foot + scribe.height * rng.uniform(-0.01, 0.2)
        out = scribe.height * rng.uniform(-0.1, 0.4, 2)
        for _ in range(times):
            tilt = 0.03 * scribe.height * rng.standard_normal()
            ends = (left - out[0], y, right + out[1], y + tilt)
            mark = line("line", ends, _width(scribe), ink=ink, wobble=scribe.wobble, rng=rng)
            scribe.draft.add(mark)
            y += max(3.0, scribe.height * rng.uniform(0.08, 0.16)) + scribe.pen


def _underline_once(scribe: Scribe) -> None:
    _underline(scribe, times=1)


def _underline_twice(scribe: Scribe) -> None:
    _underline(scribe, times=2)


def _strike(scribe: Scribe) -> None:
    """Strike digits through by a line each or by one through all, so that they can be read."""
    rng = scribe.rng
    digits = scribe.draft.digits
    ink: Ink = "second" if rng.random() < 0.5 else "pen"
    width = max(1.0, 0.6 * _width(scribe))
    for _ in range(int(rng.choice([1, 1, 2, 4]))):
        left, top, right, foot = bounds(digits)
        heights = top + (foot - top) * rng.uniform(0.1, 0.9, 2)
        out = scribe.height * rng.uniform(0.1, 0.35, 2)
        ends = (left - out[0], heights[0], right + out[1], heights[1])
        scribe.draft.add(line("line", ends, width, ink=ink, wobble=scribe.wobble, rng=rng))


def _pixel_grid(scribe: Scribe) -> None:
    """Print thin lines between the pixels of an enlarged picture, over all of it or a part."""
    rng = scribe.rng
    cell = max(4, round(scribe.height / 20))
    left, top, right, foot = scribe.draft.bounds()
    beyond = round(scribe.height * rng.uniform(0.2, 1.0))
    origin = scribe.draft.digits[0]
    columns, rows = (
        np.arange(start - cell * ((start - low + beyond) // cell), high + beyond, cell)
        for start, low, high in ((origin.left, left, right), (origin.top, top, foot))
    )
    width = float(rng.choice([1, 1, max(1, cell // 6)]))
    ink: Ink = "second" if rng.random() < 0.3 else "print"
    ends = [(x, rows[0], x, rows[-1]) for x in columns]
    ends += [(columns[0], y, columns[-1], y) for y in rows]
    for x0, y0, x1, y1 in np.array(ends, float).tolist():
        scribe.draft.add(line("line", (x0, y0, x1, y1), width, ink=ink, rng=rng))
    if rng.random() < 0.7:
        scribe.margin = (0, 0, 0, 0)


def _words_above(scribe: Scribe) -> None:
    """Print words, or scrawl some, above the digits or below them."""
    rng = scribe.rng
    left, top, right, foot = scribe.draft.bounds()
    size = scribe.height * rng.uniform(0.3, 0.7)
    base = top - size * rng.uniform(0.4, 1.2) if rng.random() < 0.7 else foot + 1.8 * size
    _words(scribe, left, base, size, limit=max(right, left + 4 * scribe.height))


def _words_beside(scribe: Scribe) -> None:
    """Write a word to the left or to the right of the digits."""
    rng = scribe.rng
    left, top, right, foot = scribe.draft.bounds(digits_only=True)
    size = scribe.height * rng.uniform(0.4, 0.8)
    base = top + min(scribe.height, foot - top)
    if rng.random() < 0.5:
        _words(scribe, right + 0.6 * scribe.height, base, size, limit=right + scribe.height)
    else:
        aside = Draft(scribe.height)
        _words(scribe, 0, base, size, limit=scribe.height, onto=aside)
        aside.move(round(left - 0.6 * scribe.height) - aside.bounds()[2], 0)
        scribe.draft.add(*aside.items)


def _words(
    scribe: Scribe,
    left: float,
    base: float,
    size: float,
    *,
    limit: float,
    onto: Draft | None = None,
) -> None:
    rng = scribe.rng
    draft = onto or scribe.draft
    by_hand = rng.random() < 0.5
    x = round(left)
    while True:
        if by_hand:
            cover, top = draw_course([scrawl(rng.uniform(1, 3), rng)], scribe.hand, size)
            draft.add(Item("word", cover, x, round(base - size + top)))
        else:
            word = str(rng.choice(WORDS))
            page = Draft(scribe.height)
            printer = Scribe(scribe.writer, scribe.hand, page, rng, 0.0)
            printer.printed(word if rng.random() < 0.5 else word.capitalize(), x, base, height=size)
            draft.add(*page.items)
        x = draft.items[-1].right + round(0.5 * size)
        if x > limit:
            return


def _smear(scribe: Scribe) -> None:
    """Leave small blots, strokes and a scribble beside the digits."""
    rng = scribe.rng
    left, top, right, foot = scribe.draft.bounds()
    for _ in range(int(rng.integers(1, 6))):
        x = rng.uniform(left, right)
        y = rng.choice([top - 0.5 * scribe.height, foot + 0.5 * scribe.height])
        steps = rng.normal(0, 0.08 * scribe.height, (int(rng.integers(2, 9)), 2)).cumsum(axis=0)
        blot = polyline("blot", steps + np.array([x, y]), _width(scribe), ink="pen", rng=rng)
        scribe.draft.add(blot)


def _doodle(scribe: Scribe) -> None:
    """Draw a star, a face or an arrow beside the digits."""
    rng = scribe.rng
    _, top, right, foot = scribe.draft.bounds()
    side = scribe.height * rng.uniform(0.6, 1.4)
    x, y = right + 0.9 * side, (top + foot) / 2
    turns = np.linspace(0, 4 * np.pi, 6) + rng.uniform(0, 6)
    star = np.stack([x + 0.5 * side * np.cos(turns), y + 0.5 * side * np.sin(turns)], axis=1)
    if rng.random() < 0.5:
        scribe.draft.add(polyline("drawing", star, scribe.pen, ink="second", rng=rng))
        return
    half = side / 2
    face = (round(x - half), round(y - half), round(x + half), round(y + half))
    scribe.draft.add(ring("drawing", face, scribe.pen, rng=rng))
    for place in (-0.2, 0.2):
        eye = (x + place * side, y - 0.18 * side, x + place * side, y - 0.08 * side)
        scribe.draft.add(line("drawing", eye, scribe.pen, rng=rng))
    smile = np.linspace(0.2, 0.8, 9) * np.pi
    mouth = np.stack([x + 0.3 * side * np.cos(smile), y + 0.3 * side * np.sin(smile)], axis=1)
    scribe.draft.add(polyline("drawing", mouth, scribe.pen, rng=rng))


#: Marks by name: each is drawn on a scribe's draft.
MARKS: dict[str, Callable[[Scribe], None]] = {
    "box": _box,
    "box by hand": _box_by_hand,
    "touched box": _touched_box,
    "box each": _box_each,
    "ring": _ring,
    "underline": _underline_once,
    "underline twice": _underline_twice,
    "strike": _strike,
    "pixel grid": _pixel_grid,
    "words above": _words_above,
    "words beside": _words_beside,
    "blots": _smear,
    "drawing": _doodle,
}
