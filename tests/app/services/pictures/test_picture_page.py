"""One picture of the gallery: its page, its file, its labels, and who may do what."""

from uuid import UUID

import pytest

from app.services.pictures.labels import Labels
from tests.app.visitor import Visitor

PICTURE = UUID("00000000-0000-4000-8000-000000000000")


@pytest.mark.parametrize("name", ["x", f"{PICTURE}x", "%00", "..%2f..%2fdigitnet.db", str(PICTURE)])
@pytest.mark.parametrize("ending", ["", ".png", ".png?download=1"])
def test_what_is_no_picture_is_not_found(ann, name, ending):
    assert ann.get(f"/gallery/{name}{ending}").status_code == 404


def test_a_browser_keeps_a_picture_and_asks_whether_it_still_may(ann, seven):
    picture = ann.keep(seven)
    answer = ann.get(f"/gallery/{picture}.png")
    assert answer.content_type == "image/png"
    assert answer.cache_control.private
    assert answer.cache_control.no_cache
    assert "Set-Cookie" not in answer.headers
    again = ann.get(f"/gallery/{picture}.png", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    stranger = Visitor(ann.client.application)
    kept = {"If-None-Match": answer.headers["ETag"]}
    assert stranger.get(f"/gallery/{picture}.png", headers=kept).status_code in (302, 401)
    saved = ann.get(f"/gallery/{picture}.png?download=1")
    assert f"7-{picture}.png" in saved.headers["Content-Disposition"]


def test_a_label_counts_in_the_gallery_and_can_be_taken_back(ann, seven):
    picture = ann.keep(seven)
    assert ann.label(picture, "1").status_code == 302
    assert ann.gallery("digit=1") == [picture]
    assert ann.gallery("digit=7") == []
    page = ann.get(f"/gallery/{picture}").text
    assert "The network read it" in page or "The network read a 7" in page
    answer = ann.post(
        f"/gallery/{picture}/label", label="none", headers={"Accept": "application/json"}
    )
    assert answer.get_json() == {"id": picture, "label": "none"}
    assert ann.gallery("digit=none") == [picture]
    ann.label(picture, "")
    assert ann.gallery("digit=7") == [picture]


@pytest.mark.parametrize("word", ["10", "x", "7\0", "NONE", "-1"])
def test_another_label_is_refused(ann, seven, word):
    picture = ann.keep(seven)
    assert ann.label(picture, word).status_code == 400
    assert ann.gallery("digit=7") == [picture]


def test_a_deleted_picture_is_gone(ann, seven, site):
    picture = ann.keep(seven)
    path = site.extensions["services"].images.files.path(picture)
    assert path.exists()
    assert ann.post(f"/gallery/{picture}/delete").status_code == 302
    assert not path.exists()
    assert ann.gallery() == []
    for route in ("", ".png"):
        assert ann.get(f"/gallery/{picture}{route}").status_code == 404
    for route in ("/label", "/delete"):
        assert ann.post(f"/gallery/{picture}{route}", label="1").status_code == 404


def test_a_vanished_file_breaks_no_page(ann, seven, one, site):
    picture, other = ann.keep(seven), ann.keep(one)
    site.extensions["services"].images.files.path(picture).unlink()
    assert ann.gallery() == [other, picture]
    page = ann.get(f"/gallery/{picture}")
    assert page.status_code == 200
    assert "The file of this picture is lost" in page.text
    assert f"{picture}.png" not in page.text
    assert f"{other}.png" in ann.get(f"/gallery/{other}").text
    assert "missing or damaged" in ann.get(f"/gallery/{picture}.png").text
    assert ann.get(f"/gallery/{picture}.png").status_code == 404
    assert ann.keep(seven) == picture
    assert ann.get(f"/gallery/{picture}.png").status_code == 200


@pytest.mark.parametrize("damage", [b"", b"7 bytes", None])
def test_a_damaged_file_is_not_shown_as_a_picture(ann, seven, site, caplog, damage):
    picture = ann.keep(seven)
    path = site.extensions["services"].images.files.path(picture)
    if damage is None:
        path.unlink()
        path.mkdir()
    else:
        path.write_bytes(damage)
    for accepted in ("image/png", "application/json"):
        answer = ann.get(f"/gallery/{picture}.png", headers={"Accept": accepted})
        assert answer.status_code == 404
        assert answer.headers["Cache-Control"] == "no-store"
        assert "ETag" not in answer.headers
    assert picture in caplog.text
    assert ann.keep(seven) == picture
    assert ann.get(f"/gallery/{picture}.png").status_code == 200


def test_an_administrator_labels_what_others_hold(ann, bob, site, services, seven):
    picture = ann.keep(seven)
    assert bob.label(picture, "3").status_code == 403
    services.accounts.make_admin("bob")
    assert bob.label(picture, "3").status_code == 302
    assert ann.gallery("digit=3") == [picture]
    assert bob.post(f"/gallery/{picture}/delete").status_code == 403


def test_the_limit_of_labels_is_explained(ann, services, seven, one, monkeypatch):
    monkeypatch.setattr(services.images, "_labels", Labels(1))
    assert ann.label(ann.keep(seven), "7").status_code == 302
    answer = ann.label(ann.keep(one), "1")
    assert answer.status_code == 409
    assert "most for one person" in answer.text


def test_a_visitor_sees_nothing(site, ann, seven):
    picture = ann.keep(seven)
    visitor = Visitor(site)
    for path in ("/gallery/", f"/gallery/{picture}", f"/gallery/{picture}.png"):
        assert visitor.get(path).location.startswith("/login?next=/gallery/")


def test_the_page_of_a_picture_tells_its_second_holder_both_labels(ann, bob, seven):
    picture = ann.keep(seven)
    assert bob.keep(seven) == picture
    rule = "Everybody is shown an administrator’s latest label, or else that of the earliest owner"
    assert bob.label(picture, "1").status_code == 302
    silent = ann.get(f"/gallery/{picture}").text
    assert "Another person says so." in silent
    assert f"You have not said what it shows. {rule}" in silent
    assert "You say so." in bob.get(f"/gallery/{picture}").text
    assert rule not in bob.get(f"/gallery/{picture}").text
    assert ann.label(picture, "7").status_code == 302
    theirs, mine = (who.get(f"/gallery/{picture}").text for who in (bob, ann))
    assert f"You said: <strong>a 1</strong>. {rule}" in theirs
    assert "another person" in theirs
    assert "You said" not in mine
    assert 'value="1" aria-pressed="true"' in theirs
    assert 'value="7" aria-pressed="true"' in mine
    assert bob.gallery("digit=7") == bob.gallery("digit=7&mine=1") == [picture]


def test_programs_are_told_both_labels_where_they_differ(ann, bob, seven):
    picture = ann.keep(seven)
    bob.keep(seven)

    def label(who, word):
        json = {"Accept": "application/json"}
        return who.post(f"/gallery/{picture}/label", label=word, headers=json).get_json()

    assert label(bob, "1") == {"id": picture, "label": "1"}
    assert label(ann, "7") == {"id": picture, "label": "7"}
    assert label(bob, "2") == {"id": picture, "label": "2", "label_for_all": "7"}
    assert label(bob, "") == {"id": picture, "label": None, "label_for_all": "7"}
    assert label(ann, "") == {"id": picture, "label": None}
