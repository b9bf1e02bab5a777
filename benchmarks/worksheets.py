"""How well photographed and scanned worksheets are found and marked, by kind of damage.

python -m benchmarks.worksheets --data FOLDER [--each 20] [--seed 0] [--part tuning]
[--worst FILE.png] makes sheets, fills them in with MNIST's test digits and with made hands,
photographs them, and marks them. All pages are made from the seed. With `--part tuning`, digits
are those of MNIST's training pictures that the model never saw: what is chosen is chosen on
them. At the end it says how often each doubt put an answer before a person that was for none.
"""

from __future__ import annotations

import argparse
import io
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
from PIL import Image

import cnn
from app.worksheets.errors import PageError
from app.worksheets.incoming import open_pages
from app.worksheets.layout import Layout
from app.worksheets.making import make_worksheet
from app.worksheets.marking import MarkedQuestion, mark_page
from app.worksheets.paper import PAPERS
from app.worksheets.questions import make_questions
from cnn.data.mnist import load_mnist
from cnn.evaluation.contact_sheets import picture_sheet
from cnn.evaluation.tables import percent, table
from cnn.models.model import Model
from cnn.recipes.retraining import split_mnist
from cnn.synthesis.pages.writers import Sources
from cnn.synthesis.sheets import DAMAGES, Filled, Printed, Task, fill_in, photograph

SCALE = 10
QUESTIONS = 20
KINDS: dict[str, dict[str, Any]] = {
    "addition": {"low": 1, "high": 99},
    "subtraction": {"low": 1, "high": 99},
    "multiplication": {"low": 1, "high": 12},
    "division": {},
    "missing": {},
    "sequence": {},
    "counting": {},
}
#: What a fair teacher marks; everything else is for a person.
FAIR = {"right": "right", "wrong": "wrong", "blank": "wrong"}
PUPILS = ("Ann", "Bob", "Eve")


@dataclass(frozen=True)
class Taken:
    """A picture of a page, with what is on it."""

    content: bytes
    layout: Layout
    pupil: int
    page: Filled


def take(damage: str, sources: Sources, rng: np.random.Generator) -> Taken:
    """Make a sheet for three pupils, fill in one's page, and photograph it."""
    kind = list(KINDS)[int(rng.integers(len(KINDS)))]
    sheet = make_worksheet(
        make_questions(kind, QUESTIONS, seed=int(rng.integers(10**6)), **KINDS[kind]),
        PAPERS["A4" if rng.random() < 0.7 else "Letter"],
        names=PUPILS,
        boxes="digit" if rng.random() < 0.7 else "number",
    )
    pupil = int(rng.integers(1, len(PUPILS) + 1))
    with pypdfium2.PdfDocument(sheet.pdf) as document:
        shown = document[pupil - 1].render(scale=SCALE * 25.4 / 72, rev_byteorder=True)
        picture = shown.to_numpy()[:, :, :3].copy()
    tasks = tuple(Task(answer, boxes) for _, answer, boxes in sheet.layout.pages[0].questions)
    page = fill_in(Printed(picture, SCALE, tasks), sources, rng)
    content = photograph(page.picture, SCALE, DAMAGES[damage], rng)
    return Taken(content, sheet.layout, pupil, page)


def pictures(damage: str, each: int, seed: int, sources: Sources) -> Iterator[Taken]:
    """Take so many pictures of one kind."""
    for number in range(each):
        rng = np.random.default_rng([seed, list(DAMAGES).index(damage), number])
        yield take(damage, sources, rng)


def compare(taken: Taken, questions: tuple[MarkedQuestion, ...], counts: Counter[str]) -> int:
    """Count how a page was marked; return how many marks are not a fair teacher's."""
    faults = 0
    for question, manner in zip(questions, taken.page.manners, strict=True):
        fair = FAIR.get(manner, "look")
        counts["answers"] += 1
        counts["to look at"] += question.mark == "look"
        if fair != "look":
            counts.update(f"doubt: {doubt}" for doubt in question.doubts)
        if question.mark not in (fair, "look"):
            faults += 1
            counts["taken for right"] += question.mark == "right"
    counts["wrongly marked"] += faults
    return faults


def measure(model: Model, taken: Taken, counts: Counter[str]) -> float:
    """Mark a picture and count; return how bad it is."""
    counts["pages"] += 1
    begin = time.process_time()
    try:
        (picture,) = open_pages(io.BytesIO(taken.content))
        if isinstance(picture, PageError):
            raise picture
        code, questions = mark_page(model, taken.layout, picture)
    except PageError as error:
        counts[f"not found: {error}"] += 1
        return 100.0
    counts["found"] += 1
    counts["milliseconds"] += round(1000 * (time.process_time() - begin))
    counts["another pupil's"] += code.pupil != taken.pupil
    looked = sum(question.mark == "look" for question in questions)
    return 10 * compare(taken, questions, counts) + looked


def row(name: str, counts: Counter[str]) -> list[str]:
    """Return a row of the table."""
    marked = counts["answers"] - counts["to look at"]
    return [
        name,
        str(counts["pages"]),
        percent(counts["found"] / max(counts["pages"], 1)),
        str(counts["another pupil's"]),
        str(counts["answers"]),
        percent(marked / max(counts["answers"], 1)),
        f"{counts['wrongly marked']} ({100 * counts['wrongly marked'] / max(marked, 1):.2f} %)",
        str(counts["taken for right"]),
        f"{counts['milliseconds'] / 1000 / max(counts['found'], 1):.2f}",
    ]


HEAD = [
    "", "pages", "found", "another pupil's", "answers", "marked", "wrongly", "taken for right",
    "CPU s a page",
]  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="the folder of MNIST's files")
    parser.add_argument("--each", type=int, default=20, help="pages of each kind (20)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--part", choices=("test", "tuning"), default="test")
    parser.add_argument("--only", choices=DAMAGES, help="one kind of pictures")
    parser.add_argument("--worst", type=Path, help="draw the worst ten pages")
    options = parser.parse_args()
    train, test = load_mnist(options.data)
    digits = test if options.part == "test" else split_mnist(train)[1]
    sources, model = Sources(digits, "test"), cnn.load_model()
    total: Counter[str] = Counter()
    rows = [HEAD]
    worst: list[tuple[float, int, str, bytes]] = []
    for damage in (options.only,) if options.only else DAMAGES:
        counts: Counter[str] = Counter()
        for taken in pictures(damage, options.each, options.seed, sources):
            worst.append((measure(model, taken, counts), len(worst), damage, taken.content))
            worst = sorted(worst, key=lambda one: -one[0])[:10]
        rows.append(row(damage, counts))
        print(table([HEAD, rows[-1]]), flush=True)
        total.update(counts)
    print(table([*rows, row("all", total)]))
    for why, count in total.most_common():
        if why.startswith(("not found", "doubt")):
            print(f"{why}: {count}")
    if options.worst and worst:
        draw(worst, options.worst)


def draw(worst: list[tuple[float, int, str, bytes]], path: Path) -> None:
    """Draw the worst pages beside each other."""
    (shown, captions) = ([], [])
    for badness, _, damage, content in worst:
        (picture,) = open_pages(io.BytesIO(content))
        if isinstance(picture, Image.Image):
            picture.thumbnail((500, 500))
            shown.append(np.asarray(picture.convert("RGB")))
            captions.append(f"{damage}\nnot found" if badness >= 100 else damage)
    picture_sheet(shown, captions).save(path)


if __name__ == "__main__":
    main()
