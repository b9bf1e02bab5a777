"""The pages of accounts: where what is wrong is shown, and what a page is given to show."""

import re

import pytest
from flask import template_rendered
from sqlalchemy import select

from app.errors import AccountError, AccountField, CodedError
from app.languages import ENGLISH
from app.sentences import say_error
from app.storage.models import User
from tests.app.database import reading
from tests.app.visitor import PASSWORD, Visitor


def wrong_fields(page):
    """Return which fields of a page are said to be wrong, with the words."""
    return dict(re.findall(r'class="field-error" id="([\w-]+)-error">([^<]+)<', page.text))


def refusing(field, code):
    def refuse(*_, **__):
        raise AccountError(code, field=field)

    return refuse


@pytest.mark.parametrize(
    ("field", "code", "shown"),
    [
        (AccountField.NAME, "password_spaces", "username"),
        (AccountField.PASSWORD, "name_spaces", "password"),
    ],
)
def test_a_refused_sign_up_says_it_at_its_field(site, services, monkeypatch, field, code, shown):
    monkeypatch.setattr(services.accounts, "sign_up", refusing(field, code))
    answer = Visitor(site).post("/signup", username="ann", password=PASSWORD, again=PASSWORD)
    assert answer.status_code == 400
    assert wrong_fields(answer) == {shown: say_error(CodedError(code), ENGLISH)}


@pytest.mark.parametrize(
    ("field", "code", "shown"),
    [
        (AccountField.PRESENT_PASSWORD, "password_spaces", "old"),
        (AccountField.PASSWORD, "password_wrong", "new"),
    ],
)
def test_a_refused_change_says_it_at_its_field(ann, services, monkeypatch, field, code, shown):
    monkeypatch.setattr(services.accounts, "change_password", refusing(field, code))
    answer = ann.post("/account/password", old=PASSWORD, new="another one", again="another one")
    assert answer.status_code == 400
    assert wrong_fields(answer) == {shown: say_error(CodedError(code), ENGLISH)}


def chosen(page):
    """Return which answer to what shall be kept is the chosen one on a page."""
    return re.findall(r'name="keeping" value="(\w+)" checked', page.text)


@pytest.mark.parametrize("rule", ["confirmed", "everything", "asked"])
def test_what_is_kept_is_chosen_once_and_stays(ann, rule):
    assert chosen(ann.get("/")) == chosen(ann.get("/account")) == ["confirmed"]
    answer = ann.post("/account/keeping", keeping=rule, next="/account")
    assert (answer.status_code, answer.location) == (302, "/account")
    assert chosen(ann.get("/account")) == [rule]
    assert chosen(ann.get("/")) == []
    assert f'data-rule="{rule}"' in ann.get("/").text


def test_the_choice_says_who_sees_what_is_kept_and_for_how_long(ann):
    for path in ("/account", "/"):
        page = re.sub("<[^>]+>", "", ann.get(path).text)
        assert "Who sees it: everybody with an account" in page
        assert "your newest 100 without a label" in page
    ann.post("/account/keeping", keeping="asked")
    assert "Nothing is kept by itself" in ann.get("/").text


def test_a_script_chooses_what_is_kept(ann):
    json = {"Accept": "application/json"}
    answer = ann.post("/account/keeping", headers=json, keeping="asked")
    assert answer.get_json() == {"keeping": "asked"}
    wrong = ann.post("/account/keeping", headers=json, keeping="nothing")
    assert wrong.status_code == 400
    assert "Choose one of the three" in wrong.get_json()["detail"]
    assert chosen(ann.get("/account")) == ["asked"]


def test_nobody_chooses_for_others(site):
    visitor = Visitor(site)
    assert visitor.post("/account/keeping", keeping="everything").status_code == 401


def test_no_page_is_given_what_is_kept_of_a_password(site, ann):
    given = []

    def collect(sender, template, context, **_):
        given.append(context)

    with template_rendered.connected_to(collect, site):
        for path in ("/", "/account", "/gallery/", "/explain"):
            assert ann.get(path).status_code == 200
    with site.app_context(), reading() as session:
        kept = session.scalar(select(User.password_hash))
    assert [context["person"].username for context in given] == ["ann"] * 4
    assert all(kept not in repr(context["person"]) for context in given)


def test_an_account_that_has_ended_meanwhile_is_told_as_such(ann, services, monkeypatch):
    accounts = services.accounts
    hash_password = accounts._passwords.hash

    def too_late(password):
        person = accounts.log_in("ann", PASSWORD, address="").person
        services.endings.end(person.id)
        return hash_password(password)

    monkeypatch.setattr(accounts._passwords, "hash", too_late)
    answer = ann.post("/account/password", old=PASSWORD, new="another one", again="another one")
    assert answer.status_code == 401
    assert "This account no longer exists." in answer.text


SHORT = "A password must have 8 to 128 characters."
DIFFERENT = "The two passwords are different."


@pytest.mark.parametrize("as_json", [False, True])
def test_all_that_is_wrong_with_a_sign_up_is_told_at_once(site, ann, as_json):
    visitor = Visitor(site)
    fields = {"username": "ANN", "password": "short", "again": "shirt"}
    headers = {"Accept": "application/json"} if as_json else None
    answer = visitor.post("/signup", headers=headers, **fields)
    faults = answer.get_json()["faults"] if as_json else wrong_fields(answer)
    assert answer.status_code == 400
    assert "taken" in faults.pop("username")
    assert faults == {"password": SHORT, "again": DIFFERENT}


def test_a_script_that_signs_somebody_up_is_told_where_to_go(site):
    visitor, json = Visitor(site), {"Accept": "application/json"}
    fields = {"username": "bob", "password": PASSWORD, "again": PASSWORD, "next": "/explain"}
    assert visitor.post("/signup", headers=json, **fields).get_json() == {"next": "/explain"}
    assert visitor.is_logged_in()


@pytest.mark.parametrize("as_json", [False, True])
@pytest.mark.parametrize(
    ("fields", "faults"),
    [
        (
            ("wrong words", "short", "shirt"),
            {"old": "The current password is wrong.", "new": SHORT, "again": DIFFERENT},
        ),
        (
            ("wrong words", "short", "short"),
            {"old": "The current password is wrong.", "new": SHORT},
        ),
        (
            ("", "short", "shirt"),
            {"old": "Type your current password.", "new": SHORT, "again": DIFFERENT},
        ),
        ((PASSWORD, "", "shirt"), {"new": "Type a password.", "again": DIFFERENT}),
        ((PASSWORD, "another one", "another 1"), {"again": DIFFERENT}),
    ],
)
def test_all_that_is_wrong_with_a_change_is_told_at_once(ann, fields, faults, as_json):
    sent = dict(zip(("old", "new", "again"), fields, strict=True))
    headers = {"Accept": "application/json"} if as_json else None
    answer = ann.post("/account/password", headers=headers, **sent)
    assert answer.status_code == 400
    assert (answer.get_json()["faults"] if as_json else wrong_fields(answer)) == faults
    assert ann.is_logged_in()


def test_who_guesses_a_password_by_bad_forms_is_slowed_down_too(ann):
    json = {"Accept": "application/json"}
    for _ in range(6):
        ann.post("/account/password", headers=json, old="a guess", new="short", again="short")
    fields = {"old": PASSWORD, "new": "another one", "again": "another one"}
    answer = ann.post("/account/password", headers=json, **fields)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert "Wait" in answer.get_json()["faults"]["old"]
