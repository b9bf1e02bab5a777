"""Show what a generator of a folder's pictures makes, beside pictures that it is to resemble.

    .venv/bin/python -m benchmarks.generator_pictures faces FOLDER
    .venv/bin/python -m benchmarks.generator_pictures show FILE.dnm PICTURE... --out FILE.png

`faces` writes the 100 faces of scikit-image's `lfw_subset`, which must be installed. `show` draws a
column for each picture: itself, as the network sees it; made from its code without chance; three
new ones like it; and below a line two rows at random.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from cnn.data.pictures import fit_picture
from cnn.models.generator import Generator, load_generator
from cnn.vision.decode import open_picture

Pictures = npt.NDArray[np.uint8]

_FACES = 100  # the first half of the data set
_LIKE, _RANDOM = 3, 2  # rows
_LARGER = 2
_LINE = 4  # pixels


def write_faces(folder: Path) -> None:
    """Write the faces as PNG files."""
    from skimage.data import lfw_subset  # no part of the project's requirements

    folder.mkdir(parents=True, exist_ok=True)
    for number, face in enumerate(lfw_subset()[:_FACES]):
        Image.fromarray(np.rint(face * 255).astype(np.uint8)).save(folder / f"{number:03}.png")
    print(f"{folder}: {_FACES} faces")


def draw(generator: Generator, given: Pictures) -> Pictures:
    """Return the rows below one another, (C, H, W), of pictures (N, C, h, w)."""
    count, rng = len(given), np.random.default_rng(0)
    labels = np.zeros(count, np.int64)
    codes = generator.encode(given, labels)
    alike = [codes]
    alike += [
        np.concatenate([generator.vary(code, 1, rng=rng) for code in codes]) for _ in range(_LIKE)
    ]
    rows = [given, *(generator.make(some, labels) for some in alike)]
    drawn = [generator.make(generator.draw(count, rng=rng), labels) for _ in range(_RANDOM)]
    above, below = (
        np.concatenate([np.concatenate(list(row), axis=2) for row in part], axis=1)
        for part in (rows, drawn)
    )
    line = np.full((len(above), _LINE // _LARGER, above.shape[2]), 255, np.uint8)
    sheet = np.concatenate([above, line, below], axis=1)
    return sheet.repeat(_LARGER, axis=1).repeat(_LARGER, axis=2)


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    faces = commands.add_parser("faces")
    faces.add_argument("folder", type=Path)
    show = commands.add_parser("show")
    show.add_argument("generator", type=Path)
    show.add_argument("pictures", type=Path, nargs="+")
    show.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    if options.command == "faces":
        write_faces(options.folder)
        return
    generator = load_generator(options.generator)
    channels, height, width = generator.shape
    given = [fit_picture(open_picture(one), (height, width), channels) for one in options.pictures]
    sheet = draw(generator, np.stack(given))
    image = Image.fromarray(np.ascontiguousarray(sheet.transpose(1, 2, 0)).squeeze())
    image.save(options.out, optimize=True)
    print(f"{options.out}: {options.out.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
