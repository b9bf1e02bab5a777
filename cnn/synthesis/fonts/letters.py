"""Letters and digits of fonts, to write words with as they stand beside digits.

`letters.npz` holds those of the families in `families`; `make fonts` draws it again.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from cnn.synthesis.fonts import Part

__all__ = [
    "ABOVE",
    "BELOW",
    "CAPITAL",
    "CHARACTERS",
    "LETTERS_FILE",
    "Alphabet",
    "Style",
    "load_alphabets",
]

Array = npt.NDArray[Any]
Style = Literal["handwriting", "print"]

#: Where the letters of all families lie.
LETTERS_FILE = Path(__file__).with_name("letters.npz")
#: The characters of an alphabet.
CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.,:!?-"
#: Pixels of an H there, and of the room above and below the line that it stands on.
CAPITAL, ABOVE, BELOW = 24, 36, 16


@dataclass(frozen=True, eq=False)
class Alphabet:
    """The letters of one family.

    Attributes
    ----------
    family : str
        Its name.
    style : {"handwriting", "print"}
        Whether it looks like a pen's writing.
    strip : ndarray of uint8, (ABOVE + BELOW, W)
        All `CHARACTERS` side by side, white on black.
    widths, bearings, advances : ndarray of int64, (N,)
        Of each in pixels: its width in the strip; from where the pen is to its left edge; from
        there to where the pen is behind it.
    """

    family: str
    style: Style
    strip: Array
    widths: Array
    bearings: Array
    advances: Array

    def write(self, text: str) -> Array:
        """Write `CHARACTERS`, uint8 (ABOVE + BELOW, W), white on black.

        Raises
        ------
        ValueError
            It has other characters, or none.
        """
        if not text or set(text) - set(CHARACTERS):
            raise ValueError(f"expected some of {CHARACTERS}, got {text!r}")
        places = np.array([CHARACTERS.index(one) for one in text])
        pens = np.concatenate([[0], np.cumsum(self.advances[places])])
        lefts = pens[:-1] + self.bearings[places]
        lefts -= lefts.min()
        starts = np.cumsum(self.widths) - self.widths
        page = np.zeros((len(self.strip), int((lefts + self.widths[places]).max())), np.uint8)
        for place, left in zip(places, lefts, strict=True):
            width, start = self.widths[place], starts[place]
            under = page[:, left : left + width]
            np.maximum(under, self.strip[:, start : start + width], out=under)
        return page


@lru_cache(maxsize=2)
def load_alphabets(part: Part) -> tuple[Alphabet, ...]:
    """Return the alphabets of all families of a part."""
    with np.load(LETTERS_FILE, allow_pickle=False) as file:
        names = [name.split("/") for name in file.files if name.startswith(f"{part}/")]
        return tuple(
            Alphabet(
                family,
                "print" if style == "print" else "handwriting",
                file["/".join((part, style, family, "strip"))],
                *file["/".join((part, style, family, "table"))].astype(int),
            )
            for _, style, family, what in names
            if what == "strip"
        )
