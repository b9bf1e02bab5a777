"""Filling in a worksheet: answers in the boxes of a printed page, and what goes wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from cnn.synthesis.pages.pens import PENS, Pen
from cnn.synthesis.pages.signs import LETTERS, draw_sign
from cnn.synthesis.pages.writers import Sources, Writer
from cnn.synthesis.strokes import Hand, stamp

__all__ = ["Filled", "Manner", "Printed", "Task", "fill_in"]

Array = npt.NDArray[Any]
Rng = np.random.Generator
Box = tuple[float, float, float, float]
#: How a question is answered. The last three are for a person to look at.
Manner = Literal["right", "wrong", "blank", "crossed out", "letter", "beside"]

# Shares of a page's answers, in the order of the type; the rest are right.
_SHARES: dict[Manner, float] = {
    "wrong": 0.12,
    "blank": 0.03,
    "crossed out": 0.025,
    "letter": 0.005,
    "beside": 0.005,
}
_PENS = ("usual", "usual", "usual", "coloured", "pencil")
_TALLEST, _LOWEST = 0.82, 0.5  # of a box's height: a writer's digits
_FITS = 0.92  # of a box's width: a digit that is wider is written smaller


@dataclass(frozen=True)
class Task:
    """A question to be answered: its answer, and the boxes in millimetres."""

    answer: str
    boxes: tuple[Box, ...]


@dataclass(frozen=True, eq=False)
class Printed:
    """A printed page.

    Attributes
    ----------
    picture : ndarray of uint8, (H, W, 3)
        As it comes from the printer.
    scale : float
        Pixels of a millimetre.
    tasks : tuple of Task
        What is asked.
    """

    picture: Array = field(repr=False)
    scale: float
    tasks: tuple[Task, ...]


@dataclass(frozen=True, eq=False)
class Filled:
    """A page that is filled in.

    Attributes
    ----------
    picture : ndarray of uint8, (H, W, 3)
        The page.
    scale : float
        Pixels of a millimetre.
    written : tuple of str
        What was written for each task: its digits, or "" if it is blank or none.
    manners : tuple of Manner
        How each was answered.
    """

    picture: Array = field(repr=False)
    scale: float
    written: tuple[str, ...]
    manners: tuple[Manner, ...]


@dataclass(frozen=True)
class _Writing:
    """A writer at work on a page."""

    page: Array
    scale: float
    writer: Writer
    hand: Hand
    pen: Pen
    share: float
    from_right: bool
    rng: Rng

    def digit(self, digit: int, height: float, width: float) -> Array:
        """Return a digit's ink, at most so wide in pixels."""
        ink = self.writer.write(digit, height, self.rng)
        if ink.shape[1] > width:
            ink = self.writer.write(digit, height * width / ink.shape[1], self.rng)
        return ink

    def put(self, cover: Array, left: float, top: float) -> None:
        """Lay ink, uint8 (h, w), on the page with its corner at a pixel."""
        rows, columns = round(top), round(left)
        height, width = self.page.shape[:2]
        inside = (
            slice(max(rows, 0), min(rows + cover.shape[0], height)),
            slice(max(columns, 0), min(columns + cover.shape[1], width)),
        )
        part = cover[
            inside[0].start - rows : inside[0].stop - rows,
            inside[1].start - columns : inside[1].stop - columns,
        ]
        under = self.page[inside].astype(np.float32)
        drawn = part * np.float32(self.pen.opacity / 255)
        if self.pen.grain:
            noise = self.rng.standard_normal(part.shape, np.float32)
            drawn = np.clip(drawn * (1 + self.pen.grain * noise), 0, 1)
        under += drawn[..., None] * (np.array(self.pen.colour, np.float32) - under)
        self.page[inside] = np.clip(np.rint(under), 0, 255).astype(np.uint8)

    def write(self, text: str, boxes: Sequence[Box]) -> None:
        """Write a number into its boxes."""
        if len(boxes) == 1:
            self._write_number(text, boxes[0])
            return
        used = boxes[-len(text) :] if self.from_right else boxes[: len(text)]
        for digit, box in zip(text, used, strict=True):
            left, top, width, height = (length * self.scale for length in box)
            ink = self.digit(int(digit), self._height(height), _FITS * width)
            # A slip of up to half a millimetre is usual, of twice that not rare.
            slip = self.scale * self.rng.normal(0, 0.5, 2)
            self.put(
                ink,
                left + (width - ink.shape[1]) / 2 + slip[0],
                top + (height - ink.shape[0]) / 2 + slip[1],
            )

    def _height(self, box: float) -> float:
        return float(self.share * box * self.rng.uniform(0.92, 1.06))

    def _write_number(self, text: str, box: Box) -> None:
        left, top, width, height = (length * self.scale for length in box)
        inks = [self.digit(int(digit), self._height(height), height) for digit in text]
        gaps = self.scale * self.rng.uniform(0.7, 1.8, len(inks))
        total = sum(ink.shape[1] for ink in inks) + float(gaps[:-1].sum())
        if total > _FITS * width:
            inks = [
                self.digit(int(digit), ink.shape[0] * _FITS * width / total, height)
                for digit, ink in zip(text, inks, strict=True)
            ]
            gaps *= _FITS * width / total
            total = sum(ink.shape[1] for ink in inks) + float(gaps[:-1].sum())
        x = left + (width - total) * self.rng.uniform(0.3, 0.7)
        for ink, gap in zip(inks, gaps, strict=True):
            slip = self.scale * self.rng.normal(0, 0.4)
            self.put(ink, x, top + (height - ink.shape[0]) / 2 + slip)
            x += ink.shape[1] + gap

    def cross_out(self, boxes: Sequence[Box]) -> None:
        """Cross out what is written: by lines, by a cross, or by a scribble."""
        left, top = boxes[0][0] - 1, boxes[0][1]
        width, height = boxes[-1][0] + boxes[-1][2] + 1 - left, boxes[0][3]
        way, shake = int(self.rng.integers(3)), self.rng.normal(0, 0.06, (6, 2))
        if way == 0:
            middle = self.rng.uniform(0.4, 0.6)
            lines = [np.array([(0, middle), (1, middle)]) + shake[:2]]
            if self.rng.random() < 0.5:
                lines.append(lines[0] + (0, 0.15))
        elif way == 1:
            lines = [
                np.array([(0.05, 0.1), (0.95, 0.9)]) + shake[:2],
                np.array([(0.95, 0.1), (0.05, 0.9)]) + shake[2:4],
            ]
        else:
            turns = int(self.rng.integers(7, 14))
            x = np.linspace(0.05, 0.95, turns)
            y = 0.5 + np.where(np.arange(turns) % 2, 0.32, -0.32) + self.rng.normal(0, 0.05, turns)
            lines = [np.stack([x, y], axis=1)]
        for line in lines:
            self._line(line * (width, height) + (left, top))

    def beside(self, text: str, boxes: Sequence[Box]) -> None:
        """Write a number above its boxes, small."""
        left, top, width, height = (length * self.scale for length in boxes[0])
        x = left + self.rng.uniform(0, 0.5) * width
        for digit in text:
            ink = self.digit(int(digit), 0.4 * height, height)
            self.put(ink, x, top - ink.shape[0] * self.rng.uniform(0.6, 1.1))
            x += ink.shape[1] + self.scale

    def letter(self, box: Box) -> None:
        """Write a letter, or a question mark's like, into a box."""
        left, top, width, height = (length * self.scale for length in box)
        strokes = list(LETTERS.values())[int(self.rng.integers(len(LETTERS)))]
        ink, _ = draw_sign(strokes, self.hand, self._height(height), self.rng)
        self.put(ink, left + (width - ink.shape[1]) / 2, top + (height - ink.shape[0]) / 2)

    def _line(self, points: Array) -> None:
        """Draw a line through points in millimetres."""
        along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
        places = np.linspace(0, along[-1], max(2, round(along[-1] * self.scale)))
        course = np.stack([np.interp(places, along, axis) for axis in points.T], axis=1)
        width = max(0.35, self.hand.pen * self.share * 12)
        corner = course.min(axis=0) - width
        size = np.ceil((course.max(axis=0) + width - corner) * self.scale).astype(int)
        dots = (course - corner) * self.scale
        radii = np.full(len(dots), width * self.scale / 2)
        cover = np.rint(255 * stamp(dots, radii, (int(size[1]), int(size[0])))).astype(np.uint8)
        self.put(cover, corner[0] * self.scale, corner[1] * self.scale)


def fill_in(printed: Printed, sources: Sources, rng: Rng) -> Filled:
    """Let one writer with one pen answer all questions of a page.

    Parameters
    ----------
    printed : Printed
        The page.
    sources : Sources
        Where digits come from: half of the writers are of its data, half are made hands.
    rng : numpy.random.Generator
        The source of chance.
    """
    page = printed.picture.copy()
    source: Literal["data", "strokes"] = "data" if rng.random() < 0.5 else "strokes"
    pen = PENS[_PENS[int(rng.integers(len(_PENS)))]](False, rng)
    writing = _Writing(
        page,
        printed.scale,
        sources.writer(source, "plain", rng),
        sources.hand(rng),
        pen,
        float(rng.uniform(_LOWEST, _TALLEST)),
        bool(rng.random() < 0.5),
        rng,
    )
    names: list[Manner] = ["right", *_SHARES]
    chances = [1 - sum(_SHARES.values()), *_SHARES.values()]
    manners = [names[int(one)] for one in rng.choice(len(names), len(printed.tasks), p=chances)]
    written = [
        _answer(writing, task, manner) for task, manner in zip(printed.tasks, manners, strict=True)
    ]
    return Filled(page, printed.scale, tuple(written), tuple(manners))


def _answer(writing: _Writing, task: Task, manner: Manner) -> str:
    """Answer a task; return the digits that stand in its boxes and count."""
    answer = task.answer
    if manner == "wrong":
        answer = _mistake(answer, len(task.boxes), writing.rng)
    if manner in ("right", "wrong"):
        writing.write(answer, task.boxes)
        return answer
    if manner == "crossed out":
        writing.write(answer, task.boxes)
        writing.cross_out(task.boxes)
        if writing.rng.random() < 0.5:
            writing.beside(answer, task.boxes)
    elif manner == "letter":
        writing.letter(task.boxes[0])
    elif manner == "beside":
        writing.beside(answer, task.boxes)
    return ""


def _mistake(answer: str, boxes: int, rng: Rng) -> str:
    """Return another number that has room: near the answer, or with its digits swapped."""
    number = int(answer)
    near = [number + step for step in (-10, -2, -1, 1, 2, 10) if number + step >= 0]
    swapped = int(answer[::-1])
    if swapped != number and len(str(swapped)) == len(answer):
        near.append(swapped)
    most = boxes if boxes > 1 else len(answer)
    fitting = [str(one) for one in near if len(str(one)) <= most]
    return fitting[int(rng.integers(len(fitting)))]
