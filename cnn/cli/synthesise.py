"""python -m cnn synthesise: draw handwritten digits as the world writes them, and pages."""

from __future__ import annotations

import argparse
import csv
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image
from tqdm import tqdm

from cnn.cli.options import Commands, check_outputs, count, seed
from cnn.evaluation.contact_sheets import contact_sheet, picture_sheet
from cnn.files import atomic_file
from cnn.synthesis.pages import KINDS, compose_pages
from cnn.synthesis.strokes import (
    ALLOGRAPHS,
    RANGES,
    STYLES,
    Trace,
    WrittenDigit,
    as_mnist,
    as_picture,
    draw_hand,
    find_style,
    trace_digit,
    write,
)
from cnn.vision.framing import SIDE

__all__ = ["add"]

Array = npt.NDArray[Any]

_COLUMNS = 11  # of the sheet
_MOST_PIXELS = 2048  # of a side
_PAGES = 2  # of each kind on a sheet


def add(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "synthesise", help="draw handwritten digits in the forms that the world writes"
    )
    parser.set_defaults(command=_run)
    parser.add_argument(
        "--out",
        type=Path,
        metavar="FOLDER|FILE.npz",
        help="a new folder with one for each digit, or a new file of arrays",
    )
    parser.add_argument("--count", type=count, default=1000, help="how many digits (1000)")
    parser.add_argument(
        "--style",
        nargs="+",
        default=["world"],
        metavar="NAME",
        help=f"whose forms, the writers in turn (world): {', '.join(STYLES)}",
    )
    parser.add_argument(
        "--digits", nargs="+", type=int, default=list(range(10)), help="which digits (all)"
    )
    parser.add_argument(
        "--ranges", choices=RANGES, help="what hands are drawn from, instead of the styles' own"
    )
    parser.add_argument(
        "--each", type=count, default=10, help="how many digits each writer writes (10)"
    )
    parser.add_argument(
        "--size",
        type=count,
        default=SIDE,
        help="pixels of a side (28); 28 is normalised as MNIST's pictures, others have a margin",
    )
    parser.add_argument("--seed", type=seed, default=0, help="another seed, other digits (0)")
    parser.add_argument("--sheet", type=Path, help="save a picture of all forms of the styles")
    parser.add_argument("--pages", type=Path, help="save a picture of made pages of every kind")


def _run(options: argparse.Namespace) -> int:
    if options.out is None and options.sheet is None and options.pages is None:
        raise ValueError(
            "nothing to do: add --out FOLDER, --out FILE.npz, --sheet PICTURE or --pages PICTURE"
        )
    if options.size > _MOST_PIXELS:
        raise ValueError(f"--size {options.size} is too large: at most {_MOST_PIXELS} pixels")
    styles = [find_style(name) for name in options.style]
    check_outputs(options.out, pictures=[options.sheet, options.pages])
    written = write(
        styles,
        rng=np.random.default_rng(options.seed),
        digits=options.digits,
        ranges=RANGES.get(options.ranges),
        each=options.each,
    )
    if options.out is not None:
        digits = tqdm(islice(written, options.count), total=options.count, disable=None)
        save = _save_arrays if options.out.suffix.lower() == ".npz" else _save_folder
        with _said_plainly(options.out):
            save(options.out, digits, options)
        writers = -(-options.count // options.each)
        print(f"{options.out}: {options.count:,} digits by {writers:,} writers")
    if options.sheet is not None:
        _draw_sheet(options).save(options.sheet)
    if options.pages is not None:
        _draw_pages(options.seed).save(options.pages)
    return 0


def _draw(trace: Trace, side: int) -> Array:
    return as_mnist(trace) if side == SIDE else as_picture(trace, side)


@contextmanager
def _said_plainly(out: Path) -> Iterator[None]:
    """Refuse what exists, and say what cannot be written."""
    try:
        if out.exists() and not (out.is_dir() and not any(out.iterdir())):
            raise FileExistsError(f"{out} exists already: choose another name, or remove it")
        yield
    except FileExistsError:
        raise
    except OSError as error:
        raise OSError(
            f"{out} cannot be written ({error.strerror or error}): choose another place or name"
        ) from error


def _save_arrays(path: Path, digits: Iterable[WrittenDigit], options: argparse.Namespace) -> None:
    images = np.empty((options.count, options.size, options.size), np.uint8)
    forms, writers = [], []
    for image, digit in zip(images, digits, strict=True):
        image[:] = _draw(digit.trace, options.size)
        forms.append(digit.allograph)
        writers.append(digit.writer)
    with atomic_file(path, overwrite=False) as file:
        np.savez_compressed(
            file,
            images=images,
            labels=np.array([form.digit for form in forms], np.int64),
            allographs=np.array([form.name for form in forms]),
            writers=np.array(writers, np.int64),
        )


def _save_folder(path: Path, digits: Iterable[WrittenDigit], options: argparse.Namespace) -> None:
    """Write PNGs and a table into a folder that takes its name when it is whole."""
    folder = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}-"))
    try:
        with (folder / "labels.csv").open("w", newline="") as file:
            table = csv.writer(file)
            table.writerow(["file", "label", "allograph", "writer"])
            for number, digit in enumerate(digits):
                label, form = digit.allograph.digit, digit.allograph.name
                (folder / str(label)).mkdir(exist_ok=True)
                name = f"{label}/{number:06}.png"
                Image.fromarray(_draw(digit.trace, options.size)).save(folder / name)
                table.writerow([name, label, form, digit.writer])
        folder.chmod(0o755)
        folder.rename(path)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _draw_sheet(options: argparse.Namespace) -> Image.Image:
    """Draw every form of the styles once, each by a writer of its own, with its name."""
    styles = [find_style(name) for name in options.style]
    names: list[str] = []
    pictures: list[Array] = []
    for form in ALLOGRAPHS:
        style = next((style for style in styles if form in style.allographs), None)
        if style is not None and form.digit in options.digits:
            rng = np.random.default_rng([options.seed, len(names)])
            hand = draw_hand(style, rng, ranges=RANGES.get(options.ranges))
            names.append(form.name)
            pictures.append(as_mnist(trace_digit(form, hand, rng)))
    return contact_sheet(np.stack(pictures), names, columns=_COLUMNS).convert("L")


def _draw_pages(seed: int) -> Image.Image:
    """Draw pages of each kind, with its name and the digits on them."""
    made = compose_pages(None, each=_PAGES, seed=seed, sources=("strokes", "fonts"))
    order = list(KINDS)
    scenes = sorted(made, key=lambda scene: order.index(scene.kind))
    texts = (scene.text.replace("\n", "/") or "none" for scene in scenes)
    captions = [f"{scene.kind}\n{text}" for scene, text in zip(scenes, texts, strict=True)]
    return picture_sheet([scene.picture for scene in scenes], captions, columns=10, side=130)
