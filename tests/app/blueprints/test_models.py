"""Models of other pictures in the site: answers for programs, pages, files."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from cnn.models.model_file import CATS_DOGS_MODEL, DIGIT_MODEL, load_model, save_model
from cnn.reading.classifier import classify
from tests.app.pictures import encode, photograph_of
from tests.app.visitor import Visitor


@pytest.fixture(scope="module")
def photograph():
    return photograph_of("dog")


def ask(client, picture, kind="image/jpeg", **query):
    query = {"model": "cats-dogs"} | query
    return client.post("/predict", data=picture, content_type=kind, query_string=query)


def test_the_class_is_the_models_own(client, photograph):
    answer = ask(client, photograph, normalised=1).get_json()
    found = classify(load_model(CATS_DOGS_MODEL), photograph)
    assert answer["class"] == found.name == "dogs"
    assert answer["refusal"] is None
    assert answer["novelty"] == pytest.approx(found.novelty, abs=1e-4)
    assert answer["confidence"] == pytest.approx(found.confidence, abs=1e-6)
    assert answer["probabilities"] == pytest.approx(found.probabilities, abs=1e-6)
    assert list(answer["probabilities"]) == ["cats", "dogs"]
    assert answer["image_id"] is None
    assert answer["normalised"].startswith("data:image/png;base64,")
    assert "normalised" not in ask(client, photograph).get_json()


def test_digits_can_be_asked_for_by_name(client, seven):
    assert ask(client, seven, model="digits").get_json()["digit"] == 7


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ({"model": "birds"}, 404, "There is no model 'birds'; there are digits, cats-dogs."),
        ({"store": 1}, 401, "Log in"),
    ],
)
def test_what_cannot_be_asked_is_said(client, photograph, query, status, words):
    answer = ask(client, photograph, **query)
    assert answer.status_code == status
    assert words in answer.get_json()["detail"]


def test_only_pictures_of_digits_are_stored(app, photograph):
    ann = Visitor(app).sign_up("ann")
    answer = ann.send(
        "POST",
        "/predict?model=cats-dogs&store=1",
        data=photograph,
        content_type="image/png",
        headers={"X-CSRFToken": ann.token()},
    )
    assert answer.status_code == 400
    assert "Only pictures of digits are stored" in answer.get_json()["detail"]


def test_pixels_are_for_digits_alone(client):
    answer = client.post("/predict?model=cats-dogs", json={"pixels": [0] * 784})
    assert answer.status_code == 400
    assert "takes pictures" in answer.get_json()["detail"]


def test_what_is_no_picture_is_refused(client):
    assert ask(client, b"not a picture").status_code == 415


def test_models_are_listed_for_people_and_for_programs(client):
    listed = client.get("/models", headers={"Accept": "application/json"}).get_json()["models"]
    assert [one["in_service_as"] for one in listed] == ["digits", "cats-dogs"]
    assert listed[1]["classes"] == ["cats", "dogs"]
    page = client.get("/models", headers={"Accept": "text/html"}).text
    assert "/models/cats-dogs" in page


def test_a_models_page_says_what_it_is(client):
    page = client.get("/models/cats-dogs").text
    assert "Cats or dogs?" in page
    assert "2,000 pictures that it had never seen" in page
    assert client.get("/models/digits").status_code == 302
    missing = client.get("/models/birds", headers={"Accept": "text/html"})
    assert missing.status_code == 404
    assert "there are digits, cats-dogs" in missing.text


@pytest.mark.parametrize(
    ("path", "file"),
    [
        ("/models/cats-dogs/cats-dogs-1", CATS_DOGS_MODEL),
        ("/models/digits/digits-1", DIGIT_MODEL),
        ("/model", DIGIT_MODEL),
    ],
)
def test_files_have_a_tag(client, path, file):
    with client.get(path) as response:
        assert response.data == file.read_bytes()
        tag = response.headers["ETag"]
    with client.get(path, headers={"If-None-Match": tag}) as again:
        assert again.status_code == 304


def test_a_version_that_is_not_there_is_said(client):
    answer = client.get("/models/cats-dogs/cats-dogs-0")
    assert answer.status_code == 404
    assert "cats-dogs-1 is in service" in answer.get_json()["detail"]


def test_a_version_that_was_added_has_a_page_and_a_file(site, services, tmp_path, photograph):
    shipped = load_model(CATS_DOGS_MODEL)
    metadata = {**shipped.metadata, "tested_on": "held-out pictures", "name": "pets"}
    save_model(replace(shipped, metadata=metadata, novelty=None), tmp_path / "other.dnm")
    assert services.publisher.add(tmp_path / "other.dnm").in_service == "pets-1"
    services.models._looked = None  # as a second later
    client = site.test_client()
    page = client.get("/models/pets").text
    assert "2,000 pictures that were held out of its training" in page
    assert "never seen" not in page
    assert "A picture of something else is called one of these as well" in page
    answer = ask(client, photograph, model="pets").get_json()
    assert (answer["model"], answer["refusal"], answer["novelty"]) == ("pets-1", None, None)
    assert answer["class"] in ("cats", "dogs")
    with client.get("/models/pets/pets-1") as response:
        (tmp_path / "back.dnm").write_bytes(response.data)
        tag = response.headers["ETag"]
    with client.get("/models/pets/pets-1", headers={"If-None-Match": tag}) as again:
        assert again.status_code == 304
    assert load_model(tmp_path / "back.dnm").name == "pets-1"


def test_a_picture_of_something_else_is_none_of_the_classes(client):
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    answer = ask(client, encode(Image.fromarray(noise))).get_json()
    assert answer["class"] is answer["confidence"] is None
    assert answer["refusal"] == {
        "code": "none_of_these",
        "message": "This seems to show none of these: cats, dogs.",
    }
    assert answer["novelty"] > 1
    assert sum(answer["probabilities"].values()) == pytest.approx(1)
