"""Worksheets: what is printed is where the layout says, and nothing is near a box."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
import pytest
import zxingcpp

from app.languages import ENGLISH, Languages
from app.worksheets.__main__ import main
from app.worksheets.codes import PageCode
from app.worksheets.drawing import Heading
from app.worksheets.errors import WorksheetError
from app.worksheets.layout import Layout
from app.worksheets.layout_file import parse_layout, write_layout
from app.worksheets.making import Worksheet, make_worksheet
from app.worksheets.paper import MARK_MODULES, MARKS, PAPERS
from app.worksheets.questions import KINDS, Question, make_questions
from app.worksheets.sentences import say_in_english
from app.worksheets.words import heading_in

SCALE = 8  # pixels of a millimetre


def render(pdf: bytes) -> list[np.ndarray]:
    """Return a PDF's pages as grey pictures, `SCALE` pixels a millimetre."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [
            page.render(scale=SCALE * 25.4 / 72, grayscale=True).to_numpy().copy()
            for page in document
        ]


def made(kind: str = "addition", count: int = 20, **options: Any) -> Worksheet:
    paper = PAPERS[options.pop("paper", "A4")]
    return make_worksheet(make_questions(kind, count, seed=7), paper, **options)


def part(picture: np.ndarray, box: tuple[float, ...], out: float) -> np.ndarray:
    """Return what lies within a box that is larger by `out` millimetres on each side."""
    left, top, width, height = box
    rows = slice(round((top - out) * SCALE), round((top + height + out) * SCALE))
    return picture[rows, round((left - out) * SCALE) : round((left + width + out) * SCALE)]


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("kind", KINDS)
def test_boxes_are_where_the_layout_says_and_nothing_is_near(kind: str, paper: str) -> None:
    sheet = made(kind, paper=paper)
    (picture,) = render(sheet.pdf)
    (page,) = sheet.layout.pages
    assert picture.shape == pytest.approx((page.size[1] * SCALE, page.size[0] * SCALE), abs=8)
    lines = picture.copy()
    for _, _, boxes in page.questions:
        for box in boxes:
            assert (part(picture, box, -0.5) == 255).all()
            edge = part(picture, box, 0)
            for line in (edge[0], edge[-1], edge[:, 0], edge[:, -1]):
                assert line.mean() < 215
            part(lines, box, 0.5)[:] = 255
    for _, _, boxes in page.questions:
        for box in boxes:
            assert (part(lines, box, 3.2) == 255).all()


@pytest.mark.parametrize("paper", PAPERS.values(), ids=PAPERS)
def test_marks_are_where_the_paper_says(paper: Any) -> None:
    (picture,) = render(made(paper=paper.name).pdf)
    for place, modules in zip(paper.marks, MARKS, strict=True):
        mark = part(picture, place, 0)
        step = len(mark) / MARK_MODULES
        middles = ((np.arange(MARK_MODULES) + 0.5) * step).astype(int)
        np.testing.assert_array_equal(mark[np.ix_(middles, middles)] < 128, modules)


@pytest.mark.parametrize("paper", PAPERS.values(), ids=PAPERS)
def test_a_name_is_written_where_the_paper_says(paper: Any) -> None:
    (picture,) = render(made(paper=paper.name).pdf)
    (named,) = render(made(paper=paper.name, names=("Gigi Young",)).pdf)
    left, top, width, height = paper.name_field
    foot = part(picture, (left + width / 2, top + height, width / 2 - 1, 0), 0.2)
    assert (foot.min(axis=0) < 200).all()
    free = (left + 12, top, width - 12, height - 0.5)
    assert (part(picture, free, 0) == 255).all()
    assert part(named, free, 0).min() < 100
    # A printed name reaches no further, and nothing else is printed there.
    edge = part(named, paper.name_field, 3) != part(picture, paper.name_field, 3)
    inside = part(named, paper.name_field, 0) != part(picture, paper.name_field, 0)
    assert np.count_nonzero(edge) - np.count_nonzero(inside) < 0.1 * np.count_nonzero(inside)


def test_no_mark_is_taken_for_another_however_it_is_turned() -> None:
    turned = [(mark, turn, np.rot90(MARKS[mark], turn)) for mark in range(4) for turn in range(4)]
    for one, other in itertools.combinations(turned, 2):
        assert np.count_nonzero(one[2] != other[2]) >= 4, (one[:2], other[:2])


def test_each_pupils_pages_say_whose_they_are_and_no_name() -> None:
    names = ("Ann", "Béla Kőrösi", "Żaneta")
    sheet = made(count=30, names=names, heading=Heading(title="Monday"))
    codes = [zxingcpp.read_barcodes(picture) for picture in render(sheet.pdf)]
    texts = [code.text for (code,) in codes]
    expected = [PageCode(sheet.layout.sheet, page, pupil) for pupil in (1, 2, 3) for page in (1, 2)]
    assert [PageCode.parse(text) for text in texts] == expected
    assert not any(name[:3].upper() in text for name in names for text in texts)
    assert PageCode.parse("WIFI:S:school;;") is None


def test_the_answer_sheet_is_no_page_to_be_marked() -> None:
    pictures = render(made().answers)
    assert not any(zxingcpp.read_barcodes(picture) for picture in pictures)


def test_the_same_questions_make_the_same_file() -> None:
    assert made().pdf == made().pdf
    assert made().layout.sheet == made().layout.sheet
    assert made().layout.sheet != made(boxes="number").layout.sheet


def test_many_questions_take_several_pages() -> None:
    sheet = made(count=50, columns=1, boxes="number")
    assert [len(page.questions) for page in sheet.layout.pages] == [12, 12, 12, 12, 2]
    assert len(render(sheet.pdf)) == 5
    again = parse_layout(write_layout(sheet.layout).encode())
    assert again == sheet.layout
    assert again.sheet == sheet.layout.sheet


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("Łukasz Őrsi", "Łukasz Őrsi"),
        ("Никита", "Никита"),
        ("Ελένη", "Ελένη"),
        ("Nguye\u0302\u0303n", "Nguyễn"),
        ("漢字", "№ 2"),
        ("דוד", "№ 2"),
        ("محمد", "№ 2"),
        ("नमस्ते", "№ 2"),
    ],
)
def test_a_name_in_any_script_is_printed_or_its_number(name: str, printed: str) -> None:
    with pypdfium2.PdfDocument(made(names=["Ann", name]).pdf) as document:
        lines = document[1].get_textpage().get_text_range().splitlines()
    assert f"Name {printed}" in lines


def test_a_long_name_is_printed_as_far_as_there_is_room() -> None:
    for name in ("Maria-Magdalena von Hohenlohe-Langenburg-Weikersheim", "W" * 80):
        with pypdfium2.PdfDocument(made(names=[name]).pdf) as document:
            printed = document[0].get_textpage().get_text_range()
        (shown,) = [line for line in printed.splitlines() if line.endswith("…")]
        shown = shown.removeprefix("Name ").removesuffix("…")
        assert name.startswith(shown)
        assert len(shown) > 10


def words_of(heading: Heading) -> str:
    """Return all that is printed on a page."""
    with pypdfium2.PdfDocument(made(count=1, heading=heading).pdf) as document:
        return str(document[0].get_textpage().get_text_bounded())


def test_the_words_of_a_page_are_in_a_language_as_far_as_they_can_be_printed(
    tmp_path: Path,
) -> None:
    hint = Heading.hint
    (tmp_path / "hu.po").write_text(
        f'msgid "Name"\nmsgstr "Név"\n\nmsgid "{hint}"\nmsgstr "{"Tollal! " * 20}"\n', "utf-8"
    )
    (tmp_path / "ko.po").write_text(
        f'msgid "Name"\nmsgstr "이름"\n\nmsgid "Date"\nmsgstr "{"Date " * 9}"\n', "utf-8"
    )
    languages = Languages.load(tmp_path)
    hungarian = words_of(heading_in(languages.choose(["hu"])))
    assert "Név" in hungarian
    assert "Tollal! Tollal!" in hungarian
    assert "Date" in hungarian
    assert heading_in(languages.choose(["ko"])) == heading_in(ENGLISH) == Heading()


def test_a_title_is_printed_smaller_until_there_is_no_room() -> None:
    def is_printed(title: str) -> bool:
        try:
            made(count=1, heading=Heading(title=title))
        except WorksheetError:
            return False
        return True

    # Whatever its width is, all up to some length are printed.
    for letter in "abdehkmn":
        printed = [is_printed(letter * length) for length in range(20, 81)]
        assert printed == sorted(printed, reverse=True)
        assert printed[0]


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"columns": 4}, "sheet_too_wide"),
        ({"columns": 5}, "sheet_columns"),
        ({"columns": 0}, "sheet_columns"),
        ({"heading": Heading(title="x" * 81)}, "sheet_text"),
        ({"heading": Heading(title="w" * 80)}, "sheet_text_wide"),
        ({"heading": Heading(title="漢字")}, "sheet_letters"),
        ({"heading": Heading(title="דוד")}, "sheet_letters"),
    ],
)
def test_what_cannot_be_printed_has_a_sentence(options: dict[str, Any], code: str) -> None:
    with pytest.raises(WorksheetError) as raised:
        made(**options)
    assert raised.value.code == code
    assert say_in_english(raised.value).endswith(".")


def test_a_question_that_is_too_wide_for_two_columns_has_one() -> None:
    long = Question("How many legs have three spiders?", "", "24")
    (page,) = make_worksheet([long] * 3, PAPERS["A4"]).layout.pages
    assert len({boxes[0][0] for _, _, boxes in page.questions}) == 1
    with pytest.raises(WorksheetError) as raised:
        make_worksheet([Question("m" * 60, "", "24")], PAPERS["A4"])
    assert say_in_english(raised.value) == "A question is too wide for the page. Write it shorter."


@pytest.mark.parametrize(
    "wrong",
    [
        b"",
        b"[]",
        b"7",
        b'{"pages": []}',
        b'{"page": [210, 297], "questions": []}',
        b'{"page": [100, 100], "questions": [1]}',
        b'{"page": [210, 297], "questions": [{"text": "1 +", "answer": "x", "boxes": []}]}',
        b'{"page": [210, 297], "questions": [{"text": "", "answer": "12", "boxes": []}]}',
        b'{"page": [210, 297], "questions": '
        b'[{"text": "", "answer": "1", "boxes": [[205, 9, 9, 9]]}]}',
        b'{"page": [210, 297], "questions": '
        b'[{"text": "", "answer": "1", "boxes": [[1e999, 9, 9, 9]]}]}',
        b'{"page": [210, 297], "questions": [{"text": 1, "answer": "1", "boxes": []}]}',
        b'{"page": [210, true], "questions": [{"text": "1", "answer": "1", "boxes": []}]}',
        b"[" * 100_000,
    ],
)
def test_what_is_no_layout_is_refused(wrong: bytes) -> None:
    with pytest.raises(WorksheetError) as raised:
        parse_layout(wrong)
    assert raised.value.code == "sheet_layout"


def test_the_command_writes_sheet_layout_and_answers(tmp_path: Path) -> None:
    out, layout, answers = (tmp_path / name for name in ("s.pdf", "s.json", "a.pdf"))
    given = ["make", "--kind", "addition", "--count", "20", "--seed", "7", "--out", str(out)]
    assert main([*given, "--layout", str(layout), "--answers", str(answers)]) == 0
    assert out.read_bytes() == made().pdf
    assert answers.read_bytes().startswith(b"%PDF")
    read = json.loads(layout.read_text())
    assert read.keys() == {"page", "questions"}
    assert read["page"] == [210.0, 297.0]
    assert len(read["questions"]) == 20
    assert read["questions"][0].keys() == {"text", "answer", "boxes"}
    assert parse_layout(layout.read_bytes()) == made().layout
    assert isinstance(parse_layout(layout.read_bytes()), Layout)


def test_the_command_takes_own_questions_and_names(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table, names = tmp_path / "q.csv", tmp_path / "n.txt"
    table.write_text("question,answer\nLegs of a cat,4\n")
    names.write_text("Ann\n漢字\n")
    out, layout = tmp_path / "s.pdf", tmp_path / "s.json"
    files = ["--out", str(out), "--layout", str(layout)]
    assert main(["make", "--questions", str(table), "--names", str(names), *files]) == 0
    assert len(render(out.read_bytes())) == 2
    assert capsys.readouterr().err == "漢字 cannot be printed: the pages say № 2\n"


def test_the_command_says_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = ["--out", str(tmp_path / "s.pdf"), "--layout", str(tmp_path / "s.json")]
    assert main(["make", "--kind", "addition", "--count", "0", *files]) == 1
    assert capsys.readouterr().err == "A worksheet has 1 to 200 questions.\n"
    assert main(["make", "--questions", str(tmp_path / "none.csv"), *files]) == 1
    assert "No such file" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_a_salt_makes_ids_differ_and_outlives_the_file() -> None:
    questions = make_questions("addition", 3, seed=1)
    plain, one, other = (
        make_worksheet(questions, PAPERS["A4"], salt=salt).layout for salt in ("", "a", "b")
    )
    assert len({plain.sheet, one.sheet, other.sheet}) == 3
    assert "salt" not in plain.as_json()
    assert parse_layout(write_layout(one).encode()) == one
    with pytest.raises(WorksheetError):
        parse_layout(write_layout(one).replace('"a"', "1").encode())
