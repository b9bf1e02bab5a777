"""Generators of a folder's pictures in the site: lists, page, files, and what cannot be asked."""

import csv
import io
import zipfile

import numpy as np
import pytest
from PIL import Image

from app.web.services import services_of
from cnn.data.made import is_made
from tests.app.made_pictures import save_maker
from tests.app.pictures import data_url, photograph_of


@pytest.fixture
def site(app, tmp_path):
    """Return a visitor of a site with three generators."""
    services = services_of(app)
    services.publisher.add(save_maker(tmp_path / "faces.dnm", "faces"))
    services.publisher.add(save_maker(tmp_path / "pets.dnm", "pets", ("cats", "dogs")))
    services.publisher.add(save_maker(tmp_path / "plain.dnm", "plain", takes_like=False))
    services.models.look_again()
    return app.test_client()


@pytest.fixture(scope="module")
def cat():
    return data_url(photograph_of("cat"))


def make(client, model="faces", kind="png", **order):
    return client.post(f"/generate?model={model}&as={kind}", json=order)


def detail_of(answer, status=400):
    assert answer.status_code == status, answer.text
    return answer.get_json()["detail"]


def test_a_sheet_says_that_it_is_made(site):
    answer = make(site, count=12)
    assert answer.mimetype == "image/png"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="made-faces.png"'
    assert is_made(answer.data)
    with Image.open(io.BytesIO(answer.data)) as sheet:
        assert (sheet.mode, sheet.size) == ("RGB", (160, 32))
        assert sheet.info["Source"] == "made"
        assert "faces-1" in sheet.info["Description"]


def test_files_of_pictures_like_one(site, cat):
    order = {"class": "dogs", "like": cat, "count": 3}
    with zipfile.ZipFile(io.BytesIO(make(site, "pets", "zip", **order).data)) as archive:
        rows = list(csv.DictReader(io.StringIO(archive.read("labels.csv").decode())))
        assert all(is_made(archive.read(row["file"])) for row in rows)
    assert [(row["label"], row["source"]) for row in rows] == [("dogs", "made")] * 3
    with np.load(io.BytesIO(make(site, "pets", "npz", **order).data)) as arrays:
        assert arrays["images"].shape == (3, 16, 16, 3)
        assert set(arrays["source"]) == {"made"}
    assert make(site, like=cat, count=1).status_code == 200


@pytest.mark.parametrize(
    ("model", "order", "words"),
    [
        ("faces", {"digits": "7"}, "none but these in it: class, count, like, seed, spread"),
        ("faces", {"count": 0}, "“count” must be a number from 1 to 1,000."),
        ("faces", {"like": "a cat"}, '"like" must be a data URL'),
        ("faces", {"class": "birds"}, "faces makes none of “birds”, but of: faces."),
        ("faces", {"class": ["faces"]}, "faces makes none of “['faces']”"),
        ("pets", {"like": "CAT"}, "Say in “class” what the picture shows: pets makes pictures of"),
        ("plain", {"like": "CAT"}, "plain was trained to make pictures at random alone"),
        ("digits", {}, "The model digits reads pictures and makes none."),
        ("cats-dogs", {}, "The model cats-dogs reads pictures and makes none."),
    ],
)
def test_what_cannot_be_made_is_said(site, cat, model, order, words):
    order = {key: cat if value == "CAT" else value for key, value in order.items()}
    assert words in detail_of(make(site, model, **order))


def test_names_kinds_and_pictures_that_are_none(site):
    words = "There is no model 'birds'; there are digits, cats-dogs, faces, pets, plain."
    assert detail_of(make(site, "birds"), 404) == words
    assert detail_of(make(site, kind="svg")) == "“as” must be one of png, zip, npz."
    assert "not a picture" in detail_of(make(site, like=data_url(b"no picture")), 415)


def test_a_generator_reads_nothing(site, seven):
    words = "The model faces makes pictures and reads none."
    ask = {"data": seven, "content_type": "image/png"}
    for path in ("/predict?model=faces", "/explain?model=faces"):
        assert words in detail_of(site.post(path, **ask))
    assert site.post("/predict", **ask).get_json()["digit"] == 7
    page = site.get("/explain?model=faces", headers={"Accept": "text/html"})
    assert (page.status_code, words in page.text) == (400, True)


def test_it_is_listed_and_its_file_can_be_had(site):
    listed = site.get("/models", headers={"Accept": "application/json"}).get_json()
    assert [one["in_service_as"] for one in listed["models"]] == ["digits", "cats-dogs"]
    assert [one["in_service_as"] for one in listed["generators"]] == ["faces", "pets", "plain"]
    assert listed["generators"][1] == {
        "in_service_as": "pets",
        "name": "pets-1",
        "trained_at": None,
        "classes": ["cats", "dogs"],
        "size": [16, 16],
        "channels": 3,
        "takes_like": True,
    }
    page = site.get("/models").text
    assert "New pictures of cats, dogs, 16" in page
    file = site.get("/models/faces/faces-1")
    assert file.status_code == 200
    assert file.data.startswith(b"DIGITNET")
    again = site.get("/models/faces/faces-1", headers={"If-None-Match": file.headers["ETag"]})
    assert again.status_code == 304
    missing = site.get("/models/faces/faces-9").text
    assert "has no version faces-9; faces-1 is in service." in missing
    assert "faces-1</b> gives the answers now" in site.get("/models/faces/versions").text


def test_pages_and_status_go_on(site):
    for path in ("/live", "/explain", "/", "/generate"):
        assert site.get(path).status_code == 200, path
    status = site.get("/status").get_json()
    assert status["models"] == {"digits": "digits-1", "cats-dogs": "cats-dogs-1"}
    assert status["generators"] == {"faces": "faces-1", "pets": "pets-1", "plain": "plain-1"}
    assert '<a href="/generate?model=faces">faces</a>' in site.get("/generate").text


def test_its_page_is_that_of_the_generator(site):
    answer = site.get("/models/faces")
    assert (answer.status_code, answer.location) == (302, "/generate?model=faces")
    page = site.get("/generate?model=faces&seed=1").text
    assert "New pictures of faces" in page
    assert "It was trained on 60 pictures of faces." in page
    assert 'id="shows"' not in page
    assert site.get("/generate?model=faces&seed=2").text != page
    page = site.get("/generate?model=pets&class=dogs&count=20&spread=0").text
    assert 'id="shows"' in page
    assert "<option selected>dogs</option>" in page
    assert 'width="160" height="32"' in page
    plain = site.get("/generate?model=plain&class=other&count=7&seed=x&spread=y").text
    assert 'id="alike"' not in plain
    missing = site.get("/generate?model=birds", headers={"Accept": "text/html"})
    assert missing.status_code == 404
    assert site.get("/generate?model=digits").status_code == 400


def test_the_command_line(app, tmp_path):
    run = app.test_cli_runner()
    path = save_maker(tmp_path / "faces.dnm", "faces")
    shown = run.invoke(args=["model", "add", str(path)]).output
    assert shown == "Added faces-1: faces.\nIt is in service as faces: /models/faces\n"
    shown = run.invoke(args=["model", "list"]).output.splitlines()
    assert shown[2].startswith("* faces-1: faces; added ")
    refused = run.invoke(args=["model", "add", str(path), "--name", "digits"])
    assert refused.exit_code == 1
    assert "makes pictures and reads no digits" in refused.output
    assert run.invoke(args=["model", "remove", "faces-1"]).output == "faces-1 is removed.\n"
    assert app.test_client().get("/models/digits").status_code == 302
