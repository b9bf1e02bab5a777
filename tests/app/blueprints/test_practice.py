"""Practice: its page, and the questions that it asks for."""

import pytest

from app.worksheets.questions import KINDS, make_questions


def ask(client, **query):
    return client.get("/practice/questions", query_string=query)


@pytest.mark.parametrize("kind", KINDS)
def test_a_seed_gives_the_questions_of_a_worksheet(client, kind):
    answer = ask(client, kind=kind, count=7, seed=3)
    assert answer.status_code == 200
    assert answer.json["questions"] == [
        {
            "before": question.before,
            "after": question.after,
            "answer": question.answer,
            "figures": question.figures,
        }
        for question in make_questions(kind, 7, seed=3)
    ]


def test_ten_questions_of_the_usual_range_where_nothing_is_said(client):
    asked = ask(client, kind="addition").json["questions"]
    assert len(asked) == 10
    assert all(2 <= int(question["answer"]) <= 40 for question in asked)
    assert ask(client, kind="addition", seed=1).json["questions"] != asked


def test_the_range_holds(client):
    asked = ask(client, kind="multiplication", low=11, high=12, count=30).json["questions"]
    assert {question["answer"] for question in asked} == {"121", "132", "144"}


def test_own_questions_stand_in_the_address(client):
    own = 'question,answer\nLegs of a cat,4\n"2, _, 6",4\n'
    asked = ask(client, kind="own", own=own).json["questions"]
    assert asked == [
        {"before": "Legs of a cat", "after": "", "answer": "4", "figures": 0},
        {"before": "2,", "after": ", 6", "answer": "4", "figures": 0},
    ]
    assert ask(client, kind="own", own=own, count=1).json["questions"] == asked[:1]
    many = "question,answer\n" + "Legs of a cat,4\n" * 40
    assert len(ask(client, kind="own", own=many).json["questions"]) == 30


def test_carries_are_as_they_were_asked_for(client):
    asked = ask(client, kind="addition", high=20, carries="yes", count=20).json["questions"]
    for question in asked:
        first, _, second, _ = question["before"].split()
        assert int(first) % 10 + int(second) % 10 > 9


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"kind": "addition", "carries": "some"}, "“carries” is any, yes or no."),
        ({"kind": "own"}, "question,answer"),
        ({"kind": "own", "own": "question,answer\n"}, "1 to 200 questions"),
        ({"kind": "own", "own": "question,answer\nLegs,four\n"}, "Line 2: an answer has"),
        ({"kind": "own", "own": "x" * 3001}, "too many words for an address"),
        ({}, "There is no such kind of questions. The kinds are addition,"),
        ({"kind": "poems"}, "There is no such kind of questions."),
        ({"kind": "addition", "count": 0}, "Ask for 1 to 30 questions."),
        ({"kind": "addition", "count": 31}, "Ask for 1 to 30 questions."),
        ({"kind": "addition", "count": "many"}, "count must be a whole number"),
        ({"kind": "addition", "seed": -1}, "seed must be a whole number"),
        ({"kind": "addition", "low": 9, "high": 3}, "the smaller number first"),
        ({"kind": "counting", "high": 31}, "at most 30"),
        ({"kind": "sequence", "low": 1, "high": 3}, "Choose a wider range"),
    ],
)
def test_what_cannot_be_asked_for_has_a_sentence(client, query, words):
    answer = ask(client, **query)
    assert answer.status_code == 400
    assert words in answer.json["detail"]


def test_nobody_asks_without_end(client):
    for _ in range(60):
        answer = client.get(
            "/practice/questions?kind=addition", environ_base={"REMOTE_ADDR": "198.51.100.7"}
        )
        if answer.status_code == 429:
            break
    assert answer.status_code == 429


def test_the_page_offers_every_kind_to_everybody(client):
    page = client.get("/practice").text
    assert all(f'name="kind" value="{kind}"' in page for kind in KINDS)
    assert "No account is needed" in page
