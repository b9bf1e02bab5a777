"""Made digits that come back: known for what they are, and in no version unless asked for."""

import csv
import io
import json
import zipfile

import pytest
from PIL import Image
from sqlalchemy import select

from app.storage.models import User
from tests.app.collecting import in_folders, take_in
from tests.app.database import reading
from tests.app.pictures import encode

JSON = {"Accept": "application/json"}


def make(visitor, kind, **order):
    answer = visitor.send("POST", f"/generate?as={kind}", json=order)
    assert answer.status_code == 200, answer.text
    return answer.data


def send_in(services, files, **said):
    with reading() as session:
        person = session.scalar(select(User.id).where(User.username == "ann"))
    take_in(services, person, files, **said)


def rows_of(archive):
    """Return the rows of labels.csv in a ZIP."""
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        return list(csv.DictReader(io.StringIO(files.read("labels.csv").decode("utf-8-sig"))))


def sources(visitor):
    return sorted(row["source"] for row in rows_of(visitor.get("/gallery/download.zip").data))


def freeze(visitor, **given):
    headers = {"X-CSRFToken": visitor.token(), **JSON}
    return visitor.send("POST", "/versions", json=given, headers=headers)


@pytest.mark.parametrize("kind", ["zip", "npz", "idx"])
def test_made_digits_that_are_sent_in_are_stored_as_such(ann, services, kind):
    digits = "0123456789"
    made = make(ann, kind, digits=digits, spread=0.5)
    send_in(services, {f"digits.{'npz' if kind == 'npz' else 'zip'}": made}, writer="Max")
    rows = rows_of(ann.get("/gallery/download.zip").data)
    assert sorted(row["label"] for row in rows) == [*digits]
    assert {(row["source"], row["writer"]) for row in rows} == {("made", "")}


def test_what_comes_back_from_a_download_is_still_made(ann, services):
    send_in(services, {"digits.zip": make(ann, "zip", digits="3")})
    download = ann.get("/gallery/download.zip").data
    (picture,) = ann.gallery("mine=1")
    assert ann.post(f"/gallery/{picture}/label", label="").status_code == 302
    assert ann.post(f"/gallery/{picture}/delete").status_code == 302
    assert sources(ann) == []
    send_in(services, {"again.zip": download})
    assert sources(ann) == ["made"]


def test_a_made_picture_that_somebody_keeps(ann):
    sheet = make(ann, "png", digits="7", spread=0)
    picture = ann.keep(sheet)
    assert "Made by a generator: nobody wrote it" in ann.get(f"/gallery/{picture}").text
    with Image.open(io.BytesIO(sheet)) as image:
        bare = encode(image.crop((0, 0, 28, 27)))
    other = ann.keep(bare)
    assert "Sent as a picture" in ann.get(f"/gallery/{other}").text


def test_they_are_nobodys_handwriting(ann):
    for seed in range(5):
        ann.label(ann.keep(make(ann, "png", digits="7", seed=seed)), "7")
    answer = ann.send("POST", "/generate", json={"style": "mine", "digits": "7"})
    assert "fewer of: 7." in answer.get_json()["detail"]


def test_a_version_has_them_only_if_they_are_asked_for(ann, services):
    send_in(services, in_folders(12))
    send_in(services, {"digits.zip": make(ann, "zip", digits="0123456789")})
    assert ann.get("/versions/preview").json["pictures"] == 12
    assert ann.get("/versions/preview?made=1").json["pictures"] == 22
    assert (
        "10 of them were made by a generator; they are left out"
        in ann.get("/dataset/versions").text
    )
    written = freeze(ann, name="written").json
    assert (written["counts"]["pictures"], written["counts"]["made"]) == (12, 0)
    both = freeze(ann, name="both", made=True).json
    assert (both["counts"]["pictures"], both["counts"]["made"]) == (22, 10)
    assert freeze(ann, name="third", made="yes").status_code == 400
    rows = rows_of(ann.get("/versions/both.zip").data)
    assert sorted(row["source"] for row in rows) == ["made"] * 10 + ["upload"] * 12
    with zipfile.ZipFile(io.BytesIO(ann.get("/versions/both.zip").data)) as files:
        assert "10 of them were made by a generator" in files.read("README.md").decode()
        card = json.loads(files.read("card.json"))
    assert (card["chosen"]["made"], card["counts"]["made"]) == (True, 10)
    assert "10 of them were made by a generator" in ann.get("/dataset/versions/both").text
    assert "made by a generator" not in ann.get("/dataset/versions/written").text
    page = ann.post("/dataset/versions", name="by-form", made="1")
    assert page.location.endswith("/dataset/versions/by-form")
    assert "were made by a generator" in ann.get(page.location).text
