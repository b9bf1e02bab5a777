"""API tokens on the account page: made with the password, shown once, revoked."""

import re

import pytest

from app.services.accounts.tokens import EXPIRY_DAYS, MOST_TOKENS
from tests.app.visitor import PASSWORD, Visitor, error_in


def make(visitor, name="my script", days=30, password=PASSWORD):
    fields = {"token-name": name, "token-days": str(days), "token-password": password}
    return visitor.post("/account/tokens", **fields)


def text_in(page):
    """Return the token that a page shows."""
    found = re.search(r"dn_[0-9a-f]{64}", page.text)
    return None if found is None else found[0]


def revocations(page):
    return re.findall(r'action="(/account/tokens/[0-9a-f-]+/revoke)"', page.text)


def use(site, text):
    headers = {"Authorization": f"Bearer {text}"}
    return Visitor(site).send("GET", "/gallery/download.zip", headers=headers).status_code


def test_a_token_is_shown_once_works_and_is_revoked(site, ann):
    made = make(ann)
    assert made.status_code == 200
    assert made.headers["Cache-Control"] == "no-store"
    text = text_in(made)
    assert use(site, text) == 200
    page = ann.get("/account")
    assert text_in(page) is None
    assert "my script" in page.text
    assert "last used" in page.text
    (path,) = revocations(page)
    answer = ann.post(path)
    assert (answer.status_code, answer.location) == (302, "/account#tokens")
    assert use(site, text) == 401
    page = ann.get("/account")
    assert "The token is revoked" in page.text
    assert revocations(page) == []


def test_a_page_that_is_loaded_again_makes_no_second_token(ann):
    first = make(ann)
    assert "autofocus" in first.text  # it is far down on the page
    again = make(ann)
    assert (again.status_code, text_in(again)) == (400, None)
    assert "You have a token of this name" in error_in(again)
    assert len(revocations(ann.get("/account"))) == 1
    assert make(ann, name="another").status_code == 200


@pytest.mark.parametrize("days", EXPIRY_DAYS)
def test_each_choice_of_an_end_is_kept(ann, days):
    page = make(ann, days=days)
    assert ("never expires" in page.text) == (days == 0)
    assert re.search(r"expires <time", page.text) or days == 0


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": ""}, "Say what the token is for"),
        ({"name": "x" * 65}, "1 to 64 visible characters"),
        ({"name": "a\0b"}, "1 to 64 visible characters"),
        ({"password": "wrong"}, "The current password is wrong"),
        ({"password": ""}, "Type your current password"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(ann, fields, words):
    page = make(ann, **fields)
    assert page.status_code == 400
    assert words in error_in(page).replace("&#39;", "'")
    assert text_in(page) is None
    assert revocations(page) == []


@pytest.mark.parametrize("name", ["", "x" * 65])
def test_all_that_is_wrong_is_told_at_once(ann, name):
    words = error_in(make(ann, name=name, password="wrong"))
    assert "token" in words
    assert "The current password is wrong" in words


@pytest.mark.parametrize("days", ["1", "-30", "", "forever"])
def test_an_end_that_is_not_offered_is_refused(ann, days):
    page = make(ann, days=days)
    assert (page.status_code, text_in(page)) == (400, None)


def test_a_password_is_guessed_here_no_faster_than_at_the_log_in(ann):
    answers = [make(ann, password="wrong").status_code for _ in range(7)]
    assert answers[:5] == [400] * 5
    assert answers[-1] == 429


def test_one_too_many_is_refused_with_what_to_do(site, ann, services):
    for number in range(MOST_TOKENS):
        services.tokens.make_for("ann", str(number))
    page = make(ann)
    assert page.status_code == 400
    assert f"You have {MOST_TOKENS} API tokens" in error_in(page)


def test_nobody_sees_or_revokes_anothers(site, ann, bob):
    text = text_in(make(ann, name="ann’s own"))
    assert "ann’s own" not in bob.get("/account").text
    (path,) = revocations(ann.get("/account"))
    bob.post(path)
    assert use(site, text) == 200
    assert Visitor(site).post(path).status_code == 401
    assert make(Visitor(site)).status_code == 401


def test_a_name_is_shown_as_text(ann):
    assert "<b>bold</b>" not in make(ann, name="<b>bold</b>").text


def test_the_page_says_what_ends_tokens_and_keeps_to_it(site, ann):
    text = text_in(make(ann))
    assert "Changing your password revokes all your tokens." in ann.get("/account").text
    ann.post("/logout", everywhere="1")
    assert use(site, text) == 200
    ann.log_in("ann")
    new = {"old": PASSWORD, "new": "another one", "again": "another one"}
    ann.post("/account/password", **new)
    assert "your API tokens are revoked" in ann.get("/account").text
    assert use(site, text) == 401
