"""The API's document: all routes of the API are in it, and it says how they answer."""

import pytest
from werkzeug.exceptions import Conflict

from app.web.openapi import document_path, make_document, operation_of
from app.web.services import services_of
from tests.app.visitor import Visitor

#: Routes for people: pages, and what their forms send. All others are the API, but its document.
PAGES = {
    "account.change_password",
    "account.choose_keeping",
    "account.delete",
    "account.login",
    "account.logout",
    "account.make_token",
    "account.page",
    "account.revoke_token",
    "account.say_habits",
    "account.signup",
    "dataset.freeze_by_form",
    "dataset.review",
    "dataset.upload",
    "dataset.upload_page",
    "dataset.version",
    "dataset.versions",
    "draw.page",
    "draw.read_picture",
    "explain.course",
    "explain.page",
    "gallery.page",
    "gallery.picture",
    "generate.page",
    "live.page",
    "models.page",
    "models.versions",
    "practice.page",
    "reference.document",
    "reference.page",
    "runs.start",
    "runs.start_pictures",
    "static",
    "walls.close",
    "walls.index",
    "walls.join",
    "walls.join_page",
    "walls.leave",
    "walls.make",
    "worksheets.delete",
    "worksheets.delete_page",
    "worksheets.forget",
    "worksheets.review",
    "worksheets.sheet_page",
}


@pytest.fixture
def document(app):
    with app.test_request_context():
        return make_document(app)


def test_every_route_is_a_page_or_described(app, document):
    with app.app_context():
        api = [rule for rule in app.url_map.iter_rules() if rule.endpoint not in PAGES]
        assert [rule for rule in api if operation_of(rule.endpoint) is None] == []
        assert not any(operation_of(endpoint) for endpoint in PAGES)
    described = {
        (path, method.upper()) for path, item in document["paths"].items() for method in item
    }
    assert described == {
        (document_path(rule), method)
        for rule in api
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }


def test_what_always_answers_programs_is_described(app):
    with app.app_context():
        for endpoint, view in app.view_functions.items():
            if getattr(view, "is_for_programs", False):
                assert operation_of(endpoint) is not None


def test_all_references_lead_somewhere(document):
    def walk(value):
        if isinstance(value, dict):
            if "$ref" in value:
                found = document
                for part in value["$ref"].removeprefix("#/").split("/"):
                    found = found[part]
            for part in value.values():
                walk(part)
        elif isinstance(value, list):
            for part in value:
                walk(part)

    walk(document)


def test_an_answer_that_is_not_described_is_found(app, seven, monkeypatch):
    """Whatever test meets one fails: see tests/app/conformance.py."""
    services, send = services_of(app), Visitor(app).send
    assert send("GET", "/status").status_code == 200
    monkeypatch.setattr(type(services.accounts), "count", lambda _: "many")
    with pytest.raises(AssertionError, match="many"):
        send("GET", "/status")

    def refuse(_):
        raise Conflict

    monkeypatch.setattr(type(services.accounts), "count", refuse)
    with pytest.raises(AssertionError, match="409 is not described"):
        send("GET", "/status")
