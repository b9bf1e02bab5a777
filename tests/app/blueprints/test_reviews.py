"""Reviewing over HTTP: pictures are given out, answered, undone and given back."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from app.storage.models import Holding, User
from app.web.services import get_services
from tests.app.database import reading
from tests.app.stock import new_picture, second
from tests.app.visitor import Visitor

JSON = {"Accept": "application/json"}
NOWHERE = "00000000-0000-4000-8000-000000000000"


def person(name):
    with reading() as session:
        return session.scalars(select(User.id).where(User.username == name)).one()


@pytest.fixture
def keep(services):
    """Store a picture of a 7 for somebody, with a label."""

    def one(number, label=None, *, name="ann", **changes):
        pixels = bytes([100 * number]) * 784
        new = new_picture(number, **{"digit": 7, "pixels": pixels, **changes})
        return str(services.images.keep_labelled(person(name), new, label).id)

    return one


def send(visitor, path, given):
    headers = {"X-CSRFToken": visitor.token(), **JSON}
    return visitor.send("POST", f"/dataset/review/{path}", json=given, headers=headers)


def test_pictures_are_given_out_answered_and_undone(ann, keep):
    first, second = keep(1, "1", confidence=0.95), keep(2, "7", confidence=0.5)
    turn = send(ann, "next", {}).json
    assert [one["id"] for one in turn["pictures"]] == [first, second]
    assert (turn["left"], turn["elsewhere"]) == (2, 0)
    shown = turn["pictures"][0]
    assert shown["label"] == "1"
    assert (shown["digit"], shown["confidence"]) == (7, 0.95)
    assert (shown["reasons"], shown["writer"], shown["twin"]) == (["differs"], None, None)
    assert shown["normalised"].startswith("data:image/png;base64,")
    assert ann.get(shown["image"]).status_code == 200
    answer = send(ann, first, {"label": "7"})
    assert answer.json == {"id": first, "label": "7", "late": False}
    assert send(ann, second, {"label": None}).json["label"] == "7"
    assert send(ann, "next", {"claim": turn["claim"]}).json["left"] == 0
    undone = send(ann, first, {"undo": True, "claim": turn["claim"]})
    assert undone.json == {"id": first, "label": "1", "late": False}
    assert send(ann, "next", {}).json["left"] == 1


def test_two_people_and_what_is_given_back(site, ann, bob, keep):
    picture = keep(1, "1")
    keep(1, name="bob", created_at=second(9))  # the same picture is Bob's as well
    claim = send(ann, "next", {"count": 5}).json["claim"]
    turn = send(bob, "next", {"claim": str(uuid4())}).json
    assert (turn["pictures"], turn["left"], turn["elsewhere"]) == ([], 1, 1)
    assert send(ann, "release", {"claim": claim}).json == {"claim": claim}
    assert [one["id"] for one in send(bob, "next", {}).json["pictures"]] == [picture]
    assert send(bob, picture, {"label": "7"}).json["label"] == "1"  # Ann held it first
    assert send(ann, picture, {"label": "1"}).json["late"] is True
    answer = send(ann, picture, {"label": "4"})
    assert answer.status_code == 409
    assert "says that it is 1" in answer.json["detail"]


def test_a_near_duplicate_is_shown_beside_it(ann, keep):
    pixels = bytes(300) + bytes([200]) * 100 + bytes(384)
    first = keep(1, "7", pixels=pixels, confidence=0.99)
    second = keep(2, "1", digit=1, pixels=pixels, confidence=0.99)
    turn = send(ann, "next", {}).json
    twins = {one["id"]: one["twin"] for one in turn["pictures"]}
    assert twins[first]["id"] == second
    assert twins[first]["label"] == "1"
    assert twins[first]["normalised"].startswith("data:image/png")


def test_administrators_review_all_and_others_their_own(site, ann, bob, keep):
    picture = keep(1, "1")
    assert send(bob, "next", {}).json["pictures"] == []
    answer = send(bob, picture, {"label": "7"})
    assert answer.status_code == 403
    assert "Only its owner" in answer.json["detail"]
    get_services().accounts.make_admin("bob")
    assert len(send(bob, "next", {}).json["pictures"]) == 1
    assert send(bob, picture, {"label": "none"}).json["label"] == "none"
    with reading() as session:
        assert session.scalars(select(Holding.user_id)).all() == [person("ann")]


@pytest.mark.parametrize(
    ("path", "given", "words"),
    [
        ("next", [1], "an object"),
        ("next", {"count": "5"}, "a whole number from 0 to 50"),
        ("next", {"count": 51}, "a whole number from 0 to 50"),
        ("next", {"count": True}, "a whole number from 0 to 50"),
        ("next", {"claim": "mine"}, "must be the one"),
        ("release", {}, "must be the one"),
        ("release", {"claim": 5}, "must be the one"),
        (NOWHERE, {}, "“label” is missing"),
        (NOWHERE, {"label": "12"}, "A label is a digit"),
        (NOWHERE, {"label": ["7"]}, "A label is a digit"),
        (NOWHERE, {"undo": True, "claim": 5}, "must be the one"),
    ],
)
def test_what_cannot_be_taken_is_said(ann, path, given, words):
    answer = send(ann, path, given)
    assert answer.status_code == 400
    assert words in answer.json["detail"]


def test_a_picture_that_is_gone(ann, keep):
    for given in ({"label": "7"}, {"undo": True}, {"undo": True, "claim": str(uuid4())}):
        answer = send(ann, NOWHERE, given)
        assert answer.status_code == 404
        assert "was deleted" in answer.json["detail"]


def test_programs_review_with_a_token(site, ann, keep):
    keep(1, "1")
    text = get_services().tokens.make_for("ann", "a script").text
    headers = {"Authorization": f"Bearer {text}"}
    program = Visitor(site)
    turn = program.send("POST", "/dataset/review/next", json={"count": 1}, headers=headers).json
    [picture] = turn["pictures"]
    path = f"/dataset/review/{picture['id']}"
    assert program.send("POST", path, json={"label": "7"}, headers=headers).status_code == 200


def test_the_pages_say_how_many_are_left(ann, keep):
    assert "needs a look" not in ann.get("/dataset").text
    keep(1, "1")
    page = ann.get("/dataset").text
    assert "1 picture needs a look" in page
    assert "Review 1 picture" in page
    assert 'href="/dataset/review"' in page
    assert "1 picture left" in ann.get("/dataset/review").text


def test_visitors_are_asked_to_log_in(site):
    visitor = Visitor(site)
    assert visitor.get("/dataset/review").status_code == 302
    token = visitor.token()
    for path in ("next", "release", NOWHERE):
        headers = {"X-CSRFToken": token, **JSON}
        answer = visitor.send("POST", f"/dataset/review/{path}", json={}, headers=headers)
        assert answer.status_code == 401
