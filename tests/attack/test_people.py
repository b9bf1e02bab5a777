"""Attacks by people with and without an account."""

from tests.app.visitor import PASSWORD

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
