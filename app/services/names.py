"""User names: which are allowed, and which look the same."""

from __future__ import annotations

import json
import re
import unicodedata
from functools import cache
from importlib.resources import files

from app.errors import AccountError

__all__ = ["check_name", "name_key"]

_LONGEST = 64
_LONGEST_TYPED = 256  # characters: more are not looked at, they only cost time
_LONGEST_KEY = 1024
# What has no shape of its own, after NFKC: fillers, selectors of variants, blank Braille.
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)


def check_name(name: str) -> None:
    """Raise AccountError with a sentence if a name cannot be taken."""
    if not 1 <= len(name) <= _LONGEST:
        raise AccountError(f"A user name has 1 to {_LONGEST} characters.")
    if name != name.strip():
        raise AccountError("A user name neither begins nor ends with a space.")
    # Control characters, surrogates, unassigned: nobody could see or type them.
    if any(unicodedata.category(char) in ("Cc", "Cf", "Cs", "Cn", "Zl", "Zp") for char in name):
        raise AccountError("A user name cannot contain control characters.")
    if not 1 <= len(name_key(name)) <= _LONGEST_KEY:
        raise AccountError("A user name needs characters that can be seen, and not too wide ones.")


def name_key(name: str) -> str:
    """Return what is the same for all names that a person would take for one.

    NFKC with case folding, then the skeleton of Unicode Technical Standard 39; without
    what cannot be seen, which no database could keep either, and with single spaces.
    """
    known = unicodedata.normalize("NFKC", name[:_LONGEST_TYPED])
    spaced = " ".join(unicodedata.normalize("NFKC", known.casefold()).split())
    shapes = unicodedata.normalize("NFD", _UNSEEN.sub("", spaced))
    prototypes = _prototypes()
    seen = (char for char in shapes if unicodedata.category(char) not in ("Cc", "Cf", "Cs"))
    skeleton = "".join(prototypes.get(char, char) for char in seen)
    # The prototype of 0 is a capital O.
    return unicodedata.normalize("NFD", skeleton.casefold())


@cache
def _prototypes() -> dict[str, str]:
    """Return which character or characters stand for each that looks like them."""
    text = files("confusable_homoglyphs").joinpath("confusables.json").read_text("utf-8")
    # Some entries are wrapped in marks that keep right-to-left letters in place on a page.
    groups = {
        char.strip("\u200e"): [other["c"].strip("\u200e") for other in others]
        for char, others in json.loads(text).items()
    }
    return {
        char: others[0]
        for char, others in groups.items()
        # A prototype lists all its look-alikes; each of these lists the prototype alone.
        if len(others) == 1 and (len(groups[others[0]]) > 1 or others[0] < char)
    }
