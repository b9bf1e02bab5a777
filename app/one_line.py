"""Names and titles that people type: something to see, in one line."""

from __future__ import annotations

__all__ = ["is_one_line"]

#: They join letters in names of Persian or Malayalam, and the parts of an emoji.
_JOINERS = str.maketrans("", "", "\u200c\u200d")


def is_one_line(text: str, *, most: int) -> bool:
    """Say whether a text has 1 to `most` characters, all of which can be seen in one line."""
    seen = text.translate(_JOINERS)
    return len(text) <= most and bool(seen.strip()) and seen.isprintable()
