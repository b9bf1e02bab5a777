"""Training runs over HTTP: for programs by JSON, for people by pages."""

import re

import pytest
from sqlalchemy import update

from app.storage.models import TrainingRun
from tests.app.database import writing
from tests.app.visitor import Visitor

JSON = {"Accept": "application/json"}


@pytest.fixture
def admin(ann, services):
    services.accounts.make_admin("ann")
    services.models.look_again()
    return ann


def send(visitor, path, given):
    headers = {"X-CSRFToken": visitor.token(), **JSON}
    return visitor.send("POST", path, json=given, headers=headers)


def begin(admin, **given):
    answer = send(admin, "/retrain_model", given)
    assert answer.status_code == 202, answer.json
    return answer.json["run"]


def decide(run_id, decision, compared_with="digits-1"):
    """Let a run be finished, as though it had trained the model that ships."""
    sides = {
        side: {
            "name": name,
            "size": 1_000_000,
            "milliseconds": 0.4,
        }
        for side, name in (("candidate", "digits-1"), ("in_service", "digits-1"))
    }
    figures = {"accuracy": 0.9, "right": 9, "classes": [{"label": "7", "count": 10, "right": 9}]}
    gate = {
        "decision": decision,
        "reasons": [{"set": "mnist", "candidate": 0.9, "in_service": 0.99, "margin": 0.0005}],
        "sets": [
            {
                "name": "mnist",
                "count": 10,
                "decision": decision,
                "margin": 0.0005,
                "candidate": figures,
                "in_service": figures,
            }
        ],
        "changed": [
            {
                "set": "mnist",
                "index": 4,
                "label": "7",
                "in_service": "7",
                "candidate": "none",
                "pixels": "AAAA" * 261 + "AA==",
            }
        ],
        "changed_count": 1,
        **sides,
    }
    values = {
        "state": "finished",
        "gate": gate,
        "model": "digits-1",
        "base": "digits-1",
        "compared_with": compared_with,
    }
    with writing() as session:
        session.execute(update(TrainingRun).values(values))


def test_a_program_starts_a_run_follows_and_cancels_it(admin):
    run_id = begin(admin, epochs=3, augment={"rotation": 5}, publish="if_better")
    run = admin.get(f"/runs/{run_id}", headers=JSON).json
    assert (run["state"], run["number"], run["created_by"]) == ("queued", 1, "ann")
    assert (run["epoch"], run["epochs"], run["augment"]) == (0, 3, {"rotation": 5.0})
    assert (run["base"], run["gate"], run["model"]) == (None, None, None)
    [listed] = admin.get("/runs", headers=JSON).json["runs"]
    assert listed == {name: run[name] for name in listed}
    assert not {"gate", "log", "batches"} & listed.keys()
    assert send(admin, f"/runs/{run_id}/cancel", {}).json["state"] == "cancelled"
    again = send(admin, f"/runs/{run_id}/cancel", {})
    assert (again.status_code, "nothing to cancel" in again.json["detail"]) == (409, True)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ([], "JSON is expected"),
        ({"model": "cats-dogs"}, "send a ZIP with a folder"),
        ({"versions": ["nothing"]}, "no version nothing"),
        ({"epochs": 0}, "whole number from 1 to 200"),
        ({"augment": {"rotation": 90}}, "'augment.rotation' must be a number from 0 to 45"),
        ({"mnist": False}, "nothing to learn from"),
    ],
)
def test_what_cannot_be_trained_is_said(admin, given, words):
    answer = send(admin, "/retrain_model", given)
    assert (answer.status_code, words in answer.json["detail"]) == (400, True), answer.json
    assert admin.get("/runs", headers=JSON).json == {"runs": []}


def test_a_run_is_published_once_it_is_finished_and_not_worse(admin, services):
    run_id = begin(admin)
    publish = f"/runs/{run_id}/publish"
    assert "not come to its end" in send(admin, publish, {}).json["detail"]
    decide(run_id, "worse")
    refused = send(admin, publish, {"reason": "I want it"})
    assert refused.status_code == 409
    assert "90.00 percent right, which were 99.00" in refused.json["detail"]
    decide(run_id, "better")
    for reason in (5, "a\0b", "w" * 501):
        assert send(admin, publish, {"reason": reason}).status_code == 400
    answer = send(admin, publish, {"reason": "It is better."})
    assert (answer.status_code, answer.json) == (200, {"name": "digits", "in_service": "digits-1"})
    run = admin.get(f"/runs/{run_id}", headers=JSON).json
    assert (run["model"], run["in_service"], run["may_publish"]) == ("digits/digits-1", True, False)


def test_a_versions_page_says_what_its_run_found(admin, site):
    run_id = begin(admin)
    for decision, words in (
        ("worse", "found worse than digits-1"),
        ("better", "found better than digits-1"),
        ("as_good", "found as good as digits-1"),
    ):
        decide(run_id, decision)
        page = admin.get("/models/digits/versions").text
        assert words in page
        assert f'href="/runs/{run_id}"' in page
        assert "found" not in Visitor(site).get("/models/digits/versions").text


def test_people_start_cancel_and_publish_by_forms(admin, services):
    token = {"csrf_token": admin.token()}
    answer = admin.send("POST", "/runs", data=token | {"base": "in_service", "mnist": "1"})
    assert answer.status_code == 302
    page = answer.headers["Location"]
    assert admin.get(page).status_code == 200
    assert "1" in admin.get("/runs").text
    [run] = services.runs.recent()
    assert run.settings.mnist
    answer = admin.send("POST", f"/runs/{run.id}/cancel", data=token)
    assert (answer.status_code, answer.headers["Location"]) == (302, page)
    decide(run.id, "better")
    assert admin.get(page).status_code == 200
    assert admin.send("POST", f"/runs/{run.id}/publish", data=token).status_code == 302


@pytest.mark.parametrize(
    ("given", "words", "wrong"),
    [
        ({"mnist": ""}, "no version x", []),
        ({"epochs": "many"}, "'Epochs' must be a whole number", ["epochs"]),
        ({"rate": "0,2"}, "'Highest learning rate' must be a number from 0.000001", ["rate"]),
        (
            {"augment": "own", "augment.rotation": "far"},
            "'Turned, degrees' must be a number from 0 to 45",
            ["augment.rotation"],
        ),
    ],
)
def test_a_form_that_cannot_be_comes_back_with_a_sentence(admin, given, words, wrong):
    fields = {"csrf_token": admin.token(), "versions": "x"} if "mnist" in given else {}
    fields |= {"csrf_token": admin.token(), "mnist": "1"} | given
    answer = admin.send("POST", "/runs", data=fields)
    assert (answer.status_code, words in answer.text.replace("&#39;", "'")) == (422, True)
    described = r'name="([^"]+)"[^>]* aria-describedby="train-problem[^>]* aria-invalid="true"'
    assert re.findall(described, answer.text) == wrong


def test_own_amounts_and_none_are_read_from_the_form(admin, services):
    token = {"csrf_token": admin.token(), "mnist": "1"}
    own = {"augment": "own", "augment.rotation": "7,5", "augment.shift": ""}
    assert admin.send("POST", "/runs", data=token | own).status_code == 302
    assert admin.send("POST", "/runs", data=token | {"augment": "none"}).status_code == 302
    second, first = services.runs.recent()
    assert first.settings.augment == {"rotation": 7.5, "shift": 0.0}
    assert second.settings.augment == {}


def test_only_administrators_train(admin, bob, site):
    run_id = begin(admin)
    for method, path in (
        ("GET", "/runs"),
        ("POST", "/runs"),
        ("POST", "/retrain_model"),
        ("GET", f"/runs/{run_id}"),
        ("POST", f"/runs/{run_id}/cancel"),
        ("POST", f"/runs/{run_id}/publish"),
    ):
        headers = {"X-CSRFToken": bob.token(), **JSON}
        answer = bob.send(method, path, headers=headers)
        assert (answer.status_code, "administrators" in answer.json["detail"]) == (403, True), path
        anybody = Visitor(site)
        headers = {"X-CSRFToken": anybody.token(), **JSON}
        assert anybody.send(method, path, headers=headers).status_code == 401
    assert admin.get("/runs/00000000-0000-0000-0000-000000000000", headers=JSON).status_code == 404
