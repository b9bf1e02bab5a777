"""The pages of accounts: where what is wrong is shown, and what a page is given to show."""

import re

import pytest
from flask import template_rendered
from sqlalchemy import select

from app.errors import AccountError, AccountField
from app.storage.models import User
from tests.app.database import reading
from tests.app.visitor import PASSWORD, Visitor


def wrong_fields(page):
    """Return which fields of a page are said to be wrong, with the words."""
    return dict(re.findall(r'class="field-error" id="([\w-]+)-error">([^<]+)<', page.text))


def refusing(field, words):
    def refuse(*_, **__):
        raise AccountError(words, field=field)

    return refuse


@pytest.mark.parametrize(
    ("field", "words", "shown"),
    [
        (AccountField.NAME, "No password and no other secret is a good name.", "username"),
        (AccountField.PASSWORD, "Das Kennwort ist zu kurz.", "password"),
    ],
)
def test_a_refused_sign_up_says_it_at_its_field(site, services, monkeypatch, field, words, shown):
    monkeypatch.setattr(services.accounts, "sign_up", refusing(field, words))
    answer = Visitor(site).post("/signup", username="ann", password=PASSWORD, again=PASSWORD)
    assert answer.status_code == 400
    assert wrong_fields(answer) == {shown: words}


@pytest.mark.parametrize(
    ("field", "words", "shown"),
    [
        (AccountField.PRESENT_PASSWORD, "Das jetzige Kennwort stimmt nicht.", "old"),
        (AccountField.PASSWORD, "At present, a password has 8 characters.", "new"),
    ],
)
def test_a_refused_change_says_it_at_its_field(ann, services, monkeypatch, field, words, shown):
    monkeypatch.setattr(services.accounts, "change_password", refusing(field, words))
    answer = ann.post("/account/password", old=PASSWORD, new="another one", again="another one")
    assert answer.status_code == 400
    assert wrong_fields(answer) == {shown: words}


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
    assert "This account has ended." in answer.text
