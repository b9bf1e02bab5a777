"""Marking: pictures of filled-in pages against their layout."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Literal, TypeAlias

from PIL import Image

from app.worksheets.answers import ReadAnswer, read_answers
from app.worksheets.codes import PageCode
from app.worksheets.doubts import Doubt
from app.worksheets.errors import PageError
from app.worksheets.finding import FoundPage, find_page
from app.worksheets.geometry import cut
from app.worksheets.incoming import has_several, open_pages
from app.worksheets.ink import find_ink
from app.worksheets.layout import Layout
from cnn.models.model import Model

__all__ = [
    "Mark",
    "MarkedPage",
    "MarkedQuestion",
    "NotFound",
    "SeenPage",
    "mark_files",
    "mark_page",
    "see_page",
]

#: A question is marked by itself only where what was read is certain; else a person looks.
Mark: TypeAlias = Literal["right", "wrong", "look"]


@dataclass(frozen=True)
class MarkedQuestion:
    """A question and its mark.

    Attributes
    ----------
    text, read : str
        The question, and what was read; empty for a blank answer.
    confidence : float
        Probability that it was read right, 0 to 1.
    mark : Mark
        Right, wrong, or for a person to look at.
    doubts : frozenset of Doubt
        Why a person must look.
    """

    text: str
    read: str
    confidence: float
    mark: Mark
    doubts: frozenset[Doubt] = frozenset()


@dataclass(frozen=True)
class MarkedPage:
    """A page that was marked: where it comes from, which it is, and its questions."""

    file: str
    number: int
    code: PageCode
    questions: tuple[MarkedQuestion, ...]


@dataclass(frozen=True, eq=False)
class SeenPage:
    """A page that was found in a picture, and marked.

    Attributes
    ----------
    picture : PIL.Image.Image
        Of mode L.
    found : FoundPage
        Which page it is, and where in the picture.
    questions : tuple of MarkedQuestion
        In the order of the layout.
    """

    picture: Image.Image
    found: FoundPage
    questions: tuple[MarkedQuestion, ...]

    def straighten(self, scale: float) -> Image.Image:
        """Return the page alone, flat and upright, at so many pixels to the millimetre."""
        width, height = self.found.page.size
        return cut(self.picture, self.found.mapping, (0.0, 0.0, width, height), scale)


@dataclass(frozen=True)
class NotFound:
    """A page of a file that was not marked, and why.

    Attributes
    ----------
    file : str
        The file.
    number : int
        The page in it, from 1.
    error : PageError
        Why it was not marked.
    of_several : bool
        Whether other pages of the file may have been marked.
    """

    file: str
    number: int
    error: PageError
    of_several: bool = False


def mark_files(
    model: Model, layout: Layout, files: Iterable[tuple[str, IO[bytes]]]
) -> Iterator[MarkedPage | NotFound]:
    """Mark all pages of files, given by name and opened; one that cannot be marked stops none.

    Each file is done with before the next is asked for. A page that comes a second time is not
    marked again.
    """
    known: dict[PageCode, str] = {}
    for name, file in files:
        several = has_several(file)
        try:
            for number, opened in enumerate(open_pages(file), 1):
                try:
                    code, questions = _mark_once(model, layout, opened, known)
                except PageError as error:
                    yield NotFound(name, number, error, several)
                    continue
                known[code] = name
                yield MarkedPage(name, number, code, questions)
        except PageError as error:
            yield NotFound(name, 1, error)


def _mark_once(
    model: Model, layout: Layout, opened: Image.Image | PageError, known: Mapping[PageCode, str]
) -> tuple[PageCode, tuple[MarkedQuestion, ...]]:
    if isinstance(opened, PageError):
        raise opened
    code, questions = mark_page(model, layout, opened)
    # Without names, many hand in the same page.
    if code.pupil and code in known:
        raise PageError("page_again", file=known[code])
    return code, questions


def mark_page(
    model: Model, layout: Layout, picture: Image.Image
) -> tuple[PageCode, tuple[MarkedQuestion, ...]]:
    """Find a page in a picture of mode L and mark it; raises PageError."""
    seen = see_page(model, layout, picture)
    return seen.found.code, seen.questions


def see_page(model: Model, layout: Layout, picture: Image.Image) -> SeenPage:
    """Do as `mark_page` does, and say where the page is in the picture."""
    found = find_page(picture, layout)
    inks = find_ink(picture, found.mapping, [boxes for _, _, boxes in found.page.questions])
    read = read_answers(model, inks)
    questions = tuple(
        MarkedQuestion(text, one.text, one.confidence, _mark(one, answer), one.doubts)
        for (text, answer, _), one in zip(found.page.questions, read, strict=True)
    )
    return SeenPage(picture, found, questions)


def _mark(read: ReadAnswer, answer: str) -> Mark:
    if read.doubts:
        return "look"
    return "right" if read.text == answer else "wrong"
