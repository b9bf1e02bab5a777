"""Composing: one page from a kind and chance, and many of every kind."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from cnn.data.dataset import Dataset
from cnn.synthesis.fonts import Part
from cnn.synthesis.fonts.letters import load_alphabets
from cnn.synthesis.pages.draft import Draft, Item
from cnn.synthesis.pages.expressions import EXPRESSIONS
from cnn.synthesis.pages.forms import FORMS
from cnn.synthesis.pages.grounds import GROUNDS
from cnn.synthesis.pages.kinds import KINDS, Kind
from cnn.synthesis.pages.layouts import LAYOUTS
from cnn.synthesis.pages.marks import MARKS
from cnn.synthesis.pages.nothing import PICTURES, WITHOUT_DIGITS
from cnn.synthesis.pages.pens import PENS, Pen, second_pen
from cnn.synthesis.pages.scene import DIGIT_INK, PageDigit, PageScene, PageSign
from cnn.synthesis.pages.scribe import Scribe
from cnn.synthesis.pages.sheet import Sheet
from cnn.synthesis.pages.surrounds import SURROUNDS
from cnn.synthesis.pages.views import VIEWS
from cnn.synthesis.pages.words import LINES_OF_WORDS, WORDS_ALONE, WORDS_BESIDE
from cnn.synthesis.pages.writers import Manner, Source, Sources
from cnn.synthesis.paper import as_levels

__all__ = ["SOURCES", "compose_pages", "write_draft"]

Array = npt.NDArray[Any]
Rng = np.random.Generator

#: Where digits may come from; "print" is a font of a computer.
SOURCES: tuple[Source, ...] = ("data", "strokes", "fonts", "print")

_LAYOUTS = {
    **LAYOUTS,
    **EXPRESSIONS,
    **FORMS,
    **LINES_OF_WORDS,
    **WITHOUT_DIGITS,
    **WORDS_ALONE,
}
_MARKS = {**MARKS, **WORDS_BESIDE}
_GROUNDS = {**GROUNDS, **PICTURES}
_WIDEST = 800  # pixels of what is written
_LARGEST = 960  # pixels of a sheet's side
_SMALLEST = 13  # pixels of a digit
_LEAST_CONTRAST = 16  # levels of 255 between ink and paper
# The least and the greatest height of a common digit, in pixels.
_HEIGHTS = {
    "single": (24, 200),
    "tight": (20, 190),
    "lost": (14, 30),
    "touching pair": (26, 120),
    "touching three": (26, 110),
    "joined noughts": (26, 110),
    "at edge": (24, 110),
    "rows": (18, 64),
    "table": (18, 56),
    "boxes": (18, 60),
    "comb": (18, 60),
    "sentence": (18, 60),
    "list": (18, 60),
}
_USUAL = (20, 84)
_THIN: tuple[Manner, ...] = ("fine", "hollow", "dotted")
# What a scanner of one bit does not see.
_FAINT = ("pale", "pencil")


def compose_pages(
    data: Dataset | None,
    *,
    kinds: Sequence[str] | None = None,
    each: int = 10,
    seed: int = 0,
    sources: Sequence[Source] = ("data", "strokes", "fonts"),
    part: Part = "test",
) -> Iterator[PageScene]:
    """Make pages of every kind, each with the truth of all its pixels.

    Parameters
    ----------
    data : Dataset or None
        Pictures of digits, (N, 1, 28, 28): of the training set to learn from and to choose, of the
        test set for figures. None if `sources` does not have "data".
    kinds : sequence of str, optional
        Names of `KINDS`; all if not given.
    each : int
        Pages of each kind.
    seed : int
        Seed; a page does not depend on which others are made.
    sources : sequence of str
        Where digits come from, each as likely as the others: "data", "strokes", "fonts", "print".
        What only a pen or a printer can do is done by one, whatever is asked for.
    part : {"training", "test"}
        Which families of fonts, and which ranges of hands (`strokes.TRAINING` or `VALIDATION`).

    Returns
    -------
    iterator of PageScene
        One of each kind in turn, `each` times.

    Raises
    ------
    ValueError
        A kind, source or part is unknown, there is none of them, `each` is below 1, or the data are
        missing or of another form.
    """
    kinds = tuple(KINDS if kinds is None else kinds)
    _check("kinds", kinds, tuple(KINDS))
    _check("sources", sources, SOURCES)
    _check("part", (part,), ("training", "test"))
    if each < 1:
        raise ValueError(f"expected at least 1 page of each kind, got {each}")
    if data is None and "data" in sources:
        raise ValueError('expected a data set for the source "data", got None')
    return _compose_all(Sources(data, part), kinds, each, seed, tuple(sources))


def _check(what: str, asked: Sequence[str], known: Sequence[str]) -> None:
    strange = [name for name in asked if name not in known]
    if strange or not asked or isinstance(asked, str):
        raise ValueError(f"{what}: expected some of {', '.join(known)}, got {asked!r}")


def _compose_all(
    origin: Sources, kinds: tuple[str, ...], each: int, seed: int, sources: tuple[Source, ...]
) -> Iterator[PageScene]:
    for number in range(each):
        for name in kinds:
            rng = np.random.default_rng([seed, zlib.crc32(name.encode()), number])
            yield _compose(name, KINDS[name], origin, sources, rng)


def _compose(
    name: str, kind: Kind, origin: Sources, sources: tuple[Source, ...], rng: Rng
) -> PageScene:
    manner = kind.manners[int(rng.integers(len(kind.manners)))]
    ground, surround, pen, view = (
        str(rng.choice(names)) for names in (kind.grounds, kind.surrounds, kind.pens, kind.views)
    )
    if view == "small" and manner in _THIN:
        view = "screenshot"
    if pen in _FAINT and (view == "fax" or manner in _THIN):
        pen = "usual"
    scribe = write_draft(kind, origin, sources, manner, rng)
    bleed = VIEWS[view].bleed
    shape = _make_room(scribe, bleed)
    sheet = _GROUNDS[ground](scribe.draft, shape, rng)
    pens = {
        "pen": _legible(PENS[pen](sheet.dark, rng), sheet, rng),
        "second": second_pen(sheet.dark, rng),
        "print": _printer(sheet.dark, rng),
    }
    sheet.write(scribe.draft.items, pens, rng)
    if surround:
        sheet = SURROUNDS[surround](sheet, rng)
    return _finish(name, scribe.draft, VIEWS[view].take(sheet, rng))


def _legible(pen: Pen, sheet: Sheet, rng: Rng) -> Pen:
    """Return a pen that can be seen on a sheet: that one, or one as dark or light as any."""
    paper = np.median(sheet.picture[::8, ::8], axis=(0, 1))
    distance = pen.opacity * np.abs(np.array(pen.colour) - paper).max()
    return pen if distance >= _LEAST_CONTRAST else PENS["solid"](sheet.dark, rng)


def write_draft(
    kind: Kind,
    origin: Sources,
    sources: tuple[Source, ...],
    manner: Manner,
    rng: Rng,
    *,
    free: bool = False,
) -> Scribe:
    """Draft a page; what becomes too wide is drafted again, smaller.

    With `free`, the forms of its signs vary as `cnn.synthesis.pages.signs.free_form` draws them.
    """
    layout, mark = str(rng.choice(kind.layouts)), str(rng.choice(kind.marks))
    low, high = _HEIGHTS.get(layout, _USUAL)
    height = round(float(np.exp(rng.uniform(np.log(low), np.log(high)))))
    source: Source = sources[int(rng.integers(len(sources)))]
    if rng.random() < kind.printed:
        source = "print"
    writer, hand = origin.writer(source, manner, rng), origin.hand(rng)
    hand = replace(hand, pen=min(hand.pen, 0.12))
    while True:
        crisp = source == "print"
        scribe = Scribe(
            *(writer, hand, Draft(height), rng, 0.012 * height),
            crisp=crisp,
            free=free,
            alphabets=load_alphabets(origin.part),
        )
        _LAYOUTS[layout](scribe)
        if mark and scribe.draft.items:
            _MARKS[mark](scribe)
        left, top, right, foot = scribe.draft.bounds()
        longest = max(right - left, foot - top)
        if longest <= _WIDEST or height <= _SMALLEST:
            return scribe
        height = max(_SMALLEST, min(height - 1, round(0.85 * height * _WIDEST / longest)))


def _make_room(scribe: Scribe, bleed: float) -> tuple[int, int]:
    """Move the draft to where it lies on its sheet; return the sheet's height and width."""
    rng, height = scribe.rng, scribe.height
    left, top, right, foot = scribe.draft.bounds()
    room = list(scribe.margin or _margins(height, rng))
    wide, tall = right - left, foot - top
    lost = bleed * max(wide + room[0] + room[2], tall + room[1] + room[3]) / (1 - 2 * bleed)
    room = [length + round(lost) for length in room]
    for axis, extent in ((0, wide), (1, tall)):
        spare = _LARGEST - extent
        if room[axis] + room[axis + 2] > spare:
            share = max(0.0, spare / (room[axis] + room[axis + 2]))
            room[axis], room[axis + 2] = (int(share * room[axis + side]) for side in (0, 2))
    # A picture has at least a few pixels, whatever is cut off.
    shape = (max(12, tall + room[1] + room[3]), max(12, wide + room[0] + room[2]))
    scribe.draft.move(room[0] - left, room[1] - top)
    return shape


def _margins(height: int, rng: Rng) -> list[int]:
    most = float(rng.choice([0.5, 1.2, 1.2, 3.0]))
    return [max(2, round(height * share)) for share in rng.uniform(0.15, most, 4)]


def _printer(dark: bool, rng: Rng) -> Pen:
    """Return what lines of forms and words are printed with."""
    tone = rng.uniform(160, 255) if dark else rng.uniform(0, 130)
    colour = (tone, tone, tone)
    if rng.random() < 0.3:
        colour = (tone * 0.5, tone * 0.8, tone) if dark else (tone * 0.4, tone * 0.7, tone + 60)
    return Pen(colour, rng.uniform(0.75, 1.0), 0.0)


def _box(rows: Array, columns: Array) -> tuple[int, int, int, int]:
    left, top = int(columns.min()), int(rows.min())
    return left, top, int(columns.max()) + 1 - left, int(rows.max()) + 1 - top


def _finish(name: str, draft: Draft, sheet: Sheet) -> PageScene:
    """Count the digits that can be seen, and measure the box of everything."""
    numbered = list(enumerate(draft.items, 1))
    truth, owners = sheet.truth([number for number, item in numbered if item.digit >= 0])
    boxes = _boxes(owners)
    seen: list[tuple[int, Item]] = [(n, item) for n, item in numbered if n in boxes]
    digits = [(n, item) for n, item in seen if item.digit >= 0]
    lines = {line: place for place, line in enumerate(sorted({item.line for _, item in digits}))}
    order = np.zeros(len(draft.items) + 1, np.int16)
    for place, (number, _) in enumerate(digits, 1):
        order[number] = place
    rows = [""] * len(lines)
    for _, item in digits:
        rows[lines[item.line]] += str(item.digit)
    return PageScene(
        kind=name,
        picture=as_levels(sheet.picture),
        truth=truth,
        owners=np.where(truth == DIGIT_INK, order[owners], np.int16(0)),
        digits=tuple(PageDigit(i.digit, boxes[n], lines[i.line]) for n, i in digits),
        text="\n".join(rows),
        signs=tuple(PageSign(i.what, boxes[n]) for n, i in seen if i.digit < 0),
    )


def _boxes(owners: Array) -> dict[int, tuple[int, int, int, int]]:
    """Return the box of each item's ink, by its number."""
    rows, columns = np.nonzero(owners)
    values = owners[rows, columns]
    order = np.argsort(values, kind="stable")
    rows, columns, values = rows[order], columns[order], values[order]
    numbers, starts = np.unique(values, return_index=True)
    return {
        int(number): _box(rows[start:stop], columns[start:stop])
        for number, start, stop in zip(numbers, starts, [*starts[1:], len(values)], strict=False)
    }
