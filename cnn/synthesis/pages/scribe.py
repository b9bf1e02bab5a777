"""A scribe: one writer at work on a draft."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from cnn.synthesis.fonts.letters import ABOVE, CAPITAL, Alphabet
from cnn.synthesis.pages.draft import INKED, Draft, Ink, Item
from cnn.synthesis.pages.shapes import line as draw_line
from cnn.synthesis.pages.signs import LETTERS, SIGNS, draw_sign, free_form
from cnn.synthesis.pages.writers import Writer, enlarge_ink, printed
from cnn.synthesis.strokes import Hand
from cnn.vision.morphology import pen_width

__all__ = ["Scribe"]

Rng = np.random.Generator


# Of the signs that may have another form; of the 1s that are straight lines.
_FREE, _BARS = 0.7, 0.3


def _level(place: float) -> float:
    return 0.0


@dataclass
class Scribe:
    """Who writes a page, and the draft so far.

    Attributes
    ----------
    writer : Writer
        Of the digits.
    hand : Hand
        Of the signs.
    draft : Draft
        What is written on.
    rng : numpy.random.Generator
        The source of chance.
    wobble : float
        Pixels by which what is drawn without a ruler trembles.
    rise : callable
        How far above the line's start writing stands at a distance from it, in pixels.
    margin : tuple of four int, or None
        Room to the left, above, to the right and below that the layout asks for; negative where the
        picture ends before the writing does.
    crisp : bool
        Whether all digits are equally tall, on a straight line.
    free : bool
        Whether the forms of signs vary widely, and some 1s are straight lines.
    alphabets : tuple of Alphabet
        What words are written in.
    """

    writer: Writer
    hand: Hand
    draft: Draft
    rng: Rng
    wobble: float
    rise: Callable[[float], float] = _level
    margin: tuple[int, int, int, int] | None = None
    crisp: bool = field(default=False)
    free: bool = field(default=False)
    alphabets: tuple[Alphabet, ...] = ()

    @property
    def height(self) -> int:
        """The height of a common digit, in pixels."""
        return self.draft.height

    @property
    def pen(self) -> float:
        """The width of the pen's line, in pixels."""
        return max(1.0, self.hand.pen * self.height)

    def draw(self, digit: int | None = None, *, size: float = 1.0) -> Item:
        """Return a digit, drawn at random if none is asked for, that lies nowhere yet."""
        if digit is None:
            digit = int(self.rng.integers(10))
        height = size * self.height * (1 if self.crisp else self.rng.uniform(0.9, 1.08))
        if self.free and digit == 1 and self.rng.random() < _BARS:
            return self._bar(height)
        return Item("digit", self.writer.write(digit, height, self.rng), 0, 0, digit=digit)

    def _bar(self, height: float) -> Item:
        """Return a 1 as drawing programs draw it: a straight line, as wide as the writer's pen."""
        width = pen_width(self.writer.write(8, height, self.rng) > INKED)
        width *= self.rng.uniform(0.8, 1.2)
        lean = float(height * np.tan(np.deg2rad(self.rng.normal(0, 5))))
        ends = (max(0.0, lean), width / 2, max(0.0, -lean), height - width / 2)
        return replace(
            draw_line("digit", ends, width, ink="pen", rng=self.rng), left=0, top=0, digit=1
        )

    def put(self, item: Item, left: float, foot: float, *, line: int) -> int:
        """Write a digit that stands on a line; return where its right edge is."""
        shake = 0.0 if self.crisp else 0.03 * self.height * self.rng.standard_normal()
        top = round(foot - self.rise(left) + shake) - item.cover.shape[0]
        placed = replace(item, left=round(left), top=top, line=line)
        self.draft.add(placed)
        return placed.right

    def digit(
        self,
        left: float,
        foot: float,
        *,
        line: int,
        digit: int | None = None,
        size: float = 1.0,
    ) -> int:
        """Draw a digit and put it; return where its right edge is."""
        return self.put(self.draw(digit, size=size), left, foot, line=line)

    def sign(
        self, what: str, left: float, foot: float, *, size: float = 1.0, ink: Ink = "pen"
    ) -> int:
        """Write a sign or a letter beside digits; return where its right edge is."""
        height = size * self.height
        strokes = SIGNS.get(what) or LETTERS[what]
        if self.free and self.rng.random() < _FREE:
            strokes = free_form(what, self.rng) or strokes
        name = what if what in SIGNS else "letter"
        hand = self.hand
        if name in ("point", "colon", "comma"):
            hand = replace(hand, pen=max(1.3 * hand.pen, 2 / height), taper=0.2 * hand.taper)
        cover, top = draw_sign(strokes, hand, height, self.rng)
        item = Item(name, cover, round(left), round(foot - self.rise(left) - height + top), ink)
        self.draft.add(item)
        return item.right

    def printed(
        self, text: str, left: float, foot: float, *, height: float, ink: Ink = "print"
    ) -> int:
        """Print a word; return where its right edge is."""
        cover = printed(text, height, bold=bool(self.rng.random() < 0.2))
        item = Item("word", cover, round(left), round(foot) - cover.shape[0], ink)
        self.draft.add(item)
        return item.right

    def word(
        self, alphabet: Alphabet, text: str, left: float, foot: float, *, height: float
    ) -> int:
        """Write a word whose capitals have a height; return where its right edge is."""
        strip = alphabet.write(text)
        by_hand = alphabet.style == "handwriting"
        lean = float(self.rng.normal(0, 4)) if by_hand else 0.0
        scale = height / CAPITAL
        cover = enlarge_ink(strip, scale, lean, float(self.rng.uniform(0.3, 0.55)))
        above = ABOVE - int(np.argmax((strip > INKED).any(axis=1)))
        shake = 0.04 * height * self.rng.standard_normal() if by_hand else 0.0
        top = round(foot - self.rise(left) + shake - scale * above)
        self.draft.add(Item("word", cover, round(left), top, "pen" if by_hand else "print"))
        return self.draft.items[-1].right

    def gap(self, share: float = 0.22) -> int:
        """Return a distance between digits, in pixels."""
        return max(2, round(self.height * share * self.rng.uniform(0.5, 1.6)))
