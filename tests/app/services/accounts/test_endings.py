"""The end of an account: nothing that is stored names the person any more."""

from sqlalchemy import select

from app.storage.database import Base
from app.storage.models import User
from tests.app.database import reading
from tests.app.visitor import PASSWORD, Visitor


def test_nothing_that_names_a_person_outlives_the_account(site, services, bob, seven, one):
    name = "Somebody Unmistakable"
    somebody = Visitor(site).sign_up(name)
    shared, picture = somebody.keep(one), somebody.keep(seven)
    assert bob.keep(one) == shared
    for kept in (shared, picture):
        somebody.label(kept, "7")
    somebody.post("/account/keeping", keeping="asked")
    somebody.post("/account/habits", **{"form-7": "crossed", "form-9": "hooked"})
    fields = {"token-name": "a script", "token-days": "30", "token-password": PASSWORD}
    assert somebody.post("/account/tokens", **fields).status_code == 200
    assert somebody.post("/walls", title="7b", collects="1").status_code == 302
    assert somebody.post("/worksheets", names="Mia").status_code == 302
    headers = {"X-CSRFToken": somebody.token()}
    for path, body in (
        ("/dataset/review/next", {}),
        (f"/dataset/review/{picture}", {"label": "1"}),
        ("/versions", {"name": "of-somebody"}),
        ("/imports", {}),
    ):
        assert somebody.send("POST", path, json=body, headers=headers).status_code < 300, path
    own = person_of(name)
    kept = {"user", "habit", "api_token", "wall", "labelling", "worksheet"}
    assert kept <= tables_that_name(own, name)
    assert somebody.post("/account/delete", password=PASSWORD).status_code == 302
    assert tables_that_name(own, name) == set()


def person_of(name):
    with reading() as session:
        return session.scalars(select(User.id).where(User.username == name)).one()


def tables_that_name(user_id, name):
    """Return the tables in which any value of any row names a person, or is their id."""
    words = {str(user_id), user_id.hex, name, name.casefold()}
    with reading() as session:
        return {
            table.name
            for table in Base.metadata.sorted_tables
            for row in session.execute(select(table))
            if any(word in str(value) for value in row for word in words)
        }
