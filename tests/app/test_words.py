"""No sentence that people read escapes the catalogue: in another language, nothing is English."""

import base64
import io
import re
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from PIL import Image
from sqlalchemy import select

from app.errors import StorageError
from app.storage.models import User
from app.web.services import services_of
from cnn.data.formats import FORMAT_NAMES
from cnn.explanation.explain import SWITCHES
from tests.app.collecting import work
from tests.app.database import reading
from tests.app.pictures import encode
from tests.app.pseudo import is_plain, plain_texts, pseudo
from tests.app.visitor import PASSWORD, Visitor, error_in

# Names and numbers are the same in every language.
NAMES = ("DigitNet", "ann", "bob", "digits-1", "digits", "cats-dogs-1", "cats-dogs", "cats", "dogs")
NOWHERE = "00000000-0000-4000-8000-000000000000"
HEBREW = {"Accept-Language": "he-IL,en;q=0.5"}


class Reader(Visitor):
    """A visitor whose browser asks for Hebrew."""

    def send(self, method, path, **options):
        headers = {**HEBREW, **(options.pop("headers", None) or {})}
        return super().send(method, path, headers=headers, **options)


@pytest.fixture
def app(settings, open_app, translations):
    return open_app(settings, translations=translations)


@pytest.fixture
def reader(app):
    return Reader(app)


@pytest.fixture
def ann(app):
    return Reader(app).sign_up("ann")


@pytest.fixture
def bob(app):
    return Reader(app).sign_up("bob")


def check(answer, status=200, *quoted):
    """Check that an answer has a status, and no word of English beside what is quoted."""
    assert answer.status_code == status, answer.text
    names = (*NAMES, *quoted, *ids_in(answer.text))
    if answer.mimetype == "application/problem+json":
        problem = answer.get_json()
        texts = [problem["title"], problem["detail"]]
    else:
        assert answer.mimetype == "text/html"
        assert '<html lang="he" dir="rtl">' in answer.text
        texts = plain_texts(answer.text)
    assert [text for text in texts if is_plain(text, *names)] == []
    return answer


def ids_in(text):
    """Return the pictures' ids that stand in a text, and their first letters."""
    whole = set(re.findall(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", text))
    return [*whole, *(one[:5] for one in whole)]


def test_in_english_a_page_is_found_to_be_plain(client):
    texts = plain_texts(client.get("/").text)
    for text in ("Log in", "Draw a digit, or send a picture of one", "Undo (Ctrl+Z or Z)"):
        assert text in texts
    assert len(texts) > 50


def test_every_page_without_an_address_of_its_own(app, reader, ann):
    pages = [
        str(rule)
        for rule in app.url_map.iter_rules()
        if "GET" in rule.methods and not rule.arguments and "download" not in str(rule)
    ]
    assert {"/", "/login", "/account", "/gallery/", "/explain", "/explain/course"} <= {*pages}
    for visitor in (reader, ann):
        for page in pages:
            answer = visitor.get(page, headers={"Accept": "text/html"})
            if answer.status_code == 200 and answer.mimetype == "text/html":
                check(answer)


def test_the_explanation_of_a_models_answer(reader):
    check(reader.get("/explain?model=cats-dogs"), 200, "Cats")


def test_the_gallery_in_every_state(ann, seven, one):
    def look():
        for query in ("", "mine=1", "digit=7", "digit=7&mine=1", "digit=none", "digit=none&mine=1"):
            check(ann.get(f"/gallery/?{query}"))

    look()
    first, second = ann.keep(seven), ann.keep(one)
    look()
    ann.label(first, "7")
    ann.label(second, "none")
    look()
    last = ann.get("/gallery/?after=0001-01-01T00:00:00+00:00.0" + NOWHERE)
    check(last, last.status_code)


def test_a_picture_in_every_state(app, ann, bob, seven, one):
    first, second = ann.keep(seven), ann.keep(one)
    app.test_cli_runner().invoke(args=["make-admin", "bob"])
    for label in ("", "7", "8", "none"):
        ann.label(first, label)
        for visitor in (ann, bob):
            check(visitor.get(f"/gallery/{first}"))
    bob.label(first, "3")
    check(ann.get(f"/gallery/{first}"))
    check(ann.get("/account"))
    check(Reader(app).sign_up("carol").get(f"/gallery/{first}"), 200, "carol")
    check(ann.get(f"/gallery/{NOWHERE}"), 404)
    check(ann.post(f"/gallery/{first}/label", label="77"), 400)
    check(bob.post(f"/gallery/{first}/delete"), 403)
    ann.post(f"/gallery/{second}/delete")
    check(ann.get("/gallery/?mine=1"))


def test_a_worksheet_in_every_state(app, ann):
    check(ann.post("/worksheets", count="0"), 422)
    made = ann.post("/worksheets", count="2", seed="5", names="Mia").headers["Location"]
    check(ann.get(made))
    services = services_of(app)
    with app.app_context():
        worksheet, pages = UUID(made.rpartition("/")[2]), services.worksheet_pages
        with reading() as session:
            owner = session.scalars(select(User.id).where(User.username == "ann")).one()
        sheet = services.worksheets.read_file(owner, worksheet, "sheet")
        for content in (sheet, sheet):
            services.receiving.receive(owner, worksheet, [("7.pdf", io.BytesIO(content))])
        check(ann.get(made), 200, "Mia")
        work(services)
        (page,) = pages.of(owner, worksheet)
        questions = [answer.text for answer in page.answers]
        check(ann.get(made), 200, "Mia", "7.pdf", *questions)
        pages.decide(owner, worksheet, page.id, 0, mark="right")
    for path in (f"/pages/{page.id}", "/review"):
        check(ann.get(made + path), 200, "Mia", *questions)
    check(ann.get("/worksheets"))


@pytest.mark.parametrize(
    ("name", "password", "again"),
    [
        ("", "", ""),
        (" a", PASSWORD, PASSWORD),
        ("a" * 65, PASSWORD, PASSWORD),
        ("a\nb", PASSWORD, PASSWORD),
        ("\u2800", PASSWORD, PASSWORD),
        ("ann", PASSWORD, PASSWORD),
        ("carol", "short", "short"),
        ("carol", " password", " password"),
        ("carol", PASSWORD, "another"),
    ],
)
def test_what_is_wrong_with_a_sign_up(reader, ann, name, password, again):
    answer = reader.post("/signup", username=name, password=password, again=again)
    check(answer, answer.status_code, "carol", "a" * 65)
    assert "⟦" in error_in(answer)


def test_what_is_wrong_with_a_log_in_and_on_the_account_page(reader, ann):
    check(reader.log_in("", ""))
    for _ in range(8):
        answer = reader.log_in("bob", "wrong")
        check(answer, answer.status_code)
        assert "⟦" in error_in(answer)
    assert answer.status_code == 429
    for old, new, again in (("", "", ""), ("wrong", *["new password"] * 2), (PASSWORD, "a", "a")):
        check(ann.post("/account/password", old=old, new=new, again=again), 400)
    check(ann.post("/account/delete", password="wrong"), 400)
    check(ann.post("/account/delete", password=""), 400)


def test_what_is_told_once(app, ann):
    told = []
    new = {"old": PASSWORD, "new": "new password", "again": "new password"}
    for path, fields in (
        ("/account/password", new),
        ("/account/delete", {"password": "new password"}),
    ):
        assert ann.post(path, **fields).status_code == 302
        told.append(check(ann.get("/")).text)
    dora = Reader(app).sign_up("dora")
    dora.log_out()
    told.append(check(dora.get("/")).text)
    for text, message in zip(
        told,
        (
            "Your password has been changed. You are logged out on your other devices, and your "
            "API tokens are revoked.",
            "Your account has been deleted.",
            "You are logged out.",
        ),
        strict=True,
    ):
        assert pseudo(message) in text


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_errors(app, reader, accept):
    headers = {"Accept": accept}

    def broken():
        raise KeyError

    def full():
        raise StorageError("picture_unwritable", problem="28")

    app.testing = False
    app.add_url_rule("/broken", view_func=broken)
    app.add_url_rule("/full", view_func=full)
    for method, path, status in (
        ("GET", "/nowhere", 404),
        ("PUT", "/", 405),
        ("POST", "/login", 400),
        ("POST", f"/gallery/{NOWHERE}/delete", 400),
        ("GET", "/broken", 500),
        ("GET", "/full", 503),
    ):
        check(reader.send(method, path, headers=headers), status)
    evil = reader.get("/", headers={**headers, "Host": "evil.example"})
    check(evil, 400, "evil.example", "DIGITNET_HOSTS")


def test_who_asks_too_often(settings, open_app, translations):
    app = open_app(replace(settings, predict_limit="1 per day"), translations=translations)
    reader = Reader(app, address="203.0.113.7")
    assert reader.send("POST", "/predict", json={"pixels": [0] * 784}).status_code == 200
    check(reader.send("POST", "/predict", json={"pixels": [0] * 784}), 429)


def test_a_picture_whose_file_is_lost(settings, ann, seven):
    kept = ann.keep(seven)
    (settings.instance_path / "saved_images" / f"{kept}.png").unlink()
    check(ann.get(f"/gallery/{kept}"))
    check(ann.get(f"/gallery/{kept}.png"), 404)


def test_what_is_wrong_with_a_picture(reader):
    picture = encode(Image.new("L", (9, 9)))
    for path in ("/predict", "/explain"):
        for status, options in (
            (400, {}),
            (400, {"json": {"pixels": 1}}),
            (400, {"json": {"pixels": [1]}}),
            (400, {"json": {"pixels": [[1]] * 784}}),
            (400, {"json": {"pixels": [-1] * 784}}),
            (400, {"json": {"image": "x"}}),
            (400, {"json": {"image": "data:image/png;base64,@"}}),
            (400, {"data": b"{", "content_type": "application/json"}),
            (413, {"data": bytes(3_000_001), "content_type": "image/png"}),
            (413, {"data": bytes(4_300_000), "content_type": "image/png"}),
            (415, {"data": b"text", "content_type": "image/png"}),
            (415, {"data": picture[:-30], "content_type": "image/png"}),
        ):
            check(reader.send("POST", path, **options), status, "list", "image", FORMAT_NAMES)
    check(reader.send("POST", "/predict?store=1", json={"pixels": [0] * 784}), 401)


def test_what_is_wrong_with_an_explanation(reader, seven):
    for query, *quoted in (
        ("digit=5",),
        ("without=all", *SWITCHES),
        ("layer=99",),
        ("layer=last", "layer", "last"),
    ):
        send = {"data": seven, "content_type": "image/png"}
        check(reader.send("POST", f"/explain?{query}", **send), 400, *quoted)
    rows = [[0, 1], [1, 0]]
    contents: list[Any] = [
        [],
        {"picture": [[1], [1, 2]], "operation": "relu"},
        {"picture": [[1e9]], "operation": "relu"},
        {"picture": rows, "operation": "dance"},
        {"picture": rows, "operation": "convolution", "kernel": [[1] * 3] * 3},
        {"picture": rows, "operation": "convolution", "kernel": [[1]], "bias": "a"},
        {"picture": rows, "operation": "max", "size": 0},
        {"picture": rows, "operation": "max", "size": 2, "padding": 2},
    ]
    for content in contents:
        names = "convolution, max, average, min, relu, leaky_relu, sigmoid, tanh"
        answer = reader.send("POST", "/explain/apply", json=content)
        check(answer, 400, names, "picture", "bias", "size")


def test_what_is_wrong_with_an_order_of_digits(reader):
    blank = base64.b64encode(encode(Image.new("L", (99, 99), 255))).decode()
    pictures = {"like": f"data:image/png;base64,{blank}"}
    for order, quoted in (
        ({"digits": "a"}, ("digits",)),
        ({"count": 0}, ("count",)),
        ({"like": "x"}, ("like",)),
        ({"to": ""}, ("to", "like")),
        ({"style": ""}, ("any, one, mine", "style")),
        ({"x": 1}, ("count, ", "like, places, seed, spread, style, to")),
        (pictures, ()),
    ):
        check(reader.send("POST", "/generate", json=order), 400, *quoted)


def test_what_is_wrong_with_a_sheet(ann):
    blank = base64.b64encode(encode(Image.new("L", (99, 99), 255))).decode()
    headers = {"X-CSRFToken": ann.token()}
    example = '{"7": ["data:image/png;base64,…"]}'
    for sheet, quoted in (
        ({}, ("samples", example)),
        ({"samples": {"7": ["x"]}}, ("samples", "data:image/png;base64,…")),
        ({"samples": {"7": [f"data:image/png;base64,{blank}"]}}, ()),
    ):
        answer = ann.send("POST", "/generate/handwriting", json=sheet, headers=headers)
        check(answer, 400, *quoted)


def test_why_no_digit_is_read(reader):
    blank = reader.send("POST", "/predict", json={"pixels": [0] * 784}).get_json()
    assert blank["refusal"] == {
        "code": "blank",
        "message": pseudo("I can't see a digit here: the page is blank."),
    }
    answer = reader.send("POST", "/explain", json={"pixels": [0] * 784}).get_json()
    assert not any(is_plain(switch["label"]) for switch in answer["switches"])


def test_only_who_asks_for_another_language_gets_it(app, client):
    page = client.get("/", headers={"Accept-Language": "en-US,he;q=0.9"})
    assert '<html lang="en-GB" dir="ltr">' in page.text
    assert "Accept-Language" in page.headers["Vary"]
    assert "Accept-Language" in client.get("/", headers=HEBREW).headers["Vary"]
