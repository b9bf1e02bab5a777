"""Labels: everybody's own, and the one that counts."""

import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from app.services.pictures.gallery import Filter
from app.services.pictures.images import ImageStore, Limits
from app.services.pictures.labels import LabelLimit
from app.storage.models import Labelling, Picture
from tests.app.database import reading
from tests.app.stock import add_person, new_picture, rows, second


@pytest.fixture
def store(services):
    return services.images


@pytest.fixture
def people(services):
    """The first holder, the second, the third, and two administrators, who hold nothing."""
    return [add_person(name) for name in ("first", "second", "third", "boss", "other boss")]


@pytest.fixture
def picture(store, people):
    """A picture of a 1 that three people hold, one after the other."""
    for place, person in enumerate(people[:3]):
        kept = store.keep(person, new_picture(1, created_at=second(place)))
    return kept


def effective(picture_id):
    with reading() as session:
        columns = (Picture.label, Picture.labelled_by, Picture.shown)
        return session.execute(select(*columns).where(Picture.id == picture_id)).one()


def test_the_first_holder_counts_whoever_labels_first(store, picture, people):
    first, second_, third, *_ = people
    store.label(picture, "3", by=third)
    assert effective(picture) == ("3", third, "3")
    store.label(picture, "2", by=second_)
    assert effective(picture) == ("2", second_, "2")
    store.label(picture, "7", by=first)
    assert effective(picture) == ("7", first, "7")
    for word in ("4", None, "5"):
        store.label(picture, word, by=second_)
        assert effective(picture) == ("7", first, "7")


def test_what_is_taken_back_gives_way_to_the_next_holder(store, picture, people):
    first, second_, third, *_ = people
    for person, word in ((first, "7"), (second_, "none"), (third, "3")):
        store.label(picture, word, by=person)
    store.label(picture, None, by=first)
    assert effective(picture) == ("none", second_, "none")
    store.label(picture, None, by=second_)
    store.label(picture, None, by=second_)
    assert effective(picture) == ("3", third, "3")
    store.label(picture, None, by=third)
    assert effective(picture) == (None, None, "1")


def test_the_latest_administrator_counts_most(store, picture, people):
    first, _, _, boss, other = people
    store.label(picture, "4", by=boss, as_admin=True)
    store.label(picture, "7", by=first)
    assert effective(picture).label == "4"
    store.label(picture, "5", by=other, as_admin=True)
    assert effective(picture).label == "5"
    store.label(picture, "6", by=boss, as_admin=True)
    assert effective(picture).label == "6"
    store.label(picture, None, by=boss, as_admin=True)
    assert effective(picture).label == "5"
    store.label(picture, None, by=other, as_admin=True)
    assert effective(picture).label == "7"


def test_who_lets_go_gives_way_to_those_who_hold_it(store, picture, people):
    first, second_, third, *_ = people
    store.label(picture, "7", by=first)
    store.let_go(first, picture)
    assert effective(picture) == ("7", first, "7")
    store.label(picture, "3", by=third)
    assert effective(picture) == ("3", third, "3")
    store.label(picture, "2", by=second_)
    assert effective(picture) == ("2", second_, "2")
    store.let_go(second_, picture)
    assert effective(picture) == ("3", third, "3")
    # Of those who held it once, the order stays.
    store.let_go(third, picture)
    assert effective(picture) == ("7", first, "7")


@pytest.mark.parametrize("cleared", [False, True])
def test_who_comes_back_comes_last(store, picture, people, cleared):
    first, second_, *_ = people
    store.label(picture, "7", by=first)
    store.label(picture, "2", by=second_)
    if cleared:
        store.label(picture, None, by=first)
    store.let_go(first, picture)
    store.keep(first, new_picture(1, created_at=second(100)))
    store.label(picture, "8", by=first)
    assert effective(picture) == ("2", second_, "2")
    store.let_go(second_, picture)
    assert effective(picture) == ("8", first, "8")


def test_a_label_left_behind_gives_way_to_the_only_holder(services, store, people):
    vandal, honest, *_ = people
    kept = store.keep(vandal, new_picture(1))
    store.label(kept, "0", by=vandal)
    store.let_go(vandal, kept)
    assert store.keep(honest, new_picture(1)) == kept
    store.label(kept, "5", by=honest)
    assert effective(kept) == ("5", honest, "5")
    end(services, honest)
    assert effective(kept) == ("0", vandal, "0")


def test_a_holder_who_comes_back_counts_with_the_old_label(store, picture, people):
    first, second_, third, *_ = people
    store.label(picture, "7", by=first)
    store.label(picture, "2", by=second_)
    for person in (first, second_, third):
        store.let_go(person, picture)
    assert effective(picture) == ("7", first, "7")
    store.keep(second_, new_picture(1, created_at=second(100)))
    assert effective(picture) == ("2", second_, "2")


def test_labels_stay_when_accounts_end(services, store, picture, people):
    first, second_, third, boss, _ = people
    for person, word in ((third, "3"), (second_, "2"), (first, "7")):
        store.label(picture, word, by=person)
    for person in (second_, first):
        end(services, person)
    assert effective(picture) == ("3", third, "3")
    store.label(picture, None, by=third)
    assert effective(picture) == ("7", None, "7")
    store.label(picture, "5", by=boss, as_admin=True)
    end(services, boss)
    assert effective(picture) == ("5", None, "5")
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(Labelling)) == 3


def end(services, person):
    services.endings.end(person)


def test_a_picture_stays_while_anybody_s_label_does(store, people):
    first, second_, *_ = people
    kept = store.keep(first, new_picture(1))
    store.keep(second_, new_picture(1))
    store.label(kept, "1", by=first)
    store.label(kept, "2", by=second_)
    store.let_go(first, kept)
    store.let_go(second_, kept)
    store.label(kept, None, by=first)
    assert effective(kept).label == "2"
    store.label(kept, None, by=second_)
    assert rows() == set()
    assert not store.files.path(kept).exists()


def test_what_anybody_has_labelled_is_in_nobody_s_history(services, people):
    first, second_, *_ = people
    small = ImageStore(services.database, services.images.files, Limits(2, 10))
    kept = small.keep(first, new_picture(1))
    small.keep(second_, new_picture(1))
    small.label(kept, "1", by=second_)
    for number in range(10, 16):
        small.keep(first, new_picture(number))
    assert services.gallery.find(kept, viewer=first).mine


def test_everybody_sees_their_own_label_and_the_one_that_counts(services, store, picture, people):
    first, second_, third, *_ = people
    store.label(picture, "7", by=first)
    store.label(picture, "2", by=second_)
    gallery = services.gallery
    for person, own in ((first, "7"), (second_, "2"), (third, None)):
        found = gallery.find(picture, viewer=person)
        assert (found.label, found.shown, found.own_label) == ("7", "7", own)
        [tile] = gallery.page(Filter("7", person), viewer=person).pictures
        assert tile.own_label == own
        assert gallery.page(Filter("2", person), viewer=person).pictures == ()


def test_the_limit_is_of_each_person_s_own_labels(services, people):
    first, second_, *_ = people
    small = ImageStore(services.database, services.images.files, Limits(10, 1))
    one, two = (small.keep(first, new_picture(n)) for n in (1, 2))
    small.keep(second_, new_picture(1))
    small.label(one, "1", by=second_)
    small.label(two, "1", by=first)
    with pytest.raises(LabelLimit):
        small.label(one, "1", by=first)
    small.label(two, "2", by=first)
    small.label(two, None, by=first)
    small.label(one, "3", by=first)


def test_what_was_imported_for_nobody_is_labelled_like_others(store, people):
    first, _, _, boss, _ = people
    kept = store.keep(None, new_picture(1, source="import", exempt=True))
    store.label(kept, "4", by=boss, as_admin=True)
    store.keep(first, new_picture(1))
    store.label(kept, "7", by=first)
    assert effective(kept).label == "4"
    store.label(kept, None, by=boss, as_admin=True)
    assert effective(kept).label == "7"
    store.label(kept, None, by=first)
    assert kept in rows()


def test_many_label_at_once_and_the_first_holder_counts(site, services, store, picture, people):
    dice = random.Random(1)
    steps = [(dice.choice(people), dice.choice(["1", "2", "none", None])) for _ in range(120)]

    def one(step):
        person, word = step
        with site.app_context():
            assert store.label(picture, word, by=person, as_admin=person in people[3:])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one, steps))
        list(pool.map(one, [(person, None) for person in people[3:]]))
        list(pool.map(one, [(person, str(n)) for n, person in enumerate(people[:3])]))
    assert effective(picture) == ("0", people[0], "0")
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(Labelling)) == 3


def test_an_account_ends_while_everybody_labels_its_pictures(site, services, store, people):
    first, others = people[0], people[1:]
    pictures = [store.keep(first, new_picture(n)) for n in range(12)]
    for kept in pictures:
        store.label(kept, "7", by=first)

    def label(number):
        with site.app_context():
            for kept in random.Random(number).sample(pictures, len(pictures)):
                for word in ("1", None, "2"):
                    store.label(kept, word, by=others[number], as_admin=number > 1)

    def leave():
        with site.app_context():
            end(services, first)

    with ThreadPoolExecutor(5) as pool:
        under_way = [pool.submit(label, number) for number in range(4)]
        pool.submit(leave).result()
        for each in under_way:
            each.result()
    assert {effective(kept).label for kept in pictures} == {"2"}
    with reading() as session:
        nobodys = select(func.count()).where(Labelling.user_id.is_(None))
        assert session.scalar(nobodys) == len(pictures)
