"""What /predict?store=1 keeps, what it does not, and what it says when it cannot."""

import io

import psycopg
import pytest
from PIL import Image
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError

from app.storage.models import Picture
from app.web.extensions import db
from tests.app.database import reading
from tests.app.pictures import draw, encode
from tests.app.visitor import Visitor


def test_a_visitor_is_told_to_log_in(site, seven):
    answer = Visitor(site).predict(seven)
    assert answer.status_code == 401
    assert answer.content_type == "application/problem+json"
    assert "Log in" in answer.get_json()["detail"]


@pytest.mark.parametrize("headers", [{}, {"X-CSRFToken": "wrong"}])
def test_a_cookie_alone_stores_nothing(ann, seven, headers):
    answer = ann.send(
        "POST", "/predict?store=1", data=seven, content_type="image/png", headers=headers
    )
    assert answer.status_code == 400
    assert answer.content_type == "application/problem+json"
    assert "reload the page" in answer.get_json()["detail"]
    assert ann.gallery() == []


def test_without_store_nothing_is_stored(ann, seven):
    for query in ("", "store=0", "store=", "store=true"):
        answer = ann.predict(seven, query)
        assert answer.status_code == 200
        assert answer.get_json()["image_id"] is None
    assert ann.gallery() == []


def test_everything_read_is_stored_once(ann, services, seven):
    answer = ann.predict(seven).get_json()
    assert ann.keep(seven) == answer["image_id"]
    with reading() as session:
        picture = session.scalars(select(Picture)).one()
    assert str(picture.id) == answer["image_id"]
    assert picture.digit == answer["digit"] == 7
    assert picture.confidence == pytest.approx(answer["confidence"])
    assert picture.probabilities == pytest.approx(answer["probabilities"])
    assert picture.model == answer["model"]
    assert picture.source == "upload"
    assert picture.pixels is not None
    assert len(picture.pixels) == 784
    assert picture.label is None


@pytest.mark.parametrize(
    ("query", "source"),
    [("source=draw", "draw"), ("source=upload", "upload"), ("source=import", "upload")],
)
def test_where_it_came_from_is_remembered(ann, services, seven, query, source):
    assert ann.predict(seven, f"store=1&{query}").status_code == 200
    with reading() as session:
        assert session.scalar(select(Picture.source)) == source


def test_multipart_and_json_are_stored_too(ann, services, seven):
    import base64

    headers = {"X-CSRFToken": ann.token()}
    file = {"image": (io.BytesIO(seven), "secret name.png")}
    first = ann.send("POST", "/predict?store=1", data=file, headers=headers).get_json()
    url = f"data:image/png;base64,{base64.b64encode(seven).decode()}"
    second = ann.send("POST", "/predict?store=1", json={"image": url}, headers=headers).get_json()
    assert first["image_id"] == second["image_id"] is not None


def test_several_digits_and_none_are_not_stored(ann, seven):
    page = Image.new("RGB", (600, 300), "white")
    page.paste(draw([(140, 50), (140, 230)]), (0, 0))
    page.paste(draw([(60, 60), (210, 60), (110, 230)]), (300, 0))
    for picture in (encode(page), encode(Image.new("L", (100, 100), 255))):
        answer = ann.predict(picture)
        assert answer.status_code == 200
        assert answer.get_json()["image_id"] is None
    assert ann.gallery() == []


def test_pixels_are_not_stored(ann, seven):
    answer = ann.send(
        "POST",
        "/predict?store=1",
        json={"pixels": [0] * 392 + [255] * 392},
        headers={"X-CSRFToken": ann.token()},
    )
    assert answer.status_code == 200
    assert answer.get_json()["image_id"] is None
    assert ann.gallery() == []


def test_what_is_no_picture_is_not_stored(ann):
    assert ann.predict(b"only text").status_code == 415
    assert ann.gallery() == []


def test_a_full_disk_is_said_in_words(ann, site, seven, monkeypatch):
    def fail(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", fail)
    answer = ann.predict(seven)
    assert answer.status_code == 503
    assert answer.content_type == "application/problem+json"
    assert "No space left" in answer.get_json()["detail"]
    monkeypatch.undo()
    assert ann.gallery() == []
    assert ann.keep(seven)


@pytest.fixture
def lost_database(site):
    """Calling this loses the database."""

    def fail(*args):
        raise OperationalError("SELECT", {}, psycopg.OperationalError("server closed"))

    with site.app_context():
        engine = db.engine
    yield lambda: event.listen(engine, "before_cursor_execute", fail)
    event.remove(engine, "before_cursor_execute", fail)


def test_a_lost_database_is_said_in_words_on_every_page(ann, site, seven, lost_database):
    token = ann.token()
    lost_database()
    for path in ("/gallery/", "/account", "/gallery/download.zip", "/gallery/?mine=1"):
        answer = ann.get(path, headers={"Accept": "text/html"})
        assert answer.status_code == 503, path
        assert answer.content_type.startswith("text/html")
        assert "database server cannot be reached" in answer.text
    answer = ann.send("POST", "/account/delete", data={"csrf_token": token, "password": "x"})
    assert answer.status_code == 503
    answer = ann.send(
        "POST",
        "/predict?store=1",
        data=seven,
        content_type="image/png",
        headers={"X-CSRFToken": token},
    )
    assert answer.status_code == 503
    assert answer.content_type == "application/problem+json"


def test_reading_a_digit_needs_no_database(site, seven, lost_database):
    lost_database()
    visitor = Visitor(site)
    answer = visitor.send("POST", "/predict", data=seven, content_type="image/png")
    assert answer.get_json()["digit"] == 7
    assert visitor.get("/").status_code == 200


def test_whoever_is_logged_in_can_still_draw_without_a_database(ann, lost_database):
    lost_database()
    assert ann.get("/").status_code == 200
    assert ann.get("/nothing", headers={"Accept": "text/html"}).status_code == 404
