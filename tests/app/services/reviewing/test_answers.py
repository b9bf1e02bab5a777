"""What becomes of what people say of pictures, and of taking that back."""

import threading
from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from app.services.pictures.attention import add_missing
from app.services.pictures.labels import LabelLimit, UnknownLabel
from app.services.reviewing import LONGEST_CLAIM, Overtaken, Reviews
from app.storage.models import Labelling, Picture, Review
from tests.app.database import reading, writing
from tests.app.services.reviewing.turns import ids, turn
from tests.app.stock import fill


class TestAnswers:
    def test_what_was_looked_at_is_not_shown_again(self, services, reviews, ann, boss, keep):
        confirmed, changed, unsure = (keep(number, "1") for number in range(3))
        turn(reviews, ann)
        for picture, label in ((confirmed, "1"), (changed, "7"), (unsure, None)):
            assert not reviews.answer(picture, label, by=ann, is_admin=False).is_late
        assert ids(turn(reviews, boss, is_admin=True)) == []
        labels = [services.gallery.find(one, viewer=ann).label for one in (confirmed, changed)]
        assert labels == ["1", "7"]
        assert services.gallery.find(unsure, viewer=ann).label == "1"
        services.images.label(confirmed, "2", by=ann)
        assert ids(turn(reviews, boss, is_admin=True)) == [confirmed]

    def test_an_administrator_changes_others_labels_and_confirms_without_labelling(
        self, services, reviews, boss, keep
    ):
        changed, confirmed = keep(1, "1"), keep(2, "2")
        assert reviews.answer(changed, "none", by=boss, is_admin=True).label == "none"
        assert reviews.answer(confirmed, "2", by=boss, is_admin=True).label == "2"
        with reading() as session:
            chosen = select(Labelling.label, Labelling.by_admin).where(Labelling.user_id == boss)
            assert session.execute(chosen).all() == [("none", True)]

    def test_what_an_administrator_said_counts_and_the_owner_is_told(
        self, services, reviews, boss, ann, keep
    ):
        picture = keep(1, "1")
        services.images.label(picture, "3", by=boss, as_admin=True)
        assert reviews.answer(picture, "7", by=ann, is_admin=False).label == "3"
        assert services.gallery.find(picture, viewer=ann).own_label == "7"
        assert reviews.count(boss, is_admin=True) == 0

    def test_undo(self, services, reviews, ann, boss, keep):
        picture = keep(1, "1")
        claim = uuid4()
        turn(reviews, ann, claim=claim)
        for label in ("7", "2"):  # the second takes the first one's place
            reviews.answer(picture, label, by=ann, is_admin=False)
        undone = reviews.undo(picture, claim, by=ann, is_admin=False)
        assert (undone.label, undone.is_late) == ("1", False)
        assert reviews.undo(picture, claim, by=ann, is_admin=False).label == "1"
        assert ids(turn(reviews, boss, is_admin=True)) == []  # it is Ann's again
        assert ids(turn(reviews, ann)) == [picture]

    def test_undo_of_a_first_label_and_of_an_administrators(
        self, services, reviews, ann, boss, keep
    ):
        first, other = keep(1), keep(2, "2")
        reviews.answer(first, "7", by=ann, is_admin=False)
        assert reviews.undo(first, uuid4(), by=ann, is_admin=False).label is None
        reviews.answer(other, "none", by=boss, is_admin=True)
        assert reviews.undo(other, uuid4(), by=boss, is_admin=True).label == "2"
        with reading() as session:
            assert session.scalars(select(Labelling.user_id)).all() == [ann]

    def test_undo_of_a_picture_that_only_its_label_kept(self, services, reviews, ann, boss, keep):
        picture = keep(1)
        reviews.answer(picture, "7", by=boss, is_admin=True)
        services.images.let_go(ann, picture)
        assert reviews.undo(picture, uuid4(), by=boss, is_admin=True) is None
        assert services.gallery.find(picture, viewer=ann) is None
        assert not services.images.files.path(picture).exists()

    def test_a_late_answer_is_taken_unless_somebody_has_said_something_else(
        self, reviews, clock, ann, boss, keep
    ):
        picture = keep(1, "1")
        turn(reviews, ann)
        clock.wait(LONGEST_CLAIM.total_seconds())
        assert ids(turn(reviews, boss, is_admin=True)) == [picture]
        late = reviews.answer(picture, "7", by=ann, is_admin=False)
        assert (late.label, late.is_late) == ("7", True)
        assert reviews.answer(picture, "7", by=boss, is_admin=True).is_late
        with pytest.raises(Overtaken) as caught:
            reviews.answer(picture, "2", by=boss, is_admin=True)
        assert caught.value.values == {"label": "7"}
        with pytest.raises(Overtaken):
            reviews.undo(picture, uuid4(), by=boss, is_admin=True)
        assert reviews.answer(picture, None, by=boss, is_admin=True).label == "7"

    def test_who_could_not_tell_stops_nobody(self, reviews, ann, boss, keep):
        picture = keep(1, "1")
        reviews.answer(picture, None, by=ann, is_admin=False)
        assert reviews.answer(picture, "7", by=boss, is_admin=True).label == "7"

    def test_the_same_answer_again_changes_nothing(self, reviews, ann, keep):
        picture = keep(1)
        for _ in range(2):
            assert reviews.answer(picture, "2", by=ann, is_admin=False).label == "2"
        assert reviews.undo(picture, uuid4(), by=ann, is_admin=False).label is None

    def test_a_picture_that_is_gone(self, services, reviews, ann, keep):
        picture = keep(1, "1")
        services.images.take_back(ann, picture)
        assert reviews.answer(picture, "7", by=ann, is_admin=True) is None
        assert reviews.undo(picture, uuid4(), by=ann, is_admin=True) is None

    def test_what_cannot_be_taken_leaves_everything_as_it_was(self, services, reviews, ann, keep):
        picture = keep(1)
        with pytest.raises(UnknownLabel):
            reviews.answer(picture, "12", by=ann, is_admin=False)
        labels = replace(services.images._labels, limit=0)
        full = Reviews(services.database, services.images)
        services.images._labels, before = labels, services.images._labels
        try:
            with pytest.raises(LabelLimit):
                full.answer(picture, "7", by=ann, is_admin=False)
        finally:
            services.images._labels = before
        assert reviews.count(ann, is_admin=False) == 1

    def test_reviewers_who_leave_leave_no_name(self, services, reviews, ann, boss, keep):
        picture = keep(1, "1")
        turn(reviews, boss, is_admin=True)
        reviews.answer(picture, "1", by=boss, is_admin=True)
        services.endings.end(boss)
        with reading() as session:
            assert session.scalars(select(Review.reviewed_by)).all() == [None]
        assert reviews.count(ann, is_admin=False) == 0


def test_people_label_and_review_the_same_pictures_at_once(services, reviews, ann, boss):
    pictures = fill(24, user_id=ann)
    add_missing(services.database, pictures)
    with writing() as session:
        session.execute(update(Picture).values(pixels=bytes([9]) * 784))
    faults = []

    def each(work):
        try:
            for _ in range(3):
                work()
        except Exception as error:
            faults.append(error)

    def answer_all():
        for one in turn(reviews, boss, is_admin=True, count=24).pictures:
            reviews.answer(one.id, "3", by=boss, is_admin=True)

    def label_all():
        for number, one in enumerate(reversed(pictures)):
            services.images.label(one, str(number % 5), by=ann)

    threads = [threading.Thread(target=each, args=(work,)) for work in (answer_all, label_all)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
