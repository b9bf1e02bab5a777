"""The form that makes a worksheet: what it makes, what it says is wrong, and what it keeps."""

import re
from html import unescape

import pytest

from tests.app.visitor import Visitor

JSON = {"Accept": "application/json"}


def test_a_worksheet_is_made_by_the_form(ann):
    page = ann.get("/worksheets")
    assert "Make a worksheet" in page.text
    answer = ann.post("/worksheets", kind="division", count="5", title="Sums & more", seed="4")
    assert answer.status_code == 302, answer.text
    page = ann.get(answer.headers["Location"])
    assert "Sums &amp; more" in page.text
    assert "5 questions" in page.text
    assert ann.get(f"{answer.headers['Location']}/answers.pdf").data.startswith(b"%PDF")
    assert "Sums &amp; more" in ann.get("/worksheets").text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"count": "0"}, "1 to 200 questions"),
        ({"count": "many"}, "“How many questions” takes a whole number"),
        ({"seed": "-1"}, "“Seed” takes a whole number"),
        ({"low": "9", "high": "2"}, "smaller number first"),
        ({"low": "99"}, "from 99 to 20"),
        ({"questions": "3 + 4,7"}, "The first line"),
        ({"names": "A" * 81}, "too long"),
        ({"title": "漢"}, "cannot be printed"),
    ],
)
def test_the_form_says_what_is_wrong_and_keeps_what_was_typed(ann, fields, words):
    answer = ann.post("/worksheets", **{"title": "Kept", **fields})
    assert answer.status_code == 422
    assert words in answer.text
    assert all(value in answer.text for value in fields.values())
    assert ann.get("/worksheets", headers=JSON).json == {"worksheets": []}


def test_who_is_not_logged_in_is_told_that_worksheets_need_an_account(site):
    visitor = Visitor(site)
    asked = visitor.get("/worksheets")
    assert (
        "Worksheets are for people with an account" in visitor.get(asked.headers["Location"]).text
    )
    assert "people with an account" not in visitor.get("/login?next=/generate").text


def test_what_is_wrong_stands_above_the_worksheets_that_are_there(ann):
    ann.post("/worksheets", title="Sums", count="5")
    page = ann.get("/worksheets").text
    assert page.index("Your worksheets") < page.index("Make a worksheet")
    page = ann.post("/worksheets", count="0").text
    assert page.index("1 to 200 questions") < page.index("Your worksheets")


def test_the_same_questions_again_start_from_the_same_choices(ann):
    chosen = {"kind": "addition", "count": "7", "seed": "928991", "low": "3", "high": "30"}
    chosen |= {"carries": "no", "columns": "1", "paper": "Letter", "boxes": "number"}
    made = ann.post("/worksheets", **chosen)
    page = ann.get(made.headers["Location"]).text
    assert "seed 928991" in page
    (link,) = map(unescape, re.findall(r'href="(/worksheets\?[^"]+)#make-title"', page))
    form = ann.get(link).text
    for name in ("count", "seed", "low", "high"):
        assert f'name="{name}" value="{chosen[name]}"' in form
    for name in ("kind", "carries", "columns", "paper", "boxes"):
        assert f'<option value="{chosen[name]}" selected>' in form


@pytest.mark.parametrize(
    "options",
    [
        {"kind": 3},
        {"count": True},
        {"seed": -1},
        {"carries": "often"},
        {"names": "Ann"},
        {"names": [1]},
        {"questions": [{"question": "1 + 1"}]},
        {"questions": 4},
        {"question": []},
        [],
        {"questions": "x" * 300_000},
    ],
)
def test_a_program_is_told_what_is_wrong(ann, options):
    headers = {"X-CSRFToken": ann.token(), **JSON}
    answer = ann.send("POST", "/worksheets", headers=headers, json=options)
    assert answer.status_code == 400
    assert answer.json["detail"].endswith(".")
