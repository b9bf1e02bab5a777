"""flask token and flask revoke-tokens."""

from app.web.services import services_of
from tests.app.sites import command
from tests.app.visitor import Visitor


def test_a_token_is_printed_alone_and_works(site, ann):
    code, said = command(site, "token", "Ann")
    assert code == 0
    headers = {"Authorization": f"Bearer {said.strip()}"}
    assert Visitor(site).send("GET", "/gallery/download.npz", headers=headers).status_code == 200
    assert "command line" in ann.get("/account").text
    assert "never expires" in ann.get("/account").text


def test_its_purpose_and_its_end_are_given(site, ann):
    assert command(site, "token", "ann", "--for", "nightly run", "--days", "7")[0] == 0
    page = ann.get("/account").text
    assert "nightly run" in page
    assert "never expires" not in page
    code, said = command(site, "token", "ann", "--for", " ")
    assert (code, "1 to 64 visible characters" in said) == (1, True)


def test_nobody_has_no_token(site):
    for name in ("token", "revoke-tokens"):
        code, said = command(site, name, "nobody")
        assert (code, "nobody is called 'nobody'" in said) == (1, True)


def test_tokens_are_revoked_of_one_or_of_all(site, ann, bob):
    tokens = services_of(site).tokens
    mine, other = (tokens.make_for(name, "a script").text for name in ("ann", "bob"))
    assert command(site, "revoke-tokens", "ann") == (0, "1 token revoked.\n")
    assert tokens.find(mine) is None
    assert tokens.find(other) is not None
    assert command(site, "revoke-tokens") == (0, "1 token revoked.\n")
    assert tokens.find(other) is None
