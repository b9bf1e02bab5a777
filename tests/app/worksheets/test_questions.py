"""Questions: right answers, within their range, the same again by seed."""

from __future__ import annotations

import itertools

import pytest

from app.worksheets.errors import WorksheetError
from app.worksheets.questions import KINDS, Question, make_questions
from app.worksheets.sentences import say_in_english
from app.worksheets.tables import read_names, read_questions


def solved(question: Question) -> bool:
    """Say whether the answer, put where it belongs, makes a true equation."""
    line = f"{question.before} {question.answer} {question.after}"
    left, _, right = line.partition("=")
    for sign, operator in (("−", "-"), ("×", "*"), ("÷", "/")):
        left = left.replace(sign, operator)
    return bool(eval(left) == int(right))


@pytest.mark.parametrize("kind", ["addition", "subtraction", "multiplication", "division"])
def test_answers_are_right(kind: str) -> None:
    for question in make_questions(kind, 200, seed=3, low=2, high=99):
        assert solved(question), question


def test_missing_numbers_complete_their_equations() -> None:
    made = make_questions("missing", 100, seed=1)
    assert all(solved(question) for question in made)
    assert {bool(question.before) for question in made} == {True, False}
    assert all("_" in question.text for question in made)


def test_sequences_go_on_by_the_same_step() -> None:
    for question in make_questions("sequence", 60, seed=2):
        line = f"{question.before} {question.answer}{question.after}"
        terms = [int(term) for term in line.split(",") if term.strip()]
        assert len({b - a for a, b in itertools.pairwise(terms)}) == 1
        assert all(0 <= term <= 99 for term in terms)


def test_as_many_figures_are_counted_as_are_drawn() -> None:
    made = make_questions("counting", 20, seed=0)
    assert sorted(question.figures for question in made) == list(range(1, 21))
    assert all(int(question.answer) == question.figures for question in made)


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_makes_the_same_questions(kind: str) -> None:
    made = make_questions(kind, 20, seed=7)
    assert made == make_questions(kind, 20, seed=7)
    assert made != make_questions(kind, 20, seed=8)


def test_no_question_comes_twice_while_there_are_others() -> None:
    assert len({question.text for question in make_questions("addition", 100, seed=0)}) == 100
    assert len(make_questions("multiplication", 50, seed=0, low=2, high=3)) == 50


def digits(question: Question) -> tuple[list[int], list[int]]:
    """Return the two numbers' digits, the last first."""
    first, _, second, _ = question.before.split()
    return tuple([int(digit) for digit in reversed(number)] for number in (first, second))  # type: ignore[return-value]


def test_sums_carry_or_do_not() -> None:
    for carries, expected in (("yes", True), ("no", False)):
        for question in make_questions("addition", 50, seed=1, high=99, carries=carries):  # type: ignore[arg-type]
            pairs = zip(*digits(question), strict=False)
            assert any(a + b > 9 for a, b in pairs) == expected, question


def test_differences_borrow_or_do_not() -> None:
    for carries, expected in (("yes", True), ("no", False)):
        for question in make_questions("subtraction", 50, seed=1, high=99, carries=carries):  # type: ignore[arg-type]
            pairs = zip(*digits(question), strict=False)
            assert any(a < b for a, b in pairs) == expected, question


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"kind": "poems"}, "sheet_kind"),
        ({"count": 0}, "sheet_count"),
        ({"count": 201}, "sheet_count"),
        ({"low": 9, "high": 3}, "sheet_range"),
        ({"high": 10_000}, "sheet_range"),
        ({"low": -1}, "sheet_range"),
        ({"kind": "counting", "high": 31}, "sheet_range"),
        ({"kind": "counting", "low": 0}, "sheet_range"),
        ({"kind": "division", "carries": "no"}, "sheet_carries"),
        ({"high": 4, "carries": "yes"}, "sheet_no_carries"),
        ({"kind": "division", "low": 0, "high": 0}, "sheet_impossible"),
    ],
)
def test_what_cannot_be_asked_for_has_a_sentence(wrong: dict[str, object], code: str) -> None:
    asked = {"kind": "addition", "count": 5, "seed": 0, **wrong}
    with pytest.raises(WorksheetError) as raised:
        make_questions(**asked)  # type: ignore[arg-type]
    assert raised.value.code == code
    assert say_in_english(raised.value).endswith(".")


def test_own_questions_are_read_from_a_table() -> None:
    table = 'question,answer\n"Legs of a spider, and of a fly",14\n\n3 + _ = 5,2\n'
    table += '"2, 4, _, 8",6\n_ + 1 = 2,1\nWhat is a_b _?,7\n'
    spider, sum_, *others = read_questions(b"\xef\xbb\xbf" + table.encode())
    assert [(one.before, one.after, one.text) for one in others] == [
        ("2, 4,", ", 8", "2, 4, _, 8"),
        ("", "+ 1 = 2", "_ + 1 = 2"),
        ("What is a_b", "?", "What is a_b _?"),
    ]
    assert (spider.text, spider.answer) == ("Legs of a spider, and of a fly", "14")
    assert (sum_.before, sum_.after, sum_.text) == ("3 +", "= 5", "3 + _ = 5")


@pytest.mark.parametrize(
    ("table", "code"),
    [
        (b"", "sheet_table_columns"),
        (b"answer,question\n", "sheet_table_columns"),
        (b"question,answer\n", "sheet_count"),
        (b"question,answer\nLegs,of,4\n", "sheet_table_row"),
        (b"question,answer\nLegs\n", "sheet_table_row"),
        (b"question,answer\nLegs,four\n", "sheet_table_answer"),
        (b"question,answer\nLegs,\n", "sheet_table_answer"),
        ("question,answer\nLegs,٤\n".encode(), "sheet_table_answer"),
        (b"question,answer\n,4\n", "sheet_table_question"),
        (b"question,answer\n" + b"x" * 81 + b",4\n", "sheet_table_question"),
        (b'question,answer\n"Legs,4\n', "sheet_table_unreadable"),
        (b"\xff\xfe", "sheet_table_unreadable"),
        (b"question,answer\n" + b"Legs,4\n" * 201, "sheet_count"),
    ],
)
def test_a_table_that_cannot_be_used_has_a_sentence(table: bytes, code: str) -> None:
    with pytest.raises(WorksheetError) as raised:
        read_questions(table)
    assert raised.value.code == code
    assert say_in_english(raised.value).endswith(".")


def test_the_line_that_is_wrong_is_named() -> None:
    with pytest.raises(WorksheetError) as raised:
        read_questions(b"question,answer\nLegs of a cat,4\nLegs of a snake,none\n")
    assert say_in_english(raised.value).startswith("Line 3:")


def test_names_are_read_line_by_line() -> None:
    assert read_names("Ann\r\n\n  Béla   Nagy \n".encode()) == ("Ann", "Béla Nagy")
    for wrong in (b"", b"\n", b"\xff", b"A\n" * 201, b"x" * 81):
        with pytest.raises(WorksheetError):
            read_names(wrong)
