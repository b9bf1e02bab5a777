"""Two people, every route, every id of the other's: nothing shows, nothing can be changed."""

import re

import pytest
from sqlalchemy import select

from app.storage.models import Holding, Picture, User
from tests.app.database import reading
from tests.app.visitor import PASSWORD, Visitor

OWNER = "Somebody Unmistakable"

#: Routes with ids of pictures, and what another person is answered.
OF_PICTURES = {
    ("GET", "gallery.picture"): 200,
    ("GET", "gallery.image"): 200,
    ("POST", "gallery.label"): 403,
    ("POST", "gallery.delete"): 403,
    ("POST", "dataset.review_answer"): 400,
}
#: Routes without.
OTHERS = {
    ("GET", "static"): 404,
    ("GET", "draw.page"): 200,
    ("POST", "draw.read_picture"): 400,
    ("POST", "api.predict"): 400,
    ("GET", "api.status"): 200,
    ("GET", "account.signup"): 302,
    ("POST", "account.signup"): 302,
    ("GET", "account.login"): 302,
    ("POST", "account.login"): 302,
    ("POST", "account.logout"): 302,
    ("GET", "account.page"): 200,
    ("POST", "account.change_password"): 400,
    ("POST", "account.delete"): 400,
    ("POST", "account.choose_keeping"): 400,
    ("POST", "account.say_habits"): 302,
    ("GET", "gallery.page"): 200,
    ("GET", "gallery.download_zip"): 200,
    ("GET", "gallery.download_npz"): 200,
    ("GET", "gallery.download_idx"): 200,
    ("GET", "generate.page"): 200,
    ("POST", "generate.make"): 400,
    ("POST", "generate.learn"): 400,
    ("POST", "generate.forget"): 302,
    ("GET", "live.page"): 200,
    ("GET", "models.index"): 200,
    ("GET", "models.page"): 404,
    ("GET", "models.file"): 404,
    ("GET", "models.versions"): 404,
    ("POST", "models.publish"): 404,
    ("POST", "models.rollback"): 404,
    ("GET", "models.digits"): 200,
    ("POST", "account.make_token"): 400,
    ("POST", "account.revoke_token"): 302,
    ("GET", "reference.page"): 200,
    ("GET", "reference.document"): 200,
    ("GET", "dataset.page"): 200,
    ("POST", "dataset.upload"): 400,
    ("POST", "dataset.upload_training_data"): 400,
    ("POST", "dataset.begin"): 201,
    ("GET", "dataset.status"): 404,
    ("POST", "dataset.batch"): 404,
    ("POST", "dataset.file_slice"): 400,
    ("POST", "dataset.check"): 404,
    ("POST", "dataset.accept"): 404,
    ("POST", "dataset.cancel"): 404,
    ("GET", "dataset.upload_page"): 404,
    ("POST", "dataset.freeze"): 400,
    ("GET", "dataset.list_versions"): 302,
    ("GET", "dataset.version_file"): 404,
    ("GET", "dataset.versions"): 200,
    ("GET", "dataset.preview_version"): 200,
    ("POST", "dataset.remove_version"): 404,
    ("POST", "dataset.freeze_by_form"): 422,
    ("GET", "dataset.version"): 404,
    ("GET", "dataset.review"): 200,
    ("POST", "dataset.review_next"): 400,
    ("POST", "dataset.review_release"): 400,
    ("GET", "runs.index"): 403,
    ("POST", "runs.start"): 403,
    ("POST", "runs.start_pictures"): 403,
    ("POST", "runs.retrain_model"): 403,
    ("GET", "runs.page"): 403,
    ("POST", "runs.cancel"): 403,
    ("POST", "runs.publish"): 403,
    ("GET", "streams.monitor"): 403,
    ("POST", "streams.begin"): 201,
    ("POST", "streams.rename"): 403,
    ("POST", "streams.disconnect"): 403,
    ("GET", "streams.video_feed"): 403,
    ("GET", "walls.index"): 200,
    ("POST", "walls.make"): 422,
    ("GET", "walls.page"): 404,
    ("POST", "walls.change"): 404,
    ("POST", "walls.close"): 404,
    ("GET", "walls.join_page"): 404,
    ("POST", "walls.join"): 404,
    ("POST", "walls.leave"): 302,
    ("POST", "walls.alive"): 400,
    ("GET", "practice.page"): 200,
    ("GET", "practice.questions"): 400,
    ("GET", "worksheets.index"): 200,
    ("POST", "worksheets.make"): 302,
    ("GET", "worksheets.page"): 404,
    ("GET", "worksheets.sheet"): 404,
    ("GET", "worksheets.answers"): 404,
    ("POST", "worksheets.send"): 404,
    ("GET", "worksheets.marking"): 404,
    ("GET", "worksheets.results"): 404,
    ("GET", "worksheets.review"): 404,
    ("GET", "worksheets.doubtful"): 404,
    ("GET", "worksheets.marked"): 404,
    ("POST", "worksheets.names"): 404,
    ("GET", "worksheets.sheet_page"): 404,
    ("GET", "worksheets.page_picture"): 404,
    ("GET", "worksheets.page_pdf"): 404,
    ("GET", "worksheets.name_picture"): 404,
    ("GET", "worksheets.answer_picture"): 404,
    ("POST", "worksheets.answer"): 404,
    ("POST", "worksheets.delete_page"): 404,
    ("POST", "worksheets.forget"): 404,
    ("POST", "worksheets.delete"): 404,
}

#: Features that take no ids and ask nobody who they are.
FOR_EVERYBODY = ("explain.",)


def routes(app):
    """Return (method, endpoint, path) of every route."""
    for rule in app.url_map.iter_rules():
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            yield method, rule.endpoint, rule.rule


def database():
    """Return everything that is kept of pictures, holdings and people, but for sessions."""
    with reading() as session:
        return [
            session.execute(select(*Picture.__table__.c).order_by(Picture.id)).all(),
            session.execute(select(*Holding.__table__.c).order_by(Holding.picture_id)).all(),
            session.execute(select(User.username, User.is_admin).order_by(User.id)).all(),
        ]


@pytest.fixture
def owner(site):
    return Visitor(site).sign_up(OWNER)


def test_every_route_is_looked_at(site):
    known = OF_PICTURES.keys() | OTHERS.keys()
    found = {(method, endpoint) for method, endpoint, _ in routes(site)}
    assert {route for route in found if not route[1].startswith(FOR_EVERYBODY)} == known


def test_another_person_sees_nothing_of_the_owner_and_changes_nothing(
    site, services, owner, bob, seven, one
):
    labelled, plain = owner.keep(seven), owner.keep(one)
    owner.label(labelled, "7")
    before = database()
    with reading() as session:
        owner_id = session.scalar(select(User.id).where(User.username == OWNER))
    for method, endpoint, path in routes(site):
        for picture in (labelled, plain):
            form = {"label": "3", "password": "wrong password"} if method == "POST" else {}
            form |= {"csrf_token": bob.token()} if method == "POST" else {}
            query = {"digit": "7"} if endpoint == "gallery.page" else {}
            answer = bob.send(
                method,
                re.sub("<(uuid|path):[a-z_]+>", picture, re.sub("<int:[a-z_]+>", "1", path)),
                data=form,
                query_string=query,
            )
            where = f"{method} {endpoint}"
            expected = (OF_PICTURES | OTHERS).get((method, endpoint))
            if endpoint.startswith(FOR_EVERYBODY):
                assert answer.status_code < 500, where
            else:
                assert answer.status_code == expected, where
            for secret in (OWNER, str(owner_id), owner_id.hex):
                assert secret.encode() not in answer.data, where
                assert secret not in str(answer.headers), where
            if endpoint == "account.logout":
                bob.log_in("bob")
    assert database() == before
    assert owner.is_logged_in()


def test_another_person_sees_only_what_all_may_see(owner, bob, seven):
    picture = owner.keep(seven)
    mine, theirs = (who.get(f"/gallery/{picture}").text for who in (owner, bob))
    for words in (
        "Drawn on this site",
        "Sent as a picture",
        "digits-1",
        f"{picture}/delete",
        f"{picture}/label",
    ):
        assert words not in theirs
    assert "Sent as a picture" in mine
    assert f"{picture}/delete" in mine
    assert f"{picture}/label" in mine
    assert f"{picture}/label" not in bob.get("/gallery/").text
    assert bob.gallery("mine=1") == []
    for path in ("zip", "npz"):
        everybody = bob.get(f"/gallery/download.{path}").data
        assert len(bob.get(f"/gallery/download.{path}?mine=1").data) < len(everybody)
    assert picture.encode() not in bob.get("/gallery/download.zip?mine=1").data


def test_what_one_deletes_the_other_keeps(owner, bob, seven):
    picture = owner.keep(seven)
    assert bob.keep(seven) == picture
    assert bob.post(f"/gallery/{picture}/delete").status_code == 302
    assert bob.post(f"/gallery/{picture}/delete").status_code == 403
    assert owner.gallery("mine=1") == [picture]
    assert owner.get(f"/gallery/{picture}.png").status_code == 200


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_a_visitor_is_asked_to_log_in(site, owner, seven, accept):
    picture = owner.keep(seven)
    before = database_of(site)
    visitor = Visitor(site)
    token = visitor.token()
    for method, endpoint, path in routes(site):
        if not endpoint.startswith(("gallery.", "account.page", "account.change", "account.del")):
            continue
        answer = visitor.send(
            method,
            path.replace("<uuid:picture_id>", picture),
            data={"csrf_token": token, "label": "3", "password": PASSWORD}
            if method == "POST"
            else {},
            headers={"Accept": accept},
        )
        if method == "GET" and accept == "text/html":
            assert answer.status_code == 302
            assert answer.location.startswith("/login?next=")
        else:
            assert answer.status_code == 401
            assert "Log in" in (
                answer.text if accept == "text/html" else answer.get_json()["detail"]
            )
    assert database_of(site) == before


def database_of(site):
    with site.app_context():
        return database()
