"""Versions over HTTP: for programs by JSON, for people by pages."""

import io
import zipfile

import pytest
from sqlalchemy import select

from app.services.training import RunSettings
from app.storage.models import User
from tests.app.collecting import in_folders, take_in
from tests.app.database import reading
from tests.app.visitor import Visitor

JSON = {"Accept": "application/json"}


def freeze(visitor, given):
    headers = {"X-CSRFToken": visitor.token(), **JSON}
    return visitor.send("POST", "/versions", json=given, headers=headers)


@pytest.fixture
def collected(ann, services):
    with reading() as session:
        person = session.scalar(select(User.id).where(User.username == "ann"))
    take_in(services, person, in_folders(12), writer="Max Muster")


def test_a_program_freezes_lists_and_downloads(ann, collected):
    answer = freeze(ann, {"name": "first", "writer": "Max Muster", "from": "2020-01-01"})
    assert answer.status_code == 201
    assert answer.json["name"] == "first"
    assert answer.json["counts"]["pictures"] == 12
    assert answer.json["counts"]["writers"] == {"Max Muster": 12}
    [listed] = ann.get("/versions", headers=JSON).json["versions"]
    assert listed["counts"] == answer.json["counts"]
    assert listed["chosen"] == {
        "writer": "Max Muster",
        "from": "2020-01-01",
        "to": None,
        "made": False,
    }
    for form, kind in (
        ("zip", "application/zip"),
        ("idx", "application/zip"),
        ("npz", "application/octet-stream"),
        ("csv", "text/csv"),
    ):
        file = ann.get(f"/versions/first.{form}")
        assert (file.status_code, file.mimetype) == (200, kind)
        assert len(file.data) > 200
        again = ann.get(f"/versions/first.{form}", headers={"If-None-Match": file.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
    names = zipfile.ZipFile(io.BytesIO(ann.get("/versions/first.zip").data)).namelist()
    assert len(names) == 15
    assert {"labels.csv", "README.md", "card.json"} < set(names)


@pytest.mark.parametrize(
    ("given", "status", "words"),
    [
        ({"name": "A b"}, 400, "cannot be a version"),
        ({}, 400, "cannot be a version"),
        ({"name": 5}, 400, "JSON is expected"),
        ([1], 400, "JSON is expected"),
        ({"name": "x", "from": "yesterday"}, 400, "is no day"),
        ({"name": "x", "to": "9999-12-31"}, 400, "is no day"),
        ({"name": "x", "from": "2026-02-01", "to": "2026-01-01"}, 400, "is after the last"),
        ({"name": "x", "writer": "Nobody"}, 400, "no labelled pictures"),
        ({"name": "x", "writer": "n" * 65}, 400, "at most 64"),
        ({"name": "x", "licence": "l" * 201}, 400, "at most 200"),
        ({"name": "x", "licence": "two\nlines"}, 400, "one line"),
        ({"name": "x", "licence": 4}, 400, "JSON is expected"),
        ({"name": "taken"}, 409, "already"),
    ],
)
def test_what_cannot_be_frozen_is_said(ann, collected, given, status, words):
    assert freeze(ann, {"name": "taken"}).status_code == 201
    answer = freeze(ann, given)
    assert answer.status_code == status
    assert words in answer.json["detail"]
    assert len(ann.get("/versions", headers=JSON).json["versions"]) == 1


def test_people_freeze_by_the_form_and_see_the_card(ann, collected):
    page = ann.get("/dataset/versions").text
    assert "There are 12 labelled pictures now." in page
    answer = ann.post("/dataset/versions", name="Wrong name", writer="Max Muster")
    assert answer.status_code == 422
    assert "cannot be a version" in answer.text
    assert 'value="Max Muster"' in answer.text
    assert "at most 64" in ann.post("/dataset/versions", name="x", writer="n" * 65).text
    answer = ann.post("/dataset/versions", name="first")
    assert answer.headers["Location"] == "/dataset/versions/first"
    card = ann.get("/dataset/versions/first").text
    assert "12 labelled pictures, frozen on" in card
    assert "by you" in card
    assert "Max Muster" in card
    assert 'href="/versions/first.npz"' in card
    assert 'href="/dataset/versions/first"' in ann.get("/dataset/versions").text
    assert ann.get("/versions").headers["Location"] == "/dataset/versions"


def test_a_choice_is_counted_without_storing_anything(ann, collected):
    answer = ann.get("/versions/preview?writer=Max+Muster&from=2020-01-01&to=")
    assert answer.json["pictures"] == sum(answer.json["classes"].values()) == 12
    assert ann.get("/versions/preview?writer=Nobody").json["pictures"] == 0
    wrong = ann.get("/versions/preview?from=2026-02-01&to=2026-01-01")
    assert (wrong.status_code, "is after the last" in wrong.json["detail"]) == (400, True)
    # Without scripts, by the form.
    page = ann.post("/dataset/versions", name="first", writer="Max Muster", look="1")
    assert page.status_code == 200
    assert "It would have 12 pictures:" in page.text
    assert 'value="first"' in page.text
    none = ann.post("/dataset/versions", writer="Nobody", look="1").text
    assert "There is no labelled picture of this choice." in none
    assert ann.get("/versions", headers=JSON).json["versions"] == []


def test_a_licence_stands_on_the_card(ann, collected):
    ann.post("/dataset/versions", name="first", licence="CC BY 4.0 <b>")
    assert "Licence: CC BY 4.0 &lt;b&gt;" in ann.get("/dataset/versions/first").text
    [listed] = ann.get("/versions", headers=JSON).json["versions"]
    assert listed["licence"] == "CC BY 4.0 <b>"
    ann.post("/dataset/versions", name="second")
    assert "No licence was given" in ann.get("/dataset/versions/second").text


def test_a_version_is_removed_by_who_froze_it(ann, bob, collected):
    freeze(ann, {"name": "first"})
    assert "Remove this version" not in bob.get("/dataset/versions/first").text
    refused = bob.post("/versions/first/remove", headers=JSON)
    assert (refused.status_code, "or an administrator" in refused.json["detail"]) == (403, True)
    assert "Remove this version" in ann.get("/dataset/versions/first").text
    removed = ann.post("/versions/first/remove")
    assert removed.headers["Location"] == "/dataset/versions"
    assert "The version first is removed. Its pictures stay." in ann.get("/dataset/versions").text
    gone = ann.post("/versions/first/remove", headers=JSON)
    assert (gone.status_code, gone.json["detail"]) == (404, "There is no version first.")
    freeze(ann, {"name": "second"})
    answer = ann.post("/versions/second/remove", headers=JSON)
    assert answer.json == {"name": "second", "removed": True}


def test_an_administrator_removes_what_no_run_needs(site, ann, bob, collected, services):
    freeze(ann, {"name": "first"})
    site.test_cli_runner().invoke(args=["make-admin", "bob"])
    run_id = services.runs.start(RunSettings(versions=("first",)), by=None)
    card = bob.get("/dataset/versions/first").text
    assert "Run 1 is learning from it." in card
    refused = bob.post("/versions/first/remove", headers=JSON)
    assert (refused.status_code, "cancel the run" in refused.json["detail"]) == (409, True)
    services.runs.cancel(run_id)
    assert bob.post("/versions/first/remove").status_code == 302
    page = bob.get(f"/runs/{run_id}").text
    assert "first (removed)" in page
    assert "/dataset/versions/first" not in page


def test_without_pictures_there_is_nothing_to_freeze(ann):
    assert "There are no labelled pictures yet." in ann.get("/dataset/versions").text


def test_others_download_it_but_are_not_told_whose_it_is(ann, bob, collected):
    freeze(ann, {"name": "first"})
    card = bob.get("/dataset/versions/first").text
    assert "by you" not in card
    assert "ann" not in card.split("<main")[1].split("</main>")[0].lower().split()
    assert bob.get("/versions/first.csv").status_code == 200


@pytest.mark.parametrize("path", ["/versions/none.zip", "/dataset/versions/none"])
def test_what_is_not_there(ann, path):
    answer = ann.get(path, headers=JSON)
    assert answer.status_code == 404
    assert "There is no version none. Perhaps it was removed." in answer.json["detail"]


def test_a_form_that_is_not_made(ann, collected):
    freeze(ann, {"name": "first"})
    answer = ann.get("/versions/first.exe", headers=JSON)
    assert answer.status_code == 404
    assert "zip, npz, idx, csv" in answer.json["detail"]


def test_visitors_are_asked_to_log_in(site):
    visitor = Visitor(site)
    for path in ("/versions", "/dataset/versions", "/versions/first.zip"):
        assert visitor.get(path, headers=JSON).status_code == 401
