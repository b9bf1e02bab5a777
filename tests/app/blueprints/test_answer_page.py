"""The answer as a page, for browsers without scripts."""

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image

from tests.app.pictures import draw, encode
from tests.app.visitor import Visitor

SEVEN = encode(draw([(70, 70), (210, 70), (120, 220)]))
#: An A, which is refused.
LETTER = encode(draw([(50, 240), (140, 40), (230, 240)], [(90, 160), (190, 160)]))


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


def picture_in(page):
    """Return what a page's form sends back of the picture, as the browser would."""
    found = re.search(r'name="picture" value="([^"]*)"', page.text)
    return found and found[1]


def shown_in_gallery(visitor):
    """Return the label of each picture in the gallery, or None."""
    tiles = re.findall(r'<li class="tile[ "][^>]*>', visitor.get("/gallery/").text)
    labels = [re.search(r'data-label="(\w+)"', tile) for tile in tiles]
    return [found and found[1] for found in labels]


@pytest.mark.parametrize("content", [SEVEN, LETTER], ids=["read", "refused"])
@pytest.mark.parametrize("label", ["4", "none"])
def test_a_person_says_what_a_picture_shows_and_it_is_kept(ann, content, label):
    page = ann.post("/", **fields(content))
    answer = ann.post("/", picture=picture_in(page), label=label)
    assert f"kept as {'a 4' if label == '4' else 'not a digit'}." in answer.text
    assert shown_in_gallery(ann) == [label]


def test_a_person_keeps_a_picture_after_they_have_seen_the_answer(ann):
    page = ann.post("/", **fields())
    assert 'name="label" value="7"' in page.text
    assert "The picture is kept." in ann.post("/", picture=picture_in(page), keep="1").text
    assert shown_in_gallery(ann) == [None]


def test_a_picture_that_is_kept_is_labelled_where_it_is(ann):
    page = ann.post("/", **fields(keep="1"))
    assert picture_in(page) is None
    found = re.search(r'action="(/gallery/[^"]+/label)"', page.text)
    assert found is not None
    assert ann.post(found[1], label="1").status_code == 302
    assert shown_in_gallery(ann) == ["1"]


def test_what_cannot_be_a_digit_is_not_labelled(ann):
    two = draw([(30, 70), (130, 70), (60, 220)], [(210, 50), (210, 230)])
    for content in (encode(draw()), encode(two)):
        assert 'name="label"' not in ann.post("/", **fields(content)).text
    assert "It was not kept" in ann.post("/", **fields(encode(two), label="7")).text
    assert shown_in_gallery(ann) == []


def test_a_large_picture_comes_back_whole(ann):
    large = encode(
        Image.fromarray(np.random.default_rng(1).integers(0, 256, (450, 1000), np.uint8))
    )
    # More than Werkzeug takes of a field unasked, once it is in base64.
    assert 400_000 < len(large) < 500_000
    again = picture_in(ann.post("/", **fields(large)))
    assert base64.b64decode(again) == large
    assert "kept as not a digit." in ann.post("/", picture=again, label="none").text


def test_a_wrong_label_and_a_damaged_picture_are_told(ann):
    answer = ann.post("/", **fields(label="10"))
    assert answer.status_code == 400
    assert "A label is a digit from 0 to 9" in answer.text
    answer = ann.post("/", picture="damaged", label="7")
    assert answer.status_code == 400
    assert "No picture was chosen" in answer.text


def test_a_visitor_is_offered_what_the_page_draw_offers_a_visitor(client, site):
    answer = send(client)
    assert "Nothing that you draw or send is stored." in answer.text
    assert 'name="label"' not in answer.text
    late = Visitor(site).send("POST", "/", data=fields(label="4"))
    assert "you are logged out" in late.text


def test_a_label_in_somebody_s_name_needs_their_form(ann):
    assert ann.send("POST", "/", data=fields(label="4")).status_code == 400
    assert shown_in_gallery(ann) == []


def test_nothing_is_kept_in_somebody_s_name_without_their_form(ann):
    answer = ann.send("POST", "/", data=fields(keep="1"))
    assert answer.status_code == 400
    assert shown_in_gallery(ann) == []


def test_who_is_logged_out_is_told_that_nothing_was_kept(site):
    answer = Visitor(site).send("POST", "/", data=fields(keep="1"))
    assert answer.status_code == 200
    assert "you are logged out" in answer.text
