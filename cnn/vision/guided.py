"""Guided binarisation: the ink of the digits of a picture, by what a page map says of it.

The map is coarse, but tells a digit's ink from that of a box or a letter, and a page from the
table that it lies on. The picture is exact. Where the map says "paper" or "digit", the levels of
paper and ink are measured; what stands out as much is ink, and of the ink what the map takes for
digits' stays.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

from cnn.vision.binarise import (
    GRAINY,
    SMALL,
    Ink,
    as_dark_ink,
    choose_window,
    darkness_of,
    estimate_paper,
    soften,
)
from cnn.vision.components import Components, find_components
from cnn.vision.dotted import join_dots
from cnn.vision.frames import find_frames
from cnn.vision.morphology import neighbours, pen_width
from cnn.vision.page_map import PageMap, enlarge

__all__ = ["find_guided_ink"]

Array = npt.NDArray[Any]

_SURE = 0.5  # probability from which on a point is taken for what the map says
_FEWEST = 8  # points of digits' ink: fewer are none
_AROUND = 0.04  # of the longer side: how far around the digits their paper is looked at
_PEAK = 0.9  # of the points of ink: the darkest are as dark as a pen writes
_PALEST, _DARKEST = 0.3, 0.5  # of the ink's darkness: bounds of the threshold
_NOISE = 4.5  # standard deviations of the paper's noise between paper and ink
_MOST = 3000  # components: there are no more on a page that can be read
_CELLS = 40  # of a page, along its longer side: in each the paper has a level
_PENS = 10  # widths of a digit's stroke by the map: the window of the closing is no wider
_CLEAN = 0.2  # probability of other ink below which a digit's darkness is measured there
_MOSTLY = 0.3  # of the points of digits: if fewer are clean, all of them are measured
_PALE, _LEAST_PALE = 0.6, 0.35  # of the usual darkness of digits: paler ones; the least that counts
_SPREAD = 0.3  # of a digit's height: so far around a pale digit its own darkness counts
_OWN, _STRANGE = 0.75, 0.1  # share of digits' ink in a component: with more or less, it is no frame
_LARGER = 1.5  # of the digits' height: what is no larger is one thing, divided if framed or struck
_MUCH_LARGER, _NEARLY = 3.0, 0.85  # of the digits' height; share of digits' ink: not divided either
_ALL = 0.95  # share of digits' ink in a larger component from which on it is not divided
_SMALLEST_FRAME, _FRAMED = 0.5, 0.85  # of a digit's height; of a component's sides
_EDGE, _CLEARER = 0.12, 0.2  # of a side: a frame's edge; less of a digit's ink is there than within
_NO_FRAME = 0.8  # share of digits' ink from which on a point is on no frame
_CERTAIN, _BOTH = 0.25, 0.75  # from 0.5: a share that is certain; so much of a struck component is
_OUT = 0.08  # of its sides: a line through a digit goes so far beyond it
_ONE = 0.4  # share of digits' ink in what is no larger than a digit, from which on it is one
_DOTTED = 0.25  # the same in the dots of a digit to be traced, which look like other ink
_PIECE = 0.7  # share of digits' ink in a piece of what is divided: below, it is none
_LINES = 0.1  # a grid's median share of digits' ink: it is lines
_PLACES = 4  # of a usual row and of a usual column: in more of them a grid has ink
# Share of digits' ink among the lines of a grid: of a point, a piece, some of its points; so many.
_AMONG, _PIECE_AMONG, _PEAK_AMONG, _PEAKS = 0.2, 0.3, 0.4, 0.1
_GRIDS = 8  # components, the largest, that may be grids
_EACH = 200  # components, the largest, that are looked at one by one: no page has so many digits
_FAINT = 0.15  # mean probability of ink: below, the map sees no ink in a component


def find_guided_ink(image: Image.Image, page: PageMap) -> Ink | None:
    """Separate the ink of digits from everything else.

    Parameters
    ----------
    image : PIL.Image.Image
        Of mode L or RGB.
    page : PageMap
        Of the same picture.

    Returns
    -------
    Ink or None
        None if there is no digit's ink, or too much of everything.
    """
    digit, paper, outside = (
        enlarge(part, image.size) > _SURE for part in (page.digit, page.paper, page.outside)
    )
    if np.count_nonzero(digit) < _FEWEST:
        return None
    luminance = np.asarray(image.convert("L"))
    near = _paper_around(digit, paper)
    clean = digit & (enlarge(page.other, image.size) < _CLEAN)
    if np.count_nonzero(clean) > _MOSTLY * np.count_nonzero(digit):
        digit = clean
    light_on_dark = bool(np.median(luminance[digit]) > np.median(luminance[near]))
    grey = as_dark_ink(image, light_on_dark=light_on_dark)
    levels = np.asarray(grey)
    # What is no page becomes paper: no shadow falls from it.
    large = min(image.size) >= SMALL
    usual = np.uint8(np.median(levels[near]))
    if outside.any():
        beyond = _continue_paper(levels, paper & ~outside, usual) if large else usual
        levels = np.where(outside, beyond, levels)
    grey = Image.fromarray(levels)
    window = choose_window(grey)
    if large:  # edges of the page may pass for those of strokes
        window = min(window, round(_PENS * pen_width(digit)))
    blank = np.asarray(estimate_paper(grey, window))
    darkness = darkness_of(levels, blank)
    measured = _measure(darkness, paper | near, digit)
    if large and measured.noise > GRAINY * measured.span:
        darkness = darkness_of(np.asarray(soften(grey, window)), blank)
        measured = _measure(darkness, paper | near, digit)
    span = _spans(darkness - measured.level, digit, measured.span)
    strength = np.clip((darkness - measured.level) / span, 0, 1)
    threshold = np.clip(_NOISE * measured.noise / span, _PALEST, _DARKEST)
    mask = (strength > threshold) & ~outside
    ink = page.digit + page.other
    share = enlarge(page.digit / np.maximum(ink, 1e-3), image.size)
    inked = enlarge(ink, image.size)
    divided = _divide_ink(mask, share, inked)
    if divided is None:
        return None
    kept, removed = divided
    traced = _trace_dots(mask & (inked > _FAINT), share)
    if traced is not None:
        strength[traced & ~mask] = np.median(strength[mask])
        kept = traced
    strength[mask & ~kept] = 0
    removed &= ~kept
    contrast = measured.span / max(1 - measured.level, 1e-3)
    return Ink(levels, blank, strength, kept, contrast, measured.noise, light_on_dark, removed)


def _continue_paper(levels: Array, paper: Array, usual: np.uint8) -> Array:
    """Return the levels (H, W) of a page as if it went on beyond its edges, by those near them."""
    factor = max(1, max(levels.shape) // _CELLS)
    share, sums = (
        np.asarray(Image.fromarray(one.astype(np.float32)).reduce(factor))
        for one in (paper, np.where(paper, levels, 0))
    )
    known = share > _SURE
    if not known.any():
        return np.full(levels.shape, usual)
    cells = np.where(known, sums / np.maximum(share, 1e-3), 0)
    while not known.all():
        around = neighbours(known)
        mean = (neighbours(cells) * around).sum(axis=0) / np.maximum(around.sum(axis=0), 1)
        cells = np.where(known, cells, mean)
        known = known | around.any(axis=0)
    return enlarge(cells.astype(np.float32), levels.shape[::-1]).astype(np.uint8)


@dataclass(frozen=True)
class _Measured:
    """Darkness of the paper, its noise, and how much darker ink is."""

    level: float
    noise: float
    span: float


def _measure(darkness: Array, paper: Array, ink: Array) -> _Measured:
    blank = darkness[paper]
    level = float(np.median(blank))
    noise = 1.4826 * float(np.median(np.abs(blank - level)))
    return _Measured(level, noise, max(float(np.quantile(darkness[ink], _PEAK)) - level, 1e-3))


def _spans(darkness: Array, digit: Array, usual: float) -> Array:
    """Return for each point how much darker than paper ink is: beside pale digits it is less."""
    components = find_components(digit)
    spans = np.full(digit.shape, np.float32(usual))
    for number in np.argsort(-components.area, kind="stable")[:_EACH]:
        if components.area[number] < _FEWEST:
            break
        left, top, right, bottom = components.boxes[number]
        place = slice(top, bottom), slice(left, right)
        own = components.draw(np.array([number]), *place)
        span = float(np.quantile(darkness[place][own], _PEAK))
        if span < _PALE * usual:
            reach = max(2, round(_SPREAD * (bottom - top)))
            around = (
                slice(max(0, top - reach), bottom + reach),
                slice(max(0, left - reach), right + reach),
            )
            spans[around] = np.minimum(spans[around], max(span, _LEAST_PALE * usual))
    return spans


def _paper_around(digit: Array, paper: Array) -> Array:
    """Return the paper near the digits; where the map sees none, all that is no digit's ink."""
    reach = max(3, int(_AROUND * max(digit.shape)))
    blurred = Image.fromarray(digit.view(np.uint8) * 255).filter(ImageFilter.BoxBlur(reach))
    near = (np.asarray(blurred) > 0) & paper
    for some in (near, paper, ~digit):
        if np.count_nonzero(some) >= _FEWEST:
            return some
    return np.ones(digit.shape, bool)


def _divide_ink(mask: Array, share: Array, inked: Array) -> tuple[Array, Array] | None:
    """Return the ink of digits and the other, bool (H, W); None if there are too many pieces.

    `share` is that of digits' ink in all ink by the map, `inked` the probability of any. Of
    too many pieces only those of digits' ink by the map are looked at, and frames are removed.
    A component is kept or dropped as a whole where it is no larger than a digit, or the map is sure
    of most of it. One of digits and other ink is divided by the map, if it is larger, has a frame
    round it, or is struck through; those pieces stay of which the map is sure, and in a grid, of
    whose lines it is sure, those of which it is less so.
    """
    components = find_components(mask)
    if len(components) > _MOST:
        # All over dithered paper there are dots.
        mask = mask & (share > _SURE) & (inked > _SURE)
        components = find_components(mask)
    if len(components) > _MOST:
        return None
    everywhere = slice(0, mask.shape[0]), slice(0, mask.shape[1])
    frames = find_frames(components, mask.shape)
    if frames is not None:
        grids = _find_grids(components, np.arange(len(components)), share)
        frames &= (share < _NO_FRAME) & ~components.draw(grids, *everywhere)
        components = find_components(mask & ~frames)
    own, seen = components.mean(share), components.mean(inked)
    is_ink = seen > _FAINT
    wide, high = (components.boxes[:, 2:] - components.boxes[:, :2]).T
    is_own = is_ink & (own > _OWN)
    tall = _usual_height(high, is_own, is_ink & (own > _SURE))
    longest = np.maximum(wide, high)
    is_one = longest <= _LARGER * tall
    is_nearly = (longest <= _MUCH_LARGER * tall) & (own > _NEARLY)
    whole = (is_own & (is_one | is_nearly | (own > _ALL))) | (is_ink & is_one & (own > _ONE))
    mixed = is_ink & ~is_one & ~whole
    is_large = np.minimum(wide, high) >= _SMALLEST_FRAME * tall
    doubtful = np.flatnonzero(is_ink & is_one & is_large & (own >= _STRANGE) & (own <= _OWN))
    for one in doubtful[np.argsort(-components.area[doubtful], kind="stable")[:_EACH]]:
        if _is_framed(components, one, share) or _is_struck(components, one, share):
            whole[one], mixed[one] = False, True
    kept = components.draw(np.flatnonzero(whole), *everywhere)
    grids = _find_grids(components, np.flatnonzero(mixed), share)
    mixed[grids] = False
    for some, point, piece, peaks in (
        (np.flatnonzero(mixed), _SURE, _PIECE, 0.0),
        (grids, _AMONG, _PIECE_AMONG, _PEAKS),
    ):
        pieces = find_components(components.draw(some, *everywhere) & (share > point))
        clear = pieces.mean(share) > piece
        clear &= pieces.mean((share > _PEAK_AMONG).astype(np.float32)) >= peaks
        kept |= pieces.draw(np.flatnonzero(clear), *everywhere)
    removed = components.draw(np.flatnonzero(is_ink), *everywhere) & ~kept
    return kept, removed if frames is None else removed | frames


def _cut_out(components: Components, one: np.signedinteger, share: Array) -> tuple[Array, Array]:
    """Return a component and the share of digits' ink in its box, (h, w) each."""
    left, top, right, bottom = components.boxes[one]
    place = slice(top, bottom), slice(left, right)
    return components.draw(np.array([one]), *place), share[place]


def _is_struck(components: Components, one: np.signedinteger, share: Array) -> bool:
    """Say whether other ink, of which the map is sure, goes beyond a digit at opposite sides."""
    mask, share = _cut_out(components, one, share)
    if np.mean(np.abs(share[mask] - 0.5) > _CERTAIN) <= _BOTH:
        return False
    own = np.nonzero(mask & (share > _SURE))
    return any(
        len(at) > 0 and at.min() > _OUT * side and at.max() < (1 - _OUT) * side - 1
        for at, side in zip(own, mask.shape, strict=True)
    )


def _trace_dots(dots: Array, share: Array) -> Array | None:
    """Return the digits that are dots to be traced, as strokes; None if there are none."""
    joined = join_dots(dots)
    if joined is None:
        return None
    components = find_components(joined)
    own = components.mean(share * dots) / np.maximum(components.mean(dots.astype(np.float32)), 1e-3)
    is_digit = own > _DOTTED
    if not is_digit.any():
        return None
    return components.draw(
        np.flatnonzero(is_digit), slice(0, dots.shape[0]), slice(0, dots.shape[1])
    )


def _find_grids(components: Components, some: Array, share: Array) -> Array:
    """Return those of some components, the largest, that are grids."""
    largest = some[np.argsort(-components.area[some], kind="stable")[:_GRIDS]]
    return np.array([one for one in largest if _is_grid(components, one, share)], np.intp)


def _is_grid(components: Components, one: np.signedinteger, share: Array) -> bool:
    """Say whether a component is lines, in several places of a usual row and of a usual column."""
    mask, share = _cut_out(components, one, share)
    return bool(np.median(share[mask]) < _LINES) and all(
        np.count_nonzero(np.diff(mask.view(np.int8), axis=axis, prepend=0) == 1)
        > _PLACES * mask.shape[1 - axis]
        for axis in (0, 1)
    )


def _usual_height(high: Array, *some: Array) -> float:
    """Return the median height of the first of some components of which there are any, or 0."""
    return next((float(np.median(high[one])) for one in some if one.any()), 0.0)


def _is_framed(components: Components, one: np.signedinteger, share: Array) -> bool:
    """Say whether what is no digit's ink in a component reaches from side to side, both ways.

    Along its edges there is less of a digit's than within: in a thin digit that the map is unsure
    of, there is as much.
    """
    mask, share = _cut_out(components, one, share)
    foreign = np.nonzero(mask & (share <= _SURE))
    if any(
        not len(at) or np.ptp(at) + 1 < _FRAMED * side
        for at, side in zip(foreign, mask.shape, strict=True)
    ):
        return False
    inner = np.zeros_like(mask)
    down, across = (max(1, round(_EDGE * side)) for side in mask.shape)
    inner[down:-down, across:-across] = True
    within, around = share[mask & inner], share[mask & ~inner]
    return bool(within.size and around.size and within.mean() > around.mean() + _CLEARER)
