"""What /predict?store=1 keeps, what it does not, and what it says when it cannot."""

import io

import psycopg
import pytest
from PIL import Image
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError

from app.services.pictures.labels import Labels
from app.storage.models import Picture
from app.web.extensions import db
from tests.app.database import reading
from tests.app.pictures import draw, encode
from tests.app.stock import files, rows
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
    for query in ("", "store=0"):
        answer = ann.predict(seven, query)
        assert answer.status_code == 200
        assert answer.get_json()["image_id"] is None
    for query in ("store=", "store=true"):
        assert ann.predict(seven, query).status_code == 400
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


@pytest.fixture(scope="module")
def letter():
    """A PNG of what the reader refuses, though it sees something."""
    strokes = ([(40, 230), (140, 40), (240, 230)], [(80, 150), (200, 150)])
    page = draw(*strokes, [(40, 40), (240, 40)], [(60, 90), (60, 230), (220, 100)])
    return encode(page)


@pytest.mark.parametrize("word", ["4", "none"])
def test_what_is_refused_is_stored_with_its_writers_label(ann, services, letter, word):
    assert ann.predict(letter).get_json()["image_id"] is None
    answer = ann.predict(letter, f"store=1&source=draw&label={word}").get_json()
    assert answer["refusal"]["code"] == "not_a_digit"
    assert answer["digit"] is None
    assert answer["kept"] == {"was_held": False, "label_before": None, "label": word}
    with reading() as session:
        picture = session.scalars(select(Picture)).one()
    assert str(picture.id) == answer["image_id"]
    assert (picture.digit, picture.confidence) == (None, None)
    assert (picture.label, picture.shown, picture.source) == (word, word, "draw")
    assert len(picture.pixels) == 784
    assert sum(picture.probabilities) == pytest.approx(1, abs=1e-3)
    assert ann.gallery(f"digit={word}") == [answer["image_id"]]


def test_a_refused_picture_is_shown_everywhere(ann, bob, letter):
    own = ann.predict(letter, "store=1&label=4").get_json()["image_id"]
    page = ann.get(f"/gallery/{own}").text
    assert "A 4" in page
    assert "You say so. The network saw no digit." in page
    assert "% sure" not in page
    assert "A person says so. The network saw no digit." in bob.get(f"/gallery/{own}").text
    assert "A 4, as you say; the network saw no digit" in ann.get("/gallery/?digit=4").text
    assert "A 4, as a person says; the network saw no digit" in bob.get("/gallery/?digit=4").text
    assert (
        ann.get(f"/gallery/{own}.png?download=1")
        .headers["Content-Disposition"]
        .endswith(f"4-{own}.png")
    )
    ann.label(own, "")
    assert "The network saw no digit, and no person has said" in ann.get(f"/gallery/{own}").text
    assert ann.gallery("digit=none") == [own]
    assert "The network saw no digit" in ann.get("/gallery/").text
    ann.label(own, "none")
    assert "Not a digit, which you confirmed" in ann.get("/gallery/").text
    assert "Not a digit, which a person confirmed" in bob.get("/gallery/").text


def test_a_blank_page_is_not_stored_whatever_its_label(ann):
    answer = ann.predict(encode(Image.new("L", (100, 100), 255)), "store=1&label=1").get_json()
    assert answer["image_id"] is None
    assert ann.gallery() == []


def test_several_digits_are_not_stored_with_one_label(ann):
    page = Image.new("RGB", (600, 300), "white")
    page.paste(draw([(140, 50), (140, 230)]), (0, 0))
    page.paste(draw([(60, 60), (210, 60), (110, 230)]), (300, 0))
    assert ann.predict(encode(page), "store=1&label=7").get_json()["image_id"] is None


def test_a_digit_is_stored_with_a_label_too(ann, seven):
    answer = ann.predict(seven, "store=1&label=1").get_json()
    assert answer["digit"] == 7
    assert answer["kept"] == {"was_held": False, "label_before": None, "label": "1"}
    assert ann.gallery("digit=1") == [answer["image_id"]]
    again = ann.predict(seven, "store=1&label=2").get_json()
    assert again["kept"] == {"was_held": True, "label_before": "1", "label": "2"}


@pytest.mark.parametrize("query", ["store=1&label=10", "store=1&label=", "store=1&label=x"])
def test_no_such_label(ann, seven, query):
    answer = ann.predict(seven, query)
    assert answer.status_code == 400
    assert "A label is a digit from 0 to 9" in answer.get_json()["detail"]
    assert ann.gallery() == []


def test_a_label_without_its_picture(ann, seven):
    answer = ann.predict(seven, "label=7")
    assert answer.status_code == 400
    assert "store=1" in answer.get_json()["detail"]


def test_past_the_limit_of_labels_neither_is_stored(ann, services, letter, monkeypatch):
    monkeypatch.setattr(services.images, "_labels", Labels(0))
    answer = ann.predict(letter, "store=1&label=4")
    assert answer.status_code == 409
    assert "the most for one person" in answer.get_json()["detail"]
    assert ann.gallery() == []
    assert files(services.images) == set()


def test_undo_takes_back_picture_and_label(ann, services, seven):
    own = ann.predict(seven, "store=1&label=1").get_json()["image_id"]
    json = {"Accept": "application/json"}
    answer = ann.post(f"/gallery/{own}/delete", headers=json, with_label="1")
    assert answer.get_json() == {"id": own, "deleted": True}
    assert rows() == set()
    assert files(services.images) == set()
    assert ann.post(f"/gallery/{own}/delete", headers=json, with_label="1").status_code == 404


def test_undo_leaves_what_others_hold_and_say(ann, bob, services, seven):
    own = ann.predict(seven, "store=1&label=1").get_json()["image_id"]
    assert bob.predict(seven, "store=1&label=2").get_json()["image_id"] == own
    ann.post(f"/gallery/{own}/delete", with_label="1")
    assert bob.gallery("digit=2&mine=1") == [own]
    assert ann.gallery("mine=1") == []
    refused = ann.post(f"/gallery/{own}/delete", with_label="1")
    assert refused.status_code == 403


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
