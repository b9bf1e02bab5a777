"""Draw the digits of all families, once: `make fonts` fetches the fonts and calls this.

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
from cnn.synthesis.fonts.families import TEST, TRAINING

__all__ = ["main"]

_LARGE = 200  # pixels for an em, before a digit is reduced
_LICENCE = "OFL-1.1"


def main(folder: Path) -> None:
    """Write the file with the digits of all families, and the one with their owners.

    Raises
    ------
    ValueError
        If a family is under another licence.
    """
    arrays: dict[str, npt.NDArray[Any]] = {}
    owners = ["The digits in glyphs.npz are drawn with these fonts, all under the SIL Open Font"]
    owners += ["License 1.1, https://openfontlicense.org:", ""]
    for part, families in (("training", TRAINING), ("test", TEST)):
        for family in families:
            package = folder / family
            about = json.loads((package / "package.json").read_text(encoding="utf-8"))
            if about["license"] != _LICENCE:
                raise ValueError(f"{family} is under {about['license']}, not {_LICENCE}")
            arrays[f"{part}/{family}"] = _draw(_find(package, family))
            owners.append(f"{family}: {_owner(package)}")
    np.savez_compressed(FILE, allow_pickle=False, **arrays)
    FILE.with_name("OWNERS.txt").write_text("\n".join(owners) + "\n", encoding="utf-8")


def _find(package: Path, family: str) -> Path:
    return package / "files" / f"{family}-latin-400-normal.woff"


def _owner(package: Path) -> str:
    lines = (package / "LICENSE").read_text(encoding="utf-8").splitlines()
    return next(line.strip() for line in lines if line.strip())


def _draw(path: Path) -> npt.NDArray[np.uint8]:
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


if __name__ == "__main__":
    main(Path(sys.argv[1]))
