"""Draw the digits and letters of all families, once: `make fonts` fetches the fonts and calls this.

    python -m cnn.synthesis.fonts.render FOLDER

FOLDER is where npm has put the packages `@fontsource/…`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont, ImageOps

from cnn.synthesis.fonts import FILE, GLYPH
from cnn.synthesis.fonts.families import PRINT_TEST, PRINT_TRAINING, TEST, TRAINING
from cnn.synthesis.fonts.letters import ABOVE, BELOW, CAPITAL, CHARACTERS, LETTERS_FILE

__all__ = ["main"]

Array = npt.NDArray[Any]

_LARGE = 200  # pixels for an em, before it is reduced
_LICENCE = "OFL-1.1"


def main(folder: Path) -> None:
    """Write the files with the digits and letters of all families, and that with their owners.

    Raises
    ------
    ValueError
        If a family is under another licence.
    """
    digits: dict[str, Array] = {}
    letters: dict[str, Array] = {}
    owners = ["The digits in glyphs.npz and the letters in letters.npz are drawn with these fonts,"]
    owners += ["all under the SIL Open Font License 1.1, https://openfontlicense.org:", ""]
    for part, style, families in (
        ("training", "handwriting", TRAINING),
        ("test", "handwriting", TEST),
        ("training", "print", PRINT_TRAINING),
        ("test", "print", PRINT_TEST),
    ):
        for family in families:
            package = folder / family
            about = json.loads((package / "package.json").read_text(encoding="utf-8"))
            if about["license"] != _LICENCE:
                raise ValueError(f"{family} is under {about['license']}, not {_LICENCE}")
            path = package / "files" / f"{family}-latin-400-normal.woff"
            if style == "handwriting":
                digits[f"{part}/{family}"] = _draw_digits(path)
            strip, table = _draw_letters(path)
            letters |= {f"{part}/{style}/{family}/strip": strip}
            letters |= {f"{part}/{style}/{family}/table": table}
            owners.append(f"{family}: {_owner(package)}")
    np.savez_compressed(FILE, allow_pickle=False, **digits)
    np.savez_compressed(LETTERS_FILE, allow_pickle=False, **letters)
    FILE.with_name("OWNERS.txt").write_text("\n".join(owners) + "\n", encoding="utf-8")


def _owner(package: Path) -> str:
    lines = (package / "LICENSE").read_text(encoding="utf-8").splitlines()
    return next(line.strip() for line in lines if line.strip())


def _draw_digits(path: Path) -> Array:
    """Return the ten digits of a font, (10, GLYPH, GLYPH), white on black, in the middle."""
    font = ImageFont.truetype(path, _LARGE)
    digits = []
    for digit in range(10):
        page = Image.new("L", (3 * _LARGE, 3 * _LARGE))
        middle = (1.5 * _LARGE, 1.5 * _LARGE)
        ImageDraw.Draw(page).text(middle, str(digit), font=font, fill=255, anchor="mm")
        tight = ImageOps.contain(page.crop(page.getbbox()), (GLYPH, GLYPH), Image.Resampling.BOX)
        digits.append(np.asarray(ImageOps.pad(tight, (GLYPH, GLYPH))))
    return np.stack(digits)


def _draw_letters(path: Path) -> tuple[Array, Array]:
    """Return the strip of a font's `CHARACTERS`, of 16 levels, and the table beside it, (3, N)."""
    large = ImageFont.truetype(path, _LARGE)
    top, foot = large.getbbox("H", anchor="ls")[1::2]
    font = ImageFont.truetype(path, _LARGE * CAPITAL / (foot - top))
    drawn, table = [], []
    for one in CHARACTERS:
        left, _, right, _ = font.getbbox(one, anchor="ls")
        page = Image.new("L", (max(1, round(right - left) + 1), ABOVE + BELOW))
        ImageDraw.Draw(page).text((-left, ABOVE), one, font=font, fill=255, anchor="ls")
        drawn.append(np.asarray(page) >> 4)
        table.append((page.width, round(left), round(font.getlength(one))))
    return np.hstack(drawn) * np.uint8(17), np.array(table, np.int16).T


if __name__ == "__main__":
    main(Path(sys.argv[1]))
