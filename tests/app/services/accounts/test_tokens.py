"""API tokens: made once, found by their text alone, ended in time; of the database only hashes."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from sqlalchemy import select

from app.errors import PersonGone, StorageError
from app.services.accounts.tokens import MOST_TOKENS, TokenError, Tokens
from app.storage.models import ApiToken
from tests.app.clock import Clock
from tests.app.database import reading
from tests.app.stock import add_person
from tests.app.visitor import PASSWORD, Visitor

DAY = 86_400


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def tokens(services, clock):
    return Tokens(services.database, clock)


@pytest.fixture
def owner(services):
    return add_person("ann")


def test_a_token_is_its_owners_and_is_not_kept(tokens, owner):
    made = tokens.make(owner, "  a script ")
    assert made.text.startswith("dn_")
    assert len(made.text) == 3 + 64
    bearer = tokens.find(made.text)
    assert (bearer.person.username, bearer.token_id) == ("ann", made.token.id)
    with reading() as session:
        row = session.scalars(select(ApiToken)).one()
        kept = " ".join(str(value) for value in vars(row).values())
    assert row.name == "a script"
    assert made.text not in kept
    assert made.text.removeprefix("dn_") not in kept


def test_two_tokens_differ(tokens, owner):
    first, second = tokens.make(owner, "same"), tokens.make(owner, "same")
    assert first.text != second.text
    assert {one.id for one in tokens.list(owner)} == {first.token.id, second.token.id}


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "",
        lambda text: text[:-1],
        lambda text: text + "0",
        lambda text: text.upper(),
        lambda text: text + "\n",
        lambda text: text.removeprefix("dn_"),
        lambda text: text[:-1] + ("0" if text[-1] != "0" else "1"),
        lambda text: "dn_" + "é" * 64,
    ],
)
def test_what_is_not_exactly_a_token_is_nobodys(tokens, owner, change):
    made = tokens.make(owner, "a script")
    assert tokens.find(change(made.text)) is None
    assert tokens.find(made.text) is not None


def test_a_token_expires(tokens, owner, clock):
    made = tokens.make(owner, "for a month", days=30)
    forever = tokens.make(owner, "for good")
    clock.wait(30 * DAY - 1)
    assert tokens.find(made.text) is not None
    clock.wait(1)
    assert tokens.find(made.text) is None
    assert tokens.find(forever.text) is not None
    assert [one.has_expired for one in tokens.list(owner)] in ([True, False], [False, True])


def test_a_new_token_takes_the_place_of_expired_ones(tokens, owner, clock):
    for number in range(MOST_TOKENS):
        tokens.make(owner, str(number), days=1)
    clock.wait(DAY)
    made = tokens.make(owner, "new")
    assert [one.id for one in tokens.list(owner)] == [made.token.id]


def test_a_revoked_token_is_gone(tokens, owner):
    made, other = tokens.make(owner, "a"), tokens.make(owner, "b")
    assert tokens.revoke(owner, made.token.id)
    assert tokens.find(made.text) is None
    assert tokens.find(other.text) is not None
    assert not tokens.revoke(owner, made.token.id)


def test_nobody_revokes_anothers(tokens, owner):
    made = tokens.make(owner, "a")
    assert not tokens.revoke(add_person("bob"), made.token.id)
    assert tokens.find(made.text) is not None


def test_all_tokens_of_one_or_of_everybody_are_revoked(tokens, owner):
    bob = add_person("bob")
    anns, bobs = tokens.make(owner, "a"), tokens.make(bob, "b")
    assert tokens.revoke_all("nobody") is None
    assert tokens.revoke_all("ann") == 1
    assert tokens.find(anns.text) is None
    assert tokens.find(bobs.text) is not None
    tokens.make(owner, "c")
    assert tokens.revoke_all() == 2
    assert tokens.find(bobs.text) is None


@pytest.mark.parametrize("name", ["", "   ", "x" * 65, "a\0b", "a\nb", "\ud800"])
def test_a_name_that_cannot_be_is_refused(tokens, owner, name):
    with pytest.raises(TokenError):
        tokens.make(owner, name)
    assert tokens.list(owner) == []


def test_one_person_has_no_more_than_the_most_however_many_ask_at_once(tokens, owner):
    for number in range(MOST_TOKENS - 1):
        tokens.make(owner, str(number))

    def make(number):
        try:
            tokens.make(owner, f"last {number}")
        except TokenError as error:
            return error.code
        return None

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(make, range(4)))
    assert sorted(map(str, outcomes)) == ["None", *["token_limit"] * 3]
    assert len(tokens.list(owner)) == MOST_TOKENS
    tokens.make(add_person("bob"), "bob's first")


def test_a_token_for_nobody_is_refused(tokens, services):
    with pytest.raises(PersonGone):
        tokens.make(uuid4(), "a script")
    assert tokens.make_for("nobody", "a script") is None


def test_use_is_noted_at_most_once_a_minute(tokens, owner, clock):
    made = tokens.make(owner, "a script")
    assert tokens.list(owner)[0].used_at is None
    first = clock.now
    tokens.find(made.text)
    clock.wait(59)
    tokens.find(made.text)
    assert tokens.list(owner)[0].used_at == first
    clock.wait(1)
    tokens.find(made.text)
    assert tokens.list(owner)[0].used_at == clock.now


def test_a_database_that_cannot_be_written_does_not_end_tokens(tokens, owner, monkeypatch):
    made = tokens.make(owner, "a script")

    def full(*_):
        raise StorageError("database_full")

    monkeypatch.setattr(tokens, "_note_use", full)
    assert tokens.find(made.text).person.username == "ann"


def test_a_token_ends_with_the_account(services, tokens, owner):
    made = tokens.make(owner, "a script")
    services.endings.end(owner)
    assert tokens.find(made.text) is None
    with reading() as session:
        assert session.scalars(select(ApiToken)).all() == []


def test_a_change_of_password_ends_tokens_and_a_log_out_does_not(site, services):
    ann, bob = Visitor(site).sign_up("ann"), Visitor(site).sign_up("bob")
    made = services.tokens.make_for("Ann", "a script")
    bobs = services.tokens.make_for("bob", "another")
    ann.post("/logout", everywhere="1")
    assert services.tokens.find(made.text) is not None
    ann.log_in("ann")
    new = {"old": PASSWORD, "new": "another one", "again": "another one"}
    assert ann.post("/account/password", **new).status_code == 302
    assert services.tokens.find(made.text) is None
    assert services.tokens.find(bobs.text) is not None
    assert bob.is_logged_in()
