"""How people write: said comes before learned, and drawings teach only where they agree."""

from dataclasses import replace
from uuid import uuid4

import numpy as np
import pytest
from sqlalchemy import insert, text

from app.errors import PersonGone, StorageError
from app.services.accounts.habits import KnownHabits, UnknownForm
from app.storage.models import Habit
from cnn.reading.habits import Habits
from cnn.synthesis.strokes import CAREFUL, STYLES, as_mnist, draw_hand, find_allograph, trace_digit
from tests.app.database import reading, writing
from tests.app.stock import add_person, new_picture, second


@pytest.fixture
def ann(services):
    return add_person("ann")


@pytest.fixture
def bob(services):
    return add_person("bob")


@pytest.fixture
def habits(services):
    return services.habits


def pixels(form):
    """Return a digit of a form as the network's input."""
    hand = draw_hand(STYLES["world"], np.random.default_rng(4), ranges=CAREFUL)
    trace = trace_digit(find_allograph(form), hand, np.random.default_rng(4))
    return as_mnist(trace).tobytes()


def label(services, person, number, form, *, source="draw", word=None):
    """Store a digit that somebody drew and labelled, and learn from it."""
    new = new_picture(number, pixels=pixels(form), source=source)
    kept = services.images.keep_labelled(person, new, word or form[0])
    services.habits.learn(person, {kept.label_before, kept.label})
    return kept.id


def test_what_a_person_says_is_theirs_alone(habits, ann, bob):
    habits.say(ann, {"7": "crossed", "4": "open"})
    assert habits.of(ann) == Habits(seven="crossed", four="open")
    assert habits.of(bob) is None
    habits.say(bob, {"1": "bare", "9": "hooked"})
    assert habits.of(ann) == Habits(seven="crossed", four="open")
    assert habits.of(bob) == Habits(one="bare", nine="hooked")


def test_who_says_something_else_or_nothing_takes_it_back(habits, ann):
    habits.say(ann, {"7": "crossed", "1": "bare"})
    habits.say(ann, {"7": "plain"})
    assert habits.find(ann) == KnownHabits(said={"7": "plain"}, learned={})
    habits.say(ann, {})
    assert habits.of(ann) is None


@pytest.mark.parametrize("said", [{"7": "bare"}, {"8": "open"}, {"1": ""}, {"7": "Crossed"}])
def test_what_no_digit_has_is_refused_whole(habits, ann, said):
    with pytest.raises(UnknownForm):
        habits.say(ann, {"4": "open", **said})
    assert habits.of(ann) is None


@pytest.mark.parametrize(
    "column", [{"said": "crossed"}, {"learned": "crossed"}, {"said": "bare", "digit": "2"}]
)
def test_the_database_takes_no_form_that_a_digit_has_not(services, ann, column):
    row = insert(Habit).values({"user_id": ann, "digit": "1", **column})
    with pytest.raises(StorageError), services.database.writing() as session:
        session.execute(row)


def test_nobody_says_anything_for_an_account_that_is_gone(services, habits, ann):
    with pytest.raises(PersonGone):
        habits.say(uuid4(), {"7": "crossed"})
    habits.say(ann, {"7": "crossed"})
    services.endings.end(ann)
    with reading() as session:
        assert session.query(Habit).count() == 0


def test_three_drawings_that_agree_are_learned_from(services, habits, ann, bob):
    for number in range(2):
        label(services, ann, number, "7-crossed")
    assert habits.of(ann) is None
    label(services, ann, 2, "7-crossed")
    assert habits.of(ann) == Habits(seven="crossed")
    assert habits.find(ann) == KnownHabits(said={}, learned={"7": "crossed"})
    assert habits.of(bob) is None


def test_what_is_said_comes_before_what_is_learned(services, habits, ann):
    for number in range(3):
        label(services, ann, number, "7-crossed")
        label(services, ann, 100 + number, "1-plain")
    habits.say(ann, {"7": "plain"})
    assert habits.of(ann) == Habits(one="bare", seven="plain")
    habits.say(ann, {})
    assert habits.of(ann) == Habits(one="bare", seven="crossed")


def test_one_of_five_may_differ_but_not_two(services, habits, ann):
    for number, form in enumerate(["crossed", "plain", "crossed", "crossed"]):
        label(services, ann, number, f"7-{form}")
    assert habits.of(ann) is None
    label(services, ann, 4, "7-crossed")
    assert habits.of(ann) == Habits(seven="crossed")
    label(services, ann, 5, "7-plain")
    assert habits.of(ann) is None
    label(services, ann, 6, "7-crossed")  # the older one of the two no longer counts
    assert habits.of(ann) == Habits(seven="crossed")


def test_nothing_is_learned_from_what_others_may_have_written(services, habits, ann, bob):
    for number in range(4):
        label(services, ann, number, "7-crossed", source="upload")
        label(services, ann, 10 + number, "7-crossed", source="import")
        own = services.images.keep(bob, new_picture(20 + number, pixels=pixels("7-crossed")))
        services.images.label(own, "7", by=ann, as_admin=True)
        habits.learn(ann, {"7"})
    assert habits.of(ann) is None


def test_a_drawing_of_another_that_is_sent_again_teaches_nothing(services, habits, ann, bob):
    for number in range(4):
        drawn = new_picture(number, pixels=pixels("7-crossed"), source="draw")
        services.images.keep(bob, drawn)
        sent = replace(drawn, source="upload", created_at=second(100 + number))
        assert services.images.keep_labelled(ann, sent, "7").label == "7"
    habits.learn(ann, {"7"})
    assert habits.of(ann) is None


def test_a_label_taken_back_or_changed_is_forgotten(services, habits, ann):
    ids = [label(services, ann, number, "7-crossed") for number in range(3)]
    services.images.label(ids[0], None, by=ann)
    habits.learn(ann, {"7", None})
    assert habits.of(ann) is None
    services.images.label(ids[0], "7", by=ann)
    habits.learn(ann, {"7"})
    assert habits.of(ann) == Habits(seven="crossed")
    services.images.label(ids[0], "1", by=ann)
    habits.learn(ann, {"7", "1"})
    assert habits.of(ann) is None
    with reading() as session:
        assert session.query(Habit).count() == 0


def test_a_drawing_taken_back_is_forgotten(services, habits, ann):
    ids = [label(services, ann, number, "7-crossed") for number in range(4)]
    services.images.take_back(ann, ids[0])
    habits.learn(ann, {"7"})
    assert habits.of(ann) == Habits(seven="crossed")
    services.images.let_go(ann, ids[1])  # its label stays, but it is not theirs any more
    habits.learn(ann, {"7"})
    assert habits.of(ann) is None


def test_who_says_nothing_leaves_nothing_behind(services, habits, ann):
    label_three(services, ann)
    habits.say(ann, {"7": "plain", "1": "bare"})
    habits.say(ann, {})
    with reading() as session:
        assert [(row.digit, row.learned) for row in session.query(Habit)] == [("7", "crossed")]
    habits.say(ann, {"4": "open"})
    with reading() as session:
        assert sorted(row.digit for row in session.query(Habit)) == ["4", "7"]


def test_who_wants_nothing_learned_is_not_looked_at(services, habits, ann, bob):
    label_three(services, ann)
    habits.say(ann, {"1": "bare"}, learns=False)
    assert habits.find(ann) == KnownHabits({"1": "bare"}, {}, learns=False)
    label(services, ann, 3, "7-crossed")
    assert habits.of(ann) == Habits(one="bare")
    label_three(services, bob)
    assert habits.of(bob) is not None
    habits.say(ann, {"1": "bare"})
    assert habits.find(ann) == KnownHabits({"1": "bare"}, {"7": "crossed"})


def label_three(services, person):
    for number in range(3):
        label(services, person, number, "7-crossed")


def test_drawings_without_a_clear_form_or_pixels_teach_nothing(services, habits, ann):
    for number in range(4):
        new = new_picture(number, pixels=None, source="draw")
        services.images.keep_labelled(ann, new, "7")
        new = new_picture(10 + number, pixels=bytes(784), source="draw")
        services.images.keep_labelled(ann, new, "7")
    habits.learn(ann, {"7"})
    assert habits.of(ann) is None


def test_a_database_that_fails_leaves_pictures_without_habits(services, habits, ann, caplog):
    with writing() as session:
        session.execute(text("ALTER TABLE habit RENAME TO habit_gone"))
    try:
        assert habits.of(ann) is None
        habits.learn(ann, {"7"})
        with pytest.raises(StorageError):
            habits.find(ann)
    finally:
        with writing() as session:
            session.execute(text("ALTER TABLE habit_gone RENAME TO habit"))
    assert "habits" in caplog.text
