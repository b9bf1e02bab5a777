"""Made digits: by whom they are asked for, in every form, and what cannot be made."""

import base64
import csv
import io
import re
import zipfile
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

import cnn
from app.services.generating import DigitMaker
from app.web.services import services_of
from cnn.data import decode_idx
from tests.app.pictures import data_url, draw, encode
from tests.app.visitor import Visitor

FOUR = [(90, 50), (70, 150), (200, 150)], [(170, 60), (160, 240)]


@pytest.fixture(scope="module")
def four():
    return data_url(encode(draw(*FOUR)))


def ask(client, query="", **order):
    return client.post(f"/generate?{query}", json=order)


def arrays_of(client, **order):
    """Return the pictures, (N, 28, 28), and labels of an order."""
    answer = ask(client, "as=npz", **order)
    assert answer.status_code == 200, answer.text
    with np.load(io.BytesIO(answer.data)) as arrays:
        return arrays["images"], arrays["labels"]


def shares_read(images, labels):
    read = cnn.load_model().predict(images[:, None]).argmax(axis=1)
    return (read == labels).mean()


def detail_of(answer, status=400):
    assert answer.status_code == status, answer.text
    return answer.get_json()["detail"]


def test_a_sheet_of_all_ten(client):
    answer = ask(client)
    assert answer.mimetype == "image/png"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="made-digits.png"'
    with Image.open(io.BytesIO(answer.data)) as sheet:
        assert sheet.size == (280, 280)
        assert sheet.info["Source"] == "made"
    assert ask(client).data == answer.data
    assert ask(client, seed=1).data != answer.data
    images, labels = arrays_of(client)
    assert labels.tolist() == [n % 10 for n in range(100)]
    assert shares_read(images, labels) >= 0.9


def test_a_text_once_each_or_as_many_as_are_asked_for(client):
    assert arrays_of(client, digits="31415")[1].tolist() == [3, 1, 4, 1, 5]
    assert arrays_of(client, digits="31415", count=7)[1].tolist() == [3, 1, 4, 1, 5, 3, 1]
    images, _ = arrays_of(client, digits="77", style="one")
    assert np.array_equal(images[0], images[1])
    images, _ = arrays_of(client, digits="77")
    assert not np.array_equal(images[0], images[1])
    images, _ = arrays_of(client, digits="77", spread=0)
    assert np.array_equal(images[0], images[1])


def test_a_zip_is_read_back_and_says_that_it_is_made(client):
    answer = ask(client, "as=zip", digits="07")
    assert answer.mimetype == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert archive.testzip() is None
        rows = list(csv.DictReader(io.StringIO(archive.read("labels.csv").decode())))
        for row in rows:
            with Image.open(archive.open(row["file"])) as image:
                assert image.size == (28, 28)
                assert image.info["Source"] == "made"
    assert [(row["label"], row["source"]) for row in rows] == [("0", "made"), ("7", "made")]


def test_files_like_those_of_mnist(client):
    answer = ask(client, "as=idx", digits="07")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert decode_idx(archive.read("made-images-idx3-ubyte")).shape == (2, 28, 28)
        assert decode_idx(archive.read("made-labels-idx1-ubyte")).tolist() == [0, 7]


def test_digits_in_the_hand_of_a_drawing(client, four):
    images, labels = arrays_of(client, like=four, count=20)
    assert labels.tolist() == [4] * 20
    assert shares_read(images, labels) >= 0.7
    assert len(np.unique(images, axis=0)) == 20
    images, labels = arrays_of(client, like=four, digits="0123456789", style="one")
    assert labels.tolist() == [*range(10)]
    assert shares_read(images, labels) >= 0.7
    assert cnn.load_model().predict(images[9:, None]).argmax() == 9


def test_the_way_from_a_drawing_to_another(client, four, one):
    images, labels = arrays_of(client, like=four, to=data_url(one), count=9)
    assert labels.tolist() == [4] * 4 + [1] * 5
    read = cnn.load_model().predict(images[[0, -1], None]).argmax(axis=1)
    assert read.tolist() == [4, 1]
    steps = np.abs(np.diff(images.astype(float), axis=0)).mean(axis=(1, 2))
    assert steps.max() < np.abs(images[0].astype(float) - images[-1]).mean()
    assert arrays_of(client, like=four, to=data_url(one), count=1)[1].tolist() == [4]
    assert (
        arrays_of(client, like=four, to=data_url(one), digits="9", count=3)[1].tolist() == [9] * 3
    )


def test_places_on_a_plane(client, four):
    images, labels = arrays_of(client, digits="3", places=[[0, 0], [0.01, 0], [1, 1]])
    assert labels.tolist() == [3, 3, 3]
    near, far = (np.abs(images[0].astype(float) - images[n]).mean() for n in (1, 2))
    assert near < far
    one, _ = arrays_of(client, digits="3", count=1, spread=0)
    assert np.array_equal(images[0], one[0])
    other, _ = arrays_of(client, digits="3", places=[[1, 1]], seed=1)
    assert not np.array_equal(other[0], images[2])
    of_four, _ = arrays_of(client, digits="4", places=[[0, 0]], like=four)
    assert np.array_equal(of_four, arrays_of(client, like=four, style="one", count=1)[0])


@pytest.mark.parametrize(
    ("order", "words"),
    [
        ({"digits": ""}, "Only the digits 0 to 9 can be made"),
        ({"digits": "12a"}, "Only the digits 0 to 9 can be made"),
        ({"digits": "٣"}, "Only the digits 0 to 9 can be made"),
        ({"digits": 7}, "Only the digits 0 to 9 can be made"),
        ({"digits": "1" * 10_000}, "has 10,000 digits; 1,000 at most"),
        ({"count": 0}, "“count” must be a number from 1 to 1,000."),
        ({"count": 1001}, "“count” must be a number from 1 to 1,000."),
        ({"count": True}, "“count” must be a number from 1 to 1,000."),
        ({"count": "9"}, "“count” must be a number from 1 to 1,000."),
        ({"seed": -1}, "“seed” must be a number from 0 to"),
        ({"seed": 2**60}, "“seed” must be a number from 0 to"),
        ({"spread": 3.1}, "“spread” must be a number from 0 to 3."),
        ({"spread": "wide"}, "“spread” must be a number from 0 to 3."),
        ({"spread": float("nan")}, "“spread” must be a number from 0 to 3."),
        ({"style": "mine?"}, "“style” must be one of any, one, mine."),
        ({"style": []}, "“style” must be one of any, one, mine."),
        ({"places": []}, "“places” must be a list"),
        ({"places": [[0, 0]] * 1001}, "“places” must be a list"),
        ({"places": [[0, 2]]}, "pairs of numbers from -1 to 1"),
        ({"places": [0, 0]}, "“places” must be a list"),
        ({"places": [[0, 0]], "count": 4}, "leave “count” out"),
        ({"places": [[0, 0]], "digits": "12"}, "send one digit in “digits”, or none"),
        ({"like": "x"}, '"like" must be a data URL'),
        ({"like": 7}, '"like" must be a data URL'),
        ({"like": "data:image/png;base64,@"}, 'The base64 in "like" is damaged.'),
        ({"to": "x"}, "“to” needs a picture in “like”"),
        ({"digit": "7"}, "none but these in it: count, digits"),
    ],
)
def test_what_cannot_be_made_is_said_in_a_sentence(client, order, words):
    assert words in detail_of(ask(client, **order))


def test_a_picture_that_does_not_show_one_digit(client):
    blank = data_url(encode(Image.new("L", (280, 280), 255)))
    assert detail_of(ask(client, like=blank)) == "I can't see a digit here: the page is blank."
    pair = Image.new("RGB", (600, 300), "white")
    for left in (0, 300):
        pair.paste(draw(*FOUR), (left, 0))
    assert "shows 2 digits. Cut out the one" in detail_of(ask(client, like=data_url(encode(pair))))
    text = data_url(b"no picture")
    assert "not a picture that can be read here" in detail_of(ask(client, like=text), 415)
    large = data_url(encode(Image.new("1", (5000, 4000), 1)))
    assert "more than 16 megapixels" in detail_of(ask(client, like=large), 413)
    assert "3,000,000 bytes" in detail_of(ask(client, like=data_url(bytes(3_000_001))), 413)


def test_other_requests_are_refused(client):
    assert "“as” must be one of png, npz, zip, idx, svg." in detail_of(ask(client, "as=gif"))
    assert "Send JSON" in detail_of(client.post("/generate", data=b"x"))
    assert "JSON object" in detail_of(client.post("/generate", json=[]))


def test_who_asks_too_often_waits(settings, open_app):
    app = open_app(replace(settings, predict_limit="1 per day"))
    visitor = Visitor(app, address="203.0.113.7")
    assert visitor.send("POST", "/generate", json={"count": 1}).status_code == 200
    assert visitor.send("POST", "/generate", json={"count": 1}).status_code == 429


def test_a_site_without_its_generator_says_so(app, client, tmp_path, monkeypatch):
    maker = DigitMaker(services_of(app).recogniser, path=tmp_path / "generator.dnm")
    monkeypatch.setattr("app.services.generating.DigitMaker.make", lambda _, order: maker.generator)
    assert "generator.dnm, is missing or damaged" in detail_of(ask(client), 503)


def sheet_on(page):
    """Return the picture of the first sheet on a page."""
    assert page.status_code == 200
    url = re.findall(r'src="data:image/png;base64,([^"]+)"', page.text)[0]
    with Image.open(io.BytesIO(base64.b64decode(url))) as sheet:
        assert sheet.info["Source"] == "made"
        return np.asarray(sheet)


def test_the_page_opens_with_a_sheet_and_keeps_what_was_chosen(client):
    assert sheet_on(client.get("/generate")).shape == (280, 280)
    page = client.get("/generate?digit=7&digit=3&count=20&seed=5&spread=0.5")
    expected = ask(client, digits="37", count=20, seed=5, spread=0.5).data
    with Image.open(io.BytesIO(expected)) as sheet:
        assert np.array_equal(sheet_on(page), np.asarray(sheet))
    assert re.findall(r'name="digit" value="(\d)" checked', page.text) == ["3", "7"]
    assert 'value="20" selected' in page.text
    assert sheet_on(client.get("/generate?count=1000&seed=5")).shape == (280, 280)
    assert "The first 100 of 1,000" in client.get("/generate?count=1000").text


@pytest.mark.parametrize("query", ["digit=x", "count=7", "spread=nan", "spread=1e9", "seed=-1"])
def test_an_address_that_says_nonsense_gives_the_usual(client, query):
    assert sheet_on(client.get(f"/generate?{query}&seed=99999999999999")).shape == (280, 280)
