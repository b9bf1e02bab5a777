"""Worksheets that come back: printed, filled in and photographed by program."""

import io
from functools import cache
from pathlib import Path

import numpy as np
import pypdfium2
from PIL import Image

from cnn.data.dataset import Dataset
from cnn.synthesis.pages.writers import Sources
from cnn.synthesis.sheets import DAMAGES, Printed, Task, fill_in, photograph

SCALE = 8
CAT = Path(__file__).parents[1] / "photographs" / "cat.jpg"


def print_page(pdf, number=0):
    """Return a page of a PDF as it comes from the printer, uint8 (H, W, 3)."""
    with pypdfium2.PdfDocument(pdf) as document:
        shown = document[number].render(scale=SCALE * 25.4 / 72, rev_byteorder=True).to_numpy()
    return shown[:, :, :3].copy()


def fill_page(pdf, layout, number=0, *, page=0, seed=0):
    """Return a page that is filled in: see cnn.synthesis.sheets."""
    tasks = tuple(Task(answer, boxes) for _, answer, boxes in layout.pages[page].questions)
    rng = np.random.default_rng(seed)
    return fill_in(Printed(print_page(pdf, number), SCALE, tasks), _sources(), rng)


def take_picture(picture, damage="scan, 150 dpi", seed=0):
    """Return a JPEG of a page."""
    return photograph(picture, SCALE, DAMAGES[damage], np.random.default_rng(seed))


def as_png(picture):
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "PNG")
    return file.getvalue()


@cache
def _sources():
    """Return where the digits come from: 40 of MNIST's test digits, and hands."""
    with Image.open(Path(__file__).parents[1] / "fixtures" / "digits.png") as picture:
        cells = np.asarray(picture).reshape(4, 28, 10, 28).transpose(0, 2, 1, 3)
    labels = np.tile(np.arange(10), 4)
    images = cells.reshape(40, 1, 28, 28)
    return Sources(Dataset(images, labels, tuple(map(str, range(10)))), "test")
