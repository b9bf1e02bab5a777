"""The pages of accounts: where what is wrong is shown."""

import re

import pytest

from app.errors import AccountError, AccountField
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
