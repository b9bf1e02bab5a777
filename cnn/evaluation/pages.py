"""Evaluation of a digit model on made pages of every kind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import Any

import numpy.typing as npt
from PIL import Image

from cnn.data.dataset import Dataset
from cnn.evaluation.contact_sheets import picture_sheet
from cnn.evaluation.numbers import digits_right
from cnn.evaluation.tables import percent, table
from cnn.models.model import Model
from cnn.reading.reader import Reading, read
from cnn.synthesis.pages import NO_DIGITS, PageScene, compose_pages

__all__ = ["MisreadPage", "PagesOfKind", "draw_misread_pages", "measure_pages", "pages_table"]

_THREADS = 2
_BATCH = 16
_SHOWN = 8  # misread pages of each kind on a sheet


@dataclass(frozen=True, eq=False)
class MisreadPage:
    """A page that was misread.

    Attributes
    ----------
    picture : ndarray of uint8, (H, W, 3)
        As it was sent.
    text, answer : str
        What it shows, and what was read; "" is none.
    """

    picture: npt.NDArray[Any] = field(repr=False)
    text: str
    answer: str


@dataclass(frozen=True)
class PagesOfKind:
    """Results of a model on one kind of pages.

    Attributes
    ----------
    kind : str
        One of `cnn.synthesis.pages.KINDS`.
    count : int
        Number of pages.
    numbers : float
        Share whose text is right in every digit and line; of pages without digits, the share
        from which none is read.
    digits : float or None
        1 - edit distance / length, over all of them; None where there are no digits.
    wrong : tuple of MisreadPage
        Each that was misread.
    """

    kind: str
    count: int
    numbers: float
    digits: float | None
    wrong: tuple[MisreadPage, ...]


def measure_pages(
    model: Model,
    data: Dataset,
    *,
    kinds: Sequence[str] | None = None,
    each: int = 10,
    seed: int = 0,
    reader: Callable[[Model, Image.Image], Reading] = read,
) -> tuple[PagesOfKind, ...]:
    """Measure how a digit model reads made pages.

    Parameters
    ----------
    model : Model
        A model for digits.
    data : Dataset
        Digits that it was not trained on; the pages show digits of strokes and fonts as well.
    kinds : sequence of str, optional
        Names of `cnn.synthesis.pages.KINDS`; all if not given.
    each : int
        Pages of every kind.
    seed : int
        Seed of the pages.
    reader : callable
        What reads them: `cnn.reading.reader.read`, or `read_by_map`.
    """
    texts: dict[str, list[tuple[str, str]]] = {}
    wrong: dict[str, list[MisreadPage]] = {}
    scenes = compose_pages(data, kinds=kinds, each=each, seed=seed)
    with ThreadPoolExecutor(_THREADS) as pool:
        # A few at a time: pages take a lot of memory.
        while batch := list(islice(scenes, _BATCH)):
            for scene, answer in zip(
                batch, pool.map(partial(_answer, model, reader), batch), strict=True
            ):
                texts.setdefault(scene.kind, []).append((scene.text, answer))
                misread = wrong.setdefault(scene.kind, [])
                if answer != scene.text:
                    misread.append(MisreadPage(scene.picture, scene.text, answer))
    return tuple(_summarise(kind, pairs, wrong[kind]) for kind, pairs in texts.items())


def _answer(model: Model, reader: Callable[[Model, Image.Image], Reading], scene: PageScene) -> str:
    return reader(model, Image.fromarray(scene.picture)).text


def _summarise(
    kind: str, pairs: Sequence[tuple[str, str]], wrong: Sequence[MisreadPage]
) -> PagesOfKind:
    numbers = 1 - len(wrong) / len(pairs)
    digits = None if kind == NO_DIGITS else digits_right(pairs)
    return PagesOfKind(kind, len(pairs), numbers, digits, tuple(wrong))


def pages_table(kinds: Sequence[PagesOfKind]) -> str:
    """Format the results as a table of text, with the mean over all kinds that show digits."""
    rows = [["", "pages", "numbers", "digits"]]
    for kind in kinds:
        rows.append([_name(kind), str(kind.count), percent(kind.numbers), percent(kind.digits)])
    shown = [(kind.numbers, kind.digits) for kind in kinds if kind.digits is not None]
    if shown:
        numbers, digits = (sum(shares) / len(shown) for shares in zip(*shown, strict=True))
        rows.append([f"mean of {len(shown)} kinds", "", percent(numbers), percent(digits)])
    return table(rows)


def _name(kind: PagesOfKind) -> str:
    return f"{kind.kind} (left unread)" if kind.digits is None else kind.kind


def draw_misread_pages(kinds: Sequence[PagesOfKind]) -> Image.Image:
    """Draw a sheet of misread pages, at most eight of each kind.

    Raises
    ------
    ValueError
        Nothing was misread.
    """
    shown = [(kind.kind, page) for kind in kinds for page in kind.wrong[:_SHOWN]]
    if not shown:
        raise ValueError("nothing was read wrong: there is no sheet to draw")
    captions = [
        f"{kind}\n{_one_line(page.text, 'none')}\n{_one_line(page.answer, 'refused')}"
        for kind, page in shown
    ]
    return picture_sheet([page.picture for _, page in shown], captions)


def _one_line(text: str, otherwise: str) -> str:
    return text.replace("\n", "/") or otherwise
