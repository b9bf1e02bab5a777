"""Pages as people send them, with the truth of every pixel: what is digit, what is not.

`compose_pages` draws them. A page is made of factors that are independent of one another: who
writes (`writers`) what in which layout (`layouts`, `expressions`, `forms`) with which marks beside
it (`marks`), with which pen (`pens`), on what (`grounds`), what that lies on (`surrounds`), and how
a picture is taken of it (`views`). A kind (`kinds`) restricts some of the factors.

Examples
--------
>>> from cnn.synthesis import pages
>>> page = next(pages.compose_pages(None, kinds=["ring"], sources=["strokes"], seed=1))
>>> page.picture.shape[:2] == page.truth.shape
True
>>> "ring" in [sign.what for sign in page.signs]
True
"""

from __future__ import annotations

from cnn.synthesis.pages.compose import SOURCES, compose_pages
from cnn.synthesis.pages.kinds import KINDS, NO_DIGITS, WITH_WORDS
from cnn.synthesis.pages.scene import (
    DIGIT_INK,
    NO_PAGE,
    OTHER_INK,
    PAPER,
    PageDigit,
    PageScene,
    PageSign,
)

__all__ = [
    "DIGIT_INK",
    "KINDS",
    "NO_DIGITS",
    "NO_PAGE",
    "OTHER_INK",
    "PAPER",
    "SOURCES",
    "WITH_WORDS",
    "PageDigit",
    "PageScene",
    "PageSign",
    "compose_pages",
]
