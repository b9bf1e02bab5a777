"""Models of other classes are asked for over HTTP: by programs and by the page's form."""

import io
import re

import pytest
from flask import render_template
from sqlalchemy import update

from app.blueprints.runs.describe import describe
from app.services.models import read_card
from app.services.training import PictureSettings
from app.storage.models import TrainingRun
from app.web.services import get_services
from cnn.models.model_file import CATS_DOGS_MODEL
from tests.app.collecting import packed
from tests.app.database import writing
from tests.app.folders import colours
from tests.app.services.collecting.test_hostile import bomb, encrypted, linked, named

JSON = {"Accept": "application/json"}
CARD = {
    "classes": ["cats", "dogs"],
    "count": 20,
    "accuracy": 0.85,
    "expected_calibration_error": 0.02,
    "none_of_these": 0.05,
    "confusion_matrix": [[9, 1], [2, 8]],
    "trained_on": "180 pictures: 90 cats, 90 dogs",
    "tested_on": "held-out pictures",
}


@pytest.fixture
def admin(ann, services):
    services.accounts.make_admin("ann")
    services.models.look_again()
    return ann


@pytest.fixture
def kept(shared_settings):
    """List what runs have on the disk."""
    folder = shared_settings.instance_path / "runs"
    return lambda: list(folder.iterdir()) if folder.is_dir() else []


def ask(admin, archive, path="/retrain_model", headers=JSON, **fields):
    token = admin.token()
    file = {} if archive is None else {"file": (io.BytesIO(archive), "pets.zip")}
    return admin.send(
        "POST",
        path,
        data={"csrf_token": token, "model": "pets", **fields, **file},
        content_type="multipart/form-data",
        headers=headers,
    )


def test_a_program_sends_folders_and_a_name(admin, services, kept):
    fields = {"size": "32", "channels": "1", "epochs": "3", "augment": "flip,zoom=0.1"}
    answer = ask(admin, packed(colours(5)), publish="if_better", **fields)
    assert answer.status_code == 202, answer.json
    run = admin.get(f"/runs/{answer.json['run']}", headers=JSON).json
    assert (run["state"], run["name"], run["epochs"]) == ("queued", "pets", 3)
    assert run["pictures"] == {
        "classes": {"blue": 5, "red": 5},
        "size": 32,
        "channels": 1,
        "augment": "zoom=0.1,flip",
    }
    assert (run["versions"], run["mnist"], run["augment"]) == ([], False, None)
    assert admin.get("/runs", headers=JSON).json["runs"][0]["name"] == "pets"
    assert len(kept()) == 1
    assert ask(admin, None, f"/runs/{run['id']}/cancel").json["state"] == "cancelled"
    assert kept() == []
    assert "blue, red" in admin.get("/runs").text
    assert "32&nbsp;×&nbsp;32, grey" in admin.get(f"/runs/{run['id']}").text


@pytest.mark.parametrize(
    ("archive", "fields", "words"),
    [
        (None, {}, "Choose a ZIP"),
        (b"", {}, "no ZIP archive"),
        (b"no archive", {}, "no ZIP archive"),
        (packed(colours(4, ["blue"])), {}, "only one class, blue"),
        (packed(colours(1)), {}, "of each class there must be 2 at least"),
        (packed({"1.png": b""}), {}, "no folders with pictures"),
        (bomb, {}, "far more than its size"),
        (encrypted, {}, "protected by a password"),
        (linked, {}, "holds a link"),
        (lambda: named("../../7/evil.png"), {}, "leads out of it"),
        (packed(colours(2)), {"model": ""}, "small letters from a to z"),
        (packed(colours(2)), {"model": "My Pets"}, "small letters from a to z"),
        (packed(colours(2)), {"model": "digits"}, "Choose another name"),
        (packed(colours(2)), {"model": "cats-dogs"}, "cats-dogs tells cats, dogs apart"),
        (packed(colours(2)), {"size": "4"}, "whole number from 16 to 128"),
        (packed(colours(2)), {"size": "large"}, "whole number from 16 to 128"),
        (packed(colours(2)), {"channels": "2"}, "one of these: 1, 3"),
        (packed(colours(2)), {"epochs": "1000"}, "whole number from 1 to 300"),
        (packed(colours(2)), {"augment": "twist"}, "such as zoom=0.2,flip"),
        (packed(colours(2)), {"publish": "now"}, "if_better, never"),
    ],
)
def test_what_cannot_be_learned_from_is_said_and_nothing_is_kept(
    admin, kept, archive, fields, words
):
    content = archive() if callable(archive) else archive
    answer = ask(admin, content, **fields)
    assert (answer.status_code, words in answer.json["detail"]) == (400, True), answer.json
    page = ask(admin, content, "/runs/pictures", {}, **fields)
    assert page.status_code == 422
    assert words in re.sub("<[^>]+>", "", page.text).replace("&#39;", "'")
    assert kept() == []
    assert admin.get("/runs", headers=JSON).json == {"runs": []}


def test_people_send_a_form_and_what_they_said_stays_if_it_is_refused(admin, services):
    own = {"augment": "own", "augment.zoom": "0,3", "augment.rotate": "", "augment.flip": "1"}
    answer = ask(admin, packed(colours(2)), "/runs/pictures", {}, epochs="5", rate="0,01", **own)
    assert answer.status_code == 302
    [run] = services.runs.recent()
    assert run.settings.augment == "zoom=0.3,flip"
    assert (run.settings.epochs, run.settings.rate) == (5, 0.01)
    services.runs.cancel(run.id)
    refused = ask(admin, packed(colours(1)), "/runs/pictures", {}, size="48", **own)
    assert refused.status_code == 422
    for shown in ('value="48"', 'value="pets"', 'value="0,3"'):
        assert shown in refused.text
    # The form of digits is as it was.
    assert re.search(r'name="mnist" value="1" checked', refused.text)
    assert "aria-invalid" not in refused.text
    large = ask(admin, packed(colours(2)), "/runs/pictures", {}, size="129")
    assert "Side in pixels, as the network sees it&#39; must be a whole number" in large.text
    described = r'name="size"[^>]* aria-describedby="pictures-problem" aria-invalid="true"'
    assert re.search(described, large.text)
    nothing = ask(admin, packed(colours(2)), "/runs/pictures", {}, augment="own")
    assert nothing.status_code == 302
    assert services.runs.recent()[0].settings.augment == "none"
    services.runs.cancel(services.runs.recent()[0].id)


def test_json_is_not_longer_than_other_json(admin):
    headers = {"X-CSRFToken": admin.token(), **JSON, "Content-Type": "application/json"}
    answer = admin.send("POST", "/retrain_model", data=b" " * 5_000_000, headers=headers)
    assert answer.status_code == 413


def test_what_came_of_it_is_put_in_service_under_its_name(admin, services, seven):
    run_id = ask(admin, packed(colours(2))).json["run"]
    services.runs.cancel(services.runs.recent()[0].id)
    gate = {"decision": "first", "reasons": [], "sets": [], "changed": [], "changed_count": 0}
    sides = {"candidate": {"name": "pets-1", "size": 5, "milliseconds": 1.0}, "in_service": None}
    services.publisher.add(CATS_DOGS_MODEL, name="pets", publish_first=False)
    values = {"state": "finished", "model": "pets-1", "gate": gate | sides | {"card": CARD}}
    with writing() as session:
        session.execute(update(TrainingRun).values(values))
    run = admin.get(f"/runs/{run_id}", headers=JSON).json
    assert (run["model"], run["decision"], run["may_publish"]) == ("pets/pets-1", "first", True)
    assert "the first" in admin.get("/runs").text
    assert admin.get("/models/pets").status_code == 404
    publish = admin.post(f"/runs/{run_id}/publish", headers=JSON, reason="It is good.")
    assert publish.json == {"name": "pets", "in_service": "pets-1"}
    assert admin.get(f"/runs/{run_id}", headers=JSON).json["in_service"] is True
    assert admin.get("/models/pets").status_code == 200
    assert "Training runs" in admin.get("/models/pets/versions").text
    answer = admin.predict(seven, "model=pets").json
    assert answer["model"] == "pets-1"
    assert answer["probabilities"].keys() == {"cats", "dogs"}


@pytest.fixture
def show(app):
    """Render the page of a run of other classes with other values, as text without tags."""
    with app.app_context():
        services = get_services()
        settings, archive = PictureSettings(model="pets"), io.BytesIO(packed(colours(2)))
        run_id = services.runs.start_pictures(settings, archive, file="pets.zip", by=None)
        with app.test_request_context("/runs"):
            run = describe(services.runs.find(run_id))

    def show(**values):
        card = (values.get("gate") or {}).get("card")
        with app.test_request_context("/runs"):
            page = render_template(
                "runs/page.html",
                run=run | values,
                card=card and read_card(card, card["classes"]),
            )
        _, _, main = page.partition("<main")
        return page, " ".join(re.sub("<[^>]+>", " ", main).replace("&nbsp;", " ").split())

    return show


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"phase": "training", "epochs": 0}, "It begins in a moment."),
        ({"phase": "training", "epochs": 5}, "Epoch 1 of 5"),
        ({"phase": "comparing"}, "It is measured on pictures that it has not learned from."),
        ({"phase": "comparing", "compared_with": "pets-1"}, "It is compared with pets-1"),
    ],
)
def test_a_phase_is_said(show, values, expected):
    _, words = show(state="running", **values)
    assert expected in words
    assert "pets · blue, red · 4 pictures · 64 × 64, in colour" in words


def made(decision, *sets, in_service=None):
    sides = {"candidate": {"name": "pets-2", "size": 600_000, "milliseconds": 0.5}}
    sides["in_service"] = in_service and sides["candidate"] | {"name": in_service}
    shares = {"candidate": 0.9, "in_service": 0.8, "margin": 0.05}
    changes = [
        {"label": "cats", "in_service": "dogs", "candidate": "cats", "picture": "data:image/jpeg,x"}
    ]
    return {
        "decision": decision,
        "reasons": [{"set": one["name"], **shares} for one in sets],
        "sets": list(sets),
        "changed": changes if sets else [],
        "changed_count": len(sets),
        "card": CARD,
        **sides,
    }


def test_the_first_of_its_name_has_a_card_and_nothing_to_compare_with(show):
    finished = {"state": "finished", "decision": "first", "model": "pets/pets-2"}
    page, words = show(**finished, gate=made("first"), may_publish=True)
    assert "pets-2 is the first model called pets" in words
    assert "It waits for you to decide." in words
    assert "Of 20 pictures that were held out of its training" in words
    assert "it got 85.0 % right" in words
    assert "cats 10 90.0 % dogs 10 80.0 %" in words
    assert "Class as cats as dogs cats 9 1 dogs 2 8" in words
    assert "Size and speed" in words
    assert "By class" not in words
    assert "/models/pets/versions" not in page
    page, words = show(**finished, gate=made("first"), in_service=True)
    assert 'href="/models/pets">Send it a picture' in page
    _, words = show(**finished, gate=made("first"))
    assert "Another version is in service under this name" in words


def test_the_next_one_says_how_it_compares_and_shows_what_changed(show):
    side = {"accuracy": 0.9, "right": 18, "classes": [{"label": "cats", "count": 10, "right": 9}]}
    held_out = {
        "name": "held_out",
        "count": 20,
        "decision": "better",
        "margin": 0.05,
        "candidate": side,
        "in_service": side | {"accuracy": 0.8},
    }
    page, words = show(
        state="finished",
        decision="better",
        model="pets/pets-2",
        compared_with="pets-1",
        gate=made("better", held_out, in_service="pets-1"),
    )
    assert "pets-2 is better than pets-1" in words
    assert "Of 20 pictures, held out, it gets 90.00 % right instead of 80.00 %." in words
    assert "was dogs, now cats label cats" in words
    assert "move the picture to the folder of its class" in words
    assert '<img src="data:image/jpeg,x" alt="cats"' in page
    assert "By class" in words
    assert "/models/pets/versions" in page
    held_out["name"] = "test"
    _, words = show(state="finished", gate=made("better", held_out, in_service="pets-1"))
    assert "20 test pictures" in words


@pytest.mark.parametrize("state", ["failed", "cancelled"])
def test_who_begins_again_comes_to_its_form(show, state):
    page, _ = show(state=state)
    assert 'href="/runs#train-pictures"' in page
