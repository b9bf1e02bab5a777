"""Marking: filled in and photographed by program, found, read, and marked only where certain."""

from __future__ import annotations

import io
import itertools
import json
import struct
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
import pytest
import segno
from PIL import Image

import cnn
from app.worksheets.__main__ import main
from app.worksheets.errors import PageError
from app.worksheets.incoming import count_pages, open_pages
from app.worksheets.layout import Layout
from app.worksheets.layout_file import write_layout
from app.worksheets.making import Worksheet, make_worksheet
from app.worksheets.marking import MarkedPage, NotFound, mark_files, mark_page
from app.worksheets.paper import PAPERS
from app.worksheets.questions import make_questions
from app.worksheets.sentences import say_in_english
from cnn.data.dataset import Dataset
from cnn.models.model import Model
from cnn.synthesis.pages.writers import Sources
from cnn.synthesis.sheets import DAMAGES, Filled, Printed, Task, fill_in, photograph

SCALE = 8
DIGITS = Path(__file__).parents[2] / "fixtures" / "digits.png"
PHOTOGRAPHS = Path(__file__).parents[2] / "photographs"


@pytest.fixture(scope="module")
def model() -> Model:
    return cnn.load_model()


@pytest.fixture(scope="module")
def sources() -> Sources:
    """Return where the digits come from: 40 of MNIST's test digits, and hands."""
    with Image.open(DIGITS) as picture:
        cells = np.asarray(picture).reshape(4, 28, 10, 28).transpose(0, 2, 1, 3)
    images = cells.reshape(40, 1, 28, 28)
    labels = np.tile(np.arange(10), 4)
    return Sources(Dataset(images, labels, tuple(map(str, range(10)))), "test")


def made(**options: Any) -> Worksheet:
    count, seed = options.pop("count", 20), options.pop("seed", 7)
    paper = PAPERS[options.pop("paper", "A4")]
    return make_worksheet(make_questions("addition", count, seed=seed), paper, **options)


def printed(sheet: Worksheet, number: int = 0, page: int = 0) -> Printed:
    with pypdfium2.PdfDocument(sheet.pdf) as document:
        shown = document[number].render(scale=SCALE * 25.4 / 72, rev_byteorder=True).to_numpy()
    questions = sheet.layout.pages[page].questions
    tasks = tuple(Task(answer, boxes) for _, answer, boxes in questions)
    return Printed(shown[:, :, :3].copy(), SCALE, tasks)


def as_file(picture: np.ndarray | Image.Image, format: str = "PNG") -> bytes:
    file = io.BytesIO()
    image = Image.fromarray(picture) if isinstance(picture, np.ndarray) else picture
    image.save(file, format)
    return file.getvalue()


def filled(sheet: Worksheet, sources: Sources, seed: int = 0, **places: int) -> Filled:
    return fill_in(printed(sheet, **places), sources, np.random.default_rng(seed))


def truth(page: Filled) -> list[str]:
    """Return what a fair teacher would mark."""
    marks = {"right": "right", "wrong": "wrong", "blank": "wrong"}
    return [marks.get(manner, "look") for manner in page.manners]


def mark(
    model: Model, layout: Layout, content: bytes, name: str = "page"
) -> list[MarkedPage | NotFound]:
    return list(mark_files(model, layout, [(name, io.BytesIO(content))]))


def reason(found: list[MarkedPage | NotFound]) -> str:
    """Return why the only page was not marked, by its code; its sentence says what to do."""
    (one,) = found
    assert isinstance(one, NotFound)
    assert say_in_english(one.error).endswith(".")
    return one.error.code


@pytest.mark.parametrize(
    ("damage", "boxes"),
    list(zip(DAMAGES, itertools.cycle(["digit", "number"]), strict=False)),
)
def test_pages_are_found_and_marked_as_a_teacher_would(
    model: Model, sources: Sources, damage: str, boxes: Any
) -> None:
    sheet = made(boxes=boxes, paper="Letter" if boxes == "number" else "A4")
    page = filled(sheet, sources, seed=3)
    taken = photograph(page.picture, SCALE, DAMAGES[damage], np.random.default_rng(5))
    (found,) = mark(model, sheet.layout, taken)
    assert isinstance(found, MarkedPage)
    assert found.code.sheet == sheet.layout.sheet
    marks = [question.mark for question in found.questions]
    for mine, teachers in zip(marks, truth(page), strict=True):
        assert mine in (teachers, "look")
    assert marks.count("look") <= 7


def test_a_blank_sheet_is_wrong_everywhere_and_certain(model: Model) -> None:
    sheet = made()
    (found,) = mark(model, sheet.layout, as_file(printed(sheet).picture))
    assert isinstance(found, MarkedPage)
    assert {(one.read, one.mark, one.confidence) for one in found.questions} == {("", "wrong", 1.0)}


@pytest.mark.parametrize(("damage", "seed"), [("curled edge", 5), ("any rotation", 0)])
def test_lines_of_wide_boxes_that_lie_aslant_are_no_ink(
    model: Model, damage: str, seed: int
) -> None:
    sheet = made(boxes="number")
    taken = photograph(printed(sheet).picture, SCALE, DAMAGES[damage], np.random.default_rng(seed))
    (found,) = mark(model, sheet.layout, taken)
    assert isinstance(found, MarkedPage)
    assert {(one.read, one.mark) for one in found.questions} == {("", "wrong")}


def test_what_is_expected_never_changes_what_is_read(model: Model, sources: Sources) -> None:
    sheet = made()
    page = filled(sheet, sources, seed=3)
    picture = Image.fromarray(page.picture).convert("L")
    _, questions = mark_page(model, sheet.layout, picture)
    (layout,) = sheet.layout.pages
    other = tuple((text, answer[::-1], boxes) for text, answer, boxes in layout.questions)
    changed = _Renamed((replace(layout, questions=other),), sheet.layout.sheet)
    _, again = mark_page(model, changed, picture)
    assert [(one.read, one.confidence) for one in questions] == [
        (one.read, one.confidence) for one in again
    ]
    assert [one.mark == "look" for one in questions] == [one.mark == "look" for one in again]


@dataclass(frozen=True)
class _Renamed(Layout):
    """A layout with the id of another one."""

    id: str

    @property
    def sheet(self) -> str:
        return self.id


def test_the_largest_photographs_of_phones_are_marked(model: Model, sources: Sources) -> None:
    sheet = made()
    page = filled(sheet, sources, seed=3)
    marks = []
    for size in ((3024, 4277), (4284, 6059)):  # 13 and 26 megapixels
        photographed = Image.fromarray(page.picture).resize(size)
        (found,) = mark(model, sheet.layout, as_file(photographed, "JPEG"))
        assert isinstance(found, MarkedPage)
        marks.append([(question.read, question.mark) for question in found.questions])
    usual, largest = marks
    same = sum(one == other for one, other in zip(usual, largest, strict=True))
    assert same >= len(usual) - 2
    assert reason(mark(model, sheet.layout, as_file(photographed))) == "page_too_large"


def test_each_page_is_its_pupils(model: Model, sources: Sources) -> None:
    sheet = made(count=30, names=("Ann", "Bob"))
    scans = [
        Image.fromarray(filled(sheet, sources, number, number=number, page=number % 2).picture)
        for number in (3, 0, 2)
    ]
    file = io.BytesIO()
    scans[0].save(file, "PDF", save_all=True, append_images=scans[1:], resolution=25.4 * SCALE)
    found = mark(model, sheet.layout, file.getvalue())
    assert all(isinstance(one, MarkedPage) for one in found)
    assert [(one.number, one.code.pupil, one.code.page) for one in found] == [
        (1, 2, 2),
        (2, 1, 1),
        (3, 2, 1),
    ]


def test_the_same_page_of_a_pupil_is_marked_once(model: Model, sources: Sources) -> None:
    sheet = made(names=("Ann", "Bob"))
    content = as_file(filled(sheet, sources).picture)
    first, second = mark_files(
        model, sheet.layout, [(name, io.BytesIO(content)) for name in ("a.png", "b.png")]
    )
    assert isinstance(first, MarkedPage)
    assert isinstance(second, NotFound)
    assert "a.png" in say_in_english(second.error)


def test_a_scan_of_several_pages_is_marked_but_for_those_that_are_none(
    model: Model, sources: Sources
) -> None:
    sheet = made()
    page = Image.fromarray(filled(sheet, sources).picture).convert("L")
    file = io.BytesIO()
    pages = [Image.new("L", page.size, 255), page, page.rotate(180)]
    page.convert("1").save(file, "TIFF", save_all=True, append_images=pages)
    found = mark(model, sheet.layout, file.getvalue())
    kinds = [(one.number, type(one)) for one in found]
    assert kinds == [(1, MarkedPage), (2, NotFound), (3, MarkedPage), (4, MarkedPage)]


def two_pages(page: Image.Image) -> Image.Image:
    both = Image.new("RGB", (2 * page.width, page.height), "gray")
    both.paste(page, (0, 0))
    both.paste(page, (page.width, 0))
    return both


def test_what_shows_no_page_of_the_sheet_is_told(model: Model) -> None:
    sheet = made()
    page = Image.fromarray(printed(sheet).picture)
    half = page.crop((0, 0, page.width, page.height // 2))
    coded = Image.new("L", page.size, 255)
    place = [round(SCALE * length) for length in PAPERS["A4"].code]
    hidden = page.copy()
    hidden.paste("white", (place[0], place[1], place[0] + place[2], place[1] + place[3]))
    other = io.BytesIO()
    segno.make("https://example.org").save(other, kind="png", scale=8)
    coded.paste(Image.open(other), (200, 200))
    empty_boxes = page.copy()
    empty_boxes.paste("white", (150, 320, page.width - 60, page.height - 200))
    cases = {
        "page_none": Image.new("L", (1200, 1600), 250),
        "page_corners": half,
        "page_two": two_pages(page),
        "page_code": hidden,
        "page_other_program": coded,
        "page_unclear": empty_boxes,
        "page_small": page.resize((500, 707)),
        "page_other_sheet": Image.fromarray(printed(made(seed=8)).picture),
    }
    told = {code: reason(mark(model, sheet.layout, as_file(one))) for code, one in cases.items()}
    assert told == {code: code for code in cases}
    assert reason(mark(model, sheet.layout, (PHOTOGRAPHS / "cat.jpg").read_bytes())) == "page_none"


def test_a_document_of_many_pages_is_opened_anew_from_time_to_time() -> None:
    grey = [Image.new("L", (40, 60), 10 * number) for number in range(9)]
    document = io.BytesIO()
    grey[0].save(document, "PDF", save_all=True, append_images=grey[1:])
    opened = [page for page in open_pages(document) if isinstance(page, Image.Image)]
    assert [page.getpixel((20, 20)) for page in opened] == pytest.approx(
        [10 * number for number in range(9)], abs=2
    )
    assert not document.closed


def tiff_that_says(side: int) -> bytes:
    """Return a TIFF that claims to be a square so large, and ends there."""
    tags = [(256, side), (257, side), (258, 1), (259, 1), (262, 0), (273, 8), (278, side), (279, 9)]
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags)
    return struct.pack("<2sHIH", b"II", 42, 8, len(tags)) + entries + bytes(4)


def test_pages_are_counted_without_being_opened() -> None:
    page = Image.new("L", (40, 40))
    file, document = io.BytesIO(), io.BytesIO()
    page.save(file, "TIFF", save_all=True, append_images=[page, page])
    page.save(document, "PDF", save_all=True, append_images=[page])
    contents = (file.getvalue(), document.getvalue(), b"", b"%PDF-1.7", tiff_that_says(60_000))
    assert [count_pages(io.BytesIO(content)) for content in contents] == [3, 2, 1, 1, 1]


def test_what_is_no_picture_is_told(model: Model) -> None:
    layout = made().layout
    assert reason(mark(model, layout, b"")) == "page_no_picture"
    assert reason(mark(model, layout, b"%PDF-1.7 and nothing")) == "page_damaged"
    assert reason(mark(model, layout, b"II*\0")) == "page_damaged"
    assert reason(mark(model, layout, tiff_that_says(60_000))) == "page_too_large"
    assert reason(mark(model, layout, tiff_that_says(10_000))) == "page_too_large"
    assert reason(mark(model, layout, tiff_that_says(100))) == "page_damaged"
    assert reason(mark(model, layout, b"GIF89a" + bytes(30_000_000))) == "page_too_large"


def test_the_command_writes_marks_and_reasons(
    model: Model, sources: Sources, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = made()
    page = filled(sheet, sources)
    layout, out = tmp_path / "sheet.json", tmp_path / "marks.json"
    layout.write_text(write_layout(sheet.layout))
    taken, cat = tmp_path / "page.jpg", PHOTOGRAPHS / "cat.jpg"
    taken.write_bytes(
        photograph(page.picture, SCALE, DAMAGES["photograph"], np.random.default_rng(0))
    )
    asked = ["mark", "--layout", str(layout), str(taken), str(cat), "--out", str(out)]
    assert main(asked) == 0
    marks = json.loads(out.read_text())
    assert marks.keys() == {"pages", "not_found"}
    (marked,), (missed,) = marks["pages"], marks["not_found"]
    assert (marked["file"], marked["page"]) == (str(taken), 1)
    assert marked.keys() == {"file", "page", "questions"}
    assert marked["questions"][0].keys() == {"text", "read", "confidence", "mark"}
    assert missed["file"] == str(cat)
    assert "no page of a worksheet" in missed["reason"]
    layout.write_text("{}")
    assert main(asked) == 1
    assert "layout" in capsys.readouterr().err


def test_pupils_and_pages_are_named_where_there_are_several(
    sources: Sources, tmp_path: Path
) -> None:
    sheet = made(count=30, names=("Ann", "Bob"))
    layout, out, page = (tmp_path / name for name in ("s.json", "m.json", "p.png"))
    layout.write_text(write_layout(sheet.layout))
    page.write_bytes(as_file(filled(sheet, sources, number=3, page=1).picture))
    assert main(["mark", "--layout", str(layout), str(page), "--out", str(out)]) == 0
    (marked,) = json.loads(out.read_text())["pages"]
    assert (marked["page"], marked["sheet_page"], marked["pupil"]) == (1, 2, 2)


def test_a_page_error_says_its_code() -> None:
    assert str(PageError("page_again", file="a.jpg")) == "page again (file: a.jpg)"
