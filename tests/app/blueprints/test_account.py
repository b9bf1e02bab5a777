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
