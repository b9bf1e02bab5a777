"""The answer as a page, for browsers without scripts."""

import io

import pytest

from tests.app.pictures import draw, encode
from tests.app.visitor import Visitor

SEVEN = encode(draw([(70, 70), (210, 70), (120, 220)]))


def fields(content=SEVEN, name="seven.png", **others):
    return {"image": (io.BytesIO(content), name), **others}


def send(client, content=SEVEN, **options):
    return client.post("/", data=fields(content, **options))


def test_a_visitor_gets_a_page_and_no_cookie(client):
    answer = send(client)
    assert answer.status_code == 200
    assert "<h1>This is a 7</h1>" in answer.text
    assert "data:image/png;base64," in answer.text
    assert "Set-Cookie" not in answer.headers


def test_a_number_is_spelt(client):
    both = draw([(30, 70), (130, 70), (60, 220)], [(210, 50), (210, 230)])
    answer = send(client, encode(both))
    assert "2 digits" in answer.text
    assert '<p class="plain-number">71</p>' in answer.text


@pytest.mark.parametrize(
    ("content", "name", "status", "words"),
    [
        (b"", "", 400, "No picture was chosen"),
        (b"", "empty.png", 400, "or the file is empty"),
        (b"text", "text.png", 415, "not a picture that can be read"),
    ],
)
def test_what_cannot_be_read_is_a_page_that_says_what_to_do(client, content, name, status, words):
    answer = send(client, content, name=name)
    assert answer.status_code == status
    assert words in answer.text
    assert 'enctype="multipart/form-data"' in answer.text


@pytest.mark.parametrize("size", [3_000_001, 4_300_000])
def test_what_is_too_large_is_told_so(client, size):
    # Written by hand: Werkzeug's client would leave a temporary file open.
    head = b'--line\r\nContent-Disposition: form-data; name="image"; filename="x.png"\r\n\r\n'
    body = head + bytes(size) + b"\r\n--line--\r\n"
    answer = client.post("/", data=body, content_type="multipart/form-data; boundary=line")
    assert answer.status_code == 413
    assert "more than 3,000,000 bytes" in answer.text


def test_a_person_s_picture_is_kept_if_they_say_so(ann):
    assert "is kept" not in ann.post("/", **fields()).text
    assert "The picture is kept." in ann.post("/", **fields(keep="1")).text
    assert "had kept this picture already" in ann.post("/", **fields(keep="1")).text
    blank = ann.post("/", **fields(encode(draw()), keep="1"))
    assert "It was not kept" in blank.text


def test_nothing_is_kept_in_somebody_s_name_without_their_form(ann):
    answer = ann.send("POST", "/", data=fields(keep="1"))
    assert answer.status_code == 400
    assert ann.get("/gallery/").text.count('class="tile ') == 0


def test_who_is_logged_out_is_told_that_nothing_was_kept(site):
    answer = Visitor(site).send("POST", "/", data=fields(keep="1"))
    assert answer.status_code == 200
    assert "you are logged out" in answer.text
