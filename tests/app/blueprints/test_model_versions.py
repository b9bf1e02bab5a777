"""Publishing and rolling back by administrators; what people are told of it."""

import re
import threading

import pytest
from sqlalchemy import update

import cnn
from app.services.models import DIGITS
from app.storage.models import ModelPart
from tests.app.database import writing
from tests.app.services.constant_model import constant_model
from tests.app.visitor import Visitor

JSON = {"Accept": "application/json"}


@pytest.fixture
def admin(ann, services):
    services.accounts.make_admin("ann")
    return ann


@pytest.fixture
def second(services, tmp_path):
    """A second and a third version of the model for digits."""
    services.models.look_again()  # the tests before are forgotten
    for digit, version in ((3, "digits-2"), (4, "digits-3")):
        path = tmp_path / "model.dnm"
        cnn.save_model(constant_model(digit, version), path)
        services.publisher.add(path)


def decide(visitor, action, **given):
    headers = {"X-CSRFToken": visitor.token(), **JSON}
    return visitor.send("POST", f"/models/digits/{action}", json=given, headers=headers)


def test_publish_roll_back_and_forward_again(admin, services, second):
    answer = decide(admin, "publish", version="digits-2", reason="It is better.")
    assert (answer.status_code, answer.json) == (200, {"name": DIGITS, "in_service": "digits-2"})
    decide(admin, "publish", version="digits-3")
    for expected in ("digits-2", "digits-3", "digits-2"):
        assert services.publisher.present_and_before(DIGITS)[1] == expected
        assert decide(admin, "rollback", reason="try").json["in_service"] == expected
    assert [one.version for one in services.registry.history(DIGITS)] == [
        *("digits-2", "digits-3", "digits-2", "digits-3", "digits-2"),
    ]


def test_the_first_rollback_leads_to_the_model_that_ships(admin, services, second):
    assert services.publisher.present_and_before(DIGITS) == ("digits-1", None)
    assert decide(admin, "rollback").status_code == 409
    decide(admin, "publish", version="digits-2")
    assert decide(admin, "rollback").json["in_service"] == "digits-1"


def test_a_version_that_was_removed_is_passed_over(admin, services, second):
    decide(admin, "publish", version="digits-2")
    decide(admin, "publish", version="digits-3")
    services.publisher.remove("digits-2")
    assert services.publisher.present_and_before(DIGITS) == ("digits-3", "digits-1")


@pytest.mark.parametrize(
    ("action", "given", "status", "words"),
    [
        ("publish", {}, 400, "Say which “version”"),
        ("publish", {"version": "digits-9"}, 404, "no version digits-9"),
        ("publish", {"version": 5}, 400, "in words"),
        ("publish", {"version": "cats-dogs-1"}, 404, "no version cats-dogs-1"),
        ("publish", {"version": "digits-2", "reason": 5}, 400, "in words"),
        ("publish", {"version": "digits-2", "instead_of": "digits-3"}, 409, "Look again"),
        ("rollback", {"reason": 5}, 400, "in words"),
        ("rollback", {"version": 5}, 400, "in words"),
        ("rollback", {"reason": "a\0b"}, 400, "one line of at most 500"),
        ("rollback", {"reason": "w" * 501}, 400, "one line of at most 500"),
        ("rollback", {"instead_of": 5}, 400, "in words"),
    ],
)
def test_what_cannot_be_decided_is_said(admin, services, second, action, given, status, words):
    answer = decide(admin, action, **given)
    assert (answer.status_code, words in answer.json["detail"]) == (status, True), answer.json
    assert services.registry.history(DIGITS) == []


def test_a_damaged_version_is_not_published(admin, services, second):
    with writing() as session:
        session.execute(update(ModelPart).values(content=b"damaged"))
    answer = decide(admin, "publish", version="digits-2")
    assert answer.status_code == 409
    assert "This version is damaged or gone" in answer.json["detail"]
    assert services.publisher.present_and_before(DIGITS)[0] == "digits-1"


def test_only_administrators_decide(bob, site, services, second):
    for action in ("publish", "rollback"):
        assert decide(bob, action, version="digits-2").status_code == 403
        assert Visitor(site).send("POST", f"/models/digits/{action}").status_code in (400, 401)
    assert services.registry.history(DIGITS) == []


def test_of_two_who_decide_at_once_both_are_in_the_history(services, second):
    threads = [
        threading.Thread(target=services.publisher.publish, args=(version,))
        for version in ("digits-2", "digits-3") * 3
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    history = services.registry.history(DIGITS)
    assert [one.number for one in history] == [6, 5, 4, 3, 2, 1]
    assert services.publisher.present_and_before(DIGITS)[0] == history[0].version


def test_the_page_shows_versions_and_to_administrators_who_decided(admin, bob, site, second):
    decide(admin, "publish", version="digits-2", reason="Its 7s are <better>.")
    visitor, person, administrator = (
        who.get("/models/digits/versions").text for who in (Visitor(site), bob, admin)
    )
    for page in (visitor, person, administrator):
        assert "<b>digits-2</b> gives the answers now." in page
        assert 'href="/models/digits/digits-3"' in page
        assert "Part of the program" in page
    assert "better" not in visitor
    assert "Its 7s are &lt;better&gt;." in person
    assert "/rollback" not in person
    assert not re.search(r"by\s+<bdi>ann</bdi>", person)
    assert re.search(r"by\s+<bdi>ann</bdi>", administrator)
    assert "Go back to digits-1" in administrator


def test_the_pages_form_puts_it_back(admin, services, second):
    decide(admin, "publish", version="digits-2")
    answer = admin.post("/models/digits/rollback", instead_of="digits-2", reason="Worse.")
    assert answer.headers["Location"] == "/models/digits/versions"
    assert "digits-1 is in service." in admin.get("/models/digits/versions").text
    again = admin.post("/models/digits/rollback", instead_of="digits-2")
    assert again.status_code == 409
    assert services.publisher.present_and_before(DIGITS)[0] == "digits-1"


def test_of_two_who_click_at_once_the_second_is_told(admin, services, second):
    for version in ("digits-2", "digits-3"):
        decide(admin, "publish", version=version)
    form = re.search(r'action="/models/digits/rollback">.*?</form>', _page_of(admin), re.DOTALL)
    assert form is not None
    shown = dict(re.findall(r'name="(version|instead_of)" value="([^"]*)"', form[0]))
    assert shown == {"instead_of": "digits-3", "version": "digits-2"}
    assert admin.post("/models/digits/rollback", **shown).status_code == 302
    second_click = admin.post("/models/digits/rollback", **shown)
    assert second_click.status_code == 409
    # On the page as it is now, from which one decides anew.
    assert "Look again, then decide." in second_click.text
    assert "<b>digits-2</b> gives the answers now" in second_click.text
    assert 'name="instead_of" value="digits-2"' in second_click.text
    # The same version again in service, but another one before it.
    decide(admin, "publish", version="digits-1")
    decide(admin, "publish", version="digits-3")
    assert admin.post("/models/digits/rollback", **shown).status_code == 409
    assert services.registry.in_service()[DIGITS] == "digits-3"


def _page_of(visitor):
    return visitor.get("/models/digits/versions").text


def test_status_says_what_is_in_service(client):
    assert client.get("/status").json["models"] == {
        "digits": "digits-1",
        "cats-dogs": "cats-dogs-1",
    }


@pytest.mark.parametrize("body", [b"{", b"[]", b"0", b"null"])
def test_what_is_no_object_rolls_nothing_back(admin, services, second, body):
    decide(admin, "publish", version="digits-2")
    headers = {"X-CSRFToken": admin.token(), "Content-Type": "application/json", **JSON}
    answer = admin.send("POST", "/models/digits/rollback", data=body, headers=headers)
    assert answer.status_code == 400
    assert services.registry.in_service()[DIGITS] == "digits-2"


def test_who_rolls_back_what_somebody_else_has_just_replaced_is_told(
    admin, services, second, monkeypatch
):
    decide(admin, "publish", version="digits-2")
    decide(admin, "publish", version="digits-3")
    looked = services.publisher.present_and_before

    def overtaken(name):
        found = looked(name)
        services.registry.publish(DIGITS, "digits-2")  # another administrator, another process
        return found

    monkeypatch.setattr(services.publisher, "present_and_before", overtaken)
    for given in ({}, {"instead_of": "digits-3"}):
        answer = decide(admin, "rollback", **given)
        assert (answer.status_code, "Look again" in answer.json["detail"]) == (409, True)
    assert services.registry.in_service()[DIGITS] == "digits-2"


def test_the_publishing_process_answers_with_it_at_once(admin, seven, second):
    for expected in (("7", "digits-1"), ("3", "digits-2")):
        answer = admin.send("POST", "/predict", data=seven, content_type="image/png").json
        assert (answer["text"], answer["model"]) == expected
        assert admin.get("/status").json["models"]["digits"] == expected[1]
        decide(admin, "publish", version="digits-2")


def test_a_version_that_is_damaged_later_is_told(admin, app, services, second):
    decide(admin, "publish", version="digits-2")
    decide(admin, "publish", version="digits-3")
    assert services.models.get().model.name == "digits-3"
    with writing() as session:
        session.execute(update(ModelPart).values(content=b"damaged"))
    services.registry.publish(DIGITS, "digits-2")
    services.models.look_again()
    page = admin.get("/models/digits/versions").text
    assert "<b>digits-2</b> was put in service, but <b>digits-3</b> still gives the answers" in page
