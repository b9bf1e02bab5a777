"""How a person writes: said on the account page, and what that does to readings, theirs alone."""

import base64
import io
import json
import re
from contextlib import contextmanager
from functools import partial

import numpy as np
import pytest
from PIL import Image

import cnn
from app.config import Settings
from app.errors import StorageError
from app.storage.models import Habit, Labelling
from app.web.services import get_services, services_of
from cnn.layers import Dense, Flatten, Softmax
from cnn.models.model import Model
from cnn.models.sequential import Sequential
from cnn.reading.habits import Habits
from cnn.synthesis.strokes import (
    CAREFUL,
    STYLES,
    as_mnist,
    as_picture,
    draw_hand,
    find_allograph,
    trace_digit,
)
from tests.app.database import reading
from tests.app.visitor import Visitor

JSON = {"Accept": "application/json"}


def trace(form, seed=4):
    hand = draw_hand(STYLES["world"], np.random.default_rng(seed), ranges=CAREFUL)
    return trace_digit(find_allograph(form), hand, np.random.default_rng(seed))


def picture(form, seed=4):
    """Return a digit of a form as a PNG, black on white."""
    file = io.BytesIO()
    Image.fromarray(255 - as_picture(trace(form, seed), 200)).save(file, "PNG")
    return file.getvalue()


FLAGGED = picture("1-flag-long")


@pytest.fixture(scope="module")
def undecided(tmp_path_factory):
    """A file of a model that takes everything for a 7, or nearly as likely for a 1."""
    network = Sequential([Flatten(), Dense(10), Softmax()], input_shape=(1, 28, 28), seed=0)
    state = {name: np.zeros_like(array) for name, array in network.state_dict().items()}
    (bias,) = (array for array in state.values() if array.shape == (10,))
    bias[[1, 7]] = 5.6, 6
    network.load_state_dict(state)
    path = tmp_path_factory.mktemp("model") / "undecided.dnm"
    cnn.save_model(Model(network, metadata={"name": "undecided"}), path)
    return path


@pytest.fixture
def near(tmp_path, undecided, database_url, open_app):
    """A site whose model leaves every digit near both 1 and 7."""
    settings = Settings(
        instance_path=tmp_path / "instance", model=undecided, database_url=database_url
    )
    return open_app(settings)


def say(person, **forms):
    answer = person.post("/account/habits", **{f"form-{key[1:]}": forms[key] for key in forms})
    assert answer.status_code == 302, answer.text
    return answer


def chosen(person):
    """Return the answers that are chosen on the account page."""
    page = person.get("/account").text
    found = re.findall(r'name="form-(\d)" value="(\w*)" checked', page)
    assert len(found) == 4
    return {digit: form for digit, form in found if form}


def test_what_is_said_is_shown_again_and_can_be_taken_back(ann):
    assert chosen(ann) == {}
    answer = say(ann, _7="crossed", _4="open")
    assert answer.location == "/account#habits"
    assert "Your choice of how you write is saved." in ann.get("/account").text
    assert chosen(ann) == {"7": "crossed", "4": "open"}
    say(ann, _1="bare", _9="hooked", _7="")
    assert chosen(ann) == {"1": "bare", "9": "hooked"}


@pytest.mark.parametrize("forms", [{"7": "bare"}, {"1": "Bare"}, {"9": "<b>"}, {"4": "x" * 4000}])
def test_a_wrong_answer_changes_nothing(ann, forms):
    say(ann, _7="crossed")
    fields = {f"form-{digit}": form for digit, form in forms.items()}
    answer = ann.post("/account/habits", headers=JSON, **fields)
    assert answer.status_code == 400
    assert "Choose one of the answers" in answer.get_json()["detail"]
    assert chosen(ann) == {"7": "crossed"}


def test_nobody_says_it_for_others(site, ann):
    fields = {"form-7": "crossed"}
    assert Visitor(site).post("/account/habits", **fields).status_code == 401
    assert ann.send("POST", "/account/habits", data=fields).status_code == 400  # no form token
    with site.app_context(), reading() as session:
        assert session.query(Habit).count() == 0


def test_every_form_has_a_picture_of_its_own(ann):
    page = ann.get("/account").text
    drawn = re.findall(r'<svg class="habit-picture".*?</svg>', page, re.DOTALL)
    assert len(set(drawn)) == len(drawn) == 8
    assert all("<polyline" in one for one in drawn)


def read(person, content=FLAGGED, query=""):
    answer = person.send("POST", f"/predict?{query}", data=content, content_type="image/png")
    assert answer.status_code == 200, answer.text
    (digit,) = answer.get_json()["digits"]
    return answer.get_json()["text"], digit["because"] and digit["because"]["code"]


def test_a_habit_decides_for_its_writer_alone(near):
    ann, bob = Visitor(near).sign_up("ann"), Visitor(near).sign_up("bob")
    say(ann, _7="crossed")
    for _ in range(2):
        assert read(ann) == ("1", "own_habit")
        assert read(bob) == read(Visitor(near)) == ("7", None)
    ann.log_out()
    assert read(ann) == ("7", None)
    ann.log_in("ann")
    say(ann)
    assert read(ann) == ("7", None)


def test_every_way_of_reading_asks_the_writer(near):
    ann, bob = Visitor(near).sign_up("ann"), Visitor(near).sign_up("bob")
    say(ann, _7="crossed")
    pixels = {"pixels": as_mnist(trace("1-flag-long")).ravel().tolist()}
    url = "data:image/png;base64," + base64.b64encode(FLAGGED).decode()
    for person, text in ((ann, "1"), (bob, "7")):
        for body in (pixels, {"image": url}):
            assert person.send("POST", "/predict", json=body).get_json()["text"] == text
            explained = person.send("POST", "/explain", json=body).get_json()
            assert str(explained["digit"]) == text
        form = {"image": (io.BytesIO(FLAGGED), "one.png")}
        page = person.send("POST", "/", data=form).text
        assert ("how you write decided" in page) == (text == "1")
    stream = ann.send("POST", "/streams").get_json()["key"]
    frame = ann.send(
        "POST", f"/predict?stream={stream}", data=FLAGGED, content_type="image/png"
    ).get_json()
    assert (frame["text"], frame["watched"]) == ("1", False)


def test_a_program_with_a_token_reads_as_its_owner(near):
    ann = Visitor(near).sign_up("ann")
    say(ann, _7="crossed")
    with near.app_context():
        services = get_services()
        owner = services.accounts.log_in("ann", "correct horse", address="").person
        token = services.tokens.make(owner.id, "script").text
    answer = Visitor(near).send(
        "POST",
        "/predict",
        data=FLAGGED,
        content_type="image/png",
        headers={"Authorization": f"Bearer {token}"},
    )
    assert answer.get_json()["text"] == "1"


def test_without_its_table_pictures_are_read_all_the_same(near, monkeypatch):
    ann = Visitor(near).sign_up("ann")
    say(ann, _7="crossed")
    with failing(near, monkeypatch):
        assert read(ann) == ("7", None)
    assert read(ann) == ("1", "own_habit")


@contextmanager
def failing(app, monkeypatch):
    def fail(*_):
        raise StorageError("database_failing")

    with monkeypatch.context() as patch:
        patch.setattr(services_of(app).habits, "find", fail)
        yield


def habits_of(app, name="ann"):
    with app.app_context():
        services = get_services()
        person = services.accounts.log_in(name, "correct horse", address="").person
        return services.habits.of(person.id)


def keep(person, form, seed, label, source="draw"):
    answer = person.predict(picture(form, seed), f"store=1&source={source}&label={label}")
    assert answer.status_code == 200, answer.text
    return answer.get_json()["image_id"]


def test_corrections_are_learned_from_and_shown(near):
    ann, bob = Visitor(near).sign_up("ann"), Visitor(near).sign_up("bob")
    ids = [keep(ann, "1-plain", seed, "1") for seed in range(3)]
    assert habits_of(near) == Habits(one="bare")
    assert "Learned from your labelled drawings: A line alone." in ann.get("/account").text
    assert "Learned from" not in bob.get("/account").text
    ann.label(ids[0], "7")
    assert habits_of(near) is None
    ann.label(ids[0], "1")
    assert habits_of(near) == Habits(one="bare")
    ann.post(f"/gallery/{ids[1]}/delete", with_label="1")
    assert habits_of(near) is None


def test_learning_can_be_turned_off_and_on(near):
    ann = Visitor(near).sign_up("ann")
    for seed in range(3):
        keep(ann, "1-plain", seed, "1")
    switch = 'name="learn" value="no"'
    assert f"{switch}>" in ann.get("/account").text
    ann.post("/account/habits", learn="no")
    page = ann.get("/account").text
    assert f"{switch} checked>" in page
    assert "Learned from" not in page
    assert habits_of(near) is None
    ann.post("/account/habits")
    assert f"{switch}>" in ann.get("/account").text
    assert habits_of(near) == Habits(one="bare")


def test_a_drawing_that_is_corrected_later_counts(near):
    ann = Visitor(near).sign_up("ann")
    for seed in range(3):
        answer = ann.predict(picture("1-plain", seed), "store=1&source=draw").get_json()
        assert answer["text"] == "7"
        ann.label(answer["image_id"], "1")
    assert habits_of(near) == Habits(one="bare")


def test_a_review_and_its_undoing_count(near):
    ann = Visitor(near).sign_up("ann")
    ids = [keep(ann, "1-plain", seed, "1") for seed in range(3)]
    headers = {"X-CSRFToken": ann.token(), **JSON}
    answer = partial(ann.send, "POST", f"/dataset/review/{ids[0]}", headers=headers)
    assert answer(json={"label": "7"}).get_json()["label"] == "7"
    assert habits_of(near) is None
    assert answer(json={"undo": True}).get_json()["label"] == "1"
    assert habits_of(near) == Habits(one="bare")


def test_a_drawing_that_is_sent_again_by_the_form_without_scripts_counts(near):
    ann = Visitor(near).sign_up("ann")
    ids = [keep(ann, "1-plain", seed, "1") for seed in range(3)]
    again = ann.get(f"/gallery/{ids[0]}.png").data
    fields = {"image": (io.BytesIO(again), "one.png"), "label": "7"}
    page = ann.send("POST", "/", data={"csrf_token": ann.token(), **fields})
    assert "The picture is kept as a 7." in page.text
    assert habits_of(near) is None


def test_a_label_by_a_program_counts(near):
    ann = Visitor(near).sign_up("ann")
    for seed in range(3):
        keep(ann, "1-plain", seed, "1")
    keep(ann, "1-plain", 0, "7")
    assert habits_of(near) is None


def test_pictures_that_were_sent_teach_nothing(near):
    ann = Visitor(near).sign_up("ann")
    for seed in range(4):
        keep(ann, "1-plain", seed, "1", source="upload")
    assert habits_of(near) is None
    with near.app_context(), reading() as session:
        assert session.query(Labelling).count() == 4


def test_the_pages_say_how_you_write_in_the_form_without_script(ann):
    page = ann.get("/account").text
    form = re.search(r'<form class="habits".*?</form>', page, re.DOTALL)
    assert form is not None
    assert 'method="post" action="/account/habits"' in form[0]
    assert json.dumps(re.findall(r'name="form-(\d)"', form[0])) == json.dumps(
        [digit for digit in "1479" for _ in range(3)]
    )
