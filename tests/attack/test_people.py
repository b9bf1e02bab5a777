"""Attacks by people with and without an account."""

import pytest

from tests.app.visitor import PASSWORD, Visitor, error_in

# Labels


def test_a_second_holder_neither_overrules_the_owner_nor_stands_in_the_way(ann, bob, seven):
    picture = ann.keep(seven)
    assert bob.keep(seven) == picture
    assert bob.label(picture, "1").status_code == 302
    assert ann.label(picture, "7").status_code == 302
    assert ann.gallery("digit=7") == [picture]
    for word in ("1", "none", ""):
        bob.label(picture, word)
        assert ann.gallery("digit=7") == [picture]
    assert (
        b"7-"
        in ann.get(f"/gallery/{picture}.png?download=1").headers["Content-Disposition"].encode()
    )


def test_who_sends_a_picture_again_overrules_nobody_who_has_left(ann, bob, seven):
    picture = ann.keep(seven)
    ann.label(picture, "7")
    ann.post("/account/delete", password=PASSWORD)
    assert bob.keep(bob.get(f"/gallery/{picture}.png").data) == picture
    assert bob.label(picture, "1").status_code == 302
    assert bob.gallery("digit=7") == [picture]


# Names


@pytest.mark.parametrize(
    ("name", "imitation"),
    [
        ("paul", "pauI"),
        ("Bill", "BiIl"),
        ("claire", "cIaire"),
        ("Ian", "lan"),
        ("west", "vvest"),
        ("cloud", "doud"),
        ("CLOUD", "doud"),
        ("ann", "a\u0332nn"),
        ("ann", "ạnn"),
        ("ann", "a\u0320\u0323nn\u0305"),
        ("HELEN", "НЕLЕN"),
        ("tom1", "tomI"),
    ],
)
def test_nobody_is_imitated_by_a_name_that_looks_the_same(site, name, imitation):
    Visitor(site).sign_up(name)
    answer = Visitor(site).post("/signup", username=imitation, password=PASSWORD, again=PASSWORD)
    assert answer.status_code == 400
    assert "looks like one that is" in error_in(answer)
