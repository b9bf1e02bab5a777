"""API tokens in requests: who sends one acts as its owner, in the API and nowhere else."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.services.accounts.tokens import Tokens
from app.web.services import services_of
from tests.app.clock import Clock
from tests.app.visitor import PASSWORD, Visitor

NOWHERE = "00000000-0000-4000-8000-000000000000"


class Program:
    """A program with a token, without cookies."""

    def __init__(self, site, text, address="203.0.113.7"):
        self._visitor = Visitor(site, address)
        self.text = text

    def send(self, method, path, *, headers=None, **options):
        headers = {"Authorization": f"Bearer {self.text}", **(headers or {})}
        return self._visitor.send(method, path, headers=headers, **options)

    def predict(self, picture, query="store=1"):
        return self.send("POST", f"/predict?{query}", data=picture, content_type="image/png")


@pytest.fixture
def program(site, ann):
    """A program of Ann's."""
    return Program(site, services_of(site).tokens.make_for("ann", "a script").text)


def test_a_program_stores_labels_and_deletes_as_its_owner(ann, program, seven):
    answer = program.predict(seven, "store=1&label=7")
    assert answer.status_code == 200
    kept = answer.get_json()["image_id"]
    assert ann.gallery("mine=1") == [kept]
    labelled = program.send("POST", f"/gallery/{kept}/label", data={"label": "1"})
    assert labelled.get_json() == {"id": kept, "label": "1"}
    image = program.send("GET", f"/gallery/{kept}.png")
    assert image.mimetype == "image/png"
    archive = program.send("GET", "/gallery/download.zip?mine=1")
    assert archive.data.startswith(b"PK")
    deleted = program.send("POST", f"/gallery/{kept}/delete", data={"with_label": "1"})
    assert deleted.get_json() == {"id": kept, "deleted": True}
    assert ann.gallery("mine=1") == []


def test_a_program_is_given_no_cookie(program, seven):
    for answer in (program.predict(seven), program.send("GET", "/status")):
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "header",
    ["Bearer", "Bearer ", "Bearer nonsense", "bearer dn_" + "0" * 64, "BEARER a b", "Bearer \xff"],
)
@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/status"), ("POST", "/predict"), ("GET", f"/gallery/{NOWHERE}.png")],
)
def test_a_wrong_token_is_refused_even_where_none_is_needed(site, ann, method, path, header):
    headers = {"Authorization": header, "Accept": "text/html"}
    for visitor in (Visitor(site), ann):
        answer = visitor.send(method, path, headers=headers)
        assert answer.status_code == 401
        assert answer.content_type == "application/problem+json"
        assert answer.headers["WWW-Authenticate"] == "Bearer error=invalid_token"
        assert "Make a new one on your account page" in answer.get_json()["detail"]


def test_a_token_that_was_revoked_or_has_expired_is_refused(site, services, ann, monkeypatch):
    clock = Clock(datetime.now(UTC))
    tokens = services.tokens
    monkeypatch.setattr(tokens, "_clock", clock)
    made = [tokens.make_for("ann", "for a month", days=30) for _ in range(2)]
    programs = [Program(site, one.text) for one in made]
    assert [one.send("GET", "/status").status_code for one in programs] == [200, 200]
    tokens.revoke(programs_owner(tokens, made[0]), made[0].token.id)
    assert [one.send("GET", "/status").status_code for one in programs] == [401, 200]
    clock.now += timedelta(days=30)
    assert [one.send("GET", "/status").status_code for one in programs] == [401, 401]


def programs_owner(tokens: Tokens, made):
    return tokens.find(made.text).person.id


def test_the_token_decides_and_not_the_session(site, services, ann, seven):
    Visitor(site).sign_up("bob")
    bobs = services.tokens.make_for("bob", "bob's script")
    answer = ann.send(
        "POST",
        "/predict?store=1",
        data=seven,
        content_type="image/png",
        headers={"Authorization": f"Bearer {bobs.text}"},
    )
    assert answer.status_code == 200
    assert ann.gallery("mine=1") == []
    assert ann.is_logged_in()
    ann.log_out()
    ann.log_in("bob")
    assert ann.gallery("mine=1") == [answer.get_json()["image_id"]]


def test_a_session_without_a_token_still_needs_the_form_token(ann, seven, program):
    kept = program.predict(seven).get_json()["image_id"]
    answer = ann.send("POST", f"/gallery/{kept}/label", data={"label": "1"})
    assert answer.status_code == 400
    answer = ann.send("POST", "/predict?store=1", data=seven, content_type="image/png")
    assert answer.status_code == 400


@pytest.mark.parametrize("path", ["/gallery/", "/account"])
def test_outside_of_the_api_a_token_opens_nothing(program, path):
    answer = program.send("GET", path)
    assert (answer.status_code, answer.location.partition("?")[0]) == (302, "/login")
    answer = program.send("GET", path, headers={"Accept": "application/json"})
    assert answer.status_code == 401


def test_outside_of_the_api_a_token_changes_nothing(site, program, ann):
    for path, fields in (
        ("/account/delete", {"password": PASSWORD}),
        ("/account/password", {"old": PASSWORD, "new": "new one 1", "again": "new one 1"}),
        ("/account/keeping", {"keeping": "everything"}),
        ("/account/habits", {"form-7": "crossed"}),
        ("/logout", {"everywhere": "1"}),
    ):
        assert program.send("POST", path, data=fields).status_code in (400, 401)
    assert ann.is_logged_in()
    assert Visitor(site).log_in("ann").status_code == 302


def test_an_administrators_token_labels_everything(site, services, ann, seven):
    kept = ann.keep(seven)
    Visitor(site).sign_up("root")
    text = services.tokens.make_for("root", "a script").text
    label = {"data": {"label": "3"}}
    assert Program(site, text).send("POST", f"/gallery/{kept}/label", **label).status_code == 403
    services.accounts.make_admin("root")
    assert Program(site, text).send("POST", f"/gallery/{kept}/label", **label).status_code == 200


def test_the_limit_counts_each_token_by_itself_wherever_it_comes_from(settings, open_app):
    app = open_app(replace(settings, predict_limit="2 per day"))
    Visitor(app).sign_up("ann")
    tokens = services_of(app).tokens
    one, other = (tokens.make_for("ann", name).text for name in "ab")
    pixels = {"json": {"pixels": [0] * 784}}

    def send(text, address):
        return Program(app, text, address).send("POST", "/predict", **pixels).status_code

    assert [send(one, f"203.0.113.{n}") for n in range(3)] == [200, 200, 429]
    assert [send(other, "203.0.113.0") for _ in range(3)] == [200, 200, 429]
    visitor = Visitor(app, "203.0.113.0")
    assert visitor.send("POST", "/predict", **pixels).status_code == 200


def test_who_needs_to_be_somebody_is_told_how(site, seven):
    answer = Visitor(site).send("POST", "/predict?store=1", data=seven, content_type="image/png")
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")


def test_a_cookie_of_another_site_on_this_host_does_not_matter(program):
    program._visitor.client.set_cookie("remember_token", "1|abc")
    assert program.send("GET", f"/gallery/{NOWHERE}.png").status_code == 404


def test_a_program_that_mistypes_an_address_is_told_so_in_json(program):
    for path in ("/gallery/no-id.png", "/nowhere"):
        answer = program.send("GET", path, headers={"Accept": "*/*"})
        assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
    wrong_method = program.send("DELETE", "/predict")
    assert (wrong_method.status_code, wrong_method.mimetype) == (405, "application/problem+json")
