"""Sessions that end on the server, forms from this site only, and safe ways back."""

import io
import re
import time
from types import SimpleNamespace

import pytest

from tests.app.visitor import PASSWORD, Visitor

PICTURE = "00000000-0000-0000-0000-000000000000"


def cookie(visitor):
    return visitor.client.get_cookie("session").value


def with_cookie(site, value):
    visitor = Visitor(site)
    visitor.client.set_cookie("session", value)
    return visitor


def test_a_session_dies_at_log_out(ann, site):
    old = cookie(ann)
    assert with_cookie(site, old).is_logged_in()
    ann.log_out()
    assert not ann.is_logged_in()
    assert not with_cookie(site, old).is_logged_in()


def test_logging_out_ends_one_session_and_everywhere_all_of_them(ann, site):
    other, third = Visitor(site), Visitor(site)
    other.log_in("ann")
    third.log_in("ann")
    old = cookie(other)
    other.log_out()
    assert not with_cookie(site, old).is_logged_in()
    assert ann.is_logged_in()
    assert third.is_logged_in()
    answer = ann.post("/logout", everywhere="1")
    assert answer.status_code == 302
    assert "on all devices" in ann.get("/").text
    assert not third.is_logged_in()


def test_a_session_from_before_sessions_had_ids_is_still_one(ann, site):
    with ann.client.session_transaction() as session:
        session["_user_id"] = session["_user_id"].rpartition(":")[0]
    old = cookie(ann)
    assert ann.is_logged_in()
    ann.log_out()
    assert not with_cookie(site, old).is_logged_in()


def test_a_session_dies_at_a_change_of_password_except_where_it_was_made(ann, site):
    old = cookie(ann)
    other = Visitor(site)
    other.log_in("ann")
    ann.post("/account/password", old=PASSWORD, new="new password", again="new password")
    assert ann.is_logged_in()
    assert not other.is_logged_in()
    assert not with_cookie(site, old).is_logged_in()


def test_a_session_dies_with_the_account(ann, site):
    old = cookie(ann)
    ann.post("/account/delete", password=PASSWORD)
    Visitor(site).sign_up("ann")
    assert not with_cookie(site, old).is_logged_in()


def test_a_session_is_renewed_at_log_in(ann, site):
    visitor = Visitor(site)
    visitor.get("/login")
    before = cookie(visitor)
    token = visitor.token()
    visitor.log_in("ann")
    assert cookie(visitor) != before
    assert not with_cookie(site, before).is_logged_in()
    assert visitor.token() != token
    answer = visitor.send("POST", "/account/password", data={"csrf_token": token})
    assert answer.status_code == 400


def test_the_cookie_is_for_this_site_and_no_script(site):
    visitor = Visitor(site)
    header = visitor.get("/login").headers["Set-Cookie"]
    assert "HttpOnly" in header
    assert "SameSite=Lax" in header


@pytest.mark.parametrize("value", ["", "nonsense", "e30.YAAAAA.AAAAAAAAAAAAAAAAAAAAAAAAAAA"])
def test_a_forged_cookie_is_nobodys(site, value):
    assert not with_cookie(site, value).is_logged_in()


def test_logging_out_takes_a_form(ann):
    assert ann.get("/logout").status_code == 405
    assert ann.is_logged_in()


def unsafe_routes(app):
    for rule in app.url_map.iter_rules():
        unsafe = rule.methods & {"POST", "PUT", "PATCH", "DELETE"}
        # What changes nothing needs no token, nor what has a key of its own; what stores a
        # picture has tests of its own.
        free = ("api.", "explain.", "generate.make", "draw.", "streams.begin", "walls.alive")
        if unsafe and not rule.endpoint.startswith(free):
            yield re.sub("<int:[a-z_]+>", "1", re.sub("<uuid:[a-z_]+>", PICTURE, rule.rule))


def test_every_form_needs_its_token(site, ann, seven):
    picture = ann.keep(seven)
    routes = [route.replace(PICTURE, picture) for route in unsafe_routes(site)]
    assert len(routes) >= 7
    for route in routes:
        for token in ({}, {"csrf_token": "wrong"}):
            answer = ann.send(
                "POST", route, data={"label": "3", "password": PASSWORD, "old": PASSWORD, **token}
            )
            assert answer.status_code == 400, route
            assert "reload the page" in answer.text
    assert ann.gallery("mine=1") == [picture]
    assert ann.is_logged_in()


def test_a_form_with_a_field_that_has_no_name_is_refused(ann):
    body = b"--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--\r\n"
    answer = ann.send("POST", "/logout", data=body, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 400
    assert "has no name" in answer.text


@pytest.mark.parametrize("token", [{}, {"csrf_token": "wrong"}])
def test_the_form_without_scripts_keeps_nothing_without_its_token(ann, seven, token):
    form = {"keep": "1", "image": (io.BytesIO(seven), "seven.png"), **token}
    answer = ann.send("POST", "/", data=form)
    assert answer.status_code == 400
    assert "reload the page" in answer.text
    assert ann.gallery("mine=1") == []


def test_another_persons_token_does_not_serve(ann, bob, seven):
    picture = ann.keep(seven)
    answer = ann.send("POST", f"/gallery/{picture}/delete", data={"csrf_token": bob.token()})
    assert answer.status_code == 400
    assert ann.gallery("mine=1") == [picture]


def test_a_page_may_stay_open_for_a_day(ann, site, seven, monkeypatch):
    token, tomorrow = ann.token(), time.time() + 86_400
    monkeypatch.setattr("itsdangerous.timed.time", SimpleNamespace(time=lambda: tomorrow))
    answer = ann.send(
        "POST",
        "/predict?store=1",
        data=seven,
        content_type="image/png",
        headers={"X-CSRFToken": token},
    )
    assert answer.status_code == 200
    assert answer.get_json()["image_id"]


EVIL = [
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\/evil.example",
    "\\\\evil.example",
    "https:evil.example",
    "https://evil.example",
    "http:/evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "evil.example",
    " //evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\x00//evil.example",
    "\x01https://evil.example",
    "//[",
    "https://[evil",
    "//evil.example\u2100",
    "/%0d%0aSet-Cookie: a=b\r\nSet-Cookie: c=d",
    "",
]


def test_nobody_is_sent_to_another_site(ann):
    for target in EVIL:
        answer = ann.get("/login", query_string={"next": target})
        assert answer.status_code == 302, target
        assert answer.location == "/", target


@pytest.mark.parametrize("path", ["/login", "/signup"])
@pytest.mark.parametrize("target", ["//evil.example", "/\\evil.example", "//["])
def test_no_form_leads_to_another_site(site, services, path, target):
    if path == "/login":
        services.accounts.sign_up("ann", PASSWORD, address="")
    answer = Visitor(site).post(
        path, username="ann", password=PASSWORD, again=PASSWORD, next=target
    )
    assert answer.status_code == 302
    assert answer.location == "/"


@pytest.mark.parametrize("target", ["/gallery/?mine=1&digit=7", "/account", "/%2f%2fevil", "/é//x"])
def test_whoever_was_asked_to_log_in_comes_back(ann, target):
    answer = ann.get("/login", query_string={"next": target})
    assert answer.status_code == 302
    assert answer.location.startswith("/")
    assert not answer.location.startswith("//")
    assert answer.location != "/"


def test_the_gallery_asks_for_a_log_in_and_then_opens(site, ann):
    visitor = Visitor(site)
    asked = visitor.get("/gallery/?digit=7")
    assert asked.status_code == 302
    form = visitor.get(asked.location)
    assert 'value="/gallery/?digit=7"' in form.text
    assert visitor.log_in("ann", next="/gallery/?digit=7").location == "/gallery/?digit=7"


@pytest.mark.parametrize("path", ["/login", "/signup"])
def test_whoever_is_logged_in_needs_no_form(ann, path):
    assert ann.get(path).status_code == 302
