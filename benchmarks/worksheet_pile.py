"""How long a pile of photographed worksheets takes, and how much memory, as users start the site.

    python -m benchmarks.worksheet_pile --data FOLDER [--pages 30] [--cores 2] [--seed 0]

Starts the site with its worker, makes a worksheet for so many pupils, fills in and photographs
each one's page (8 to 12 megapixels, in turn with every kind of damage that photographs have), and
sends them as the page does: groups of at most 12 MB that belong together. Prints the seconds from
the first group to the last page marked, the seconds of a core that site and worker took (what
compares on a busy machine), and the most memory that each process ever had. Linux only.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
import pypdfium2

from app.worksheets.layout import Page
from app.worksheets.making import make_worksheet
from app.worksheets.paper import PAPERS
from app.worksheets.questions import make_questions
from benchmarks.attack.site import ROOT, Answer, Person, child_of, running
from cnn.data.mnist import load_mnist
from cnn.synthesis.pages.writers import Sources
from cnn.synthesis.sheets import DAMAGES, Printed, Task, fill_in, photograph

SCALE = 10  # pixels of a printed millimetre
KIND, QUESTIONS = "addition", 20
PHOTOGRAPHS = [damage for damage in DAMAGES.values() if damage.pixels[1]]
GROUP = 12_000_000  # bytes of one request: see static/js/features/worksheets/groups.js
LOOK = 0.1  # seconds between two looks at how far the marking is


@dataclass(frozen=True)
class Pile:
    """What came of sending a pile.

    `marked` pages were marked, of `pages`; the time is in seconds, the work in seconds of a core.
    """

    pages: int
    marked: int
    seconds: float
    worked: float


class Teacher(Person):
    """Somebody who makes worksheets and sends their pages."""

    def make(self, names: Sequence[str], seed: int) -> str:
        """Make a worksheet; return its address."""
        options = {"kind": KIND, "count": QUESTIONS, "seed": seed, "names": list(names)}
        body = json.dumps(options).encode()
        made = self._post("/worksheets", body, "application/json", expected=201)
        return f"/worksheets/{made['id']}"

    def send(self, sheet: str, sending: str, pictures: Sequence[bytes]) -> None:
        """Send a group of photographs."""
        edge = uuid4().hex
        field = f'--{edge}\r\nContent-Disposition: form-data; name="'
        parts = [f'{field}sending"\r\n\r\n{sending}\r\n'.encode()]
        for number, picture in enumerate(pictures):
            head = f'{field}page"; filename="{number}.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
            parts += [head.encode(), picture, b"\r\n"]
        body = b"".join([*parts, f"--{edge}--\r\n".encode()])
        self._post(f"{sheet}/pages", body, f"multipart/form-data; boundary={edge}", expected=202)

    def look(self, address: str) -> Any:
        """Return what a program is told at an address."""
        return _told(self.ask("GET", address, headers={"Accept": "application/json"}), 200)

    def _post(self, address: str, body: bytes, kind: str, *, expected: int) -> Any:
        headers = {
            "Content-Type": kind,
            "Accept": "application/json",
            "X-CSRFToken": self.token,
        }
        return _told(self.ask("POST", address, body, headers), expected)


def _told(answer: Answer, expected: int) -> Any:
    if answer.status != expected:
        raise RuntimeError(f"{answer.status} instead of {expected}: {answer.content.decode()}")
    return json.loads(answer.content)


def photographs(pdf: bytes, page: Page, sources: Sources, seed: int) -> Iterator[bytes]:
    """Fill in each page of a PDF, which is one pupil's, and photograph it."""
    tasks = tuple(Task(answer, boxes) for _, answer, boxes in page.questions)
    with pypdfium2.PdfDocument(pdf) as document:
        for number in range(len(document)):
            shown = document[number].render(scale=SCALE * 25.4 / 72, rev_byteorder=True)
            printed = Printed(shown.to_numpy()[:, :, :3].copy(), SCALE, tasks)
            rng = np.random.default_rng([seed, number])
            filled = fill_in(printed, sources, rng)
            damage = PHOTOGRAPHS[number % len(PHOTOGRAPHS)]
            yield photograph(filled.picture, SCALE, damage, rng)


def groups(pictures: Sequence[bytes]) -> Iterator[list[bytes]]:
    """Put pictures into groups, each small enough for one request."""
    group: list[bytes] = []
    for picture in pictures:
        if group and sum(map(len, group)) + len(picture) > GROUP:
            yield group
            group = []
        group.append(picture)
    yield group


def send_pile(teacher: Teacher, sheet: str, pictures: Sequence[bytes], pid: int) -> Pile:
    """Send photographs and wait until all are marked."""
    sending, worked, begun = str(uuid4()), work_of(pid), time.perf_counter()
    for group in groups(pictures):
        teacher.send(sheet, sending, group)
    while teacher.look(f"{sheet}/marking")["waiting"]:
        time.sleep(LOOK)
    seconds = time.perf_counter() - begun
    marked = len(teacher.look(sheet)["pages"])
    return Pile(len(pictures), marked, seconds, work_of(pid) - worked)


def processes(pid: int) -> list[int]:
    """Return the site's process, and its worker's."""
    worker = child_of(pid)
    if worker is None:
        raise RuntimeError("the site has no worker")
    return [pid, worker]


def work_of(pid: int) -> float:
    """Return how many seconds of a core the site and its worker have taken."""
    ticks = 0
    for one in processes(pid):
        fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])  # user's and system's
    return ticks / os.sysconf("SC_CLK_TCK")


def peaks(pid: int) -> list[float]:
    """Return the most memory in MB that the site had, and its worker."""
    found = []
    for one in processes(pid):
        lines = Path(f"/proc/{one}/status").read_text().splitlines()
        found += [int(line.split()[1]) / 1000 for line in lines if line.startswith("VmHWM:")]
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, help="the folder of MNIST's files")
    parser.add_argument("--pages", type=int, default=30, help="of the pile (30)")
    parser.add_argument("--cores", type=int, default=2, help="that the site may use (2)")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    _, test = load_mnist(options.data)
    names = [f"Pupil {number}" for number in range(1, options.pages + 1)]
    # The same questions as the site's, and so the same boxes.
    made = make_worksheet(
        make_questions(KIND, QUESTIONS, seed=options.seed), PAPERS["A4"], names=names
    )
    every = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(every)[: options.cores])  # the site's, which inherits it
    with running(ROOT, NATIVE_PORT="") as site:
        os.sched_setaffinity(0, every)
        teacher = Teacher(site.port, "teacher")
        sheet = teacher.make(names, options.seed)
        pdf = teacher.ask("GET", f"{sheet}/sheet.pdf").content
        source = Sources(test, "test")
        pictures = list(photographs(pdf, made.layout.pages[0], source, options.seed))
        idle = peaks(site.process.pid)
        pile = send_pile(teacher, sheet, pictures, site.process.pid)
        used = peaks(site.process.pid)
    megabytes = sum(map(len, pictures)) / 1e6
    print(f"{pile.pages} photographs, {megabytes:.0f} MB, {options.cores} cores")
    print(f"marked: {pile.marked}")
    print(f"seconds: {pile.seconds:.1f}, a page: {pile.seconds / pile.pages:.2f}")
    print(f"seconds of a core: {pile.worked:.1f}, a page: {pile.worked / pile.pages:.2f}")
    for name, before, after in zip(("site", "worker"), idle, used, strict=True):
        print(f"most memory of the {name}: {after:.0f} MB (before the pile: {before:.0f} MB)")


if __name__ == "__main__":
    main()
