"""Versions over HTTP: for programs by JSON, for people by pages."""

import io
import zipfile

import pytest
from sqlalchemy import select

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
    assert listed["chosen"] == {"writer": "Max Muster", "from": "2020-01-01", "to": None}
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
    assert len(names) == 14


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
    assert "There is no version none." in answer.json["detail"]


def test_a_form_that_is_not_made(ann, collected):
    freeze(ann, {"name": "first"})
    answer = ann.get("/versions/first.exe", headers=JSON)
    assert answer.status_code == 404
    assert "zip, npz, idx, csv" in answer.json["detail"]


def test_visitors_are_asked_to_log_in(site):
    visitor = Visitor(site)
    for path in ("/versions", "/dataset/versions", "/versions/first.zip"):
        assert visitor.get(path, headers=JSON).status_code == 401
