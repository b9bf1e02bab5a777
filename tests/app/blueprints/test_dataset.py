"""Training data over HTTP: by programs, in pieces, and by the page's form."""

import io
import json
import re
from uuid import uuid4

import pytest

from app.web.services import get_services
from tests.app.collecting import in_folders, mnist, packed, png, stored, work


@pytest.fixture
def send(ann, services):
    def one(path, data=None, accept="application/json", **options):
        headers = {"X-CSRFToken": ann.token(), "Accept": accept}
        return ann.send("POST", path, data=data, headers=headers, **options)

    return one


def files(**named):
    return [(io.BytesIO(content), name) for name, content in named.items()]


def archive(count=6):
    return [(io.BytesIO(packed(in_folders(count))), "all.zip")]


def test_a_program_uploads_and_follows_the_import(ann, send, services):
    answer = send("/upload_training_data", {"file": archive(), "writer": "Max"})
    assert answer.status_code == 202
    address = f"/imports/{answer.get_json()['import']}"
    assert ann.get(address).get_json()["state"] == "checking"
    work(services)
    told = ann.get(address).get_json()
    assert (told["state"], told["stored"], told["known"], told["left_out"]) == (
        "finished",
        6,
        0,
        [],
    )
    assert {picture.writer for picture in stored()} == {"Max"}
    assert (
        sum(ann.get("/dataset", headers={"Accept": "application/json"}).json["all"].values()) == 6
    )


def test_pictures_with_labels_by_name(send, services):
    images, labels = mnist()
    given = files(**{"a.png": png(images[0]), "b.png": png(images[1])})
    said = json.dumps({"a.png": str(labels[0]), "b.png": str(labels[1])})
    assert send("/upload_training_data", {"file": given, "labels": said}).status_code == 202
    work(services)
    assert sorted(p.label for p in stored()) == sorted(str(one) for one in labels[:2])


def test_a_dry_run_answers_with_the_preview_and_stores_nothing(send, services, monkeypatch):
    collection = get_services().collection
    check = type(collection).check

    def check_at_once(self, *arguments):
        check(self, *arguments)
        work(services)

    monkeypatch.setattr(type(collection), "check", check_at_once)
    answer = send("/upload_training_data?dry_run=1", {"file": archive()})
    assert answer.status_code == 200
    assert answer.get_json()["new"] == 6
    work(services)
    assert stored() == []


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "no files"),
        ({"label": "ten"}, "no label"),
        ({"labels": "[1]"}, "must be JSON"),
        ({"model": "cats-dogs"}, "Only digits"),
        ({"writer": "x" * 65}, "writer"),
    ],
)
def test_what_is_wrong_is_told(send, fields, words):
    given = {} if not fields else {"file": archive(1)}
    answer = send("/upload_training_data", given | fields)
    assert answer.status_code == 400
    assert words in answer.get_json()["detail"]


def test_the_quota_is_told(send, services, monkeypatch):
    monkeypatch.setattr(services.collection, "quota", 1000)
    answer = send("/upload_training_data", {"file": archive()})
    assert answer.status_code == 429
    assert "a day" in answer.get_json()["detail"]
    assert answer.headers["Retry-After"] == "3600"


def test_pieces_can_be_sent_again(ann, send, services):
    upload = send("/imports").get_json()["import"]
    images, labels = mnist()
    named = {f"x/{labels[n]}/{n}.png": png(images[n]) for n in range(4)}
    for _ in range(2):
        answer = send(f"/imports/{upload}/batches/0", {"file": files(**named)})
        assert answer.get_json() == {"files": 4}
    whole = packed(in_folders(5, 10))
    half = len(whole) // 2
    late = f"/imports/{upload}/files/1?name=all.zip&offset={half}"
    options = {"content_type": "application/octet-stream"}
    assert "byte 0" in send(late, whole[half:], **options).get_json()["detail"]
    first = f"/imports/{upload}/files/1?name=all.zip&offset=0"
    for _ in range(2):
        assert send(first, whole[:half], **options).get_json() == {"size": half}
    assert send(late, whole[half:], **options).get_json() == {"size": len(whole)}
    send(f"/imports/{upload}/check")
    work(services)
    assert ann.get(f"/imports/{upload}").get_json()["preview"]["new"] == 9
    send(f"/imports/{upload}/accept")
    work(services)
    assert ann.get(f"/imports/{upload}").get_json()["stored"] == 9


def test_a_file_that_comes_only_in_part_is_left_out(ann, send, services):
    upload = send("/imports").get_json()["import"]
    whole = packed(in_folders(5))
    slices = {1: whole[:-100], 2: whole, 3: whole[:50]}
    for number, content in slices.items():
        address = f"/imports/{upload}/files/{number}?name={number}.zip&offset=0&size={len(whole)}"
        answer = send(address, content, content_type="application/octet-stream")
        assert answer.get_json() == {"size": len(content)}
    send(f"/imports/{upload}/check")
    work(services)
    preview = ann.get(f"/imports/{upload}").get_json()["preview"]
    assert preview["new"] == 5
    assert [one["name"] for one in preview["left_out"]] == ["1.zip", "3.zip"]
    assert "Send it again." in preview["left_out"][0]["reason"]
    wrong = send(f"/imports/{upload}/files/4?name=a&size=-1", b"x", content_type="text/plain")
    assert wrong.status_code == 400


def test_the_page_s_form_leads_to_a_preview_and_to_the_import(ann, services):
    page = ann.get("/dataset")
    assert page.status_code == 200
    answer = ann.post("/dataset/upload", file=archive(), writer="Eva")
    assert answer.status_code == 302
    address = answer.headers["Location"]
    assert "Checking" in ann.get(address).text
    work(services)
    shown = ann.get(address).text
    assert "6 new" in shown
    assert "data:image/png;base64" in shown
    assert stored() == []
    (accept,) = re.findall(r'action="([^"]+/accept)"', shown)
    assert ann.post(accept).headers["Location"] == address
    work(services)
    assert "6 pictures imported" in ann.get(address).text
    assert "6 pictures imported" in ann.get("/dataset").text


def test_another_person_s_upload_is_not_there(send, bob, services):
    upload = send("/upload_training_data", {"file": archive(1)}).get_json()["import"]
    for path in (f"/imports/{upload}", f"/dataset/imports/{upload}", f"/imports/{uuid4()}"):
        assert bob.get(path).status_code == 404
    assert bob.post(f"/imports/{upload}/cancel").status_code == 404
    assert bob.post(f"/imports/{upload}/accept").status_code == 404


def test_visitors_are_sent_to_log_in(site, client):
    assert client.get("/dataset").status_code == 302
    assert client.post("/upload_training_data").status_code in (400, 401)
