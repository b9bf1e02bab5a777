"""The forms in which user names are stored, to find equal ones and such as look alike.

Two names are equal (`name_key`) if they differ only in case, compatibility forms, spaces or
invisible characters: a person logs in with any of them. A new name must not look like one
that is taken, that is, have a shape in common with it (`name_shapes`).
"""

from __future__ import annotations

import json
import re
import unicodedata
from functools import cache
from importlib.resources import files

__all__ = ["LONGEST_FORM", "name_key", "name_shapes"]

#: Characters of a key or shape that the database has room for.
LONGEST_FORM = 1024

_LONGEST_TYPED = 256  # characters that are considered; more would only cost time
# Invisible after NFKC: fillers, variation selectors, blank Braille.
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)
# Letters that look like two others. UTS 39 has only rn for m; more, such as ii for u or
# 5 for S, would refuse more honest names than imitations.
_PAIRS = {"w": "vv", "d": "cl"}
_BELOW = 220  # the combining class of marks below a letter
_MAKING_LETTERS = (1, 202, 216)  # of overlays, and of what is attached below or above
_COMMA_BELOW = "\u0326"  # part of Romanian letters; the prototype of the cedilla as well


def name_key(name: str) -> str:
    """Return a name after folding, which is equal for equal names; any database can store it."""
    return _fold(_typed(name))


def name_shapes(name: str) -> frozenset[str]:
    """Return the shapes of a name: as typed, and in lower case.

    Shapes are skeletons of Unicode Technical Standard 39. Paul and pauI have one in common
    by the letters as typed, and CLOUD and doud by their small ones. One shape of both
    kinds would make ian the same as lan, and Elia the same as Ella.
    """
    typed = _typed(name)
    return frozenset(_settle(start) for start in (_fold(_skeleton(typed)), _fold(typed)))


def _typed(name: str) -> str:
    return unicodedata.normalize("NFKC", name[:_LONGEST_TYPED])


def _fold(text: str) -> str:
    """Return the text case-folded and in NFKC, without invisible characters."""
    small = unicodedata.normalize("NFKC", text.casefold())
    # Fold again: NFKC turns a few letters into capitals.
    spaced = " ".join(unicodedata.normalize("NFKC", small.casefold()).split())
    seen = (c for c in _UNSEEN.sub("", spaced) if unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
    return unicodedata.normalize("NFKC", " ".join("".join(seen).split()))


def _settle(text: str) -> str:
    """Repeat skeleton and folding until nothing changes: some prototypes are capitals."""
    while (further := _fold(_skeleton(text))) != text:
        text = further
    return text


def _skeleton(text: str) -> str:
    prototypes = _prototypes()
    apart = unicodedata.normalize("NFD", _UNSEEN.sub("", text))
    alike = unicodedata.normalize("NFD", "".join(prototypes.get(char, char) for char in apart))
    composed = unicodedata.normalize("NFC", "".join(c for c in alike if not _is_below(c)))
    # Marks that compose, as in ä, are a part of somebody's spelling; the others are ornament.
    return "".join(char for char in composed if not _is_ornament(char))


def _is_below(char: str) -> bool:
    """Say whether a mark below, a bar or dot, is hidden by the underline of a link."""
    return _is_ornament(char) and unicodedata.combining(char) == _BELOW


def _is_ornament(char: str) -> bool:
    """Say whether a character is a combining mark that may follow any letter of any script.

    Strokes through a letter, and attached marks, make another letter and are none.
    """
    if unicodedata.category(char) != "Mn" or char == _COMMA_BELOW:
        return False
    of_any_script = unicodedata.name(char, "").startswith("COMBINING ")
    return of_any_script and unicodedata.combining(char) not in _MAKING_LETTERS


@cache
def _prototypes() -> dict[str, str]:
    """Return the prototype of each confusable character (UTS 39)."""
    text = files("confusable_homoglyphs").joinpath("confusables.json").read_text("utf-8")
    # Some entries are wrapped in marks that keep right-to-left letters in place on a page.
    groups = {
        char.strip("\u200e"): [other["c"].strip("\u200e") for other in others]
        for char, others in json.loads(text).items()
    }
    standard = {
        char: others[0]
        for char, others in groups.items()
        # A prototype lists all its look-alikes; each of these lists the prototype alone.
        if len(others) == 1 and (len(groups[others[0]]) > 1 or others[0] < char)
    }
    return standard | _PAIRS
