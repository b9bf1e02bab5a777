"""Versions, runs, reviews and models, asked for what cannot be: a sentence each, nothing stored."""

import io
import json
import zipfile
from typing import Any
from urllib.parse import quote

import numpy as np
import pytest
from sqlalchemy import select

from app.storage.models import TrainingRun, User
from tests.app.collecting import in_folders, take_in
from tests.app.database import reading

HUGE = 10**400  # more than a float holds
HALF = "\ud800"  # of a pair: no text, though JSON can say it
NOWHERE = "00000000-0000-4000-8000-000000000000"
#: What JSON can say, of which hardly anything fits anywhere.
VALUES: tuple[Any, ...] = (
    None,
    True,
    -1,
    1.5,
    HUGE,
    float("inf"),
    "",
    "\0",
    HALF,
    "x" * 9000,
    [],
    [[]],
    [HALF],
    {},
)
JSON = "application/json"
FIELDS = {
    "/versions": ("name", "writer", "from", "to", "licence"),
    "/retrain_model": (
        *("model", "base", "versions", "mnist", "epochs", "rate", "augment", "publish", "quick"),
    ),
    "/dataset/review/next": ("claim", "count"),
    "/dataset/review/release": ("claim",),
    f"/dataset/review/{NOWHERE}": ("label", "undo", "claim"),
    "/models/digits/publish": ("version", "reason", "instead_of"),
    "/models/digits/rollback": ("version", "reason", "instead_of"),
}


@pytest.fixture
def ask(ann, services):
    """Send a request with an administrator's token, and return a status below 500."""
    services.accounts.make_admin("ann")
    token = services.tokens.make_for("ann", "attack").text

    def one(method, path, given=None):
        headers = {"Authorization": f"Bearer {token}", "Accept": JSON}
        options = {} if given is None else {"data": json.dumps(given), "content_type": JSON}
        answer = ann.send(method, path, headers=headers, **options)
        assert answer.status_code < 500, (method, path, str(given)[:100], answer.text[:200])
        if answer.status_code >= 400:
            assert answer.json["detail"], path
        return answer

    return one


@pytest.mark.parametrize("path", FIELDS)
def test_whatever_stands_in_a_field(ask, path):
    for value in VALUES:
        ask("POST", path, value)
        for field in FIELDS[path]:
            ask("POST", path, {"name": "class-7b", "version": "digits-1", field: value})


def test_amounts_that_no_number_holds(ask):
    for value in (None, True, -1, 45.1, HUGE, float("inf"), float("nan"), ""):
        given = {"augment": {"rotation": value}}
        assert ask("POST", "/retrain_model", given).status_code == 400
    with reading() as session:
        assert session.scalars(select(TrainingRun.id)).all() == []


@pytest.mark.parametrize("name", ["\0", "a\0b", "A", "é", "x" * 5000, "..", "first\n", "<b>"])
def test_names_in_addresses(ask, name):
    quoted = quote(name)
    for path in (
        f"/versions/{quoted}.zip",
        f"/dataset/versions/{quoted}",
        f"/models/{quoted}/versions",
        f"/models/digits/{quoted}",
    ):
        assert ask("GET", path).status_code == 404
    assert ask("POST", f"/versions/{quoted}/remove").status_code == 404
    for field in ("writer", "from", "to"):
        ask("GET", f"/versions/preview?{field}={quoted}")


def test_a_version_from_which_all_was_withdrawn_is_still_shown_and_sent(ask, ann, services):
    with reading() as session:
        person = session.scalars(select(User.id)).one()
    take_in(services, person, in_folders(3), writer="Ann")
    assert ask("POST", "/versions", {"name": "first"}).status_code == 201
    for member in services.versions.members(services.versions.find("first").id):
        services.images.take_back(person, member.picture_id)
    assert "3 were withdrawn since then." in ann.get("/dataset/versions/first").text
    assert services.versions.examples("first").images.shape == (0, 28, 28)
    archive = zipfile.ZipFile(io.BytesIO(ask("GET", "/versions/first.zip").data))
    assert sorted(archive.namelist()) == ["README.md", "card.json", "labels.csv"]
    assert len(zipfile.ZipFile(io.BytesIO(ask("GET", "/versions/first.idx").data)).namelist()) == 5
    with np.load(io.BytesIO(ask("GET", "/versions/first.npz").data)) as data:
        assert data["images"].shape == (0, 28, 28)
    assert ask("POST", "/versions", {"name": "second"}).status_code == 400
    assert ask("POST", "/versions/first/remove").json == {"name": "first", "removed": True}
